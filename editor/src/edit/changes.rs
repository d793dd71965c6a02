//! How the draft differs from what callers hear, in words.

use crate::language::{t, tf};
use engine::{Document, NodeDocument, NodeName};
use std::collections::BTreeSet;

/// One difference that callers or services could notice.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The node it is about, if it is still there.
    pub node: Option<String>,
    /// What is different.
    pub words: String,
}

/// All differences; where steps stand on the canvas is none.
pub fn changes(before: &Document, after: &Document) -> Vec<Change> {
    let (before, after) = (&without_defaults(before), &without_defaults(after));
    let mut found = Vec::new();
    let names: BTreeSet<&NodeName> = before.nodes.keys().chain(after.nodes.keys()).collect();
    for name in names {
        let words = match (before.nodes.get(name), after.nodes.get(name)) {
            (Some(old), Some(new)) if old == new => continue,
            (Some(old), Some(new)) => format!("{}: {}", called(name, new), difference(old, new)),
            (None, Some(new)) => tf("{step} is new", &[("step", &called(name, new))]),
            (Some(old), None) => tf("{step} is gone", &[("step", &called(name, old))]),
            (None, None) => continue,
        };
        let node = after.nodes.contains_key(name).then(|| name.to_string());
        found.push(Change { node, words });
    }
    if before.name != after.name {
        found.push(Change {
            node: None,
            words: tf("The workflow is now called “{name}”", &[("name", &after.name)]),
        });
    }
    if before.on_complete != after.on_complete {
        found.push(Change {
            node: None,
            words: t("Another address is told when a run ends").to_owned(),
        });
    }
    found
}

/// As it would stand in a file, where what is left out and what is usual are the same.
fn without_defaults(document: &Document) -> Document {
    engine::workflow::read(&engine::workflow::canonical(document))
        .unwrap_or_else(|_| document.clone())
}

fn called(name: &NodeName, node: &NodeDocument) -> String {
    format!("“{}”", node.label.as_deref().unwrap_or(name.as_str()))
}

fn difference(old: &NodeDocument, new: &NodeDocument) -> String {
    let label_of = |key: &str| {
        let field = engine::components::spec(&new.kind)
            .and_then(|spec| spec.fields.iter().find(|field| field.key == key));
        field.map_or_else(|| key.to_owned(), |field| t(field.label).to_lowercase())
    };
    let mut parts = Vec::new();
    if old.kind != new.kind {
        parts.push(t("it is another kind of step").to_owned());
    }
    let keys: BTreeSet<&String> = old.config.keys().chain(new.config.keys()).collect();
    let changed: Vec<String> = keys
        .into_iter()
        .filter(|key| old.config.get(*key) != new.config.get(*key))
        .map(|key| label_of(key))
        .collect();
    if !changed.is_empty() {
        parts.push(tf("changed {fields}", &[("fields", &changed.join(", "))]));
    }
    if old.next != new.next {
        parts.push(t("leads elsewhere").to_owned());
    }
    if old.label != new.label {
        parts.push(t("has another label").to_owned());
    }
    parts.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moving_a_step_changes_nothing_for_callers() {
        let before = Document::empty("a", "A");
        let mut after = before.clone();
        after.layout.insert(NodeName::from("Start"), [4, 4]);
        assert_eq!(changes(&before, &after), []);
    }

    #[test]
    fn new_changed_and_missing_steps_are_named() {
        let mut before = Document::empty("a", "A");
        let speak = NodeDocument { kind: "speak".to_owned(), ..NodeDocument::default() };
        before.nodes.insert(NodeName::from("Old"), speak.clone());
        before.nodes.insert(NodeName::from("Hello"), speak.clone());
        let mut after = before.clone();
        after.nodes.remove("Old");
        after.nodes.insert(NodeName::from("New"), speak);
        if let Some(hello) = after.nodes.get_mut("Hello") {
            hello.config.insert("text".to_owned(), "Hi".into());
        }
        let words: Vec<String> =
            changes(&before, &after).into_iter().map(|change| change.words).collect();
        assert_eq!(words, ["“Hello”: changed text", "“New” is new", "“Old” is gone"]);
    }
}
