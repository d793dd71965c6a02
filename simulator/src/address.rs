//! Who is called or texted: a number in E.164 or a SIP endpoint, always written the same way.

use std::fmt;

use plivo::number::Number;
use serde::{Serialize, Serializer};

/// A number (`+15550100000`) or an endpoint (`sip:name@phone.plivo.com`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Address(String);

impl Address {
    /// Reads what a request or a path says. `None` is something that cannot be dialled.
    pub(crate) fn parse(text: &str) -> Option<Address> {
        let text = text.trim();
        if let Some(endpoint) = text.strip_prefix("sip:") {
            let is_plain = !endpoint.is_empty()
                && endpoint.len() <= 200
                && !endpoint.contains(char::is_whitespace);
            return is_plain.then(|| Address(format!("sip:{endpoint}")));
        }
        Number::parse(text).ok().map(|number| Address(number.as_str().to_owned()))
    }

    /// Reads a sender, which may also be a name of up to eleven letters and digits.
    pub(crate) fn parse_sender(text: &str) -> Option<Address> {
        let text = text.trim();
        Address::parse(text).or_else(|| {
            let is_name = !text.is_empty()
                && text.len() <= 11
                && text.chars().all(|c| c.is_ascii_alphanumeric() || c == ' ')
                && text.chars().any(|c| c.is_ascii_alphabetic());
            is_name.then(|| Address(text.to_owned()))
        })
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// As webhooks and records write it: numbers without the plus.
    pub(crate) fn wire(&self) -> &str {
        self.0.strip_prefix('+').unwrap_or(&self.0)
    }

    /// The last four characters, for logs.
    pub(crate) fn masked(&self) -> String {
        let tail: String =
            self.0.chars().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect();
        format!("…{tail}")
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Address {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}
