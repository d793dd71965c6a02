//! Calls and texts through the simulated telephone network.

use super::harness::{Host, answer, eventually, read, web};
use reqwest::StatusCode;
use serde_json::json;
use std::{sync::Arc, time::Duration};

const CALLER: &str = "+15550107001";
const LINE: &str = "+15550100009";

fn menu(status_url: &str) -> serde_json::Value {
    json!({
        "Start": { "kind": "start", "next": { "incoming_call": "Menu" } },
        "Menu": { "kind": "get_digits", "config": { "prompt": { "speak": "Press 1 or 2." }, "max_digits": 1, "timeout_s": 5, "retries": 1 }, "next": { "digits": "Choice", "no_input": "Bye" } },
        "Choice": { "kind": "switch", "config": { "value": "{{ Menu.digits }}", "cases": [{ "name": "Status", "equals": "1" }, { "name": "Room", "equals": "2" }] },
            "next": { "Status": "Ask", "Room": "Room", "no_match": "Wrong" } },
        "Ask": { "kind": "http_request", "config": { "url": status_url, "timeout_s": 5 }, "next": { "success": "Tell", "failed": "Sorry" } },
        "Tell": { "kind": "speak", "config": { "text": "All is {{ Ask.response.status }}." } },
        "Sorry": { "kind": "speak", "config": { "text": "Nobody knows." } },
        "Wrong": { "kind": "speak", "config": { "text": "That is no choice." } },
        "Room": { "kind": "conference", "config": { "name": "room" } },
        "Bye": { "kind": "speak", "config": { "text": "Goodbye." } }
    })
}

