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

#[tokio::test(flavor = "multi_thread")]
async fn what_is_told_beside_the_conversation_is_answered_with_nothing_and_changes_nothing() {
    let host = host_with(json!({
        "Start": { "kind": "start", "next": { "incoming_call": "Ask" } },
        "Ask": { "kind": "get_speech", "config": { "prompt": { "speak": "Who is there?" }, "timeout_s": 60 } },
    }))
    .await;
    host.phone(CALLER, json!({ "on_call": "ring" })).await;
    host.ring(CALLER, LINE).await;
    let run = host.only_run("line").await;
    let document = async || {
        host.ledger().await["calls"][0]["documents"][0]["xml"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    eventually("the question is asked", async || document().await.contains("<GetInput")).await;
    let xml = document().await;
    let address = |name: &str| {
        let (_, rest) = xml.split_once(name).unwrap();
        rest.split(['"', '<', '#']).find(|piece| piece.starts_with("http")).unwrap().to_owned()
    };
    let token = host.server.app().account.auth_token.clone();
    let tell = async |url: &str, more: &[(&str, &str)]| {
        let common = [("CallUUID", "c"), ("CallStatus", "in-progress"), ("Direction", "inbound")];
        let form: Vec<(String, String)> = common
            .iter()
            .chain(more)
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let signature = plivo::signature::v3(token.expose(), plivo::Method::Post, url, &form, "n");
        let request = host.client.post(url).form(&form);
        let signed = request
            .header("x-plivo-signature-v3", signature)
            .header("x-plivo-signature-v3-nonce", "n");
        read(signed).await.1.as_str().unwrap_or_default().to_owned()
    };
    let before = host.events(&run).await;
    let action = address("action=");
    let interim = [("StableSpeech", "It is"), ("UnstableSpeech", "Ann"), ("SequenceNumber", "2")];
    assert_eq!(tell(&action, &interim).await, "<Response></Response>");
    let detection = [("Event", "MachineDetection"), ("Machine", "true")];
    assert_eq!(tell(&action, &detection).await, "<Response></Response>");
    assert_eq!(host.events(&run).await, before);
    // The webhook that counts is still taken, and its double gets the same document.
    let said = [("InputType", "speech"), ("Speech", "It is Ann"), ("SpeechConfidenceScore", "0.9")];
    let document = tell(&action, &said).await;
    assert!(document.contains("<Hangup"), "{document}");
    assert_eq!(tell(&action, &said).await, document);
    assert_eq!(tell(&address("<Redirect>"), &[]).await, document, "silence comes too late");
    let variables = host.get(&format!("/api/v1/runs/{run}")).await["variables"]["Ask"].clone();
    assert_eq!(variables["speech"], "It is Ann");
    host.post(&format!("/simulator/control/phones/{CALLER}/hang_up"), json!({})).await;
    host.until(&run, "completed").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_hears_something_before_being_answered_and_pays_nothing() {
    let host = host_with(json!({
        "Start": { "kind": "start", "next": { "incoming_call": "Sorry" } },
        "Sorry": { "kind": "speak", "config": { "text": "We are closed.", "before_answer": true }, "next": { "completed": "No" } },
        "No": { "kind": "hangup", "config": { "reason": "busy" } },
    }))
    .await;
    host.ring(CALLER, LINE).await;
    let run = host.only_run("line").await;
    host.until(&run, "completed").await;
    let call = host.ledger().await["calls"][0].clone();
    assert_eq!(call["spoken"], json!(["We are closed."]), "{call}");
    assert_eq!((&call["status"], &call["answered_at"]), (&json!("busy"), &Value::Null), "{call}");
}
