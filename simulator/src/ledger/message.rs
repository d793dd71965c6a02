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
    #[serde(flatten)]
    pub(crate) rich: Rich,
    /// The Powerpack that chose the sender.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) powerpack_uuid: Option<String>,
    pub(crate) direction: Direction,
    pub(crate) state: MessageState,
    pub(crate) error_code: Option<u32>,
    pub(crate) units: u32,
    pub(crate) at: At,
    pub(crate) sent_at: Option<At>,
    pub(crate) updated_at: At,
}

/// What a WhatsApp message can be instead of a text: Plivo's objects, as they were sent.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Rich {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) template: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) interactive: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) location: Option<Value>,
}

impl Rich {
    pub(crate) fn is_empty(&self) -> bool {
        self.template.is_none() && self.interactive.is_none() && self.location.is_none()
    }

    /// What a phone shows of it in words.
    pub(crate) fn words(&self) -> String {
        let text = |object: &Option<Value>, pointer: &str| {
            Some(object.as_ref()?.pointer(pointer)?.as_str()?.to_owned())
        };
        text(&self.interactive, "/body/text")
            .or_else(|| text(&self.template, "/name").map(|name| format!("[{name}]")))
            .or_else(|| text(&self.location, "/name"))
            .unwrap_or_default()
    }

    /// What can be pressed: the titles of buttons and of a list's rows.
    pub(crate) fn buttons(&self) -> impl Iterator<Item = &str> {
        let action = self.interactive.as_ref().map(|interactive| &interactive["action"]);
        let sections = action.into_iter().flat_map(|action| items(&action["sections"]));
        let rows = sections.flat_map(|section| items(&section["rows"]));
        let buttons = action.into_iter().flat_map(|action| items(&action["buttons"]));
        buttons.chain(rows).filter_map(title)
    }
}

/// Plivo takes buttons as WhatsApp names them, below `reply`, and without that step.
fn title(button: &Value) -> Option<&str> {
    button.get("title").or_else(|| button.pointer("/reply/title"))?.as_str()
}

fn items(list: &Value) -> &[Value] {
    list.as_array().map(Vec::as_slice).unwrap_or_default()
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
