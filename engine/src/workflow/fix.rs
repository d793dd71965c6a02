//! Mending a problem with one press: what would be changed, as data, so that the editor, the command line and a service do the same.

use super::document::{Document, NodeDocument};
use crate::name::{NodeName, StateName};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

/// A way to mend a problem without typing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// What its button says: "Say goodbye there".
    pub label: String,
    /// Whether it only touches what could not have worked as it stood, so that it may be done without asking.
    #[serde(rename = "safe")]
    pub is_safe: bool,
    /// What it changes, in this order.
    pub changes: Vec<Change>,
}

/// One thing that a [`Fix`] changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// Gives a node's setting another value.
    Set {
        /// RFC 6901: `/nodes/Menu/config/retries`; maps on the way are made.
        pointer: String,
        /// The value.
        value: Json,
    },
    /// Takes a node's setting, or a place of the layout, away.
    Remove {
        /// RFC 6901.
        pointer: String,
    },
    /// Lets a state lead to a node.
    Connect {
        /// The state.
        from: WayOut,
        /// Where it then leads.
        to: NodeName,
    },
    /// Lets a state lead nowhere.
    Disconnect {
        /// The state.
        from: WayOut,
    },
    /// Puts in a new node.
    Add {
        /// Its name; where that is taken by now, it gets a number.
        name: NodeName,
        /// The node, with where it leads.
        node: NodeDocument,
        /// The states that then lead to it.
        from: Vec<WayOut>,
    },
    /// Takes a node away, and the edges to it.
    Delete {
        /// Its name.
        node: NodeName,
    },
}

/// A state of a node, connected or not.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct WayOut {
    /// The node.
    pub node: NodeName,
    /// Its state.
    pub state: StateName,
}

impl WayOut {
    pub(crate) fn new(node: &NodeName, state: impl Into<StateName>) -> WayOut {
        WayOut { node: node.clone(), state: state.into() }
    }
}

impl Fix {
    /// One that may be done without asking.
    pub(crate) fn safe(label: impl Into<String>, change: Change) -> Fix {
        Fix { label: label.into(), is_safe: true, changes: vec![change] }
    }

    /// One that a person should want.
    pub(crate) fn offered(label: impl Into<String>, change: Change) -> Fix {
        Fix { is_safe: false, ..Fix::safe(label, change) }
    }

    /// Carries it out. What is not there any more is passed over.
    pub fn apply(&self, document: &mut Document) {
        for change in &self.changes {
            change.apply(document);
        }
    }
}

impl Change {
    pub(crate) fn set(pointer: impl Into<String>, value: impl Into<Json>) -> Change {
        Change::Set { pointer: pointer.into(), value: value.into() }
    }

    fn apply(&self, document: &mut Document) {
        match self {
            Change::Set { pointer, value } => settle(document, pointer, Some(value)),
            Change::Remove { pointer } => settle(document, pointer, None),
            Change::Connect { from, to } => connect(document, from, to),
            Change::Disconnect { from } => {
                if let Some(node) = document.nodes.get_mut(&from.node) {
                    node.next.remove(&from.state);
                }
            }
            Change::Add { name, node, from } => {
                let name = fresh_name(document, name.as_str());
                document.nodes.insert(name.clone(), node.clone());
                for way_out in from {
                    connect(document, way_out, &name);
                }
            }
            Change::Delete { node } => {
                document.nodes.remove(node);
                document.layout.remove(node);
                document.nodes.values_mut().for_each(|other| other.next.retain(|_, to| to != node));
            }
        }
    }
}

/// The first free name: `Goodbye`, `Goodbye2`, …
pub(crate) fn fresh_name(document: &Document, wish: &str) -> NodeName {
    let numbered = (2..).map(|number| NodeName::from(format!("{wish}{number}")));
    std::iter::once(NodeName::from(wish))
        .chain(numbered)
        .find(|name| !document.nodes.contains_key(name))
        .unwrap_or_else(|| NodeName::from(wish))
}

fn connect(document: &mut Document, from: &WayOut, to: &NodeName) {
    if let Some(node) = document.nodes.get_mut(&from.node) {
        node.next.insert(from.state.clone(), to.clone());
    }
}

