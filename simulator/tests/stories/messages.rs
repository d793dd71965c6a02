//! Texts in both directions.

use serde_json::{Value, json};

use crate::world::{Seen, World};

async fn statuses(world: &World, message_uuid: &str, last: &str) -> Vec<String> {
    let of_message = |seen: &Seen| seen.get("MessageUUID") == message_uuid;
    world
        .until("the last report", async || {
            let seen: Vec<Seen> = world.seen("/status").into_iter().filter(of_message).collect();
            let is_over = seen.iter().any(|seen| seen.get("Status") == last);
            is_over.then(|| seen.iter().map(|seen| seen.get("Status").to_owned()).collect())
        })
        .await
}

#[tokio::test]
async fn texts_to_many_are_delivered_reported_and_refused_one_by_one() {
    let world = World::new().await;
    let body = json!({
        "src": "15550100000", "dst": "+15551230031<15551230032,+1 (555) 123-0031", "text": "Maintenance at <noon> & after.",
        "url": format!("{}/status", world.app_base),
    });
    let (status, sent) = world.rest("POST", "/Message/", Some(body.clone())).await;
    assert_eq!((status, sent["message"].as_str()), (202, Some("message(s) queued")));
    let uuids: Vec<&str> =
        sent["message_uuid"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!(uuids.len(), 2, "a receiver named twice gets one text");
    for uuid in &uuids {
        assert_eq!(statuses(&world, uuid, "delivered").await, ["queued", "sent", "delivered"]);
        let (_, record) = world.rest("GET", &format!("/Message/{uuid}/"), None).await;
        assert_eq!(
            (&record["message_state"], &record["from_number"]),
            (&json!("delivered"), &json!("15550100000"))
        );
    }
    assert!(world.seen("/status").iter().all(|seen| seen.is_signed && seen.has_v2));
    let (_, phone) = world.control("GET", "/phones/15551230031", None).await;
    assert_eq!(phone["messages"][0]["text"], "Maintenance at <noon> & after.");

    let mut bad = body.clone();
    bad["dst"] = "+15551230031<+15005550005<nonsense<+15005550006".into();
    let (status, sent) = world.rest("POST", "/Message/", Some(bad.clone())).await;
    assert_eq!((status, &sent["invalid_number"]), (202, &json!(["+15005550005", "nonsense"])));
    let undelivered = sent["message_uuid"][1].as_str().unwrap();
    assert_eq!(
        statuses(&world, undelivered, "undelivered").await,
        ["queued", "sent", "undelivered"]
    );
    assert_eq!(
        world
            .seen("/status")
            .iter()
            .find(|seen| seen.get("Status") == "undelivered")
            .unwrap()
            .get("ErrorCode"),
        "80"
    );
    bad["dst"] = "+15005550005".into();
    assert_eq!(world.rest("POST", "/Message/", Some(bad)).await.0, 400);

    let (_, list) = world
        .rest(
            "GET",
            "/Message/?to_number=15551230032&message_time__gte=2020-01-01%2000:00&limit=5",
            None,
        )
        .await;
    assert_eq!(
        (&list["meta"]["total_count"], &list["objects"][0]["message_uuid"]),
        (&json!(1), &json!(uuids[1]))
    );
    let (_, none) = world.rest("GET", "/Message/?message_time__lt=2020-01-01%2000:00", None).await;
    assert_eq!(none["objects"], json!([]));
}

#[tokio::test]
async fn a_phone_replies_by_script_and_the_number_hears_of_it() {
    let world = World::new().await;
    world.own("+15550100000");
    world.page_with("/text", |seen| {
        let answer = if seen.get("Text") == "YES" { "Noted." } else { "Say YES." };
        format!(
            "<Response><Message src=\"{}\" dst=\"{}\">{answer}</Message></Response>",
            seen.get("To"),
            seen.get("From")
        )
    });
    world
        .script(
            "+15551230033",
            json!({ "replies": [{ "contains": "say yes", "text": "YES", "after_ms": 100 }] }),
        )
        .await;
    let (status, body) = world
        .control(
            "POST",
            "/phones/+15551230033/message",
            Some(json!({ "to": "+15550100000", "text": "HELP" })),
        )
        .await;
    assert_eq!(status, 200, "{body}");
    let phone = world
        .until("four texts", async || {
            let (_, phone) = world.control("GET", "/phones/+15551230033", None).await;
            (phone["messages"].as_array().unwrap().len() == 4).then_some(phone)
        })
        .await;
    let texts: Vec<(&str, &str)> = phone["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|text| (text["direction"].as_str().unwrap(), text["text"].as_str().unwrap()))
        .collect();
    assert_eq!(texts, [("out", "HELP"), ("in", "Say YES."), ("out", "YES"), ("in", "Noted.")]);
    let first = &world.seen("/text")[0];
    let fields = ["From", "To", "Text", "Type", "MessageIntent"].map(|name| first.get(name));
    assert_eq!(fields, ["15551230033", "15550100000", "HELP", "sms", "help"]);
    assert!(first.is_signed && first.has_v2);
    let ledger = world.ledger().await;
    assert_eq!(ledger["messages"][0]["direction"], "inbound");
}

#[tokio::test]
async fn whatsapp_templates_and_powerpacks_are_kept_as_they_were_sent() {
    let world = World::new().await;
    let template = json!({ "name": "reminder", "language": "en", "components": [] });
    let wish = json!({ "src": "15550100000", "dst": "15551230015", "type": "whatsapp", "template": template });
    assert_eq!(world.rest("POST", "/Message/", Some(wish)).await.0, 202);
    let wish = json!({ "powerpack_uuid": "5ec4c8c9-cd74-42b5-9e41-0d7670d6bb46", "dst": "15551230015", "text": "Hi" });
    assert_eq!(world.rest("POST", "/Message/", Some(wish)).await.0, 202);
    let interactive = json!({ "type": "button", "body": { "text": "Shall we call?" }, "action": { "buttons": [{ "id": "1", "title": "Yes" }, { "reply": { "title": "No" } }] } });
    let wish = json!({ "src": "15550100000", "dst": "15551230016", "type": "whatsapp", "interactive": interactive });
    assert_eq!(world.rest("POST", "/Message/", Some(wish)).await.0, 202);
    let shown = world
        .until("the message", async || {
            let (_, phone) = world.control("GET", "/phones/+15551230016", None).await;
            phone["messages"].get(0).cloned()
        })
        .await;
    assert_eq!(
        (&shown["text"], &shown["channel"], &shown["buttons"]),
        (&json!("Shall we call?"), &json!("whatsapp"), &json!(["Yes", "No"]))
    );
    let wish =
        json!({ "src": "15550100000", "dst": "15551230015", "type": "sms", "template": template });
    assert_eq!(world.rest("POST", "/Message/", Some(wish)).await.0, 400);
    let ledger = world.ledger().await;
    assert_eq!(ledger["messages"][0]["template"], template);
    assert_eq!(ledger["messages"][1]["from"], "+15550100000");
}
