//! Texts in the ledger.

use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::Direction;
use crate::{address::Address, clock::At};

/// A text, in either direction.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct MessageEntry {
    pub(crate) message_uuid: Uuid,
    pub(crate) from: Address,
    pub(crate) to: Address,
    pub(crate) text: String,
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    pub(crate) media_urls: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) template: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) interactive: Option<Value>,
    pub(crate) direction: Direction,
    pub(crate) state: MessageState,
    pub(crate) error_code: Option<u32>,
    pub(crate) units: u32,
    pub(crate) at: At,
    pub(crate) sent_at: Option<At>,
    pub(crate) updated_at: At,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MessageState {
    Queued,
    Sent,
    Delivered,
    Undelivered,
    Received,
}

impl MessageState {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            MessageState::Queued => "queued",
            MessageState::Sent => "sent",
            MessageState::Delivered => "delivered",
            MessageState::Undelivered => "undelivered",
            MessageState::Received => "received",
        }
    }
}
