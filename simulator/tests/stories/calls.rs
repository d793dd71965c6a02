//! Calls that we place and calls that come in.

use serde_json::json;

use crate::world::World;

const MENU: &str = r#"<Response>
    <GetDigits action="APP/menu" numDigits="1" timeout="5" retries="1"><Speak>Press 1 for status.</Speak></GetDigits>
    <Speak>We heard nothing. Goodbye.</Speak>
</Response>"#;

/// A menu that takes 1, tells of other keys and asks again.
fn draw_menu(world: &World) {
    world.page("/answer", MENU);
    let again = format!("{}/answer", world.app_base);
    world.page_with("/menu", move |seen| match seen.get("Digits") {
        "1" => "<Response><Speak>All systems are up.</Speak><Hangup/></Response>".to_owned(),
        _ => format!(
            "<Response><Speak>That is not a choice.</Speak><Redirect>{again}</Redirect></Response>"
        ),
    });
}

#[tokio::test]
async fn a_scripted_key_takes_its_branch_of_the_menu_and_every_webhook_is_signed() {
    let world = World::new().await;
    draw_menu(&world);
    world
        .script(
            "+15551230001",
            json!({ "on_call": "answer", "answer_after_ms": 50, "keys": ["1"] }),
        )
        .await;
    let call_uuid = world
        .call(
            "+15551230001",
            json!({ "ring_url": format!("{}/ring?of=x&a=%C3%A9", world.app_base) }),
        )
        .await;
    let call = world.ended(&call_uuid).await;

    assert_eq!(call["status"], "completed");
    assert_eq!(
        (&call["from"], &call["to"], &call["direction"]),
        (&json!("+15550100000"), &json!("+15551230001"), &json!("outbound"))
    );
    assert_eq!(call["spoken"], json!(["Press 1 for status.", "All systems are up."]));
    assert_eq!(call["documents"][1]["spoken"], json!(["All systems are up."]));
    assert_eq!(call["digits"], json!(["1"]));
    assert_eq!(call["hangup_cause"], "NORMAL_CLEARING");

    let answer = &world.seen("/answer")[0];
    let fields = ["CallUUID", "RequestUUID", "From", "To", "Direction", "CallStatus", "Event"]
        .map(|name| answer.get(name));
    assert_eq!(
        fields,
        [
            &*call_uuid,
            &*call_uuid,
            "15550100000",
            "15551230001",
            "outbound",
            "in-progress",
            "StartApp"
        ]
    );
    let menu = &world.seen("/menu")[0];
    assert_eq!((menu.get("Digits"), menu.get("Event")), ("1", "Redirect"));
    let hangup = &world.seen("/hangup")[0];
    let fields = ["CallStatus", "Event", "HangupCause", "HangupSource", "HangupCauseCode"]
        .map(|name| hangup.get(name));
    assert_eq!(fields, ["completed", "Hangup", "NORMAL_CLEARING", "Answer XML", "4000"]);
    assert_eq!(world.seen("/ring")[0].get("CallStatus"), "ringing");
    assert!(world.all_seen().iter().all(|seen| seen.is_signed), "{:#?}", world.all_seen());

    let (status, record) = world.rest("GET", &format!("/Call/{call_uuid}/"), None).await;
    assert_eq!(
        (status, &record["hangup_cause_code"], &record["to_number"]),
        (200, &json!(4000), &json!("15551230001"))
    );
    assert_eq!(world.rest("GET", &format!("/Call/{call_uuid}/?status=live"), None).await.0, 404);
}

#[tokio::test]
async fn silence_falls_through_to_the_next_element_and_a_wrong_key_is_told_so() {
    let world = World::new().await;
    draw_menu(&world);
    world.script("+15551230002", json!({ "keys": ["9", ""] })).await;
    let call = world.ended(&world.call("+15551230002", json!({})).await).await;
    assert_eq!(
        call["spoken"],
        json!([
            "Press 1 for status.",
            "That is not a choice.",
            "Press 1 for status.",
            "We heard nothing. Goodbye."
        ])
    );
    assert_eq!(call["digits"], json!(["9"]));
    assert_eq!(call["hangup_cause_code"], 4010);
    assert_eq!(world.seen("/menu").len(), 1);
}

