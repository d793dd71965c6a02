//! What people hear and read: menus that nobody can remember, recordings that nobody was told of, texts that cost more than they look.

use super::{
    graph::{Graph, Vertex},
    kinds, reads,
    walk::Walk,
};
use crate::{
    component::Group,
    name::StateName,
    segments::{self, Encoding},
    workflow::{
        document::NodeDocument,
        fix::{Change, Fix, WayOut, fresh_name},
        problem::Problem,
    },
};
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;

/// More than that nobody keeps in mind while listening.
const CHOICES_MAX: usize = 5;

/// More than that is a letter, and is charged as many messages.
const SEGMENTS_MAX: usize = 3;

pub(super) fn check(graph: &Graph<'_>, problems: &mut Vec<Problem>) {
    let walk = Walk::of(graph, graph.triggers());
    for (index, vertex) in graph.vertices.iter().enumerate() {
        check_choices(vertex, problems);
        check_length(vertex, problems);
        let is_recorded = kinds::records(vertex)
            && (walk.has_call(index) || !vertex.is_voice())
            && !is_announced(graph, index);
        if is_recorded {
            problems.push(unannounced(graph, index, vertex));
        }
    }
}

fn check_choices(vertex: &Vertex<'_>, problems: &mut Vec<Problem>) {
    let choices = vertex.node.config.get("choices").and_then(Json::as_array).map_or(0, Vec::len);
    if vertex.is_voice() && choices > CHOICES_MAX {
        let message = format!("Nobody keeps {choices} choices in mind while listening.");
        let remedy = format!("Offer {CHOICES_MAX} at most, and more in a second menu.");
        problems.push(
            Problem::of_node("too_many_choices", vertex.name, "choices", message, remedy)
                .as_warning(),
        );
    }
}

/// The text as it is sent whatever is filled in.
fn check_length(vertex: &Vertex<'_>, problems: &mut Vec<Problem>) {
    let source = vertex.text("text");
    if !vertex.is_in(Group::Message) || source.is_empty() || !kinds::is_charged_by_length(vertex) {
        return;
    }
    let fixed = reads::fixed(source);
    let as_sent = segments::segments(&fixed);
    let foreign: BTreeSet<char> = fixed.chars().filter(|c| !segments::is_gsm(*c)).collect();
    // Letters of another language are what was meant; quotes and little pictures are not.
    let is_language = foreign.iter().any(|c| c.is_alphabetic());
    let plainer: String = fixed.chars().map(plain).collect();
    let as_plain = segments::segments_in(&plainer, Encoding::Gsm7);
    if let Some(first) = foreign.first()
        && !is_language
        && as_sent.count > as_plain.count
    {
        let message = format!(
            "Because of “{first}” this text is sent, and paid, as {} messages instead of {}.",
            as_sent.count,
            as_plain.count.max(1)
        );
        let problem = Problem::of_node(
            "text_longer_than_it_looks",
            vertex.name,
            "text",
            message,
            "Write it without that character.",
        );
        let plainer: String = source.chars().map(plain).collect();
        let is_same = foreign.iter().all(|c| segments::lookalike(*c).is_some());
        let change = Change::set(problem.pointer.as_str(), plainer.trim_end());
        let label = match segments::lookalike(*first).filter(|plain| !plain.trim().is_empty()) {
            Some(plain) if foreign.len() == 1 => format!("Write {plain} instead"),
            _ if is_same => "Write plain characters".to_owned(),
            _ => "Leave it out".to_owned(),
        };
        let fix = Fix { is_safe: is_same, ..Fix::offered(label, change) };
        problems.push(problem.as_warning().with_fix(fix));
    } else if as_sent.count > SEGMENTS_MAX {
        let message =
            format!("This text is sent, and paid, as {} messages to each receiver.", as_sent.count);
        problems.push(
            Problem::of_node(
                "long_text",
                vertex.name,
                "text",
                message,
                "Say it shorter, or send a link.",
            )
            .as_warning(),
        );
    }
}

fn plain(character: char) -> String {
    match segments::lookalike(character) {
        Some(plain) => plain.to_owned(),
        None if segments::is_gsm(character) || character.is_alphabetic() => character.to_string(),
        None => String::new(),
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
    if !vertex.is_in(Group::Talk) && !vertex.is_in(Group::Listen) {
        return Says::Nothing;
    }
    let prompt = vertex.node.config.get("prompt");
    let of = |key: &str| {
        let within = prompt.and_then(|prompt| prompt.get(key)).and_then(Json::as_str);
        within.unwrap_or(vertex.text(key))
    };
    let spoken = [vertex.text("text"), of("speak")].concat().to_lowercase();
    if !of("play").is_empty() || !vertex.text("url").is_empty() {
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

fn is_announced(graph: &Graph<'_>, index: usize) -> bool {
    if graph.vertices[index].kind() != "make_call" {
        return (0..graph.vertices.len()).any(|before| {
            says(&graph.vertices[before]) == Says::Recording
                && (before == index || graph.reached_from([before])[index])
        });
    }
    // Whoever is rung hears the announcement after they answered: all that they may hear first has to say it.
    let mut waiting: Vec<usize> = graph.vertices[index].next("answered").into_iter().collect();
    let mut seen = BTreeSet::new();
    while let Some(next) = waiting.pop().filter(|_| seen.len() <= graph.vertices.len()) {
        let vertex = &graph.vertices[next];
        match says(vertex) {
            Says::Otherwise => return false,
            Says::Nothing if vertex.is_in(Group::Call) && !vertex.states.is_empty() => {
                return false;
            }
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
    let announcement = |next: &crate::NodeName| NodeDocument {
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
