//! Plivo's webhooks about calls. Each gets exactly one answer document, the same one however often it comes.

use super::{
    Error,
    message::{form, start_by_message},
};
use crate::{
    app::App,
    runs::{LegView, NewRun},
    store,
    telephony::{
        Telephony,
        address::{CallAddress, CallKind, Channel, NumberKind},
        answer::{Place, hang_up_document},
        event,
    },
    worker,
};
use axum::{
    extract::{OriginalUri, Path, Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use engine::{EffectId, Event, LegId, LegState, Then, Trigger};
use plivo::{
    webhook::{Params, Voice},
    xml,
};
use std::time::Instant;
use tracing::{debug, info};

/// A webhook about a leg of a run.
pub(super) async fn call(
    State(app): State<App>,
    Path((run_id, leg, turn, kind, code)): Path<(String, String, String, String, String)>,
    OriginalUri(uri): OriginalUri,
    request: Request,
) -> Result<Response, Error> {
    let started_at = Instant::now();
    let Some(address) = app.telephony.read_call(&run_id, &leg, &turn, &kind, &code) else {
        return Err(forbidden());
    };
    let params = form(&app, Channel::Voice, &uri, request).await?;
    let voice = read(&params)?;
    let response = answer_call(&app, &address, &voice).await;
    metrics::histogram!("phloem_voice_webhook_seconds", "kind" => address.kind.as_str())
        .record(started_at.elapsed().as_secs_f64());
    response
}

async fn answer_call(app: &App, address: &CallAddress, voice: &Voice) -> Result<Response, Error> {
    let view = match app.runs.leg(&address.run_id, address.leg).await {
        Ok(Some(view)) => view,
        Ok(None) => return Ok(document(&hang_up_document(None))),
        Err(error) => return gone_or(error),
    };
    if address.kind == CallKind::WaitSound {
        return Ok(document(&wait_sound(&view)));
    }
    if let Some(event) = event::of_call(address, voice).filter(|event| is_news(event, &view)) {
        if view.request_uuid.is_none() {
            take_as_receipt(app, address, voice).await?;
        }
        match app.runs.deliver(&address.run_id, event).await {
            Ok(()) => {}
            Err(error) => return gone_or(error),
        }
    }
    if address.kind == CallKind::Hangup {
        return Ok(document(&xml::Response::new([])));
    }
    let response = next_document(app, &address.run_id, address.leg, address.turn).await?;
    let records = address.kind == CallKind::AnswerRecorded;
    Ok(document(&if records { Telephony::recording(response) } else { response }))
}

/// Whether an event can still say something: not about a leg that is over, nor about an instruction that was replaced. Doubles and stragglers end here.
fn is_news(event: &Event, view: &LegView) -> bool {
    if view.state == LegState::Ended || view.run_is_over {
        return false;
    }
    match event {
        Event::CallAnswered { .. } => view.state == LegState::Dialling,
        Event::PromptsDone { turn, .. }
        | Event::Digits { turn, .. }
        | Event::NoInput { turn, .. }
        | Event::ConferenceLeft { turn, .. } => *turn == view.turn,
        _ => true,
    }
}

/// A webhook at the address of an effect proves that the effect was carried out, even if the answer to our request never came.
async fn take_as_receipt(app: &App, address: &CallAddress, voice: &Voice) -> Result<(), Error> {
    let rows = store::outbox::of_run(&mut *app.store.reader().await?, &address.run_id).await?;
    let Some(row) = rows.into_iter().find(|row| worker::is_call_of(row, address.leg)) else {
        return Ok(());
    };
    let request_uuid = voice.request_uuid.as_deref().unwrap_or(&voice.call_uuid).to_owned();
    let effect = EffectId(u32::try_from(row.effect_id).unwrap_or(u32::MAX));
    let placed = Event::CallPlaced { effect, request_uuid: request_uuid.clone() };
    if app.runs.settle(&address.run_id, effect, placed, Some(&request_uuid)).await? {
        debug!(run.id = %address.run_id, leg = %address.leg, "a webhook is the receipt of the call");
    }
    Ok(())
}

/// What a leg is to hear after a turn. While the run has nothing to say, the webhook is held for a while and then the leg is parked.
async fn next_document(
    app: &App,
    run_id: &str,
    leg: LegId,
    turn: u32,
) -> Result<xml::Response, Error> {
    let deadline = tokio::time::Instant::now() + app.config.pace.hold;
    let mut changes = app.runs.changes(run_id);
    loop {
        changes.mark_unchanged();
        let Some(view) = app.runs.leg(run_id, leg).await? else {
            return Ok(hang_up_document(None));
        };
        let place = Place { run_id, leg, turn: view.turn };
        match &view.instruction {
            Some(instruction) if view.turn > turn => {
                return Ok(app.telephony.document(place, instruction));
            }
            _ if view.state == LegState::Ended || view.run_is_over => {
                return Ok(hang_up_document(None));
            }
            _ => {}
        }
        let is_changed = tokio::select! {
            changed = changes.changed() => changed.is_ok(),
            () = tokio::time::sleep_until(deadline) => false,
            // The next server answers the poll.
            () = app.stopping.cancelled() => false,
        };
        if !is_changed {
            return Ok(app.telephony.park(Place { run_id, leg, turn }));
        }
    }
}

fn wait_sound(view: &LegView) -> xml::Response {
    let audio = view.instruction.as_ref().and_then(|instruction| match &instruction.then {
        Then::Conference(conference) => conference.wait_audio.as_deref(),
        _ => None,
    });
    audio.map_or_else(|| xml::Response::new([]), Telephony::wait_sound)
}

/// A webhook about one of our numbers.
pub(super) async fn number(
    State(app): State<App>,
    Path((number, kind, code)): Path<(String, String, String)>,
    OriginalUri(uri): OriginalUri,
    request: Request,
) -> Result<Response, Error> {
    let Some((number, kind)) = app.telephony.read_number(&number, &kind, &code) else {
        return Err(forbidden());
    };
    let channel = if kind == NumberKind::Message { Channel::Message } else { Channel::Voice };
    let params = form(&app, channel, &uri, request).await?;
    match kind {
        NumberKind::Answer => incoming_call(&app, &number, &read(&params)?).await,
        NumberKind::Hangup => incoming_call_ended(&app, &read(&params)?).await,
        NumberKind::Message => start_by_message(&app, &number, &params).await,
    }
}

async fn incoming_call(app: &App, number: &str, voice: &Voice) -> Result<Response, Error> {
    let Some(workflow_id) =
        store::numbers::workflow_of(&mut *app.store.reader().await?, number).await?
    else {
        info!("a call to a number that starts nothing was rejected");
        return Ok(document(&hang_up_document(Some("rejected"))));
    };
    let trigger = Trigger::IncomingCall {
        call_uuid: voice.call_uuid.clone(),
        from: voice.from.as_ref().map(|from| from.as_str().to_owned()).unwrap_or_default(),
        to: number.to_owned(),
    };
    let new = NewRun {
        workflow_id,
        trigger,
        source_uuid: Some(voice.call_uuid.clone()),
        idempotency: None,
    };
    match app.runs.start(new).await {
        Ok(started) => Ok(document(&next_document(app, &started.run_id, LegId::FIRST, 0).await?)),
        Err(error) => gone_or(error),
    }
}

async fn incoming_call_ended(app: &App, voice: &Voice) -> Result<Response, Error> {
    let run_id = store::runs::by_source(&mut *app.store.reader().await?, &voice.call_uuid).await?;
    if let Some(run_id) = run_id {
        match app.runs.leg(&run_id, LegId::FIRST).await {
            Ok(Some(view)) if view.state != LegState::Ended => app
                .runs
                .deliver(&run_id, event::ended(LegId::FIRST, voice))
                .await
                .or_else(|error| gone_or(error).map(drop))?,
            Ok(_) => {}
            Err(error) => return gone_or(error),
        }
    }
    Ok(document(&xml::Response::new([])))
}

/// A call whose run cannot go on is ended; a failing database is told as such, so that Plivo tries again.
fn gone_or(error: crate::Error) -> Result<Response, Error> {
    match error {
        crate::Error::NotFound(_)
        | crate::Error::Conflict(_)
        | crate::Error::Parked(_)
        | crate::Error::Params(_) => {
            info!(%error, "a call has no run to go on with");
            Ok(document(&hang_up_document(None)))
        }
        other => Err(other.into()),
    }
}

fn read(params: &Params) -> Result<Voice, Error> {
    Voice::from_params(params).map_err(|error| Error::bad_request(format!("{error}.")))
}

/// A document as an answer.
pub(super) fn document(response: &xml::Response) -> Response {
    ([(header::CONTENT_TYPE, xml::CONTENT_TYPE)], response.to_xml()).into_response()
}

/// The answer to what does not come from Plivo; says no more.
pub(super) fn forbidden() -> Error {
    Error::new(StatusCode::FORBIDDEN, "This is no webhook of ours.")
}
