//! Runs that begin by the clock or by another system's webhook.

use super::harness::{Host, eventually};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use engine::Time;
use reqwest::StatusCode;
use serde_json::{Value, json};
use server::{
    clock, keys,
    store::schedules::{self, ScheduleRow},
};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// A call of a workflow's own address, signed as the Standard Webhooks scheme says.
struct Call<'a> {
    id: &'a str,
    at_s: i64,
    kind: &'a str,
    body: &'a str,
    secret: &'a str,
}

impl Call<'_> {
    fn new<'a>(id: &'a str, body: &'a str) -> Call<'a> {
        Call { id, at_s: clock::now().0 / 1000, kind: "application/json", body, secret: SECRET }
    }

    async fn send(&self, host: &Host, workflow: &str) -> (StatusCode, Value) {
        let signed = format!("{}.{}.{}", self.id, self.at_s, self.body);
        let key = keys::webhook_key(self.secret);
        let signature = STANDARD.encode(keys::hmac_sha256(&key, signed.as_bytes()));
        let request = host
            .client
            .post(host.url(&format!("/hooks/{workflow}")))
            .header("webhook-id", self.id)
            .header("webhook-timestamp", self.at_s.to_string())
            .header("webhook-signature", format!("v1,{signature}"))
            .header("content-type", self.kind)
            .body(self.body.to_owned());
        super::harness::read(request).await
    }
}

fn hooked() -> Value {
    json!({
        "Start": { "kind": "start", "config": { "webhook_secret": { "$secret": "shop" } }, "next": { "webhook": "Keep" } },
        "Keep": { "kind": "set_variable", "config": { "values": { "order": "{{ Start.webhook.body.order.id }}" } } },
    })
}

