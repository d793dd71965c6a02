//! Copied nodes as text: the same JSON as in the workflow file, so that it can be pasted into another
//! workflow, another window, an editor or a message.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::document::{Document, Node, Position, Shape};
use crate::reference;

/// The most nodes one paste may bring, so that a wrong clipboard cannot fill the canvas.
pub const NODES_MAX: usize = 2_000;

#[derive(Serialize, Deserialize)]
struct Fragment {
    nodes: BTreeMap<String, FragmentNode>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    layout: BTreeMap<String, (i32, i32)>,
}

#[derive(Serialize, Deserialize)]
struct FragmentNode {
    kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    #[serde(default, skip_serializing_if = "Value::is_null")]
    config: Value,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    next: BTreeMap<String, String>,
}

/// The named nodes as text, with the edges among them.
pub fn copy<'a>(document: &Document, names: impl IntoIterator<Item = &'a str>) -> String {
    let names: BTreeSet<&str> = names.into_iter().filter(|name| document.contains(name)).collect();
    let mut fragment = Fragment { nodes: BTreeMap::new(), layout: BTreeMap::new() };
    for &name in &names {
        let Some(node) = document.node(name) else { continue };
        let inside = node.next.iter().filter(|(_, to)| names.contains(to.as_str()));
        let copy = FragmentNode {
            kind: node.kind.clone(),
            label: node.label.clone(),
            config: node.config.clone(),
            next: inside.map(|(state, to)| (state.clone(), to.clone())).collect(),
        };
        fragment.nodes.insert(name.to_owned(), copy);
        fragment.layout.insert(name.to_owned(), (node.position.x, node.position.y));
    }
    serde_json::to_string_pretty(&fragment).expect("maps with text keys are always JSON")
}

/// Nodes from text that [`copy`] made, or from a whole workflow file. Nothing if it is something else.
///
/// `shape_of` tells what is drawn for a kind and a configuration. Names are made free in `document`, and
/// edges and references among the nodes follow; edges to anything else are left out.
pub fn parse(
    text: &str,
    document: &Document,
    shape_of: impl Fn(&str, &Value) -> Shape,
) -> Option<BTreeMap<String, Node>> {
    let fragment: Fragment = serde_json::from_str(text).ok()?;
    if fragment.nodes.is_empty() || fragment.nodes.len() > NODES_MAX {
        return None;
    }
    let mut taken = document.clone();
    let mut renames = BTreeMap::new();
    for (name, node) in &fragment.nodes {
        let fresh = taken.fresh_name(name);
        taken.insert(&fresh, Node::new(&node.kind, Shape::default()));
        renames.insert(name.clone(), fresh);
    }
    let mut pasted = BTreeMap::new();
    for (index, (name, node)) in fragment.nodes.into_iter().enumerate() {
        let config =
            if node.config.is_null() { Value::Object(serde_json::Map::new()) } else { node.config };
        let mut made = Node::new(&node.kind, shape_of(&node.kind, &config));
        made.config = config;
        made.label = node.label;
        made.next = node.next;
        made.next.retain(|_, to| renames.contains_key(to));
        // Without a layout they form a staircase, so that none hides another.
        let step = i32::try_from(index).unwrap_or(i32::MAX) * 2;
        let (x, y) = fragment.layout.get(&name).copied().unwrap_or((step, step));
        made.position = Position::new(x, y);
        let made = reference::renamed_in_node(&made, &renames).unwrap_or(made);
        pasted.insert(renames[&name].clone(), made);
    }
    Some(pasted)
}

/// Moves pasted nodes together so that their upper left corner is at `corner`.
pub fn moved_to(nodes: &mut BTreeMap<String, Node>, corner: Position) {
    let left = nodes.values().map(|node| node.position.x).min().unwrap_or(0);
    let top = nodes.values().map(|node| node.position.y).min().unwrap_or(0);
    for node in nodes.values_mut() {
        let Position { x, y } = node.position;
        node.position = Position::new(corner.x + (x - left), corner.y + (y - top));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::document::Port;

    fn shape(_: &str, _: &Value) -> Shape {
        Shape { ports: vec![Port::new("completed")], has_input: true, ..Shape::default() }
    }

    fn two_cards() -> Document {
        let mut document = Document::new();
        for (name, to, text) in [("Ask", "Tell", "Yes?"), ("Tell", "Ask", "You: {{ Ask.digits }}")]
        {
            let mut node = Node::new("speak", shape("", &Value::Null));
            node.config = json!({ "text": text });
            node.next.insert("completed".to_owned(), to.to_owned());
            document.insert(name, node);
        }
        document
    }

    #[test]
    fn a_copy_keeps_its_inner_edges_and_refers_to_itself() {
        let document = two_cards();
        let text = copy(&document, ["Ask", "Tell"]);
        let pasted = parse(&text, &document, shape).unwrap();
        assert_eq!(pasted.keys().collect::<Vec<_>>(), ["Ask2", "Tell2"]);
        assert_eq!(pasted["Tell2"].next["completed"], "Ask2");
        assert_eq!(pasted["Tell2"].config, json!({ "text": "You: {{ Ask2.digits }}" }));
    }

    #[test]
    fn edges_that_lead_out_of_the_copy_are_left_out() {
        let document = two_cards();
        let pasted = parse(&copy(&document, ["Tell"]), &document, shape).unwrap();
        assert!(pasted["Tell2"].next.is_empty());
    }

    #[test]
    fn anything_else_on_the_clipboard_is_no_copy() {
        for text in ["", "hello", "[]", "{}", r#"{"nodes": {}}"#, r#"{"nodes": {"A": 1}}"#] {
            assert!(parse(text, &Document::new(), shape).is_none(), "{text}");
        }
    }
}
