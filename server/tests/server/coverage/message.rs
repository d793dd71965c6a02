//! Rows of components that send texts and wait for answers.

use super::{Begins, FRIEND, Row};
use serde_json::{Value, json};

/// A workflow of one node that a service starts, with these ways out leading on.
fn asked(config: Value, states: &[&str]) -> Value {
    let next: serde_json::Map<String, Value> =
        states.iter().map(|state| ((*state).to_owned(), json!("After"))).collect();
    json!({
        "Start": { "kind": "start", "next": { "api_request": "Node" } },
        "Node": { "kind": "send_sms", "config": config, "next": next },
        "After": { "kind": "set_variable", "config": { "values": { "is_over": "yes" } } },
    })
}

pub(super) fn rows() -> Vec<Row> {
    let sent = |name, state: &'static str, to: &str| {
        let config = json!({ "to": to, "text": "Hello." });
        Row::new(name, Begins::Request(json!({})), &[("Node", state)], asked(config, &[state]))
    };
    vec![
        sent("a text is sent", "sent", FRIEND),
        sent("a text has no good number", "failed", "12"),
        Row::new(
            "a text is answered",
            Begins::Text("hi"),
            &[("Start", "incoming_message")],
            json!({
                "Start": { "kind": "start", "next": { "incoming_message": "After" } },
                "After": { "kind": "set_variable", "config": { "values": { "is_over": "yes" } } },
            }),
        ),
    ]
}
