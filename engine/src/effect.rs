//! Everything a run can ask for.

use crate::{
    run::{LegId, Prompt},
    time::Time,
    value::Value,
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt};

/// Names one effect within its run; the same on every replay, so that an outside effect can be recognised after a crash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EffectId(pub u32);

impl fmt::Display for EffectId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.0)
    }
}

/// Everything a run can ask the world to do. What a leg is to hear is not an effect but its [`crate::Instruction`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Effect {
    /// Ring somebody. Answered by `CallPlaced` or `EffectFailed`, then `CallAnswered` or `CallEnded`.
    PlaceCall(PlaceCall),
    /// End a call that cannot be told otherwise (it rings, or sits in a conference).
    HangUp {
        /// The leg.
        leg: LegId,
    },
    /// Ask the carrier whether a call is still up. Answered by `CallAlive` or `CallEnded`.
    CheckCall {
        /// The leg.
        leg: LegId,
    },
    /// Send one text to one receiver. Answered by `MessageAccepted` or `EffectFailed`, later `MessageStatus`.
    SendMessage(SendMessage),
    /// Make an HTTP request. Answered by `HttpAnswered` or `EffectFailed`.
    HttpRequest(HttpRequest),
    /// Make a call leave what it is doing (a room, a bridge, the hold audio, a prompt) and fetch its newest instruction. Not answered.
    Redirect {
        /// The leg.
        leg: LegId,
        /// The turn of the instruction that it is to fetch; once that was handed out, there is nothing to do.
        turn: u32,
    },
    /// Record a call from now on. Answered by `EffectDone` (`recording_id`, `recording_url`) or `EffectFailed`; later `RecordingStored`, `Transcribed`.
    StartRecording {
        /// The leg.
        leg: LegId,
        /// How it is recorded.
        how: Recording,
        /// When it ends by itself, in seconds.
        time_limit_s: u32,
    },
    /// Stop recording a call. Answered by `EffectDone` or `EffectFailed`.
    StopRecording {
        /// The leg.
        leg: LegId,
    },
    /// Ring somebody into a multi-party call. Answered by `EffectDone` (`call_uuid`) once they are there, or `EffectFailed` if they do not come.
    AddParticipant(AddParticipant),
    /// Do something to somebody in a room. Answered by `EffectDone` or `EffectFailed`.
    ChangeMember {
        /// The room.
        room: Room,
        /// The member: its number or SIP address, its call's id, or its id in the room.
        member: String,
        /// What.
        change: MemberChange,
    },
    /// Take somebody out of a room, let them alone hear something, and end their call: a message for their voicemail. Answered by `EffectDone` or `EffectFailed`.
    DropMessage {
        /// The room.
        room: Room,
        /// The member: its number or SIP address, its call's id, or its id in the room.
        member: String,
        /// What they hear.
        prompts: Vec<Prompt>,
    },
    /// Send an e-mail. Answered by `EffectDone` (`message_id`) or `EffectFailed`.
    SendEmail(SendEmail),
    /// Ask a database. Answered by `EffectDone` (`rows`, `row_count`) or `EffectFailed`.
    QueryDatabase(QueryDatabase),
    /// Start a run of another workflow. Answered by `EffectDone` once that run is over (`run_id`, `status`, `problem`, `result`) or, with `waits` false, once it has
    /// started (`run_id`); `EffectFailed` if it cannot be started.
    StartRun(StartRun),
}

/// A call to place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlaceCall {
    /// The leg that the call becomes.
    pub leg: LegId,
    /// The number shown to the called party; `None`: the server's own.
    pub from: Option<String>,
    /// A number or a SIP address.
    pub to: String,
    /// How long it may ring, in seconds.
    pub ring_timeout_s: u32,
    /// Whether to listen for an answering machine before speaking.
    #[serde(default)]
    pub machine_detection: MachineDetection,
    /// The recording of the call, if it is to be recorded from the beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording: Option<Recording>,
    /// How long the call may last, in seconds; `None`: Plivo's four hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_limit_s: Option<u32>,
    /// The name shown to the called party, where networks pass it on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caller_name: Option<String>,
    /// Keys to send once the call is answered, for an extension; `w` is half a second, `W` a second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub send_digits: Option<String>,
    /// SIP headers for the called party, without `X-PH-`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sip_headers: BTreeMap<String, String>,
}

/// Whether to listen for an answering machine before a call counts as answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MachineDetection {
    /// No.
    #[default]
    Off,
    /// Yes; the run is told what answered.
    Detect,
    /// Yes, and a machine is hung up on.
    HangUp,
}

/// A recording and what it is to become. Its id ties the carrier's later news of it to the node that asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recording {
    /// Names it within the run.
    pub id: EffectId,
    /// Whether WAV instead of MP3.
    #[serde(default)]
    pub as_wav: bool,
    /// Whether the carrier is to write down what was said.
    #[serde(default)]
    pub transcribe: bool,
}