async fn host_with_menu(delay: Duration) -> Host {
    let service = web(move |_| async move {
        tokio::time::sleep(delay).await;
        answer("200 OK", "application/json", r#"{"status":"green"}"#)
    })
    .await;
    let url = format!("http://127.0.0.1:{}/status", service.port);
    let host = Host::with(|config| config.egress_allow = vec![service]).await;
    host.publish("menu", menu(&url)).await;
    host.put(&format!("/api/v1/numbers/{LINE}"), json!({ "workflow": "menu" })).await;
    host
}

/// Rings the line with these keys and gives the run, over.
async fn call(host: &Host, keys: &[&str], hang_up_after_ms: Option<u32>) -> String {
    host.phone(
        CALLER,
        json!({ "on_call": "answer", "keys": keys, "hang_up_after_ms": hang_up_after_ms }),
    )
    .await;
    host.ring(CALLER, LINE).await;
    let run = host.only_run("menu").await;
    host.until(&run, "completed").await;
    run
}

#[tokio::test(flavor = "multi_thread")]
async fn pressing_1_tells_the_status_of_an_http_service() {
    let host = host_with_menu(Duration::ZERO).await;
    let run = call(&host, &["1"], None).await;
    assert!(host.said().await.contains("All is green."), "{}", host.said().await);
    assert_eq!(host.events(&run).await, ["started", "digits", "http_answered", "call_ended"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn pressing_2_joins_the_room_and_silence_is_asked_again() {
    let host = host_with_menu(Duration::ZERO).await;
    call(&host, &["", "2"], Some(20_000)).await;
    let ledger = host.ledger().await;
    assert_eq!(
        ledger["conferences"][0]["members"].as_array().unwrap().len(),
        1,
        "{}",
        ledger["conferences"]
    );
    assert_eq!(host.said().await.matches("Press 1 or 2.").count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_key_is_told_and_silence_ends_politely() {
    let host = host_with_menu(Duration::ZERO).await;
    call(&host, &["9"], None).await;
    assert!(host.said().await.contains("That is no choice."));
    let host = host_with_menu(Duration::ZERO).await;
    call(&host, &["", "", ""], None).await;
    assert!(host.said().await.contains("Goodbye."));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_service_parks_the_caller_and_loses_nobody() {
    let host = host_with_menu(Duration::from_millis(700)).await;
    call(&host, &["1"], None).await;
    assert!(host.said().await.contains("All is green."), "{}", host.said().await);
    let ledger = host.ledger().await;
    let polls = ledger["calls"][0]["documents"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|document| document["url"].as_str().unwrap().contains("/poll/"))
        .count();
    assert!(polls >= 1, "{ledger}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_comes_twice_changes_the_run_once() {
    let host = host_with_menu(Duration::ZERO).await;
    host.put("/simulator/control/faults", json!({ "duplicate_webhook": 1.0, "seed": 7 })).await;
    let run = call(&host, &["1"], None).await;
    let events = host.events(&run).await;
    for event in ["started", "digits", "http_answered", "call_ended"] {
        assert_eq!(
            events.iter().filter(|found| *found == event).count(),
            1,
            "{event} in {events:?}"
        );
    }
    assert!(host.said().await.contains("All is green."));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_webhook_is_refused() {
    let host = host_with_menu(Duration::ZERO).await;
    let answer_url = host.get("/api/v1/numbers").await["numbers"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["number"] == LINE)
        .unwrap()["answer_url"]
        .clone();
    let url = answer_url.as_str().unwrap().split('#').next().unwrap().to_owned();
    let form = vec![
        ("CallUUID".to_owned(), "c".to_owned()),
        ("From".to_owned(), "15550107001".to_owned()),
    ];
    let token = host.server.app().account.auth_token.clone();
    let sign =
        |url: &str, token: &str| plivo::signature::v3(token, plivo::Method::Post, url, &form, "n");
    let post = |url: &str, signature: String| {
        read(
            host.client
                .post(url)
                .form(&form)
                .header("x-plivo-signature-v3", signature)
                .header("x-plivo-signature-v3-nonce", "n"),
        )
    };
    assert_eq!(post(&url, sign(&url, "another token")).await.0, StatusCode::FORBIDDEN);
    assert_eq!(
        post(&url, sign(&url.replace("answer", "hangup"), token.expose())).await.0,
        StatusCode::FORBIDDEN
    );
    let guessed = url.replace("15550100009", "15550100008");
    assert_eq!(post(&guessed, sign(&guessed, token.expose())).await.0, StatusCode::FORBIDDEN);
    assert_eq!(host.get("/api/v1/runs?workflow=menu").await["runs"], json!([]));
    let (status, body) = post(&url, sign(&url, token.expose())).await;
    assert_eq!(status, StatusCode::OK);
    assert!(body.as_str().unwrap().contains("<GetDigits"), "{body}");
    let (_, again) = post(&url, sign(&url, token.expose())).await;
    assert_eq!(again, body, "the same webhook, the same document");
    host.only_run("menu").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_answers_of_the_carrier_double_nothing() {
    let host = Host::start().await;
    host.publish(
        "page",
        json!({
            "Start": { "kind": "start", "next": { "api_request": "Ring" } },
            "Ring": { "kind": "make_call", "config": { "to": "{{ to }}" }, "next": { "answered": "Say", "failed": "Text" } },
            "Say": { "kind": "speak", "config": { "text": "Wake up." }, "next": { "completed": "Text" } },
            "Text": { "kind": "send_sms", "config": { "to": "{{ to }}", "text": "Really." } }
        }),
    )
    .await;
    host.put("/simulator/control/faults", json!({ "drop_response": 1.0, "seed": 3 })).await;
    let run = host.run("page", json!({ "to": CALLER })).await;
    eventually("call and text are there", async || {
        let ledger = host.ledger().await;
        !ledger["calls"].as_array().unwrap().is_empty()
            && !ledger["messages"].as_array().unwrap().is_empty()
    })
    .await;
    host.put("/simulator/control/faults", json!({})).await;
    host.until(&run, "completed").await;
    let ledger = host.ledger().await;
    assert_eq!(ledger["calls"].as_array().unwrap().len(), 1);
    assert_eq!(ledger["messages"].as_array().unwrap().len(), 1);
    let events = host.events(&run).await;
    assert!(
        events.contains(&"call_placed".to_owned())
            && events.contains(&"message_accepted".to_owned()),
        "{events:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_carrier_request_is_tried_again_and_a_bad_number_is_not() {
    let host = Host::start().await;
    host.publish(
        "text",
        json!({
            "Start": { "kind": "start", "next": { "api_request": "Text" } },
            "Text": { "kind": "send_sms", "config": { "to": "{{ to }}", "text": "Hello." }, "next": { "failed": "Note" } },
            "Note": { "kind": "set_variable", "config": { "values": { "outcome": "not sent" } } }
        }),
    )
    .await;
    host.put("/simulator/control/faults", json!({ "server_error": 1.0, "seed": 3 })).await;
    let run = host.run("text", json!({ "to": CALLER })).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    host.put("/simulator/control/faults", json!({})).await;
    host.until(&run, "completed").await;
    assert_eq!(host.ledger().await["messages"].as_array().unwrap().len(), 1);

    let run = host.run("text", json!({ "to": "12" })).await;
    host.until(&run, "completed").await;
    assert_eq!(
        host.get(&format!("/api/v1/runs/{run}")).await["variables"]["outcome"],
        json!("not sent")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_to_our_number_is_answered() {
    let host = Arc::new(Host::start().await);
    host.publish(
        "reply",
        json!({
            "Start": { "kind": "start", "next": { "incoming_message": "Reply" } },
            "Reply": { "kind": "send_sms", "config": { "from": "{{ Start.message.to }}", "to": "{{ Start.message.from }}", "text": "You said {{ Start.message.text }}." } }
        }),
    )
    .await;
    host.put(&format!("/api/v1/numbers/{LINE}"), json!({ "workflow": "reply" })).await;
    host.post(
        &format!("/simulator/control/phones/{CALLER}/message"),
        json!({ "to": LINE, "text": "hi" }),
    )
    .await;
    let run = host.only_run("reply").await;
    host.until(&run, "completed").await;
    let messages = host.ledger().await["messages"].clone();
    assert!(
        messages
            .as_array()
            .unwrap()
            .iter()
            .any(|message| message["text"] == "You said hi." && message["to"] == CALLER),
        "{messages}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_run_hangs_up() {
    let host = Host::start().await;
    host.publish(
        "ring",
        json!({
            "Start": { "kind": "start", "next": { "api_request": "Ring" } },
            "Ring": { "kind": "make_call", "config": { "to": "{{ to }}", "ring_timeout_s": 60 } }
        }),
    )
    .await;
    host.phone(CALLER, json!({ "on_call": "ring" })).await;
    let run = host.run("ring", json!({ "to": CALLER })).await;
    eventually("the phone rings", async || {
        host.get(&format!("/simulator/control/phones/{CALLER}")).await["calls"][0]["state"]
            == "ringing"
    })
    .await;
    host.post(&format!("/api/v1/runs/{run}/cancel"), json!({})).await;
    host.until(&run, "cancelled").await;
    eventually("the phone is silent", async || {
        host.get(&format!("/simulator/control/phones/{CALLER}")).await["calls"][0]["state"]
            == "ended"
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_misbehaving_network_loses_and_doubles_nothing() {
    const RUNS: usize = 24;
    let host = Host::start().await;
    host.publish(
        "page",
        json!({
            "Start": { "kind": "start", "next": { "api_request": "Ring" } },
            "Ring": { "kind": "make_call", "config": { "to": "{{ to }}" }, "next": { "answered": "Ask" } },
            "Ask": { "kind": "get_digits", "config": { "prompt": { "speak": "Press 1." }, "max_digits": 1, "timeout_s": 5 }, "next": { "digits": "Text" } },
            "Text": { "kind": "send_sms", "config": { "to": "{{ to }}", "text": "Pressed {{ Ask.digits }}." }, "next": { "sent": "Thanks" } },
            "Thanks": { "kind": "speak", "config": { "text": "Thank you." } }
        }),
    )
    .await;
    let faults = json!({ "drop_response": 0.25, "rate_limited": 0.1, "slow": 0.3, "slow_webhook": 0.2, "slow_ms": 80,
        "duplicate_webhook": 0.5, "reorder_webhook": 0.4, "seed": 11 });
    host.put("/simulator/control/faults", faults).await;
    let mut runs = Vec::new();
    for index in 0..RUNS {
        let phone = format!("+155501081{index:02}");
        host.phone(&phone, json!({ "on_call": "answer", "keys": ["1"] })).await;
        runs.push((host.run("page", json!({ "to": phone })).await, phone));
    }
    for (run, _) in &runs {
        eventually(&format!("run {run} is over"), async || {
            host.status(run).await != "waiting" && host.status(run).await != "running"
        })
        .await;
    }
    let ledger = host.ledger().await;
    let count = |list: &str, phone: &str| {
        ledger[list].as_array().unwrap().iter().filter(|entry| entry["to"] == phone).count()
    };
    for (run, phone) in &runs {
        assert_eq!(host.status(run).await, "completed");
        let events = host.events(run).await;
        assert_eq!((count("calls", phone), count("messages", phone)), (1, 1), "{events:?}");
        assert_eq!(events.iter().filter(|event| *event == "digits").count(), 1, "{events:?}");
    }
}
