//! Names that appear in workflow files: of nodes, and of the ways out of them.

use crate::text::Text;
use serde::{Deserialize, Serialize};
use std::{borrow::Borrow, fmt};

/// The reference name of a node, unique in its workflow: an identifier (`[A-Za-z_][A-Za-z0-9_]*`, at most 64 characters), since templates say
/// `{{ Menu.digits }}`.
///
/// A name read from a file may be anything; [`crate::workflow::check`] reports those that are not identifiers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NodeName(Text);

impl NodeName {
    /// Longest name, in characters: it must fit on a card.
    pub const LENGTH_MAX: usize = 64;

    /// Whether the text is an identifier that templates can say.
    pub fn is_identifier(text: &str) -> bool {
        let mut characters = text.chars();
        text.len() <= Self::LENGTH_MAX
            && characters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
            && characters.all(|other| other.is_ascii_alphanumeric() || other == '_')
    }
}

/// A named way out of a node: `digits`, `no_input`, the key of a menu, the name of a case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StateName(Text);

macro_rules! name {
    ($type:ident) => {
        impl $type {
            /// The text of the name.
            #[inline]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $type {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl From<String> for $type {
            fn from(text: String) -> Self {
                Self(text.into())
            }
        }

        impl Borrow<str> for $type {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl PartialEq<str> for $type {
            fn eq(&self, other: &str) -> bool {
                self.0 == *other
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    };
}

name!(NodeName);
name!(StateName);
