//! Sends a WhatsApp message to one or several people: free text, an approved template, or buttons and lists.
//!
//! ```flow
//! > api_request {}
//! < send_whatsapp to "+14155550100" text "Your table is ready."
//! > message_accepted "m-1"
//! -> sent
//! ? It.message_uuid = m-1
//! = completed
//! ```
//!
//! A template may go to people who have not written for a day; its values stand in order.
//!
//! ```flow
//! config {"to": "+14155550100", "type": "template", "template_name": "appointment", "template_language": "en_US", "template_values": ["{{ customer }}", "9 am"], "wait_for": "delivered"}
//! > api_request {"customer": "Ada"}
//! < send_whatsapp to "+14155550100" template {"components":[{"parameters":[{"text":"Ada","type":"text"},{"text":"9 am","type":"text"}],"type":"body"}],"language":"en_US","name":"appointment"}
//! > message_accepted "m-1"
//! = waiting
//! > message_status read
//! -> delivered
//! ? It.status = read
//! = completed
//! ```
//!
//! ```flow
//! config {"to": "+14155550100", "type": "interactive", "text": "Shall we call you back?", "buttons": ["Yes", "No"]}
//! > api_request {}
//! < send_whatsapp to "+14155550100" interactive {"action":{"buttons":[{"id":"1","title":"Yes"},{"id":"2","title":"No"}]},"body":{"text":"Shall we call you back?"},"type":"button"}
//! > not_done "the number has no WhatsApp"
//! -> failed
//! ? It.error = the number has no WhatsApp
//! = completed
//! ```
//!
//! ```flow
//! config {"to": "+14155550100", "text": "Hi", "wait_for": "delivered"}
//! > api_request {}
//! < send_whatsapp to "+14155550100" text "Hi"
//! > message_accepted "m-1"
//! > message_status undelivered
//! -> undelivered
//! ? It.error = error 30
//! = completed
//! ```

use super::{
    json_template::JsonTemplate,
    messages::{self, Message, WaitFor},
    prompt::quoted,
    receivers::Receivers,
    sender::{self, Sender},
};
use crate::component::{Component, Control, Field, Group, Problems, Spec, Step};
use crate::{effect::Channel, event::Event, name::StateName, run::Ctx, template::Template};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

/// The configuration of `send_whatsapp`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SendWhatsapp {
    to: Receivers,
    from: Option<Template>,
    #[serde(rename = "type", default)]
    kind: Kind,
    text: Option<Template>,
    #[serde(default)]
    media_urls: Vec<Template>,
    template_name: Option<Template>,
    template_language: Option<Template>,
    #[serde(default)]
    template_values: Vec<Template>,
    template_components: Option<JsonTemplate>,
    #[serde(default)]
    buttons: Vec<Template>,
    interactive: Option<JsonTemplate>,
    #[serde(default)]
    wait_for: WaitFor,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    #[default]
    Text,
    Template,
    Interactive,
}

/// Buttons below a message, and letters on each; WhatsApp's own bounds.
const BUTTONS_MAX: usize = 3;
const BUTTON_LETTERS_MAX: usize = 20;

