//! A node of a checked workflow.

use super::document::NodeDocument;
use crate::{
    component::Spec,
    components::{self, Behaviour},
    name::{NodeName, StateName},
};
use std::collections::BTreeMap;

/// A component placed in a workflow, with its configuration parsed.
#[derive(Debug)]
pub struct Node {
    name: NodeName,
    spec: &'static Spec,
    behaviour: Box<dyn Behaviour>,
    next: BTreeMap<StateName, NodeName>,
}

impl Node {
    /// `None` where the configuration does not parse; the check has said why.
    pub(super) fn new(name: &NodeName, document: &NodeDocument) -> Option<Node> {
        let entry = components::entry(&document.kind)?;
        let behaviour = entry.parse(&document.config).ok()?;
        Some(Node { name: name.clone(), spec: entry.spec, behaviour, next: document.next.clone() })
    }

    pub(crate) fn name(&self) -> &NodeName {
        &self.name
    }

    pub(crate) fn spec(&self) -> &'static Spec {
        self.spec
    }

    pub(crate) fn behaviour(&self) -> &dyn Behaviour {
        &*self.behaviour
    }

    /// Where a state leads.
    pub(crate) fn next(&self, state: &str) -> Option<&NodeName> {
        self.next.get(state)
    }
}
