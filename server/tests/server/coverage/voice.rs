//! Rows of components that speak to a live call, or make one.

use super::{Begins, CALLER, FRIEND, LINE, Row};
use serde_json::{Value, json};
use server::config::Carrier;

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
    [talking(), listening(), speaking(), calling(), forwarding(), transferring(), rooms(), many()]
        .into_iter()
        .flatten()
        .collect()
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

fn speaking() -> Vec<Row> {
    let both = json!({ "prompt": { "speak": "Say or press." }, "timeout_s": 5, "retries": 0 });
    let record = json!({ "prompt": { "speak": "After the tone." }, "silence_timeout_s": 3 });
    let with = |kind: &str, config: &Value, name, state: &'static str, script: Value| {
        let nodes = called(kind, config.clone(), &[state]);
        Row::new(name, Begins::Call, &[("Node", state)], nodes).phone(CALLER, script)
    };
    let said =
        json!({ "on_call": "answer", "speech": ["My name is Ann and I call about a bill."] });
    vec![
        with("get_speech", &both, "somebody speaks", "speech", said.clone()),
        with(
            "get_speech",
            &both,
            "somebody presses instead of speaking",
            "digits",
            json!({ "on_call": "answer", "keys": ["2#"] }),
        ),
        with(
            "get_speech",
            &both,
            "somebody says nothing",
            "no_input",
            json!({ "on_call": "answer" }),
        ),
        hung_up("somebody hangs up instead of speaking", "get_speech", json!({ "timeout_s": 60 })),
        with("record_audio", &record, "a message is left", "recorded", said),
        with(
            "record_audio",
            &record,
            "no message is left",
            "no_input",
            json!({ "on_call": "answer" }),
        ),
        // People as slow as real ones, so that a hang-up within the first second is one.
        hung_up("somebody hangs up at the tone", "record_audio", json!({}))
            .phone(CALLER, json!({ "on_call": "ring", "hang_up_after_ms": 200 }))
            .on(|config| config.carrier = Carrier::Sandbox { speed: 1.0 }),
        with("record_call", &json!({ "action": "start" }), "a call is recorded", "done", json!({})),
        Row::new(
            "nothing can be recorded",
            Begins::Request(json!({})),
            &[("Node", "failed")],
            asked("record_call", json!({ "action": "start" }), &["failed"]),
        ),
    ]
}

fn forwarding() -> Vec<Row> {
    let forward = |name, state: &'static str, script: Value| {
        let config = json!({ "to": FRIEND, "ring_timeout_s": 15, "screening": { "speak": "A call. Press 1." }, "confirm_key": "1" });
        Row::new(name, Begins::Call, &[("Node", state)], called("call_forward", config, &[state]))
            .phone(FRIEND, script)
    };
    vec![
        forward(
            "a call is forwarded",
            "completed",
            json!({ "on_call": "answer", "keys": ["1"], "hang_up_after_ms": 9_000 }),
        ),
        forward("a forwarded call is not answered", "no_answer", json!({ "on_call": "no_answer" })),
        forward(
            "a forwarded call is not taken",
            "busy",
            json!({ "on_call": "answer", "keys": ["2"] }),
        ),
        Row::new(
            "a call cannot be forwarded",
            Begins::Call,
            &[("Node", "failed")],
            called("call_forward", json!({ "to": "12" }), &["failed"]),
        ),
        hung_up("somebody hangs up on a forwarded call", "call_forward", json!({ "to": FRIEND }))
            .phone(FRIEND, json!({ "on_call": "ring" })),
    ]
}

fn transferring() -> Vec<Row> {
    let warm = json!({ "to": FRIEND, "style": "warm", "ring_timeout_s": 15, "announcement": { "speak": "A customer. Press 1." }, "accept_key": "1" });
    let transfer = |name, state: &'static str, config: &Value, script: Value| {
        let nodes = called("transfer_call", config.clone(), &[state]);
        Row::new(name, Begins::Call, &[("Node", state)], nodes).phone(FRIEND, script)
    };
    let taken = json!({ "on_call": "answer", "keys": ["1"], "hang_up_after_ms": 20_000 });
    vec![
        transfer("a caller is handed over", "completed", &json!({ "to": FRIEND }), taken.clone()),
        transfer("a caller is handed over with a word", "completed", &warm, taken),
        transfer(
            "nobody takes a caller over",
            "no_answer",
            &warm,
            json!({ "on_call": "answer", "keys": ["2", "2"] }),
        ),
        transfer(
            "nobody can take a caller over",
            "failed",
            &json!({ "to": "12", "style": "warm" }),
            json!({}),
        ),
        hung_up("somebody hangs up while being handed over", "transfer_call", warm.clone())
            .phone(FRIEND, json!({ "on_call": "ring" })),
    ]
}

fn many() -> Vec<Row> {
    let mpc = |invite: &str| json!({ "name": "support", "invite": invite });
    vec![
        Row::new(
            "a customer and an agent talk",
            Begins::Call,
            &[("Node", "completed")],
            called("multi_party_call", mpc(FRIEND), &["completed"]),
        )
        .phone(FRIEND, json!({ "on_call": "answer", "hang_up_after_ms": 10_000 })),
        Row::new(
            "no agent has time",
            Begins::Call,
            &[("Node", "failed")],
            called("multi_party_call", mpc(FRIEND), &["failed"]),
        )
        .phone(FRIEND, json!({ "on_call": "busy" })),
        hung_up("a customer hangs up", "multi_party_call", mpc(FRIEND)),
    ]
}
