//! Calls and texts. The intent is on disk before anything is sent; an attempt whose outcome is unknown is looked up before any second one.

use super::{
    dispatch::{Desk, effect_id, failed},
    patience::patiently,
    reconcile::{self, Sought},
};
use crate::{
    error::Error,
    store::outbox::{self, OutboxRow, PENDING, UNSURE},
    telephony::event,
};
use engine::{Effect, EndCause, Event, LegId, LegState, PlaceCall, SendMessage};
use std::time::Duration;
use tracing::{info, warn};

/// Attempts that certainly did nothing (no connection, too many requests) before an effect is given up.
pub(super) const ATTEMPTS_MAX: i64 = 6;
/// Attempts that may have done something; after the last, nobody can tell.
const UNSURE_ATTEMPTS_MAX: i64 = 2;
/// How often hanging up is tried.
const HANG_UP_ATTEMPTS_MAX: i64 = 30;
/// Longest pause between attempts.
const PAUSE_MAX: Duration = Duration::from_secs(60);

/// Rings somebody.
pub(super) async fn place_call(desk: &Desk, row: OutboxRow, call: PlaceCall) -> Result<(), Error> {
    let sought = Sought::Call(desk.app.telephony.make_call(&row.run_id, &call));
    attempt(desk, row, &sought).await
}

/// Sends a text.
pub(super) async fn send_message(
    desk: &Desk,
    row: OutboxRow,
    message: SendMessage,
) -> Result<(), Error> {
    let sought =
        Sought::Message(desk.app.telephony.send_message(&row.run_id, effect_id(&row), &message));
    attempt(desk, row, &sought).await
}

/// Carries an effect out once and tells the run that the carrier has it.
async fn attempt(desk: &Desk, row: OutboxRow, sought: &Sought) -> Result<(), Error> {
    let _lane = desk.lanes.enter(sought.lane()).await;
    match obtain(desk, row, sought).await? {
        Some((row, uuid)) => {
            let event = sought.accepted(effect_id(&row), &uuid);
            desk.settle(&row, event, Some(&uuid)).await
        }
        None => Ok(()),
    }
}

/// Tries once, and if nobody knows what became of it, finds out before any second try. Gives the carrier's id of it; nothing if there is none to be had, of which the
/// run has been told, or none yet.
pub(super) async fn obtain(
    desk: &Desk,
    row: OutboxRow,
    sought: &Sought,
) -> Result<Option<(OutboxRow, String)>, Error> {
    // While we waited for the lane, a webhook may have been the receipt.
    let Some(mut row) = desk.present(&row).await? else { return Ok(None) };
    loop {
        if row.phase == PENDING {
            if !desk.claim(&row).await? {
                return Ok(None);
            }
            let Some(claimed) = desk.present(&row).await? else { return Ok(None) };
            row = claimed;
            let outcome = sought.send(&desk.app.plivo).await;
            metrics::counter!("phloem_carrier_requests_total", "kind" => row.kind.clone(), "outcome" => word(&outcome)).increment(1);
            match outcome {
                Ok(uuid) => return Ok(Some((row, uuid))),
                Err(error @ (plivo::Error::RateLimited { .. } | plivo::Error::NotSent(_)))
                    if row.attempt < ATTEMPTS_MAX =>
                {
                    info!(run.id = %row.run_id, effect.id = row.effect_id, attempt = row.attempt, %error, "the carrier did not take it; trying again");
                    desk.put_off(&row, PENDING, pause_after(&error, row.attempt)).await?;
                    return Ok(None);
                }
                Err(plivo::Error::Unknown(reason)) => {
                    warn!(run.id = %row.run_id, effect.id = row.effect_id, %reason, "nobody knows yet what became of an attempt");
                    desk.put_off(&row, UNSURE, Duration::ZERO).await?;
                }
                Err(error) => {
                    desk.settle(&row, failed(&row, error.to_string()), None).await?;
                    return Ok(None);
                }
            }
        }
        match reconcile::find(desk, &row, sought).await? {
            reconcile::Found::Settled | reconcile::Found::Stopping => return Ok(None),
            reconcile::Found::Is(uuid) => {
                info!(run.id = %row.run_id, effect.id = row.effect_id, "the carrier has it after all");
                return Ok(Some((row, uuid)));
            }
            reconcile::Found::IsNot if row.attempt < UNSURE_ATTEMPTS_MAX => {
                info!(run.id = %row.run_id, effect.id = row.effect_id, "the carrier does not have it; trying again");
                desk.put_off(&row, PENDING, Duration::ZERO).await?;
                let Some(present) = desk.present(&row).await? else { return Ok(None) };
                row = present;
            }
            reconcile::Found::IsNot => {
                let reason =
                    "the carrier gave no usable answer twice and lists nothing of the kind";
                unknown(desk, &row, reason).await?;
                return Ok(None);
            }
            reconcile::Found::CannotTell(reason) => {
                unknown(desk, &row, &reason).await?;
                return Ok(None);
            }
        }
    }
}

