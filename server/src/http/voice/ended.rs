//! The end of a call, and what has to be told before it.

use crate::{app::App, error::Error, runs::LegView, telephony::event};
use engine::{LegId, LegState, Then};
use plivo::webhook::Voice;
use std::time::Duration;

/// How long the end of a call waits for the message that its party has left: Plivo reports both at the same moment, in any order.
const RECORDING_HEAD_START: Duration = Duration::from_secs(3);

/// Tells a run that a call has ended.
pub(super) async fn tell(app: &App, run_id: &str, leg: LegId, voice: &Voice) -> Result<(), Error> {
    let Some(view) = open(app, run_id, leg).await? else { return Ok(()) };
    let records = |view: &LegView| {
        view.instruction
            .as_ref()
            .is_some_and(|instruction| matches!(instruction.then, Then::Record(_)))
    };
    if records(&view) {
        app.calls.until_recorded(run_id, leg, view.turn, RECORDING_HEAD_START).await;
    }
    app.calls.forget(run_id, leg);
    match open(app, run_id, leg).await? {
        Some(_) => app.runs.deliver(run_id, event::ended(leg, voice)).await,
        None => Ok(()),
    }
}

/// A leg that has not ended, as far as the run knows.
async fn open(app: &App, run_id: &str, leg: LegId) -> Result<Option<LegView>, Error> {
    Ok(app.runs.leg(run_id, leg).await?.filter(|view| view.state != LegState::Ended))
}
