//! Everything a run can ask for.

use crate::{run::LegId, time::Time};
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
    pub machine_detection: bool,
    /// Whether to record the call.
    pub record: bool,
}

/// A text message to send.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SendMessage {
    /// The sender; `None`: the server's own number.
    pub from: Option<String>,
    /// One receiver.
    pub to: String,
    /// What it says.
    pub text: String,
    /// Addresses of media to attach.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub media_urls: Vec<String>,
    /// When the run asked; a search for a lost message begins here.
    pub asked_at: Time,
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
