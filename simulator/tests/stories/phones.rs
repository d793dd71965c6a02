//! A person at the web phone.

use futures::StreamExt;
use serde_json::{Value, json};

use crate::world::{SPEED, World};

async fn phone_until(
    world: &World,
    number: &str,
    what: &str,
    holds: impl Fn(&Value) -> bool,
) -> Value {
    world
        .until(what, async || {
            let (_, phone) = world.control("GET", &format!("/phones/{number}"), None).await;
            holds(&phone["calls"][0]).then_some(phone)
        })
        .await
}

#[tokio::test]
async fn a_person_answers_hears_presses_and_hangs_up() {
    // Slow enough that nothing times out by itself while the story is told.
    let world = World::at_speed(SPEED / 50.0).await;
    let me = "+15551230041";
    world.page(
        "/answer",
        r#"<Response><GetDigits action="APP/menu" numDigits="1" timeout="60"><Speak>Press 1 for a very long explanation of everything.</Speak></GetDigits></Response>"#,
    );
    world.page("/menu", r#"<Response><Speak>Thank you.</Speak><Wait length="600"/></Response>"#);
    world.script(me, json!({ "on_call": "ring" })).await;
    let events =
        world.http.get(format!("{}/control/phones/{me}/events", world.base)).send().await.unwrap();
    let call_uuid = world.call(me, json!({})).await;
    phone_until(&world, me, "it to ring", |call| {
        call["state"] == "ringing" && call["direction"] == "incoming"
    })
    .await;
    assert_eq!(
        world.control("POST", &format!("/phones/{me}/keys"), Some(json!({ "keys": "1" }))).await.0,
        409
    );
    assert_eq!(world.control("POST", &format!("/phones/{me}/answer"), None).await.0, 200);
    let asked = phone_until(&world, me, "the prompt", |call| {
        call["awaiting"]["kind"] == "digits" && call["captions"][0]["who"] == "them"
    })
    .await;
    assert_eq!(
        (&asked["calls"][0]["awaiting"]["max_digits"], &asked["calls"][0]["other"]),
        (&json!(1), &json!("+15550100000"))
    );
    // The key comes in the middle of the prompt, which it interrupts.
    assert_eq!(
        world.control("POST", &format!("/phones/{me}/keys"), Some(json!({ "keys": "1" }))).await.0,
        200
    );
    phone_until(&world, me, "the thanks", |call| {
        call["captions"].as_array().unwrap().iter().any(|caption| caption["text"] == "Thank you.")
    })
    .await;
    assert_eq!(world.control("POST", &format!("/phones/{me}/hang_up"), None).await.0, 200);
    let call = world.ended(&call_uuid).await;
    assert_eq!((&call["hangup_source"], &call["digits"]), (&json!("Callee"), &json!(["1"])));

    let mut told = String::new();
    let mut events = events.bytes_stream();
    while !told.contains("\"ended\"") {
        told.push_str(std::str::from_utf8(&events.next().await.unwrap().unwrap()).unwrap());
    }
    assert!(told.starts_with("event: phone\ndata: {"), "{told}");
    assert!(told.contains("\"ringing\"") && told.contains("\"in_call\""));
}

#[tokio::test]
async fn a_person_may_turn_a_call_down_or_let_a_prompt_pass_in_silence() {
    let world = World::at_speed(1.0).await;
    let me = "+15551230042";
    world.page(
        "/answer",
        r#"<Response><GetDigits action="APP/menu" timeout="3600"><Speak>Anything?</Speak></GetDigits><Speak>Bye.</Speak></Response>"#,
    );
    world.script(me, json!({ "on_call": "ring" })).await;
    let call_uuid = world.call(me, json!({})).await;
    phone_until(&world, me, "it to ring", |call| call["state"] == "ringing").await;
    world.control("POST", &format!("/phones/{me}/reject"), None).await;
    assert_eq!(world.ended(&call_uuid).await["hangup_cause"], "CALL_REJECTED");

    world.own("+15550100001");
    let (_, body) = world
        .control("POST", &format!("/phones/{me}/call"), Some(json!({ "to": "+15550100001" })))
        .await;
    let call_uuid = body["call_uuid"].as_str().unwrap();
    world
        .until("the prompt", async || {
            let (_, phone) = world.control("GET", &format!("/phones/{me}"), None).await;
            (!phone["calls"][1]["awaiting"].is_null()).then_some(())
        })
        .await;
    world
        .control("POST", &format!("/phones/{me}/skip"), Some(json!({ "call_uuid": call_uuid })))
        .await;
    world.control("POST", &format!("/phones/{me}/silence"), None).await;
    let call = world.ended(call_uuid).await;
    assert_eq!(call["spoken"], json!(["Anything?", "Bye."]));
    assert_eq!(world.seen("/menu").len(), 0);
}

#[tokio::test]
async fn bad_scripts_and_strangers_are_turned_away() {
    let world = World::new().await;
    let bad = [json!({ "on_call": "sing" }), json!({ "keys": ["x"] }), json!({ "kees": [] })];
    for script in bad {
        let (status, refusal) =
            world.control("PUT", "/phones/+15551230043", Some(script.clone())).await;
        assert_eq!(status, 400, "{script}");
        assert!(refusal["error"].is_string(), "{script}: {refusal}");
    }
    assert_eq!(world.control("GET", "/phones/nobody", None).await.0, 400);
    let account = format!("{}/control/account", world.base);
    let strange = [
        ("x-forwarded-for", "203.0.113.9"),
        ("sec-fetch-site", "cross-site"),
        ("host", "rebound.example"),
    ];
    for (name, value) in strange {
        let status = world.http.get(&account).header(name, value).send().await.unwrap().status();
        assert_eq!(status, 401, "{name}");
    }
    let (_, account) = world.control("GET", "/account", None).await;
    assert_eq!(account["auth_id"].as_str().unwrap().len(), 20);
}
