//! What runs ask of other systems: tokens, tried requests, databases.

use super::harness::{Host, answer, web};
use engine::{HttpAuth, HttpRequest, QueryDatabase, Secret, Value};
use reqwest::{Method, StatusCode};
use serde_json::{Value as Json, json};
use server::{
    config::{Config, Environment, Secrets},
    databases,
    egress::{Egress, Refusal, Wanted},
};
use sqlx::{Connection, Executor, SqliteConnection};
use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

fn with_token(url: &str, token_url: &str) -> HttpRequest {
    HttpRequest {
        method: "GET".to_owned(),
        url: url.to_owned(),
        headers: BTreeMap::new(),
        auth: Some(HttpAuth::ClientCredentials {
            token_url: token_url.to_owned(),
            client_id: "phloem".to_owned(),
            client_secret: Secret::Named { name: "oauth".to_owned() },
            scope: "status:read".to_owned(),
        }),
        body: None,
        timeout_s: 5,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_fetched_once_kept_and_renewed_when_it_is_refused() {
    let asked: Arc<Mutex<Vec<String>>> = Arc::default();
    let asks = Arc::clone(&asked);
    let tokens = web(move |request| {
        let count = {
            let mut asked = asks.lock().unwrap();
            asked.push(request);
            asked.len()
        };
        async move {
            let body = format!(
                r#"{{"access_token": "t-{count}", "token_type": "Bearer", "expires_in": 3600}}"#
            );
            answer("200 OK", "application/json", &body)
        }
    })
    .await;
    let good: Arc<AtomicUsize> = Arc::new(AtomicUsize::new(1));
    let is_good = Arc::clone(&good);
    let service = web(move |request| {
        let good = format!("authorization: Bearer t-{}", is_good.load(Ordering::SeqCst));
        let is_good = request.to_lowercase().contains(&good.to_lowercase());
        async move {
            let status = if is_good { "200 OK" } else { "401 Unauthorized" };
            answer(status, "text/plain", status)
        }
    })
    .await;
    let secrets: Secrets = [("oauth".to_owned(), "s3cret".to_owned())].into_iter().collect();
    let egress = Egress::new(vec![tokens.clone(), service.clone()], secrets).unwrap();
    let request = with_token(
        &format!("http://127.0.0.1:{}/", service.port),
        &format!("http://127.0.0.1:{}/token", tokens.port),
    );
    // Several at once wait for the one token.
    let answers = futures::future::join_all((0..8).map(|_| egress.request(&request))).await;
    assert!(answers.iter().all(|answer| answer.as_ref().is_ok_and(|answer| answer.status == 200)));
    assert_eq!(asked.lock().unwrap().len(), 1);
    let asking = asked.lock().unwrap()[0].clone();
    assert!(asking.contains("grant_type=client_credentials&scope=status%3Aread"), "{asking}");
    assert!(asking.contains("Basic cGhsb2VtOnMzY3JldA=="), "{asking}");
    assert!(!asking.split("\r\n\r\n").nth(1).unwrap().contains("s3cret"), "{asking}");
    // The service has taken the token back before its time.
    good.store(2, Ordering::SeqCst);
    assert_eq!(egress.request(&request).await.unwrap().status, 200);
    assert_eq!(asked.lock().unwrap().len(), 2);
    // It refuses whatever comes: that is an answer, after one more token.
    good.store(99, Ordering::SeqCst);
    assert_eq!(egress.request(&request).await.unwrap().status, 401);
    assert_eq!(asked.lock().unwrap().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_address_is_guarded_like_any_other_and_its_refusal_is_told() {
    let picky = web(|request: String| async move {
        let in_form = request.contains("client_secret=s3cret");
        if in_form {
            answer("200 OK", "application/json", r#"{"access_token": "t"}"#)
        } else {
            answer("401 Unauthorized", "application/json", r#"{"error": "invalid_client"}"#)
        }
    })
    .await;
    let service = web(|_| async { answer("200 OK", "text/plain", "fine") }).await;
    let secrets: Secrets = [("oauth".to_owned(), "s3cret".to_owned())].into_iter().collect();
    let egress = Egress::new(vec![picky.clone(), service.clone()], secrets.clone()).unwrap();
    let url = format!("http://127.0.0.1:{}/", service.port);
    let request = with_token(&url, &format!("http://127.0.0.1:{}/", picky.port));
    assert_eq!(egress.request(&request).await.unwrap().body, "fine", "credentials in the form");

    let inner = egress.request(&with_token(&url, "http://127.0.0.1:9/")).await;
    assert!(matches!(inner, Err(Refusal::NotAllowed(_))), "{inner:?}");
    let refusing = web(|_| async {
        answer(
            "400 Bad Request",
            "application/json",
            r#"{"error": "invalid_scope", "error_description": "no such scope"}"#,
        )
    })
    .await;
    let egress = Egress::new(vec![refusing.clone(), service], secrets).unwrap();
    let refused = egress
        .request(&with_token(&url, &format!("http://127.0.0.1:{}/", refusing.port)))
        .await
        .unwrap_err()
        .to_string();
    assert!(refused.contains("no such scope") && !refused.contains("s3cret"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fetched_file_stays_within_its_bound() {
    let files = web(|request: String| async move {
        let size = if request.starts_with("GET /large") { 2_000 } else { 500 };
        if request.starts_with("GET /gone") {
            return answer("404 Not Found", "text/plain", "");
        }
        answer("200 OK", "audio/mpeg", &"x".repeat(size))
    })
    .await;
    let egress = Egress::new(Vec::new(), Secrets::default()).unwrap();
    let base = format!("http://127.0.0.1:{}", files.port);
    let trusted = [files];
    let fetch = async |path: &str, trusted: &[_]| {
        let url = format!("{base}{path}");
        egress
            .fetch(&Wanted { url: &url, auth: None, bytes_max: 1_000, timeout_s: 2, trusted })
            .await
    };
    let file = fetch("/r-1.mp3", &trusted).await.unwrap();
    assert_eq!(
        (file.name.as_str(), file.content_type.as_str(), file.bytes.len()),
        ("r-1.mp3", "audio/mpeg", 500)
    );
    assert!(matches!(fetch("/large", &trusted).await, Err(Refusal::NoAnswer(_))));
    assert!(matches!(fetch("/gone", &trusted).await, Err(Refusal::NoAnswer(_))));
    assert!(matches!(fetch("/r-1.mp3", &[]).await, Err(Refusal::NotAllowed(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_can_be_tried_out_and_shows_no_secret() {
    let service = web(|request: String| async move {
        let said = json!({ "status": "green", "heard": request });
        answer("200 OK", "application/json", &said.to_string())
    })
    .await;
    let url = format!("http://127.0.0.1:{}/{{{{ Menu.digits }}}}", service.port);
    let host = Host::with(move |config| {
        config.egress_allow = vec![service];
        config.secrets = [("api".to_owned(), "s3cret".to_owned())].into_iter().collect();
    })
    .await;
    let test = json!({
        "config": { "url": url, "auth": { "bearer": { "$secret": "api" } } },
        "variables": { "Menu": { "digits": "7" } },
    });
    let answer = host.post("/api/v1/http-test", test.clone()).await;
    assert_eq!(
        (&answer["status"], &answer["content_type"]),
        (&json!(200), &json!("application/json"))
    );
    let body: Json = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
    let heard = body["heard"].as_str().unwrap();
    assert!(heard.starts_with("GET /7 ") && heard.contains("Bearer ••••"), "{heard}");

    for (config, status) in [
        (json!({ "url": "http://169.254.169.254/latest" }), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({ "url": "http://127.0.0.1:9/" }), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({ "address": "http://example.com" }), StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let body = json!({ "config": config });
        let (found, answer) = host.send(Method::POST, "/api/v1/http-test", Some(&body)).await;
        assert_eq!(found, status, "{answer}");
    }
    let reader = host.token("read").await;
    let request = host.client.post(host.url("/api/v1/http-test")).bearer_auth(reader).json(&test);
    assert_eq!(request.send().await.unwrap().status(), StatusCode::FORBIDDEN);
    host.stop().await;
}

fn databases_of(path: &std::path::Path) -> Config {
    let address = format!("sqlite:{}?mode=rw", path.display());
    let pairs = [("PHLOEM_DATABASE_NAME_SHOP".to_owned(), address)];
    Config::from_environment(&pairs.into_iter().collect::<Environment>()).unwrap()
}

async fn ask(config: &Config, sql: &str, params: Json) -> Result<Json, String> {
    let params = params.as_array().unwrap().iter().cloned().map(Value::from).collect();
    let query = QueryDatabase {
        connection: "shop".to_owned(),
        sql: sql.to_owned(),
        params,
        rows_max: 3,
        timeout_s: 1,
    };
    let rows = databases::ask(&config.databases, &query).await?;
    Ok(rows.iter().map(Json::from).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workflow_reads_an_sqlite_file_and_can_do_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.db");
    let create = format!("sqlite:{}?mode=rwc", path.display());
    let mut connection = SqliteConnection::connect(&create).await.unwrap();
    connection
        .execute(
            "create table orders (id integer primary key, customer text, total real, paid boolean, note blob);
             insert into orders values (1, 'Ada', 9.5, 1, x'00ff'), (2, 'O''Brien', null, 0, null)",
        )
        .await
        .unwrap();
    connection.close().await.unwrap();
    let config = databases_of(&path);
    assert_eq!(
        ask(&config, "select * from orders where id = ?", json!([1])).await,
        Ok(json!([{ "id": 1, "customer": "Ada", "total": 9.5, "paid": true, "note": "\\x00ff" }]))
    );
    assert_eq!(
        ask(
            &config,
            "select id from orders where customer = ? and total is null",
            json!(["O'Brien"])
        )
        .await,
        Ok(json!([{ "id": 2 }]))
    );
    let count = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 50) select i from n";
    assert_eq!(
        ask(&config, count, json!([])).await,
        Ok(json!([{ "i": 1 }, { "i": 2 }, { "i": 3 }]))
    );
    for (sql, why) in [
        ("delete from orders", "begin with select"),
        ("with a as (select 1) delete from orders", ""),
        ("select 1; delete from orders", "one statement"),
        ("attach database '/etc/other.db' as other", "begin with select"),
        (
            "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n",
            "more than 1 s",
        ),
        ("select hex(zeroblob(100000)) as big", "KiB"),
        ("select load_extension('x')", ""),
        ("select id from orders where id = ?", "question marks"),
    ] {
        let started = Instant::now();
        let refusal = ask(&config, sql, json!([])).await.unwrap_err();
        assert!(refusal.contains(why), "{sql}: {refusal}");
        assert!(started.elapsed() < Duration::from_secs(4), "{sql}");
    }
    assert_eq!(
        ask(&config, "select count(*) as n from orders", json!([])).await,
        Ok(json!([{ "n": 2 }]))
    );
    let missing = databases_of(&folder.path().join("none.db"));
    assert!(ask(&missing, "select 1", json!([])).await.is_err());
    assert!(!folder.path().join("none.db").exists(), "nothing is made by asking");
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_are_listed_by_name_alone() {
    let host = Host::with(|config| {
        let pairs = [(
            "PHLOEM_DATABASE_NAME_ON_CALL".to_owned(),
            "postgres://reader:s3cret@db.example/people".to_owned(),
        )];
        config.databases = Config::from_environment(&pairs.into_iter().collect::<Environment>())
            .unwrap()
            .databases;
    })
    .await;
    let list = host.get("/api/v1/connections").await;
    assert_eq!(list, json!({ "connections": [{ "name": "on_call", "kind": "postgres" }] }));
    host.stop().await;
}