/// Somebody to ring into a multi-party call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AddParticipant {
    /// The name of the multi-party call.
    pub room: String,
    /// The number shown; `None`: the server's own.
    pub from: Option<String>,
    /// Whom to ring: a number or SIP address.
    pub to: String,
    /// What they are in it.
    pub role: Role,
    /// How long it may ring, in seconds.
    pub ring_timeout_s: u32,
}

/// What somebody is in a multi-party call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Serves the customer.
    #[default]
    Agent,
    /// Is served.
    Customer,
    /// Listens, and may coach the agent.
    Supervisor,
}

impl Role {
    /// The word in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Agent => "agent",
            Role::Customer => "customer",
            Role::Supervisor => "supervisor",
        }
    }
}

/// A room that several calls are in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Room {
    /// A conference, by name.
    Conference(String),
    /// A multi-party call, by name.
    MultiParty(String),
}

impl Room {
    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Room::Conference(name) | Room::MultiParty(name) => name,
        }
    }
}

/// What can be done to a member of a room. A conference knows only mute, unmute and hang-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MemberChange {
    /// Nobody hears them.
    Mute,
    /// Everybody hears them again.
    Unmute,
    /// They hear the hold audio.
    Hold,
    /// They are back in the conversation.
    Unhold,
    /// Only the agent hears them (supervisors).
    Coach,
    /// Everybody hears them (supervisors).
    Uncoach,
    /// They are out, and their call ends.
    HangUp,
}

/// An e-mail to send.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SendEmail {
    /// The receivers.
    pub to: Vec<String>,
    /// Where answers go, if not to the server's own sender.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<String>,
    /// The subject, on one line.
    pub subject: String,
    /// What it says, as plain text.
    pub text: String,
    /// Addresses of files to attach, such as a recording.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachment_urls: Vec<String>,
}

/// A question to a database.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QueryDatabase {
    /// The connection's name at the server.
    pub connection: String,
    /// The statement, with `?` for each parameter.
    pub sql: String,
    /// The parameters, in order.
    pub params: Vec<Value>,
    /// Most rows that are read.
    pub rows_max: u32,
    /// How long it may take, in seconds.
    pub timeout_s: u32,
}

/// A run of another workflow to start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StartRun {
    /// The other workflow's id.
    pub workflow_id: String,
    /// Its parameters by name.
    pub params: BTreeMap<String, Value>,
    /// How many runs stand above the new one.
    pub depth: u32,
    /// Whether the answer comes at its end.
    pub waits: bool,
}

/// A text message to send.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SendMessage {
    /// The sender: a number, a name of up to 11 letters, or a Powerpack's id; `None`: the server's own number.
    pub from: Option<String>,
    /// One receiver.
    pub to: String,
    /// By which way it goes.
    #[serde(default)]
    pub channel: Channel,
    /// What it says; empty for a WhatsApp template or interactive message.
    pub text: String,
    /// Addresses of media to attach.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub media_urls: Vec<String>,
    /// When the run asked; a search for a lost message begins here.
    pub asked_at: Time,
}

/// By which way a message goes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// SMS, or MMS with media.
    #[default]
    Sms,
    /// WhatsApp; free text within 24 hours of the receiver's last message.
    WhatsApp,
    /// WhatsApp, a template that was approved before: Plivo's `template` object.
    WhatsAppTemplate(serde_json::Value),
    /// WhatsApp, with buttons or a list: Plivo's `interactive` object.
    WhatsAppInteractive(serde_json::Value),
}

/// An HTTP request, ready to send but for its secrets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HttpRequest {
    /// `GET`, `POST`, `PUT`, `PATCH` or `DELETE`.
    pub method: String,
    /// The address, with the query already in it.
    pub url: String,
    /// Headers by name.
    pub headers: BTreeMap<String, String>,
    /// Credentials, as header values or references to secrets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth: Option<HttpAuth>,
    /// The body, if any, with its content type among the headers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// How long the whole exchange may take, in seconds.
    pub timeout_s: u32,
}

/// Credentials of an HTTP request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HttpAuth {
    /// HTTP Basic.
    Basic {
        /// User name.
        user: String,
        /// Password.
        password: Secret,
    },
    /// A bearer token.
    Bearer(Secret),
    /// OAuth 2.0 client credentials (RFC 6749 §4.4): the server gets a token first and keeps it while it is good.
    ClientCredentials {
        /// Where tokens are given out.
        token_url: String,
        /// The client.
        client_id: String,
        /// Its secret.
        client_secret: Secret,
        /// What the token is to allow, separated by spaces; may be empty.
        scope: String,
    },
}

/// Something that must not be shown: a value from a template, or the name of a secret the server keeps.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Secret {
    /// `{"$secret": "name"}` in the file; the server looks it up (`PHLOEM_SECRET_NAME`).
    Named {
        /// The secret's name.
        #[serde(rename = "$secret")]
        name: String,
    },
    /// A value, from a template.
    Value(String),
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Secret::Named { name } => write!(formatter, "secret `{name}`"),
            Secret::Value(_) => formatter.write_str("(hidden)"),
        }
    }
}
