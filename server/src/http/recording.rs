//! Plivo's webhooks about recordings: they can be fetched, or what is said in them was written down. Often long after the call.

use super::{
    Error,
    message::form,
    voice::{forbidden, nothing, read},
};
use crate::{
    app::App,
    telephony::{
        address::{Channel, NewsKind},
        event,
    },
};
use axum::{
    extract::{OriginalUri, Path, Request, State},
    response::Response,
};
use engine::Event;
use plivo::webhook::{Params, Transcription, Voice};
use tracing::info;

/// Steps of a conference that are told at the same address as its recording.
const ROOM_STEPS: [&str; 4] = ["enter", "exit", "digits", "floor"];

/// A recording can be fetched.
pub(super) async fn stored(
    State(app): State<App>,
    Path((run_id, effect, code)): Path<(String, String, String)>,
    OriginalUri(uri): OriginalUri,
    request: Request,
) -> Result<Response, Error> {
    let read_news = app.telephony.read_news(NewsKind::Recording, &run_id, &effect, &code);
    let Some(effect) = read_news else { return Err(forbidden()) };
    let params = form(&app, Channel::Voice, &uri, request).await?;
    let voice = read_of_room_or_call(&params)?;
    let recording = voice.recording.as_ref().filter(|_| is_whole(&params, &voice));
    if let Some(recording) = recording {
        let recording = event::recording_news(recording, &voice);
        tell(&app, &run_id, Event::RecordingStored { effect, recording }).await?;
    }
    Ok(nothing())
}

/// What was said in a recording was written down.
pub(super) async fn transcribed(
    State(app): State<App>,
    Path((run_id, effect, code)): Path<(String, String, String)>,
    OriginalUri(uri): OriginalUri,
    request: Request,
) -> Result<Response, Error> {
    let read_news = app.telephony.read_news(NewsKind::Transcription, &run_id, &effect, &code);
    let Some(effect) = read_news else { return Err(forbidden()) };
    let params = form(&app, Channel::Voice, &uri, request).await?;
    let transcription = Transcription::from_params(&params)
        .map_err(|error| Error::bad_request(format!("{error}.")))?;
    if let Some(error) = transcription.error {
        info!(run.id = %run_id, error, "a recording could not be written down");
    }
    // Nothing was understood: that is told as well, since the run may wait for it.
    let text = transcription.text.unwrap_or_default();
    tell(&app, &run_id, Event::Transcribed { effect, text }).await?;
    Ok(nothing())
}

/// Recordings of rooms belong to no call.
fn read_of_room_or_call(params: &Params) -> Result<Voice, Error> {
    let mut params = params.clone();
    if params.get("CallUUID").is_none() && params.get("ParticipantCallUUID").is_none() {
        params.push("CallUUID", "none");
    }
    read(&params)
}

/// Whether the recording is done: while it goes on, its length is -1.
fn is_whole(params: &Params, voice: &Voice) -> bool {
    let step = voice.conference.as_ref().and_then(|conference| conference.action.as_deref());
    let goes_on = ["RecordingDuration", "RecordingDurationMs"]
        .iter()
        .any(|field| params.get(field).is_some_and(|length| length.starts_with('-')));
    !goes_on && !step.is_some_and(|step| ROOM_STEPS.contains(&step))
}

/// Tells a run, if there is one.
async fn tell(app: &App, run_id: &str, event: Event) -> Result<(), Error> {
    match app.runs.deliver(run_id, event).await {
        Err(error @ (crate::Error::NotFound(_) | crate::Error::Parked(_))) => {
            info!(%error, "news of a recording has nobody to hear it");
            Ok(())
        }
        other => Ok(other?),
    }
}
