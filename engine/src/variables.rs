//! What a node may read, and who wrote it.

mod names;
mod packed;

pub(crate) use names::{Names, Root};
pub(crate) use packed::Packed;

use crate::{
    component::{Control, Spec},
    components, limits,
    name::NodeName,
    value::{Map, NOTHING, Value},
    workflow::{Document, NodeDocument, NodeId},
};
use liquid_core::model::{DisplayCow, KStringCow, ObjectView, State, Value as Liquid, ValueView};
use serde_json::{Map as JsonMap, Value as Json};
use std::{collections::BTreeMap, sync::Arc};

/// The variables of a run: its own (`{{ severity }}`), and those of each node it has visited (`{{ Menu.digits }}`).
///
/// Where a run variable and a node share a name, the node is meant, from its first variable on.
///
/// What the workflow's own texts and formulas can say has a number since the workflow was published, and is found by that. Anything else that a run was given is
/// only kept.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Variables {
    names: Arc<Names>,
    /// By number.
    known: Vec<Known>,
    others: Map,
    weight: usize,
}

#[derive(Clone, Debug, PartialEq)]
struct Known {
    slot: u16,
    is_of_node: bool,
    value: Value,
}

impl Variables {
    /// None yet, of a workflow whose texts and formulas say these names.
    pub(crate) fn of(names: Arc<Names>) -> Variables {
        Variables { names, ..Variables::default() }
    }

    /// The value by which a template's first word is found.
    pub fn root(&self, name: &str) -> Option<&Value> {
        match self.names.slot(name) {
            Some(slot) => self.at(slot),
            None => self.others.get(name),
        }
    }

    /// The same of a word that was looked up when the workflow was published.
    #[inline]
    pub(crate) fn find(&self, root: &Root) -> Option<&Value> {
        match root.slot_in(&self.names) {
            Some(slot) => self.at(slot),
            None => self.root(root.name()),
        }
    }

    #[inline]
    fn at(&self, slot: u16) -> Option<&Value> {
        self.place(slot).ok().map(|place| &self.known[place].value)
    }

    #[inline]
    fn place(&self, slot: u16) -> Result<usize, usize> {
        self.known.binary_search_by_key(&slot, |known| known.slot)
    }

    /// The run's own, by name.
    pub(crate) fn of_run(&self) -> BTreeMap<String, Value> {
        let known = self.known.iter().filter(|known| !known.is_of_node);
        known
            .map(|known| (self.names.name(known.slot), &known.value))
            .chain(self.others.iter())
            .map(|(name, value)| (name.to_owned(), value.clone()))
            .collect()
    }

    /// Sets a run variable. Says whether all variables are still within [`limits::VARIABLES_BYTES_MAX`]; beyond, it is not set.
    pub(crate) fn set(&mut self, name: &str, value: Value) -> bool {
        let Some(slot) = self.names.slot(name) else {
            let before = self.others.get(name).map_or(0, Value::weight);
            return self.weigh(before, name.len() + value.weight()) && {
                self.others.insert(name, value);
                true
            };
        };
        self.set_at(slot, name.len(), value)
    }

    /// The same by a name that was looked up when the workflow was published.
    pub(crate) fn set_root(&mut self, root: &Root, value: Value) -> bool {
        match root.slot_in(&self.names) {
            Some(slot) => self.set_at(slot, root.name().len(), value),
            None => self.set(root.name(), value),
        }
    }

    fn set_at(&mut self, slot: u16, name_length: usize, value: Value) -> bool {
        let place = self.place(slot);
        let before = place.map_or(0, |place| self.known[place].value.weight());
        if !self.weigh(before, name_length + value.weight()) {
            return false;
        }
        match place {
            Ok(place) if self.known[place].is_of_node => {}
            Ok(place) => self.known[place].value = value,
            Err(place) => self.add(place, Known { slot, is_of_node: false, value }),
        }
        true
    }

    /// The variables of a node.
    pub(crate) fn of_node(&self, node: NodeId) -> Option<&Value> {
        let place = self.place(node.0).ok()?;
        self.known[place].is_of_node.then_some(&self.known[place].value)
    }