async fn host_with_secret() -> Host {
    Host::with(|config| {
        config.secrets = [("shop".to_owned(), SECRET.to_owned())].into_iter().collect();
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_webhook_begins_one_run_however_often_it_comes() {
    let host = host_with_secret().await;
    host.publish("orders", hooked()).await;
    let body = r#"{"order": {"id": 7}}"#;
    let call = Call::new("msg-1", body);
    let (status, taken) = call.send(&host, "orders").await;
    assert_eq!((status, &taken["is_new"]), (StatusCode::ACCEPTED, &json!(true)), "{taken}");
    let run = taken["run_id"].as_str().unwrap();
    host.until(run, "completed").await;
    let shown = host.get(&format!("/api/v1/runs/{run}")).await;
    assert_eq!((&shown["trigger"], &shown["variables"]["order"]), (&json!("webhook"), &json!("7")));

    let (status, again) = call.send(&host, "orders").await;
    assert_eq!((status, &again["run_id"]), (StatusCode::ACCEPTED, &taken["run_id"]));
    let (status, _) = Call::new("msg-1", r#"{"order": {"id": 8}}"#).send(&host, "orders").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "the same id for something else");
    let (_, next) = Call::new("msg-2", body).send(&host, "orders").await;
    assert_ne!(next["run_id"], taken["run_id"]);
    // A form, and a text.
    let form = Call { kind: "application/x-www-form-urlencoded", ..Call::new("msg-3", "a=1&b=2") };
    assert_eq!(form.send(&host, "orders").await.0, StatusCode::ACCEPTED);
    // GitHub's way.
    let signature = keys::hmac_sha256(&keys::webhook_key(SECRET), body.as_bytes());
    let signature: String = signature.iter().map(|byte| format!("{byte:02x}")).collect();
    let request = host
        .client
        .post(host.url("/hooks/orders"))
        .header("x-hub-signature-256", format!("sha256={signature}"))
        .header("content-type", "application/json")
        .body(body);
    assert_eq!(super::harness::read(request).await.0, StatusCode::ACCEPTED);
    host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_is_not_well_signed_begins_nothing() {
    let host = host_with_secret().await;
    host.publish("orders", hooked()).await;
    let start = json!({ "Start": { "kind": "start" } });
    host.publish("plain", start).await;
    let unknown = json!({ "Start": { "kind": "start", "config": { "webhook_secret": { "$secret": "nobody-knows" } } } });
    host.publish("unset", unknown).await;
    let call = |body| Call::new("msg-1", body);
    let body = r#"{"order": {"id": 7}}"#;
    let old = Call { at_s: clock::now().0 / 1000 - 301, ..call(body) };
    let early = Call { at_s: clock::now().0 / 1000 + 400, ..call(body) };
    let other_key = Call { secret: "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", ..call(body) };
    for wrong in [old, early, other_key] {
        assert_eq!(wrong.send(&host, "orders").await.0, StatusCode::UNAUTHORIZED);
    }
    let unsigned = host.client.post(host.url("/hooks/orders")).body(body);
    assert_eq!(super::harness::read(unsigned).await.0, StatusCode::UNAUTHORIZED);
    let large = format!("\"{}\"", "x".repeat(70_000));
    assert_eq!(call(&large).send(&host, "orders").await.0, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(call("{").send(&host, "orders").await.0, StatusCode::BAD_REQUEST);
    let xml = Call { kind: "application/xml", ..call("<a/>") };
    assert_eq!(xml.send(&host, "orders").await.0, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(call(body).send(&host, "nothing").await.0, StatusCode::NOT_FOUND);
    assert_eq!(call(body).send(&host, "plain").await.0, StatusCode::NOT_FOUND);
    assert_eq!(call(body).send(&host, "unset").await.0, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(host.get("/api/v1/runs").await["runs"], json!([]));
    host.stop().await;
}

/// Moves a workflow's next moment.
async fn plan(host: &Host, workflow: &str, at: Time) {
    let store = &host.server.app().store;
    let row = planned(host, workflow).await.unwrap();
    let mut tx = store.begin().await.unwrap();
    schedules::move_on(&mut tx, &row, at).await.unwrap();
    tx.commit().await.unwrap();
}

async fn planned(host: &Host, workflow: &str) -> Option<ScheduleRow> {
    let rows = schedules::list(&mut host.server.app().store.reader().await.unwrap()).await.unwrap();
    rows.into_iter().find(|row| row.workflow_id == workflow)
}

async fn runs(host: &Host, workflow: &str) -> usize {
    let list = host.get(&format!("/api/v1/runs?workflow={workflow}")).await;
    list["runs"].as_array().unwrap().len()
}

fn scheduled(cron: &str) -> Value {
    json!({
        "Start": { "kind": "start", "config": { "schedule": { "cron": cron, "time_zone": "Europe/Berlin" } }, "next": { "schedule": "Keep" } },
        "Keep": { "kind": "set_variable", "config": { "values": { "planned": "{{ Start.schedule.planned_at }}" } } },
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_planned_moment_begins_one_run() {
    let host = Host::start().await;
    host.publish("nightly", scheduled("0 3 * * *")).await;
    let first = planned(&host, "nightly").await.unwrap();
    let now = clock::now().0;
    assert!(first.planned_at > now && first.planned_at <= now + 25 * 3_600_000, "{first:?}");
    assert_eq!(runs(&host, "nightly").await, 0);
    // Its moment has just come.
    let moment = Time(now - 2_000);
    plan(&host, "nightly", moment).await;
    let run = host.only_run("nightly").await;
    host.until(&run, "completed").await;
    let shown = host.get(&format!("/api/v1/runs/{run}")).await;
    assert_eq!(shown["trigger"], "schedule");
    let said = shown["variables"]["planned"].as_str().unwrap().to_owned();
    assert!(clock::rfc3339(moment).starts_with(said.trim_end_matches('Z')), "{said}");
    eventually("it is planned again", async || {
        planned(&host, "nightly").await.unwrap().planned_at == first.planned_at
    })
    .await;
    // As after a crash between the run's beginning and the new plan: the same moment once more.
    plan(&host, "nightly", moment).await;
    eventually("it is planned again", async || {
        planned(&host, "nightly").await.unwrap().planned_at == first.planned_at
    })
    .await;
    assert_eq!(runs(&host, "nightly").await, 1);
    // Published anew without a schedule, it does not begin by itself any more.
    host.publish("nightly", json!({ "Start": { "kind": "start" } })).await;
    assert!(planned(&host, "nightly").await.is_none());
    host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_moment_missed_while_the_server_was_down_is_made_good_if_it_is_not_too_late() {
    let host = Host::start().await;
    host.publish("missed", scheduled("0 3 * * *")).await;
    host.publish("late", scheduled("0 3 * * *")).await;
    let now = clock::now().0;
    let data = host.stop().await;
    let store = server::store::Store::open(data.path(), None).await.unwrap();
    for (workflow, ago_s) in [("missed", 2 * 3_600), ("late", 1_800)] {
        let rows = schedules::list(&mut store.reader().await.unwrap()).await.unwrap();
        let row = rows.into_iter().find(|row| row.workflow_id == workflow).unwrap();
        // Three in the morning may be within the last hour; then the run is right as well.
        let mut tx = store.begin().await.unwrap();
        schedules::move_on(&mut tx, &row, Time(now - ago_s * 1_000)).await.unwrap();
        tx.commit().await.unwrap();
    }
    store.close().await;
    let host = Host::on(data, |_| {}).await;
    host.only_run("late").await;
    eventually("both are planned again", async || {
        let later = clock::now().0;
        planned(&host, "missed").await.unwrap().planned_at > later
            && planned(&host, "late").await.unwrap().planned_at > later
    })
    .await;
    let three_was_just_now = {
        let schedule = server::schedule::Schedule::new("0 3 * * *", "Europe/Berlin").unwrap();
        schedule.next_after(Time(now - 3_600_000)).unwrap().0 <= clock::now().0
    };
    assert_eq!(runs(&host, "missed").await, usize::from(three_was_just_now));
    host.stop().await;
}
