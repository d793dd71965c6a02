//! Rows of components that send texts and mail, and wait for answers.

use super::{Begins, CALLER, FRIEND, LINE, Row};
use crate::harness::Host;
use futures::FutureExt;
use serde_json::{Value, json};
use std::sync::Arc;

/// A number whose texts are not delivered.
const UNREACHABLE: &str = "+15005550006";

/// A workflow of one node that a service starts, with these ways out leading on.
fn asked(kind: &str, config: Value, states: &[&str]) -> Value {
    let next: serde_json::Map<String, Value> =
        states.iter().map(|state| ((*state).to_owned(), json!("After"))).collect();
    json!({
        "Start": { "kind": "start", "next": { "api_request": "Node" } },
        "Node": { "kind": kind, "config": config, "next": next },
        "After": { "kind": "set_variable", "config": { "values": { "is_over": "yes" } } },
    })
}

/// A row of one node that a service starts, and the way out that it takes.
fn row(name: &'static str, kind: &str, state: &'static str, config: Value) -> Row {
    Row::new(name, Begins::Request(json!({})), &[("Node", state)], asked(kind, config, &[state]))
}

/// A question to [`FRIEND`], whose phone answers in its own way.
fn question(name: &'static str, state: &'static str, reply: &str) -> Row {
    let config = json!({
        "to": FRIEND, "from": LINE, "text": "Can you come? Answer YES or NO.", "timeout_s": 60,
        "choices": [{ "name": "Yes", "accepts": ["sure"] }, { "name": "No" }],
    });
    let replies = json!([{ "contains": "Can you come", "text": reply, "after_ms": 0 }]);
    row(name, "sms_menu", state, config)
        .phone(FRIEND, json!({ "on_call": "answer", "replies": replies }))
}

pub(super) fn rows() -> Vec<Row> {
    let text = |to: &str| json!({ "to": to, "text": "Hello." });
    let followed = |to: &str| json!({ "to": to, "text": "Hello.", "wait_for": "delivered" });
    let mail = json!({ "to": "team@example.com", "subject": "Hello", "text": "Hello." });
    let mail_with = |file: &str| json!({ "to": "team@example.com", "subject": "Hello", "text": "Hello.", "attachments": [file] });
    vec![
        row("a text is sent", "send_sms", "sent", text(FRIEND)),
        row("a text has no good number", "send_sms", "failed", text("12")),
        row("a text arrives", "send_sms", "delivered", followed(FRIEND)),
        row("a text does not arrive", "send_sms", "undelivered", followed(UNREACHABLE)),
        row("a message is sent", "send_whatsapp", "sent", text(FRIEND)),
        row("a message has no good number", "send_whatsapp", "failed", text("12")),
        row("a message arrives", "send_whatsapp", "delivered", followed(FRIEND)),
        row("a message does not arrive", "send_whatsapp", "undelivered", followed(UNREACHABLE)),
        row("a mail is sent", "email", "sent", mail),
        row("a mail's file cannot be fetched", "email", "failed", mail_with("http://127.0.0.1:9/x")),
        question("a question is answered", "Yes", "Sure!"),
        question("a question is answered otherwise", "other", "Who are you?"),
        row(
            "a question cannot be sent",
            "sms_menu",
            "failed",
            json!({ "to": "12", "text": "Can you come?", "choices": [{ "name": "Yes" }] }),
        ),
        row(
            "a question is not answered",
            "sms_menu",
            "no_reply",
            json!({ "to": FRIEND, "text": "Can you come?", "timeout_s": 1 }),
        ),
        Row::new(
            "a text is answered",
            Begins::Text("hi"),
            &[("Start", "incoming_message"), ("Node", "No")],
            json!({
                "Start": { "kind": "start", "next": { "incoming_message": "Node" } },
                "Node": { "kind": "sms_menu", "config": { "text": "Yes or no?", "choices": [{ "name": "Yes" }, { "name": "No" }] }, "next": { "No": "After" } },
                "After": { "kind": "set_variable", "config": { "values": { "is_over": "yes" } } },
            }),
        )
        .then(|host: Arc<Host>| {
            async move {
                let run = host.only_run("row").await;
                host.until(&run, "waiting").await;
                let path = format!("/simulator/control/phones/{CALLER}/message");
                host.post(&path, json!({ "to": LINE, "text": "no" })).await;
            }
            .boxed_local()
        }),
    ]
}
