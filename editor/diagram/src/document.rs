//! The drawing: nodes by name, where each stands, and where each state leads.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::marks::Marks;

/// The farthest a node may stand from the origin, in grid units; keeps all pixel arithmetic exact.
pub const POSITION_MAX: i32 = 100_000;

/// Where a card's top left corner is, in whole grid units of [`crate::geometry::UNIT_PX`].
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Position {
    /// To the right.
    pub x: i32,
    /// Downwards.
    pub y: i32,
}

impl Position {
    /// A position, brought within [`POSITION_MAX`].
    pub fn new(x: i32, y: i32) -> Position {
        Position {
            x: x.clamp(-POSITION_MAX, POSITION_MAX),
            y: y.clamp(-POSITION_MAX, POSITION_MAX),
        }
    }

    /// This position moved by whole grid units.
    #[must_use]
    pub fn moved(self, by: Position) -> Position {
        Position::new(self.x.saturating_add(by.x), self.y.saturating_add(by.y))
    }
}

/// One state of a node as a row of its card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Port {
    /// The state's name in the file.
    pub state: String,
    /// What the row says.
    pub label: String,
}

impl Port {
    /// A port that shows its state's name as it is.
    pub fn new(state: &str) -> Port {
        Port { state: state.to_owned(), label: state.to_owned() }
    }
}

/// What must be known about a node's component to draw it; told by whoever knows components.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// The states, top to bottom.
    pub ports: Vec<Port>,
    /// States that get a row only where they lead somewhere, below the others: what every call has and few use.
    pub hidden: Vec<String>,
    /// Whether other nodes can lead to it; false for the start.
    pub has_input: bool,
}

/// A node of the workflow, as drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The component's kind.
    pub kind: String,
    /// Free text for people; without one the name is shown.
    pub label: Option<String>,
    /// The component's configuration, exactly as in the file.
    pub config: Value,
    /// Where each connected state leads.
    pub next: BTreeMap<String, String>,
    /// Where states led that the configuration no longer has. A menu row that is being retyped gets
    /// its edge back when the state returns; never saved.
    pub parked: BTreeMap<String, String>,
    /// How it is drawn.
    pub shape: Shape,
    /// Where it stands.
    pub position: Position,
}

impl Node {
    /// A node without configuration or edges, at the origin.
    pub fn new(kind: &str, shape: Shape) -> Node {
        Node {
            kind: kind.to_owned(),
            label: None,
            config: Value::Object(serde_json::Map::new()),
            next: BTreeMap::new(),
            parked: BTreeMap::new(),
            shape,
            position: Position::default(),
        }
    }

    /// The states in the order of the card's rows. States that have an edge but that the component
    /// does not know come last, so that a faulty file can be seen and mended.
    pub fn states(&self) -> impl Iterator<Item = &str> {
        let known = self.shape.ports.iter().map(|port| port.state.as_str());
        let stray = self.next.keys().map(String::as_str).filter(|state| !self.knows(state));
        known.chain(stray)
    }

    /// How many rows the card has.
    pub fn row_count(&self) -> usize {
        self.shape.ports.len() + self.next.keys().filter(|state| !self.knows(state)).count()
    }

    /// Whether an edge may begin at this state.
    pub fn has_state(&self, state: &str) -> bool {
        self.knows(state)
            || self.shape.hidden.iter().any(|hidden| hidden == state)
            || self.next.contains_key(state)
    }

    /// Which row shows this state, counted from 0.
    pub fn row_of(&self, state: &str) -> Option<usize> {
        self.states().position(|candidate| candidate == state)
    }

    fn knows(&self, state: &str) -> bool {
        self.shape.ports.iter().any(|port| port.state == state)
    }
}

/// One state of one node: where an edge begins.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PortId {
    /// The node's name.
    pub node: String,
    /// The state's name.
    pub state: String,
}

impl PortId {
    /// The port of `state` on `node`.
    pub fn new(node: impl Into<String>, state: impl Into<String>) -> PortId {
        PortId { node: node.into(), state: state.into() }
    }
}

/// A state and the node it leads to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edge {
    /// Where it begins; one state has at most one edge.
    pub from: PortId,
    /// The name of the node it leads to.
    pub to: String,
}

/// A whole drawing. Cheap to clone: nodes are shared until changed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    nodes: BTreeMap<String, Arc<Node>>,
    /// Notes, groups and colours.
    pub marks: Arc<Marks>,
    /// Whatever the file says beside all this; carried along untouched.
    pub about: Value,
}

impl Document {
    /// A drawing with nothing on it.
    pub fn new() -> Document {
        Document::default()
    }

