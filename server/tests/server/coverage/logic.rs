//! Rows of components that decide, keep, wait, or speak with other systems.

use super::{Begins, Row, WEB};
use crate::harness::Host;
use futures::FutureExt;
use serde_json::{Value, json};
use server::{
    clock,
    config::{Config, Environment},
    keys,
    store::schedules,
};
use std::sync::Arc;

/// A workflow of one node that a service starts, with these ways out leading on.
fn asked(name: &'static str, state: &'static str, kind: &str, config: Value) -> Row {
    let nodes = json!({
        "Start": { "kind": "start", "next": { "api_request": "Node" } },
        "Node": { "kind": kind, "config": config, "next": { state: "After" } },
        "After": { "kind": "set_variable", "config": { "values": { "is_over": "yes" } } },
    });
    Row::new(name, Begins::Request(json!({ "size": 3 })), &[("Node", state)], nodes)
}

/// A workflow of two nodes that go round until the first lets go.
fn round(
    name: &'static str,
    kind: &str,
    config: Value,
    again: &'static str,
    over: &'static str,
) -> Row {
    let nodes = json!({
        "Start": { "kind": "start", "next": { "api_request": "Node" } },
        "Node": { "kind": kind, "config": config, "next": { again: "Pause", over: "After" } },
        "Pause": { "kind": "wait", "config": { "for_s": 1 }, "next": { "done": "Node" } },
        "After": { "kind": "set_variable", "config": { "values": { "is_over": "yes" } } },
    });
    Row::new(name, Begins::Request(json!({})), &[("Node", again), ("Node", over)], nodes)
}

/// A question to a database that is an SQLite file of its own, empty of tables.
fn database(name: &'static str, state: &'static str, sql: &str) -> Row {
    asked(name, state, "database_query", json!({ "connection": "shop", "sql": sql })).on(|config| {
        let path = config.data.join("shop.db");
        std::fs::write(&path, "").unwrap();
        let address = format!("sqlite:{}", path.display());
        let pairs = [("PHLOEM_DATABASE_NAME_SHOP".to_owned(), address)];
        let environment: Environment = pairs.into_iter().collect();
        config.databases = Config::from_environment(&environment).unwrap().databases;
    })
}

/// A workflow that runs another one.
fn runs_other(name: &'static str, state: &'static str, inputs: Value) -> Row {
    asked(name, state, "run_workflow", json!({ "workflow": "other", "inputs": inputs }))
}

/// Publishes the other one.
async fn publish_other(host: &Host) {
    let params = json!({ "word": { "required": true } });
    host.publish("other", json!({ "Start": { "kind": "start", "config": { "params": params } } }))
        .await;
}

/// A workflow that begins by this way.
fn begins(name: &'static str, state: &'static str, config: Value) -> Row {
    let nodes = json!({
        "Start": { "kind": "start", "config": config, "next": { state: "After" } },
        "After": { "kind": "set_variable", "config": { "values": { "is_over": "yes" } } },
    });
    Row::new(name, Begins::Otherwise, &[("Start", state)], nodes)
}

/// The moment of a workflow's schedule comes now.
async fn let_it_be_time(host: Arc<Host>) {
    let store = &host.server.app().store;
    let rows = schedules::list(&mut store.reader().await.unwrap()).await.unwrap();
    let row = rows.into_iter().find(|row| row.workflow_id == "row").unwrap();
    let mut tx = store.begin().await.unwrap();
    schedules::move_on(&mut tx, &row, clock::now()).await.unwrap();
    tx.commit().await.unwrap();
}

async fn call_its_address(host: Arc<Host>) {
    let body = "{}";
    let signature = keys::hmac_sha256(b"s3cret", body.as_bytes());
    let signature: String = signature.iter().map(|byte| format!("{byte:02x}")).collect();
    let request = host.client.post(host.url("/hooks/row")).body(body);
    let request = request
        .header("content-type", "application/json")
        .header("x-hub-signature-256", format!("sha256={signature}"));
    assert!(request.send().await.unwrap().status().is_success());
}

