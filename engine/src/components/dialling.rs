//! What every component that rings somebody has: the fields they share, and SIP headers.

use crate::{
    component::{Control, Field, Problems, Step, leave},
    event::DialEnd,
    run::{Ctx, LegId},
    template::Template,
    value::Value,
};
use std::collections::BTreeMap;

/// The number that is shown.
pub(super) const FROM: Field = Field::optional(
    "from",
    "From",
    "The number they see; empty for the server's own.",
    Control::Receiver,
);

/// How long it rings.
pub(super) const RING_TIMEOUT: Field = Field::optional(
    "ring_timeout_s",
    "Ring for",
    "How long it rings before it counts as not answered.",
    Control::Number { min: 5, max: 120, default: 30, unit: "seconds" },
);

/// Whether what is said is kept.
pub(super) const RECORD: Field = Field::optional(
    "record",
    "Record",
    "Whether the conversation is recorded; tell people first.",
    Control::Toggle { default: false },
);

/// How long a conversation may last; Plivo's default is four hours.
pub(super) const TIME_LIMIT: Field = Field::optional(
    "time_limit_s",
    "Longest call",
    "The call is ended after that time; four hours if left out.",
    Control::Number { min: 10, max: 86_400, default: 14_400, unit: "seconds" },
);

/// What a SIP system is told.
pub(super) const SIP_HEADERS: Field = Field::optional(
    "sip_headers",
    "SIP headers",
    "What a SIP address is told with the call; it arrives as X-PH- and the name.",
    Control::Pairs,
);

/// What the caller hears while somebody is rung.
pub(super) const HOLD_AUDIO: Field = Field::optional(
    "hold_audio",
    "Hold audio",
    "What a caller on the line hears meanwhile; the server's own if left out.",
    Control::Url,
);

pub(super) fn ring_timeout_s() -> u32 {
    30
}

pub(super) fn yes() -> bool {
    true
}

/// Longest call where nothing is said of it, in seconds: Plivo's own default.
const TIME_LIMIT_S: u32 = 14_400;

pub(super) fn time_limit_s() -> u32 {
    TIME_LIMIT_S
}

/// The limit as it is asked for: not at all, where it is the one that holds anyway.
pub(super) fn asked_time_limit_s(time_limit_s: u32) -> Option<u32> {
    (time_limit_s != TIME_LIMIT_S).then_some(time_limit_s)
}

/// SIP headers filled in. Plivo takes them as `name=value` with commas between, so neither may stand in a value.
pub(super) fn sip_headers(
    ctx: &mut Ctx<'_>,
    headers: &BTreeMap<String, Template>,
) -> BTreeMap<String, String> {
    let mut filled = BTreeMap::new();
    for (name, value) in headers {
        let Some(value) = ctx.render_some(Some(value)) else { continue };
        if value.chars().any(|character| matches!(character, ',' | '=') || character.is_control()) {
            ctx.warn(format!("The SIP header {name} is left out: its value has a comma, an equals sign or a line break."));
        } else {
            filled.insert(name.strip_prefix("X-PH-").unwrap_or(name).to_owned(), value);
        }
    }
    filled
}

/// Reports SIP headers that no network would take.
pub(super) fn check_sip_headers(headers: &BTreeMap<String, Template>, problems: &mut Problems<'_>) {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || character == '-';
    for name in headers.keys() {
        if name.is_empty() || !name.chars().all(is_plain) {
            let message = format!("`{name}` cannot be the name of a SIP header.");
            let remedy = "Use letters, digits and hyphens, for example customer-id.";
            problems.error("bad_sip_header", &format!("sip_headers.{name}"), message, remedy);
        }
    }
}

/// Keys to send once somebody answers: only what a telephone has, and the pauses `w` (half a second) and `W` (a second).
pub(super) fn keys_to_send(ctx: &mut Ctx<'_>, template: Option<&Template>) -> Option<String> {
    let text = ctx.render_some(template)?;
    let is_key = |character: char| {
        matches!(character, '0'..='9' | '*' | '#' | 'w' | 'W' | ',' | '@' | ' ' | '-')
    };
    if !text.chars().all(is_key) {
        ctx.warn(format!("No keys are sent: `{text}` has more in it than keys and pauses."));
        return None;
    }
    // A comma is how people write a pause elsewhere; a space and a hyphen are nothing.
    Some(text.replace(',', "W").replace([' ', '-'], ""))
}

/// Who was rung for a caller and is in a room with them: the number of their leg.
const HELPER: &str = "helper";

/// Remembers that the party the line speaks to was rung for others who enter the room with them.
pub(super) fn remember_helper(ctx: &mut Ctx<'_>) {
    if let Some(LegId(helper)) = ctx.leg() {
        ctx.remember(HELPER, i64::from(helper));
    }
}

/// Whether somebody was brought into the room by whoever was rung for them.
pub(super) fn has_helper(ctx: &Ctx<'_>) -> bool {
    ctx.remembered(HELPER).is_some()
}

/// The party that the line speaks to is out of the room with their call still up. If they were rung for a caller, it is the caller who stays: the room is closing, and
/// whether the caller is out of it too or has hung up is told next, unless it was told before.
pub(super) fn left_room(ctx: &mut Ctx<'_>, leg: LegId, state: &str) -> Step {
    if ctx.remembered(HELPER) != Some(&Value::Int(i64::from(leg.0))) {
        return leave(state);
    }
    ctx.let_go();
    match ctx.leg() {
        Some(caller) if ctx.is_on_hold(caller) => leave(state),
        Some(_) => Step::Wait,
        None => Step::WithoutCall,
    }
}

/// What is told of a call that was dialled for a caller.
pub(super) fn keep_end(ctx: &mut Ctx<'_>, end: &DialEnd) {
    ctx.set("answered_by", end.answered_by.as_deref().unwrap_or_default());
    for name in ["call_uuid", "uuid"] {
        ctx.set(name, end.call_uuid.as_deref().unwrap_or_default());
    }
    ctx.set("duration_s", i64::from(end.duration_s));
    ctx.set("hangup_cause", end.cause.as_deref().unwrap_or_default());
}
