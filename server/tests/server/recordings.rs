//! Recordings: stored by the carrier, told to the run, also when the run is over.

use super::harness::{Host, eventually};
use serde_json::json;

const CALLER: &str = "+15550107001";
const FRIEND: &str = "+15550107002";
const LINE: &str = "+15550100009";

async fn call(nodes: serde_json::Value) -> (Host, String) {
    let host = Host::start().await;
    host.publish("line", nodes).await;
    host.put(&format!("/api/v1/numbers/{LINE}"), json!({ "workflow": "line" })).await;
    host.phone(
        CALLER,
        json!({ "on_call": "answer", "speech": ["This is Ann, please call me back about my bill."], "hang_up_after_ms": 60_000 }),
    )
    .await;
    host.ring(CALLER, LINE).await;
    let run = host.only_run("line").await;
    host.until(&run, "completed").await;
    (host, run)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_recorded_and_written_down() {
    let (host, run) = call(json!({
        "Start": { "kind": "start", "next": { "incoming_call": "Leave" } },
        "Leave": { "kind": "record_audio", "config": { "transcribe": true, "wait_for_transcription_s": 60 }, "next": { "recorded": "Thanks" } },
        "Thanks": { "kind": "speak", "config": { "text": "Heard: {{ Leave.transcription }}" } },
    }))
    .await;
    let variables = host.get(&format!("/api/v1/runs/{run}")).await["variables"]["Leave"].clone();
    assert!(variables["transcription"].as_str().unwrap().contains("This is Ann"), "{variables}");
    let stored = host.ledger().await["recordings"][0].clone();
    assert_eq!(variables["recording_id"], stored["recording_id"]);
    assert_eq!(variables["recording_url"], stored["url"]);
    assert!(host.said().await.contains("Heard: This is Ann"), "{}", host.said().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_stored_after_the_end_of_a_run_is_still_told() {
    let (host, run) = call(json!({
        "Start": { "kind": "start", "next": { "incoming_call": "Record" } },
        "Record": { "kind": "record_call", "config": { "transcribe": true }, "next": { "done": "Forward" } },
        "Forward": { "kind": "call_forward", "config": { "to": FRIEND, "record": true }, "next": { "completed": "Room" } },
        "Room": { "kind": "conference", "config": { "name": "room", "record": true } },
    }))
    .await;
    let ids = async || {
        let path = format!("/v1/phlo/line/runs/{run}");
        host.get(&path).await["recording_ids"].as_array().unwrap().clone()
    };
    eventually("both recordings are told", async || ids().await.len() == 2).await;
    let ledger = host.ledger().await;
    for recording in ledger["recordings"].as_array().unwrap() {
        assert!(ids().await.contains(&recording["recording_id"]), "{recording}");
    }
    eventually("what was said is told", async || {
        host.get(&format!("/api/v1/runs/{run}")).await["variables"]["Record"]["transcription"]
            .is_string()
    })
    .await;
    let shown = host.get(&format!("/api/v1/runs/{run}")).await;
    assert_eq!(shown["status"], "completed");
    assert_eq!(shown["variables"]["Forward"]["recording_url"], ledger["recordings"][1]["url"]);
}
