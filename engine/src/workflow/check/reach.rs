//! Nodes that no run can reach.

use super::graph::Graph;
use crate::workflow::{
    fix::{Change, Fix},
    problem::Problem,
};

pub(super) fn check(graph: &Graph<'_>, problems: &mut Vec<Problem>) {
    if graph.starts.is_empty() {
        return;
    }
    let reached = graph.reached_from(graph.starts.iter().copied());
    for (vertex, _) in graph.vertices.iter().zip(reached).filter(|(_, is_reached)| !is_reached) {
        let delete = Fix::offered("Delete the step", Change::Delete { node: vertex.name.clone() });
        let message = "No run ever comes here.";
        let remedy = "Connect a state of another node to it, or delete it.";
        problems.push(
            Problem::of_node("unreachable", vertex.name, "", message, remedy)
                .as_warning()
                .with_fix(delete),
        );
    }
}
