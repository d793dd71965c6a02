//! Everything that can happen to a run.

use crate::{
    effect::EffectId,
    run::{EndCause, LegId},
    time::Time,
    value::Value,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One thing that happened, and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// The moment at which the server learnt of it.
    pub at: Time,
    /// What happened.
    pub event: Event,
}

/// What started a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "trigger", rename_all = "snake_case")]
pub enum Trigger {
    /// A service asked for the run. The parameters have passed [`crate::Workflow::accept_params`].
    ApiRequest {
        /// Parameters by name.
        params: BTreeMap<String, Value>,
    },
    /// Somebody rings one of our numbers; the caller's leg is [`LegId::FIRST`].
    IncomingCall {
        /// Plivo's id of the call.
        call_uuid: String,
        /// Who calls, E.164.
        from: String,
        /// The number that was called, E.164.
        to: String,
    },
    /// Somebody texts one of our numbers.
    IncomingMessage {
        /// Plivo's id of the message.
        message_uuid: String,
        /// Who wrote, E.164.
        from: String,
        /// The number that was written to, E.164.
        to: String,
        /// What it says.
        text: String,
        /// Addresses of attached media.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        media_urls: Vec<String>,
    },
}

impl Trigger {
    /// The state of `start` by which the run leaves: `api_request`, `incoming_call` or `incoming_message`.
    pub fn state(&self) -> &'static str {
        match self {
            Trigger::ApiRequest { .. } => "api_request",
            Trigger::IncomingCall { .. } => "incoming_call",
            Trigger::IncomingMessage { .. } => "incoming_message",
        }
    }
}

/// Everything that can happen to a run. Events of a leg carry the turn they answer: one of an older turn changes nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// The run begins. Always the first event, and only the first.
    Started(Trigger),
    /// The leg's prompts were played to their end.
    PromptsDone {
        /// The leg.
        leg: LegId,
        /// The turn of the instruction that was played.
        turn: u32,
    },
    /// The party pressed keys.
    Digits {
        /// The leg.
        leg: LegId,
        /// The turn of the instruction that asked.
        turn: u32,
        /// The keys, without the finishing one.
        digits: String,
    },
    /// The party pressed nothing in time.
    NoInput {
        /// The leg.
        leg: LegId,
        /// The turn of the instruction that asked.
        turn: u32,
    },
    /// The party is out of the conference but the call goes on (kicked, or the room ended).
    ConferenceLeft {
        /// The leg.
        leg: LegId,
        /// The turn of the instruction that led into the room.
        turn: u32,
    },
    /// The carrier took a call we asked for.
    CallPlaced {
        /// The effect that asked.
        effect: EffectId,
        /// Plivo's id of the request.
        request_uuid: String,
    },
    /// A call we asked for was answered.
    CallAnswered {
        /// The dialled leg.
        leg: LegId,
        /// Plivo's id of the call.
        call_uuid: String,
        /// Whether an answering machine took it; `None` when nobody listened for one.
        machine: Option<bool>,
    },
    /// A call ended, answered or not.
    CallEnded {
        /// The leg.
        leg: LegId,
        /// Why.
        cause: EndCause,
        /// How long it was up, in seconds.
        duration_s: u32,
    },
    /// An answer to [`crate::Effect::CheckCall`]: the call is still up. (One that is not is told as [`Event::CallEnded`].)
    CallAlive {
        /// The leg.
        leg: LegId,
    },
    /// The carrier took a message.
    MessageAccepted {
        /// The effect that asked.
        effect: EffectId,
        /// Plivo's id of the message.
        message_uuid: String,
    },
    /// News of a message's delivery.
    MessageStatus {
        /// The effect that sent it.
        effect: EffectId,
        /// `queued`, `sent`, `delivered`, `undelivered` or `failed`.
        status: String,
        /// Plivo's error code, when it was not delivered.
        error_code: Option<String>,
    },
    /// An HTTP request was answered, with any status.
    HttpAnswered {
        /// The effect that asked.
        effect: EffectId,
        /// The HTTP status.
        status: u16,
        /// The `Content-Type` header, or empty.
        content_type: String,
        /// The body; at most [`crate::limits::HTTP_RESPONSE_BYTES_MAX`].
        body: String,
    },
    /// An effect was certainly not carried out: refused, not reachable, not allowed.
    EffectFailed {
        /// The effect.
        effect: EffectId,
        /// Why, for people.
        reason: String,
    },
    /// Nobody can tell whether an effect was carried out. It is not tried again.
    EffectUnknown {
        /// The effect.
        effect: EffectId,
        /// What is known, for people.
        reason: String,
    },
    /// Time passed: the moment of [`crate::Output::wake_at`] has come.
    Woke,
    /// A person or a service asked for the end of the run.
    Cancelled {
        /// Who, for the journal.
        by: String,
    },
}
