//! The one text of a workflow: keys sorted, two spaces, final newline, defaults omitted, so that a diff shows what was meant.

use super::document::Document;
use crate::components;
use serde_json::{Map, Value as Json};
use std::fmt::Write;

/// The text that is exported and kept in git. Reading it and writing it again gives the same bytes.
pub fn canonical(document: &Document) -> String {
    let mut document = document.clone();
    for node in document.nodes.values_mut() {
        node.label = node.label.take().filter(|label| !label.trim().is_empty());
        if let Some(spec) = components::spec(&node.kind) {
            node.kind = spec.kind.to_owned();
            node.config.retain(|key, value| {
                spec.fields
                    .iter()
                    .find(|field| field.key == key)
                    .is_none_or(|field| !field.control.is_default(value))
            });
        }
    }
    let json = serde_json::to_value(&document).unwrap_or(Json::Null);
    let mut text = String::new();
    write_value(&mut text, &json, 0);
    text.push('\n');
    text
}

fn write_value(text: &mut String, value: &Json, depth: usize) {
    match value {
        Json::Object(map) if !map.is_empty() => write_map(text, map, depth),
        // A point on the canvas stays on its line: moving a node is a one-line diff.
        Json::Array(items) if !items.is_empty() && !items.iter().all(Json::is_number) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                separate(text, index, depth + 1);
                write_value(text, item, depth + 1);
            }
            separate(text, 0, depth);
            text.push(']');
        }
        Json::Array(items) => {
            let items: Vec<String> = items.iter().map(Json::to_string).collect();
            let _ = write!(text, "[{}]", items.join(", "));
        }
        other => text.push_str(&other.to_string()),
    }
}

fn write_map(text: &mut String, map: &Map<String, Json>, depth: usize) {
    let mut keys: Vec<&String> = map.keys().collect();
    keys.sort();
    text.push('{');
    for (index, key) in keys.into_iter().enumerate() {
        separate(text, index, depth + 1);
        let _ = write!(text, "{}: ", Json::from(key.as_str()));
        write_value(text, &map[key], depth + 1);
    }
    separate(text, 0, depth);
    text.push('}');
}

fn separate(text: &mut String, index: usize, depth: usize) {
    if index > 0 {
        text.push(',');
    }
    text.push('\n');
    text.push_str(&"  ".repeat(depth));
}
