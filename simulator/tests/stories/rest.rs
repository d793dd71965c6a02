//! Plivo's API as its own clients use it.

use serde_json::json;

use crate::world::{AUTH_ID, AUTH_TOKEN, World};

#[tokio::test]
async fn paths_are_taken_as_the_sdks_write_them_and_credentials_are_checked() {
    let world = World::new().await;
    let get = async |path: &str, token: &str| {
        world
            .http
            .get(format!("{}/v1/{path}", world.base))
            .basic_auth(AUTH_ID, Some(token))
            .send()
            .await
            .unwrap()
            .status()
            .as_u16()
    };
    for path in [
        "Account/ID/",
        "Account/ID",
        "account/ID/Call/",
        "Account/ID//Message//",
        "Account/ID/Number/15550100000/",
    ] {
        assert_eq!(get(&path.replace("ID", AUTH_ID), AUTH_TOKEN).await, 200, "{path}");
    }
    assert_eq!(get(&format!("Account/{AUTH_ID}/"), "wrong").await, 401);
    assert_eq!(get("Account/MAOTHER0000000000000/", AUTH_TOKEN).await, 401);
    assert_eq!(get(&format!("Account/{AUTH_ID}/Nothing/"), AUTH_TOKEN).await, 404);
    assert_eq!(world.rest("PUT", "/Call/", None).await.0, 405);
}

#[tokio::test]
async fn one_request_may_call_many_and_bad_ones_name_what_is_wrong() {
    let world = World::new().await;
    world.page("/answer", "<Response/>");
    let answer_url = format!("{}/answer", world.app_base);
    let (status, body) =
        world.rest("POST", "/Call/", Some(json!({ "from": "15550100000", "to": "15551230061<15551230062", "answer_url": answer_url }))).await;
    assert_eq!(
        (status, body["message"].as_str(), body["request_uuid"].as_array().map(Vec::len)),
        (201, Some("calls fired"), Some(2))
    );
    let bad = [
        (json!({ "to": "15551230061", "answer_url": answer_url }), "from"),
        (json!({ "from": "15550100000", "answer_url": answer_url }), "to"),
        (json!({ "from": "15550100000", "to": "tomorrow", "answer_url": answer_url }), "to"),
        (json!({ "from": "15550100000", "to": "15551230061" }), "answer_url"),
        (
            json!({ "from": "15550100000", "to": "15551230061", "answer_url": "ftp://x" }),
            "answer_url",
        ),
        (
            json!({ "from": "15550100000", "to": "15551230061", "answer_url": answer_url, "ring_timeout": "soon" }),
            "ring_timeout",
        ),
    ];
    for (request, name) in bad {
        let (status, body) = world.rest("POST", "/Call/", Some(request)).await;
        assert_eq!(status, 400);
        assert!(body["error"].as_str().unwrap().contains(&format!("`{name}`")), "{body}");
    }
    let form = world
        .http
        .post(format!("{}/v1/Account/{AUTH_ID}/Call/", world.base))
        .basic_auth(AUTH_ID, Some(AUTH_TOKEN))
        .form(&[("from", "15550100000"), ("to", "15551230063"), ("answer_url", &answer_url)])
        .send()
        .await
        .unwrap();
    assert_eq!(form.status(), 201);
}

#[tokio::test]
async fn numbers_follow_the_application_they_are_attached_to() {
    let world = World::new().await;
    let urls = json!({ "app_name": "Line", "answer_url": format!("{}/answer", world.app_base), "message_url": format!("{}/text", world.app_base) });
    let (status, created) = world.rest("POST", "/Application/", Some(urls)).await;
    assert_eq!(status, 201);
    let app_id = created["app_id"].as_str().unwrap();
    assert_eq!(
        world.rest("POST", "/PhoneNumber/15550100015/", Some(json!({ "app_id": app_id }))).await.0,
        201
    );
    let (_, number) = world.rest("GET", "/Number/15550100015/", None).await;
    assert!(number["application"].as_str().unwrap().contains(app_id));
    world
        .control(
            "POST",
            "/phones/15551230064/message",
            Some(json!({ "to": "15550100015", "text": "Hi" })),
        )
        .await;
    world.until("the text", async || world.seen("/text").pop()).await;
    assert_eq!(world.rest("DELETE", &format!("/Application/{app_id}/"), None).await.0, 204);
    assert_eq!(world.rest("GET", "/Number/15550100015/", None).await.1["application"], json!(null));
    assert_eq!(world.rest("GET", "/Number/?limit=3", None).await.1["meta"]["total_count"], 11);
    assert_eq!(world.rest("GET", "/Number/?limit=21", None).await.0, 400);
}

#[tokio::test]
async fn it_can_live_below_a_prefix_of_a_larger_server() {
    let world = World::new().await;
    let host = axum::Router::new()
        .nest("/simulator", world.simulator.router())
        .layer(axum::Extension(simulator::Vouched));
    let base = crate::world::listen(host).await;
    let account = world
        .http
        .get(format!("{base}/simulator/v1/Account/{AUTH_ID}/"))
        .basic_auth(AUTH_ID, Some(AUTH_TOKEN))
        .send()
        .await
        .unwrap();
    assert_eq!(account.status(), 200);
    let ledger = world.http.get(format!("{base}/simulator/control/ledger")).send().await.unwrap();
    assert_eq!(ledger.status(), 200, "the host vouches for its own people");
}
