//! The document as a graph: each node with its component, its states and where they lead, by number instead of by name.

use super::kinds;
use crate::{
    component::{Group, Spec},
    components,
    name::{NodeName, StateName},
    run::HUNG_UP,
    workflow::document::{Document, NodeDocument},
};
use std::collections::BTreeMap;

/// All nodes, in the order of their names.
pub(super) struct Graph<'a> {
    pub(super) document: &'a Document,
    pub(super) vertices: Vec<Vertex<'a>>,
    /// The nodes where runs begin; a sound document has one.
    pub(super) starts: Vec<usize>,
    by_name: BTreeMap<&'a NodeName, usize>,
}

/// One node.
pub(super) struct Vertex<'a> {
    pub(super) name: &'a NodeName,
    pub(super) node: &'a NodeDocument,
    /// `None` where there is no such component.
    pub(super) spec: Option<&'static Spec>,
    /// Its ways out, without `hung_up`.
    pub(super) states: Vec<StateName>,
    /// Where its states lead; edges that lead nowhere, or back to a start, are left out.
    pub(super) next: Vec<(&'a StateName, usize)>,
    /// By which state a voice node is left where there is no call, if the line does not end there.
    pub(super) without_call: Option<StateName>,
    /// Whether its branches may come back with a call that the line did not have before.
    pub(super) is_joined_by_calls: bool,
    /// Whether its branches wait for something outside before they come back.
    pub(super) is_joined_later: bool,
}

impl<'a> Graph<'a> {
    pub(super) fn of(document: &'a Document) -> Graph<'a> {
        let by_name: BTreeMap<&NodeName, usize> =
            document.nodes.keys().enumerate().map(|(index, name)| (name, index)).collect();
        let vertices: Vec<Vertex<'_>> = document
            .nodes
            .iter()
            .map(|(name, node)| Vertex {
                name,
                node,
                spec: components::spec(&node.kind),
                states: components::states(&node.kind, &node.config),
                next: node
                    .next
                    .iter()
                    .filter(|(_, to)| !is_start(document.nodes.get(*to)))
                    .filter_map(|(state, to)| Some((state, *by_name.get(to)?)))
                    .collect(),
                without_call: without_call(node),
                is_joined_by_calls: false,
                is_joined_later: false,
            })
            .collect();
        let starts =
            (0..vertices.len()).filter(|index| vertices[*index].kind() == "start").collect();
        let mut graph = Graph { document, vertices, starts, by_name };
        for index in 0..graph.vertices.len() {
            let branches = graph.vertices[index].branches();
            if !branches.is_empty() {
                let reached = graph.reached_from(branches);
                let within = reached.into_iter().zip(&graph.vertices).filter(|(is_in, _)| *is_in);
                let specs: Vec<&Spec> = within.filter_map(|(_, vertex)| vertex.spec).collect();
                let vertex = &mut graph.vertices[index];
                vertex.is_joined_by_calls = specs.iter().any(|spec| !spec.gives_call_by.is_empty());
                vertex.is_joined_later = specs.iter().any(|spec| spec.waits);
            }
        }
        graph
    }

    /// The number of a node.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.by_name.get(&NodeName::from(name)).copied()
    }

    /// The ways in that are connected: the start's states, and where they lead.
    pub(super) fn triggers(&self) -> impl Iterator<Item = (&'a StateName, usize)> + '_ {
        self.starts.iter().flat_map(|start| {
            let Vertex { states, next, .. } = &self.vertices[*start];
            next.iter().copied().filter(|(state, _)| states.contains(state))
        })
    }

    /// Everything that can come after one of these nodes, and they themselves.
    pub(super) fn reached_from(&self, seeds: impl IntoIterator<Item = usize>) -> Vec<bool> {
        let mut reached = vec![false; self.vertices.len()];
        let mut waiting: Vec<usize> = seeds.into_iter().collect();
        while let Some(index) = waiting.pop() {
            if !std::mem::replace(&mut reached[index], true) {
                waiting.extend(self.vertices[index].next.iter().map(|(_, to)| *to));
            }
        }
        reached
    }
}

fn is_start(node: Option<&NodeDocument>) -> bool {
    let spec = node.and_then(|node| components::spec(&node.kind));
    spec.is_some_and(|spec| spec.kind == "start")
}

fn without_call(node: &NodeDocument) -> Option<StateName> {
    let is_voice = components::spec(&node.kind)?.is_voice;
    let goes_on = is_voice && node.next.contains_key(HUNG_UP);
    if goes_on { Some(HUNG_UP.into()) } else { ended_by(node) }
}

/// By which state of its own a voice node is left when its call is over, if it has one for that.
pub(super) fn ended_by(node: &NodeDocument) -> Option<StateName> {
    components::spec(&node.kind).filter(|spec| spec.is_voice)?;
    components::parse(&node.kind, &node.config)?.ok()?.hung_up_state()
}

impl Vertex<'_> {
    /// The component's name, also where the file uses another product's.
    pub(super) fn kind(&self) -> &str {
        self.spec.map_or(&self.node.kind, |spec| spec.kind)
    }

    pub(super) fn is_voice(&self) -> bool {
        self.spec.is_some_and(|spec| spec.is_voice)
    }

    pub(super) fn is_in(&self, group: Group) -> bool {
        self.spec.is_some_and(|spec| spec.group == group)
    }

    /// Where its branches begin, if it goes on in several lines that come back to it.
    pub(super) fn branches(&self) -> Vec<usize> {
        let begins =
            self.next.iter().filter(|(state, _)| kinds::begins_branch(self, state.as_str()));
        begins.map(|(_, to)| *to).collect()
    }

    /// Where a state leads.
    pub(super) fn next(&self, state: &str) -> Option<usize> {
        self.next.iter().find(|(name, _)| **name == *state).map(|(_, to)| *to)
    }

    /// What people call a state.
    pub(super) fn label(&self, state: &StateName) -> String {
        components::state_label(&self.node.kind, &self.node.config, state)
    }

    /// A setting that is text.
    pub(super) fn text(&self, key: &str) -> &str {
        self.node.config.get(key).and_then(|value| value.as_str()).unwrap_or_default()
    }

    pub(super) fn number(&self, key: &str) -> Option<i64> {
        self.node.config.get(key).and_then(serde_json::Value::as_i64)
    }

    pub(super) fn is_on(&self, key: &str) -> bool {
        self.node.config.get(key).and_then(serde_json::Value::as_bool) == Some(true)
    }
}
