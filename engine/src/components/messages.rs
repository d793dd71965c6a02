//! What sending a message has in common, by whatever way it goes: to several people at once, waiting until all are settled, and the way out that follows.

use crate::component::{Control, Field, Problems, State, Step, Variable, leave};
use crate::{
    effect::Channel, event::Event, limits, name::StateName, run::Ctx, template::Template,
    value::Value,
};
use serde::Deserialize;
use serde_json::{Map, Value as Json};

/// When the step is over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum WaitFor {
    /// The phone company took it.
    #[default]
    Sent,
    /// It was delivered, or certainly not.
    Delivered,
}

pub(super) const WAIT_FOR: Field = Field::optional(
    "wait_for",
    "Go on when",
    "When this step is over. Some networks never say that a text was delivered; after a quarter of an hour it counts as sent.",
    Control::Choice(&[("sent", "The phone company took it"), ("delivered", "It was delivered")]),
);

pub(super) const STATES: &[State] = &[
    State::new(
        "sent",
        "Sent",
        "the phone company took it; with waiting for delivery: no report came",
    ),
    State::new("failed", "Failed", "it could not be sent, to one of the receivers at least"),
    State::new("delivered", "Delivered", "it arrived; only with waiting for delivery"),
    State::new("undelivered", "Not delivered", "it did not arrive; only with waiting for delivery"),
];

pub(super) const VARIABLES: &[Variable] = &[
    Variable::new("message_uuid", "Plivo's id of the message"),
    Variable::new("message_uuids", "the ids, where there are several receivers"),
    Variable::new(
        "status",
        "the last news of it: queued, sent, delivered, undelivered, failed or read",
    ),
    Variable::new("refused", "the receivers it could not be sent to"),
    Variable::new("error", "why it could not be sent"),
];

fn waits_for_delivery(config: &Map<String, Json>) -> bool {
    config.get("wait_for").and_then(Json::as_str) == Some("delivered")
}

/// The ways out.
pub(super) fn states(config: &Map<String, Json>) -> Vec<StateName> {
    let states: &[&str] = if waits_for_delivery(config) {
        &["delivered", "undelivered", "sent", "failed"]
    } else {
        &["sent", "failed"]
    };
    states.iter().map(|state| StateName::from(*state)).collect()
}

/// What people call a way out, where that depends on what is waited for.
pub(super) fn state_label(config: &Map<String, Json>, state: &str) -> Option<String> {
    (state == "sent" && waits_for_delivery(config)).then(|| "No report".to_owned())
}

/// What is sent, the same to each receiver.
pub(super) struct Message {
    pub(super) from: Option<String>,
    pub(super) channel: Channel,
    pub(super) text: String,
    pub(super) media_urls: Vec<String>,
}

impl Message {
    /// Whether there is nothing in it.
    fn is_empty(&self) -> bool {
        matches!(self.channel, Channel::Sms | Channel::WhatsApp)
            && self.text.trim().is_empty()
            && self.media_urls.is_empty()
    }
}

/// The addresses of media, filled in; empty ones are left out.
pub(super) fn media(ctx: &mut Ctx<'_>, urls: &[Template]) -> Vec<String> {
    urls.iter().filter_map(|url| ctx.render_some(Some(url))).collect()
}

/// Reports more media than Plivo takes.
pub(super) fn check_media(urls: &[Template], problems: &mut Problems<'_>) {
    if urls.len() > limits::MESSAGE_MEDIA_MAX {
        problems.error(
            "too_many_media",
            "media_urls",
            format!(
                "{} files are attached; at most {} are sent.",
                urls.len(),
                limits::MESSAGE_MEDIA_MAX
            ),
            "Send the others with a second message.",
        );
    }
}

const RECEIVERS: &str = "receivers";
const ACCEPTED: &str = "accepted";
const REFUSED: &str = "refused";
const ARRIVED: &str = "arrived";
const LOST: &str = "lost";

/// Sends a message to everybody.
pub(super) fn send(ctx: &mut Ctx<'_>, receivers: Vec<String>, message: &Message) -> Step {
    ctx.set("error", "");
    let nothing = match (receivers.is_empty(), message.is_empty()) {
        (true, _) => Some("there is nobody to send it to"),
        (false, true) => Some("the text is empty"),
        (false, false) => None,
    };
    if let Some(reason) = nothing {
        ctx.warn(format!("Nothing was sent: {reason}, once it is filled in."));
        ctx.set("error", reason);
        return leave("failed");
    }
    for to in receivers {
        let effect = ctx.send_message(
            message.from.clone(),
            to.clone(),
            message.channel.clone(),
            message.text.clone(),
            message.media_urls.clone(),
        );
        ctx.collect(RECEIVERS, Value::from(vec![i64::from(effect.0).into(), to.into()]));
    }
    ctx.wake_at(ctx.at().plus_s(limits::MESSAGE_SILENCE_S_MAX));
    Step::Wait
}

/// Takes news of what was sent.
pub(super) fn resume(ctx: &mut Ctx<'_>, event: &Event, wait_for: WaitFor) -> Step {
    match event {
        Event::MessageAccepted { message_uuid, .. } => {
            ctx.collect(ACCEPTED, message_uuid.as_str());
            ctx.set("message_uuid", message_uuid.as_str());
            let all = ctx.collected(ACCEPTED);
            ctx.set("message_uuids", all);
            ctx.set("status", "queued");
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
        Event::MessageStatus { status, error_code, .. } => {
            ctx.set("status", status.as_str());
            match status.as_str() {
                "delivered" | "read" => ctx.collect(ARRIVED, true),
                "undelivered" | "failed" | "rejected" => {
                    ctx.collect(LOST, true);
                    let code = error_code.as_ref().map(|code| format!("error {code}"));
                    ctx.set("error", code.unwrap_or_else(|| status.clone()));
                }
                _ => {}
            }
        }
        Event::Woke => {
            // Some networks never report; what they took counts as sent.
            if wait_for == WaitFor::Delivered
                && count(ctx, REFUSED) == 0
                && count(ctx, LOST) == 0
                && count(ctx, ACCEPTED) >= count(ctx, RECEIVERS)
            {
                return leave("sent");
            }
            ctx.set("error", "nobody said in time what became of it");
            return leave("failed");
        }
        _ => return Step::Wait,
    }
    conclude(ctx, wait_for)
}

fn count(ctx: &Ctx<'_>, key: &'static str) -> usize {
    ctx.collected(key).len()
}

fn conclude(ctx: &Ctx<'_>, wait_for: WaitFor) -> Step {
    let (all, refused, lost) = (count(ctx, RECEIVERS), count(ctx, REFUSED), count(ctx, LOST));
    let settled = match wait_for {
        WaitFor::Sent => count(ctx, ACCEPTED) + refused,
        WaitFor::Delivered => count(ctx, ARRIVED) + lost + refused,
    };
    if settled < all {
        return Step::Wait;
    }
    leave(match wait_for {
        _ if refused > 0 => "failed",
        WaitFor::Sent => "sent",
        WaitFor::Delivered if lost > 0 => "undelivered",
        WaitFor::Delivered => "delivered",
    })
}
