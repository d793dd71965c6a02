//! Everything that can happen to a run.

use crate::{
    effect::EffectId,
    name::NodeName,
    run::{EndCause, LegId, RunId},
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
    /// The moment that `start`'s schedule names has come.
    Schedule {
        /// Which moment: the planned one, not the one at which the server got to it.
        planned_at: Time,
    },
    /// Another system called the workflow's own webhook address, with a good signature.
    Webhook {
        /// What it sent: parsed JSON, form fields by name, or text.
        body: Value,
    },
    /// Another workflow's `run_workflow` asked for the run. The parameters have passed [`crate::Workflow::accept_params`].
    RunWorkflow {
        /// Parameters by name.
        params: BTreeMap<String, Value>,
        /// The run that asked.
        parent: RunId,
        /// How many runs stand above this one.
        depth: u32,
    },
}

impl Trigger {
    /// Which it is.
    pub fn kind(&self) -> TriggerKind {
        match self {
            Trigger::ApiRequest { .. } | Trigger::RunWorkflow { .. } => TriggerKind::ApiRequest,
            Trigger::Schedule { .. } => TriggerKind::Schedule,
            Trigger::Webhook { .. } => TriggerKind::Webhook,
            Trigger::IncomingCall { .. } => TriggerKind::IncomingCall,
            Trigger::IncomingMessage { .. } => TriggerKind::IncomingMessage,
        }
    }

    /// The state of `start` by which the run leaves.
    pub fn state(&self) -> &'static str {
        self.kind().as_str()
    }
}

/// Which of the states of `start` a trigger leads to. A run that another workflow asked for leaves as one that a service asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TriggerKind {
    /// A service or another run asked for the run.
    ApiRequest,
    /// Somebody rang.
    IncomingCall,
    /// Somebody texted.
    IncomingMessage,
    /// The time had come.
    Schedule,
    /// Another service told us something.
    Webhook,
}

impl TriggerKind {
    /// The state's name.
    pub fn as_str(self) -> &'static str {
        match self {
            TriggerKind::ApiRequest => "api_request",
            TriggerKind::IncomingCall => "incoming_call",
            TriggerKind::IncomingMessage => "incoming_message",
            TriggerKind::Schedule => "schedule",
            TriggerKind::Webhook => "webhook",
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
    /// The party said something.
    Speech {
        /// The leg.
        leg: LegId,
        /// The turn of the instruction that asked.
        turn: u32,
        /// What was understood.
        text: String,
        /// How sure the carrier is, 0 to 1.
        confidence: Option<f64>,
    },
    /// The party has left a recording, of at least a second.
    Recorded {
        /// The leg.
        leg: LegId,
        /// The turn of the instruction that asked.
        turn: u32,
        /// The recording.
        recording: RecordingNews,
    },
    /// The dialled party is gone, or nobody was reached; the call goes on.
    DialEnded {
        /// The leg.
        leg: LegId,
        /// The turn of the instruction that dialled.
        turn: u32,
        /// What became of it.
        end: DialEnd,
    },
    /// The party is out of the conference or multi-party call but the call goes on (kicked, or the room ended).
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
        /// How long to wait before asking again, by the `Retry-After` header, in seconds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after_s: Option<u32>,
        /// The body; at most [`crate::limits::HTTP_RESPONSE_BYTES_MAX`].
        body: String,
    },
    /// Somebody answered a question that a text asked.
    MessageReceived {
        /// The question; see [`crate::Awaited`].
        question: EffectId,
        /// Plivo's id of the answer.
        message_uuid: String,
        /// What it says.
        text: String,
        /// Addresses of attached media.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        media_urls: Vec<String>,
    },
    /// A recording is ready at the carrier, which may be long after the node that asked for it was left.
    RecordingStored {
        /// The recording's id in the run: [`crate::effect::Recording::id`].
        effect: EffectId,
        /// The recording.
        recording: RecordingNews,
    },
    /// The carrier has written down what was said.
    Transcribed {
        /// The recording's id in the run.
        effect: EffectId,
        /// What was said.
        text: String,
    },
    /// An effect that has no event of its own was carried out.
    EffectDone {
        /// The effect.
        effect: EffectId,
        /// What came of it, by the names that [`crate::Effect`] gives.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        values: BTreeMap<String, Value>,
    },
    /// Somebody asks for something at a node that calls are at now, by PHLO's node and member actions.
    Command {
        /// The node.
        node: NodeName,
        /// What.
        command: Command,
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

/// A recording, as far as the carrier has told.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RecordingNews {
    /// Plivo's id of it.
    pub recording_id: String,
    /// Its address.
    pub url: String,
    /// Its length, in milliseconds.
    pub duration_ms: Option<u64>,
    /// Keys that were pressed to end it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub digits: String,
}

/// What became of dialling somebody for a caller.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DialEnd {
    /// In a word.
    pub outcome: DialOutcome,
    /// Who answered.
    pub answered_by: Option<String>,
    /// Plivo's id of the dialled call.
    pub call_uuid: Option<String>,
    /// How long they talked, in seconds.
    pub duration_s: u32,
    /// Plivo's word for why it ended.
    pub cause: Option<String>,
}

/// What became of dialling somebody, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DialOutcome {
    /// They talked, and one of them hung up.
    Completed,
    /// The line was busy, or the call was rejected, or not taken when asked to press a key.
    Busy,
    /// Nobody answered in time.
    NoAnswer,
    /// The number cannot be reached.
    Failed,
}

/// What can be asked of a room while calls are in it (PHLO's actions on Multi-Party Call and Conference Bridge).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "action")]
pub enum Command {
    /// Ring somebody into it.
    Call {
        /// Whom.
        to: String,
        /// As what.
        role: crate::effect::Role,
    },
    /// Ring somebody, talk to them while the customer holds, then bring them together.
    WarmTransfer {
        /// Whom.
        to: String,
        /// As what.
        role: crate::effect::Role,
    },
    /// Ring somebody and leave the room to them.
    ColdTransfer {
        /// Whom.
        to: String,
        /// As what.
        role: crate::effect::Role,
    },
    /// Take a transfer back that was not finished.
    AbortTransfer,
    /// Speak the node's voicemail message to a member and hang up on them.
    VoicemailDrop {
        /// The member.
        member: String,
    },
    /// Change a member.
    Member {
        /// Which: a number, SIP address, call id or member id.
        member: String,
        /// How.
        change: crate::effect::MemberChange,
    },
}