impl Component for SendWhatsapp {
    const SPEC: Spec = Spec {
        kind: "send_whatsapp",
        label: "Send WhatsApp",
        summary: "Sends a WhatsApp message to one or several people.",
        group: Group::Message,
        aliases: &["whatsapp", "send_whatsapp_message", "whatsapp_message"],
        help: "Free text and buttons reach only people who wrote to you within the last 24 hours; to anybody else send a template that WhatsApp has approved. \
               The values of a template fill its {{1}}, {{2}} and so on, in order.",
        example: r#"{ "to": "+14155550100", "text": "Your table is ready." }"#,
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
                "The number that is registered with WhatsApp; empty for the server's own.",
                Control::Sender,
            ),
            Field::optional(
                "type",
                "Kind",
                "Free text, an approved template, or text with buttons.",
                Control::Choice(&[
                    ("text", "Free text"),
                    ("template", "Approved template"),
                    ("interactive", "Buttons or a list"),
                ]),
            ),
            Field::optional(
                "text",
                "Text",
                "What it says: free text, or what stands above the buttons.",
                Control::LongTemplate,
            ),
            Field::optional(
                "media_urls",
                "Pictures",
                "Addresses of pictures, documents or other media to send with free text.",
                Control::Urls,
            ),
            Field::optional(
                "template_name",
                "Template",
                "The name of the approved template.",
                Control::Template,
            ),
            Field::optional(
                "template_language",
                "Template's language",
                "As it was approved: en_US, de. Empty for en_US.",
                Control::Template,
            ),
            Field::optional(
                "template_values",
                "Template's values",
                "What to fill in, in the order of the template's numbers.",
                Control::Texts,
            ),
            Field::optional(
                "template_components",
                "Template's other parts",
                "Header, buttons and other parts as WhatsApp describes them, a JSON list; they are added to the values.",
                Control::Json,
            ),
            Field::optional(
                "buttons",
                "Buttons",
                "What stands on the buttons: up to 3, each of up to 20 letters.",
                Control::Texts,
            ),
            Field::optional(
                "interactive",
                "Interactive message",
                "A list or another interactive message as WhatsApp describes it, as JSON, instead of text and buttons.",
                Control::Json,
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
        if !matches!(Sender::of_template(self.from.as_ref()), None | Some(Sender::Number)) {
            problems.error(
                "bad_sender",
                "from",
                "A WhatsApp message can only come from a number.",
                "Use the number that is registered with WhatsApp, or leave it empty.",
            );
        }
        let is_empty = |text: &Option<Template>| text.as_ref().is_none_or(Template::is_empty);
        let mut missing = |field: &str, message: &str, remedy: &str| {
            problems.error("missing_field", field, message, remedy);
        };
        match self.kind {
            Kind::Text if is_empty(&self.text) && self.media_urls.is_empty() => {
                missing("text", "Text is missing.", "Fill in what the message says.");
            }
            Kind::Template if is_empty(&self.template_name) => {
                missing(
                    "template_name",
                    "Template is missing.",
                    "Fill in the name of the approved template.",
                );
            }
            Kind::Interactive if self.interactive.is_none() => {
                if is_empty(&self.text) {
                    missing("text", "Text is missing.", "Fill in what stands above the buttons.");
                }
                if self.buttons.is_empty() {
                    missing(
                        "buttons",
                        "There are no buttons.",
                        "Fill in what stands on them, or give the interactive message as JSON.",
                    );
                }
            }
            _ => {}
        }
        if self.buttons.len() > BUTTONS_MAX {
            problems.error(
                "too_many_buttons",
                "buttons",
                format!(
                    "There are {} buttons; WhatsApp shows at most {BUTTONS_MAX}.",
                    self.buttons.len()
                ),
                "Remove some, or send a list as an interactive message.",
            );
        }
        for (index, button) in self.buttons.iter().enumerate() {
            let text = button.source();
            if !text.contains("{{") && text.chars().count() > BUTTON_LETTERS_MAX {
                problems.error(
                    "button_too_long",
                    &format!("buttons[{index}]"),
                    format!("The button `{text}` has more than {BUTTON_LETTERS_MAX} letters."),
                    "Say it in fewer letters.",
                );
            }
        }
    }

    fn summary(&self) -> String {
        let what = match self.kind {
            Kind::Template => {
                let name = self.template_name.as_ref().map_or("", Template::source);
                format!("Template {name}")
            }
            _ => self
                .text
                .as_ref()
                .map_or_else(|| "Interactive message".to_owned(), |text| quoted(text.source())),
        };
        format!("{what} to {}", self.to.summary())
    }

    fn enter(&self, ctx: &mut Ctx<'_>) -> Step {
        let receivers = self.to.render(ctx);
        let from = ctx.render_some(self.from.as_ref());
        let text = self.text.as_ref().map(|text| ctx.render(text)).unwrap_or_default();
        let message = match self.kind {
            Kind::Text => Message {
                from,
                channel: Channel::WhatsApp,
                text,
                media_urls: messages::media(ctx, &self.media_urls),
            },
            Kind::Template => Message {
                from,
                channel: Channel::WhatsAppTemplate(self.template(ctx)),
                text: String::new(),
                media_urls: Vec::new(),
            },
            Kind::Interactive => Message {
                from,
                channel: Channel::WhatsAppInteractive(self.interactive(ctx, &text)),
                text: String::new(),
                media_urls: Vec::new(),
            },
        };
        messages::send(ctx, receivers, &message)
    }

    fn resume(&self, ctx: &mut Ctx<'_>, event: &Event) -> Step {
        messages::resume(ctx, event, self.wait_for)
    }
}

impl SendWhatsapp {
    /// Plivo's `template` object.
    fn template(&self, ctx: &mut Ctx<'_>) -> Json {
        let name = ctx.render_some(self.template_name.as_ref()).unwrap_or_default();
        let language = ctx.render_some(self.template_language.as_ref());
        let mut components = Vec::new();
        if !self.template_values.is_empty() {
            let values = self.template_values.iter();
            let parameters: Vec<Json> =
                values.map(|value| json!({ "type": "text", "text": ctx.render(value) })).collect();
            components.push(json!({ "type": "body", "parameters": parameters }));
        }
        match self.template_components.as_ref().map(|parts| parts.render(ctx)) {
            Some(Json::Array(more)) => components.extend(more),
            Some(Json::Null) | None => {}
            Some(one) => components.push(one),
        }
        let language = language.unwrap_or_else(|| "en_US".to_owned());
        json!({ "name": name, "language": language, "components": components })
    }

    /// Plivo's `interactive` object.
    fn interactive(&self, ctx: &mut Ctx<'_>, text: &str) -> Json {
        if let Some(interactive) = &self.interactive {
            return interactive.render(ctx);
        }
        let buttons: Vec<Json> = (1..)
            .zip(&self.buttons)
            .map(|(id, title): (u32, _)| {
                json!({ "id": id.to_string(), "title": ctx.render(title).trim() })
            })
            .collect();
        json!({ "type": "button", "body": { "text": text }, "action": { "buttons": buttons } })
    }
}
