//! Recordings of calls that are going on. One that may have begun is not begun again: nobody can ask the carrier for those under way, and a call recorded twice
//! would be paid for twice.

use super::{
    carrier::{ATTEMPTS_MAX, call_uuid, pause_after, try_later},
    dispatch::{Desk, effect_id, failed},
    patience::patiently,
};
use crate::{
    error::Error,
    store::outbox::{OutboxRow, PENDING},
};
use engine::{Event, LegId, effect::Recording};
use plivo::webhook::CallStatus;
use tracing::info;

const OVER: &str = "the call is over";

/// Begins to record a call.
pub(super) async fn start(
    desk: &Desk,
    row: OutboxRow,
    leg: LegId,
    how: Recording,
    time_limit_s: u32,
) -> Result<(), Error> {
    let Some(call_uuid) = call_uuid(desk, &row, leg).await? else {
        return desk.settle(&row, failed(&row, OVER), None).await;
    };
    if !desk.claim(&row).await? {
        return Ok(());
    }
    let Some(row) = desk.present(&row).await? else { return Ok(()) };
    let request = desk.app.telephony.start_recording(&row.run_id, how, time_limit_s);
    match desk.app.plivo.record_call(&call_uuid, &request).await {
        Ok(Some(recording)) => {
            let values =
                [("recording_id", recording.recording_id), ("recording_url", recording.url)];
            let values =
                values.map(|(name, value)| (name.to_owned(), value.as_str().into())).into();
            desk.settle(&row, Event::EffectDone { effect: effect_id(&row), values }, None).await
        }
        Ok(None) if is_ringing(desk, &call_uuid).await && row.attempt < ATTEMPTS_MAX => {
            // Only what was answered can be recorded.
            desk.app.calls.want_answered(&row.run_id, leg);
            desk.put_off(&row, PENDING, desk.app.config.pace.hold).await
        }
        Ok(None) => desk.settle(&row, failed(&row, OVER), None).await,
        Err(error @ (plivo::Error::RateLimited { .. } | plivo::Error::NotSent(_)))
            if row.attempt < ATTEMPTS_MAX =>
        {
            info!(run.id = %row.run_id, effect.id = row.effect_id, %error, "the carrier did not take it; trying again");
            desk.put_off(&row, PENDING, pause_after(&error, row.attempt)).await
        }
        Err(plivo::Error::Unknown(reason)) => {
            let effect = effect_id(&row);
            desk.settle(&row, Event::EffectUnknown { effect, reason }, None).await
        }
        Err(error) => desk.settle(&row, failed(&row, error.to_string()), None).await,
    }
}

async fn is_ringing(desk: &Desk, call_uuid: &str) -> bool {
    let call = patiently(|| desk.app.plivo.live_call(call_uuid)).await;
    matches!(call, Ok(Some(call)) if call.status == CallStatus::Ringing)
}

/// Stops all recordings of a call; doing it twice does no harm.
pub(super) async fn stop(desk: &Desk, row: OutboxRow, leg: LegId) -> Result<(), Error> {
    let Some(call_uuid) = call_uuid(desk, &row, leg).await? else {
        return desk.settle(&row, failed(&row, OVER), None).await;
    };
    let event = match desk.app.plivo.stop_recording(&call_uuid).await {
        Ok(true) => {
            Event::EffectDone { effect: effect_id(&row), values: std::collections::BTreeMap::new() }
        }
        Ok(false) => failed(&row, "the call is over, or nothing is recorded"),
        Err(error) if error.is_passing() && row.attempt < ATTEMPTS_MAX => {
            info!(run.id = %row.run_id, effect.id = row.effect_id, %error, "a recording is not stopped yet");
            return try_later(desk, &row, ATTEMPTS_MAX).await;
        }
        Err(error) => failed(&row, error.to_string()),
    };
    desk.settle(&row, event, None).await
}
