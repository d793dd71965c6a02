//! What a node may read, and who wrote it.

use crate::{
    component::Control,
    components, limits,
    name::NodeName,
    value::{NOTHING, Value},
    workflow::Document,
};
use liquid_core::model::{DisplayCow, KStringCow, ObjectView, State, Value as Liquid, ValueView};
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;

/// The variables of a run: its own (`{{ severity }}`), and those of each node it has visited (`{{ Menu.digits }}`).
///
/// Where a run variable and a node share a name, the node is meant.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Variables {
    run: BTreeMap<String, Value>,
    nodes: BTreeMap<String, Value>,
    weight: usize,
}

impl Variables {
    /// The value by which a template's first word is found.
    pub fn root(&self, name: &str) -> Option<&Value> {
        self.nodes.get(name).or_else(|| self.run.get(name))
    }

    /// The run's own, by name.
    pub(crate) fn of_run(&self) -> &BTreeMap<String, Value> {
        &self.run
    }

    /// Sets a run variable. Says whether all variables are still within [`limits::VARIABLES_BYTES_MAX`]; beyond, it is not set.
    pub(crate) fn set(&mut self, name: &str, value: Value) -> bool {
        let before = self.run.get(name).map_or(0, Value::weight);
        self.weigh(before, name.len() + value.weight()) && {
            self.run.insert(name.to_owned(), value);
            true
        }
    }

    /// Sets a variable of a node, likewise.
    pub(crate) fn set_of_node(&mut self, node: &NodeName, name: &str, value: Value) -> bool {
        let before = self
            .nodes
            .get(node.as_str())
            .and_then(|of_node| of_node.field(name))
            .map_or(0, Value::weight);
        self.weigh(before, name.len() + value.weight()) && {
            let of_node = self
                .nodes
                .entry(node.as_str().to_owned())
                .or_insert_with(|| Value::Map(BTreeMap::new()));
            if let Value::Map(map) = of_node {
                map.insert(name.to_owned(), value);
            }
            true
        }
    }

    fn weigh(&mut self, before: usize, after: usize) -> bool {
        let weight = self.weight.saturating_sub(before).saturating_add(after);
        let fits = weight <= limits::VARIABLES_BYTES_MAX;
        if fits {
            self.weight = weight;
        }
        fits
    }

    /// All of them as JSON: run variables by name, each node's below its name.
    pub fn to_json(&self) -> Map<String, Json> {
        self.run
            .iter()
            .chain(&self.nodes)
            .map(|(name, value)| (name.clone(), value.into()))
            .collect()
    }
}

impl ValueView for Variables {
    fn as_debug(&self) -> &dyn std::fmt::Debug {
        self
    }

    fn render(&self) -> DisplayCow<'_> {
        DisplayCow::Borrowed(&"")
    }

    fn source(&self) -> DisplayCow<'_> {
        DisplayCow::Borrowed(&"")
    }

    fn type_name(&self) -> &'static str {
        "variables"
    }

    fn query_state(&self, state: State) -> bool {
        state == State::Truthy
    }

    fn to_kstr(&self) -> KStringCow<'_> {
        KStringCow::from_static("")
    }

    fn to_value(&self) -> Liquid {
        Liquid::Object(
            ObjectView::iter(self)
                .map(|(key, value)| (key.into_owned(), value.to_value()))
                .collect(),
        )
    }

    fn as_object(&self) -> Option<&dyn ObjectView> {
        Some(self)
    }
}

impl ObjectView for Variables {
    fn as_value(&self) -> &dyn ValueView {
        self
    }

    fn size(&self) -> i64 {
        i64::try_from(self.run.len() + self.nodes.len()).unwrap_or(i64::MAX)
    }

    fn keys<'k>(&'k self) -> Box<dyn Iterator<Item = KStringCow<'k>> + 'k> {
        Box::new(ObjectView::iter(self).map(|(key, _)| key))
    }

    fn values<'k>(&'k self) -> Box<dyn Iterator<Item = &'k dyn ValueView> + 'k> {
        Box::new(ObjectView::iter(self).map(|(_, value)| value))
    }

    fn iter<'k>(&'k self) -> Box<dyn Iterator<Item = (KStringCow<'k>, &'k dyn ValueView)> + 'k> {
        let all = self.run.iter().chain(&self.nodes);
        Box::new(all.map(|(key, value)| (KStringCow::from_ref(key), value as &dyn ValueView)))
    }

    fn contains_key(&self, _index: &str) -> bool {
        true
    }

    fn get<'s>(&'s self, index: &str) -> Option<&'s dyn ValueView> {
        Some(self.root(index).unwrap_or(&NOTHING))
    }
}

/// A variable that a node could read, for completion and help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Available {
    /// How a template says it: `Menu.digits`.
    pub path: String,
    /// What it holds.
    pub help: String,
}

/// What can be read at a node: the run's own variables and those of every node from which it can be reached.
pub fn available(document: &Document, node: &NodeName) -> Vec<Available> {
    let mut found = Vec::new();
    for name in before(document, node) {
        let Some(of_node) = document.nodes.get(&name) else { continue };
        let Some(spec) = components::spec(&of_node.kind) else { continue };
        for field in spec.fields {
            let rows = of_node.config.get(field.key).and_then(Json::as_object);
            for (row, _) in rows.into_iter().flatten() {
                match field.control {
                    Control::Params => {
                        found.push(Available {
                            path: row.clone(),
                            help: "a parameter of the run".to_owned(),
                        });
                        found.push(Available {
                            path: format!("{name}.http.params.{row}"),
                            help: "a parameter of the run".to_owned(),
                        });
                    }
                    Control::Assignments => {
                        found.push(Available { path: row.clone(), help: format!("set by {name}") })
                    }
                    _ => {}
                }
            }
        }
        let label = of_node.label.clone().unwrap_or_else(|| name.to_string());
        for variable in spec.variables {
            found.push(Available {
                path: format!("{name}.{}", variable.name),
                help: format!("{label}: {}", variable.help),
            });
        }
    }
    found.push(Available { path: "run.id".to_owned(), help: "the id of this run".to_owned() });
    found.dedup();
    found
}

/// The nodes from which a node can be reached, nearest first.
fn before(document: &Document, node: &NodeName) -> Vec<NodeName> {
    let mut found: Vec<NodeName> = Vec::new();
    let mut queue = std::collections::VecDeque::from([node.clone()]);
    while let Some(target) = queue.pop_front() {
        for (name, candidate) in &document.nodes {
            if candidate.next.values().any(|next| *next == target) && !found.contains(name) {
                found.push(name.clone());
                queue.push_back(name.clone());
            }
        }
    }
    found
}
