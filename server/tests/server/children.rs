//! Workflows that run other workflows.

use super::harness::{Host, eventually};
use serde_json::{Value, json};

/// Runs `child` and keeps what came of it.
fn parent(inputs: Value, waits: bool) -> Value {
    json!({
        "Start": { "kind": "start", "next": { "api_request": "Child" } },
        "Child": { "kind": "run_workflow", "config": { "workflow": "child", "inputs": inputs, "wait": waits }, "next": { "completed": "Good", "failed": "Bad" } },
        "Good": { "kind": "set_variable", "config": { "values": { "outcome": "good {{ Child.result.answer }}" } } },
        "Bad": { "kind": "set_variable", "config": { "values": { "outcome": "bad {{ Child.error }}" } } },
    })
}

/// Waits and answers with twice its parameter's text.
fn child(for_s: u32) -> Value {
    json!({
        "Start": { "kind": "start", "config": { "params": { "word": { "required": true } } }, "next": { "api_request": "Pause" } },
        "Pause": { "kind": "wait", "config": { "for_s": for_s }, "next": { "done": "Answer" } },
        "Answer": { "kind": "set_variable", "config": { "values": { "answer": "{{ word }} {{ word }}" } } },
    })
}

async fn outcome(host: &Host, run: &str) -> String {
    host.until(run, "completed").await;
    let run = host.get(&format!("/api/v1/runs/{run}")).await;
    run["variables"]["outcome"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_waits_for_the_run_it_asked_for_across_a_restart() {
    let host = Host::start().await;
    host.publish("child", child(2)).await;
    host.publish("parent", parent(json!({ "word": "ping" }), true)).await;
    host.publish("hurried", parent(json!({ "word": "ping" }), false)).await;
    let run = host.run("parent", json!({})).await;
    let child = host.only_run("child").await;
    host.until(&child, "waiting").await;
    let hurried = host.run("hurried", json!({})).await;
    assert_eq!(outcome(&host, &hurried).await, "good ", "it went on at once");
    let data = host.stop().await;

    let host = Host::on(data, |_| {}).await;
    assert_eq!(outcome(&host, &run).await, "good ping ping");
    let shown = host.get(&format!("/api/v1/runs/{run}")).await;
    assert_eq!(shown["variables"]["Child"]["run_id"], child.as_str());
    let list = host.get("/api/v1/runs?workflow=child").await;
    assert_eq!(list["runs"].as_array().unwrap().len(), 2, "one for each that asked: {list}");
    host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_cannot_begin_or_fails_is_told_as_such() {
    let host = Host::start().await;
    host.publish("parent", parent(json!({ "word": "ping" }), true)).await;
    let nobody = host.run("parent", json!({})).await;
    let said = outcome(&host, &nobody).await;
    assert!(said.starts_with("bad ") && said.contains("child"), "{said}");
    host.publish("child", child(60)).await;
    host.publish("silent", parent(json!({}), true)).await;
    let missing = host.run("silent", json!({})).await;
    let said = outcome(&host, &missing).await;
    assert!(said.starts_with("bad ") && said.contains("word"), "{said}");
    // Somebody ends the child.
    let run = host.run("parent", json!({})).await;
    let child = host.only_run("child").await;
    host.until(&child, "waiting").await;
    host.post(&format!("/api/v1/runs/{child}/cancel"), Value::Null).await;
    assert!(outcome(&host, &run).await.starts_with("bad "));
    host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_run_takes_the_runs_it_waits_for_along() {
    let host = Host::start().await;
    // Three deep: the middle one is waited for and waits.
    host.publish("child", child(600)).await;
    let mut middle = parent(json!({ "word": "ping" }), true);
    middle["Child"]["config"]["workflow"] = json!("child");
    host.publish("middle", middle).await;
    let mut top = parent(json!({}), true);
    top["Child"]["config"]["workflow"] = json!("middle");
    host.publish("top", top).await;
    let run = host.run("top", json!({})).await;
    let child = host.only_run("child").await;
    host.until(&child, "waiting").await;
    host.post(&format!("/api/v1/runs/{run}/cancel"), Value::Null).await;
    host.until(&child, "cancelled").await;
    let middle = host.only_run("middle").await;
    host.until(&middle, "cancelled").await;
    let entries = host.get(&format!("/api/v1/runs/{child}/journal")).await;
    let last = entries["entries"].as_array().unwrap().last().unwrap().clone();
    assert!(last["event"]["by"].as_str().unwrap().contains(&middle), "{last}");
    host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workflow_that_runs_itself_ends() {
    let host = Host::start().await;
    let mut own = parent(json!({}), true);
    own["Child"]["config"]["workflow"] = json!("own");
    host.publish("own", own).await;
    let run = host.run("own", json!({})).await;
    // The deepest could not begin another, said so, and so all of them came to their ends.
    host.until(&run, "completed").await;
    eventually("all are over", async || {
        let list = host.get("/api/v1/runs?workflow=own").await;
        let runs = list["runs"].as_array().unwrap().clone();
        runs.len() == 17 && runs.iter().all(|run| run["status"] == "completed")
    })
    .await;
    host.stop().await;
}
