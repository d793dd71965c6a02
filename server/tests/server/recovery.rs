//! The server is killed and comes back: nothing is lost, nothing is done twice.

use super::harness::{Host, eventually, sandbox};
use engine::{EffectId, Event, Trigger};
use reqwest::Client;
use serde_json::{Value, json};
use server::{
    Server, access, clock,
    config::{Carrier, Config},
    runs::{NewRun, Runs},
    store::{Store, outbox},
    workflows::Workflows,
};
use simulator::Simulator;
use std::{
    net::{SocketAddr, TcpListener as StdListener},
    sync::{
        Arc,
        atomic::{AtomicU16, Ordering},
    },
    time::Duration,
};
use tempfile::TempDir;
use tokio::runtime::Runtime;

const AUTH_ID: &str = "MAXXXXXXXXXXXXXXXXXX";
const AUTH_TOKEN: &str = "token";
const PHONE: &str = "+15550107001";

/// A telephone network in a runtime of its own, which outlives servers.
struct Network {
    runtime: Option<Runtime>,
    address: SocketAddr,
}

impl Drop for Network {
    fn drop(&mut self) {
        // A test is asynchronous itself and must not wait for another runtime.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Network {
    fn start() -> Network {
        let runtime = Runtime::new().unwrap();
        let listener = StdListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        runtime.spawn(async move {
            let config = simulator::Config {
                auth_id: AUTH_ID.to_owned(),
                auth_token: AUTH_TOKEN.to_owned(),
                public_base: format!("http://{address}/v1"),
                speed: 20.0,
            };
            let router =
                Simulator::new(config).router().into_make_service_with_connect_info::<SocketAddr>();
            axum::serve(tokio::net::TcpListener::from_std(listener).unwrap(), router)
                .await
                .unwrap();
        });
        Network { runtime: Some(runtime), address }
    }

    async fn control(&self, method: &str, path: &str, body: Value) -> Value {
        let request = Client::new()
            .request(method.parse().unwrap(), format!("http://{}/control{path}", self.address))
            .json(&body);
        request.send().await.unwrap().json().await.unwrap_or_default()
    }

    async fn phone(&self) -> Value {
        self.control("GET", &format!("/phones/{PHONE}"), Value::Null).await
    }

    async fn ledger(&self) -> Value {
        self.control("GET", "/ledger", Value::Null).await
    }

    /// A server that uses this network, on this port.
    fn config(&self, data: &TempDir, port: u16) -> Config {
        let mut config = sandbox(data.path());
        config.listen = SocketAddr::from(([127, 0, 0, 1], port));
        config.public_url = Some(format!("http://127.0.0.1:{port}").parse().unwrap());
        config.carrier = Carrier::Live {
            auth_id: AUTH_ID.to_owned(),
            auth_token: AUTH_TOKEN.into(),
            base_url: format!("http://{}/v1", self.address),
        };
        config
    }
}

/// A server that can be killed: everything it does happens in a runtime of its own, which is thrown away.
struct Mortal {
    runtime: Option<Runtime>,
    server: Option<Server>,
}

impl Mortal {
    async fn start(config: Config) -> Mortal {
        let runtime = Runtime::new().unwrap();
        // The one that was killed before may not have let go of its port yet.
        for _ in 0..100 {
            match runtime.spawn(Server::start(config.clone())).await.unwrap() {
                Ok(server) => return Mortal { runtime: Some(runtime), server: Some(server) },
                Err(server::Error::Setting(problem)) if problem.contains("cannot listen") => {}
                Err(error) => panic!("{error}"),
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the port is not free after five seconds");
    }

    fn app(&self) -> server::app::App {
        self.server.as_ref().unwrap().app().clone()
    }

    /// As `kill -9`: no goodbye, whatever is under way stays as it is.
    fn kill(mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
        self.server.take();
    }
}

impl Drop for Mortal {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// A port that nobody else will take while a server is down: below those that the system hands out by itself.
fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let first = 20_000 + u16::try_from(std::process::id() % 100).unwrap() * 100;
    loop {
        let port = first + NEXT.fetch_add(1, Ordering::Relaxed) % 100;
        if StdListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

async fn publish(workflows: &Workflows, id: &str, nodes: Value) {
    let document =
        serde_json::from_value(json!({ "format": 1, "id": id, "name": id, "nodes": nodes }))
            .unwrap();
    let saved = workflows.save(&document, None).await.unwrap();
    workflows
        .publish(id, None, "test")
        .await
        .unwrap_or_else(|error| panic!("{error}: {:?}", saved.problems));
}

async fn start(runs: &Runs, id: &str) -> String {
    let trigger =
        Trigger::ApiRequest { params: [("to".to_owned(), PHONE.into())].into_iter().collect() };
    runs.start(NewRun { workflow_id: id.to_owned(), trigger, source_uuid: None, idempotency: None })
        .await
        .unwrap()
        .run_id
}

fn page() -> Value {
    json!({
        "Start": { "kind": "start", "next": { "api_request": "Ring" } },
        "Ring": { "kind": "make_call", "config": { "to": "{{ to }}" }, "next": { "answered": "Ask" } },
        "Ask": { "kind": "get_digits", "config": { "prompt": { "speak": "Press 1." }, "max_digits": 1, "timeout_s": 60 }, "next": { "digits": "Text" } },
        "Text": { "kind": "send_sms", "config": { "to": "{{ to }}", "text": "Pressed {{ Ask.digits }}." }, "next": { "sent": "Room" } },
        "Room": { "kind": "conference", "config": { "name": "room" } }
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_outlives_killed_servers_and_nothing_is_repeated() {
    let network = Network::start();
    let data = tempfile::tempdir().unwrap();
    let port = free_port();
    network.control("PUT", &format!("/phones/{PHONE}"), json!({ "on_call": "ring" })).await;
    let server = Mortal::start(network.config(&data, port)).await;
    publish(&server.app().workflows, "page", page()).await;
    let run = start(&server.app().runs, "page").await;
    eventually("the phone rings", async || network.phone().await["calls"][0]["state"] == "ringing")
        .await;
    server.kill();

    let server = Mortal::start(network.config(&data, port)).await;
    network.control("POST", &format!("/phones/{PHONE}/answer"), json!({})).await;
    eventually("the prompt waits", async || {
        network.phone().await["calls"][0]["awaiting"]["kind"] == "digits"
    })
    .await;
    server.kill();

    let server = Mortal::start(network.config(&data, port)).await;
    network.control("POST", &format!("/phones/{PHONE}/keys"), json!({ "keys": "1" })).await;
    eventually("the caller is in the room", async || {
        network.phone().await["calls"][0]["conference"] == "room"
    })
    .await;
    server.kill();

    let server = Mortal::start(network.config(&data, port)).await;
    network.control("POST", &format!("/phones/{PHONE}/hang_up"), json!({})).await;
    eventually("the run is over", async || {
        server.app().runs.view(&run).await.unwrap().status == "completed"
    })
    .await;
    let ledger = network.ledger().await;
    assert_eq!(ledger["calls"].as_array().unwrap().len(), 1);
    assert_eq!(ledger["messages"].as_array().unwrap().len(), 1);
    assert_eq!(ledger["messages"][0]["text"], "Pressed 1.");
    assert_eq!(ledger["conferences"].as_array().unwrap().len(), 1);
}

/// Somebody who answers at once and says nothing.
const QUIET: &str = "+15550107002";

/// A workflow that rings somebody who is quiet and goes on with this node, and its run.
async fn with_somebody_quiet(server: &Mortal, kind: &str, config: Value) -> String {
    let nodes = json!({
        "Start": { "kind": "start", "next": { "api_request": "Ring" } },
        "Ring": { "kind": "make_call", "config": { "to": QUIET }, "next": { "answered": "Then" } },
        "Then": { "kind": kind, "config": config },
    });
    publish(&server.app().workflows, "page", nodes).await;
    start(&server.app().runs, "page").await
}

/// How many calls were placed to a number.
async fn calls_to(network: &Network, phone: &str) -> usize {
    let ledger = network.ledger().await;
    ledger["calls"].as_array().unwrap().iter().filter(|call| call["to"] == phone).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_is_rung_into_a_call_is_rung_once_whatever_becomes_of_the_server() {
    let network = Network::start();
    let data = tempfile::tempdir().unwrap();
    let port = free_port();
    network.control("PUT", &format!("/phones/{PHONE}"), json!({ "on_call": "ring" })).await;
    let server = Mortal::start(network.config(&data, port)).await;
    let config = json!({ "name": "support", "invite": PHONE, "ring_timeout_s": 120 });
    let run = with_somebody_quiet(&server, "multi_party_call", config).await;
    eventually("the phone rings", async || network.phone().await["calls"][0]["state"] == "ringing")
        .await;
    server.kill();

    let server = Mortal::start(network.config(&data, port)).await;
    network.control("POST", &format!("/phones/{PHONE}/answer"), json!({})).await;
    eventually("the run knows that they are there", async || {
        let store = &server.app().store;
        let mut reader = store.reader().await.unwrap();
        outbox::of_run(&mut reader, store.seal(), &run).await.unwrap().is_empty()
    })
    .await;
    assert_eq!(calls_to(&network, PHONE).await, 1);
    network.control("POST", &format!("/phones/{PHONE}/hang_up"), json!({})).await;
    eventually("the run is over", async || {
        server.app().runs.view(&run).await.unwrap().status == "completed"
    })
    .await;
    assert_eq!((calls_to(&network, PHONE).await, calls_to(&network, QUIET).await), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_on_hold_is_brought_together_with_who_answers_after_a_restart() {
    let network = Network::start();
    let data = tempfile::tempdir().unwrap();
    let port = free_port();
    network.control("PUT", &format!("/phones/{PHONE}"), json!({ "on_call": "ring" })).await;
    let server = Mortal::start(network.config(&data, port)).await;
    let config = json!({ "to": PHONE, "style": "warm", "ring_timeout_s": 120, "announcement": { "speak": "Press 1." }, "accept_key": "1" });
    let run = with_somebody_quiet(&server, "transfer_call", config).await;
    eventually("the phone rings", async || network.phone().await["calls"][0]["state"] == "ringing")
        .await;
    server.kill();

    let server = Mortal::start(network.config(&data, port)).await;
    network.control("POST", &format!("/phones/{PHONE}/answer"), json!({})).await;
    eventually("the question waits", async || {
        network.phone().await["calls"][0]["awaiting"]["kind"] == "digits"
    })
    .await;
    server.kill();

    let server = Mortal::start(network.config(&data, port)).await;
    network.control("POST", &format!("/phones/{PHONE}/keys"), json!({ "keys": "1" })).await;
    eventually("the two are together", async || {
        let ledger = network.ledger().await;
        ledger["conferences"][0]["members"].as_array().is_some_and(|members| members.len() == 2)
    })
    .await;
    network.control("POST", &format!("/phones/{PHONE}/hang_up"), json!({})).await;
    eventually("the run is over", async || {
        server.app().runs.view(&run).await.unwrap().status == "completed"
    })
    .await;
    assert_eq!((calls_to(&network, PHONE).await, calls_to(&network, QUIET).await), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hang_up_that_nobody_heard_is_found_out_after_the_restart() {
    let network = Network::start();
    let data = tempfile::tempdir().unwrap();
    let port = free_port();
    network.control("PUT", &format!("/phones/{PHONE}"), json!({ "on_call": "ring" })).await;
    let server = Mortal::start(network.config(&data, port)).await;
    publish(&server.app().workflows, "page", page()).await;
    let run = start(&server.app().runs, "page").await;
    eventually("the phone rings", async || network.phone().await["calls"][0]["state"] == "ringing")
        .await;
    network.control("POST", &format!("/phones/{PHONE}/answer"), json!({})).await;
    eventually("the prompt waits", async || {
        network.phone().await["calls"][0]["awaiting"]["kind"] == "digits"
    })
    .await;
    server.kill();
    network.control("PUT", "/faults", json!({ "drop_webhook": 1.0 })).await;
    network.control("POST", &format!("/phones/{PHONE}/hang_up"), json!({})).await;
    eventually("the call is over", async || network.phone().await["calls"][0]["state"] == "ended")
        .await;
    let server = Mortal::start(network.config(&data, port)).await;
    eventually("the run is over", async || {
        server.app().runs.view(&run).await.unwrap().status == "completed"
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_of_a_sandbox_end_with_it_and_no_run_hangs() {
    let host = Host::start().await;
    host.publish("page", page()).await;
    host.phone(PHONE, json!({ "on_call": "answer", "keys": [""] })).await;
    let run = host.run("page", json!({ "to": PHONE })).await;
    eventually("the prompt waits", async || {
        host.events(&run).await.contains(&"call_answered".to_owned())
    })
    .await;
    let data = host.stop().await;
    let host = Host::on(data, |_| {}).await;
    host.until(&run, "completed").await;
    let journal = host.get(&format!("/api/v1/runs/{run}/journal")).await;
    assert!(journal.to_string().contains(r#""cause":"lost""#), "{journal}");
}

/// A database with one run whose first effect a killed server had under way.
async fn interrupted(data: &TempDir, id: &str, nodes: Value) -> String {
    let store = Store::open(data.path(), None).await.unwrap();
    let workflows = Workflows::new(store.clone());
    publish(&workflows, id, nodes).await;
    let run = start(&Runs::new(store.clone(), workflows), id).await;
    let mut tx = store.begin().await.unwrap();
    assert!(
        outbox::claim(&mut tx, &run, 1, clock::now()).await.unwrap(),
        "the first effect has the number 1"
    );
    tx.commit().await.unwrap();
    store.close().await;
    run
}

fn text() -> Value {
    json!({
        "Start": { "kind": "start", "next": { "api_request": "Text" } },
        "Text": { "kind": "send_sms", "config": { "to": "{{ to }}", "text": "Once." } }
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_the_carrier_had_already_taken_is_not_sent_again() {
    let network = Network::start();
    let data = tempfile::tempdir().unwrap();
    let run = interrupted(&data, "text", text()).await;
    // The killed server's request had arrived.
    let account = format!("http://{}/v1/Account/{AUTH_ID}/Message/", network.address);
    let body =
        json!({ "src": "15550100000", "dst": PHONE.trim_start_matches('+'), "text": "Once." });
    let taken = Client::new()
        .post(account)
        .basic_auth(AUTH_ID, Some(AUTH_TOKEN))
        .json(&body)
        .send()
        .await
        .unwrap();
    assert!(taken.status().is_success());
    let server = Mortal::start(network.config(&data, free_port())).await;
    eventually("the run is over", async || {
        server.app().runs.view(&run).await.unwrap().status == "completed"
    })
    .await;
    assert_eq!(network.ledger().await["messages"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_the_carrier_never_saw_is_sent_once() {
    let network = Network::start();
    let data = tempfile::tempdir().unwrap();
    let run = interrupted(&data, "text", text()).await;
    let server = Mortal::start(network.config(&data, free_port())).await;
    eventually("the run is over", async || {
        server.app().runs.view(&run).await.unwrap().status == "completed"
    })
    .await;
    assert_eq!(network.ledger().await["messages"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_request_is_repeated_only_where_that_does_no_harm() {
    for (method, expected) in [("GET", "http_answered"), ("POST", "effect_failed")] {
        let service =
            super::harness::web(|_| async { super::harness::answer("200 OK", "text/plain", "ok") })
                .await;
        let data = Arc::new(tempfile::tempdir().unwrap());
        let nodes = json!({
            "Start": { "kind": "start", "next": { "api_request": "Ask" } },
            "Ask": { "kind": "http_request", "config": { "method": method, "url": format!("http://127.0.0.1:{}/", service.port) } }
        });
        let run = interrupted(&data, "ask", nodes).await;
        let host = Host::on(data, |config| config.egress_allow = vec![service]).await;
        host.until(&run, "completed").await;
        assert_eq!(host.events(&run).await, ["started", expected], "{method}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wake_up_that_passed_while_nobody_was_there_is_made_good() {
    let host = Host::start().await;
    host.publish("nap", json!({ "Start": { "kind": "start", "next": { "api_request": "Nap" } }, "Nap": { "kind": "wait", "config": { "for_s": 1 } } })).await;
    let run = host.run("nap", json!({})).await;
    assert_eq!(host.status(&run).await, "waiting");
    let data = host.stop().await;
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    let host = Host::on(data, |_| {}).await;
    host.until(&run, "completed").await;
    assert_eq!(host.events(&run).await, ["started", "woke"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_journal_that_cannot_be_read_parks_its_run_and_nothing_else() {
    let host = Host::start().await;
    host.publish("nap", json!({ "Start": { "kind": "start", "next": { "api_request": "Nap" } }, "Nap": { "kind": "wait", "config": { "for_s": 3600 } } })).await;
    let broken = host.run("nap", json!({})).await;
    let sound = host.run("nap", json!({})).await;
    let mut tx = host.server.app().store.begin().await.unwrap();
    sqlx::query("update journal set input = '{\"at\":0,\"event\":{\"type\":\"from_the_future\"}}' where run_id = $1").bind(&broken).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    let data = host.stop().await;
    let host = Host::on(data, |_| {}).await;
    let shown = host.get(&format!("/api/v1/runs/{broken}")).await;
    assert!(
        shown["problem"].as_str().unwrap().contains("journal entry 1 cannot be read"),
        "{shown}"
    );
    assert_eq!(
        host.send(reqwest::Method::POST, &format!("/api/v1/runs/{broken}/cancel"), None).await.0,
        reqwest::StatusCode::CONFLICT
    );
    host.post(&format!("/api/v1/runs/{sound}/cancel"), json!({})).await;
    host.until(&sound, "cancelled").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_outcome_of_a_settled_effect_changes_nothing() {
    let host = Host::start().await;
    host.publish("text", text()).await;
    let run = host.run("text", json!({ "to": PHONE })).await;
    host.until(&run, "completed").await;
    let before = host.events(&run).await;
    let late = Event::EffectFailed { effect: EffectId(1), reason: "late".to_owned() };
    assert!(!host.server.app().runs.settle(&run, EffectId(1), late, None).await.unwrap());
    assert_eq!(host.events(&run).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_works_beside_a_running_server() {
    let host = Host::start().await;
    host.publish("nap", json!({ "Start": { "kind": "start", "next": { "api_request": "Nap" } }, "Nap": { "kind": "wait", "config": { "for_s": 1 } } })).await;
    let store = Store::open(host.data.path(), None).await.unwrap();
    let token = access::create_token(&store, "beside", "read").await.unwrap().secret;
    let run = start(&Runs::new(store.clone(), Workflows::new(store.clone())), "nap").await;
    store.close().await;
    assert!(
        Client::new()
            .get(host.url("/api/v1/runs"))
            .bearer_auth(token)
            .send()
            .await
            .unwrap()
            .status()
            .is_success()
    );
    host.until(&run, "completed").await;
}
