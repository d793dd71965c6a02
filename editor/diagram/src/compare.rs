//! Which nodes differ between two drawings. Quick when one was made from the other: what they share is not looked at.

use std::sync::Arc;

use crate::document::Document;

/// The names of the nodes that are not the same in both, those missing on one side among them.
pub fn names_changed<'a>(before: &'a Document, after: &'a Document) -> Vec<&'a str> {
    let changed = after.nodes().filter(|(name, node)| {
        before.node(name).is_none_or(|old| !Arc::ptr_eq(old, node) && old != *node)
    });
    let gone = before.nodes().filter(|(name, _)| !after.contains(name));
    changed.chain(gone).map(|(name, _)| name).collect()
}

/// Whether both say the same.
pub fn is_same(before: &Document, after: &Document) -> bool {
    is_about_same(before, after) && names_changed(before, after).is_empty()
}

/// Whether both say the same beside their nodes.
pub fn is_about_same(before: &Document, after: &Document) -> bool {
    before.about == after.about && before.marks == after.marks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Node, Position, Shape};

    #[test]
    fn new_changed_and_missing_nodes_differ() {
        let mut before = Document::new();
        for name in ["Start", "Menu", "Bye"] {
            before.insert(name, Node::new("speak", Shape::default()));
        }
        let mut after = before.clone();
        assert!(is_same(&before, &after));
        after.remove("Bye");
        after.insert("Sales", Node::new("speak", Shape::default()));
        after.node_mut("Menu").unwrap().position = Position::new(3, 4);
        assert_eq!(names_changed(&before, &after), ["Menu", "Sales", "Bye"]);
        after.node_mut("Start").unwrap();
        assert_eq!(names_changed(&before, &after).len(), 3);
    }
}
