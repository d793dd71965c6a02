//! What Plivo tells us: typed views of the form fields of its webhooks.
//!
//! [`Params`] keeps the fields as they came, because the signature covers all of them, also those nobody knows yet.
//! [`Voice`], [`Transcription`], [`MultiPartyEvent`], [`MessageStatus`] and [`InboundMessage`] are what can be read out of them.
//! New words from Plivo do not break anything: each of its word lists ends in a variant for the others.

mod dial;
mod message;
mod recording;
mod rooms;
mod status;
mod voice;

pub use dial::{DialEvent, Leg};
pub use message::{InboundMessage, MessageState, MessageStatus};
pub use recording::{Recording, Transcription};
pub use rooms::{ConferenceEvent, MultiPartyEvent, MultiPartyStep};
pub use status::{CallStatus, Direction, VoiceEvent};
pub use voice::{InterimSpeech, Voice};

use crate::number::Party;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use url::form_urlencoded;

/// The fields of a webhook, decoded, in the order they came in. A field can occur several times.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Params(Vec<(String, String)>);

impl Params {
    /// Reads the body of a form, or the query of an address.
    pub fn parse(form: &[u8]) -> Params {
        Params(form_urlencoded::parse(form).into_owned().collect())
    }

    /// The first value of a field, if the field is there and not empty: Plivo sends what it does not know as nothing.
    pub fn get(&self, name: &str) -> Option<&str> {
        let value = self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        value.filter(|value| !value.is_empty())
    }

    /// Adds a field at the end.
    pub fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push((name.into(), value.into()));
    }

    /// All fields, as [`signature`](crate::signature) takes them.
    pub fn as_slice(&self) -> &[(String, String)] {
        &self.0
    }

    /// Writes them as the body of a form.
    pub fn to_form(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.0).finish()
    }

    fn needed(&self, field: &'static str) -> Result<&str, Error> {
        self.get(field).ok_or(Error::Missing { field })
    }

    fn text(&self, field: &str) -> Option<String> {
        self.get(field).map(str::to_owned)
    }

    fn party(&self, field: &str) -> Option<Party> {
        self.get(field).map(Party::new)
    }

    /// Plivo writes durations also as decimals; what cannot be read as a number is as good as missing.
    fn number<N: FromStr>(&self, field: &str) -> Option<N> {
        self.get(field).and_then(|value| value.trim().parse().ok())
    }

    fn flag(&self, field: &str) -> Option<bool> {
        self.get(field).and_then(|value| value.trim().to_ascii_lowercase().parse().ok())
    }
}

/// The names only: the values are numbers, digits and texts of people.
impl fmt::Debug for Params {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

impl From<Vec<(String, String)>> for Params {
    fn from(pairs: Vec<(String, String)>) -> Params {
        Params(pairs)
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Params {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Params {
        Params(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

impl<'a> IntoIterator for &'a Params {
    type Item = &'a (String, String);
    type IntoIter = std::slice::Iter<'a, (String, String)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

/// Why a webhook could not be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Without this field nobody knows what the webhook is about.
    #[error("the webhook lacks the field `{field}`")]
    Missing {
        /// Its name.
        field: &'static str,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_read_and_written_without_loss() {
        let form = b"From=15550100000&Text=Gr%C3%BC%C3%9Fe+%F0%9F%91%8B&Tag=b&Tag=a&Empty=";
        let params = Params::parse(form);
        assert_eq!(params.get("Text"), Some("Grüße 👋"));
        assert_eq!(params.get("Tag"), Some("b"));
        assert_eq!(params.get("Empty"), None);
        assert_eq!(params.as_slice().len(), 5);
        assert_eq!(params.to_form().as_bytes(), form);
        assert_eq!(format!("{params:?}"), r#"["From", "Text", "Tag", "Tag", "Empty"]"#);
    }
}
