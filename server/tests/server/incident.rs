//! The incident that the product was drawn for, with the example workflow as people get it: three people, a room, texts and a chat.

use super::harness::{Host, answer, eventually, web};
use serde_json::{Value, json};
use server::config::Carrier;
use std::{
    sync::{Arc, Mutex},
    time::Instant,
};

const PRIMARY: &str = "+15550108001";
const BACKUP: &str = "+15550108002";
const LEAD: &str = "+15550108003";
const TEAM: &str = "+15550108004";
const LINE: &str = "+15550100008";

/// How much faster than people the telephone network is here.
const SPEED: f64 = 10.0;

#[tokio::test]
async fn the_lead_takes_the_incident_and_the_primary_calls_back_into_the_recorded_room() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let chat = Arc::clone(&told);
    let slack = web(move |request: String| {
        let chat = Arc::clone(&chat);
        async move {
            chat.lock().unwrap().push(request);
            answer("200 OK", "text/plain", "ok")
        }
    })
    .await;
    let slack_url = format!("http://127.0.0.1:{}/chat", slack.port);
    let host = Host::with(|config| {
        config.carrier = Carrier::Sandbox { speed: SPEED };
        config.egress_allow = vec![slack];
    })
    .await;
    let document = include_str!("../../../workflows/incident-response.json");
    host.publish_document(serde_json::from_str(document).unwrap()).await;
    host.put(
        &format!("/simulator/control/numbers/{LINE}"),
        json!({ "workflow": "incident-response" }),
    )
    .await;
    host.phone(PRIMARY, json!({ "on_call": "no_answer" })).await;
    host.phone(BACKUP, json!({ "on_call": "machine" })).await;
    host.phone(LEAD, json!({ "on_call": "answer", "keys": ["1"] })).await;

    let began = Instant::now();
    let run = host
        .run(
            "incident-response",
            json!({ "variables": {
                "summary": "Payments fail.", "primary": PRIMARY, "backup": BACKUP, "lead": LEAD, "team": TEAM, "slack_url": slack_url,
            } }),
        )
        .await;
    let members = async || {
        let ledger = host.ledger().await;
        let rooms = ledger["conferences"].as_array().unwrap().clone();
        assert!(rooms.len() <= 1, "everybody is in one room");
        rooms.first().map_or(Vec::new(), |room| room["members"].as_array().unwrap().clone())
    };
    eventually("the lead is in the room", async || members().await.len() == 1).await;
    host.phone(PRIMARY, json!({ "on_call": "answer" })).await;
    host.ring(PRIMARY, LINE).await;
    eventually("the primary is in the room as well", async || members().await.len() == 2).await;
    let virtual_s = began.elapsed().as_secs_f64() * SPEED;
    assert!(virtual_s < 60.0, "it took {virtual_s:.0} seconds of the people's time");

    let numbers: Vec<String> =
        members().await.iter().map(|member| text(&member["number"])).collect();
    assert_eq!(numbers, [LEAD, PRIMARY]);
    assert!(members().await.iter().all(|member| member["left_at"].is_null()), "they are together");
    // The news went out while they were talking.
    eventually("the chat is told", async || told.lock().unwrap().len() == 1).await;
    for number in [LEAD, PRIMARY] {
        host.post(&format!("/simulator/control/phones/{number}/hang_up"), json!({})).await;
    }
    host.until(&run, "completed").await;

    let ledger = host.ledger().await;
    let texts: Vec<(String, String)> = ledger["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|message| (text(&message["to"]), text(&message["text"])))
        .collect();
    assert_eq!(texts.len(), 2, "one page and one text to the team: {texts:?}");
    assert_eq!(
        texts[1],
        (TEAM.to_owned(), format!("Incident (high): Payments fail. Taken by {LEAD}."))
    );
    let called: Vec<(String, String)> = ledger["calls"]
        .as_array()
        .unwrap()
        .iter()
        .map(|call| (text(&call["to"]), text(&call["direction"])))
        .collect();
    let outbound = |number: &str| (number.to_owned(), "outbound".to_owned());
    let inbound = (LINE.to_owned(), "inbound".to_owned());
    assert_eq!(called, [outbound(PRIMARY), outbound(BACKUP), outbound(LEAD), inbound]);
    assert!(told.lock().unwrap()[0].contains(&format!("Taken by {LEAD}")));
    let recordings = ledger["recordings"].as_array().unwrap();
    assert_eq!(recordings.len(), 1, "the room is recorded once: {recordings:?}");
    assert!(!recordings[0]["ended_at"].is_null() && recordings[0]["duration_ms"] != 0);
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
