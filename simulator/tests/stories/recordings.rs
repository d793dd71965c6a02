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

#[tokio::test]
async fn one_of_several_recordings_of_a_call_is_stopped_and_sounds_like_something() {
    let world = World::new().await;
    world.page("/answer", "<Response><Wait length=\"6000\"/></Response>");
    let call = world.call("+15551230017", json!({})).await;
    let path = format!("/Call/{call}/Record/");
    let wish = json!({ "time_limit": 3600, "callback_url": format!("{}/ready", world.app_base) });
    let start = async || {
        let (status, answer) = world.rest("POST", &path, Some(wish.clone())).await;
        (status == 202).then_some(answer)
    };
    let first = world.until("the first recording", start).await;
    let second = world.until("the second recording", start).await;
    tokio::time::sleep(std::time::Duration::from_millis(30)).await;
    let stop = json!({ "URL": first["url"] });
    assert_eq!(world.rest("DELETE", &path, Some(stop)).await.0, 204);
    let ready = world.until("the first recording", async || world.seen("/ready").pop()).await;
    assert_eq!(first["recording_id"], ready.get("RecordingID"));
    let sound = world.http.get(ready.get("RecordUrl")).send().await.unwrap().bytes().await.unwrap();
    let samples = &sound[44..];
    assert!(
        samples.iter().any(|sample| *sample > 140) && samples.iter().any(|sample| *sample < 116)
    );
    world.rest("DELETE", &format!("/Call/{call}/"), None).await;
    world
        .until("the second recording", async || {
            let told = world.seen("/ready");
            told.iter().any(|seen| second["recording_id"] == seen.get("RecordingID")).then_some(())
        })
        .await;
}