#[tokio::test]
async fn digits_end_at_the_finish_key_at_the_count_or_at_a_pause_and_invalid_ones_cost_a_try() {
    let world = World::new().await;
    world.page("/answer", r#"<Response><GetDigits action="APP/a" numDigits="6"><Speak>Number?</Speak></GetDigits></Response>"#);
    world.page("/a", r#"<Response><GetDigits action="APP/b" numDigits="2"/></Response>"#);
    world.page("/b", r#"<Response><GetDigits action="APP/c" finishOnKey="*" retries="2" validDigits="12"><Speak>Again?</Speak></GetDigits></Response>"#);
    world.page("/c", r#"<Response><Speak>Done.</Speak></Response>"#);
    world.script("+15551230003", json!({ "keys": ["2468#", "1234", "3*", "12"] })).await;
    let call = world.ended(&world.call("+15551230003", json!({})).await).await;
    assert_eq!(call["digits"], json!(["2468", "12", "3", "12"]));
    assert_eq!(call["spoken"], json!(["Number?", "Again?", "Again?", "Done."]));
    assert_eq!(world.seen("/c")[0].get("Digits"), "12");
}

#[tokio::test]
async fn magic_numbers_are_busy_absent_unwilling_mechanical_or_nobody() {
    let world = World::new().await;
    world.page("/answer", "<Response><Speak>Hello.</Speak></Response>");
    let expected = [
        ("+15005550000", "completed", "NORMAL_CLEARING", 4010),
        ("+15005550001", "busy", "USER_BUSY", 3010),
        ("+15005550002", "timeout", "NO_ANSWER", 6010),
        ("+15005550003", "failed", "CALL_REJECTED", 3020),
        ("+15005550004", "completed", "NORMAL_CLEARING", 9100),
        ("+15005550005", "failed", "UNALLOCATED_NUMBER", 2000),
    ];
    for (number, status, cause, code) in expected {
        let call_uuid =
            world.call(number, json!({ "ring_timeout": 5, "machine_detection": "hangup" })).await;
        let call = world.ended(&call_uuid).await;
        assert_eq!(
            (&call["status"], &call["hangup_cause"], &call["hangup_cause_code"]),
            (&json!(status), &json!(cause), &json!(code)),
            "{number}"
        );
        let hangup = world
            .seen("/hangup")
            .into_iter()
            .find(|seen| seen.get("CallUUID") == call_uuid)
            .unwrap();
        assert_eq!(
            (hangup.get("CallStatus"), hangup.get("HangupCause")),
            (status, cause),
            "{number}"
        );
    }
    assert_eq!(world.seen("/answer").len(), 1, "only who answers hears anything");
}

#[tokio::test]
async fn machine_detection_tells_people_from_machines_at_once_or_in_the_background() {
    let world = World::new().await;
    world.page("/answer", "<Response><Speak>Hello.</Speak></Response>");
    for (number, machine) in [("+15005550000", "false"), ("+15005550004", "true")] {
        let call_uuid = world.call(number, json!({ "machine_detection": "true" })).await;
        world.ended(&call_uuid).await;
        let answer = world
            .seen("/answer")
            .into_iter()
            .find(|seen| seen.get("CallUUID") == call_uuid)
            .unwrap();
        assert_eq!(answer.get("Machine"), machine);
    }
    let detection = json!({ "machine_detection": "true", "machine_detection_url": format!("{}/machine", world.app_base) });
    let call_uuid = world.call("+15005550004", detection).await;
    world.ended(&call_uuid).await;
    let told = world.until("the detection to be told", async || world.seen("/machine").pop()).await;
    assert_eq!(
        (told.get("Machine"), told.get("Event"), told.get("CallUUID")),
        ("true", "MachineDetection", &*call_uuid)
    );
}

#[tokio::test]
async fn somebody_rings_our_number_and_hangs_up_after_a_while() {
    let world = World::new().await;
    world.own("+15550100003");
    world.page("/answer", r#"<Response><Speak>Welcome.</Speak><Wait length="600"/></Response>"#);
    world.script("+15551230004", json!({ "hang_up_after_ms": 2000 })).await;
    let (status, body) = world
        .control("POST", "/phones/+15551230004/call", Some(json!({ "to": "+15550100003" })))
        .await;
    assert_eq!(status, 200, "{body}");
    let call = world.ended(body["call_uuid"].as_str().unwrap()).await;
    assert_eq!(
        (&call["direction"], &call["status"], &call["hangup_source"]),
        (&json!("inbound"), &json!("completed"), &json!("Caller"))
    );
    assert_eq!(call["request_uuid"], json!(null));
    let answer = &world.seen("/answer")[0];
    let fields = ["From", "To", "Direction", "CallStatus"].map(|name| answer.get(name));
    assert_eq!(fields, ["15551230004", "15550100003", "inbound", "ringing"]);
    let (status, _) = world
        .control("POST", "/phones/+15551230004/call", Some(json!({ "to": "+15559999999" })))
        .await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn an_incoming_call_can_be_turned_down_by_the_first_element() {
    let world = World::new().await;
    world.own("+15550100003");
    world.page("/answer", r#"<Response><PreAnswer><Speak>Sorry.</Speak></PreAnswer><Hangup reason="busy"/></Response>"#);
    let (_, body) = world
        .control("POST", "/phones/+15551230005/call", Some(json!({ "to": "+15550100003" })))
        .await;
    let call = world.ended(body["call_uuid"].as_str().unwrap()).await;
    assert_eq!(
        (&call["status"], &call["hangup_source"], &call["answered_at"]),
        (&json!("busy"), &json!("Answer XML"), &json!(null))
    );
    assert_eq!(call["spoken"], json!(["Sorry."]));
}

#[tokio::test]
async fn the_api_lists_moves_and_ends_live_calls() {
    let world = World::new().await;
    world.page("/answer", r#"<Response><Wait length="6000"/></Response>"#);
    world.page("/moved", r#"<Response><Speak>Moved.</Speak><Wait length="6000"/></Response>"#);
    let call_uuid = world.call("+15551230006", json!({})).await;
    let path = format!("/Call/{call_uuid}/");
    let live = world
        .until("the call to be answered", async || {
            let (_, live) = world.rest("GET", &format!("{path}?status=live"), None).await;
            (live["call_status"] == "in-progress").then_some(live)
        })
        .await;
    assert_eq!((&live["from"], &live["request_uuid"]), (&json!("15550100000"), &json!(call_uuid)));
    assert_eq!(world.rest("GET", "/Call/?status=live", None).await.1["calls"], json!([call_uuid]));
    assert_eq!(world.rest("GET", &path, None).await.0, 404, "a live call has no record yet");
    let (status, _) = world
        .rest(
            "POST",
            &path,
            Some(json!({ "legs": "aleg", "aleg_url": format!("{}/moved", world.app_base) })),
        )
        .await;
    assert_eq!(status, 202);
    world
        .until("the transfer", async || {
            (world.ledger_call(&call_uuid).await["spoken"] == json!(["Moved."])).then_some(())
        })
        .await;
    assert_eq!(world.rest("DELETE", &path, None).await.0, 204);
    let call = world.ended(&call_uuid).await;
    assert_eq!(
        (&call["hangup_source"], &call["hangup_cause_code"]),
        (&json!("API Request"), &json!(4000))
    );
    assert_eq!(world.rest("DELETE", &path, None).await.0, 404);
}

#[tokio::test]
async fn a_ringing_call_can_be_cancelled() {
    let world = World::new().await;
    world.script("+15551230007", json!({ "on_call": "ring" })).await;
    let call_uuid = world.call("+15551230007", json!({})).await;
    assert_eq!(world.rest("GET", &format!("/Call/{call_uuid}/?status=live"), None).await.0, 200);
    assert_eq!(world.rest("DELETE", &format!("/Request/{call_uuid}/"), None).await.0, 204);
    let call = world.ended(&call_uuid).await;
    assert_eq!(
        (&call["status"], &call["hangup_cause"]),
        (&json!("cancel"), &json!("ORIGINATOR_CANCEL"))
    );
}

#[tokio::test]
async fn documents_that_cannot_be_fetched_or_read_end_the_call_with_their_cause() {
    let world = World::new().await;
    world.page("/answer", "<Response><Say>Wrong dialect.</Say></Response>");
    let call = world.ended(&world.call("+15551230008", json!({})).await).await;
    assert_eq!((&call["status"], &call["hangup_cause_code"]), (&json!("completed"), &json!(8011)));
    assert!(call["documents"][0]["problem"].is_string());

    let dead = json!({ "answer_url": "http://127.0.0.1:9/nobody#rc=0", "fallback_url": format!("{}/fallback", world.app_base) });
    world.page("/fallback", "<Response><Speak>Plan B.</Speak></Response>");
    let call = world.ended(&world.call("+15551230008", dead).await).await;
    assert_eq!((&call["spoken"], &call["hangup_cause_code"]), (&json!(["Plan B."]), &json!(4010)));

    let call = world
        .ended(
            &world
                .call("+15551230008", json!({ "answer_url": "http://127.0.0.1:9/nobody#rc=0" }))
                .await,
        )
        .await;
    assert_eq!(call["hangup_cause_code"], 7011);
}

#[tokio::test]
async fn speech_is_heard_and_a_message_left_after_the_tone() {
    let world = World::new().await;
    world.page(
        "/answer",
        r#"<Response><GetInput action="APP/said" inputType="dtmf speech" executionTimeout="5"><Speak>Who?</Speak></GetInput></Response>"#,
    );
    world.page(
        "/said",
        r#"<Response><Record action="APP/recorded" maxLength="30" timeout="3"/></Response>"#,
    );
    world.page("/recorded", "<Response><Speak>Thank you.</Speak></Response>");
    world.script("+15551230009", json!({ "speech": ["sales", "Please call me back."] })).await;
    let call = world.ended(&world.call("+15551230009", json!({})).await).await;
    assert_eq!(call["speech"], json!(["sales", "Please call me back."]));
    let said = &world.seen("/said")[0];
    assert_eq!(
        (said.get("InputType"), said.get("Speech"), said.get("Digits")),
        ("speech", "sales", "")
    );
    let recorded = &world.seen("/recorded")[0];
    assert_eq!(
        (recorded.get("RecordingDurationMs"), recorded.get("RecordingEndReason")),
        ("1200", "RecordingTimeout")
    );
    let ledger = world.ledger().await;
    assert_eq!(
        ledger["recordings"][0]["recording_id"].as_str().unwrap(),
        recorded.get("RecordingID")
    );
    let sound =
        world.http.get(recorded.get("RecordUrl")).send().await.unwrap().bytes().await.unwrap();
    assert_eq!((&sound[..4], sound.len()), (&b"RIFF"[..], 44 + 1_200 * 8));
}

#[tokio::test]
async fn speech_on_its_way_is_told_beside_the_answer() {
    let world = World::new().await;
    world.page(
        "/answer",
        r#"<Response><GetInput action="APP/said" inputType="speech" interimSpeechResultsCallback="APP/interim"/></Response>"#,
    );
    world.page("/said", "<Response><Speak>Thank you.</Speak></Response>");
    world.script("+15551230056", json!({ "speech": ["sales please"] })).await;
    world.ended(&world.call("+15551230056", json!({})).await).await;
    assert_eq!(world.seen("/said")[0].get("Speech"), "sales please");
    let interim = world
        .until("both interim results", async || {
            Some(world.seen("/interim")).filter(|told| told.len() == 2)
        })
        .await;
    let mut told: Vec<[&str; 3]> = interim
        .iter()
        .map(|seen| ["SequenceNumber", "UnstableSpeech", "StableSpeech"].map(|name| seen.get(name)))
        .collect();
    told.sort_unstable();
    assert_eq!(told, [["0", "sales", ""], ["1", "", "sales please"]]);
    assert!(interim.iter().all(|seen| seen.is_signed && seen.get("InputType").is_empty()));
}

#[tokio::test]
async fn headers_and_names_of_a_sip_caller_reach_the_first_document() {
    let world = World::new().await;
    world.own("+15550100003");
    world.page("/answer", "<Response><Speak>Hello.</Speak></Response>");
    let wish =
        json!({ "to": "+15550100003", "caller_name": "Ann", "sip_headers": { "Ticket": "A7" } });
    let (status, body) =
        world.control("POST", "/phones/sip:ann@phone.example/call", Some(wish)).await;
    assert_eq!(status, 200, "{body}");
    let call = world.ended(body["call_uuid"].as_str().unwrap()).await;
    assert_eq!(call["from"], "sip:ann@phone.example");
    assert_eq!(call["sip_headers"], json!({ "Ticket": "A7" }));
    let fields = ["From", "CallerName", "X-PH-Ticket"]
        .map(|name| world.seen("/answer")[0].get(name).to_owned());
    assert_eq!(fields, ["sip:ann@phone.example", "Ann", "A7"]);
}

#[tokio::test]
async fn a_live_call_hears_what_the_api_plays_and_leaves_any_element_at_once() {
    let world = World::new().await;
    world.page("/play", r#"<Response><Play loop="0">https://a.example/long.mp3</Play></Response>"#);
    world.page("/room", r#"<Response><Conference action="APP/left">room</Conference></Response>"#);
    world.page("/mpc", r#"<Response><MultiPartyCall role="Agent" onExitActionUrl="APP/left">room</MultiPartyCall></Response>"#);
    world.page(
        "/dial",
        r#"<Response><Dial action="APP/left"><Number>15551230058</Number></Dial></Response>"#,
    );
    world.page("/input", r#"<Response><GetDigits action="APP/left" timeout="3600"/></Response>"#);
    world.page("/away", "<Response><Speak>Away.</Speak><Wait length=\"6000\"/></Response>");
    let answer = format!("{}/play", world.app_base);
    let call_uuid = world.call("+15551230057", json!({ "answer_url": answer })).await;
    let path = format!("/Call/{call_uuid}/");
    let away = async |count: usize| {
        let wish = json!({ "legs": "aleg", "aleg_url": format!("{}/away", world.app_base) });
        assert_eq!(world.rest("POST", &path, Some(wish)).await.0, 202);
        world
            .until("the call to be away", async || {
                let spoken = world.ledger_call(&call_uuid).await["spoken"].clone();
                (spoken.as_array().unwrap().len() == count).then_some(())
            })
            .await;
    };
    world
        .until("the music", async || {
            (world.ledger_call(&call_uuid).await["played"] != json!([])).then_some(())
        })
        .await;
    away(1).await;
    for (place, page) in ["/room", "/mpc", "/dial", "/input"].iter().enumerate() {
        let wish = json!({ "aleg_url": format!("{}{page}", world.app_base) });
        assert_eq!(world.rest("POST", &path, Some(wish)).await.0, 202);
        world
            .until("the element to begin", async || {
                let documents = world.ledger_call(&call_uuid).await["documents"].clone();
                (documents.as_array().unwrap().len() == 3 + 2 * place).then_some(())
            })
            .await;
        if *page == "/dial" {
            world
                .until("the conversation", async || {
                    let ledger = world.ledger().await;
                    let legs = ledger["calls"].as_array().unwrap();
                    legs.iter()
                        .any(|leg| leg["status"] == "in-progress" && leg["to"] == "+15551230058")
                        .then_some(())
                })
                .await;
        }
        away(2 + place).await;
    }
    assert!(world.seen("/left").is_empty(), "who is called away does not follow the action");
    for (what, wish) in [
        ("Speak", json!({ "text": "Listen." })),
        ("Play", json!({ "urls": "https://a.example/1.mp3,https://a.example/2.mp3" })),
        ("DTMF", json!({ "digits": "12w3" })),
    ] {
        assert_eq!(world.rest("POST", &format!("{path}{what}/"), Some(wish)).await.0, 202);
    }
    assert_eq!(world.rest("DELETE", &format!("{path}Play/"), None).await.0, 204);
    world.rest("DELETE", &path, None).await;
    let call = world.ended(&call_uuid).await;
    assert_eq!(call["spoken"].as_array().unwrap().last().unwrap(), "Listen.");
    assert_eq!(call["played"].as_array().unwrap().len(), 3);
    assert_eq!(call["sent_digits"], json!(["12w3"]));
    let ledger = world.ledger().await;
    let rooms = ledger["conferences"].as_array().unwrap();
    assert!(rooms.len() == 2 && rooms.iter().all(|room| room["ended_at"].is_string()));
}
