//! Calls in the ledger.

use serde::Serialize;
use uuid::Uuid;

use super::Params;
use crate::{
    address::Address,
    clock::At,
    hangup::{CallStatus, Hangup},
    limits::{DOCUMENT_TEXT_PER_CALL_BYTES_MAX, DOCUMENTS_PER_CALL_MAX, SPOKEN_PER_CALL_MAX},
};

/// A call, from the order to the hang-up.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct CallEntry {
    pub(crate) call_uuid: Uuid,
    pub(crate) request_uuid: Option<Uuid>,
    pub(crate) parent_call_uuid: Option<Uuid>,
    pub(crate) from: Address,
    pub(crate) to: Address,
    pub(crate) direction: Direction,
    pub(crate) status: CallStatus,
    pub(crate) hangup_cause: Option<&'static str>,
    pub(crate) hangup_cause_name: Option<&'static str>,
    pub(crate) hangup_cause_code: Option<u32>,
    pub(crate) hangup_source: Option<&'static str>,
    /// What answering-machine detection said, where it was asked for.
    pub(crate) machine: Option<bool>,
    pub(crate) at: At,
    pub(crate) ringing_at: Option<At>,
    pub(crate) answered_at: Option<At>,
    pub(crate) ended_at: Option<At>,
    pub(crate) documents: Vec<DocumentEntry>,
    pub(crate) spoken: Vec<String>,
    pub(crate) played: Vec<String>,
    pub(crate) digits: Vec<String>,
    pub(crate) speech: Vec<String>,
    /// Key tones that were sent into the call.
    pub(crate) sent_digits: Vec<String>,
    /// SIP headers that came with the call, without `X-PH-`.
    pub(crate) sip_headers: Params,
    #[serde(skip)]
    pub(crate) caller_name: String,
    #[serde(skip)]
    pub(crate) document_bytes: usize,
    #[serde(skip)]
    pub(crate) conference_uuid: Option<Uuid>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Direction {
    Inbound,
    Outbound,
}

impl Direction {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Direction::Inbound => "inbound",
            Direction::Outbound => "outbound",
        }
    }
}

/// An answer document a call was given.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct DocumentEntry {
    pub(crate) url: String,
    pub(crate) at: At,
    pub(crate) spoken: Vec<String>,
    /// The document itself; null once the call's documents have grown beyond what is kept.
    pub(crate) xml: Option<String>,
    /// What was wrong with it, if anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) problem: Option<String>,
}

impl CallEntry {
    pub(crate) fn end(&mut self, hangup: Hangup) {
        self.status = hangup.status;
        self.hangup_cause = Some(hangup.cause);
        self.hangup_cause_name = Some(hangup.name);
        self.hangup_cause_code = Some(hangup.code);
        self.hangup_source = Some(hangup.source);
        self.ended_at = Some(At::now());
    }

    pub(crate) fn add_document(&mut self, url: &str, xml: &str, problem: Option<String>) {
        if self.documents.len() >= DOCUMENTS_PER_CALL_MAX {
            return;
        }
        let is_kept = self.document_bytes + xml.len() <= DOCUMENT_TEXT_PER_CALL_BYTES_MAX;
        if is_kept {
            self.document_bytes += xml.len();
        }
        let xml = is_kept.then(|| xml.to_owned());
        self.documents.push(DocumentEntry {
            url: url.to_owned(),
            at: At::now(),
            spoken: Vec::new(),
            xml,
            problem,
        });
    }

    pub(crate) fn add_spoken(&mut self, text: &str) {
        if self.spoken.len() >= SPOKEN_PER_CALL_MAX {
            return;
        }
        self.spoken.push(text.to_owned());
        if let Some(document) = self.documents.last_mut() {
            document.spoken.push(text.to_owned());
        }
    }

    pub(crate) fn add_played(&mut self, url: &str) {
        if self.played.len() < SPOKEN_PER_CALL_MAX {
            self.played.push(url.to_owned());
        }
    }

    pub(crate) fn add_digits(&mut self, digits: &str) {
        if self.digits.len() < SPOKEN_PER_CALL_MAX {
            self.digits.push(digits.to_owned());
        }
    }

    pub(crate) fn add_sent_digits(&mut self, digits: &str) {
        if self.sent_digits.len() < SPOKEN_PER_CALL_MAX {
            self.sent_digits.push(digits.to_owned());
        }
    }

    pub(crate) fn add_speech(&mut self, speech: &str) {
        if self.speech.len() < SPOKEN_PER_CALL_MAX {
            self.speech.push(speech.to_owned());
        }
    }

    /// Whole seconds from the order to the end (or to now, while it lives).
    pub(crate) fn duration_s(&self) -> u64 {
        self.ended_at.unwrap_or_else(At::now).seconds_since(self.at).ceil() as u64
    }

    /// Whole seconds from the answer to the end.
    pub(crate) fn bill_duration_s(&self) -> u64 {
        match self.answered_at {
            Some(answered) => {
                self.ended_at.unwrap_or_else(At::now).seconds_since(answered).ceil() as u64
            }
            None => 0,
        }
    }
}
