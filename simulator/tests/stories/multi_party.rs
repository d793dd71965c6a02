//! Multi-party calls: people with roles, rung in, held, coached and sent away.

use serde_json::{Value, json};

use crate::world::{Seen, World};

const ROOM: &str = "/MultiPartyCall/name_help/Participant/";

/// The customer's document.
const HELP: &str = r#"<Response><MultiPartyCall role="Customer" onExitActionUrl="APP/left" customerHoldMusicUrl="APP/hold" customerHoldMusicMethod="POST"
    statusCallbackUrl="APP/steps" statusCallbackMethod="POST">help</MultiPartyCall></Response>"#;

async fn participants(world: &World, count: usize) -> Value {
    let look = async || {
        let (_, answer) = world.rest("GET", ROOM, None).await;
        let objects = answer["objects"].clone();
        (objects.as_array().map_or(0, Vec::len) == count).then_some(objects)
    };
    world.until("the participants to be there", look).await
}

async fn ended(world: &World, call_uuid: &str) -> Value {
    let over = async || {
        let call = world.ledger_call(call_uuid).await;
        (!call["ended_at"].is_null()).then_some(call)
    };
    world.until("a participant's call to end", over).await
}

/// Rings somebody into the room and gives their call.
async fn ring(world: &World, wish: Value) -> String {
    let mut body = json!({ "from": "15550100000" });
    body.as_object_mut().unwrap().extend(wish.as_object().unwrap().clone());
    let (status, added) = world.rest("POST", ROOM, Some(body)).await;
    assert_eq!((status, &added["message"]), (201, &json!("add participant action initiated")));
    added["calls"][0]["call_uuid"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn people_are_rung_in_held_muted_and_kicked_and_every_step_is_told() {
    let world = World::new().await;
    world.page("/answer", HELP);
    world.page("/hold", "<Response><Play>https://a.example/hold.mp3</Play></Response>");
    world.page("/left", "<Response><Speak>Goodbye.</Speak></Response>");
    let customer = world.call("+15551230011", json!({})).await;
    participants(&world, 1).await;
    let agent =
        ring(&world, json!({ "role": "agent", "to": "15551230012", "stay_alone": true })).await;
    participants(&world, 2).await;
    for change in [json!({ "hold": true }), json!({ "hold": false, "mute": true })] {
        assert_eq!(world.rest("POST", &format!("{ROOM}1/"), Some(change)).await.0, 202);
    }
    let coach = Some(json!({ "coach_mode": true }));
    assert_eq!(world.rest("POST", &format!("{ROOM}2/"), coach).await.0, 400, "agents do not coach");
    let now = participants(&world, 2).await[0].clone();
    assert_eq!(
        (&now["hold"], &now["mute"], &now["role"], &now["member_address"]),
        (&json!(false), &json!(true), &json!("customer"), &json!("15551230011"))
    );
    // The customer has an address to go on with, the agent has none.
    assert_eq!(world.rest("DELETE", &format!("{ROOM}1/"), None).await.0, 204);
    let call = world.ended(&customer).await;
    assert_eq!(call["spoken"], json!(["Goodbye."]));
    assert_eq!(call["played"], json!(["https://a.example/hold.mp3"]));
    assert_eq!(world.rest("DELETE", &format!("{ROOM}{agent}/"), None).await.0, 204);
    assert_eq!(ended(&world, &agent).await["hangup_cause_code"], 4030);
    assert_eq!(world.rest("GET", ROOM, None).await.0, 404, "nobody is there any more");

    let left = &world.seen("/left")[0];
    assert_eq!((left.get("MPCFriendlyName"), left.get("ParticipantRole")), ("help", "Customer"));
    let ledger = world.ledger().await;
    let entry = &ledger["conferences"][0];
    assert_eq!((&entry["kind"], &entry["name"]), (&json!("multi_party_call"), &json!("help")));
    assert_eq!(entry["members"][0]["changes"], json!(["held", "muted", "unheld"]));
    let sounds: Vec<&Value> =
        entry["sounds"].as_array().unwrap().iter().map(|sound| &sound["sound"]).collect();
    assert_eq!(sounds, [&json!("beep:1"), &json!("beep:2")]);
    let step = |seen: &Seen| (seen.get("EventName").to_owned(), seen.get("MemberID").to_owned());
    let told = world
        .until("the end to be told", async || {
            let told: Vec<_> = world.seen("/steps").iter().map(step).collect();
            told.iter().any(|(step, _)| step == "MPCEnd").then_some(told)
        })
        .await;
    for expected in [
        ("MPCInitialized", ""),
        ("MPCStart", ""),
        ("ParticipantJoin", "1"),
        ("ParticipantJoin", "2"),
        ("ParticipantHold", "1"),
        ("ParticipantMute", "1"),
        ("ParticipantUnhold", "1"),
        ("ParticipantExit", "1"),
        ("ParticipantExit", "2"),
    ] {
        assert!(told.contains(&(expected.0.into(), expected.1.into())), "{expected:?} in {told:?}");
    }
    let (_, list) = world.rest("GET", "/MultiPartyCall/?friendly_name=help", None).await;
    assert_eq!(
        (&list["objects"][0]["status"], &list["meta"]["count"]),
        (&json!("Ended"), &json!(1))
    );
}

#[tokio::test]
async fn the_first_of_several_agents_who_accepts_is_taken_in_and_whoever_is_left_alone_goes() {
    let world = World::new().await;
    world.page("/answer", HELP);
    world.page("/accept", "<Response><Speak>A customer. Press 1.</Speak></Response>");
    world.script("+15551230082", json!({ "keys": ["2"] })).await;
    world
        .script(
            "+15551230083",
            json!({ "answer_after_ms": 200, "keys": ["1"], "hang_up_after_ms": 3000 }),
        )
        .await;
    world.script("+15551230084", json!({ "on_call": "ring" })).await;
    let customer = world.call("+15551230081", json!({})).await;
    participants(&world, 1).await;
    let wish = json!({
        "role": "agent", "to": "15551230082<15551230083<15551230084", "confirm_key": "1",
        "confirm_key_sound_url": format!("{}/accept", world.app_base), "confirm_key_sound_method": "POST",
    });
    ring(&world, wish).await;
    let members = participants(&world, 2).await;
    assert_eq!(members[1]["member_address"], "15551230083");
    world.ended(&customer).await;
    assert_eq!(world.seen("/left").len(), 1, "the customer was left alone");
    let ledger = world.ledger().await;
    let calls = ledger["calls"].as_array().unwrap();
    let code = |number: &str| {
        calls.iter().find(|call| call["to"] == number).unwrap()["hangup_cause_code"].clone()
    };
    assert_eq!((code("+15551230082"), code("+15551230084")), (json!(9110), json!(9000)));
    assert_eq!(calls[1]["spoken"], json!(["A customer. Press 1."]));
}

#[tokio::test]
async fn a_call_that_goes_on_is_taken_in_by_request_recorded_and_all_end_together() {
    let world = World::new().await;
    world.page("/answer", r#"<Response><Wait length="6000"/></Response>"#);
    let waiting = world.call("+15551230085", json!({})).await;
    let wish = json!({ "role": "customer", "call_uuid": waiting, "start_mpc_on_enter": false });
    world
        .until("the call to be taken in", async || {
            let live = format!("/Call/{waiting}/?status=live");
            let is_live = world.rest("GET", &live, None).await.1["call_status"] == "in-progress";
            if !is_live || world.rest("POST", ROOM, Some(wish.clone())).await.0 != 201 {
                return None;
            }
            Some(())
        })
        .await;
    participants(&world, 1).await;
    let path = "/MultiPartyCall/name_help/";
    assert_eq!(world.rest("GET", path, None).await.1["status"], "Initialized");
    let begin = Some(json!({ "status": ["active"] }));
    assert_eq!(world.rest("POST", path, begin).await.0, 202);
    let (_, room) = world.rest("GET", path, None).await;
    assert_eq!(room["status"], "Active");
    let wish = json!({ "file_format": "wav", "recording_callback_url": format!("{}/ready", world.app_base), "recording_callback_method": "POST" });
    let (status, recording) = world.rest("POST", &format!("{path}Record/"), Some(wish)).await;
    assert_eq!(status, 202);
    assert!(recording["recording_url"].as_str().unwrap().ends_with(".wav"));
    assert_eq!(world.rest("DELETE", &format!("{path}Record/"), None).await.0, 204);
    let ready = world.until("the recording", async || world.seen("/ready").pop()).await;
    assert_eq!(
        (ready.get("EventName"), ready.get("MPCUUID")),
        ("MPCRecordingCompleted", room["mpc_uuid"].as_str().unwrap())
    );
    let by_id = format!("/MultiPartyCall/uuid_{}/", room["mpc_uuid"].as_str().unwrap());
    assert_eq!(world.rest("DELETE", &by_id, None).await.0, 204);
    assert_eq!(world.ended(&waiting).await["hangup_cause_code"], 4020);
    assert_eq!(world.rest("DELETE", path, None).await.0, 404);
    assert_eq!(world.rest("GET", &by_id, None).await.1["status"], "Ended");
}

#[tokio::test]
async fn a_coach_is_heard_by_agents_only() {
    let world = World::at_speed(1.0).await;
    for (path, role) in [("/customer", "Customer"), ("/agent", "Agent"), ("/coach", "Supervisor")] {
        world.page(
            path,
            &format!("<Response><MultiPartyCall role=\"{role}\">help</MultiPartyCall></Response>"),
        );
    }
    let numbers = ["+15551230086", "+15551230087", "+15551230088"];
    for (count, (number, path)) in numbers.iter().zip(["/customer", "/agent", "/coach"]).enumerate()
    {
        let url = format!("{}{path}", world.app_base);
        world.call(number, json!({ "answer_url": url })).await;
        participants(&world, count + 1).await;
    }
    for (number, words) in [(numbers[0], "Help!"), (numbers[2], "Offer a refund.")] {
        let wish = Some(json!({ "text": words }));
        assert_eq!(world.control("POST", &format!("/phones/{number}/speech"), wish).await.0, 200);
    }
    let heard = async |number: &str| {
        let (_, phone) = world.control("GET", &format!("/phones/{number}"), None).await;
        let captions = phone["calls"][0]["captions"].as_array().unwrap();
        let heard = captions.iter().filter(|caption| caption["who"] == "them");
        heard.map(|caption| caption["text"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    world
        .until("the agent to hear both", async || {
            (heard(numbers[1]).await == ["Help!", "Offer a refund."]).then_some(())
        })
        .await;
    assert_eq!(heard(numbers[0]).await, [""; 0]);
    assert_eq!(heard(numbers[2]).await, ["Help!"]);
}
