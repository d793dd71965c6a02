//! How two workflow files differ, in words.

use super::{Outcome, check, say};
use engine::{Document, NodeDocument, workflow};
use serde_json::{Map, Value as Json};
use std::{collections::BTreeSet, path::Path};

/// `phloem diff`: prints one line a difference; where nodes stand does not count as one.
pub(super) fn diff(a: &Path, b: &Path) -> anyhow::Result<Outcome> {
    let (old, new) = (document(a)?, document(b)?);
    let lines = differences(&old, &new);
    for line in &lines {
        say(line);
    }
    if lines.is_empty() {
        let is_moved = old.layout != new.layout
            || old.notes != new.notes
            || old.groups != new.groups
            || old.colours != new.colours;
        say(if is_moved {
            "Only the drawing differs; they do the same."
        } else {
            "They are the same."
        });
        return Ok(Outcome::Good);
    }
    Ok(Outcome::Problems)
}

fn document(file: &Path) -> anyhow::Result<Document> {
    let text = check::read(file)?;
    workflow::read(&text).map_err(|problems| {
        let lines: Vec<String> =
            problems.iter().map(|problem| check::located(file, &text, problem)).collect();
        anyhow::anyhow!("{}", lines.join("\n"))
    })
}

fn differences(old: &Document, new: &Document) -> Vec<String> {
    let mut lines = Vec::new();
    for (what, before, after) in [
        ("id", &old.id, &new.id),
        ("name", &old.name, &new.name),
        ("description", &old.description, &new.description),
    ] {
        if before != after {
            lines.push(format!("The {what} is `{after}` instead of `{before}`."));
        }
    }
    if old.on_complete != new.on_complete {
        lines.push(match &new.on_complete {
            Some(url) => format!("The end of a run is told to {url}."),
            None => "The end of a run is told to nobody.".to_owned(),
        });
    }
    let names: BTreeSet<_> = old.nodes.keys().chain(new.nodes.keys()).collect();
    for name in names {
        match (old.nodes.get(name), new.nodes.get(name)) {
            (None, Some(node)) => {
                lines.push(format!("`{name}` ({}) is new.", node.kind));
                lines.extend(
                    node.next
                        .iter()
                        .map(|(state, to)| format!("`{name}` leads by `{state}` to `{to}`.")),
                );
            }
            (Some(node), None) => lines.push(format!("`{name}` ({}) is gone.", node.kind)),
            (Some(before), Some(after)) => of_node(name.as_str(), before, after, &mut lines),
            (None, None) => {}
        }
    }
    lines
}

fn of_node(name: &str, before: &NodeDocument, after: &NodeDocument, lines: &mut Vec<String>) {
    if before.kind != after.kind {
        lines.push(format!("`{name}` is a {} instead of a {}.", after.kind, before.kind));
    }
    if before.label != after.label {
        lines.push(format!(
            "`{name}` is labelled {} instead of {}.",
            shown_label(after),
            shown_label(before)
        ));
    }
    of_fields(name, "", &before.config, &after.config, lines);
    let states: BTreeSet<_> = before.next.keys().chain(after.next.keys()).collect();
    for state in states {
        match (before.next.get(state), after.next.get(state)) {
            (None, Some(to)) => lines.push(format!("`{name}` leads by `{state}` to `{to}`.")),
            (Some(to), None) => {
                lines.push(format!("`{name}` no longer leads by `{state}` to `{to}`."))
            }
            (Some(from), Some(to)) if from != to => {
                lines.push(format!("`{name}` leads by `{state}` to `{to}` instead of `{from}`."))
            }
            _ => {}
        }
    }
}

fn of_fields(
    name: &str,
    path: &str,
    before: &Map<String, Json>,
    after: &Map<String, Json>,
    lines: &mut Vec<String>,
) {
    let fields: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    for field in fields {
        let path = if path.is_empty() { field.clone() } else { format!("{path}.{field}") };
        match (before.get(field), after.get(field)) {
            (Some(Json::Object(before)), Some(Json::Object(after))) => {
                of_fields(name, &path, before, after, lines)
            }
            (Some(before), Some(after)) if before != after => {
                lines.push(format!("`{name}`: {path} is {after} instead of {before}."))
            }
            (None, Some(after)) => lines.push(format!("`{name}`: {path} is {after}.")),
            (Some(before), None) => lines.push(format!("`{name}`: {path} is no longer {before}.")),
            _ => {}
        }
    }
}

fn shown_label(node: &NodeDocument) -> String {
    node.label.as_ref().map_or_else(|| "with its name".to_owned(), |label| format!("\"{label}\""))
}

#[cfg(test)]
mod tests {
    use super::differences;
    use engine::Document;
    use serde_json::json;

    fn document(nodes: serde_json::Value) -> Document {
        serde_json::from_value(json!({ "format": 1, "id": "w", "name": "W", "nodes": nodes }))
            .unwrap()
    }

    #[test]
    fn every_change_is_one_sentence() {
        let old = document(json!({
            "Menu": { "kind": "get_digits", "config": { "prompt": { "speak": "Hi" }, "timeout_s": 5 }, "next": { "digits": "A", "no_input": "B" } },
            "A": { "kind": "speak" }
        }));
        let new = document(json!({
            "Menu": { "kind": "get_digits", "config": { "prompt": { "speak": "Hello" } }, "next": { "digits": "B" } },
            "B": { "kind": "hangup" }
        }));
        assert_eq!(
            differences(&old, &new),
            [
                "`A` (speak) is gone.",
                "`B` (hangup) is new.",
                "`Menu`: prompt.speak is \"Hello\" instead of \"Hi\".",
                "`Menu`: timeout_s is no longer 5.",
                "`Menu` leads by `digits` to `B` instead of `A`.",
                "`Menu` no longer leads by `no_input` to `B`.",
            ]
        );
        assert!(differences(&old, &old).is_empty());
    }
}