pub(super) fn rows() -> Vec<Row> {
    let all_day = json!({ "mon": ["00:00-24:00"], "tue": ["00:00-24:00"], "wed": ["00:00-24:00"], "thu": ["00:00-24:00"], "fri": ["00:00-24:00"], "sat": ["00:00-24:00"], "sun": ["00:00-24:00"] });
    let every_day: Vec<Value> = (1..=12)
        .flat_map(|month| (1..=28 + 3 * u32::from(month != 2)).map(move |day| (month, day)))
        .filter(|(month, day)| *day < 31 || ![4, 6, 9, 11].contains(month))
        .map(|(month, day)| json!({ "date": format!("{month:02}-{day:02}"), "name": "Feast" }))
        .collect();
    let cases = |equals: &str| json!({ "value": "{{ size }}", "cases": [{ "name": "Hit", "equals": equals }] });
    let get = |path: &str| json!({ "url": format!("{WEB}{path}"), "timeout_s": 5 });
    vec![
        asked("a condition holds", "true", "condition", json!({ "when": "size == 3" })),
        asked("a condition does not hold", "false", "condition", json!({ "when": "size == 4" })),
        asked("a case fits", "Hit", "switch", cases("3")),
        asked("no case fits", "no_match", "switch", cases("4")),
        asked("a variable is set", "done", "set_variable", json!({ "values": { "a": "b" } })),
        asked("a moment passes", "done", "wait", json!({ "for_s": 1 })),
        Row::new(
            "two things are done at once",
            Begins::Request(json!({})),
            &[("Node", "One"), ("Node", "Two"), ("Node", "joined")],
            json!({
                "Start": { "kind": "start", "next": { "api_request": "Node" } },
                "Node": { "kind": "parallel", "config": { "branches": ["One", "Two"] }, "next": { "One": "First", "Two": "Second", "joined": "After" } },
                "First": { "kind": "set_variable", "config": { "values": { "first": "done" } } },
                "Second": { "kind": "set_variable", "config": { "values": { "second": "done" } } },
                "After": { "kind": "set_variable", "config": { "values": { "is_over": "yes" } } },
            }),
        ),
        asked(
            "it is open",
            "open",
            "business_hours",
            json!({ "time_zone": "UTC", "hours": all_day }),
        ),
        asked(
            "it is closed",
            "closed",
            "business_hours",
            json!({ "time_zone": "UTC", "hours": { "mon": [] } }),
        ),
        asked(
            "it is a holiday",
            "holiday",
            "business_hours",
            json!({ "time_zone": "UTC", "hours": all_day, "holidays": every_day }),
        ),
        round(
            "a count is reached",
            "counter",
            json!({ "max_count": 2 }),
            "count_not_reached",
            "count_reached",
        ),
        round("a list is walked through", "loop", json!({ "over": "a, b" }), "each", "done"),
        asked("a script has a value", "done", "script", json!({ "code": "size * 2" })),
        asked("a script goes on for too long", "failed", "script", json!({ "code": "loop { }" })),
        database("a database has rows", "rows", "select 1 as one"),
        database("a database has none", "empty", "select 1 as one where 1 = 2"),
        database("a database says no", "failed", "select one from nothing"),
        runs_other("another workflow is run", "completed", json!({ "word": "ping" }))
            .before(|host| async move { publish_other(&host).await }.boxed_local()),
        runs_other("another workflow cannot begin", "failed", json!({}))
            .before(|host| async move { publish_other(&host).await }.boxed_local()),
        begins(
            "the clock begins a run",
            "schedule",
            json!({ "schedule": { "cron": "0 3 * * *" } }),
        )
        .then(|host| let_it_be_time(host).boxed_local()),
        begins(
            "another system begins a run",
            "webhook",
            json!({ "webhook_secret": { "$secret": "hook" } }),
        )
        .on(|config| {
            config.secrets = [("hook".to_owned(), "s3cret".to_owned())].into_iter().collect();
        })
        .then(|host| call_its_address(host).boxed_local()),
        asked("a service answers well", "success", "http_request", get("/good")),
        asked("a service answers badly", "failed", "http_request", get("/bad")),
    ]
}
