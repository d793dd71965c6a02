//! What goes wrong on purpose.

use serde_json::json;

use crate::world::{AUTH_ID, AUTH_TOKEN, DOWN, World};

#[tokio::test]
async fn an_accepted_request_may_lose_its_answer_and_is_still_carried_out() {
    let world = World::new().await;
    let (status, _) =
        world.control("PUT", "/faults", Some(json!({ "drop_response": 1.0, "seed": 7 }))).await;
    assert_eq!(status, 200);
    let send = world
        .http
        .post(format!("{}/v1/Account/{}/Message/", world.base, AUTH_ID))
        .basic_auth(AUTH_ID, Some(AUTH_TOKEN))
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

#[tokio::test]
async fn an_address_whose_fragment_asks_for_it_is_asked_again_after_a_failure() {
    let world = World::new().await;
    let tries = std::sync::atomic::AtomicU32::new(0);
    world.page_with("/answer", move |_| {
        match tries.fetch_add(1, std::sync::atomic::Ordering::Relaxed) {
            0 => DOWN.to_owned(),
            _ => "<Response><Speak>Here again.</Speak></Response>".to_owned(),
        }
    });
    let answer_url = format!("{}/answer?of=run#rc=3&rp=ct,rt,5xx", world.app_base);
    let call =
        world.ended(&world.call("+15551230055", json!({ "answer_url": answer_url })).await).await;
    assert_eq!(call["spoken"], json!(["Here again."]));
    assert_eq!(world.seen("/answer").len(), 2);
    assert!(
        world.all_seen().iter().all(|seen| seen.is_signed),
        "the fragment is neither sent nor signed"
    );
    assert_eq!(world.ledger().await["webhooks"][0]["attempts"], 2);
}
