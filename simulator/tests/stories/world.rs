//! A small application that answers what a story tells it to, a simulator beside it, and eyes on both.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, Uri},
    response::{IntoResponse, Response},
};
use plivo::signature;
use serde_json::{Value, json};
use simulator::{Config, NumberUrls, Simulator};

pub(crate) const AUTH_ID: &str = "MASIMULATOR000000000";
pub(crate) const AUTH_TOKEN: &str = "c2ltdWxhdG9yLXRva2Vu";
/// Fast enough for a silence of five seconds to pass in a tenth of one.
pub(crate) const SPEED: f64 = 50.0;

/// A page of this text is answered 503.
pub(crate) const DOWN: &str = "down";

/// A webhook as the application received it.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) path: String,
    pub(crate) params: HashMap<String, String>,
    pub(crate) is_signed: bool,
    pub(crate) has_v2: bool,
}

impl Seen {
    pub(crate) fn get(&self, name: &str) -> &str {
        self.params.get(name).map(String::as_str).unwrap_or_default()
    }
}

type Page = Box<dyn Fn(&Seen) -> String + Send + Sync>;

#[derive(Default)]
pub(crate) struct App {
    base: Mutex<String>,
    pages: Mutex<HashMap<String, Page>>,
    seen: Mutex<Vec<Seen>>,
}

pub(crate) struct World {
    pub(crate) app: Arc<App>,
    /// Where the application is.
    pub(crate) app_base: String,
    /// Where the simulator is.
    pub(crate) base: String,
    pub(crate) http: reqwest::Client,
    pub(crate) simulator: Simulator,
}

impl World {
    pub(crate) async fn new() -> World {
        World::at_speed(SPEED).await
    }

    pub(crate) async fn at_speed(speed: f64) -> World {
        let app = Arc::new(App::default());
        let app_base = listen(Router::new().fallback(take).with_state(Arc::clone(&app))).await;
        *app.base.lock().unwrap() = app_base.clone();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let simulator = Simulator::new(Config {
            auth_id: AUTH_ID.to_owned(),
            auth_token: AUTH_TOKEN.to_owned(),
            public_base: format!("{base}/v1"),
            speed,
        });
        let router = simulator.router().into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, router).await });
        let http =
            reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(10)).build().unwrap();
        World { app, app_base, base, http, simulator }
    }

    /// What the application answers at a path. `APP` in the document is its own address.
    pub(crate) fn page(&self, path: &str, xml: &str) {
        let xml = xml.replace("APP", &self.app_base);
        self.page_with(path, move |_| xml.clone());
    }

    pub(crate) fn page_with(
        &self,
        path: &str,
        page: impl Fn(&Seen) -> String + Send + Sync + 'static,
    ) {
        self.app.pages.lock().unwrap().insert(path.to_owned(), Box::new(page));
    }

    /// What the application was told at a path, in order.
    pub(crate) fn seen(&self, path: &str) -> Vec<Seen> {
        self.app.seen.lock().unwrap().iter().filter(|seen| seen.path == path).cloned().collect()
    }

    pub(crate) fn all_seen(&self) -> Vec<Seen> {
        self.app.seen.lock().unwrap().clone()
    }

    /// The phones' number answers at `/answer`, texts go to `/text`, ends to `/hangup`.
    pub(crate) fn own(&self, number: &str) {
        let url = |path: &str| Some(format!("{}{path}", self.app_base));
        let urls = NumberUrls {
            answer_url: url("/answer"),
            message_url: url("/text"),
            hangup_url: url("/hangup"),
        };
        assert!(self.simulator.set_number(number, urls));
    }

    pub(crate) async fn script(&self, number: &str, script: Value) {
        let (status, body) = self.control("PUT", &format!("/phones/{number}"), Some(script)).await;
        assert_eq!(status, 200, "{body}");
    }

    pub(crate) async fn control(
        &self,
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> (u16, Value) {
        let request =
            self.http.request(method.parse().unwrap(), format!("{}/control{path}", self.base));
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap_or(Value::Null))
    }

    pub(crate) async fn rest(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let url = format!("{}/v1/Account/{AUTH_ID}{path}", self.base);
        let request =
            self.http.request(method.parse().unwrap(), url).basic_auth(AUTH_ID, Some(AUTH_TOKEN));
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap_or(Value::Null))
    }

    /// Places a call with the story's usual addresses and returns its id.
    pub(crate) async fn call(&self, to: &str, more: Value) -> String {
        let mut body = json!({
            "from": "+15550100000", "to": to,
            "answer_url": format!("{}/answer", self.app_base), "hangup_url": format!("{}/hangup", self.app_base),
        });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let (status, body) = self.rest("POST", "/Call/", Some(body)).await;
        assert_eq!(status, 201, "{body}");
        body["request_uuid"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn ledger(&self) -> Value {
        self.control("GET", "/ledger", None).await.1
    }

    pub(crate) async fn ledger_call(&self, call_uuid: &str) -> Value {
        let ledger = self.ledger().await;
        let calls = ledger["calls"].as_array().unwrap();
        calls.iter().find(|call| call["call_uuid"] == call_uuid).cloned().unwrap_or(Value::Null)
    }

    /// The call's ledger entry once it is over and its end has been told.
    pub(crate) async fn ended(&self, call_uuid: &str) -> Value {
        self.until("the call to end", async || {
            let call = self.ledger_call(call_uuid).await;
            let is_told = self.seen("/hangup").iter().any(|seen| seen.get("CallUUID") == call_uuid);
            (is_told && !call["ended_at"].is_null()).then_some(call)
        })
        .await
    }

    /// Looks again and again until there is something, for ten seconds at most.
    pub(crate) async fn until<T>(&self, what: &str, look: impl AsyncFn() -> Option<T>) -> T {
        let patience = Instant::now() + Duration::from_secs(10);
        loop {
            if let Some(found) = look().await {
                return found;
            }
            assert!(
                Instant::now() < patience,
                "waited in vain for {what}; ledger: {:#}",
                self.ledger().await
            );
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

pub(crate) async fn listen(router: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

/// Records a webhook, checks its signature as a Plivo customer would, and answers what the story says.
async fn take(
    State(app): State<Arc<App>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let form: Vec<(String, String)> = url::form_urlencoded::parse(&body).into_owned().collect();
    let url = format!("{}{uri}", app.base.lock().unwrap());
    let header = |name: &str| {
        headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
    };
    let nonce = header(signature::V3_NONCE_HEADER);
    let signed_method =
        if method == Method::GET { plivo::Method::Get } else { plivo::Method::Post };
    let verify = |name: &str| {
        signature::verify_v3(AUTH_TOKEN, signed_method, &url, &form, &nonce, &header(name))
    };
    let v2_nonce = header(signature::V2_NONCE_HEADER);
    let query =
        url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned();
    let seen = Seen {
        path: uri.path().to_owned(),
        is_signed: verify(signature::V3_HEADER) && verify(signature::V3_MAIN_ACCOUNT_HEADER),
        has_v2: signature::verify_v2(AUTH_TOKEN, &url, &v2_nonce, &header(signature::V2_HEADER)),
        params: query.chain(form).collect(),
    };
    app.seen.lock().unwrap().push(seen.clone());
    let pages = app.pages.lock().unwrap();
    let page = pages.get(uri.path()).map(|page| page(&seen)).unwrap_or_default();
    if page == DOWN {
        return axum::http::StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    ([("content-type", "application/xml")], page).into_response()
}
