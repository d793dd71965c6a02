//! Short texts without a place of their own: names, keys, numbers and words, most of what a run holds.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{borrow::Borrow, cmp::Ordering, fmt, hash, ops::Deref, str, sync::Arc};

/// A text that is never changed. Up to [`Text::SHORT_BYTES_MAX`] bytes stand in the value itself, and a copy of a longer one is no second text.
#[derive(Clone)]
pub struct Text(Held);

#[derive(Clone)]
enum Held {
    Short { length: u8, bytes: [u8; Text::SHORT_BYTES_MAX] },
    Long(Arc<str>),
}

impl Text {
    /// Longest text that needs no memory elsewhere, in bytes: what fits beside a tag and a length into three words.
    pub const SHORT_BYTES_MAX: usize = 22;

    /// The text.
    #[inline]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Held::Short { .. } => str::from_utf8(self.as_bytes()).unwrap_or_default(),
            Held::Long(text) => text,
        }
    }

    /// The text in UTF-8.
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Held::Short { length, bytes } => bytes.get(..usize::from(*length)).unwrap_or_default(),
            Held::Long(text) => text.as_bytes(),
        }
    }

    /// How long it is, in bytes.
    #[inline]
    pub fn len(&self) -> usize {
        match &self.0 {
            Held::Short { length, .. } => usize::from(*length),
            Held::Long(text) => text.len(),
        }
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// It in a place of its own only if it is too long to stand here.
    #[inline]
    fn short(text: &str) -> Option<Text> {
        let mut bytes = [0; Text::SHORT_BYTES_MAX];
        bytes.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        // The line above gives up on anything longer than 22.
        Some(Text(Held::Short { length: u8::try_from(text.len()).ok()?, bytes }))
    }
}

impl Default for Text {
    fn default() -> Text {
        Text(Held::Short { length: 0, bytes: [0; Text::SHORT_BYTES_MAX] })
    }
}

impl From<&str> for Text {
    #[inline]
    fn from(text: &str) -> Text {
        Text::short(text).unwrap_or_else(|| Text(Held::Long(text.into())))
    }
}

impl From<String> for Text {
    fn from(text: String) -> Text {
        Text::from(text.as_str())
    }
}

impl From<&String> for Text {
    fn from(text: &String) -> Text {
        Text::from(text.as_str())
    }
}

impl From<Text> for String {
    fn from(text: Text) -> String {
        text.as_str().to_owned()
    }
}

impl Deref for Text {
    type Target = str;

    #[inline]
    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl Borrow<str> for Text {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq for Text {
    #[inline]
    fn eq(&self, other: &Text) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for Text {}

impl PartialEq<str> for Text {
    #[inline]
    fn eq(&self, other: &str) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl PartialEq<&str> for Text {
    #[inline]
    fn eq(&self, other: &&str) -> bool {
        self == *other
    }
}

impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Text) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// As of `str`, which compares bytes too.
impl Ord for Text {
    #[inline]
    fn cmp(&self, other: &Text) -> Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }
}

/// As of `str`, since maps are asked by it.
impl hash::Hash for Text {
    fn hash<H: hash::Hasher>(&self, hasher: &mut H) {
        self.as_str().hash(hasher);
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(formatter)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Text, D::Error> {
        struct Reader;

        impl de::Visitor<'_> for Reader {
            type Value = Text;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a string")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Text, E> {
                Ok(text.into())
            }
        }

        deserializer.deserialize_str(Reader)
    }
}

/// A text as it grows: it moves out of its 22 bytes only when it has to.
#[derive(Debug)]
pub(crate) struct Growing {
    length: usize,
    short: [u8; Text::SHORT_BYTES_MAX],
    /// All of it, once it is longer.
    long: String,
    bytes_max: usize,
}

impl Growing {
    /// Nothing so far, and never more than `bytes_max`.
    pub(crate) fn new(bytes_max: usize) -> Growing {
        Growing { length: 0, short: [0; Text::SHORT_BYTES_MAX], long: String::new(), bytes_max }
    }

    /// Adds a piece, whole or not at all. Says whether it was added.
    #[inline]
    pub(crate) fn push(&mut self, piece: &str) -> bool {
        let length = self.length + piece.len();
        if length > self.bytes_max {
            return false;
        }
        if let Some(room) = self.short.get_mut(self.length..length) {
            room.copy_from_slice(piece.as_bytes());
        } else {
            if self.long.is_empty() {
                let mut long = String::with_capacity(length.max(64));
                long.push_str(self.so_far());
                self.long = long;
            }
            self.long.push_str(piece);
        }
        self.length = length;
        true
    }

    fn so_far(&self) -> &str {
        let short = self.short.get(..self.length).unwrap_or_default();
        if self.long.is_empty() { str::from_utf8(short).unwrap_or_default() } else { &self.long }
    }

    pub(crate) fn into_string(self) -> String {
        if self.long.is_empty() { self.so_far().to_owned() } else { self.long }
    }

    pub(crate) fn into_text(self) -> Text {
        match u8::try_from(self.length) {
            Ok(length) if self.long.is_empty() => Text(Held::Short { length, bytes: self.short }),
            _ => Text(Held::Long(self.long.into())),
        }
    }
}

/// Fails where a piece would pass the bound.
impl fmt::Write for Growing {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        if self.push(piece) { Ok(()) } else { Err(fmt::Error) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Growing, Text};

    #[test]
    fn a_growing_text_moves_out_when_it_has_to_and_keeps_to_its_bound() {
        let mut growing = Growing::new(60);
        let mut expected = String::new();
        for piece in ["Hello ", "", "Adä, ", "this is more ", "than 22 bytes", ", and more"] {
            assert!(growing.push(piece));
            expected.push_str(piece);
            assert_eq!(growing.so_far(), expected);
        }
        assert!(!growing.push("this piece is longer than what is left"));
        assert_eq!(growing.into_text(), *expected);
    }

    #[test]
    fn a_text_is_the_same_short_and_long() {
        for text in [
            "",
            "1",
            "ä",
            "exactly twenty-two byte",
            "exactly 22 bytes, here",
            "ünfundzwanzig und mehr Bytes",
        ] {
            let held = Text::from(text);
            assert_eq!(held.as_str(), text);
            assert_eq!(held.len(), text.len());
            assert_eq!(held.clone(), held);
            assert_eq!(
                serde_json::from_str::<Text>(&serde_json::to_string(&held).unwrap()).unwrap(),
                held
            );
        }
        let mut sorted = ["b", "a much longer text than fits", "a"].map(Text::from);
        sorted.sort();
        assert_eq!(sorted.each_ref().map(Text::as_str), ["a", "a much longer text than fits", "b"]);
        assert_eq!(size_of::<Text>(), 24);
        assert_eq!(size_of::<Option<Text>>(), 24);
    }
}
