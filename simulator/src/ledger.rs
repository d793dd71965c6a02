//! What the carrier accepted and did: calls, texts, conferences, recordings and webhooks, in the order they began.
//!
//! Entries are written once and completed as things happen; nothing is ever taken out but the oldest beyond the limit.
//! The REST records (CDR, MDR) are read from here too, so the API and the ledger cannot disagree.

use std::collections::{HashMap, VecDeque};

use serde::{Serialize, Serializer, ser::SerializeSeq};
use uuid::Uuid;

use crate::{
    address::Address,
    clock::At,
    hangup::{CallStatus, Hangup},
    limits::{
        DOCUMENT_TEXT_PER_CALL_BYTES_MAX, DOCUMENTS_PER_CALL_MAX, LEDGER_ENTRIES_MAX,
        SPOKEN_PER_CALL_MAX,
    },
};

/// Everything the simulated carrier remembers.
#[derive(Default, Serialize)]
pub(crate) struct Ledger {
    pub(crate) messages: Book<MessageEntry>,
    pub(crate) calls: Book<CallEntry>,
    pub(crate) conferences: Book<ConferenceEntry>,
    pub(crate) recordings: Book<RecordingEntry>,
    pub(crate) webhooks: Book<WebhookEntry>,
}

/// A list that keeps its newest entries and finds them by id.
pub(crate) struct Book<T> {
    entries: VecDeque<(Uuid, T)>,
    /// How many entries were let go from the front; position in `entries` = number in `places` − this.
    dropped: u64,
    places: HashMap<Uuid, u64>,
}

impl<T> Default for Book<T> {
    fn default() -> Book<T> {
        Book { entries: VecDeque::new(), dropped: 0, places: HashMap::new() }
    }
}

impl<T> Book<T> {
    pub(crate) fn add(&mut self, id: Uuid, entry: T) {
        if self.entries.len() >= LEDGER_ENTRIES_MAX
            && let Some((oldest, _)) = self.entries.pop_front()
        {
            self.places.remove(&oldest);
            self.dropped += 1;
        }
        self.places.insert(id, self.dropped + self.entries.len() as u64);
        self.entries.push_back((id, entry));
    }

    pub(crate) fn find(&self, id: Uuid) -> Option<&T> {
        let place = self.places.get(&id)?.checked_sub(self.dropped)?;
        self.entries.get(usize::try_from(place).ok()?).map(|(_, entry)| entry)
    }

    pub(crate) fn find_mut(&mut self, id: Uuid) -> Option<&mut T> {
        let place = self.places.get(&id)?.checked_sub(self.dropped)?;
        self.entries.get_mut(usize::try_from(place).ok()?).map(|(_, entry)| entry)
    }

    /// Newest last.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.entries.iter().map(|(_, entry)| entry)
    }

    /// Takes an entry out: only recordings can be deleted, as at Plivo.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&T) -> bool) {
        self.entries.retain(|(_, entry)| keep(entry));
        self.dropped = 0;
        self.places =
            self.entries.iter().enumerate().map(|(place, (id, _))| (*id, place as u64)).collect();
    }
}

impl<T: Serialize> Serialize for Book<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut sequence = serializer.serialize_seq(Some(self.entries.len()))?;
        for entry in self.iter() {
            sequence.serialize_element(entry)?;
        }
        sequence.end()
    }
}

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

/// A conference, from its first member to its last.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ConferenceEntry {
    pub(crate) conference_uuid: Uuid,
    pub(crate) name: String,
    pub(crate) members: Vec<MemberEntry>,
    pub(crate) at: At,
    pub(crate) ended_at: Option<At>,
}

/// One stay of one call in a conference.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct MemberEntry {
    pub(crate) call_uuid: Uuid,
    pub(crate) number: Address,
    pub(crate) member_id: u64,
    pub(crate) entered_at: At,
    pub(crate) left_at: Option<At>,
}

/// A recording. The simulator keeps no sound, only how long it would be.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct RecordingEntry {
    pub(crate) recording_id: Uuid,
    pub(crate) call_uuid: Option<Uuid>,
    pub(crate) conference_name: Option<String>,
    pub(crate) from: Option<Address>,
    pub(crate) to: Option<Address>,
    pub(crate) url: String,
    pub(crate) format: &'static str,
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    pub(crate) duration_ms: u64,
    pub(crate) started_at: At,
    pub(crate) ended_at: Option<At>,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_book_lets_the_oldest_go_and_still_finds_the_rest() {
        let mut book = Book::default();
        let ids: Vec<Uuid> = (0..LEDGER_ENTRIES_MAX + 3).map(|_| Uuid::new_v4()).collect();
        for (number, id) in ids.iter().enumerate() {
            book.add(*id, number);
        }
        assert_eq!(book.find(ids[2]), None);
        assert_eq!(book.find(ids[3]), Some(&3));
        assert_eq!(book.find(*ids.last().unwrap()), Some(&(ids.len() - 1)));
        assert_eq!(book.iter().count(), LEDGER_ENTRIES_MAX);
        book.retain(|number| number % 2 == 0);
        assert_eq!(book.find(ids[4]), Some(&4));
        assert_eq!(book.find(ids[5]), None);
    }
}
