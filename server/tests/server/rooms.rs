//! Multi-party calls, and what services do to the people in them.

use super::harness::{Host, eventually};
use reqwest::Method;
use serde_json::{Value, json};

const CALLER: &str = "+15550107001";
const AGENT: &str = "+15550107002";
const SECOND: &str = "+15550107003";
const THIRD: &str = "+15550107004";
const LINE: &str = "+15550100009";

/// A server on whose line a customer and an agent talk already.
async fn talking() -> Host {
    let host = Host::start().await;
    host.publish(
        "line",
        json!({
            "Start": { "kind": "start", "next": { "incoming_call": "Support" } },
            "Support": { "kind": "multi_party_call", "config": { "name": "support", "invite": AGENT,
                "voicemail_message": { "speak": "Please call us back." } }, "next": { "completed": "Thanks" } },
            "Thanks": { "kind": "speak", "config": { "text": "Thank you for calling." } },
        }),
    )
    .await;
    host.put(&format!("/api/v1/numbers/{LINE}"), json!({ "workflow": "line" })).await;
    host.ring(CALLER, LINE).await;
    is_there(&host, AGENT).await;
    is_there(&host, CALLER).await;
    host
}

/// Somebody's stay in the multi-party call, from the telephone network's books.
async fn stay(host: &Host, phone: &str) -> Option<Value> {
    let ledger = host.ledger().await;
    let rooms = ledger["conferences"].as_array().unwrap().clone();
    let mut members = rooms.iter().flat_map(|room| room["members"].as_array().unwrap().clone());
    members.rfind(|member| member["number"] == phone)
}

async fn is_there(host: &Host, phone: &str) {
    eventually(&format!("{phone} is in the call"), async || {
        stay(host, phone).await.is_some_and(|stay| stay["left_at"].is_null())
    })
    .await;
}

async fn is_gone(host: &Host, phone: &str) {
    eventually(&format!("{phone} is out of the call"), async || {
        stay(host, phone).await.is_some_and(|stay| !stay["left_at"].is_null())
    })
    .await;
}

/// What was done to somebody, in order; doing it twice is doing it once.
async fn changes(host: &Host, phone: &str, expected: Value) {
    eventually(&format!("{expected} was done to {phone}"), async || {
        stay(host, phone).await.is_some_and(|stay| {
            let mut changes = stay["changes"].as_array().cloned().unwrap_or_default();
            changes.dedup();
            Value::Array(changes) == expected
        })
    })
    .await;
}

async fn at_node(host: &Host, body: Value) {
    let path = "/v1/phlo/line/multi_party_call/Support";
    let (status, answer) = host.send(Method::POST, path, Some(&body)).await;
    assert_eq!((status.as_u16(), &answer["error"]), (201, &json!("")), "{answer}");
}

async fn at_member(host: &Host, member: &str, action: &str) {
    let path = format!("/v1/phlo/line/multi_party_call/Support/members/{member}");
    let (status, answer) = host.send(Method::POST, &path, Some(&json!({ "action": action }))).await;
    assert_eq!((status.as_u16(), &answer["error"]), (201, &json!("")), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn members_are_held_muted_and_sent_away() {
    let host = talking().await;
    at_member(&host, CALLER, "hold").await;
    changes(&host, CALLER, json!(["held"])).await;
    at_member(&host, CALLER, "unhold").await;
    at_member(&host, AGENT, "mute").await;
    changes(&host, CALLER, json!(["held", "unheld"])).await;
    changes(&host, AGENT, json!(["muted"])).await;
    at_member(&host, AGENT, "unmute").await;
    changes(&host, AGENT, json!(["muted", "unmuted"])).await;
    at_member(&host, AGENT, "hangup").await;
    is_gone(&host, AGENT).await;
    let run = host.only_run("line").await;
    host.until(&run, "completed").await;
    assert!(host.said().await.contains("Thank you for calling."), "{}", host.said().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_is_transferred_warmly_and_coldly() {
    let host = talking().await;
    at_node(&host, json!({ "action": "warm_transfer", "to": SECOND })).await;
    changes(&host, CALLER, json!(["held"])).await;
    is_there(&host, SECOND).await;
    at_member(&host, CALLER, "resume_call").await;
    changes(&host, CALLER, json!(["held", "unheld"])).await;

    at_node(&host, json!({ "action": "cold_transfer", "to": THIRD })).await;
    is_there(&host, THIRD).await;
    is_gone(&host, AGENT).await;
    is_gone(&host, SECOND).await;
    assert!(stay(&host, CALLER).await.unwrap()["left_at"].is_null(), "the customer stays");
    let run = host.only_run("line").await;
    host.post(&format!("/api/v1/runs/{run}/cancel"), json!({})).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_that_nobody_takes_brings_the_customer_back() {
    let host = talking().await;
    host.phone(SECOND, json!({ "on_call": "no_answer" })).await;
    at_node(&host, json!({ "action": "warm_transfer", "to": SECOND })).await;
    changes(&host, CALLER, json!(["held", "unheld"])).await;
    host.phone(THIRD, json!({ "on_call": "ring" })).await;
    at_node(&host, json!({ "action": "warm_transfer", "to": THIRD })).await;
    changes(&host, CALLER, json!(["held", "unheld", "held"])).await;
    at_node(&host, json!({ "action": "abort_transfer" })).await;
    changes(&host, CALLER, json!(["held", "unheld", "held", "unheld"])).await;
    let run = host.only_run("line").await;
    host.post(&format!("/api/v1/runs/{run}/cancel"), json!({})).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_is_left_a_message_and_the_others_talk_on() {
    let host = talking().await;
    at_node(&host, json!({ "action": "call", "to": SECOND })).await;
    is_there(&host, SECOND).await;
    at_member(&host, SECOND, "voicemail_drop").await;
    is_gone(&host, SECOND).await;
    eventually("the message was left", async || {
        let ledger = host.ledger().await;
        let calls = ledger["calls"].as_array().unwrap().clone();
        calls.iter().any(|call| {
            call["to"] == SECOND
                && call["spoken"] == json!(["Please call us back."])
                && !call["ended_at"].is_null()
        })
    })
    .await;
    assert!(stay(&host, AGENT).await.unwrap()["left_at"].is_null());
    let run = host.only_run("line").await;
    host.post(&format!("/api/v1/runs/{run}/cancel"), json!({})).await;
}
