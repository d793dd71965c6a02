//! Rings people into multi-party calls. The run is told once they are there, or that they will not come.

use super::{
    carrier,
    dispatch::{Desk, effect_id, failed},
    patience::patiently,
    pause,
    reconcile::Sought,
};
use crate::{error::Error, store::outbox::OutboxRow, telephony::event};
use engine::{EndCause, Event, LegId, effect::AddParticipant};
use plivo::webhook::CallStatus;
use std::time::{Duration, Instant};
use tracing::info;

/// How much longer than it may ring a call is waited for: placing it takes a moment, too.
const GRACE: Duration = Duration::from_secs(15);

/// Rings somebody into a multi-party call.
pub(super) async fn add(desk: &Desk, row: OutboxRow, add: AddParticipant) -> Result<(), Error> {
    let patience = Duration::from_secs(u64::from(add.ring_timeout_s)) + GRACE;
    let (room, request) = desk.app.telephony.add_participant(&add);
    let sought = Sought::Participant(room, request);
    let placed = {
        let _lane = desk.lanes.enter(sought.lane()).await;
        carrier::obtain(desk, row, &sought).await?
    };
    let Some((row, call_uuid)) = placed else { return Ok(()) };
    let outcome = arrival(desk, &row, &call_uuid, patience).await;
    let event = match outcome {
        Arrival::Came => sought.accepted(effect_id(&row), &call_uuid),
        Arrival::Stayed(reason) => failed(&row, reason),
        Arrival::Stopping => return Ok(()),
    };
    desk.settle(&row, event, Some(&call_uuid)).await
}

/// What became of somebody who was rung.
enum Arrival {
    Came,
    /// They did not come, and why.
    Stayed(&'static str),
    /// The server stops; the next one looks again.
    Stopping,
}

/// Looks until they have answered or will not.
async fn arrival(desk: &Desk, row: &OutboxRow, call_uuid: &str, patience: Duration) -> Arrival {
    let plivo = &desk.app.plivo;
    let begun = Instant::now();
    while begun.elapsed() < patience {
        match patiently(|| plivo.live_call(call_uuid)).await {
            Ok(Some(call)) if call.status == CallStatus::InProgress => return Arrival::Came,
            Ok(Some(_)) => {}
            Ok(None) => match patiently(|| plivo.call_record(call_uuid)).await {
                Ok(Some(record)) if record.answer_time.is_some() => return Arrival::Came,
                Ok(Some(record)) => {
                    return Arrival::Stayed(match event::ended_by_record(LegId::FIRST, &record) {
                        Event::CallEnded { cause: EndCause::Busy, .. } => "the line was busy",
                        Event::CallEnded { cause: EndCause::NoAnswer, .. } => "nobody answered",
                        _ => "the call could not be placed",
                    });
                }
                // Not placed yet, or not in the records yet.
                Ok(None) => {}
                Err(error) => {
                    info!(run.id = %row.run_id, effect.id = row.effect_id, %error, "the carrier does not say whether somebody answered");
                }
            },
            Err(error) => {
                info!(run.id = %row.run_id, effect.id = row.effect_id, %error, "the carrier does not say whether somebody answered");
            }
        }
        if is_over(desk, row).await {
            // Nobody is there to talk to.
            if plivo.hang_up(call_uuid).await != Ok(true) {
                // It rings, and is known by its request.
                let _ = plivo.cancel_request(call_uuid).await;
            }
            return Arrival::Stayed("the run is over");
        }
        if !pause(&desk.app, desk.app.config.pace.hold).await {
            return Arrival::Stopping;
        }
    }
    Arrival::Stayed("nobody answered")
}

async fn is_over(desk: &Desk, row: &OutboxRow) -> bool {
    matches!(desk.app.runs.leg(&row.run_id, LegId::FIRST).await, Ok(Some(view)) if view.run_is_over)
}