async fn unknown(desk: &Desk, row: &OutboxRow, reason: &str) -> Result<(), Error> {
    metrics::counter!("phloem_effects_unknown_total", "kind" => row.kind.clone()).increment(1);
    desk.settle(
        row,
        Event::EffectUnknown { effect: effect_id(row), reason: reason.to_owned() },
        None,
    )
    .await
}

/// Ends a call, or takes one back that nobody answered. The hangup webhook tells the run; if there is no such call any more, that is told here.
pub(super) async fn hang_up(desk: &Desk, row: OutboxRow, leg: LegId) -> Result<(), Error> {
    let view = desk.app.runs.leg(&row.run_id, leg).await?;
    let Some(view) = view.filter(|view| view.state != LegState::Ended) else {
        return remove(desk, &row).await;
    };
    let outcome = match (&view.call_uuid, &view.request_uuid) {
        (Some(call_uuid), _) => desk.app.plivo.hang_up(call_uuid).await,
        (None, Some(request_uuid)) => match desk.app.plivo.cancel_request(request_uuid).await {
            // Answered in the meantime: then it is a call, of the same id.
            Ok(false) => desk.app.plivo.hang_up(request_uuid).await,
            other => other,
        },
        (None, None) => {
            if take_back(desk, &row, leg).await? {
                return remove(desk, &row).await;
            }
            Err(plivo::Error::NotSent("the call is being placed".to_owned()))
        }
    };
    match outcome {
        Ok(true) => remove(desk, &row).await,
        Ok(false) => gone_or_later(desk, &row, leg, HANG_UP_ATTEMPTS_MAX).await,
        Err(error) => {
            info!(run.id = %row.run_id, effect.id = row.effect_id, %error, "a call is not hung up yet");
            try_later(desk, &row, HANG_UP_ATTEMPTS_MAX).await
        }
    }
}

/// What to do where the carrier does not know a call: tell the run that it is over, or, if it is up all the same, try again.
pub(super) async fn gone_or_later(
    desk: &Desk,
    row: &OutboxRow,
    leg: LegId,
    attempts_max: i64,
) -> Result<(), Error> {
    match call_fate(&desk.app, &row.run_id, leg).await {
        Ok(Some(event)) => {
            remove(desk, row).await?;
            desk.app.runs.deliver(&row.run_id, event).await
        }
        Ok(None) | Err(_) => try_later(desk, row, attempts_max).await,
    }
}

/// Takes a call back that was not asked for yet.
async fn take_back(desk: &Desk, row: &OutboxRow, leg: LegId) -> Result<bool, Error> {
    let store = &desk.app.store;
    let rows = outbox::of_run(&mut *store.reader().await?, store.seal(), &row.run_id).await?;
    let placing = rows.into_iter().find(|other| is_call_of(other, leg));
    let Some(placing) = placing else { return Ok(false) };
    if placing.phase != PENDING || placing.attempt > 0 || !desk.claim(&placing).await? {
        return Ok(false);
    }
    desk.settle(&placing, failed(&placing, "it was taken back before it was placed"), None).await?;
    Ok(true)
}

/// Whether a row is the effect that places the call of a leg.
pub(crate) fn is_call_of(row: &OutboxRow, leg: LegId) -> bool {
    row.kind == "place_call"
        && matches!(serde_json::from_str(&row.effect), Ok(Effect::PlaceCall(call)) if call.leg == leg)
}

