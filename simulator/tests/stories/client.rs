//! Our own client and our own eyes: what the plivo crate asks and reads is what the simulator answers and sends.

use plivo::{
    Error,
    client::{CallFilter, Client, Config, MachineDetection, MakeCall, MessageFilter, SendMessage},
    number::Party,
    webhook::{CallStatus, InboundMessage, MessageState, MessageStatus, Params, Voice, VoiceEvent},
};
use serde_json::json;

use crate::world::{AUTH_ID, AUTH_TOKEN, Seen, World};

fn client(world: &World) -> Client {
    let config = Config {
        base_url: format!("{}/v1", world.base),
        auth_id: AUTH_ID.to_owned(),
        auth_token: AUTH_TOKEN.into(),
    };
    Client::new(config).unwrap()
}

fn voice(seen: &Seen) -> Voice {
    Voice::from_params(&params(seen)).unwrap()
}

fn params(seen: &Seen) -> Params {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(&seen.params);
    Params::parse(form.finish().as_bytes())
}

#[tokio::test]
async fn a_call_is_made_watched_and_accounted_for() {
    let world = World::new().await;
    let client = client(&world);
    world.page("/answer", r#"<Response><GetDigits action="APP/digits" numDigits="1"/></Response>"#);
    world.page("/digits", r#"<Response><Wait length="6000"/></Response>"#);
    world.script("+15551230071", json!({ "keys": ["7"] })).await;
    let mut order = MakeCall::new(
        Party::new("+15550100000"),
        Party::new("+15551230071"),
        format!("{}/answer", world.app_base),
    );
    order.hangup_url = Some(format!("{}/hangup", world.app_base));
    order.machine_detection = Some(MachineDetection::Continue);
    order.sip_headers = Some("Run=r1".to_owned());
    let request_uuid = client.make_call(&order).await.unwrap();
    let digits = world.until("the key", async || world.seen("/digits").pop()).await;
    assert_eq!(digits.get("X-PH-Run"), "r1");
    let digits = voice(&digits);
    assert_eq!((digits.call_uuid.as_str(), digits.digits.as_deref()), (&*request_uuid, Some("7")));
    assert_eq!(voice(&world.seen("/answer")[0]).machine, Some(false));

    let live = client.live_call(&request_uuid).await.unwrap().unwrap();
    assert_eq!((live.status, live.to), (CallStatus::InProgress, Some(Party::new("+15551230071"))));
    assert_eq!(client.live_calls().await.unwrap(), [&*request_uuid]);
    assert_eq!(client.call_record(&request_uuid).await.unwrap(), None);
    assert!(client.hang_up(&request_uuid).await.unwrap());
    world.ended(&request_uuid).await;
    assert!(!client.hang_up(&request_uuid).await.unwrap());
    let hangup = voice(&world.seen("/hangup")[0]);
    assert_eq!(
        (hangup.event, hangup.status),
        (Some(VoiceEvent::Hangup), Some(CallStatus::Completed))
    );

    let record = client.call_record(&request_uuid).await.unwrap().unwrap();
    assert_eq!(
        (record.status(), record.hangup_source.as_deref()),
        (CallStatus::Completed, Some("API Request"))
    );
    let ended_at_least = Some("2020-01-01 00:00:00".to_owned());
    let filter = CallFilter {
        to: Some(Party::new("+15551230071")),
        ended_at_least,
        ..CallFilter::default()
    };
    assert_eq!(client.list_calls(&filter).await.unwrap(), [record]);

    for (number, status) in [
        (1, CallStatus::Busy),
        (2, CallStatus::NoAnswer),
        (3, CallStatus::Failed),
        (5, CallStatus::Failed),
    ] {
        let mut order =
            MakeCall { to: Party::new(&format!("+1500555000{number}")), ..order.clone() };
        order.ring_timeout_s = Some(60);
        let call_uuid = client.make_call(&order).await.unwrap();
        world.ended(&call_uuid).await;
        assert_eq!(
            client.call_record(&call_uuid).await.unwrap().unwrap().status(),
            status,
            "{number}"
        );
    }
}

#[tokio::test]
async fn a_text_whose_acceptance_was_never_heard_of_is_found_again() {
    let world = World::new().await;
    let client = client(&world);
    world.control("PUT", "/faults", Some(json!({ "drop_response": 1.0 }))).await;
    let mut text = SendMessage::new(
        Party::new("+15550100000"),
        Party::new("+15551230072"),
        "Your code is 42.",
    );
    text.status_url = Some(format!("{}/status", world.app_base));
    let error = client.send_message(&text).await.unwrap_err();
    assert!(matches!(error, Error::Unknown(_)), "{error:?}");
    world.control("PUT", "/faults", Some(json!({}))).await;
    let filter = MessageFilter { to: Some(text.to.clone()), ..MessageFilter::default() };
    let found = client.list_messages(&filter).await.unwrap();
    assert_eq!(found.len(), 1);
    let told = world
        .until("the delivery", async || {
            world.seen("/status").pop().filter(|seen| seen.get("Status") == "delivered")
        })
        .await;
    let status = MessageStatus::from_params(&params(&told)).unwrap();
    assert_eq!(
        (&status.message_uuid, status.state),
        (&found[0].message_uuid, MessageState::Delivered)
    );
    assert_eq!(
        client.message(&status.message_uuid).await.unwrap().unwrap().state,
        MessageState::Delivered
    );

    let refused = client
        .send_message(&SendMessage { to: Party::new("+15005550005"), ..text })
        .await
        .unwrap_err();
    assert!(matches!(refused, Error::Refused { status: 400, .. }), "{refused:?}");

    world.own("+15550100000");
    let picture = json!({ "to": "+15550100000", "text": "Look.", "media_urls": ["https://pictures.example/1.png"] });
    world.control("POST", "/phones/+15551230072/message", Some(picture)).await;
    let arrived = world.until("the picture", async || world.seen("/text").pop()).await;
    let arrived = InboundMessage::from_params(&params(&arrived)).unwrap();
    assert_eq!(
        (&*arrived.text, &arrived.media_urls[..]),
        ("Look.", &["https://pictures.example/1.png".to_owned()][..])
    );
}
