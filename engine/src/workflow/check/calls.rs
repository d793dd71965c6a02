//! Calls: nodes that speak where nobody is on the line, and ways out by which somebody is cut off without a word.

use super::{
    graph::{Graph, Vertex},
    kinds,
    walk::{Call, Walk, moves},
};
use crate::{
    name::StateName,
    run::HUNG_UP,
    workflow::{
        document::NodeDocument,
        fix::{Change, Fix, WayOut, fresh_name},
        problem::Problem,
    },
};
use serde_json::{Map, json};
use std::collections::BTreeSet;

pub(super) fn check(graph: &Graph<'_>, problems: &mut Vec<Problem>) {
    check_no_call(graph, problems);
    check_ends(graph, problems);
}

/// Voice nodes that runs of one trigger come to, always without a call.
fn check_no_call(graph: &Graph<'_>, problems: &mut Vec<Problem>) {
    let walks: Vec<(&StateName, Walk)> =
        graph.triggers().map(|trigger| (trigger.0, Walk::of(graph, [trigger]))).collect();
    for (index, vertex) in graph.vertices.iter().enumerate() {
        // Hanging up what is down already surprises nobody.
        if !vertex.is_voice() || vertex.states.is_empty() {
            continue;
        }
        let has_none = |walk: &Walk| walk.has(index, Call::None) && !walk.has_call(index);
        let silent: Vec<&(&StateName, Walk)> =
            walks.iter().filter(|(_, walk)| has_none(walk)).collect();
        if silent.is_empty() {
            continue;
        }
        let start = &graph.vertices[graph.starts[0]];
        let begins: Vec<String> =
            silent.iter().map(|(state, _)| in_a_sentence(&start.label(state))).collect();
        let message = format!(
            "There is nobody to speak to: a run that begins with {} has no call here.",
            listed(&begins)
        );
        let remedy = "Ring somebody first with Make call, or lead another way here.";
        problems.push(
            Problem::of_node("no_call", vertex.name, "", message, remedy)
                .as_warning()
                .with_fix(ring_first(graph, index, &silent, &walks)),
        );
    }
}

/// Rings before the node, on every edge by which runs come without a call; `None` where somebody had hung up before, or where calls come by the same edge.
fn ring_first(
    graph: &Graph<'_>,
    target: usize,
    silent: &[&(&StateName, Walk)],
    walks: &[(&StateName, Walk)],
) -> Option<Fix> {
    let ([(trigger, walk)], [start]) = (silent, graph.starts.as_slice()) else { return None };
    let start = graph.vertices[*start].name;
    let to = match trigger.as_str() {
        "api_request" => "{{ to }}".to_owned(),
        "incoming_message" => format!("{{{{ {start}.message.from }}}}"),
        _ => return None,
    };
    let mut from: Vec<WayOut> = graph
        .triggers()
        .filter(|(state, to)| state == trigger && *to == target)
        .map(|(state, _)| WayOut::new(start, state.clone()))
        .collect();
    let leads = |vertex: &Vertex<'_>| vertex.next.iter().any(|(_, to)| *to == target);
    for (index, vertex) in graph.vertices.iter().enumerate().filter(|(_, vertex)| leads(vertex)) {
        let leads_here =
            |call| moves(graph, index, call).into_iter().filter(|on| on.to == Some(target));
        let is_called = walks.iter().any(|(_, walk)| walk.has_call(index));
        for on in leads_here(Call::None).filter(|_| walk.has(index, Call::None)) {
            if on.state == HUNG_UP || is_called {
                return None;
            }
            from.push(WayOut::new(vertex.name, on.state));
        }
    }
    let config: Map<_, _> = [("to".to_owned(), json!(to))].into_iter().collect();
    let node = NodeDocument {
        kind: "make_call".to_owned(),
        label: None,
        config,
        next: [(StateName::from("answered"), graph.vertices[target].name.clone())]
            .into_iter()
            .collect(),
    };
    let name = fresh_name(graph.document, "Ring");
    (!from.is_empty()).then(|| Fix::offered("Ring them first", Change::Add { name, node, from }))
}

