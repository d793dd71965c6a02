//! Rooms.

use serde_json::{Value, json};

use crate::world::World;

#[tokio::test]
async fn two_calls_that_enter_one_room_are_together_until_one_leaves() {
    let world = World::new().await;
    world.page("/answer", r#"<Response><Conference callbackUrl="APP/room" action="APP/left">on-call</Conference></Response>"#);
    world.page("/left", "<Response><Speak>You have left.</Speak></Response>");
    world.script("+15551230021", json!({ "hang_up_after_ms": 20000 })).await;
    world.script("+15551230022", json!({})).await;
    let first = world.call("+15551230021", json!({})).await;
    let second = world.call("+15551230022", json!({})).await;
    let room = world
        .until("both to be in the room", async || {
            let (status, room) = world.rest("GET", "/Conference/on-call/", None).await;
            (status == 200 && room["conference_member_count"] == "2").then_some(room)
        })
        .await;
    assert_eq!(room["members"][1]["to"], "15551230022");
    assert_eq!(world.rest("GET", "/Conference/", None).await.1["conferences"], json!(["on-call"]));
    let (_, phone) = world.control("GET", "/phones/+15551230022", None).await;
    assert_eq!(phone["calls"][0]["conference"], "on-call");
    world.ended(&first).await;
    let second_id = room["members"][1]["member_id"].as_str().unwrap();
    let (status, kicked) =
        world.rest("POST", &format!("/Conference/on-call/Member/{second_id}/Kick/"), None).await;
    assert_eq!((status, &kicked["member_id"]), (202, &json!([second_id])));
    let second = world.ended(&second).await;
    assert_eq!(
        second["spoken"],
        json!(["You have left."]),
        "who is sent away goes on with the document"
    );

    let ledger = world.ledger().await;
    let room = &ledger["conferences"][0];
    assert_eq!(
        (&room["name"], ledger["conferences"].as_array().unwrap().len()),
        (&json!("on-call"), 1)
    );
    let members = room["members"].as_array().unwrap();
    assert_eq!(members.len(), 2);
    assert!(
        members[1]["entered_at"].as_str() < members[0]["left_at"].as_str(),
        "their stays overlap"
    );
    assert_eq!(members[0]["number"], "+15551230021");
    let told = world
        .until("four notices", async || Some(world.seen("/room")).filter(|told| told.len() == 4))
        .await;
    let of_first = |action: &str| {
        told.iter()
            .any(|seen| seen.get("ConferenceAction") == action && seen.get("CallUUID") == first)
    };
    assert!(of_first("enter") && of_first("exit"));
    let left = world.seen("/left");
    assert_eq!(left.len(), 2, "leaving is told even if it is by hanging up");
    assert!(left.iter().all(|seen| seen.get("ConferenceName") == "on-call" && seen.is_signed));
}

#[tokio::test]
async fn a_member_on_whom_the_room_depends_takes_the_others_along() {
    let world = World::new().await;
    world.page(
        "/answer",
        "<Response><Conference>team</Conference><Speak>It is over.</Speak></Response>",
    );
    world.page(
        "/host",
        r#"<Response><Conference endConferenceOnExit="true">team</Conference></Response>"#,
    );
    let guest = world.call("+15551230023", json!({})).await;
    world
        .until("the guest to be there", async || {
            (world.rest("GET", "/Conference/team/", None).await.0 == 200).then_some(())
        })
        .await;
    world.script("+15551230024", json!({ "hang_up_after_ms": 1000 })).await;
    world.call("+15551230024", json!({ "answer_url": format!("{}/host", world.app_base) })).await;
    let guest = world.ended(&guest).await;
    assert_eq!(guest["spoken"], json!(["It is over."]));
    assert_eq!(world.rest("GET", "/Conference/team/", None).await.0, 404);
}

#[tokio::test]
async fn a_room_beeps_plays_music_while_it_waits_is_recorded_and_takes_no_more_than_it_may() {
    let world = World::new().await;
    world.page(
        "/answer",
        r#"<Response><Conference startConferenceOnEnter="false" waitSound="APP/wait" enterSound="beep:1" exitSound="beep:2" maxMembers="2">town hall</Conference>
            <Speak>You cannot come in.</Speak></Response>"#,
    );
    world.page(
        "/host",
        r#"<Response><Conference record="true" recordFileFormat="wav" callbackUrl="APP/room" transcriptionType="auto" transcriptionUrl="APP/said"
            enterSound="APP/fanfare" endConferenceOnExit="true" maxMembers="2" digitsMatch="*1,99">town hall</Conference></Response>"#,
    );
    world.page("/wait", "<Response><Play loop=\"0\">https://a.example/wait.mp3</Play></Response>");
    world.page("/fanfare", "<Response><Speak>The host is here.</Speak></Response>");
    let guest = world.call("+15551230025", json!({})).await;
    let room = async || world.ledger().await["conferences"][0].clone();
    world
        .until("the guest to hear music", async || {
            let played = world.ledger_call(&guest).await["played"].clone();
            (played == json!(["https://a.example/wait.mp3"])).then_some(())
        })
        .await;
    assert_eq!(room().await["started_at"], json!(null), "everybody waits for the host");
    let host = format!("{}/host", world.app_base);
    let host = world.call("+15551230026", json!({ "answer_url": host })).await;
    world
        .until("the host to be announced", async || {
            (world.ledger_call(&guest).await["spoken"] == json!(["The host is here."]))
                .then_some(())
        })
        .await;
    let third = world.call("+15551230027", json!({})).await;
    assert_eq!(world.ended(&third).await["spoken"], json!(["You cannot come in."]));
    for (button, wish) in
        [("keys", json!({ "keys": "99" })), ("speech", json!({ "text": "Hello all." }))]
    {
        let path = format!("/phones/+15551230026/{button}");
        assert_eq!(world.control("POST", &path, Some(wish)).await.0, 200);
    }
    world
        .until("the keys to be told", async || {
            world.seen("/room").into_iter().find(|seen| seen.get("ConferenceDigitsMatch") == "99")
        })
        .await;
    world.control("POST", "/phones/+15551230026/hang_up", None).await;
    world.ended(&host).await;
    world.ended(&guest).await;

    let room = room().await;
    assert_eq!(room["refused"], json!([third]));
    assert!(room["started_at"].is_string() && room["ended_at"].is_string());
    let sounds: Vec<&Value> =
        room["sounds"].as_array().unwrap().iter().map(|sound| &sound["sound"]).collect();
    let fanfare = json!(format!("{}/fanfare", world.app_base));
    assert_eq!(sounds, [&fanfare], "nobody else was there to hear the guest come or go");
    let record = world
        .until("the recording to be told", async || {
            world.seen("/room").into_iter().find(|seen| seen.get("ConferenceAction") == "record")
        })
        .await;
    assert!(record.get("RecordUrl").ends_with(".wav"));
    assert_ne!(record.get("RecordingDurationMs"), "0");
    let said = world.until("the transcription", async || world.seen("/said").pop()).await;
    assert_eq!(said.get("transcription"), "Hello all.");
}
