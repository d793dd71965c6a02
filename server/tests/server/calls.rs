//! Calls that wait, are called away, or are acted on from outside.

use super::harness::{Host, answer, eventually, read, web};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;

const CALLER: &str = "+15550107001";
const FRIEND: &str = "+15550107002";
const LINE: &str = "+15550100009";

/// A server whose line starts this workflow.
async fn host_with(nodes: Value) -> Host {
    let host = Host::start().await;
    host.publish("line", nodes).await;
    host.put(&format!("/api/v1/numbers/{LINE}"), json!({ "workflow": "line" })).await;
    host
}

/// The files that were played to a number's calls.
async fn played(host: &Host, from: &str) -> String {
    let ledger = host.ledger().await;
    let calls = ledger["calls"].as_array().unwrap().clone();
    calls
        .iter()
        .filter(|call| call["from"] == from)
        .map(|call| call["played"].to_string())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_hears_the_hold_audio_and_is_called_away_from_it() {
    let host = host_with(json!({
        "Start": { "kind": "start", "next": { "incoming_call": "Ring" } },
        "Ring": { "kind": "make_call", "config": { "to": FRIEND }, "next": { "busy": "Sorry" } },
        "Sorry": { "kind": "speak", "config": { "text": "Nobody has time." } },
    }))
    .await;
    host.phone(FRIEND, json!({ "on_call": "busy", "answer_after_ms": 20_000 })).await;
    host.ring(CALLER, LINE).await;
    let run = host.only_run("line").await;
    host.until(&run, "completed").await;
    assert!(played(&host, CALLER).await.contains("/audio/hold.wav"), "{}", host.ledger().await);
    assert!(host.said().await.contains("Nobody has time."), "{}", host.said().await);

    let response = host.client.get(host.url("/audio/hold.wav")).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let caching = response.headers()["cache-control"].to_str().unwrap().to_owned();
    assert!(caching.starts_with("public, max-age="), "{caching}");
    let (status, _) = read(host.client.get(host.url("/audio/other.wav"))).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_is_not_answered_before_there_is_something_to_hear() {
    let service = web(|_| async {
        tokio::time::sleep(Duration::from_millis(600)).await;
        answer("200 OK", "application/json", "{}")
    })
    .await;
    let url = format!("http://127.0.0.1:{}/", service.port);
    let host = Host::with(|config| config.egress_allow = vec![service]).await;
    host.publish(
        "line",
        json!({
            "Start": { "kind": "start", "next": { "incoming_call": "Ask" } },
            "Ask": { "kind": "http_request", "config": { "url": url }, "next": { "success": "No" } },
            "No": { "kind": "hangup", "config": { "reason": "busy" } },
        }),
    )
    .await;
    host.put(&format!("/api/v1/numbers/{LINE}"), json!({ "workflow": "line" })).await;
    host.ring(CALLER, LINE).await;
    let run = host.only_run("line").await;
    host.until(&run, "completed").await;
    let ledger = host.ledger().await;
    assert_eq!(ledger["calls"][0]["status"], "busy", "{ledger}");
    assert_eq!(ledger["calls"][0]["answered_at"], Value::Null, "{ledger}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_is_told_of_and_acted_on_by_its_name_while_a_call_is_there() {
    let host = host_with(json!({
        "Start": { "kind": "start", "next": { "incoming_call": "Room" } },
        "Room": { "kind": "conference", "label": "War room", "config": { "name": "room" } },
    }))
    .await;
    let path = "/v1/phlo/line/conference_bridge/Room";
    let node = host.get(path).await;
    assert_eq!((&node["name"], &node["node_id"]), (&json!("War room"), &json!("Room")));
    assert_eq!(node["node_type"], "conference_bridge");
    let act = async |member: &str, action: &str| {
        let body = json!({ "action": action });
        host.send(Method::POST, &format!("{path}/members/{member}"), Some(&body)).await
    };
    let (status, answer) = act(CALLER, "mute").await;
    assert_eq!(status, StatusCode::NOT_FOUND, "{answer}");
    host.ring(CALLER, LINE).await;
    let run = host.only_run("line").await;
    eventually("the caller is in the room", async || {
        !host.ledger().await["conferences"].as_array().unwrap().is_empty()
    })
    .await;
    let (status, answer) = act(CALLER, "hold").await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "a conference knows no hold: {answer}");
    let (status, answer) = act(CALLER, "mute").await;
    assert_eq!((status, &answer["error"]), (StatusCode::CREATED, &json!("")));
    // One SDK sends the action in the query and nothing else.
    let (status, _) =
        host.send(Method::POST, &format!("{path}/members/{CALLER}?action=unmute"), None).await;
    assert_eq!(status, StatusCode::CREATED);
    let (status, answer) = host
        .send(
            Method::POST,
            "/v1/phlo/line/multi_party_call/Room",
            Some(&json!({ "action": "call" })),
        )
        .await;
    assert_eq!(status, StatusCode::NOT_FOUND, "it is no multi-party call: {answer}");
    host.ring(FRIEND, LINE).await;
    eventually("two runs are at the node", async || {
        host.get("/api/v1/runs?workflow=line").await["runs"].as_array().unwrap().len() == 2
    })
    .await;
    let (status, answer) = act("+15550107009", "mute").await;
    assert_eq!(status, StatusCode::NOT_FOUND, "nobody of that number is there: {answer}");
    let (status, _) = act(FRIEND, "mute").await;
    assert_eq!(status, StatusCode::CREATED);
    host.post(&format!("/api/v1/runs/{run}/cancel"), json!({})).await;
}
