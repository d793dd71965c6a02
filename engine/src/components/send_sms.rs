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

use super::{prompt::quoted, receivers::Receivers};
use crate::component::{Component, Control, Field, Group, Spec, State, Step, Variable, leave};
use crate::{
    effect::Channel, event::Event, limits, name::StateName, run::Ctx, template::Template,
    value::Value,
};
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

#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum WaitFor {
    #[default]
    Sent,
    Delivered,
}

const RECEIVERS: &str = "receivers";
const ACCEPTED: &str = "accepted";
const REFUSED: &str = "refused";
const ARRIVED: &str = "arrived";
const LOST: &str = "lost";

impl Component for SendSms {
    const SPEC: Spec = Spec {
        kind: "send_sms",
        label: "Send SMS",
        summary: "Sends a text message to one or several people.",
        group: Group::Message,
        aliases: &["send_message", "sms"],
        help: "Sent means that the phone company took it, which is a matter of a second. Wait for delivery only where the next step depends on it: \
               some networks never say. With several receivers, one that fails leads by Failed once all are answered.",
        example: r#"{ "to": "+14155550100", "text": "Your code is 779889." }"#,
        fields: &[
            Field {
                key: "to",
                label: "To",
                help: "Who receives it: a number, or several with commas.",
                control: Control::Receivers,
                is_required: true,
            },
            Field {
                key: "from",
                label: "From",
                help: "The sender; empty for the server's own number.",
                control: Control::Receiver,
                is_required: false,
            },
            Field {
                key: "text",
                label: "Text",
                help: "What it says; {{ }} fills in values.",
                control: Control::LongTemplate,
                is_required: true,
            },
            Field {
                key: "media_urls",
                label: "Pictures",
                help: "Addresses of pictures or other media to attach.",
                control: Control::Urls,
                is_required: false,
            },
            Field {
                key: "wait_for",
                label: "Go on when",
                help: "When this step is over.",
                control: Control::Choice(&[
                    ("sent", "The phone company took it"),
                    ("delivered", "It was delivered"),
                ]),
                is_required: false,
            },
        ],
        states: &[
            State { name: "sent", label: "Sent", help: "the phone company took it" },
            State { name: "failed", label: "Failed", help: "it could not be sent" },
        ],
        variables: &[
            Variable { name: "message_uuid", help: "Plivo's id of the message" },
            Variable { name: "message_uuids", help: "the ids, where there are several receivers" },
            Variable { name: "refused", help: "the receivers it could not be sent to" },
            Variable { name: "error", help: "why it could not be sent" },
        ],
        is_voice: false,
        joins_prompts: false,
        gives_call_by: &[],
        waits: true,
    };

    fn states(config: &Map<String, Json>) -> Vec<StateName> {
        let states: &[&str] = match config.get("wait_for").and_then(Json::as_str) {
            Some("delivered") => &["delivered", "undelivered", "sent", "failed"],
            _ => &["sent", "failed"],
        };
        states.iter().map(|state| StateName::from(*state)).collect()
    }

    fn state_label(config: &Map<String, Json>, state: &str) -> Option<String> {
        match state {
            "sent" if config.get("wait_for").and_then(Json::as_str) == Some("delivered") => {
                Some("No report".to_owned())
            }
            "delivered" => Some("Delivered".to_owned()),
            "undelivered" => Some("Not delivered".to_owned()),
            _ => None,
        }
    }

    fn summary(&self) -> String {
        format!("{} to {}", quoted(self.text.source()), self.to.summary())
    }

    fn enter(&self, ctx: &mut Ctx<'_>) -> Step {
        let receivers = self.to.render(ctx);
        let text = ctx.render(&self.text);
        let media_urls: Vec<String> =
            self.media_urls.iter().filter_map(|url| ctx.render_some(Some(url))).collect();
        let nothing = match (receivers.is_empty(), text.trim().is_empty() && media_urls.is_empty())
        {
            (true, _) => Some("there is nobody to send it to"),
            (false, true) => Some("the text is empty"),
            (false, false) => None,
        };
        if let Some(reason) = nothing {
            ctx.warn(format!("Nothing was sent: {reason}, once it is filled in."));
            ctx.set("error", reason);
            return leave("failed");
        }
        let from = ctx.render_some(self.from.as_ref());
        for to in receivers {
            let effect = ctx.send_message(
                from.clone(),
                to.clone(),
                Channel::Sms,
                text.clone(),
                media_urls.clone(),
            );
            ctx.collect(RECEIVERS, Value::from(vec![i64::from(effect.0).into(), to.into()]));
        }
        ctx.wake_at(ctx.at().plus_s(limits::MESSAGE_SILENCE_S_MAX));
        Step::Wait
    }

    fn resume(&self, ctx: &mut Ctx<'_>, event: &Event) -> Step {
        match event {
            Event::MessageAccepted { message_uuid, .. } => {
                ctx.collect(ACCEPTED, message_uuid.as_str());
                ctx.set("message_uuid", message_uuid.as_str());
                let all = ctx.collected(ACCEPTED);
                ctx.set("message_uuids", all);
            }
            Event::EffectFailed { effect, reason } | Event::EffectUnknown { effect, reason } => {
                let id = Value::from(i64::from(effect.0));
                let row = ctx
                    .collected(RECEIVERS)
                    .into_iter()
                    .find(|row| matches!(row, Value::List(row) if row.first() == Some(&id)));
                if let Some(Value::List(row)) = row {
                    ctx.collect(REFUSED, row.last().cloned().unwrap_or_default());
                }
                let all = ctx.collected(REFUSED);
                ctx.set("refused", all);
                ctx.set("error", reason.as_str());
            }
            Event::MessageStatus { status, error_code, .. } => match status.as_str() {
                "delivered" | "read" => ctx.collect(ARRIVED, true),
                "undelivered" | "failed" | "rejected" => {
                    ctx.collect(LOST, true);
                    ctx.set(
                        "error",
                        error_code
                            .clone()
                            .map_or_else(|| status.clone(), |code| format!("error {code}")),
                    );
                }
                _ => {}
            },
            Event::Woke => {
                // Some networks never report; what they took counts as sent.
                if self.wait_for == WaitFor::Delivered
                    && ctx.collected(REFUSED).is_empty()
                    && ctx.collected(LOST).is_empty()
                    && is_all(ctx, ACCEPTED)
                {
                    return leave("sent");
                }
                ctx.set("error", "nobody said in time what became of it");
                return leave("failed");
            }
            _ => return Step::Wait,
        }
        self.conclude(ctx)
    }
}

fn is_all(ctx: &Ctx<'_>, key: &'static str) -> bool {
    ctx.collected(key).len() >= ctx.collected(RECEIVERS).len()
}

impl SendSms {
    fn conclude(&self, ctx: &Ctx<'_>) -> Step {
        let count = |key| ctx.collected(key).len();
        let (all, accepted, refused) = (count(RECEIVERS), count(ACCEPTED), count(REFUSED));
        let is_settled = match self.wait_for {
            WaitFor::Sent => accepted + refused >= all,
            WaitFor::Delivered => count(ARRIVED) + count(LOST) + refused >= all,
        };
        if !is_settled {
            return Step::Wait;
        }
        leave(match self.wait_for {
            _ if refused > 0 => "failed",
            WaitFor::Sent => "sent",
            WaitFor::Delivered if count(LOST) > 0 => "undelivered",
            WaitFor::Delivered => "delivered",
        })
    }
}
