//! Recordings that nobody was told of.

use super::{
    graph::{Graph, Vertex},
    kinds, reads,
    walk::Walk,
};
use crate::{
    component::Group,
    name::{NodeName, StateName},
    workflow::{
        document::NodeDocument,
        fix::{Change, Fix, WayOut, fresh_name},
        problem::Problem,
    },
};
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;

pub(super) fn check(graph: &Graph<'_>, problems: &mut Vec<Problem>) {
    let walk = Walk::of(graph, graph.triggers());
    let said =
        (0..graph.vertices.len()).filter(|index| says(&graph.vertices[*index]) == Says::Recording);
    let after_said = graph.reached_from(said);
    for (index, vertex) in
        graph.vertices.iter().enumerate().filter(|(_, vertex)| kinds::records(vertex))
    {
        let is_announced = if vertex.kind() == "make_call" {
            is_said_on_answering(graph, index)
        } else {
            after_said[index] || !walk.has_call(index)
        };
        if !is_announced {
            problems.push(unannounced(graph, index, vertex));
        }
    }
}

/// What a node says of recording.
#[derive(Clone, Copy, PartialEq)]
enum Says {
    /// Nothing: it does not speak.
    Nothing,
    /// Something else.
    Otherwise,
    /// That the call is recorded, or something that nobody can know here: a file, a text that is filled in, another language.
    Recording,
}

fn says(vertex: &Vertex<'_>) -> Says {
    let key = match vertex.kind() {
        "conference" => "announcement",
        _ if vertex.is_in(Group::Talk) || vertex.is_in(Group::Listen) => "prompt",
        _ => return Says::Nothing,
    };
    let prompt = vertex.node.config.get(key);
    let of = |key: &str| {
        let within = prompt.and_then(|prompt| prompt.get(key)).and_then(Json::as_str);
        within.unwrap_or(vertex.text(key))
    };
    let spoken = [vertex.text("text"), of("speak")].concat().to_lowercase();
    if !of("play").is_empty() || vertex.kind() == "play_audio" {
        return Says::Recording;
    }
    if spoken.is_empty() {
        return Says::Nothing;
    }
    let is_filled_in = reads::fixed(&spoken).trim().is_empty();
    let is_said = STEMS.iter().any(|stem| spoken.contains(stem));
    let is_foreign = !of("language").is_empty() && !of("language").to_lowercase().starts_with("en");
    if is_filled_in || is_said || is_foreign { Says::Recording } else { Says::Otherwise }
}

/// How the languages of our voices begin the word for recording.
const STEMS: [&str; 12] = [
    "record",
    "aufgezeichnet",
    "aufnahme",
    "mitschnitt",
    "enregistr",
    "grabad",
    "grabar",
    "grabando",
    "gravad",
    "registr",
    "opgenomen",
    "nagryw",
];

/// Whether all that somebody may hear first, after they answered, says it.
fn is_said_on_answering(graph: &Graph<'_>, index: usize) -> bool {
    let mut waiting: Vec<usize> = graph.vertices[index].next("answered").into_iter().collect();
    let mut seen = BTreeSet::new();
    while let Some(next) = waiting.pop().filter(|_| seen.len() <= graph.vertices.len()) {
        let vertex = &graph.vertices[next];
        match says(vertex) {
            Says::Otherwise => return false,
            Says::Nothing if vertex.is_voice() && !vertex.states.is_empty() => return false,
            Says::Nothing if seen.insert(next) => {
                waiting.extend(vertex.next.iter().map(|(_, to)| *to));
            }
            _ => {}
        }
    }
    true
}

fn unannounced(graph: &Graph<'_>, index: usize, vertex: &Vertex<'_>) -> Problem {
    let field = if vertex.is_on("record") { "record" } else { "" };
    let message = "People are recorded here, and nobody told them.";
    let remedy = "Say that the call is recorded first: in many countries the law asks for it.";
    let announcement = |next: &NodeName| NodeDocument {
        kind: "speak".to_owned(),
        label: None,
        config: [("text".to_owned(), json!("This call is recorded."))].into_iter().collect(),
        next: [(StateName::from("completed"), next.clone())].into_iter().collect(),
    };
    let name = fresh_name(graph.document, "Announcement");
    let add = if vertex.kind() == "make_call" {
        vertex.node.next.get("answered").map(|next| Change::Add {
            name,
            node: announcement(next),
            from: vec![WayOut::new(vertex.name, "answered")],
        })
    } else {
        let edges = graph.vertices.iter().flat_map(|from| {
            let here = from.next.iter().filter(|(_, to)| *to == index);
            here.map(|(state, _)| WayOut::new(from.name, (*state).clone())).collect::<Vec<_>>()
        });
        Some(Change::Add { name, node: announcement(vertex.name), from: edges.collect() })
    };
    Problem::of_node("unannounced_recording", vertex.name, field, message, remedy)
        .as_warning()
        .with_fix(add.map(|add| Fix::offered("Say it first", add)))
}
