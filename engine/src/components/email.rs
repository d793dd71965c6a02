//! Sends an e-mail.
//!
//! ```flow
//! > api_request {}
//! < send_email to "team@example.com" subject "A caller left a message" text "Listen to it here."
//! > done {"message_id": "<1@example.com>"}
//! -> sent
//! ? It.message_id = <1@example.com>
//! = completed
//! ```
//!
//! Files are fetched from their addresses when it is sent. A subject is one line, whatever is filled in.
//!
//! ```flow
//! config {"to": "{{ people }}", "subject": "About {{ topic }}", "text": "Hi", "attachments": ["{{ recording }}"]}
//! > api_request {"people": ["a@example.com", "b@example.com"], "topic": "bills\r\nBcc: eve@example.com", "recording": "https://example.com/1.mp3"}
//! < send_email to "a@example.com, b@example.com" subject "About bills  Bcc: eve@example.com" text "Hi" file "https://example.com/1.mp3"
//! > not_done "the mail server refused it"
//! -> failed
//! ? It.error = the mail server refused it
//! = completed
//! ```

use super::{http_request::one_line, prompt::quoted, receivers::Receivers};
use crate::component::{
    Component, Control, Field, Group, Problems, Spec, State, Step, Variable, leave,
};
use crate::{
    effect::{Effect, SendEmail},
    event::Event,
    limits,
    run::Ctx,
    template::Template,
};
use serde::Deserialize;

/// The configuration of `email`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Email {
    to: Receivers,
    subject: Template,
    text: Template,
    reply_to: Option<Template>,
    #[serde(default)]
    attachments: Vec<Template>,
}

impl Component for Email {
    const SPEC: Spec = Spec {
        kind: "email",
        label: "Email",
        summary: "Sends an e-mail, with files if there are any.",
        group: Group::Message,
        aliases: &["send_email", "email_notification", "mail"],
        help: "It goes out by the mail server that the operator has set up; without one it leaves by Failed. \
               Sent means that the mail server took it. A recording is attached by its address: {{ Name.recording_url }}.",
        example: r#"{ "to": "team@example.com", "subject": "A caller left a message", "text": "Listen to it here." }"#,
        fields: &[
            Field::required(
                "to",
                "To",
                "Who receives it: an e-mail address, or several with commas.",
                Control::Receivers,
            ),
            Field::required(
                "subject",
                "Subject",
                "What it is about, on one line.",
                Control::Template,
            ),
            Field::required(
                "text",
                "Text",
                "What it says; {{ }} fills in values.",
                Control::LongTemplate,
            ),
            Field::optional(
                "reply_to",
                "Answers to",
                "The address that answers go to, if not to the sender.",
                Control::Template,
            ),
            Field::optional(
                "attachments",
                "Files",
                "Addresses of files to attach, such as a recording.",
                Control::Urls,
            ),
        ],
        states: &[
            State::new("sent", "Sent", "the mail server took it"),
            State::new("failed", "Failed", "it could not be sent"),
        ],
        variables: &[
            Variable::new("message_id", "the id under which it was sent"),
            Variable::new("error", "why it could not be sent"),
        ],
        waits: true,
        ..Spec::BASE
    };

    fn check(&self, problems: &mut Problems<'_>) {
        let receivers = self.to.summary();
        let to = receivers.split([',', ';']).map(str::trim).filter(|part| !part.is_empty());
        for (field, address) in to
            .map(|address| ("to", address))
            .chain(self.reply_to.iter().map(|template| ("reply_to", template.source().trim())))
        {
            if !address.is_empty() && !address.contains("{{") && !is_address(address) {
                problems.error(
                    "bad_address",
                    field,
                    format!("`{address}` is no e-mail address."),
                    "It looks like name@example.com.",
                );
            }
        }
    }

    fn summary(&self) -> String {
        format!("{} to {}", quoted(self.subject.source()), self.to.summary())
    }

    fn enter(&self, ctx: &mut Ctx<'_>) -> Step {
        ctx.set("error", "");
        let (to, no_addresses): (Vec<String>, Vec<String>) =
            self.to.render(ctx).into_iter().partition(|address| is_address(address));
        for text in no_addresses {
            ctx.warn(format!("`{text}` is no e-mail address and is left out."));
        }
        if to.is_empty() {
            return fail(ctx, "there is nobody to send it to");
        }
        let subject = one_line(&ctx.render(&self.subject));
        let text = ctx.render(&self.text);
        let reply_to =
            ctx.render_some(self.reply_to.as_ref()).filter(|address| is_address(address));
        let attachment_urls =
            self.attachments.iter().filter_map(|url| ctx.render_some(Some(url))).collect();
        let email = SendEmail { to, reply_to, subject, text, attachment_urls };
        ctx.ask_within(Effect::SendEmail(email), limits::MESSAGE_SILENCE_S_MAX);
        Step::Wait
    }

    fn resume(&self, ctx: &mut Ctx<'_>, event: &Event) -> Step {
        match event {
            Event::EffectDone { values, .. } => {
                ctx.set("message_id", values.get("message_id").cloned().unwrap_or_default());
                leave("sent")
            }
            Event::EffectFailed { reason, .. } | Event::EffectUnknown { reason, .. } => {
                fail(ctx, reason)
            }
            Event::Woke => fail(ctx, "nobody said in time whether it was sent"),
            _ => Step::Wait,
        }
    }
}

fn fail(ctx: &mut Ctx<'_>, reason: &str) -> Step {
    ctx.set("error", reason);
    leave("failed")
}

/// Whether a text can be an address: something, one `@`, a domain, and nothing that would begin another header.
fn is_address(text: &str) -> bool {
    let is_plain = |part: &str| {
        !part.is_empty()
            && part.chars().all(|character| {
                !character.is_control()
                    && !character.is_whitespace()
                    && !"<>,;:\"\\@".contains(character)
            })
    };
    text.rsplit_once('@').is_some_and(|(name, domain)| is_plain(name) && is_plain(domain))
}
