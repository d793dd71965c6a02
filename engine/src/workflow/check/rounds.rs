//! Cycles in which nothing outside happens: the run goes round until it is stopped, and a caller hears nothing meanwhile.

use super::{
    calls::listed,
    graph::{Graph, ended_by},
    kinds,
    walk::{Call, Walk, index, moves},
};
use crate::{
    limits,
    name::StateName,
    run::HUNG_UP,
    workflow::{
        document::NodeDocument,
        fix::{Change, Fix, WayOut, fresh_name},
        problem::Problem,
    },
};
use petgraph::{algo::kosaraju_scc, graph::DiGraph};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(graph: &Graph<'_>, problems: &mut Vec<Problem>) {
    let walk = Walk::with_and_without_call(graph);
    let mut places = DiGraph::<(usize, Call), ()>::new();
    let numbers: BTreeMap<usize, _> = walk
        .places()
        .map(|(vertex, call)| (index(vertex, call), places.add_node((vertex, call))))
        .collect();
    for (vertex, call) in walk.places() {
        for on in moves(graph, vertex, call) {
            if let (Some(to), false) = (on.to, on.waits) {
                places.add_edge(numbers[&index(vertex, call)], numbers[&index(to, on.call)], ());
            }
        }
    }
    // Rounds with and without a call that share their first node are one mistake.
    let mut found: BTreeMap<usize, Round> = BTreeMap::new();
    // This one of petgraph's two does not recurse: a workflow may be a chain of two thousand nodes.
    for round in kosaraju_scc(&places) {
        let is_round = match round.as_slice() {
            [only] => places.contains_edge(*only, *only),
            _ => true,
        };
        let members: BTreeSet<(usize, Call)> = round.iter().map(|place| places[*place]).collect();
        let Some((first, _)) = members.first().filter(|_| is_round) else { continue };
        let is_left = is_left(graph, &members);
        let counts = |(vertex, _): &(usize, Call)| kinds::counts_rounds(&graph.vertices[*vertex]);
        if !is_left || !members.iter().any(counts) {
            let found = found
                .entry(*first)
                .or_insert_with(|| Round { is_left: true, members: BTreeSet::new() });
            found.is_left &= is_left;
            found.members.extend(members);
        }
    }
    problems.extend(found.into_iter().map(|(first, round)| problem(graph, first, &round)));
}

struct Round {
    members: BTreeSet<(usize, Call)>,
    /// Whether a run can get out of it.
    is_left: bool,
}

fn is_left(graph: &Graph<'_>, members: &BTreeSet<(usize, Call)>) -> bool {
    members.iter().any(|(vertex, call)| {
        // Runs do come to an end whose caller stays: what goes round is only what is left of them.
        let is_afterwards = *call == Call::None && graph.vertices[*vertex].is_voice();
        // Nobody can hang up in no time.
        let mut ways =
            moves(graph, *vertex, *call).into_iter().filter(|on| on.state != HUNG_UP || on.waits);
        is_afterwards
            || ways.any(|on| on.waits || on.to.is_none_or(|to| !members.contains(&(to, on.call))))
    })
}

fn problem(graph: &Graph<'_>, first: usize, round: &Round) -> Problem {
    let vertices: BTreeSet<usize> = round.members.iter().map(|(vertex, _)| *vertex).collect();
    let first = &graph.vertices[first];
    let names: Vec<String> = vertices
        .iter()
        .take(4)
        .map(|vertex| format!("`{}`", graph.vertices[*vertex].name))
        .collect();
    let most = limits::VISITS_OF_NODE_PER_EVENT_MAX;
    if !round.is_left {
        let message = format!("The run never gets out of {} again.", listed(&names));
        let remedy = "Lead one of their ways out to somewhere else.";
        return Problem::of_node("endless_round", first.name, "", message, remedy).as_warning();
    }
    let message = format!(
        "A run may go round here without anything happening outside; after {most} rounds it is stopped."
    );
    let remedy = "Put a question or a wait into the round.";
    Problem::of_node("round_without_wait", first.name, "", message, remedy)
        .as_warning()
        .with_fix(slow_down(graph, &round.members))
}

/// Waits a second in each round; where the round is that of somebody who hung up, it is opened instead.
fn slow_down(graph: &Graph<'_>, members: &BTreeSet<(usize, Call)>) -> Option<Fix> {
    let edges = members.iter().flat_map(|(vertex, call)| {
        let on = moves(graph, *vertex, *call).into_iter();
        on.filter_map(|on| Some((*vertex, on.state, (on.to?, on.call))))
            .filter(|(_, _, to)| members.contains(to))
            .collect::<Vec<_>>()
    });
    let edges: Vec<(usize, &str, (usize, Call))> = edges.collect();
    if let [(vertex, HUNG_UP, _)] = edges.as_slice() {
        let vertex = &graph.vertices[*vertex];
        let from = WayOut::new(vertex.name, HUNG_UP);
        return ended_by(vertex.node)
            .is_none()
            .then(|| Fix::offered("End it when they hang up", Change::Disconnect { from }));
    }
    let is_plain = |(vertex, state, _): &(usize, &str, _)| {
        *state != HUNG_UP && graph.vertices[*vertex].branches().is_empty()
    };
    if !edges.iter().all(is_plain) {
        return None;
    }
    // Every round that the problem is about goes through its first node.
    let (first, _) = *members.first()?;
    let target = graph.vertices[first].name.clone();
    let from: BTreeSet<WayOut> = edges
        .iter()
        .filter(|(_, _, (to, _))| *to == first)
        .map(|(vertex, state, _)| WayOut::new(graph.vertices[*vertex].name, *state))
        .collect();
    let node = NodeDocument {
        kind: "wait".to_owned(),
        config: [("for_s".to_owned(), json!(1))].into_iter().collect(),
        next: [(StateName::from("done"), target)].into_iter().collect(),
        ..NodeDocument::default()
    };
    let name = fresh_name(graph.document, "Wait");
    let add = Change::Add { name, node, from: from.into_iter().collect() };
    Some(Fix::offered("Wait a second in each round", add))
}
