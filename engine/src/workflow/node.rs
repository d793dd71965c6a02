//! A node of a checked workflow.

use super::document::NodeDocument;
use crate::{
    component::Spec,
    components::{self, Behaviour},
    name::{NodeName, StateName},
};

/// A node's number in its workflow; its name has the same among the workflow's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct NodeId(pub(crate) u16);

/// A component placed in a workflow, with its configuration parsed.
#[derive(Debug)]
pub struct Node {
    id: NodeId,
    name: NodeName,
    spec: &'static Spec,
    behaviour: Box<dyn Behaviour>,
    next: Box<[(StateName, NodeId)]>,
}

impl Node {
    /// `None` where the configuration does not parse or an edge leads nowhere; the check has said so.
    pub(super) fn new(
        id: NodeId,
        name: &NodeName,
        document: &NodeDocument,
        find: impl Fn(&NodeName) -> Option<NodeId>,
    ) -> Option<Node> {
        let spec = components::spec(&document.kind)?;
        let behaviour = components::parse(&document.kind, &document.config)?.ok()?;
        let next = document.next.iter().map(|(state, next)| Some((state.clone(), find(next)?)));
        let next = next.collect::<Option<_>>()?;
        Some(Node { id, name: name.clone(), spec, behaviour, next })
    }

    pub(crate) fn id(&self) -> NodeId {
        self.id
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
    #[inline]
    pub(crate) fn next(&self, state: &str) -> Option<NodeId> {
        self.next.iter().find(|(other, _)| *other == *state).map(|(_, next)| *next)
    }
}