    /// Sets a variable of a node, likewise.
    pub(crate) fn set_of_node(&mut self, node: NodeId, name: &str, value: Value) -> bool {
        let place = self.place(node.0);
        let before = place.ok().map(|place| &self.known[place]).filter(|known| known.is_of_node);
        let before = before.and_then(|known| known.value.field(name)).map_or(0, Value::weight);
        if !self.weigh(before, name.len() + value.weight()) {
            return false;
        }
        match place {
            Ok(place) if self.known[place].is_of_node => {
                self.known[place].value.insert(name, value);
            }
            place => {
                let value = Value::Map([(name, value)].into_iter().collect());
                let known = Known { slot: node.0, is_of_node: true, value };
                match place {
                    Ok(place) => self.known[place] = known,
                    Err(place) => self.add(place, known),
                }
            }
        }
        true
    }

    /// A run has few variables and many runs wait: no room is kept for more than there are.
    fn add(&mut self, place: usize, known: Known) {
        self.known.reserve_exact(1);
        self.known.insert(place, known);
    }

    fn weigh(&mut self, before: usize, after: usize) -> bool {
        let weight = self.weight.saturating_sub(before).saturating_add(after);
        let fits = weight <= limits::VARIABLES_BYTES_MAX;
        if fits {
            self.weight = weight;
        }
        fits
    }

    /// What its workflow's texts and formulas say.
    pub(crate) fn names(&self) -> &Names {
        &self.names
    }

    fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        let known = self.known.iter().map(|known| (self.names.name(known.slot), &known.value));
        known.chain(self.others.iter())
    }

    /// All of them as JSON: run variables by name, each node's below its name.
    pub fn to_json(&self) -> JsonMap<String, Json> {
        self.iter().map(|(name, value)| (name.to_owned(), value.into())).collect()
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
        i64::try_from(self.known.len() + self.others.len()).unwrap_or(i64::MAX)
    }

    fn keys<'k>(&'k self) -> Box<dyn Iterator<Item = KStringCow<'k>> + 'k> {
        Box::new(ObjectView::iter(self).map(|(key, _)| key))
    }

    fn values<'k>(&'k self) -> Box<dyn Iterator<Item = &'k dyn ValueView> + 'k> {
        Box::new(ObjectView::iter(self).map(|(_, value)| value))
    }

    fn iter<'k>(&'k self) -> Box<dyn Iterator<Item = (KStringCow<'k>, &'k dyn ValueView)> + 'k> {
        let all = Variables::iter(self);
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
        for key in expected_keys(of_node, spec) {
            found.push(Available {
                path: format!("{name}.response{}", step(key)),
                help: format!("{label}: expected in the answer"),
            });
        }
    }
    found.push(Available { path: "run.id".to_owned(), help: "the id of this run".to_owned() });
    found.dedup();
    found
}

/// How a template goes down to a key: `.status`, or `["open-tickets"]` where the key is no name.
fn step(key: &str) -> String {
    if NodeName::is_identifier(key) { format!(".{key}") } else { format!("[\"{key}\"]") }
}

/// The keys that the answer to a request must have to count as one.
fn expected_keys<'a>(node: &'a NodeDocument, spec: &Spec) -> impl Iterator<Item = &'a str> {
    let field = spec.fields.iter().find(|field| field.control == Control::HttpExpect);
    let keys = field.and_then(|field| node.config.get(field.key)?.get("keys")?.as_array());
    keys.into_iter().flatten().filter_map(Json::as_str)
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn later_nodes_are_offered_the_keys_that_an_answer_must_have() {
        let document: Document = serde_json::from_value(json!({
            "format": 1, "id": "a", "name": "A",
            "nodes": {
                "Ask": { "kind": "http_request", "config": { "url": "https://example.com", "expect": { "keys": ["status", "open-tickets"] } }, "next": { "success": "Tell" } },
                "Tell": { "kind": "speak", "config": { "text": "It is" } },
            },
        }))
        .unwrap();
        let paths = |node: &str| -> Vec<String> {
            let found = available(&document, &NodeName::from(node));
            found.into_iter().map(|available| available.path).collect()
        };
        let offered = paths("Tell");
        assert!(offered.contains(&"Ask.response.status".to_owned()));
        assert!(offered.contains(&"Ask.response[\"open-tickets\"]".to_owned()));
        for path in offered {
            assert!(crate::Template::parse(&format!("{{{{ {path} }}}}")).is_ok(), "{path}");
        }
        assert!(!paths("Ask").iter().any(|path| path.starts_with("Ask.")));
    }
}