fn settle(document: &mut Document, pointer: &str, value: Option<&Json>) {
    let steps: Vec<String> =
        pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~")).collect();
    let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
    match steps.as_slice() {
        ["layout", name] => drop(document.layout.remove(*name)),
        ["nodes", node, "config", path @ ..] => {
            if let Some(node) = document.nodes.get_mut(*node) {
                settle_within(&mut node.config, path, value);
            }
        }
        _ => {}
    }
}

fn settle_within(config: &mut Map<String, Json>, path: &[&str], value: Option<&Json>) {
    let Some((last, way)) = path.split_last() else { return };
    let mut whole = Json::Object(std::mem::take(config));
    let mut at = Some(&mut whole);
    for step in way {
        at = match at {
            Some(Json::Object(map)) => {
                if value.is_some() {
                    Some(map.entry(*step).or_insert_with(|| Json::Object(Map::new())))
                } else {
                    map.get_mut(*step)
                }
            }
            Some(Json::Array(items)) => {
                step.parse().ok().and_then(|index: usize| items.get_mut(index))
            }
            _ => None,
        };
    }
    match (at, value) {
        (Some(Json::Object(map)), Some(value)) => {
            drop(map.insert((*last).to_owned(), value.clone()))
        }
        (Some(Json::Object(map)), None) => drop(map.remove(*last)),
        (Some(Json::Array(items)), _) => match (last.parse::<usize>(), value) {
            (Ok(index), Some(value)) if index < items.len() => items[index] = value.clone(),
            (Ok(index), None) if index < items.len() => drop(items.remove(index)),
            _ => {}
        },
        _ => {}
    }
    if let Json::Object(map) = whole {
        *config = map;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn document() -> Document {
        serde_json::from_value(json!({ "format": 1, "id": "w", "name": "W", "layout": { "Gone": [1, 2] }, "nodes": {
            "Start": { "kind": "start", "next": { "incoming_call": "Menu" } },
            "Menu": { "kind": "switch", "config": { "cases": [{ "name": "A", "equals": "one" }], "to": ["a", "b"] }, "next": { "A": "Menu" } },
        } }))
        .unwrap()
    }

    #[test]
    fn settings_are_changed_where_the_pointer_leads() {
        let mut document = document();
        for (pointer, value) in [
            ("/nodes/Menu/config/cases/0/equals", Some(json!("1"))),
            ("/nodes/Menu/config/to/1", Some(json!("c"))),
            ("/nodes/Menu/config/to/9", Some(json!("never"))),
            ("/nodes/Start/config/params/a~1b", Some(json!({}))),
            ("/nodes/Menu/config/cases/0/name", None),
            ("/nodes/Menu/config/no/such/thing", None),
            ("/nodes/Nobody/config/x", Some(json!(1))),
            ("/layout/Gone", None),
        ] {
            let pointer = pointer.to_owned();
            let change = match value {
                Some(value) => Change::Set { pointer, value },
                None => Change::Remove { pointer },
            };
            Fix::safe("", change).apply(&mut document);
        }
        assert_eq!(
            json!(document.nodes["Menu"].config),
            json!({ "cases": [{ "equals": "1" }], "to": ["a", "c"] })
        );
        assert_eq!(json!(document.nodes["Start"].config), json!({ "params": { "a/b": {} } }));
        assert!(document.layout.is_empty());
    }

    #[test]
    fn a_new_node_never_takes_the_place_of_another() {
        let mut document = document();
        let node = NodeDocument { kind: "speak".to_owned(), ..NodeDocument::default() };
        let menu = NodeName::from("Menu");
        let from = vec![WayOut::new(&menu, "no_match")];
        let add = Fix::offered("", Change::Add { name: menu.clone(), node, from });
        add.apply(&mut document);
        assert_eq!(document.nodes["Menu"].next["no_match"], NodeName::from("Menu2"));
        Fix::offered("", Change::Delete { node: menu }).apply(&mut document);
        assert_eq!(document.nodes.len(), 2);
        assert!(document.nodes["Start"].next.is_empty(), "edges to it are gone too");
    }
}
