//! What people hear and read: menus that nobody can remember, and texts that cost more than they look.

use super::{
    graph::{Graph, Vertex},
    kinds, reads,
};
use crate::{
    component::Group,
    segments::{self, Encoding},
    workflow::{
        fix::{Change, Fix},
        problem::Problem,
    },
};
use serde_json::Value as Json;
use std::collections::BTreeSet;

/// More than that nobody keeps in mind while listening.
const CHOICES_MAX: usize = 5;

/// More than that is a letter, and is charged as many messages.
const SEGMENTS_MAX: usize = 3;

pub(super) fn check(graph: &Graph<'_>, problems: &mut Vec<Problem>) {
    for vertex in &graph.vertices {
        check_choices(vertex, problems);
        check_length(vertex, problems);
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