/// Ways out that lead nowhere while somebody waits to hear something.
fn check_ends(graph: &Graph<'_>, problems: &mut Vec<Problem>) {
    let walk = Walk::of(graph, graph.triggers());
    let in_branch = graph.reached_from(graph.vertices.iter().flat_map(Vertex::branches));
    let mut ends: Vec<BTreeSet<&str>> = vec![BTreeSet::new(); graph.vertices.len()];
    for (index, call) in walk.places().filter(|(index, _)| !in_branch[*index]) {
        let vertex = &graph.vertices[index];
        // A decision that runs come to with and without a call may be about just that.
        if kinds::decides(vertex) && walk.has(index, Call::None) {
            continue;
        }
        let silent = moves(graph, index, call).into_iter().filter(|on| {
            on.to.is_none()
                && on.call == Call::Waiting
                && !vertex.node.next.contains_key(on.state)
                && kinds::can_leave(vertex, on.state)
        });
        ends[index].extend(silent.map(|on| on.state));
    }
    for (vertex, ends) in graph.vertices.iter().zip(ends) {
        let (misunderstood, others): (Vec<&str>, Vec<&str>) =
            ends.into_iter().partition(|state| kinds::is_misunderstanding(vertex, state));
        if let Some(first) = misunderstood.first() {
            let message = format!(
                "Callers who say nothing, or something else than asked, are cut off without a word: {} leads nowhere.",
                labels(vertex, &misunderstood)
            );
            let remedy =
                "Say something there: ask again, put them through to somebody, or say goodbye.";
            let fix =
                goodbye(graph, vertex, &misunderstood, "Sorry, we did not get that. Goodbye.");
            problems.push(
                Problem::of_node(
                    "silence_unanswered",
                    vertex.name,
                    &format!("next.{first}"),
                    message,
                    remedy,
                )
                .as_warning()
                .with_fix(fix),
            );
        }
        if let Some(first) = others.first() {
            let message = format!(
                "Somebody is on the line and is cut off without a word: {} leads nowhere.",
                labels(vertex, &others)
            );
            let remedy = "Say something there, or connect Hang up if that is what you want.";
            let is_sad = others.iter().any(|state| SAD.contains(state));
            let text =
                if is_sad { "Sorry, that did not work. Goodbye." } else { "Thank you. Goodbye." };
            problems.push(
                Problem::of_node(
                    "ends_without_a_word",
                    vertex.name,
                    &format!("next.{first}"),
                    message,
                    remedy,
                )
                .as_warning()
                .with_fix(goodbye(graph, vertex, &others, text)),
            );
        }
    }
}

/// States after which nobody should be thanked.
const SAD: [&str; 7] =
    ["failed", "no_answer", "busy", "no_match", "undelivered", "no_reply", "wrong_input"];

fn goodbye(graph: &Graph<'_>, vertex: &Vertex<'_>, states: &[&str], text: &str) -> Fix {
    let node = NodeDocument {
        kind: "speak".to_owned(),
        config: [("text".to_owned(), json!(text))].into_iter().collect(),
        ..NodeDocument::default()
    };
    let from = states.iter().map(|state| WayOut::new(vertex.name, *state)).collect();
    let name = fresh_name(graph.document, "Goodbye");
    Fix::offered("Say goodbye there", Change::Add { name, node, from })
}

fn labels(vertex: &Vertex<'_>, states: &[&str]) -> String {
    let labels: Vec<String> =
        states.iter().map(|state| vertex.label(&StateName::from(*state))).collect();
    listed(&labels)
}

/// A label in the middle of a sentence: `Incoming call` is "incoming call", `API request` stays.
fn in_a_sentence(label: &str) -> String {
    let mut letters = label.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_lowercase).collect();
    let is_word = letters.clone().next().is_some_and(char::is_lowercase);
    if is_word { first + letters.as_str() } else { label.to_owned() }
}

/// `A`, `A or B`, `A, B or C`.
pub(super) fn listed(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [word] => word.clone(),
        [words @ .., last] => format!("{} or {last}", words.join(", ")),
    }
}
