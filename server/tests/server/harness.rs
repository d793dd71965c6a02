//! A server of the test's own, and short words for talking to it.

use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use server::{
    Server, access,
    config::{Config, HostPort},
};
use std::{future::Future, path::Path, sync::Arc, time::Duration};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

/// A running server, its data, and an admin's token.
pub(crate) struct Host {
    pub(crate) server: Server,
    pub(crate) data: Arc<TempDir>,
    pub(crate) token: String,
    pub(crate) client: Client,
}

/// A sandbox with fast people and a quick pace.
pub(crate) fn sandbox(data: &Path) -> Config {
    let mut config = Config::sandbox(data).unwrap();
    config.carrier = server::config::Carrier::Sandbox { speed: 50.0 };
    config.pace.hold = Duration::from_millis(150);
    config.pace.reconcile = [200, 500, 1_000].map(Duration::from_millis).to_vec();
    config.pace.drain = Duration::from_secs(5);
    config
}

impl Host {
    pub(crate) async fn start() -> Host {
        Host::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Config)) -> Host {
        Host::on(Arc::new(tempfile::tempdir().unwrap()), change).await
    }

    /// A server on data that may be there already.
    pub(crate) async fn on(data: Arc<TempDir>, change: impl FnOnce(&mut Config)) -> Host {
        let mut config = sandbox(data.path());
        change(&mut config);
        let server = Server::start(config).await.unwrap();
        let token =
            access::create_token(&server.app().store, "test", "admin").await.unwrap().secret;
        Host { server, data, token, client: Client::builder().no_proxy().build().unwrap() }
    }

    pub(crate) async fn stop(self) -> Arc<TempDir> {
        self.server.stop().await;
        self.data
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.server.address())
    }

    pub(crate) async fn token(&self, scope: &str) -> String {
        access::create_token(&self.server.app().store, scope, scope).await.unwrap().secret
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> (StatusCode, Value) {
        let request = self.client.request(method, self.url(path)).bearer_auth(&self.token);
        read(if let Some(body) = body { request.json(body) } else { request }).await
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let (status, body) = self.send(Method::GET, path, None).await;
        assert!(status.is_success(), "GET {path}: {status} {body}");
        body
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Value {
        let (status, answer) = self.send(Method::PUT, path, Some(&body)).await;
        assert!(status.is_success(), "PUT {path}: {status} {answer}");
        answer
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Value {
        let (status, answer) = self.send(Method::POST, path, Some(&body)).await;
        assert!(status.is_success(), "POST {path}: {status} {answer}");
        answer
    }

    /// Saves and publishes a workflow of these nodes.
    pub(crate) async fn publish(&self, id: &str, nodes: Value) {
        self.publish_document(json!({ "format": 1, "id": id, "name": id, "nodes": nodes })).await;
    }

    pub(crate) async fn publish_document(&self, document: Value) {
        let id = document["id"].as_str().unwrap().to_owned();
        let saved = self.put(&format!("/api/v1/workflows/{id}"), document).await;
        let (status, published) =
            self.send(Method::POST, &format!("/api/v1/workflows/{id}/publish"), None).await;
        assert!(status.is_success(), "{published} {saved}");
    }

    pub(crate) async fn run(&self, id: &str, params: Value) -> String {
        let (status, answer) =
            self.send(Method::POST, &format!("/phlo/{id}/run"), Some(&params)).await;
        assert_eq!(status, StatusCode::CREATED, "{answer}");
        answer["phlo_run_id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn status(&self, run: &str) -> String {
        self.get(&format!("/api/v1/runs/{run}")).await["status"].as_str().unwrap().to_owned()
    }

    /// Waits until a run has this status.
    pub(crate) async fn until(&self, run: &str, status: &str) {
        eventually(&format!("run {run} is {status}"), async || self.status(run).await == status)
            .await;
    }

    pub(crate) async fn events(&self, run: &str) -> Vec<String> {
        let journal = self.get(&format!("/api/v1/runs/{run}/journal")).await;
        journal["entries"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| entry["event"]["type"].as_str().unwrap().to_owned())
            .collect()
    }

    /// Everything said to anybody, from the telephone network's books.
    pub(crate) async fn said(&self) -> String {
        let ledger = self.ledger().await;
        let calls = ledger["calls"].as_array().unwrap();
        let documents = calls.iter().flat_map(|call| call["documents"].as_array().unwrap().clone());
        documents.map(|document| document["spoken"].to_string()).collect::<Vec<_>>().join("\n")
    }

    pub(crate) async fn ledger(&self) -> Value {
        self.get("/simulator/control/ledger").await
    }

    pub(crate) async fn phone(&self, number: &str, script: Value) {
        self.put(&format!("/simulator/control/phones/{number}"), script).await;
    }

    pub(crate) async fn ring(&self, from: &str, to: &str) {
        self.post(&format!("/simulator/control/phones/{from}/call"), json!({ "to": to })).await;
    }

    /// The only run of a workflow, once there is one.
    pub(crate) async fn only_run(&self, workflow: &str) -> String {
        let path = format!("/api/v1/runs?workflow={workflow}");
        eventually("a run has started", async || {
            !self.get(&path).await["runs"].as_array().unwrap().is_empty()
        })
        .await;
        let runs = self.get(&path).await;
        assert_eq!(runs["runs"].as_array().unwrap().len(), 1, "{runs}");
        runs["runs"][0]["id"].as_str().unwrap().to_owned()
    }
}

pub(crate) async fn read(request: reqwest::RequestBuilder) -> (StatusCode, Value) {
    let response = request.send().await.unwrap();
    let status = response.status();
    let text = response.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

/// Asks again and again until it is so.
pub(crate) async fn eventually(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    for _ in 0..400 {
        if is_so().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("waited in vain until {what}");
}

/// A web server that answers every request with what `answer` makes of its head and body.
pub(crate) async fn web<F, Fut>(answer: F) -> HostPort
where
    F: Fn(String) -> Fut + Clone + Send + 'static,
    Fut: Future<Output = String> + Send,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let answer = answer.clone();
            tokio::spawn(async move {
                let mut request = Vec::new();
                let mut buffer = [0; 4096];
                loop {
                    let count = stream.read(&mut buffer).await.unwrap_or(0);
                    request.extend_from_slice(&buffer[..count]);
                    let text = String::from_utf8_lossy(&request).into_owned();
                    let is_whole = text.split_once("\r\n\r\n").is_some_and(|(head, body)| {
                        let length = head.lines().find_map(|line| {
                            line.to_ascii_lowercase()
                                .strip_prefix("content-length:")
                                .map(|value| value.trim().parse::<usize>().unwrap())
                        });
                        body.len() >= length.unwrap_or(0)
                    });
                    if is_whole || count == 0 {
                        let text = answer(text).await;
                        let _ = stream.write_all(text.as_bytes()).await;
                        return;
                    }
                }
            });
        }
    });
    HostPort { host: "127.0.0.1".to_owned(), port }
}

/// An HTTP answer.
pub(crate) fn answer(status: &str, content_type: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}
