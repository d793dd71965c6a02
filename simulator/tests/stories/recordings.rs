//! Recordings: of one party, of a whole call, and begun by request.

use serde_json::json;

use crate::world::World;

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
