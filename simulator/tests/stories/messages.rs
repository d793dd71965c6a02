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
async fn whatsapp_and_powerpack_messages_are_kept_as_they_were_sent() {
    let world = World::new().await;
    let template = json!({ "name": "reminder", "language": "en", "components": [] });
    let location =
        json!({ "latitude": "48.1", "longitude": "11.6", "name": "Office", "address": "Here 1" });
    let powerpack = "5ec4c8c9-cd74-42b5-9e41-0d7670d6bb46";
    let send = async |wish: Value| {
        let mut body = json!({ "dst": "15551230015" });
        body.as_object_mut().unwrap().extend(wish.as_object().unwrap().clone());
        world.rest("POST", "/Message/", Some(body)).await.0
    };
    let whatsapp = json!({ "src": "15550100000", "type": "whatsapp" });
    let with = |name: &str, value: Value| {
        let mut wish = whatsapp.clone();
        wish[name] = value;
        wish
    };
    assert_eq!(send(with("template", template.clone())).await, 202);
    assert_eq!(send(with("location", location.clone())).await, 202);
    assert_eq!(send(json!({ "powerpack_uuid": powerpack, "text": "Hi" })).await, 202);
    for bad in [
        whatsapp.clone(),
        with("template", json!({ "name": "reminder" })),
        with("location", json!({ "latitude": "48.1" })),
        json!({ "src": "15550100000", "type": "sms", "template": template }),
        json!({ "src": "15550100000", "powerpack_uuid": powerpack, "text": "Hi" }),
    ] {
        assert_eq!(send(bad.clone()).await, 400, "{bad}");
    }
    let ledger = world.ledger().await;
    let messages = ledger["messages"].as_array().unwrap();
    assert_eq!(messages.len(), 3);
    assert_eq!((&messages[0]["template"], &messages[1]["location"]), (&template, &location));
    assert_eq!(messages[2]["powerpack_uuid"], powerpack);
    assert_eq!(messages[2]["from"], "+15550100000", "a Powerpack sends from a number of ours");
    let list = |id: &str| format!("/Message/?powerpack_id={id}");
    assert_eq!(world.rest("GET", &list(powerpack), None).await.1["meta"]["total_count"], 1);
    assert_eq!(world.rest("GET", &list("other"), None).await.1["meta"]["total_count"], 0);
}

#[tokio::test]
async fn a_phone_presses_whatsapp_buttons_and_answers_with_pictures() {
    let world = World::new().await;
    world.own("+15550100000");
    let replies = json!({ "replies": [
        { "contains": "good?", "text": "Yes" },
        { "contains": "", "media": ["https://a.example/cat.png"] },
    ] });
    world.script("+15551230016", replies).await;
    let interactive = json!({
        "type": "button", "body": { "text": "Is it good?" },
        "action": { "buttons": [{ "id": "y", "title": "Yes" }, { "reply": { "title": "No" } }] },
    });
    let wish = json!({ "src": "15550100000", "dst": "15551230016", "type": "whatsapp", "interactive": interactive });
    assert_eq!(world.rest("POST", "/Message/", Some(wish)).await.0, 202);
    let pressed = world.until("the button", async || world.seen("/text").pop()).await;
    let fields = ["Type", "ContentType", "Body", "Text"].map(|name| pressed.get(name));
    assert_eq!(fields, ["whatsapp", "button", "Yes", ""]);
    let (_, phone) = world.control("GET", "/phones/+15551230016", None).await;
    let shown = &phone["messages"][0];
    assert_eq!(
        (&shown["text"], &shown["channel"], &shown["buttons"]),
        (&json!("Is it good?"), &json!("whatsapp"), &json!(["Yes", "No"]))
    );

    // A person at the phone answers the same way without saying so.
    let wish = json!({ "to": "+15550100000", "text": "No" });
    world.control("POST", "/phones/+15551230016/message", Some(wish)).await;
    let pressed = world
        .until("the other button", async || {
            world.seen("/text").into_iter().find(|seen| seen.get("Body") == "No")
        })
        .await;
    assert_eq!((pressed.get("Type"), pressed.get("ContentType")), ("whatsapp", "button"));

    let wish = json!({ "src": "15550100000", "dst": "15551230016", "text": "A picture, please." });
    world.rest("POST", "/Message/", Some(wish)).await;
    let picture = world
        .until("the picture", async || {
            world.seen("/text").into_iter().find(|seen| seen.get("Type") == "mms")
        })
        .await;
    assert_eq!(
        (picture.get("MediaCount"), picture.get("Media1")),
        ("1", "https://a.example/cat.png")
    );
    let wish = json!({ "to": "+15550100000", "text": "Hello", "whatsapp": true });
    world.control("POST", "/phones/+15551230016/message", Some(wish)).await;
    let written = world
        .until("the words", async || {
            world.seen("/text").into_iter().find(|seen| seen.get("Body") == "Hello")
        })
        .await;
    assert_eq!((written.get("Type"), written.get("ContentType")), ("whatsapp", "text"));
    let empty = json!({ "replies": [{ "contains": "x" }] });
    assert_eq!(world.control("PUT", "/phones/+15551230016", Some(empty)).await.0, 400);
}
