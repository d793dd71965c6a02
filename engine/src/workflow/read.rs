//! From JSON text to a document: syntax, size, shape, format, and the names that other products give to our components.

use super::{
    document::{Document, FORMAT, NodeDocument},
    locate::Position,
    problem::{Problem, escape},
};
use crate::{components, limits, name::NodeName};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// Reads a workflow file.
///
/// # Errors
/// What keeps the text from being a document at all. Everything about its meaning is for [`super::check()`].
pub fn read(text: &str) -> Result<Document, Vec<Problem>> {
    if text.len() > limits::DOCUMENT_BYTES_MAX {
        let message = format!(
            "The file has {} bytes; at most {} are read.",
            text.len(),
            limits::DOCUMENT_BYTES_MAX
        );
        return Err(vec![Problem::of_document(
            "document_too_large",
            "",
            message,
            "Split the workflow into several.",
        )]);
    }
    let json = serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| {
        let at = Position { line: error.line(), column: error.column() };
        let message = format!(
            "This is not JSON: line {}, column {}: {}.",
            at.line,
            at.column,
            without_place(&error.to_string())
        );
        vec![Problem::of_document(
            "not_json",
            "",
            message,
            "Look for a missing comma, quote or bracket there.",
        )]
    })?;
    read_value(json)
}

fn without_place(message: &str) -> &str {
    message.split(" at line ").next().unwrap_or(message)
}

/// The same for JSON that was parsed already.
///
/// # Errors
/// As [`read`].
pub fn read_value(json: Json) -> Result<Document, Vec<Problem>> {
    if depth(&json) > limits::DOCUMENT_DEPTH_MAX {
        let message =
            format!("The file is nested deeper than {} levels.", limits::DOCUMENT_DEPTH_MAX);
        return Err(vec![Problem::of_document("too_deep", "", message, "Flatten what is nested.")]);
    }
    let Json::Object(mut map) = json else {
        return Err(vec![Problem::of_document(
            "wrong_shape",
            "",
            "A workflow file is one JSON object.",
            "Begin it with { and end it with }.",
        )]);
    };
    match map.get("format").and_then(Json::as_u64) {
        Some(format) if format == u64::from(FORMAT) => {}
        Some(format) => {
            let message =
                format!("The file has format {format}; this version reads format {FORMAT}.");
            return Err(vec![Problem::of_document(
                "newer_format",
                "/format",
                message,
                "Open it with a newer version of Phloem.",
            )]);
        }
        None => {
            let remedy = format!("Add \"format\": {FORMAT}.");
            return Err(vec![Problem::of_document(
                "missing_format",
                "/format",
                "The file does not say which format it has.",
                remedy,
            )]);
        }
    }
    let nodes = map.insert("nodes".to_owned(), Json::Object(serde_json::Map::new()));
    let mut problems = Vec::new();
    let document: Option<Document> = match serde_path_to_error::deserialize(Json::Object(map)) {
        Ok(document) => Some(document),
        Err(error) => {
            problems.push(shape_problem("", &error));
            None
        }
    };
    let nodes = read_nodes(nodes, &mut problems);
    match document {
        Some(document) if problems.is_empty() => Ok(Document { nodes, ..document }),
        _ => Err(problems),
    }
}

fn read_nodes(
    nodes: Option<Json>,
    problems: &mut Vec<Problem>,
) -> BTreeMap<NodeName, NodeDocument> {
    let Some(Json::Object(nodes)) = nodes else {
        problems.push(Problem::of_document(
            "wrong_shape",
            "/nodes",
            "The file has no nodes.",
            "Add \"nodes\": { \"Start\": { \"kind\": \"start\" } }.",
        ));
        return BTreeMap::new();
    };
    let mut read = BTreeMap::new();
    for (name, node) in nodes {
        let name = NodeName::from(name);
        match serde_path_to_error::deserialize::<_, NodeDocument>(node) {
            Ok(mut node) => {
                if let Some(spec) = components::spec(&node.kind) {
                    node.kind = spec.kind.to_owned();
                }
                renew(&mut node);
                read.insert(name, node);
            }
            Err(error) => {
                let problem = shape_problem(&format!("/nodes/{}", escape(name.as_str())), &error);
                problems.push(Problem { node: Some(name), ..problem });
            }
        }
    }
    read
}

/// Settings as older files have them.
fn renew(node: &mut NodeDocument) {
    if node.kind == "make_call"
        && let Some(detection) = node.config.get_mut("machine_detection")
        && let Some(detects) = detection.as_bool()
    {
        *detection = if detects { "detect" } else { "off" }.into();
    }
}

fn shape_problem(base: &str, error: &serde_path_to_error::Error<serde_json::Error>) -> Problem {
    let path = error.path().to_string();
    let below = if path == "." {
        String::new()
    } else {
        path.split('.').map(|step| format!("/{}", escape(step))).collect()
    };
    let message = format!("This part of the file has the wrong shape: {}.", error.inner());
    Problem::of_document(
        "wrong_shape",
        &format!("{base}{below}"),
        message,
        "Compare it with an exported workflow.",
    )
}

fn depth(json: &Json) -> usize {
    match json {
        Json::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Json::Object(map) => 1 + map.values().map(depth).max().unwrap_or(0),
        _ => 1,
    }
}
