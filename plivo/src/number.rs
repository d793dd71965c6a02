//! Who is at the other end: phone numbers in E.164, and the other kinds of address Plivo puts in the same fields.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// E.164 allows fifteen digits; the shortest numbers with a country code in use have seven.
const DIGITS_MIN: usize = 7;
const DIGITS_MAX: usize = 15;

/// A phone number with its country code, such as `+15550100000`.
///
/// `Display` shows all of it; use [`masked`](Number::masked) wherever it might be kept, as in logs and errors.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Number(String);

impl Number {
    /// Reads a number as people and services write it: with or without `+`, with spaces, dots, dashes, slashes and brackets.
    ///
    /// # Errors
    /// When something else stands in it, or when it has fewer than 7 or more than 15 digits.
    pub fn parse(text: &str) -> Result<Number, Error> {
        let text = text.trim();
        let mut number = String::with_capacity(DIGITS_MAX + 1);
        number.push('+');
        for character in text.strip_prefix('+').unwrap_or(text).chars() {
            match character {
                '0'..='9' => number.push(character),
                ' ' | '\u{a0}' | '.' | '-' | '/' | '(' | ')' => {}
                _ => return Err(Error::Character { character }),
            }
        }
        let digits = number.len() - 1;
        if !(DIGITS_MIN..=DIGITS_MAX).contains(&digits) {
            return Err(Error::Length { digits });
        }
        if number.starts_with("+0") {
            return Err(Error::NoCountryCode);
        }
        Ok(Number(number))
    }

    /// The number with its plus sign: `+15550100000`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number as Plivo writes it in webhooks and call records, without the plus sign: `15550100000`.
    pub fn digits(&self) -> &str {
        &self.0[1..]
    }

    /// The last four digits, for logs and messages: `…0000`.
    pub fn masked(&self) -> String {
        format!("…{}", &self.0[self.0.len() - 4..])
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Masked, because debug output ends up in logs.
impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Number({})", self.masked())
    }
}

impl FromStr for Number {
    type Err = Error;

    fn from_str(text: &str) -> Result<Number, Error> {
        Number::parse(text)
    }
}

impl TryFrom<String> for Number {
    type Error = Error;

    fn try_from(text: String) -> Result<Number, Error> {
        Number::parse(&text)
    }
}

impl From<Number> for String {
    fn from(number: Number) -> String {
        number.0
    }
}

/// Whoever stands in the `From` or `To` of a webhook or a record.
///
/// Mostly a number; but Plivo also puts SIP addresses, short codes, alphanumeric senders and words such as `anonymous` there.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Party {
    /// A phone number.
    Number(Number),
    /// Anything else, exactly as it was written.
    Other(String),
}

impl Party {
    /// Takes any text: what is not a phone number is kept as it is.
    pub fn new(text: &str) -> Party {
        match Number::parse(text) {
            Ok(number) => Party::Number(number),
            Err(_) => Party::Other(text.trim().to_owned()),
        }
    }

    /// The number, if it is one.
    pub fn number(&self) -> Option<&Number> {
        match self {
            Party::Number(number) => Some(number),
            Party::Other(_) => None,
        }
    }

    /// The number with its plus sign, or the other text.
    pub fn as_str(&self) -> &str {
        match self {
            Party::Number(number) => number.as_str(),
            Party::Other(text) => text,
        }
    }

    /// As Plivo writes it: a number without its plus sign, or the other text.
    pub fn on_the_wire(&self) -> &str {
        match self {
            Party::Number(number) => number.digits(),
            Party::Other(text) => text,
        }
    }

    /// The last four characters, for logs and messages.
    pub fn masked(&self) -> String {
        let text = self.as_str();
        let start = text.char_indices().rev().nth(3).map_or(0, |(at, _)| at);
        format!("…{}", &text[start..])
    }
}

impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Masked, because debug output ends up in logs.
impl fmt::Debug for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Party({})", self.masked())
    }
}

impl From<Number> for Party {
    fn from(number: Number) -> Party {
        Party::Number(number)
    }
}

impl From<&str> for Party {
    fn from(text: &str) -> Party {
        Party::new(text)
    }
}

impl From<String> for Party {
    fn from(text: String) -> Party {
        Party::new(&text)
    }
}

impl From<Party> for String {
    fn from(party: Party) -> String {
        match party {
            Party::Number(number) => number.into(),
            Party::Other(text) => text,
        }
    }
}

/// Why a text is not a phone number. The messages never repeat the whole text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It holds something that does not belong in a number.
    #[error("`{character}` cannot stand in a phone number; write it like +15550100000")]
    Character {
        /// The first character that does not belong.
        character: char,
    },
    /// It is too short or too long to be dialled with a country code.
    #[error(
        "a phone number has {DIGITS_MIN} to {DIGITS_MAX} digits, this one has {digits}; write it with its country code, like +15550100000"
    )]
    Length {
        /// How many digits it has.
        digits: usize,
    },
    /// It begins with 0, so it is a national number.
    #[error(
        "a phone number cannot begin with 0; write it with its country code, like +15550100000"
    )]
    NoCountryCode,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for text in ["+1 (555) 010-0000", "15550100000", " +1.555.010.0000 ", "1/555/010 0000"] {
            let number = Number::parse(text).unwrap();
            assert_eq!(number.as_str(), "+15550100000");
            assert_eq!(number.digits(), "15550100000");
            assert_eq!(number.masked(), "…0000");
        }
    }

    #[test]
    fn what_cannot_be_dialled_is_refused_without_repeating_it() {
        assert_eq!(Number::parse("").unwrap_err(), Error::Length { digits: 0 });
        assert_eq!(Number::parse("+123456").unwrap_err(), Error::Length { digits: 6 });
        assert_eq!(Number::parse("1234567890123456").unwrap_err(), Error::Length { digits: 16 });
        assert_eq!(Number::parse("0555 010 0000").unwrap_err(), Error::NoCountryCode);
        assert_eq!(Number::parse("sip:a@b").unwrap_err(), Error::Character { character: 's' });
        assert_eq!(Number::parse("1555010٠000").unwrap_err(), Error::Character { character: '٠' });
        assert_eq!(
            Number::parse("++15550100000").unwrap_err(),
            Error::Character { character: '+' }
        );
    }

    #[test]
    fn debug_output_and_json_keep_their_promises() {
        let number = Number::parse("15550100000").unwrap();
        assert_eq!(format!("{number:?}"), "Number(…0000)");
        assert_eq!(serde_json::to_string(&number).unwrap(), r#""+15550100000""#);
        assert_eq!(serde_json::from_str::<Number>(r#""1 555 010 0000""#).unwrap(), number);
        assert!(serde_json::from_str::<Number>(r#""12""#).is_err());
    }

    #[test]
    fn a_party_that_is_no_number_is_kept_as_it_is() {
        assert_eq!(Party::new("15550100000").as_str(), "+15550100000");
        assert_eq!(Party::new("15550100000").on_the_wire(), "15550100000");
        assert_eq!(Party::new("sip:ann@phone.example").as_str(), "sip:ann@phone.example");
        assert_eq!(Party::new("anonymous").masked(), "…mous");
        assert_eq!(Party::new("é").masked(), "…é");
    }
}
