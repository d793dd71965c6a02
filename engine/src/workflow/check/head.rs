//! What stands at the top of the file, and the start.

use super::graph::{Graph, Vertex};
use crate::{
    limits,
    name::{NodeName, StateName},
    workflow::{
        document::{Document, NodeDocument},
        fix::{Change, Fix, WayOut, fresh_name},
        problem::{Problem, escape},
    },
};
use serde_json::Value as Json;

pub(super) fn check_head(document: &Document, problems: &mut Vec<Problem>) {
    let id = document.id.as_str();
    let is_plain = |character: char| character.is_ascii_lowercase() || character.is_ascii_digit();
    let is_id = id.len() <= 64
        && id.starts_with(is_plain)
        && id.chars().all(|character| is_plain(character) || character == '-' || character == '_');
    if !is_id {
        let remedy = "Use lower-case letters, digits and hyphens, for example system-status.";
        problems.push(Problem::of_document(
            "bad_id",
            "/id",
            format!("`{id}` cannot be the id of a workflow."),
            remedy,
        ));
    }
    if document.name.trim().is_empty() || document.name.len() > 200 {
        problems.push(Problem::of_document(
            "bad_name",
            "/name",
            "The workflow has no name, or one that is too long.",
            "Give it a name of up to 200 characters.",
        ));
    }
    if document.nodes.len() > limits::NODES_MAX {
        let message = format!(
            "The workflow has {} nodes; at most {} are possible.",
            document.nodes.len(),
            limits::NODES_MAX
        );
        problems.push(Problem::of_document(
            "too_many_nodes",
            "/nodes",
            message,
            "Split it into several workflows.",
        ));
    }
    if document
        .on_complete
        .as_deref()
        .is_some_and(|url| !url.starts_with("https://") && !url.starts_with("http://"))
    {
        problems.push(Problem::of_document(
            "bad_url",
            "/on_complete",
            "The address to tell of a run's end is no web address.",
            "Begin it with https://.",
        ));
    }
}

pub(super) fn check_start(graph: &Graph<'_>, problems: &mut Vec<Problem>) {
    match graph.starts.as_slice() {
        [] => problems.push(
            Problem::of_document(
                "no_start",
                "/nodes",
                "The workflow has no start.",
                "Add a Start node; every run begins there.",
            )
            .with_fix(start_of(graph.document)),
        ),
        [start] => {
            let start = &graph.vertices[*start];
            if start.node.next.is_empty() {
                let message = "Nothing follows the start, so every call is hung up at once.";
                let remedy = "Connect one of its states.";
                problems.push(
                    Problem::of_node("start_leads_nowhere", start.name, "", message, remedy)
                        .as_warning(),
                );
            }
            check_ways_in(start, problems);
        }
        [first, more @ ..] => {
            let first = graph.vertices[*first].name;
            for start in more {
                let message = format!("There is more than one start: `{first}` is one already.");
                problems.push(Problem::of_node(
                    "two_starts",
                    graph.vertices[*start].name,
                    "",
                    message,
                    "Keep one; it has a state for each way to begin.",
                ));
            }
        }
    }
}

/// Ways in by which no run can begin as long as a setting is missing, and settings whose runs would end at once.
fn check_ways_in(start: &Vertex<'_>, problems: &mut Vec<Problem>) {
    for (state, setting, label) in
        [("schedule", "schedule", "schedule"), ("webhook", "webhook_secret", "webhook's secret")]
    {
        let filled = start.node.config.get(setting).filter(|value| match value {
            Json::Object(row) => row.get("cron").and_then(Json::as_str) != Some(""),
            Json::String(text) => !text.is_empty(),
            _ => false,
        });
        let (field, message, remedy) = match (filled.is_some(), start.next(state).is_some()) {
            (false, true) => (
                setting.to_owned(),
                format!(
                    "The way in `{state}` leads on, but there is no {label}, so no run begins by it."
                ),
                "Fill it in, or disconnect the way in.",
            ),
            (true, false) => (
                format!("next.{state}"),
                format!(
                    "There is a {label}, but the way in `{state}` leads nowhere: its runs end at once."
                ),
                "Connect the way in, or empty the setting.",
            ),
            _ => continue,
        };
        problems.push(
            Problem::of_node("way_in_half_set_up", start.name, &field, message, remedy)
                .as_warning(),
        );
    }
}

/// A start that leads to the first node to which nothing leads.
fn start_of(document: &Document) -> Fix {
    let is_target = |name: &NodeName| {
        document.nodes.values().any(|node| node.next.values().any(|to| to == name))
    };
    let first = document.nodes.keys().find(|name| !is_target(name));
    let node = NodeDocument {
        kind: "start".to_owned(),
        next: first
            .map(|first| (StateName::from("incoming_call"), first.clone()))
            .into_iter()
            .collect(),
        ..NodeDocument::default()
    };
    Fix::offered(
        "Add a start",
        Change::Add { name: fresh_name(document, "Start"), node, from: Vec::<WayOut>::new() },
    )
}

pub(super) fn check_layout(document: &Document, problems: &mut Vec<Problem>) {
    for name in document.layout.keys().filter(|name| !document.nodes.contains_key(*name)) {
        let pointer = format!("/layout/{}", escape(name.as_str()));
        let message = format!("The layout places `{name}`, which is no node.");
        let remove = Fix::safe("Remove this line", Change::Remove { pointer: pointer.clone() });
        problems.push(
            Problem::of_document("layout_of_nothing", &pointer, message, "Remove this line.")
                .as_warning()
                .with_fix(remove),
        );
    }
}
