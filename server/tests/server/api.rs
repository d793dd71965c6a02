//! The APIs: who may use them, what they promise, how they refuse.

use super::harness::{Host, answer, eventually, read, web};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

/// Starts by request and is over.
fn trivial(params: &Value) -> Value {
    json!({ "Start": { "kind": "start", "config": { "params": params }, "next": {} } })
}

/// Waits for an hour.
fn patient() -> Value {
    json!({
        "Start": { "kind": "start", "next": { "api_request": "Pause" } },
        "Pause": { "kind": "wait", "config": { "for_s": 3600 } }
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn without_credentials_everything_but_health_is_refused() {
    let host = Host::start().await;
    let description = host.get("/api/openapi.json").await;
    let mut routes: Vec<(Method, String)> = Vec::new();
    for (path, operations) in description["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            routes.push((method.to_uppercase().parse().unwrap(), path.replace(['{', '}'], "")));
        }
    }
    assert!(routes.len() >= 22, "{routes:?}");
    for (method, path) in [
        ("GET", "/metrics"),
        ("GET", "/api/openapi.json"),
        ("GET", "/api/docs/index.html"),
        ("GET", "/"),
        ("GET", "/workflows/x"),
    ] {
        routes.push((method.parse().unwrap(), path.to_owned()));
    }
    let run_token = host.token("run").await;
    for (method, path) in routes {
        let is_sign_out = method == Method::DELETE && path == "/api/v1/session";
        for variant in [path.clone(), format!("{path}/"), format!("{path}?x=1")] {
            let bare = host.client.request(method.clone(), host.url(&variant));
            let wrong = host
                .client
                .request(method.clone(), host.url(&variant))
                .bearer_auth("phk_wrong")
                .header("cookie", "phloem_session=wrong");
            for request in [bare, wrong] {
                let (status, body) =
                    read(request.body("{}").header("content-type", "application/json")).await;
                let expected =
                    if is_sign_out { StatusCode::NO_CONTENT } else { StatusCode::UNAUTHORIZED };
                assert_eq!(status, expected, "{method} {variant}: {body}");
            }
        }
        if path.starts_with("/api/v1") && !is_sign_out {
            let request = host
                .client
                .request(method.clone(), host.url(&path))
                .bearer_auth(&run_token)
                .json(&json!({}));
            assert_eq!(
                read(request).await.0,
                StatusCode::FORBIDDEN,
                "{method} {path} by a token that may only run"
            );
        }
    }
    for path in ["/healthz", "/readyz"] {
        assert!(host.client.get(host.url(path)).send().await.unwrap().status().is_success());
    }
    for (method, path) in [
        ("POST", "/plivo/call/r/1/1/digits/code"),
        ("POST", "/plivo/message/r/1/code"),
        ("POST", "/plivo/number/15550100000/answer/code"),
        ("POST", "/plivo/recording/r/1/code"),
        ("POST", "/plivo/transcription/r/1/code"),
        ("POST", "/plivo/drop/r/1/code"),
    ] {
        let request =
            host.client.request(method.parse().unwrap(), host.url(path)).form(&[("CallUUID", "c")]);
        assert_eq!(read(request).await.0, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_link_works_once_and_a_session_only_for_its_own_pages() {
    let host = Host::start().await;
    let client = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let link = host.server.sign_in_link().unwrap().to_owned();
    let first = client.get(&link).send().await.unwrap();
    assert_eq!(first.status(), StatusCode::SEE_OTHER);
    let cookie = first.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    assert_eq!(client.get(&link).send().await.unwrap().status(), StatusCode::UNAUTHORIZED);

    let cookie = cookie.split(';').next().unwrap().to_owned();
    let with_cookie = |method: Method, path: &str| {
        client.request(method, host.url(path)).header("cookie", &cookie)
    };
    let (status, session) = read(with_cookie(Method::GET, "/api/v1/session")).await;
    assert_eq!((status, &session["mode"]), (StatusCode::OK, &json!("sandbox")));
    let draft = json!({ "format": 1, "id": "mine", "name": "Mine", "nodes": trivial(&json!({})) });
    let foreign = with_cookie(Method::PUT, "/api/v1/workflows/mine")
        .json(&draft)
        .header("origin", "https://evil.example")
        .header("sec-fetch-site", "cross-site");
    assert_eq!(read(foreign).await.0, StatusCode::FORBIDDEN);
    assert_eq!(
        read(
            with_cookie(Method::PUT, "/api/v1/workflows/mine")
                .json(&draft)
                .header("sec-fetch-site", "same-origin")
        )
        .await
        .0,
        StatusCode::OK
    );

    assert_eq!(
        read(with_cookie(Method::DELETE, "/api/v1/session")).await.0,
        StatusCode::NO_CONTENT
    );
    assert_eq!(read(with_cookie(Method::GET, "/api/v1/session")).await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_saved_with_its_problems_and_published_without() {
    let host = Host::start().await;
    let path = "/api/v1/workflows/menu";
    let broken = json!({ "format": 1, "id": "menu", "name": "Menu", "nodes": {
        "Start": { "kind": "start", "next": { "incoming_call": "Nowhere" } },
        "Second": { "kind": "start" },
        "Odd": { "kind": "teleport" },
        "Say": { "kind": "speak", "config": { "text": "{{ unclosed" } },
        "Choose": { "kind": "condition", "config": { "when": "1 +" } }
    }});
    let saved = host.put(path, broken.clone()).await;
    let nodes: Vec<&str> = saved["problems"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|problem| problem["node"].as_str())
        .collect();
    for node in ["Start", "Odd", "Say", "Choose"] {
        assert!(nodes.contains(&node), "{node} in {}", saved["problems"]);
    }
    let mut problems = saved["problems"].as_array().unwrap().iter();
    let nowhere = problems.find(|problem| problem["code"] == "edge_to_nowhere").unwrap();
    let from = json!({ "node": "Start", "state": "incoming_call" });
    let fix = json!({ "label": "Remove the edge", "safe": false, "changes": [{ "change": "disconnect", "from": from }] });
    assert_eq!(nowhere["fix"], fix, "what one press would do is told to clients too");
    let (status, refusal) = host.send(Method::POST, &format!("{path}/publish"), None).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refusal["errors"].as_array().unwrap().len() >= 5, "{refusal}");
    let (status, _) = host.send(Method::POST, "/phlo/menu/run", Some(&json!({}))).await;
    assert_eq!(status, StatusCode::CONFLICT, "a draft does not run");
    assert_eq!(host.post("/api/v1/workflows/validate", broken).await["valid"], json!(false));

    host.publish("menu", trivial(&json!({}))).await;
    let workflow = host.get(path).await;
    assert_eq!(
        (&workflow["published_version"], &workflow["differs_from_published"]),
        (&json!(1), &json!(false))
    );
    host.publish("menu", trivial(&json!({}))).await;
    assert_eq!(
        host.get(&format!("{path}/versions")).await["versions"].as_array().unwrap().len(),
        1,
        "nothing new to publish is no new version"
    );
    host.publish("menu", patient()).await;
    let old = host.get(&format!("{path}/versions/1")).await;
    assert!(old["document"]["nodes"].get("Pause").is_none(), "a version stays as it was: {old}");
    assert_eq!(host.get(path).await["published_version"], json!(2));

    let (status, _) = host.send(Method::DELETE, path, None).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert_eq!(host.send(Method::GET, path, None).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_overwrites_a_draft_unseen() {
    let host = Host::start().await;
    let draft =
        json!({ "format": 1, "id": "shared", "name": "Shared", "nodes": trivial(&json!({})) });
    let put = |name: &'static str, value: String| {
        host.client
            .put(host.url("/api/v1/workflows/shared"))
            .bearer_auth(&host.token)
            .header(name, value)
            .json(&draft)
    };
    assert_eq!(read(put("if-none-match", "*".to_owned())).await.0, StatusCode::OK);
    assert_eq!(read(put("if-none-match", "*".to_owned())).await.0, StatusCode::PRECONDITION_FAILED);
    assert_eq!(read(put("if-match", "\"1\"".to_owned())).await.0, StatusCode::OK);
    let (status, refusal) = read(put("if-match", "\"1\"".to_owned())).await;
    assert_eq!(status, StatusCode::PRECONDITION_FAILED);
    assert!(refusal["detail"].as_str().unwrap().contains("revision 2"), "{refusal}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_accepted_in_every_shape_the_sdks_send() {
    let host = Host::start().await;
    host.publish("greet", trivial(&json!({ "phoneMe": { "required": true }, "times": { "type": "number", "default": 1 } }))).await;
    let account = host.server.app().account.clone();
    let basic = |request: reqwest::RequestBuilder| {
        request.basic_auth(&account.auth_id, Some(account.auth_token.expose()))
    };
    let own = |path: &str| host.client.post(host.url(path)).bearer_auth(&host.token);
    let of_account = format!("/v1/account/{}/phlo/greet", account.auth_id);
    let shapes = [
        own("/phlo/greet/run")
            .json(&json!({ "to": "+15550107000", "variables": { "phoneMe": "x" } })),
        own("/phlo/greet/run/")
            .json(&json!({ "to": ["+15550107000"], "variables": { "phone_me": "x" } })),
        own("/phlo/greet/run")
            .json(&json!({ "phoneMe": "x", "nodes": {}, "definition": { "kind": "speak" } })),
        own("/phlo/greet/run?phoneMe=x"),
        basic(host.client.post(host.url(&of_account))).json(&json!({ "phoneMe": "x" })),
        basic(host.client.post(host.url(&format!("{of_account}/?phoneMe=x"))))
            .json(&json!({ "phoneMe": "x" })),
    ];
    for shape in shapes {
        let (status, accepted) = read(shape).await;
        assert_eq!(status, StatusCode::CREATED, "{accepted}");
        assert_eq!(accepted["api_id"], accepted["phlo_run_id"]);
        assert_eq!(accepted["api_id"], accepted["request_uuid"]);
        assert_eq!(accepted["phlo_id"], json!("greet"));
        let run = host.get(&format!("/api/v1/runs/{}", accepted["api_id"].as_str().unwrap())).await;
        assert_eq!(run["variables"]["phoneMe"], json!("x"), "{run}");
        let (status, phlo_run) = read(basic(host.client.get(
            host.url(&format!("/v1/phlo/greet/runs/{}/", accepted["api_id"].as_str().unwrap())),
        )))
        .await;
        assert_eq!((status, &phlo_run["status"]), (StatusCode::OK, &json!("completed")));
    }
    assert_eq!(
        read(basic(host.client.get(host.url("/v1/phlo/greet/")))).await.1["phlo_id"],
        json!("greet")
    );
    let elsewhere = basic(host.client.get(host.url("/api/v1/workflows")));
    assert_eq!(
        read(elsewhere).await.0,
        StatusCode::UNAUTHORIZED,
        "the account starts runs and no more"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_request_that_cannot_be_right_is_told_why() {
    let host = Host::start().await;
    host.publish("greet", trivial(&json!({ "name": { "required": true } }))).await;
    let post = |path: &str| host.client.post(host.url(path)).bearer_auth(&host.token);
    let json_body = |text: &str| {
        post("/phlo/greet/run").header("content-type", "application/json").body(text.to_owned())
    };
    for (request, status, words) in [
        (post("/phlo/greet/run").json(&json!({})), 400, "`name` is required"),
        (post("/phlo/none/run").json(&json!({})), 404, "no workflow `none`"),
        (json_body("name=x"), 400, "not JSON"),
        (json_body("[]"), 400, "object"),
        (json_body(r#"{"variables": 1}"#), 400, "`variables`"),
        (post("/phlo/greet/run").header("content-type", "text/xml").body("<x/>"), 415, "JSON"),
        (post("/phlo/greet/run").json(&json!({ "name": "x".repeat(300_000) })), 413, "too large"),
        (
            post("/phlo/greet/run").json(&json!({ "name": "x" })).header("idempotency-key", ""),
            400,
            "Idempotency-Key",
        ),
    ] {
        let (found, body) = read(request).await;
        assert_eq!(found.as_u16(), status, "{body}");
        assert!(body["error"].as_str().unwrap().contains(words), "{body}");
        assert!(body["api_id"].is_string());
    }
    assert_eq!(host.get("/api/v1/runs?workflow=greet").await["runs"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idempotency_key_stands_for_one_run_even_at_the_same_moment() {
    let host = Host::start().await;
    host.publish("greet", trivial(&json!({}))).await;
    let send = |key: &str, body: Value| {
        read(
            host.client
                .post(host.url("/phlo/greet/run"))
                .bearer_auth(&host.token)
                .header("idempotency-key", key)
                .json(&body),
        )
    };
    let answers =
        futures::future::join_all((0..16).map(|_| send("one", json!({ "a": 1, "b": 2 })))).await;
    let ids: std::collections::BTreeSet<String> =
        answers.iter().map(|(status, body)| format!("{status} {}", body["api_id"])).collect();
    assert_eq!(ids.len(), 1, "{ids:?}");
    assert_eq!(
        send("one", json!({ "b": 2, "a": 1 })).await.0,
        StatusCode::CREATED,
        "the order of fields does not matter"
    );
    assert_eq!(send("one", json!({ "a": 2 })).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(send("two", json!({ "a": 1, "b": 2 })).await.0, StatusCode::CREATED);
    assert_eq!(host.get("/api/v1/runs?workflow=greet").await["runs"].as_array().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_are_listed_in_pages_followed_live_and_cancelled() {
    let host = Host::start().await;
    host.publish("long", patient()).await;
    let mut started = Vec::new();
    for _ in 0..5 {
        started.push(host.run("long", json!({})).await);
    }
    started.reverse();
    let first = host.get("/api/v1/runs?workflow=long&limit=3").await;
    let second = host
        .get(&format!(
            "/api/v1/runs?workflow=long&limit=3&cursor={}",
            first["next_cursor"].as_str().unwrap()
        ))
        .await;
    let ids: Vec<&str> = [&first, &second]
        .into_iter()
        .flat_map(|page| page["runs"].as_array().unwrap())
        .map(|run| run["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, started);
    assert_eq!(second["next_cursor"], Value::Null);

    let run = &started[0];
    let path = format!("/api/v1/runs/{run}/events");
    let mut stream =
        host.client.get(host.url(&path)).bearer_auth(&host.token).send().await.unwrap();
    let (status, _) = host.send(Method::POST, &format!("/api/v1/runs/{run}/cancel"), None).await;
    assert_eq!(status, StatusCode::ACCEPTED);
    let mut text = String::new();
    while let Some(chunk) = stream.chunk().await.unwrap() {
        text.push_str(&String::from_utf8_lossy(&chunk));
    }
    assert!(
        text.contains("id: 1") && text.contains("id: 2") && text.contains("event: update"),
        "{text}"
    );
    assert!(text.contains(r#""status":"cancelled""#), "{text}");
    let resumed = host
        .client
        .get(host.url(&path))
        .bearer_auth(&host.token)
        .header("last-event-id", "2")
        .send()
        .await
        .unwrap();
    assert_eq!(resumed.status(), StatusCode::NO_CONTENT);
    assert_eq!(
        host.send(Method::POST, &format!("/api/v1/runs/{run}/cancel"), None).await.0,
        StatusCode::CONFLICT
    );
    assert_eq!(host.send(Method::GET, "/api/v1/runs/none", None).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_run_is_told_signed_and_again_until_it_is_heard() {
    let told: Arc<Mutex<Vec<String>>> = Arc::default();
    let hears = Arc::clone(&told);
    let receiver = web(move |request| {
        let hears = Arc::clone(&hears);
        async move {
            let mut told = hears.lock().unwrap();
            told.push(request);
            answer(if told.len() == 1 { "503 Busy" } else { "200 OK" }, "text/plain", "")
        }
    })
    .await;
    let port = receiver.port;
    let host = Host::with(|config| config.egress_allow = vec![receiver]).await;
    let document = json!({ "format": 1, "id": "told", "name": "Told", "on_complete": format!("http://127.0.0.1:{port}/done"), "nodes": trivial(&json!({})) });
    host.publish_document(document).await;
    let run = host.run("told", json!({ "a": 1 })).await;
    eventually("the end was told twice", async || told.lock().unwrap().len() == 2).await;
    let told = told.lock().unwrap().clone();
    for request in &told {
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        let header = |name: &str| {
            head.lines()
                .find_map(|line| line.strip_prefix(&format!("{name}: ")))
                .unwrap()
                .to_owned()
        };
        let signed = format!("{}.{}.{body}", header("webhook-id"), header("webhook-timestamp"));
        let secret = host.server.app().webhook_secret.clone();
        let signature = base64::Engine::encode(
            &base64::engine::general_purpose::STANDARD,
            server::keys::hmac_sha256(&server::keys::webhook_key(&secret), signed.as_bytes()),
        );
        assert_eq!(header("webhook-signature"), format!("v1,{signature}"));
        let body: Value = serde_json::from_str(body).unwrap();
        assert_eq!(
            (&body["event"], &body["request_uuid"], &body["status"]),
            (&json!("run:completed"), &json!(run), &json!("completed"))
        );
        assert_eq!(body["result"]["variables"]["a"], json!(1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_and_metrics_are_shown() {
    let host = Host::start().await;
    host.publish("greet", trivial(&json!({}))).await;
    let number = host.put("/api/v1/numbers/+15550100007", json!({ "workflow": "greet" })).await;
    assert!(number["answer_url"].as_str().unwrap().contains("/plivo/number/15550100007/answer/"));
    assert_eq!(host.get("/api/v1/workflows/greet").await["numbers"], json!(["+15550100007"]));
    let linked =
        host.put("/simulator/control/numbers/+15550100008", json!({ "workflow": "greet" })).await;
    assert_eq!(linked["workflow"], json!("greet"));
    let (status, _) = host
        .send(Method::PUT, "/api/v1/numbers/+15550100007", Some(&json!({ "workflow": "none" })))
        .await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    host.run("greet", json!({})).await;
    let metrics = host.get("/metrics").await;
    assert!(metrics.as_str().unwrap().contains("phloem_runs_started_total"), "{metrics}");
}
