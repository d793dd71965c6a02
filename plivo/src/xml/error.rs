//! What is wrong with an answer document, and where.

use std::fmt;

/// A place in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
}

impl Place {
    /// Where byte `offset` of `text` stands.
    pub(super) fn of(text: &str, offset: usize) -> Place {
        let before = &text[..text.floor_char_boundary(offset)];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Place {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// Why a text is not an answer document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Longer than Plivo takes.
    #[error("the document has {bytes} bytes; plivo takes at most {}", super::DOCUMENT_BYTES_MAX)]
    TooLarge {
        /// Its length.
        bytes: usize,
    },
    /// Not well-formed XML, or something that XML allows and Plivo's dialect has no use for.
    #[error("{place}: {problem}")]
    Malformed {
        /// Where it goes wrong.
        place: Place,
        /// What goes wrong.
        problem: String,
    },
    /// An element that cannot stand where it stands, mostly because Plivo has no element of that name.
    #[error("{place}: `<{parent}>` cannot hold `<{name}>`; it can hold {allowed}")]
    Element {
        /// Where it begins.
        place: Place,
        /// The element around it.
        parent: String,
        /// The element itself.
        name: String,
        /// What may stand there instead.
        allowed: &'static str,
    },
    /// A value that Plivo would not understand.
    #[error("{place}: `{attribute}=\"{value}\"` of `<{element}>` is not {expected}")]
    Attribute {
        /// Where its element begins.
        place: Place,
        /// The element that has it.
        element: String,
        /// Its name.
        attribute: &'static str,
        /// Its value, shortened.
        value: String,
        /// What the value must be.
        expected: &'static str,
    },
    /// Something an element cannot do without.
    #[error("{place}: `<{element}>` needs {needed}")]
    Missing {
        /// Where its element begins.
        place: Place,
        /// The element that lacks it.
        element: String,
        /// What it lacks.
        needed: String,
    },
}