    /// All nodes, by name.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = (&str, &Arc<Node>)> {
        self.nodes.iter().map(|(name, node)| (name.as_str(), node))
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether nothing is drawn yet.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The node of this name.
    pub fn node(&self, name: &str) -> Option<&Arc<Node>> {
        self.nodes.get(name)
    }

    /// Whether there is a node of this name.
    pub fn contains(&self, name: &str) -> bool {
        self.nodes.contains_key(name)
    }

    /// Puts a node in, replacing one of the same name.
    pub fn insert(&mut self, name: impl Into<String>, node: impl Into<Arc<Node>>) {
        self.nodes.insert(name.into(), node.into());
    }

    /// Takes a node out; edges that led to it stay and lead nowhere.
    pub fn remove(&mut self, name: &str) -> Option<Arc<Node>> {
        self.nodes.remove(name)
    }

    /// Write access to one node; copies it if it is shared.
    pub fn node_mut(&mut self, name: &str) -> Option<&mut Node> {
        self.nodes.get_mut(name).map(Arc::make_mut)
    }

    /// The edges that leave a node towards a node that exists, in the order of its rows.
    pub fn edges_of(&self, name: &str) -> impl Iterator<Item = Edge> {
        let node = self.nodes.get_key_value(name);
        node.into_iter().flat_map(move |(name, node)| {
            node.states().filter_map(move |state| {
                let to = node.next.get(state).filter(|to| self.nodes.contains_key(*to))?;
                Some(Edge { from: PortId::new(name, state), to: to.clone() })
            })
        })
    }

    /// All edges between nodes that exist, by name and row.
    pub fn edges(&self) -> impl Iterator<Item = Edge> {
        self.nodes.keys().flat_map(|name| self.edges_of(name))
    }

    /// The ports that lead to a node, by name.
    pub fn ports_into(&self, name: &str) -> Vec<PortId> {
        let into = |(from, node): (&String, &Arc<Node>)| -> Vec<PortId> {
            let leading = node.next.iter().filter(|(_, to)| to.as_str() == name);
            leading.map(|(state, _)| PortId::new(from, state)).collect()
        };
        self.nodes.iter().flat_map(into).collect()
    }

    /// A name that is not taken, close to the one wished for: `Menu`, `Menu2`, `Menu3`.
    ///
    /// A wish that is no name at all is made one by [`to_name`].
    pub fn fresh_name(&self, wish: &str) -> String {
        let wish = if is_name(wish) { wish.to_owned() } else { to_name(wish) };
        if !self.contains(&wish) {
            return wish;
        }
        let stem = wish.trim_end_matches(|c: char| c.is_ascii_digit());
        let stem = if stem.is_empty() { "Node" } else { stem };
        (2_u64..)
            .map(|number| format!("{stem}{number}"))
            .find(|name| !self.contains(name))
            .expect("a finite drawing leaves a number free")
    }
}

/// Whether a text may be a node's name: `[A-Za-z_][A-Za-z0-9_]*`, because templates say `{{ Menu.digits }}`.
pub fn is_name(text: &str) -> bool {
    let first = text.chars().next();
    first.is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// A name in the sense of [`is_name`], made from a kind or a label: `get_digits` gives `GetDigits`.
pub fn to_name(text: &str) -> String {
    if is_name(text) && !text.contains('_') {
        let mut letters = text.chars();
        return letters.next().map(|c| c.to_ascii_uppercase()).into_iter().chain(letters).collect();
    }
    let mut name = String::new();
    for word in text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        if name.is_empty() && word.starts_with(|c: char| c.is_ascii_digit()) {
            name.push('N');
        }
        let mut letters = word.chars();
        name.extend(letters.next().map(|c| c.to_ascii_uppercase()));
        name.push_str(letters.as_str());
    }
    if name.is_empty() { "Node".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_from_kinds_and_labels() {
        let names = ["get_digits", "start", "Main menu!", "9 lives", "…", "HTTP"].map(to_name);
        assert_eq!(names, ["GetDigits", "Start", "MainMenu", "N9Lives", "Node", "HTTP"]);
    }

    #[test]
    fn a_taken_name_is_numbered() {
        let mut document = Document::new();
        for expected in ["Speak", "Speak2", "Speak3"] {
            let name = document.fresh_name(&to_name("speak"));
            assert_eq!(name, expected);
            document.insert(name, Node::new("speak", Shape::default()));
        }
    }

    #[test]
    fn a_state_the_component_does_not_know_is_shown_last() {
        let mut node = Node::new(
            "speak",
            Shape { ports: vec![Port::new("completed")], has_input: true, ..Shape::default() },
        );
        node.next.insert("banana".to_owned(), "Bye".to_owned());
        assert_eq!(node.states().collect::<Vec<_>>(), ["completed", "banana"]);
        assert_eq!(node.row_count(), 2);
    }
}
