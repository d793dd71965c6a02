//! What people put on the canvas for each other: notes, groups and colours. No run ever looks at it.

use crate::name::NodeName;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The colours a mark can have; few, so that both themes can show each well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Colour {
    /// Yellow.
    Amber,
    /// Green.
    Green,
    /// Blue.
    Blue,
    /// Violet.
    Violet,
    /// Pink.
    Rose,
    /// No hue.
    Grey,
}

impl Colour {
    /// Every colour, in the order in which they are offered.
    pub const ALL: [Colour; 6] =
        [Colour::Amber, Colour::Green, Colour::Blue, Colour::Violet, Colour::Rose, Colour::Grey];

    /// What it is called in the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Colour::Amber => "amber",
            Colour::Green => "green",
            Colour::Blue => "blue",
            Colour::Violet => "violet",
            Colour::Rose => "rose",
            Colour::Grey => "grey",
        }
    }
}

/// A note on the canvas, for people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// Where: `[x, y]` in grid units.
    pub at: [i32; 2],
    /// How large: `[width, height]` in grid units; without it as large as a new note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<[i32; 2]>,
    /// What it says.
    pub text: String,
    /// Its colour; without one, amber.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colour: Option<Colour>,
    /// The node it is about: such a note is a comment, shown at the node's card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<NodeName>,
    /// What makes it a comment, with or without a node: who wrote it, and whether it is settled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<Comment>,
}

/// What a comment says beside its text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comment {
    /// Who wrote it, by the name they had then.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub by: String,
    /// When, as RFC 3339 has it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub written_at: String,
    /// Whether it is settled.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub resolved: bool,
}

/// Nodes that belong together, in a frame with a title.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Its title.
    pub label: String,
    /// The nodes in it; names of nodes that do not exist are passed over.
    pub nodes: BTreeSet<NodeName>,
    /// Its colour; without one, grey.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colour: Option<Colour>,
    /// Whether one card stands for all of its nodes.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub collapsed: bool,
}

#[cfg(test)]
mod tests {
    use crate::workflow::{canonical, check, read};

    #[test]
    fn marks_come_back_byte_for_byte_and_are_no_problem_even_where_their_node_is_gone() {
        let text = r#"{
  "colours": {
    "Gone": "rose",
    "Start": "violet"
  },
  "format": 1,
  "groups": {
    "Group1": {
      "collapsed": true,
      "colour": "blue",
      "label": "Opening",
      "nodes": [
        "Gone",
        "Start"
      ]
    },
    "Group2": {
      "label": "",
      "nodes": []
    }
  },
  "id": "a",
  "name": "A",
  "nodes": {
    "Start": {
      "kind": "start"
    }
  },
  "notes": {
    "Note1": {
      "at": [3, 4],
      "colour": "green",
      "comment": {
        "by": "Ana",
        "resolved": true,
        "written_at": "2026-11-24T02:00:00Z"
      },
      "node": "Start",
      "size": [8, 5],
      "text": "Ask Ana before changing this."
    },
    "Note2": {
      "at": [0, 0],
      "text": ""
    }
  }
}
"#;
        let document = read(text).unwrap();
        assert_eq!(canonical(&document), text);
        let mut plain = document.clone();
        plain.notes.clear();
        plain.groups.clear();
        plain.colours.clear();
        assert_eq!(check(&document), check(&plain));
    }

    #[test]
    fn a_colour_that_is_none_is_told_with_its_place() {
        let text =
            r#"{"format": 1, "id": "a", "name": "A", "nodes": {}, "colours": {"Start": "mauve"}}"#;
        let problems = read(text).unwrap_err();
        assert_eq!(problems[0].pointer, "/colours/Start");
    }
}
