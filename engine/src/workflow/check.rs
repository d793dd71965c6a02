//! Every rule of a workflow in one place; all that is wrong is told at once.

use super::{
    document::{Document, NodeDocument},
    fields::Fields,
    problem::{Problem, escape},
};
use crate::{
    component::Problems,
    components::{self, Entry},
    limits,
    name::NodeName,
    run::HUNG_UP,
};
use petgraph::{graph::DiGraph, visit::Dfs};
use std::collections::{BTreeMap, BTreeSet};

/// Everything that is wrong with a document, in the order of its nodes.
pub fn check(document: &Document) -> Vec<Problem> {
    let mut problems = Vec::new();
    check_head(document, &mut problems);
    for (name, node) in &document.nodes {
        check_node(document, name, node, &mut problems);
    }
    check_start(document, &mut problems);
    check_reach(document, &mut problems);
    for name in document.layout.keys().filter(|name| !document.nodes.contains_key(*name)) {
        let pointer = format!("/layout/{}", escape(name.as_str()));
        let message = format!("The layout places `{name}`, which is no node.");
        problems.push(
            Problem::of_document("layout_of_nothing", &pointer, message, "Remove this line.")
                .as_warning(),
        );
    }
    problems
}

fn check_head(document: &Document, problems: &mut Vec<Problem>) {
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

fn check_node(
    document: &Document,
    name: &NodeName,
    node: &NodeDocument,
    problems: &mut Vec<Problem>,
) {
    if !NodeName::is_identifier(name.as_str()) {
        let remedy = "Use letters, digits and _, beginning with a letter, so that texts can say {{ Name.variable }}; the label may say anything.";
        problems.push(Problem::of_node(
            "bad_node_name",
            name,
            "",
            format!("`{name}` cannot be the reference name of a node."),
            remedy,
        ));
    } else if name == "run" {
        problems.push(Problem::of_node(
            "reserved_name",
            name,
            "",
            "`run` is the name of the run itself.",
            "Choose another reference name.",
        ));
    }
    let Some(entry) = components::entry(&node.kind) else {
        let mut problem = Problem::of_node(
            "unknown_kind",
            name,
            "",
            format!("There is no component `{}`.", node.kind),
            nearest_kind(&node.kind),
        );
        problem.pointer.push_str("/kind");
        problems.push(problem);
        return check_edges(document, name, node, None, problems);
    };
    let before = problems.len();
    check_config(entry, name, node, problems);
    if !problems[before..].iter().any(Problem::is_error) {
        match entry.parse(&node.config) {
            Ok(behaviour) => behaviour.check(&mut Problems { node: name, found: problems }),
            Err(error) => {
                let path = error.path().to_string();
                let field = if path == "." { "" } else { &path };
                let message =
                    format!("The settings of this node cannot be read: {}.", error.inner());
                problems.push(Problem::of_node(
                    "wrong_value",
                    name,
                    field,
                    message,
                    "Compare with the component's example in its help.",
                ));
            }
        }
    }
    check_edges(document, name, node, Some(entry), problems);
}

fn check_config(entry: &Entry, name: &NodeName, node: &NodeDocument, problems: &mut Vec<Problem>) {
    let spec = entry.spec;
    for field in spec.fields {
        match node.config.get(field.key).filter(|value| !value.is_null()) {
            Some(value) => {
                if field.is_required && field.control.is_default(value) {
                    problems.push(missing(name, field));
                } else {
                    Fields { node: name, problems }.check(field, value);
                }
            }
            None if field.is_required => problems.push(missing(name, field)),
            None => {}
        }
    }
    for key in node.config.keys().filter(|key| spec.fields.iter().all(|field| field.key != *key)) {
        let known: Vec<&str> = spec.fields.iter().map(|field| field.key).collect();
        let remedy = if known.is_empty() {
            "It has no settings.".to_owned()
        } else {
            format!("It has: {}.", known.join(", "))
        };
        problems.push(Problem::of_node(
            "unknown_field",
            name,
            key,
            format!("{} has no setting `{key}`.", spec.label),
            remedy,
        ));
    }
}

fn missing(name: &NodeName, field: &crate::component::Field) -> Problem {
    Problem::of_node(
        "missing_field",
        name,
        field.key,
        format!("{} is missing.", field.label),
        format!("Fill it in: {}", field.help),
    )
}

fn check_edges(
    document: &Document,
    name: &NodeName,
    node: &NodeDocument,
    entry: Option<&Entry>,
    problems: &mut Vec<Problem>,
) {
    let states = entry.map(|entry| {
        let mut states = components::states(entry.spec.kind, &node.config);
        if entry.spec.is_voice {
            states.push(HUNG_UP.into());
        }
        states
    });
    for (state, target) in &node.next {
        let field = format!("next.{state}");
        if let Some(states) = states.as_ref().filter(|states| !states.contains(state)) {
            let known: Vec<&str> = states.iter().map(crate::StateName::as_str).collect();
            let remedy = if known.is_empty() {
                "This node ends the run; remove the edge.".to_owned()
            } else {
                format!("Its states are: {}.", known.join(", "))
            };
            problems.push(Problem::of_node(
                "unknown_state",
                name,
                &field,
                format!("Node `{name}` has no state `{state}`."),
                remedy,
            ));
        }
        match document.nodes.get(target) {
            None => {
                let message =
                    format!("The state `{state}` leads to `{target}`, which does not exist.");
                problems.push(Problem::of_node(
                    "edge_to_nowhere",
                    name,
                    &field,
                    message,
                    "Connect it to a node, or remove the edge.",
                ));
            }
            Some(target_node)
                if components::spec(&target_node.kind).is_some_and(|spec| spec.kind == "start") =>
            {
                let message =
                    format!("The state `{state}` leads back to the start, where only runs begin.");
                problems.push(Problem::of_node(
                    "edge_to_start",
                    name,
                    &field,
                    message,
                    "Connect it to the node after the start.",
                ));
            }
            Some(_) => {}
        }
    }
}

fn check_start(document: &Document, problems: &mut Vec<Problem>) {
    let is_start =
        |node: &NodeDocument| components::spec(&node.kind).is_some_and(|spec| spec.kind == "start");
    let starts: Vec<&NodeName> =
        document.nodes.iter().filter(|(_, node)| is_start(node)).map(|(name, _)| name).collect();
    match starts.as_slice() {
        [] => problems.push(Problem::of_document(
            "no_start",
            "/nodes",
            "The workflow has no start.",
            "Add a Start node; every run begins there.",
        )),
        [start] => {
            if document.nodes[*start].next.is_empty() {
                let message = "Nothing follows the start, so every call is hung up at once.";
                problems.push(
                    Problem::of_node(
                        "start_leads_nowhere",
                        start,
                        "",
                        message,
                        "Connect one of its states.",
                    )
                    .as_warning(),
                );
            }
        }
        [first, more @ ..] => {
            for start in more {
                let message = format!("There is more than one start: `{first}` is one already.");
                problems.push(Problem::of_node(
                    "two_starts",
                    start,
                    "",
                    message,
                    "Keep one; it has a state for each way to begin.",
                ));
            }
        }
    }
}

/// Nodes that no run can reach.
fn check_reach(document: &Document, problems: &mut Vec<Problem>) {
    let mut graph = DiGraph::<&NodeName, ()>::new();
    let indices: BTreeMap<&NodeName, _> =
        document.nodes.keys().map(|name| (name, graph.add_node(name))).collect();
    let mut reached = BTreeSet::new();
    for (name, node) in &document.nodes {
        for target in node.next.values().filter_map(|target| indices.get(target)) {
            graph.add_edge(indices[name], *target, ());
        }
    }
    let starts = document
        .nodes
        .iter()
        .filter(|(_, node)| components::spec(&node.kind).is_some_and(|spec| spec.kind == "start"));
    let mut has_start = false;
    for (start, _) in starts {
        has_start = true;
        let mut search = Dfs::new(&graph, indices[start]);
        while let Some(index) = search.next(&graph) {
            reached.insert(graph[index]);
        }
    }
    for name in document.nodes.keys().filter(|name| has_start && !reached.contains(name)) {
        let message = "No run ever comes here.";
        problems.push(
            Problem::of_node(
                "unreachable",
                name,
                "",
                message,
                "Connect a state of another node to it, or delete it.",
            )
            .as_warning(),
        );
    }
}

fn nearest_kind(kind: &str) -> String {
    let distance = |other: &str| {
        let shared = other.split('_').filter(|word| kind.contains(word)).count();
        (usize::MAX - shared, other.len().abs_diff(kind.len()))
    };
    match components::LIBRARY
        .iter()
        .map(|entry| entry.spec.kind)
        .min_by_key(|other| distance(other))
    {
        Some(nearest) if nearest.split('_').any(|word| kind.contains(word)) => {
            format!("Did you mean `{nearest}`?")
        }
        _ => format!(
            "The components are: {}.",
            components::LIBRARY.iter().map(|entry| entry.spec.kind).collect::<Vec<_>>().join(", ")
        ),
    }
}
