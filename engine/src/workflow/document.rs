//! The workflow file, format 1, unchecked: what people draw, exchange and keep in git.

use super::marks::{Colour, Group, Note};
use crate::name::{NodeName, StateName};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;

/// The format this engine reads and writes.
pub const FORMAT: u32 = 1;

/// A workflow as it stands in its file. It may be wrong in any way that JSON allows; [`crate::Workflow::new`] checks it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// Always [`FORMAT`].
    pub format: u32,
    /// The workflow's id: part of its URLs and its file name; `[a-z0-9][a-z0-9_-]*`, at most 64 characters.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Address told when a run ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_complete: Option<String>,
    /// The nodes by name.
    pub nodes: BTreeMap<NodeName, NodeDocument>,
    /// Where each node stands on the canvas, in whole grid units: `[x, y]`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub layout: BTreeMap<NodeName, [i32; 2]>,
    /// Notes on the canvas, by any name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub notes: BTreeMap<String, Note>,
    /// Nodes that belong together, by any name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub groups: BTreeMap<String, Group>,
    /// The colours people gave to nodes.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub colours: BTreeMap<NodeName, Colour>,
}

impl Document {
    /// A workflow with a start and nothing else.
    pub fn empty(id: &str, name: &str) -> Document {
        let start = NodeDocument { kind: "start".to_owned(), ..NodeDocument::default() };
        Document {
            format: FORMAT,
            id: id.to_owned(),
            name: name.to_owned(),
            description: String::new(),
            on_complete: None,
            nodes: BTreeMap::from([(NodeName::from("Start"), start)]),
            layout: BTreeMap::from([(NodeName::from("Start"), [0, 0])]),
            notes: BTreeMap::new(),
            groups: BTreeMap::new(),
            colours: BTreeMap::new(),
        }
    }
}

/// One node as it stands in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NodeDocument {
    /// Which component it is: `get_digits`.
    pub kind: String,
    /// What people call it; without one its name is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What its user filled in.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub config: Map<String, Json>,
    /// Its edges: by which state to which node.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub next: BTreeMap<StateName, NodeName>,
}
