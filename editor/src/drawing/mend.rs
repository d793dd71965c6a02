//! Mending a problem with one press: the engine says what would be changed, the drawing changes it as one step that can be undone.

use std::collections::BTreeMap;

use diagram::geometry::card_units_high;
use diagram::{Command, Document, Node, PortId, layout};
use engine::NodeDocument;
use engine::workflow::Fix;
use serde_json::Value;

use crate::drawing::{Drawing, file};

impl Drawing {
    /// Carries out a fix and shows what it added. A drawing that does not have the problem any more stays as it is.
    pub fn mend(&self, fix: &Fix) {
        let before = self.document_untracked();
        let mut after = before.clone();
        fix.apply(&mut after);
        if after == before {
            return;
        }
        let commands = self.with(|drawing| commands(drawing, &before, &after));
        if self.apply(Command::Batch(commands)).is_err() {
            // What no single edit can say: the whole drawing anew.
            self.replace(&after);
        }
        let added = after.nodes.keys().find(|name| !before.nodes.contains_key(*name));
        if let Some(name) = added {
            self.reveal(name.as_str());
        }
    }
}

/// The edits that lead from one document to the other.
fn commands(
    drawing: &Document,
    before: &engine::Document,
    after: &engine::Document,
) -> Vec<Command> {
    let gone = before.nodes.keys().filter(|name| !after.nodes.contains_key(*name));
    let names: Vec<String> = gone.map(ToString::to_string).collect();
    let mut commands = Vec::new();
    if !names.is_empty() {
        commands.push(Command::Remove { names, heal: false });
    }
    let mut edges = Vec::new();
    for (name, node) in &after.nodes {
        let old = before.nodes.get(name);
        match old {
            None => {
                let from = led_from(after, name.as_str());
                commands.push(added(drawing, name.as_str(), node, from));
            }
            Some(old) if old.config != node.config => {
                let config = Value::Object(node.config.clone());
                let ports = file::shape(&node.kind, &config).ports;
                commands.push(Command::SetConfig { name: name.to_string(), config, ports });
            }
            Some(_) => {}
        }
        let was = old.map(|old| old.next.clone()).unwrap_or_default();
        let port = |state: &engine::StateName| PortId::new(name.as_str(), state.as_str());
        for (state, to) in &node.next {
            if was.get(state) != Some(to) {
                edges.push(Command::Connect { from: port(state), to: to.to_string() });
            }
        }
        // Edges to a node that is taken away go with it.
        let is_kept =
            |to: &engine::NodeName| after.nodes.contains_key(to) || !before.nodes.contains_key(to);
        let lost = was.iter().filter(|(state, to)| !node.next.contains_key(*state) && is_kept(to));
        edges.extend(lost.map(|(state, _)| Command::Disconnect { from: port(state) }));
    }
    commands.extend(edges);
    commands
}

/// The first node that leads to this one.
fn led_from<'d>(document: &'d engine::Document, name: &str) -> Option<&'d str> {
    let leads = |node: &NodeDocument| node.next.values().any(|to| to.as_str() == name);
    document.nodes.iter().find(|(_, node)| leads(node)).map(|(from, _)| from.as_str())
}

fn added(drawing: &Document, name: &str, node: &NodeDocument, from: Option<&str>) -> Command {
    let config = Value::Object(node.config.clone());
    let mut drawn = Node::new(&node.kind, file::shape(&node.kind, &config));
    drawn.label.clone_from(&node.label);
    drawn.config = config;
    drawn.next = BTreeMap::new();
    let wish = layout::beside(drawing, from.unwrap_or_default());
    let high = card_units_high(&drawn);
    drawn.position = layout::free_spot_for(drawing, wish, high, |_| false);
    Command::Add { name: name.to_owned(), node: Box::new(drawn) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use diagram::command::apply;
    use engine::workflow::check;

    fn document(nodes: Value) -> engine::Document {
        let mut document = engine::Document::empty("a", "A");
        document.nodes = serde_json::from_value(nodes).unwrap();
        document
    }

    #[test]
    fn every_fix_is_one_step_of_edits() {
        let mut document = document(serde_json::json!({
            "Start": { "kind": "start", "next": { "incoming_call": "Menu", "api_request": "Gone", "later": "Menu" } },
            "Menu": { "kind": "get_digits", "config": { "prompt": { "speak": "Press a key, {caller}." }, "colour": 1 }, "next": { "digits": "Start" } },
            "Alone": { "kind": "hangup" },
        }));
        let mut drawing = file::read(&document);
        let mut labels = Vec::new();
        while let Some(fix) = check(&document).into_iter().find_map(|problem| problem.fix) {
            let mut mended = document.clone();
            fix.apply(&mut mended);
            let step = Command::Batch(commands(&drawing, &document, &mended));
            apply(&mut drawing, &step).unwrap();
            document = file::write(&drawing);
            assert_eq!(document.nodes, mended.nodes, "{}", fix.label);
            labels.push(fix.label);
        }
        let expected = [
            "Remove the setting",
            "Write {{ caller }}",
            "Remove the edge",
            "Remove the edge",
            "Remove the edge",
            "Delete the step",
            "Say goodbye there",
            "Say goodbye there",
        ];
        labels.sort();
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        assert_eq!(labels, expected);
        assert!(!check(&document).iter().any(engine::Problem::is_error));
    }
}
