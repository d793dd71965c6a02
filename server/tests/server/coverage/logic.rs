//! Rows of components that decide, keep, wait, or speak with other systems.

use super::{Begins, Row, WEB};
use serde_json::{Value, json};

/// A workflow of one node that a service starts, with these ways out leading on.
fn asked(name: &'static str, state: &'static str, kind: &str, config: Value) -> Row {
    let nodes = json!({
        "Start": { "kind": "start", "next": { "api_request": "Node" } },
        "Node": { "kind": kind, "config": config, "next": { state: "After" } },
        "After": { "kind": "set_variable", "config": { "values": { "is_over": "yes" } } },
    });
    Row::new(name, Begins::Request(json!({ "size": 3 })), &[("Node", state)], nodes)
}

pub(super) fn rows() -> Vec<Row> {
    let cases = |equals: &str| json!({ "value": "{{ size }}", "cases": [{ "name": "Hit", "equals": equals }] });
    let get = |path: &str| json!({ "url": format!("{WEB}{path}"), "timeout_s": 5 });
    vec![
        asked("a condition holds", "true", "condition", json!({ "when": "size == 3" })),
        asked("a condition does not hold", "false", "condition", json!({ "when": "size == 4" })),
        asked("a case fits", "Hit", "switch", cases("3")),
        asked("no case fits", "no_match", "switch", cases("4")),
        asked("a variable is set", "done", "set_variable", json!({ "values": { "a": "b" } })),
        asked("a moment passes", "done", "wait", json!({ "for_s": 1 })),
        Row::new(
            "two things are done at once",
            Begins::Request(json!({})),
            &[("Node", "One"), ("Node", "Two"), ("Node", "joined")],
            json!({
                "Start": { "kind": "start", "next": { "api_request": "Node" } },
                "Node": { "kind": "parallel", "config": { "branches": ["One", "Two"] }, "next": { "One": "First", "Two": "Second", "joined": "After" } },
                "First": { "kind": "set_variable", "config": { "values": { "first": "done" } } },
                "Second": { "kind": "set_variable", "config": { "values": { "second": "done" } } },
                "After": { "kind": "set_variable", "config": { "values": { "is_over": "yes" } } },
            }),
        ),
        asked("a service answers well", "success", "http_request", get("/good")),
        asked("a service answers badly", "failed", "http_request", get("/bad")),
    ]
}
