//! Multi-party calls, recordings that tell of themselves, and senders and messages beyond plain texts.

use serde_json::{Value, json};

use crate::world::World;

const ROOM: &str = "/MultiPartyCall/name_help/Participant/";

async fn participants(world: &World, count: usize) -> Value {
    let look = async || {
        let (_, answer) = world.rest("GET", ROOM, None).await;
        let objects = answer["objects"].clone();
        (objects.as_array().map_or(0, Vec::len) == count).then_some(objects)
    };
    world.until("the participants to be there", look).await
}

#[tokio::test]
async fn people_are_rung_into_a_multi_party_call_held_and_kicked() {
    let world = World::new().await;
    world.page(
        "/answer",
        r#"<Response><MultiPartyCall role="Customer" onExitActionUrl="APP/left" stayAlone="true">help</MultiPartyCall></Response>"#,
    );
    let customer = world.call("+15551230011", json!({})).await;
    participants(&world, 1).await;
    let wish = json!({ "role": "agent", "from": "15550100000", "to": "15551230012" });
    let (status, added) = world.rest("POST", ROOM, Some(wish)).await;
    assert_eq!((status, &added["message"]), (201, &json!("add participant action initiated")));
    let agent = added["calls"][0]["call_uuid"].as_str().unwrap().to_owned();
    participants(&world, 2).await;
    for change in [json!({ "hold": true }), json!({ "hold": false, "mute": true })] {
        assert_eq!(world.rest("POST", &format!("{ROOM}1/"), Some(change)).await.0, 202);
    }
    let now = participants(&world, 2).await[0].clone();
    assert_eq!(
        (&now["hold"], &now["mute"], &now["role"], &now["member_address"]),
        (&json!(false), &json!(true), &json!("customer"), &json!("15551230011"))
    );
    assert_eq!(world.rest("DELETE", &format!("{ROOM}2/"), None).await.0, 204);
    let over = async || {
        let call = world.ledger_call(&agent).await;
        (!call["ended_at"].is_null()).then_some(call)
    };
    let call = world.until("the agent's call to end", over).await;
    assert_eq!(call["hangup_source"], "API Request");
    assert_eq!(world.rest("DELETE", &format!("{ROOM}1/"), None).await.0, 204);
    world.ended(&customer).await;

    let left = world.until("the end to be told", async || world.seen("/left").pop()).await;
    assert_eq!((left.get("MPCFriendlyName"), left.get("ParticipantRole")), ("help", "customer"));
    let ledger = world.ledger().await;
    let entry = &ledger["conferences"][0];
    assert_eq!((&entry["kind"], &entry["name"]), (&json!("multi_party_call"), &json!("help")));
    assert_eq!(entry["members"][0]["changes"], json!(["held", "muted", "unheld"]));
    assert_eq!(world.rest("GET", ROOM, None).await.0, 404, "nobody is there any more");
}

#[tokio::test]
async fn what_was_said_into_a_recording_is_written_down_and_told() {
    let world = World::new().await;
    world.page(
        "/answer",
        r#"<Response><Record action="APP/kept" callbackUrl="APP/ready" transcriptionType="auto" transcriptionUrl="APP/text"/></Response>"#,
    );
    world.script("+15551230013", json!({ "speech": ["Please call me back."] })).await;
    let call = world.call("+15551230013", json!({})).await;
    world.ended(&call).await;
    let text = world.until("the transcription", async || world.seen("/text").pop()).await;
    assert_eq!(text.get("transcription"), "Please call me back.");
    let ready = world.until("the recording", async || world.seen("/ready").pop()).await;
    assert_eq!(ready.get("RecordingID"), text.get("recording_id"));
    assert_ne!(ready.get("RecordingDurationMs"), "0");
}

#[tokio::test]
async fn a_recording_started_by_request_tells_when_it_ends_with_its_call() {
    let world = World::new().await;
    world.page("/answer", "<Response><Wait length=\"60\"/></Response>");
    let call = world.call("+15551230014", json!({})).await;
    let wish = json!({ "file_format": "wav", "time_limit": 600, "callback_url": format!("{}/ready", world.app_base), "callback_method": "POST" });
    let started = world
        .until("the recording to begin", async || {
            let (status, answer) =
                world.rest("POST", &format!("/Call/{call}/Record/"), Some(wish.clone())).await;
            (status == 202).then_some(answer)
        })
        .await;
    world.rest("DELETE", &format!("/Call/{call}/"), None).await;
    let ready = world.until("the recording", async || world.seen("/ready").pop()).await;
    assert_eq!(started["recording_id"], ready.get("RecordingID"));
}

#[tokio::test]
async fn whatsapp_templates_and_powerpacks_are_kept_as_they_were_sent() {
    let world = World::new().await;
    let template = json!({ "name": "reminder", "language": "en", "components": [] });
    let wish = json!({ "src": "15550100000", "dst": "15551230015", "type": "whatsapp", "template": template });
    assert_eq!(world.rest("POST", "/Message/", Some(wish)).await.0, 202);
    let wish = json!({ "powerpack_uuid": "5ec4c8c9-cd74-42b5-9e41-0d7670d6bb46", "dst": "15551230015", "text": "Hi" });
    assert_eq!(world.rest("POST", "/Message/", Some(wish)).await.0, 202);
    let wish =
        json!({ "src": "15550100000", "dst": "15551230015", "type": "sms", "template": template });
    assert_eq!(world.rest("POST", "/Message/", Some(wish)).await.0, 400);
    let ledger = world.ledger().await;
    assert_eq!(ledger["messages"][0]["template"], template);
    assert_eq!(ledger["messages"][1]["from"], "+15550100000");
}
