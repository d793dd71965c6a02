//! Calls that ring others.

use serde_json::{Value, json};

use crate::world::World;

#[tokio::test]
async fn a_dial_rings_several_and_connects_the_first_who_answers() {
    let world = World::new().await;
    world.page(
        "/answer",
        r#"<Response><Dial action="APP/dialled" callbackUrl="APP/dialling" timeout="20"><Number>15551230011</Number><Number>15551230012</Number></Dial></Response>"#,
    );
    world.page("/dialled", "<Response><Speak>The others have gone.</Speak></Response>");
    world.script("+15551230011", json!({ "answer_after_ms": 3000 })).await;
    world.script("+15551230012", json!({ "answer_after_ms": 100, "hang_up_after_ms": 1000 })).await;
    let call_uuid = world.call("+15551230010", json!({})).await;
    let call = world.ended(&call_uuid).await;
    assert_eq!(call["spoken"], json!(["The others have gone."]));
    let dialled = &world.seen("/dialled")[0];
    assert_eq!(
        (dialled.get("DialStatus"), dialled.get("DialRingStatus"), dialled.get("DialALegUUID")),
        ("completed", "true", &*call_uuid)
    );
    let legs: Vec<_> = world.ledger().await["calls"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|leg| leg["parent_call_uuid"] == call_uuid)
        .cloned()
        .collect();
    let ends: Vec<_> = legs
        .iter()
        .map(|leg| (leg["to"].as_str().unwrap(), leg["hangup_cause_code"].as_u64().unwrap()))
        .collect();
    assert_eq!(ends, [("+15551230011", 9000), ("+15551230012", 4000)]);

    world.page(
        "/answer",
        r#"<Response><Dial action="APP/dialled"><Number>15005550001</Number></Dial></Response>"#,
    );
    world.ended(&world.call("+15551230010", json!({})).await).await;
    assert_eq!(world.seen("/dialled").last().unwrap().get("DialStatus"), "busy");
}

#[tokio::test]
async fn a_dialled_person_hears_who_calls_accepts_with_a_key_and_every_leg_is_told() {
    let world = World::new().await;
    world.page(
        "/answer",
        r##"<Response><Dial action="APP/dialled" callbackUrl="APP/steps" confirmSound="APP/screen" confirmKey="1" dialMusic="APP/music" timeout="20"
            sipHeaders="Ticket=A7" digitsMatch="*9"><Number sendDigits="ww12#">15551230092</Number><User sipHeaders="Room=3">sip:bob@phone.example</User></Dial></Response>"##,
    );
    world.page("/screen", "<Response><Speak>A customer. Press 1.</Speak></Response>");
    world.page("/music", "<Response><Play>https://a.example/ring.mp3</Play></Response>");
    world.page("/dialled", "<Response><Speak>They have gone.</Speak></Response>");
    world.script("+15551230092", json!({ "keys": ["2"] })).await;
    let taker = json!({ "answer_after_ms": 500, "keys": ["1"], "hang_up_after_ms": 60_000 });
    world.script("sip:bob@phone.example", taker).await;
    let call_uuid = world.call("+15551230091", json!({})).await;
    let connected = world
        .until("the connection", async || {
            world.seen("/steps").into_iter().find(|seen| seen.get("DialAction") == "connected")
        })
        .await;
    assert_eq!(connected.get("DialBLegTo"), "sip:bob@phone.example");
    for keys in ["5", "*9"] {
        let wish = Some(json!({ "keys": keys }));
        world.control("POST", "/phones/+15551230091/keys", wish).await;
    }
    world.control("POST", "/phones/sip:bob@phone.example/hang_up", None).await;
    let call = world.ended(&call_uuid).await;
    assert_eq!(call["played"], json!(["https://a.example/ring.mp3"]));
    assert_eq!(call["spoken"], json!(["They have gone."]));
    assert_eq!(call["digits"], json!(["5", "*9"]));
    let dialled = &world.seen("/dialled")[0];
    assert_eq!(
        (dialled.get("DialStatus"), dialled.get("DialBLegUUID")),
        ("completed", connected.get("DialBLegUUID"))
    );
    let steps = world.seen("/steps");
    let of = |action: &str, to: &str| {
        let mut steps = steps.iter();
        let step =
            steps.find(|seen| seen.get("DialAction") == action && seen.get("DialBLegTo") == to);
        step.unwrap_or_else(|| panic!("no {action} of {to}"))
    };
    assert_eq!(of("hangup", "15551230092").get("DialBLegHangupCauseCode"), "9110");
    assert_eq!(of("hangup", "sip:bob@phone.example").get("DialBLegHangupSource"), "Callee");
    let digits = of("digits", "sip:bob@phone.example");
    let fields = ["DialDigitsMatch", "DialDigitsPressedBy", "CallUUID"];
    assert_eq!(fields.map(|name| digits.get(name)), ["*9", "ALeg", &*call_uuid]);
    assert_eq!(steps.iter().filter(|seen| seen.get("DialAction") == "digits").count(), 1);

    let ledger = world.ledger().await;
    let legs: Vec<&Value> = ledger["calls"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|leg| leg["parent_call_uuid"] == call_uuid)
        .collect();
    assert_eq!((&legs[0]["sent_digits"], &legs[0]["digits"]), (&json!(["ww12#"]), &json!(["2"])));
    assert_eq!(legs[1]["spoken"], json!(["A customer. Press 1."]));
    assert_eq!(legs[1]["sip_headers"], json!({ "Ticket": "A7", "Room": "3" }));
}

#[tokio::test]
async fn each_way_not_to_be_connected_has_its_word() {
    let world = World::new().await;
    world.page("/dialled", "<Response/>");
    world.script("+15551230094", json!({ "on_call": "ring" })).await;
    for (number, status, has_rung) in [
        ("15005550001", "busy", "true"),
        ("15005550002", "no-answer", "true"),
        ("15005550003", "failed", "true"),
        ("15005550005", "failed", "false"),
        ("15551230094", "no-answer", "true"),
    ] {
        let xml = format!(
            "<Response><Dial action=\"APP/dialled\" timeout=\"10\"><Number>{number}</Number></Dial></Response>"
        );
        world.page("/answer", &xml);
        world.ended(&world.call("+15551230093", json!({})).await).await;
        let dialled = world.seen("/dialled").pop().unwrap();
        assert_eq!(
            (dialled.get("DialStatus"), dialled.get("DialRingStatus")),
            (status, has_rung),
            "{number}"
        );
    }
}
