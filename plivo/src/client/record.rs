//! Reads the JSON objects in Plivo's answers, which write the same field as text here and as a number there.

use crate::Error;
use crate::number::Party;
use serde_json::Value;

/// A JSON object in an answer.
pub(super) struct Record<'a>(pub(super) &'a Value);

impl<'a> Record<'a> {
    /// A field's text, or its number as text; nothing where it is missing, null or empty.
    pub(super) fn text(&self, field: &str) -> Option<String> {
        match &self.0[field] {
            Value::String(text) if !text.is_empty() => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// A field without which the answer is no use.
    pub(super) fn needed(&self, field: &str) -> Result<String, Error> {
        self.text(field).ok_or_else(|| Error::Unknown(format!("its answer lacks `{field}`")))
    }

    pub(super) fn number(&self, field: &str) -> Option<u32> {
        self.text(field)?.trim().parse().ok()
    }

    /// A field that says yes or no, as a word or as JSON's own.
    pub(super) fn flag(&self, field: &str) -> Option<bool> {
        self.0[field]
            .as_bool()
            .or_else(|| self.text(field)?.trim().to_ascii_lowercase().parse().ok())
    }

    pub(super) fn party(&self, field: &str) -> Option<Party> {
        self.text(field).as_deref().map(Party::new)
    }

    /// The first text of a list, or the text itself: Plivo lists the ids of what it made, also when it is one.
    pub(super) fn first(&self, field: &str) -> Option<String> {
        match &self.0[field] {
            Value::Array(entries) => entries.iter().find_map(Value::as_str).map(str::to_owned),
            _ => self.text(field),
        }
    }

    /// The objects of a list.
    pub(super) fn objects(&self) -> Result<&'a [Value], Error> {
        self.list("objects")
    }

    pub(super) fn list(&self, field: &str) -> Result<&'a [Value], Error> {
        self.0[field]
            .as_array()
            .map(Vec::as_slice)
            .ok_or_else(|| Error::Unknown(format!("its answer lacks the list `{field}`")))
    }
}
