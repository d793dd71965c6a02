//! Going through a drawing along its edges: reading order, and where the arrow keys lead.

use std::collections::{BTreeMap, BTreeSet};

use crate::document::Document;

/// One arrow key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To where a run came from.
    Left,
    /// To where a run goes on.
    Right,
    /// To the sibling above.
    Up,
    /// To the sibling below.
    Down,
}

/// All nodes in the order in which a person would tell the call: from the start, depth first, states in
/// the order of their rows; what no run reaches comes last, by name.
pub fn reading_order(document: &Document) -> Vec<String> {
    depth_first(document).order
}

/// A depth-first way through the drawing.
pub(crate) struct DepthFirst {
    /// The nodes as they were first met.
    pub(crate) order: Vec<String>,
    /// The nodes as they were left; reversed, every edge that is no way back leads onwards.
    pub(crate) left: Vec<String>,
    /// The edges (from, to) that lead back to a node on the way.
    pub(crate) back: BTreeSet<(String, String)>,
}

pub(crate) fn depth_first(document: &Document) -> DepthFirst {
    let targets: BTreeMap<&str, Vec<String>> = document
        .nodes()
        .map(|(name, _)| (name, document.edges_of(name).map(|edge| edge.to).collect()))
        .collect();
    let entered: BTreeSet<&str> = targets.values().flatten().map(String::as_str).collect();
    // Starts first, then what nothing leads to, then the rest (loops of their own).
    let rank = |name: &str| match document.node(name) {
        Some(node) if !node.shape.has_input => 0,
        _ if !entered.contains(name) => 1,
        _ => 2,
    };
    let mut roots: Vec<&str> = targets.keys().copied().collect();
    roots.sort_by_key(|name| (rank(name), *name));

    let mut walk = DepthFirst { order: Vec::new(), left: Vec::new(), back: BTreeSet::new() };
    let mut met: BTreeSet<String> = BTreeSet::new();
    for root in roots {
        if !met.insert(root.to_owned()) {
            continue;
        }
        walk.order.push(root.to_owned());
        // The way from the root to here, with the number of edges already followed from each node.
        let mut way: Vec<(String, usize)> = vec![(root.to_owned(), 0)];
        let mut on_way = BTreeSet::from([root.to_owned()]);
        while let Some((at, followed)) = way.last_mut() {
            let Some(to) = targets.get(at.as_str()).and_then(|targets| targets.get(*followed))
            else {
                on_way.remove(at.as_str());
                walk.left.push(at.clone());
                way.pop();
                continue;
            };
            *followed += 1;
            if on_way.contains(to) {
                walk.back.insert((at.clone(), to.clone()));
            } else if met.insert(to.clone()) {
                walk.order.push(to.clone());
                on_way.insert(to.clone());
                way.push((to.clone(), 0));
            }
        }
    }
    walk
}

/// Where an arrow key leads from a node; nothing if there is no further node that way.
pub fn neighbor(document: &Document, name: &str, direction: Direction) -> Option<String> {
    match direction {
        Direction::Right => document.edges_of(name).map(|edge| edge.to).find(|to| to != name),
        Direction::Left => {
            let order = reading_order(document);
            let ports = document.ports_into(name);
            let before = order
                .iter()
                .find(|node| node.as_str() != name && ports.iter().any(|port| port.node == **node));
            before.cloned()
        }
        Direction::Up | Direction::Down => sibling(document, name, direction),
    }
}

/// The next node above or below: among those the same node leads to, else among those in the same column.
fn sibling(document: &Document, name: &str, direction: Direction) -> Option<String> {
    let mut siblings: Vec<String> = Vec::new();
    for port in document.ports_into(name) {
        siblings.extend(document.edges_of(&port.node).map(|edge| edge.to));
    }
    let here = document.node(name)?.position;
    let other_column = |other: i32| (other - here.x).abs() > crate::geometry::card_units_wide() / 2;
    let in_column = document.nodes().filter(|(_, node)| !other_column(node.position.x));
    siblings.extend(in_column.map(|(name, _)| name.to_owned()));
    let key = |name: &str| document.node(name).map(|node| (node.position.y, node.position.x));
    let at = (key(name), name);
    let others = siblings.iter().map(|other| (key(other), other.as_str())).filter(|o| o.1 != name);
    let found = if direction == Direction::Up {
        others.filter(|other| *other < at).max()
    } else {
        others.filter(|other| *other > at).min()
    };
    found.map(|(_, name)| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Node, Port, Position, Shape};

    /// Start → Menu → (Sales, Bye), Sales → Menu; Lost apart.
    fn document() -> Document {
        let mut document = Document::new();
        for (name, targets, x, y) in [
            ("Bye", vec![], 26, 9),
            ("Lost", vec![], 0, 40),
            ("Menu", vec!["Sales", "Bye"], 13, 0),
            ("Sales", vec!["Menu"], 26, 0),
            ("Start", vec!["Menu"], 0, 0),
        ] {
            let states: Vec<String> = (0..targets.len()).map(|row| row.to_string()).collect();
            let ports = states.iter().map(|state| Port::new(state)).collect();
            let mut node =
                Node::new("speak", Shape { ports, has_input: name != "Start", ..Shape::default() });
            node.next = states.into_iter().zip(targets.into_iter().map(str::to_owned)).collect();
            node.position = Position::new(x, y);
            document.insert(name, node);
        }
        document
    }

    #[test]
    fn nodes_are_read_as_a_call_would_go() {
        assert_eq!(reading_order(&document()), ["Start", "Menu", "Sales", "Bye", "Lost"]);
    }

    #[test]
    fn arrows_follow_the_edges() {
        let document = document();
        let go = |name, direction| neighbor(&document, name, direction);
        assert_eq!(go("Start", Direction::Right).as_deref(), Some("Menu"));
        assert_eq!(go("Menu", Direction::Right).as_deref(), Some("Sales"));
        assert_eq!(go("Menu", Direction::Left).as_deref(), Some("Start"));
        assert_eq!(go("Sales", Direction::Down).as_deref(), Some("Bye"));
        assert_eq!(go("Bye", Direction::Up).as_deref(), Some("Sales"));
        assert_eq!(go("Bye", Direction::Right), None);
    }
}