/// Finds out whether a call is still up and tells the run.
pub(super) async fn check_call(desk: &Desk, row: OutboxRow, leg: LegId) -> Result<(), Error> {
    match call_fate(&desk.app, &row.run_id, leg).await {
        Ok(event) => {
            remove(desk, &row).await?;
            desk.app.runs.deliver(&row.run_id, event.unwrap_or(Event::CallAlive { leg })).await
        }
        Err(error) => {
            info!(run.id = %row.run_id, effect.id = row.effect_id, %error, "the carrier does not say whether a call is up");
            try_later(desk, &row, i64::MAX).await
        }
    }
}

/// Plivo's id of a leg's call; nothing if it is over.
pub(super) async fn call_uuid(
    desk: &Desk,
    row: &OutboxRow,
    leg: LegId,
) -> Result<Option<String>, Error> {
    let view = desk.app.runs.leg(&row.run_id, leg).await?;
    let view = view.filter(|view| view.state != LegState::Ended);
    Ok(view.and_then(|view| view.call_uuid.or(view.request_uuid)))
}

/// The end of a leg's call, if it has ended without our hearing of it; nothing while it is up, or while it is still being placed.
pub(super) async fn call_fate(
    app: &crate::app::App,
    run_id: &str,
    leg: LegId,
) -> Result<Option<Event>, Error> {
    let Some(view) = app.runs.leg(run_id, leg).await?.filter(|view| view.state != LegState::Ended)
    else {
        return Ok(None);
    };
    let Some(uuid) = view.call_uuid.or(view.request_uuid) else { return Ok(None) };
    let plivo = &app.plivo;
    if patiently(|| plivo.live_call(&uuid)).await?.is_some()
        || patiently(|| plivo.queued_call(&uuid)).await?.is_some()
    {
        return Ok(None);
    }
    if let Some(record) = patiently(|| plivo.call_record(&uuid)).await? {
        return Ok(Some(event::ended_by_record(leg, &record)));
    }
    Ok(Some(Event::CallEnded { leg, cause: EndCause::Lost, duration_s: 0 }))
}

/// Takes an effect out of the outbox that nobody waits for.
pub(super) async fn remove(desk: &Desk, row: &OutboxRow) -> Result<(), Error> {
    let mut tx = desk.app.store.begin().await?;
    outbox::remove(&mut tx, &row.run_id, row.effect_id).await?;
    tx.commit().await?;
    Ok(())
}

/// Puts an effect off that may be done twice, unless it was tried often enough.
pub(super) async fn try_later(
    desk: &Desk,
    row: &OutboxRow,
    attempts_max: i64,
) -> Result<(), Error> {
    if row.attempt >= attempts_max {
        warn!(run.id = %row.run_id, effect.id = row.effect_id, "given up after {attempts_max} attempts");
        return remove(desk, row).await;
    }
    if desk.claim(row).await? {
        desk.put_off(row, PENDING, pause(row.attempt)).await?;
    }
    Ok(())
}

/// How long to wait before trying again.
pub(super) fn pause_after(error: &plivo::Error, attempt: i64) -> Duration {
    match error {
        plivo::Error::RateLimited { retry_after_s: Some(seconds) } => {
            Duration::from_secs((*seconds).min(PAUSE_MAX.as_secs()))
        }
        _ => pause(attempt),
    }
}

/// Half a second, doubled with every attempt.
fn pause(attempt: i64) -> Duration {
    let doublings = u32::try_from(attempt.clamp(0, 16)).unwrap_or(16);
    Duration::from_millis(500).saturating_mul(1 << doublings).min(PAUSE_MAX)
}

fn word(outcome: &Result<String, plivo::Error>) -> &'static str {
    match outcome {
        Ok(_) => "accepted",
        Err(plivo::Error::Unknown(_)) => "unknown",
        Err(plivo::Error::RateLimited { .. } | plivo::Error::NotSent(_)) => "not_taken",
        Err(plivo::Error::Refused { .. } | plivo::Error::Invalid(_)) => "refused",
    }
}
