//! The REST client against a small HTTP server that records what it is asked and answers what it is told to.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use plivo::Error;
use plivo::client::{
    AddParticipant, CallFilter, ChangeParticipant, Client, Config, Legs, MachineDetection,
    MakeCall, MessageFilter, MessageType, SendMessage, StartRecording,
};
use plivo::number::Party;
use plivo::webhook::{CallStatus, Direction, MessageState};
use plivo::xml::{Role, Speak};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const ACCOUNT: &str = "MAXXXXXXXXXXXXXXXXXX";
/// `MAXXXXXXXXXXXXXXXXXX:hush` in base 64.
const CREDENTIALS: &str = "Basic TUFYWFhYWFhYWFhYWFhYWFhYWFg6aHVzaA==";

#[tokio::test]
async fn a_call_is_placed_with_what_differs_from_the_defaults() {
    let plivo =
        Plivo::answering(201, r#"{"message":"call fired","request_uuid":"r-1","api_id":"a"}"#)
            .await;
    let mut call = MakeCall::new("+15550100000", "1 (555) 010-0001", "https://p.example/answer");
    assert_eq!(plivo.client.make_call(&call).await, Ok("r-1".to_owned()));
    call.to = Party::new("sip:ann@phone.example");
    call.hangup_url = Some("https://p.example/over".to_owned());
    call.ring_timeout_s = Some(30);
    call.machine_detection = Some(MachineDetection::Continue);
    plivo.client.make_call(&call).await.unwrap();
    assert_eq!(
        plivo.asked(),
        [
            (
                "POST /v1/Account/MAXXXXXXXXXXXXXXXXXX/Call/".to_owned(),
                json!({"from": "15550100000", "to": "15550100001", "answer_url": "https://p.example/answer", "answer_method": "POST"}),
            ),
            (
                "POST /v1/Account/MAXXXXXXXXXXXXXXXXXX/Call/".to_owned(),
                json!({
                    "from": "15550100000", "to": "sip:ann@phone.example", "answer_url": "https://p.example/answer", "answer_method": "POST",
                    "hangup_url": "https://p.example/over", "hangup_method": "POST", "ring_timeout": 30, "machine_detection": "true",
                }),
            ),
        ]
    );
}

#[tokio::test]
async fn a_message_is_sent_and_its_id_is_the_only_one_of_a_list() {
    let plivo = Plivo::answering(
        202,
        r#"{"message":"message(s) queued","message_uuid":["m-1"],"api_id":"a"}"#,
    )
    .await;
    let mut message = SendMessage::new("+15550100000", "+15550100001", "Grüße 👋");
    assert_eq!(plivo.client.send_message(&message).await, Ok("m-1".to_owned()));
    message.message_type = MessageType::Mms;
    message.media_urls = vec!["https://p.example/1.png".to_owned()];
    message.status_url = Some("https://p.example/status".to_owned());
    message.log = false;
    plivo.client.send_message(&message).await.unwrap();
    let bodies: Vec<Value> = plivo.asked().into_iter().map(|(_, body)| body).collect();
    assert_eq!(
        bodies,
        [
            json!({"src": "15550100000", "dst": "15550100001", "text": "Grüße 👋", "type": "sms"}),
            json!({
                "src": "15550100000", "dst": "15550100001", "text": "Grüße 👋", "type": "mms", "media_urls": ["https://p.example/1.png"],
                "url": "https://p.example/status", "method": "POST", "log": "false",
            }),
        ]
    );
}

#[tokio::test]
async fn calls_are_ended_and_moved_and_it_is_no_error_when_they_are_over() {
    let plivo = Plivo::answering(204, "").await;
    assert_eq!(plivo.client.hang_up("c/1 ?").await, Ok(true));
    assert_eq!(plivo.client.cancel_request("r-1").await, Ok(true));
    plivo.answer(202, r#"{"message":"call transfered","api_id":"a"}"#);
    assert_eq!(plivo.client.transfer("c-1", "https://p.example/next").await, Ok(true));
    plivo.answer(404, r#"{"api_id":"a","error":"not found"}"#);
    assert_eq!(plivo.client.hang_up("c-1").await, Ok(false));
    assert_eq!(plivo.client.transfer("c-1", "https://p.example/next").await, Ok(false));
    let asked: Vec<String> = plivo.asked().into_iter().map(|(line, _)| line).collect();
    assert_eq!(
        asked[..3],
        [
            "DELETE /v1/Account/MAXXXXXXXXXXXXXXXXXX/Call/c%2F1%20%3F/",
            "DELETE /v1/Account/MAXXXXXXXXXXXXXXXXXX/Request/r-1/",
            "POST /v1/Account/MAXXXXXXXXXXXXXXXXXX/Call/c-1/",
        ]
    );
    assert!(matches!(plivo.client.hang_up("").await, Err(Error::Invalid(_))));
    assert!(matches!(plivo.client.hang_up("..").await, Err(Error::Invalid(_))));
    assert_eq!(plivo.asked().len(), 5);
}

#[tokio::test]
async fn calls_are_looked_up_whichever_way_plivo_writes_their_fields() {
    let plivo = Plivo::answering(
        200,
        r#"{"api_id":"a","call_status":"in-progress","call_uuid":"c-1","direction":"outbound","from":"15550100000","to":"15550100001","request_uuid":"r-1"}"#,
    )
    .await;
    let live = plivo.client.live_call("c-1").await.unwrap().unwrap();
    assert_eq!((live.status, live.direction), (CallStatus::InProgress, Some(Direction::Outbound)));
    plivo.answer(200, r#"{"api_id":"a","calls":["c-1","c-2"]}"#);
    assert_eq!(plivo.client.live_calls().await.unwrap(), ["c-1", "c-2"]);
    let record = r#"{"answer_time":null,"bill_duration":0,"call_direction":"outbound","call_duration":"12","call_uuid":"c-1","from_number":"15550100000",
        "to_number":"15550100001","hangup_cause_code":"3010","hangup_cause_name":"Busy Line","hangup_source":"Callee","total_amount":"0.00000"}"#;
    plivo.answer(200, record);
    let busy = plivo.client.call_record("c-1").await.unwrap().unwrap();
    assert_eq!(
        (busy.status(), busy.duration_s, busy.answer_time.clone()),
        (CallStatus::Busy, Some(12), None)
    );
    plivo.answer(200, &format!(r#"{{"api_id":"a","meta":{{"limit":20,"offset":0,"total_count":1}},"objects":[{record}]}}"#));
    let filter = CallFilter {
        from: Some("+15550100000".into()),
        direction: Some(Direction::Outbound),
        ended_at_least: Some("2026-01-01 00:00:00".to_owned()),
        ..CallFilter::default()
    };
    assert_eq!(plivo.client.list_calls(&filter).await.unwrap(), [busy]);
    let (line, _) = plivo.asked().pop().unwrap();
    assert_eq!(
        line,
        "GET /v1/Account/MAXXXXXXXXXXXXXXXXXX/Call/?from_number=15550100000&call_direction=outbound&end_time__gte=2026-01-01+00%3A00%3A00"
    );
    plivo.answer(404, r#"{"api_id":"a","error":"not found"}"#);
    assert_eq!(plivo.client.live_call("c-1").await, Ok(None));
    assert_eq!(plivo.client.call_record("c-1").await, Ok(None));
}

#[tokio::test]
async fn messages_are_looked_up() {
    let record = r#"{"message_uuid":"m-1","message_state":"undelivered","message_direction":"outbound","from_number":"15550100000",
        "to_number":"15550100001","units":1,"error_code":"80","total_amount":"0.00550","message_time":"2026-01-01 00:00:00+00:00"}"#;
    let plivo = Plivo::answering(200, record).await;
    let message = plivo.client.message("m-1").await.unwrap().unwrap();
    assert_eq!(
        (message.state.clone(), message.error_code.as_deref()),
        (MessageState::Undelivered, Some("80"))
    );
    plivo.answer(200, &format!(r#"{{"api_id":"a","objects":[{record}]}}"#));
    let filter = MessageFilter {
        to: Some("+15550100001".into()),
        limit: Some(5),
        ..MessageFilter::default()
    };
    assert_eq!(plivo.client.list_messages(&filter).await.unwrap(), [message]);
    assert_eq!(
        plivo.asked()[1].0,
        "GET /v1/Account/MAXXXXXXXXXXXXXXXXXX/Message/?to_number=15550100001&limit=5"
    );
    plivo.answer(200, r#"{"api_id":"a"}"#);
    assert!(matches!(plivo.client.list_messages(&filter).await, Err(Error::Unknown(_))));
}

#[tokio::test]
async fn a_live_call_is_recorded_spoken_to_and_sent_keys() {
    let started = r#"{"url":"https://m.example/r.mp3","message":"call recording started","recording_id":"r-1","api_id":"a"}"#;
    let plivo = Plivo::answering(202, started).await;
    let recording =
        plivo.client.record_call("c-1", &StartRecording::default()).await.unwrap().unwrap();
    assert_eq!(
        (recording.recording_id.as_str(), recording.url.as_str()),
        ("r-1", "https://m.example/r.mp3")
    );
    let how = StartRecording {
        as_wav: true,
        time_limit_s: Some(3600),
        callback_url: Some("https://p.example/recorded".to_owned()),
        transcription_url: Some("https://p.example/said".to_owned()),
    };
    plivo.client.record_call("c-1", &how).await.unwrap();
    let urls = ["https://p.example/1.mp3", "https://p.example/2.mp3"];
    assert_eq!(plivo.client.play_to_call("c-1", &urls, Legs::Both, true).await, Ok(true));
    assert_eq!(plivo.client.speak_to_call("c-1", &Speak::new("Hello"), Legs::A).await, Ok(true));
    assert_eq!(plivo.client.send_digits("c-1", "1w#", Legs::B).await, Ok(true));
    plivo.answer(204, "");
    assert_eq!(plivo.client.stop_recording("c-1").await, Ok(true));
    assert_eq!(plivo.client.stop_playing_to_call("c-1").await, Ok(true));
    assert_eq!(plivo.client.stop_speaking_to_call("c-1").await, Ok(true));
    assert_eq!(
        plivo.lines(),
        [
            "POST /Call/c-1/Record/ {\"file_format\":\"mp3\"}",
            "POST /Call/c-1/Record/ {\"callback_method\":\"POST\",\"callback_url\":\"https://p.example/recorded\",\"file_format\":\"wav\",\"time_limit\":3600,\
             \"transcription_method\":\"POST\",\"transcription_type\":\"auto\",\"transcription_url\":\"https://p.example/said\"}",
            "POST /Call/c-1/Play/ {\"legs\":\"both\",\"loop\":true,\"urls\":\"https://p.example/1.mp3,https://p.example/2.mp3\"}",
            "POST /Call/c-1/Speak/ {\"text\":\"Hello\"}",
            "POST /Call/c-1/DTMF/ {\"digits\":\"1w#\",\"leg\":\"bleg\"}",
            "DELETE /Call/c-1/Record/",
            "DELETE /Call/c-1/Play/",
            "DELETE /Call/c-1/Speak/",
        ]
    );
    plivo.answer(404, r#"{"api_id":"a","error":"not found"}"#);
    assert_eq!(plivo.client.record_call("c-1", &how).await, Ok(None));
    assert_eq!(plivo.client.send_digits("c-1", "1", Legs::A).await, Ok(false));
}

#[tokio::test]
async fn members_of_a_conference_are_looked_up_and_changed() {
    let plivo = Plivo::answering(
        200,
        r#"{"conference_name":"war room","conference_run_time":"590","conference_member_count":"1","api_id":"a",
            "members":[{"muted":true,"member_id":"17","deaf":false,"from":"15550100001","to":"15550100000","direction":"inbound","call_uuid":"c-1","join_time":"590"}]}"#,
    )
    .await;
    let member = plivo.client.conference_members("war room").await.unwrap().pop().unwrap();
    assert_eq!((member.member_id.as_str(), member.call_uuid.as_str()), ("17", "c-1"));
    assert_eq!((member.is_muted, member.is_deaf, member.role), (true, false, None));
    assert_eq!(member.parties, [Party::new("+15550100001"), Party::new("+15550100000")]);
    plivo.answer(
        202,
        r#"{"message":"muted","member_id":["17"],"api_id":"a","recording_id":"r-1","url":"u"}"#,
    );
    let client = &plivo.client;
    for is_on in [true, false] {
        assert_eq!(client.mute_member("war room", "17", is_on).await, Ok(true));
        assert_eq!(client.deafen_member("war room", "17", is_on).await, Ok(true));
    }
    assert_eq!(client.kick_member("war room", "17").await, Ok(true));
    assert_eq!(client.hang_up_member("war room", "17").await, Ok(true));
    plivo.client.play_to_member("war room", "all", "https://p.example/1.mp3").await.unwrap();
    plivo.client.stop_playing_to_member("war room", "all").await.unwrap();
    let recording =
        plivo.client.record_conference("war room", &StartRecording::default()).await.unwrap();
    assert_eq!(recording.unwrap().recording_id, "r-1");
    plivo.client.stop_recording_conference("war room").await.unwrap();
    plivo.client.end_conference("war room").await.unwrap();
    assert_eq!(
        plivo.lines(),
        [
            "GET /Conference/war%20room/",
            "POST /Conference/war%20room/Member/17/Mute/ {}",
            "POST /Conference/war%20room/Member/17/Deaf/ {}",
            "DELETE /Conference/war%20room/Member/17/Mute/",
            "DELETE /Conference/war%20room/Member/17/Deaf/",
            "POST /Conference/war%20room/Member/17/Kick/ {}",
            "DELETE /Conference/war%20room/Member/17/",
            "POST /Conference/war%20room/Member/all/Play/ {\"url\":\"https://p.example/1.mp3\"}",
            "DELETE /Conference/war%20room/Member/all/Play/",
            "POST /Conference/war%20room/Record/ {\"file_format\":\"mp3\"}",
            "DELETE /Conference/war%20room/Record/",
            "DELETE /Conference/war%20room/",
        ]
    );
    plivo.answer(404, r#"{"api_id":"a","error":"not found"}"#);
    assert_eq!(plivo.client.mute_member("war room", "17", true).await, Ok(false));
    assert_eq!(plivo.client.conference_members("war room").await, Ok(Vec::new()));
}

#[tokio::test]
async fn participants_of_a_multi_party_call_are_taken_in_changed_and_sent_away() {
    let plivo = Plivo::answering(
        201,
        r#"{"api_id":"a","calls":[{"to":"15550100001","from":"15550100000","call_uuid":"c-1"}],"message":"add participant action initiated","request_uuid":"r-1"}"#,
    )
    .await;
    let client = &plivo.client;
    let mut add = AddParticipant::new("+15550100000", "+15550100001", Role::Agent);
    assert_eq!(client.add_participant("support", &add).await, Ok("c-1".to_owned()));
    add.role = Role::Supervisor;
    add.ring_timeout_s = Some(20);
    add.coach_mode = false;
    add.end_mpc_on_exit = true;
    add.status_callback_url = Some("https://p.example/room".to_owned());
    plivo.answer(201, r#"{"api_id":"a","request_uuid":"r-1"}"#);
    assert_eq!(client.add_participant("support", &add).await, Ok("r-1".to_owned()));
    plivo.answer(
        202,
        r#"{"api_id":"a","recording_id":"r-2","recording_url":"https://m.example/r.mp3"}"#,
    );
    let hold = ChangeParticipant { hold: Some(true), ..ChangeParticipant::default() };
    assert_eq!(client.change_participant("support", "49", hold).await, Ok(true));
    assert_eq!(client.start_multi_party_call("support").await, Ok(true));
    let how = StartRecording {
        callback_url: Some("https://p.example/r".to_owned()),
        ..StartRecording::default()
    };
    let recording = client.record_multi_party_call("support", &how).await.unwrap().unwrap();
    assert_eq!(recording.url, "https://m.example/r.mp3");
    plivo.answer(204, "");
    assert_eq!(client.stop_recording_multi_party_call("support").await, Ok(true));
    assert_eq!(client.kick_participant("support", "49").await, Ok(true));
    assert_eq!(client.end_multi_party_call("support").await, Ok(true));
    assert_eq!(
        plivo.lines(),
        [
            "POST /MultiPartyCall/name_support/Participant/ {\"from\":\"15550100000\",\"role\":\"agent\",\"to\":\"15550100001\"}",
            "POST /MultiPartyCall/name_support/Participant/ {\"coach_mode\":false,\"end_mpc_on_exit\":true,\"from\":\"15550100000\",\"ring_timeout\":20,\"role\":\"supervisor\",\
             \"status_callback_method\":\"POST\",\"status_callback_url\":\"https://p.example/room\",\"to\":\"15550100001\"}",
            "POST /MultiPartyCall/name_support/Participant/49/ {\"hold\":true}",
            "POST /MultiPartyCall/name_support/ {\"status\":\"active\"}",
            "POST /MultiPartyCall/name_support/Record/ {\"file_format\":\"mp3\",\"recording_callback_method\":\"POST\",\"recording_callback_url\":\"https://p.example/r\"}",
            "DELETE /MultiPartyCall/name_support/Record/",
            "DELETE /MultiPartyCall/name_support/Participant/49/",
            "DELETE /MultiPartyCall/name_support/",
        ]
    );
    plivo.answer(200, r#"{"api_id":"a","mpc_uuid":"m-1","status":"Active","duration":30}"#);
    let call = client.multi_party_call("support").await.unwrap().unwrap();
    assert_eq!((call.mpc_uuid.as_str(), call.status.as_str()), ("m-1", "active"));
    plivo.answer(
        200,
        r#"{"api_id":"a","meta":{"count":2},"objects":[
            {"member_id":"49","call_uuid":"c-1","role":"customer","coach_mode":null,"hold":true,"mute":null,"exit_time":null},
            {"member_id":"48","call_uuid":"c-0","role":"agent","exit_time":"2020-07-09 07:25:07+00:00"}]}"#,
    );
    let members = client.participants("support").await.unwrap();
    let [member] = &members[..] else { panic!("one is still there: {members:?}") };
    assert_eq!((member.role, member.is_on_hold), (Some(Role::Customer), true));
    assert!(!member.is_muted && !member.coaches);
    plivo.answer(404, r#"{"api_id":"a","error":"not found"}"#);
    assert_eq!(client.participants("support").await, Ok(Vec::new()));
    assert_eq!(client.kick_participant("support", "49").await, Ok(false));
}

#[tokio::test]
async fn each_bad_answer_says_whether_the_call_may_have_been_placed() {
    let plivo = Plivo::answering(
        400,
        r#"{"api_id":"a","error":"15550100001 is not a valid phone number"}"#,
    )
    .await;
    let call = MakeCall::new("+15550100000", "+15550100001", "https://p.example/answer");
    let refused =
        Error::Refused { status: 400, message: "…0001 is not a valid phone number".to_owned() };
    assert_eq!(plivo.client.make_call(&call).await, Err(refused));
    for (status, body, may_have_happened) in [
        (401, "Could not verify your access level", false),
        (404, "{}", false),
        (302, "", false),
        (429, "", false),
        (408, "", true),
        (500, r#"{"error":"oops"}"#, true),
        (503, "<html>", true),
        (201, "<html>", true),
        (201, "", true),
        (201, r#"{"message":"call fired"}"#, true),
    ] {
        plivo.answer(status, body);
        let error = plivo.client.make_call(&call).await.unwrap_err();
        assert_eq!(error.may_have_happened(), may_have_happened, "{status} {body}: {error}");
    }
    plivo.answer(429, "7");
    assert_eq!(
        plivo.client.make_call(&call).await,
        Err(Error::RateLimited { retry_after_s: Some(7) })
    );
    // Each was asked for once: nothing is repeated.
    assert_eq!(plivo.asked().len(), 12);
    plivo.answer(202, r#"{"api_id":"a","message_uuid":[],"invalid_number":["1"]}"#);
    let error = plivo
        .client
        .send_message(&SendMessage::new("+15550100000", "12345", "x"))
        .await
        .unwrap_err();
    assert!(!error.may_have_happened());
    plivo.answer(200, &"x".repeat(2 * 1024 * 1024));
    assert!(matches!(plivo.client.make_call(&call).await, Err(Error::Unknown(_))));
}

#[tokio::test]
async fn a_closed_port_and_a_broken_connection_are_told_apart() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let client = client(&format!("http://{address}/v1"));
    let call = MakeCall::new("+15550100000", "+15550100001", "https://p.example/answer");
    let breaks = tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await.unwrap();
        let _ = connection.read(&mut [0; 64]).await;
        connection.write_all(b"HTTP/1.1 201 Created\r\nContent-Length: 99\r\n\r\n{").await.unwrap();
    });
    let broken = client.make_call(&call).await.unwrap_err();
    assert!(matches!(broken, Error::Unknown(_)), "{broken}");
    breaks.await.unwrap();
    let closed = client.make_call(&call).await.unwrap_err();
    assert!(matches!(closed, Error::NotSent(_)), "{closed}");
    assert!(!closed.to_string().contains(ACCOUNT));
}

/// A server that answers everything with the same words, until told others.
struct Plivo {
    client: Client,
    state: Arc<Mutex<Stub>>,
}

#[derive(Default)]
struct Stub {
    status: u16,
    body: String,
    asked: Vec<(String, Value)>,
}

impl Plivo {
    async fn answering(status: u16, body: &str) -> Plivo {
        let state = Arc::new(Mutex::new(Stub { status, body: body.to_owned(), asked: Vec::new() }));
        let router = Router::new().fallback(answer).with_state(state.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = client(&format!("http://{}/v1/", listener.local_addr().unwrap()));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Plivo { client, state }
    }

    fn answer(&self, status: u16, body: &str) {
        let mut stub = self.state.lock().unwrap();
        (stub.status, stub.body) = (status, body.to_owned());
    }

    /// What was asked, each with its body, on one line and without the account's path.
    fn lines(&self) -> Vec<String> {
        let account = format!("/v1/Account/{ACCOUNT}");
        let line = |(line, body): (String, Value)| {
            let line = line.replace(&account, "");
            if body.is_null() { line } else { format!("{line} {body}") }
        };
        self.asked().into_iter().map(line).collect()
    }

    fn asked(&self) -> Vec<(String, Value)> {
        self.state.lock().unwrap().asked.clone()
    }
}

fn client(base_url: &str) -> Client {
    Client::new(Config {
        base_url: base_url.to_owned(),
        auth_id: ACCOUNT.to_owned(),
        auth_token: "hush".into(),
    })
    .unwrap()
}

/// The body of a 429 also goes into its `Retry-After`; a 302 points back at the server.
async fn answer(
    State(state): State<Arc<Mutex<Stub>>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, HeaderMap, String) {
    assert_eq!(headers["authorization"], CREDENTIALS);
    let mut stub = state.lock().unwrap();
    let asked = if body.is_empty() { Value::Null } else { serde_json::from_slice(&body).unwrap() };
    stub.asked.push((format!("{method} {uri}"), asked));
    let mut answered = HeaderMap::new();
    if stub.status == 429 && !stub.body.is_empty() {
        answered.insert("retry-after", stub.body.parse().unwrap());
    }
    if stub.status == 302 {
        answered.insert("location", "/v1/elsewhere".parse().unwrap());
    }
    (StatusCode::from_u16(stub.status).unwrap(), answered, stub.body.clone())
}
