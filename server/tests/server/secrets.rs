//! What callers enter as a secret is nowhere to be read: not in the database's files, not in what the server shows.

use super::harness::{Host, answer, eventually, web};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::{
    fs,
    path::Path,
    sync::{Arc, Mutex},
};

const CALLER: &str = "+15550107001";
const PIN: &str = "73914682";
const ORDINARY: &str = "46028135";

/// Asks for digits, waits, tells a service about them, and keeps a copy.
fn workflow(id: &str, url: &str, sensitive: bool) -> Value {
    json!({
        "format": 1, "id": id, "name": id, "on_complete": format!("{url}over"),
        "nodes": {
            "Start": { "kind": "start", "next": { "incoming_call": "Pin" } },
            "Pin": {
                "kind": "get_digits",
                "config": { "prompt": { "speak": "Your number?" }, "max_digits": 12, "timeout_s": 5, "sensitive": sensitive },
                "next": { "digits": "Copy" },
            },
            "Copy": { "kind": "set_variable", "config": { "values": { "copy": "It is {{ Pin.digits }}." } }, "next": { "done": "Pause" } },
            "Pause": { "kind": "wait", "config": { "for_s": 2 }, "next": { "done": "Check" } },
            "Check": {
                "kind": "http_request",
                "config": { "method": "POST", "url": format!("{url}check"), "body": { "json": { "pin": "{{ Pin.digits }}" } } },
            },
        },
    })
}

/// The database's files that hold this text, as it is or in an encoding that anybody undoes.
fn files_with(data: &Path, text: &str) -> Vec<String> {
    let mut spellings = vec![text.as_bytes().to_vec()];
    spellings.push(text.bytes().map(|byte| format!("{byte:02x}")).collect::<String>().into());
    // Base64 looks different at each of three offsets; the middle of each is the text's own.
    for offset in 0..3 {
        let encoded = STANDARD.encode(["x".repeat(offset).as_bytes(), text.as_bytes()].concat());
        spellings.push(encoded.as_bytes()[4..encoded.len() - 4].to_vec());
    }
    let mut found = Vec::new();
    for file in fs::read_dir(data).unwrap().flatten() {
        let bytes = fs::read(file.path()).unwrap();
        if spellings.iter().any(|part| bytes.windows(part.len()).any(|window| window == part)) {
            found.push(file.file_name().to_string_lossy().into_owned());
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pin_is_found_neither_on_disk_nor_in_any_answer() {
    let heard: Arc<Mutex<Vec<String>>> = Arc::default();
    let hears = Arc::clone(&heard);
    let service = web(move |request| {
        hears.lock().unwrap().push(request);
        async { answer("200 OK", "application/json", "{}") }
    })
    .await;
    let url = format!("http://127.0.0.1:{}/", service.port);
    let allow = service.clone();
    let host = Host::with(move |config| config.egress_allow = vec![allow]).await;
    let data = Arc::clone(&host.data);
    for (id, number, keys, sensitive) in
        [("secret", "+15550100001", PIN, true), ("open", "+15550100002", ORDINARY, false)]
    {
        host.publish_document(workflow(id, &url, sensitive)).await;
        host.put(&format!("/api/v1/numbers/{number}"), json!({ "workflow": id })).await;
        host.phone(CALLER, json!({ "on_call": "answer", "keys": [format!("{keys}#")] })).await;
        host.ring(CALLER, number).await;
        let run = host.only_run(id).await;
        eventually("the digits are there", async || {
            host.events(&run).await.contains(&"digits".to_owned())
        })
        .await;
    }
    let (run, open) = (host.only_run("secret").await, host.only_run("open").await);
    let look = async |host: &Host| {
        let shown = [
            host.get(&format!("/api/v1/runs/{run}")).await,
            host.get(&format!("/api/v1/runs/{run}/journal")).await,
            host.get("/api/v1/runs").await,
        ];
        let events = host.client.get(host.url(&format!("/api/v1/runs/{run}/events")));
        let text = serde_json::to_string(&shown).unwrap();
        assert!(!text.contains(PIN), "{text}");
        (events.bearer_auth(&host.token), shown)
    };
    let (_, shown) = look(&host).await;
    assert_eq!(shown[0]["variables"]["Pin"]["digits"], "••••••••");
    assert_eq!(shown[0]["variables"]["copy"], "It is ••••••••.");
    // In the middle of both runs the server stops; what it has to do next needs the digits.
    host.stop().await;
    assert_eq!(files_with(data.path(), PIN), Vec::<String>::new());
    assert!(!files_with(data.path(), ORDINARY).is_empty(), "the search finds what is no secret");

    let host = Host::on(data, move |config| config.egress_allow = vec![service]).await;
    host.until(&run, "completed").await;
    host.until(&open, "completed").await;
    eventually("the ends were told", async || heard.lock().unwrap().len() == 4).await;
    let (events, shown) = look(&host).await;
    let digits =
        shown[1]["entries"].as_array().unwrap().iter().find(|e| e["event"]["type"] == "digits");
    assert_eq!(digits.unwrap()["event"]["digits"], "••••••••");
    let events = events.send().await.unwrap().text().await.unwrap();
    assert!(events.contains("event: update") && !events.contains(PIN), "{events}");
    let told = heard.lock().unwrap().clone();
    let with = |text: &str, path: &str| {
        told.iter().filter(|heard| heard.contains(path) && heard.contains(text)).count()
    };
    assert_eq!((with(PIN, "/check"), with(PIN, "/over")), (1, 0), "{told:?}");
    assert_eq!((with(ORDINARY, "/check"), with(ORDINARY, "/over")), (1, 1), "{told:?}");
    assert_eq!(files_with(host.data.path(), PIN), Vec::<String>::new());

    // Without its key the run is set aside, and the server goes on.
    let data = host.stop().await;
    fs::remove_file(data.path().join(server::seal::FILE_NAME)).unwrap();
    let host = Host::on(data, |_| {}).await;
    let path = format!("/api/v1/runs/{run}/journal");
    let (status, problem) = host.send(Method::GET, &path, None).await;
    assert_eq!(status, StatusCode::CONFLICT, "{problem}");
    assert!(problem["detail"].as_str().unwrap().contains("PHLOEM_SEAL_KEY"), "{problem}");
    assert_eq!(host.status(&open).await, "completed");
    host.stop().await;
}
