//! Plivo's webhooks about calls. Each gets exactly one answer document, the same one however often it comes.

mod ended;
mod next;

use super::{
    Error,
    message::{form, start_by_message},
};
use crate::{
    app::App,
    runs::{LegView, NewRun},
    store,
    telephony::{
        address::{CallAddress, CallKind, Channel, NumberKind},
        answer::hang_up_document,
        event,
    },
    worker,
};
use axum::{
    extract::{OriginalUri, Path, Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use engine::{EffectId, Event, Instruction, LegId, LegState, Then, Trigger};
use next::Asking;
use plivo::{
    webhook::{CallStatus, Direction, Params, Voice, VoiceEvent},
    xml,
};
use std::time::{Duration, Instant};
use tracing::{debug, info};

/// How long the end of dialling somebody waits for the carrier to say how long they talked; the caller hears nothing meanwhile.
const DIAL_NEWS_HEAD_START: Duration = Duration::from_secs(1);

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
    let response = answer_call(&app, &address, &params).await;
    metrics::histogram!("phloem_voice_webhook_seconds", "kind" => address.kind.as_str())
        .record(started_at.elapsed().as_secs_f64());
    response
}

async fn answer_call(app: &App, address: &CallAddress, params: &Params) -> Result<Response, Error> {
    let (run_id, leg) = (address.run_id.as_str(), address.leg);
    let view = match app.runs.leg(run_id, leg).await {
        Ok(Some(view)) => view,
        Ok(None) => return Ok(document(&hang_up_document(None))),
        Err(error) => return gone_or(error),
    };
    let asked = view.instruction.as_ref().filter(|_| view.turn == address.turn);
    if let Some(sound) = app.telephony.sound(address.kind, asked) {
        return Ok(document(&sound));
    }
    let voice = read(params)?;
    if address.kind == CallKind::Hangup {
        return match ended::tell(app, run_id, leg, &voice).await {
            Ok(()) => Ok(nothing()),
            Err(error) => gone_or(error),
        };
    }
    if let (CallKind::DialNews, Some(step)) = (address.kind, &voice.dial) {
        app.calls.note_dial(run_id, leg, address.turn, step);
    }
    if is_aside(address.kind, &voice) {
        return Ok(nothing());
    }
    if let Some(event) =
        heard(app, address, &voice, asked).await?.filter(|event| is_news(event, &view))
    {
        if view.request_uuid.is_none() {
            take_as_receipt(app, address, &voice).await?;
        }
        match app.runs.deliver(run_id, event).await {
            Ok(()) => {}
            Err(error) => return gone_or(error),
        }
    }
    if address.kind == CallKind::Recorded {
        app.calls.note_recorded(run_id, leg, address.turn);
    }
    if voice.is_over() {
        return Ok(nothing());
    }
    let asking = Asking {
        run_id,
        leg,
        turn: address.turn,
        kind: address.kind,
        is_ringing: is_ringing(&voice),
    };
    let response = next::document(app, asking).await?;
    Ok(document(&match address.kind {
        CallKind::AnswerRecorded(recording) => app.telephony.recorded(run_id, recording, response),
        _ => response,
    }))
}

/// What is told beside the conversation and asks for no document: steps of dialling, what is understood so far, whether a machine answers.
fn is_aside(kind: CallKind, voice: &Voice) -> bool {
    kind == CallKind::DialNews
        || matches!(voice.event, Some(VoiceEvent::MachineDetection | VoiceEvent::Ring))
        || voice.interim_speech.is_some()
}

/// What a webhook says happened.
async fn heard(
    app: &App,
    address: &CallAddress,
    voice: &Voice,
    asked: Option<&Instruction>,
) -> Result<Option<Event>, Error> {
    let (run_id, leg, turn) = (&address.run_id, address.leg, address.turn);
    match address.kind {
        CallKind::Dialled => {
            let news = app.calls.dial(run_id, leg, turn, DIAL_NEWS_HEAD_START).await;
            let screening = match asked.map(|asked| &asked.then) {
                Some(Then::Dial(dial)) => dial.screening.as_ref(),
                _ => None,
            };
            let asks_for_key = screening.is_some_and(|screening| screening.key.is_some());
            Ok(event::dialled(address, voice, news.as_ref(), asks_for_key))
        }
        // Multi-party calls do not say whether the call goes on.
        CallKind::Left if voice.status.is_none() => {
            let live = worker::patiently(|| app.plivo.live_call(&voice.call_uuid)).await;
            let is_over = matches!(live, Ok(None));
            Ok(event::of_call(address, voice).filter(|_| !is_over))
        }
        _ => Ok(event::of_call(address, voice)),
    }
}

/// Whether a caller has not been answered yet.
fn is_ringing(voice: &Voice) -> bool {
    voice.direction == Some(Direction::Inbound) && voice.status == Some(CallStatus::Ringing)
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
        | Event::Speech { turn, .. }
        | Event::Recorded { turn, .. }
        | Event::DialEnded { turn, .. }
        | Event::ConferenceLeft { turn, .. } => *turn == view.turn,
        _ => true,
    }
}

/// A webhook at the address of an effect proves that the effect was carried out, even if the answer to our request never came.
async fn take_as_receipt(app: &App, address: &CallAddress, voice: &Voice) -> Result<(), Error> {
    let rows =
        store::outbox::of_run(&mut *app.store.reader().await?, app.store.seal(), &address.run_id)
            .await?;
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
        Ok(started) => {
            let asking = Asking {
                run_id: &started.run_id,
                leg: LegId::FIRST,
                turn: 0,
                kind: CallKind::Answer,
                is_ringing: is_ringing(voice),
            };
            Ok(document(&next::document(app, asking).await?))
        }
        Err(error) => gone_or(error),
    }
}

async fn incoming_call_ended(app: &App, voice: &Voice) -> Result<Response, Error> {
    let run_id = store::runs::by_source(&mut *app.store.reader().await?, &voice.call_uuid).await?;
    if let Some(run_id) = run_id
        && let Err(error) = ended::tell(app, &run_id, LegId::FIRST, voice).await
    {
        gone_or(error)?;
    }
    Ok(nothing())
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

pub(super) fn read(params: &Params) -> Result<Voice, Error> {
    Voice::from_params(params).map_err(|error| Error::bad_request(format!("{error}.")))
}

/// A document as an answer.
pub(super) fn document(response: &xml::Response) -> Response {
    ([(header::CONTENT_TYPE, xml::CONTENT_TYPE)], response.to_xml()).into_response()
}

/// The answer to what asks for nothing.
pub(super) fn nothing() -> Response {
    document(&xml::Response::new([]))
}

/// The answer to what does not come from Plivo; says no more.
pub(super) fn forbidden() -> Error {
    Error::new(StatusCode::FORBIDDEN, "This is no webhook of ours.")
}
