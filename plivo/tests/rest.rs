//! The REST client against a small HTTP server that records what it is asked and answers what it is told to.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use plivo::Error;
use plivo::client::{
    AddParticipant, CallFilter, ChangeParticipant, Client, Config, MachineDetection, MakeCall,
    MessageFilter, MessageType, SendMessage, StartRecording,
};
use plivo::number::Party;
use plivo::webhook::{CallStatus, Direction, MessageState};
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

#[tokio::test]
async fn rooms_and_recordings_are_asked_for_as_plivo_documents_them() {
    let plivo = Plivo::answering(
        201,
        r#"{"request_uuid":"r-1","recording_id":"rec","url":"https://m.example/rec.mp3","api_id":"a"}"#,
    )
    .await;
    let add = AddParticipant {
        from: Party::new("+15550100000"),
        to: Party::new("+15550100001"),
        role: "agent".to_owned(),
        ring_timeout_s: Some(20),
    };
    assert_eq!(plivo.client.add_participant("help", &add).await, Ok("r-1".to_owned()));
    let hold = ChangeParticipant { hold: Some(true), ..ChangeParticipant::default() };
    assert_eq!(plivo.client.change_participant("help", "7", hold).await, Ok(true));
    let how = StartRecording { time_limit_s: Some(600), ..StartRecording::default() };
    let recording = plivo.client.record_call("c-1", &how).await.unwrap().unwrap();
    assert_eq!(recording.url, "https://m.example/rec.mp3");
    let account = "/v1/Account/MAXXXXXXXXXXXXXXXXXX";
    assert_eq!(
        plivo.asked(),
        [
            (
                format!("POST {account}/MultiPartyCall/name_help/Participant/"),
                json!({"from": "15550100000", "to": "15550100001", "role": "agent", "ring_timeout": 20, "status_callback_method": "POST"}),
            ),
            (
                format!("POST {account}/MultiPartyCall/name_help/Participant/7/"),
                json!({"hold": true})
            ),
            (
                format!("POST {account}/Call/c-1/Record/"),
                json!({"file_format": "mp3", "time_limit": 600})
            ),
        ]
    );
}
