//! Rows of components that speak to a live call, or make one.

use super::{Begins, CALLER, FRIEND, LINE, Row};
use serde_json::{Value, json};

/// Somebody who listens as long as a person would, and hangs up in the middle of it.
fn impatient() -> Value {
    json!({ "on_call": "ring", "hang_up_after_ms": 5_000 })
}

/// A workflow of one node that a caller reaches, with these ways out leading on.
fn called(kind: &str, config: Value, states: &[&str]) -> Value {
    let next: serde_json::Map<String, Value> =
        states.iter().map(|state| ((*state).to_owned(), json!("After"))).collect();
    json!({
        "Start": { "kind": "start", "next": { "incoming_call": "Node" } },
        "Node": { "kind": kind, "config": config, "next": next },
        "After": { "kind": "set_variable", "config": { "values": { "is_over": "yes" } } },
    })
}

/// The same for a workflow that a service starts.
fn asked(kind: &str, config: Value, states: &[&str]) -> Value {
    let mut nodes = called(kind, config, states);
    nodes["Start"]["next"] = json!({ "api_request": "Node" });
    nodes
}

fn hung_up(name: &'static str, kind: &str, config: Value) -> Row {
    Row::new(name, Begins::Call, &[("Node", "hung_up")], called(kind, config, &["hung_up"]))
        .phone(CALLER, impatient())
}

/// The same where the run waits at the node until everything was heard.
fn heard_in_part(name: &'static str, kind: &str, config: Value) -> Row {
    let nodes = called(kind, config, &["completed", "hung_up"]);
    Row::new(name, Begins::Call, &[("Node", "hung_up")], nodes).phone(CALLER, impatient())
}

pub(super) fn rows() -> Vec<Row> {
    [talking(), listening(), calling(), rooms()].into_iter().flatten().collect()
}

fn talking() -> Vec<Row> {
    let long = "This text is so long that nobody listens to its end. ".repeat(20);
    vec![
        Row::new(
            "a text is said to its end",
            Begins::Call,
            &[("Start", "incoming_call"), ("Node", "completed")],
            called("speak", json!({ "text": "Hello." }), &["completed"]),
        ),
        heard_in_part("somebody hangs up on a text", "speak", json!({ "text": long })),
        Row::new(
            "a file is played to its end",
            Begins::Call,
            &[("Node", "completed")],
            called("play_audio", json!({ "url": "https://a.example/a.mp3" }), &["completed"]),
        ),
        heard_in_part(
            "somebody hangs up on a file",
            "play_audio",
            json!({ "url": "https://a.example/a.mp3", "loop": 20 }),
        ),
        Row::new(
            "a caller is refused",
            Begins::Call,
            &[("Node", "hung_up")],
            called("hangup", json!({ "reason": "busy" }), &["hung_up"]),
        ),
    ]
}

fn listening() -> Vec<Row> {
    let digits =
        json!({ "prompt": { "speak": "A key, please." }, "max_digits": 1, "timeout_s": 5 });
    let exact = json!({ "prompt": { "speak": "Two keys." }, "max_digits": 2, "min_digits": 2, "timeout_s": 5, "retries": 0 });
    let menu = json!({ "prompt": { "speak": "1 or 2." }, "choices": [{ "key": "1" }, { "key": "2" }], "timeout_s": 5, "retries": 0 });
    let with = |kind: &str, config: &Value, name, state: &'static str, keys: &[&str]| {
        let nodes = called(kind, config.clone(), &[state]);
        Row::new(name, Begins::Call, &[("Node", state)], nodes)
            .phone(CALLER, json!({ "on_call": "answer", "keys": keys }))
    };
    vec![
        with("get_digits", &digits, "a key is pressed", "digits", &["7"]),
        with("get_digits", &digits, "no key is pressed", "no_input", &[]),
        with("get_digits", &exact, "too few keys are pressed", "invalid", &["7#"]),
        hung_up(
            "somebody hangs up instead of pressing a key",
            "get_digits",
            json!({ "prompt": { "speak": "A key." }, "max_digits": 1, "timeout_s": 30 }),
        ),
        with("ivr_menu", &menu, "a choice is made", "1", &["1"]),
        with("ivr_menu", &menu, "no choice is made", "no_input", &[]),
        with("ivr_menu", &menu, "a wrong key is pressed in a menu", "wrong_input", &["9"]),
        hung_up(
            "somebody hangs up on a menu",
            "ivr_menu",
            json!({ "prompt": { "speak": "1 or 2." }, "choices": [{ "key": "1" }, { "key": "2" }], "timeout_s": 30 }),
        ),
    ]
}

fn calling() -> Vec<Row> {
    let ring = |name, state: &'static str, config: Value, script: Value| {
        Row::new(
            name,
            Begins::Request(json!({})),
            &[("Start", "api_request"), ("Node", state)],
            asked("make_call", config, &[state]),
        )
        .phone(FRIEND, script)
    };
    let plain = json!({ "to": FRIEND, "ring_timeout_s": 10 });
    vec![
        ring(
            "somebody is rung and answers",
            "answered",
            plain.clone(),
            json!({ "on_call": "answer" }),
        ),
        ring(
            "somebody is rung and does not answer",
            "no_answer",
            plain.clone(),
            json!({ "on_call": "no_answer" }),
        ),
        ring("somebody is rung and is busy", "busy", plain.clone(), json!({ "on_call": "busy" })),
        ring("nobody can be rung", "failed", json!({ "to": "12" }), json!({})),
        ring(
            "a machine answers",
            "voicemail",
            json!({ "to": FRIEND, "machine_detection": true }),
            json!({ "on_call": "machine" }),
        ),
    ]
}

fn rooms() -> Vec<Row> {
    vec![
        Row::new(
            "a caller leaves a conference by hanging up",
            Begins::Call,
            &[("Node", "completed")],
            called("conference", json!({ "name": "room" }), &["completed"]),
        )
        .phone(CALLER, json!({ "on_call": "answer", "hang_up_after_ms": 5_000 })),
        hung_up("somebody hangs up in a conference", "conference", json!({ "name": "room" })),
        Row::new(
            "a conference without a name",
            Begins::Call,
            &[("Node", "failed")],
            called("conference", json!({ "name": "{{ nobody_set_this }}" }), &["failed"]),
        )
        .phone(LINE, json!({})),
    ]
}
