//! Workflows: a checked graph of nodes, which can only be made from a document without errors.

mod canonical;
mod check;
mod document;
pub(crate) mod fields;
mod fix;
mod locate;
mod marks;
mod node;
mod params;
mod problem;
mod read;

pub use canonical::canonical;
pub use check::{check, mend};
pub use document::{Document, FORMAT, NodeDocument};
pub use fix::{Change, Fix, WayOut};
pub use locate::{Position, locate};
pub use marks::{Colour, Comment, Group, Note};
pub use node::Node;
pub(crate) use node::NodeId;
pub use params::ParamProblem;
pub(crate) use params::ParamType;
pub use problem::{Problem, Severity};
pub use read::{read, read_value};

use crate::{
    name::NodeName,
    value::Value,
    variables::{Names, Root},
};
use std::{collections::BTreeMap, sync::Arc};

/// A workflow that can run: every node's configuration is parsed, every edge leads to a node, there is one start.
#[derive(Debug)]
pub struct Workflow {
    document: Document,
    /// By number, which is the order of their names.
    nodes: Vec<Node>,
    start: NodeId,
    /// What its texts and formulas say, numbered.
    names: Arc<Names>,
}

impl Workflow {
    /// Checks a document.
    ///
    /// # Errors
    /// All problems at once, warnings too: people mend a canvas in one go. Warnings alone are no reason to refuse.
    pub fn new(document: Document) -> Result<Workflow, Vec<Problem>> {
        let problems = check(&document);
        if problems.iter().any(Problem::is_error) {
            return Err(problems);
        }
        let (nodes, names) = Names::gather(|| {
            // The nodes' own names come first, so that a node and its variables have one number.
            document.nodes.keys().for_each(|name| drop(Root::new(name.as_str())));
            let in_order: Vec<&NodeName> = document.nodes.keys().collect();
            let find = |name: &NodeName| {
                u16::try_from(in_order.binary_search(&name).ok()?).ok().map(NodeId)
            };
            let nodes: Vec<Node> = document
                .nodes
                .iter()
                .filter_map(|(name, node)| Node::new(find(name)?, name, node, find))
                .collect();
            // What a run is given has its place whether or not a text reads it.
            let starts = document.nodes.values().filter(|node| node.kind == "start");
            let params = starts.flat_map(|start| params::names(&start.config));
            params.chain(["run"]).for_each(|name| drop(Root::new(name)));
            nodes
        });
        let start = nodes.iter().find(|node| node.spec().kind == "start").map(Node::id);
        match start {
            Some(start) if nodes.len() == document.nodes.len() => {
                Ok(Workflow { document, nodes, start, names: Arc::new(names) })
            }
            _ => Err(problems),
        }
    }

    /// The workflow's id.
    pub fn id(&self) -> &str {
        &self.document.id
    }

    /// What people call it.
    pub fn name(&self) -> &str {
        &self.document.name
    }

    /// What it was made from.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// What its texts and formulas say, numbered.
    pub(crate) fn names(&self) -> &Arc<Names> {
        &self.names
    }

    /// The node where every run begins.
    pub(crate) fn start(&self) -> NodeId {
        self.start
    }

    /// How many nodes it has.
    pub(crate) fn size(&self) -> usize {
        self.nodes.len()
    }

    #[inline]
    pub(crate) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[usize::from(id.0)]
    }

    /// The number of a node.
    pub(crate) fn find(&self, name: &NodeName) -> Option<NodeId> {
        self.nodes
            .binary_search_by(|node| node.name().cmp(name))
            .ok()
            .map(|place| self.nodes[place].id())
    }

    /// What parameters are where nobody gives any: calls and texts start runs without them.
    pub(crate) fn default_params(&self) -> BTreeMap<String, Value> {
        params::defaults(&self.document.nodes[self.node(self.start).name()].config)
    }

    /// Fits the parameters of a run request to those that `start` declares: a name matches exactly, else ignoring case and underscores (the Node SDK rewrites names);
    /// missing ones get their defaults; undeclared ones pass as they are.
    ///
    /// # Errors
    /// Every required parameter that is missing and every value that does not fit its type.
    pub fn accept_params(
        &self,
        given: BTreeMap<String, Value>,
    ) -> Result<BTreeMap<String, Value>, Vec<ParamProblem>> {
        params::accept(&self.document.nodes[self.node(self.start).name()].config, given)
    }
}
