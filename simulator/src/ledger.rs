//! What the carrier accepted and did: calls, texts, conferences, recordings and webhooks, in the order they began.
//!
//! Entries are written once and completed as things happen; nothing is ever taken out but the oldest beyond the limit.
//! The REST records (CDR, MDR) are read from here too, so the API and the ledger cannot disagree.

mod book;
mod call;
mod message;

use serde::{Serialize, Serializer};
use uuid::Uuid;

pub(crate) use self::{
    book::Book,
    call::{CallEntry, Direction},
    message::{MessageEntry, MessageState, Rich},
};
use crate::{address::Address, clock::At, recording::RoomOf, webhook::Hook};

/// Everything the simulated carrier remembers.
#[derive(Default, Serialize)]
pub(crate) struct Ledger {
    pub(crate) messages: Book<MessageEntry>,
    pub(crate) calls: Book<CallEntry>,
    pub(crate) conferences: Book<ConferenceEntry>,
    pub(crate) recordings: Book<RecordingEntry>,
    pub(crate) webhooks: Book<WebhookEntry>,
    pub(crate) emails: Book<EmailEntry>,
}

impl Ledger {
    /// A stay in a room.
    pub(crate) fn member_mut(&mut self, room: Uuid, member_id: u64) -> Option<&mut MemberEntry> {
        let entry = self.conferences.find_mut(room)?;
        entry.members.iter_mut().find(|member| member.member_id == member_id)
    }
}

/// An e-mail that would have been sent.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct EmailEntry {
    pub(crate) message_id: String,
    pub(crate) from: String,
    pub(crate) to: Vec<String>,
    pub(crate) reply_to: Option<String>,
    pub(crate) subject: String,
    pub(crate) text: String,
    /// Names and sizes of what is attached, in bytes.
    pub(crate) attachments: Vec<(String, usize)>,
    pub(crate) at: At,
}

/// A conference, from its first member to its last.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ConferenceEntry {
    pub(crate) conference_uuid: Uuid,
    pub(crate) name: String,
    /// `conference` or `multi_party_call`.
    pub(crate) kind: &'static str,
    pub(crate) members: Vec<MemberEntry>,
    /// What members heard when somebody came or went.
    pub(crate) sounds: Vec<SoundEntry>,
    /// Calls that found it full.
    pub(crate) refused: Vec<Uuid>,
    pub(crate) at: At,
    /// When the conversation began; null while everybody waits.
    pub(crate) started_at: Option<At>,
    pub(crate) ended_at: Option<At>,
}

/// A sound in a room: `beep:1`, `beep:2` or the address of a document.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct SoundEntry {
    pub(crate) sound: String,
    /// Who came or went.
    pub(crate) member_id: u64,
    pub(crate) at: At,
}

/// One stay of one call in a conference.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct MemberEntry {
    pub(crate) call_uuid: Uuid,
    pub(crate) number: Address,
    pub(crate) member_id: u64,
    /// What it is in a multi-party call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) role: Option<String>,
    /// What was done to it, in order: `muted`, `held`, `unheld`, …
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) changes: Vec<&'static str>,
    pub(crate) entered_at: At,
    pub(crate) left_at: Option<At>,
}

/// A recording. The simulator keeps no sound, only how long it would be and what was said.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct RecordingEntry {
    pub(crate) recording_id: Uuid,
    pub(crate) call_uuid: Option<Uuid>,
    pub(crate) conference_name: Option<String>,
    /// The room it is of, if it is of one.
    #[serde(skip)]
    pub(crate) room: Option<RoomOf>,
    pub(crate) from: Option<Address>,
    pub(crate) to: Option<Address>,
    pub(crate) url: String,
    pub(crate) format: &'static str,
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    pub(crate) duration_ms: u64,
    pub(crate) started_at: At,
    pub(crate) ended_at: Option<At>,
    /// What was said in it, as far as anybody said something; what a transcription would say.
    pub(crate) said: Vec<String>,
    /// Who is told that it has ended.
    #[serde(skip)]
    pub(crate) callback: Option<Hook>,
    /// Who is told what was said.
    #[serde(skip)]
    pub(crate) transcription: Option<Hook>,
}

/// A request the simulator made to one of our addresses.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct WebhookEntry {
    pub(crate) url: String,
    pub(crate) method: &'static str,
    pub(crate) params: Params,
    /// What was answered in the end; null while it is under way and where nobody answered.
    pub(crate) status: Option<u16>,
    pub(crate) problem: Option<String>,
    pub(crate) attempts: u32,
    /// True where a fault sent the same request a second time.
    pub(crate) is_duplicate: bool,
    pub(crate) at: At,
    pub(crate) answered_at: Option<At>,
}

/// Ordered parameters, written as one JSON object.
#[derive(Clone, Debug, Default)]
pub(crate) struct Params(pub(crate) Vec<(String, String)>);

impl Serialize for Params {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}
