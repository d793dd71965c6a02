//! What goes wrong on purpose.

use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn an_accepted_request_may_lose_its_answer_and_is_still_carried_out() {
    let world = World::new().await;
    let (status, _) =
        world.control("PUT", "/faults", Some(json!({ "drop_response": 1.0, "seed": 7 }))).await;
    assert_eq!(status, 200);
    let send = world
        .http
        .post(format!("{}/v1/Account/{}/Message/", world.base, crate::world::AUTH_ID))
        .basic_auth(crate::world::AUTH_ID, Some(crate::world::AUTH_TOKEN))
        .json(&json!({ "src": "15550100000", "dst": "15551230051", "text": "Once." }))
        .send()
        .await;
    assert!(send.is_err(), "{send:?}");
    let ledger = world.ledger().await;
    assert_eq!(ledger["messages"][0]["text"], "Once.");
}

#[tokio::test]
async fn a_request_may_fail_or_be_too_much_without_being_carried_out() {
    let world = World::new().await;
    let text = json!({ "src": "15550100000", "dst": "15551230052", "text": "Never." });
    for (fault, status) in [("server_error", 500), ("rate_limited", 429)] {
        world.control("PUT", "/faults", Some(json!({ fault: 1.0 }))).await;
        assert_eq!(world.rest("POST", "/Message/", Some(text.clone())).await.0, status);
    }
    assert_eq!(world.ledger().await["messages"], json!([]));
    assert_eq!(world.control("PUT", "/faults", Some(json!({ "slow": 2.0 }))).await.0, 400);
}

#[tokio::test]
async fn webhooks_may_come_twice_and_out_of_order() {
    let world = World::new().await;
    world.page("/answer", "<Response><Speak>Hello.</Speak></Response>");
    world
        .control(
            "PUT",
            "/faults",
            Some(json!({ "duplicate_webhook": 1.0, "reorder_webhook": 0.5, "seed": 3 })),
        )
        .await;
    let call_uuid = world.call("+15551230053", json!({})).await;
    let call = world.ended(&call_uuid).await;
    assert_eq!(call["spoken"], json!(["Hello."]), "the second answer is nobody's");
    world
        .until("both copies", async || {
            (world.seen("/answer").len() == 2 && world.seen("/hangup").len() == 2).then_some(())
        })
        .await;
    assert!(world.all_seen().iter().all(|seen| seen.is_signed));
    let ledger = world.ledger().await;
    let copies: Vec<bool> = ledger["webhooks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|webhook| webhook["is_duplicate"] == true)
        .collect();
    assert_eq!(copies.iter().filter(|is_copy| **is_copy).count(), 2);

    let status = format!("{}/status", world.app_base);
    let is_disordered = async || {
        let body =
            json!({ "src": "15550100000", "dst": "15551230054", "text": "Hi.", "url": status });
        let (_, sent) = world.rest("POST", "/Message/", Some(body)).await;
        let uuid = sent["message_uuid"][0].as_str().unwrap().to_owned();
        let told = world
            .until("six reports", async || {
                let told: Vec<String> = world
                    .seen("/status")
                    .iter()
                    .filter(|seen| seen.get("MessageUUID") == uuid)
                    .map(|seen| seen.get("Status").to_owned())
                    .collect();
                (told.len() == 6).then_some(told)
            })
            .await;
        told != ["queued", "queued", "sent", "sent", "delivered", "delivered"]
    };
    let mut disorders = 0;
    for _ in 0..10 {
        disorders += u32::from(is_disordered().await);
    }
    assert!(disorders > 0, "ten texts came in perfect order");
}
