//! Sends a text message to one or several people, then leaves by what became of it.
//!
//! ```flow
//! > api_request {}
//! < send_sms to "+14155550100" text "Your code is 779889."
//! > message_accepted "m-1"
//! -> sent
//! ? It.message_uuid = m-1
//! = completed
//! ```
//!
//! ```flow
//! config {"to": ["+14155550100", "+14155550101"], "text": "Hi"}
//! > api_request {}
//! < send_sms to "+14155550100" text "Hi"
//! < send_sms to "+14155550101" text "Hi"
//! > message_accepted "m-1"
//! > not_done 2 "invalid number"
//! -> failed
//! = completed
//! ```
//!
//! ```flow
//! config {"to": "+14155550100", "text": "Hi", "wait_for": "delivered"}
//! > api_request {}
//! < send_sms to "+14155550100" text "Hi"
//! > message_accepted "m-1"
//! = waiting
//! > message_status delivered
//! -> delivered
//! = completed
//! ```
//!
//! ```flow
//! config {"to": "+14155550100", "text": "Hi", "wait_for": "delivered"}
//! > api_request {}
//! < send_sms to "+14155550100" text "Hi"
//! > message_accepted "m-1"
//! > message_status undelivered
//! -> undelivered
//! = completed
//! ```
//!
//! A network that never reports leaves a text as sent, after a quarter of an hour.
//!
//! ```flow
//! config {"to": "+14155550100", "text": "Hi", "wait_for": "delivered"}
//! > api_request {}
//! < send_sms to "+14155550100" text "Hi"
//! > message_accepted "m-1"
//! @ +15m
//! -> sent
//! = completed
//! ```
//!
//! With media it goes as MMS. A sender may be a number, a name or the id of a Powerpack.
//!
//! ```flow
//! config {"to": "{{ phones }}", "from": "Clinic", "text": "See the map.", "media_urls": ["https://example.com/map.png"]}
//! > api_request {"phones": ["+14155550100", "+14155550101"]}
//! < send_sms to "+14155550100" text "See the map."
//! < send_sms to "+14155550101" text "See the map."
//! > message_accepted "m-1"
//! > message_accepted "m-2"
//! -> sent
//! ? It.message_uuids[1] = m-2
//! = completed
//! ```

use super::{
    messages::{self, Message, WaitFor},
    prompt::quoted,
    receivers::Receivers,
    sender,
};
use crate::component::{Component, Control, Field, Group, Problems, Spec, Step};
use crate::{effect::Channel, event::Event, name::StateName, run::Ctx, template::Template};
use serde::Deserialize;
use serde_json::{Map, Value as Json};

/// The configuration of `send_sms`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SendSms {
    to: Receivers,
    from: Option<Template>,
    text: Template,
    #[serde(default)]
    media_urls: Vec<Template>,
    #[serde(default)]
    wait_for: WaitFor,
}

impl Component for SendSms {
    const SPEC: Spec = Spec {
        kind: "send_sms",
        label: "Send SMS",
        summary: "Sends a text message to one or several people.",
        group: Group::Message,
        aliases: &["send_message", "sms", "send_mms", "text_message"],
        help: "Sent means that the phone company took it, which is a matter of a second. Wait for delivery only where the next step depends on it: \
               some networks never say. With several receivers, one that fails leads by Failed once all are answered.",
        example: r#"{ "to": "+14155550100", "text": "Your code is 779889." }"#,
        fields: &[
            Field::required(
                "to",
                "To",
                "Who receives it: a number, or several with commas.",
                Control::Receivers,
            ),
            Field::optional(
                "from",
                "From",
                "The sender: a number, a name of up to 11 letters, or the id of a Powerpack; empty for the server's own number.",
                Control::Sender,
            ),
            Field::required(
                "text",
                "Text",
                "What it says; {{ }} fills in values.",
                Control::LongTemplate,
            ),
            Field::optional(
                "media_urls",
                "Pictures",
                "Addresses of up to 10 pictures or other media to attach; the text then goes as MMS.",
                Control::Urls,
            ),
            messages::WAIT_FOR,
        ],
        states: messages::STATES,
        variables: messages::VARIABLES,
        waits: true,
        ..Spec::BASE
    };

    fn states(config: &Map<String, Json>) -> Vec<StateName> {
        messages::states(config)
    }

    fn state_label(config: &Map<String, Json>, state: &str) -> Option<String> {
        messages::state_label(config, state)
    }

    fn check(&self, problems: &mut Problems<'_>) {
        sender::check(self.from.as_ref(), problems);
        messages::check_media(&self.media_urls, problems);
    }

    fn summary(&self) -> String {
        format!("{} to {}", quoted(self.text.source()), self.to.summary())
    }

    fn enter(&self, ctx: &mut Ctx<'_>) -> Step {
        let receivers = self.to.render(ctx);
        let message = Message {
            from: ctx.render_some(self.from.as_ref()),
            channel: Channel::Sms,
            text: ctx.render(&self.text),
            media_urls: messages::media(ctx, &self.media_urls),
        };
        messages::send(ctx, receivers, &message)
    }

    fn resume(&self, ctx: &mut Ctx<'_>, event: &Event) -> Step {
        messages::resume(ctx, event, self.wait_for)
    }
}
