//! What a start finds unfinished: effects that were under way, and runs whose calls may have ended meanwhile.

use super::{carrier, http_request};
use crate::{
    app::App,
    clock,
    error::Error,
    seal,
    store::{
        outbox::{self, OutboxRow},
        runs, timers,
    },
};
use engine::{Effect, EffectId, EndCause, Event, LegId, LegState, Time};
use tracing::{info, warn};

/// Why an interrupted request is not repeated.
const INTERRUPTED: &str = "the server stopped while the request was under way; it may have been carried out, and repeating it could do it twice";

/// Sorts what was under way: calls and texts are looked up before anything else, requests are repeated where that does no harm.
pub(super) async fn outbox(app: &App) -> Result<(), Error> {
    let rows = outbox::under_way(&mut *app.store.reader().await?, app.store.seal()).await?;
    if rows.is_empty() {
        return Ok(());
    }
    info!(effects = rows.len(), "effects were under way when the server stopped");
    for row in &rows {
        resume(app, row).await?;
    }
    Ok(())
}

/// Sorts one abandoned attempt.
pub(super) async fn resume(app: &App, row: &OutboxRow) -> Result<(), Error> {
    if seal::is_sealed(&row.effect) {
        // The dispatcher says what to do about it.
        return Ok(());
    }
    let phase = match serde_json::from_str(&row.effect) {
        Ok(Effect::PlaceCall(_) | Effect::SendMessage(_) | Effect::AddParticipant(_)) => {
            outbox::UNSURE
        }
        Ok(Effect::HttpRequest(request)) if !http_request::is_repeatable(&request) => {
            let event = |effect| Event::EffectFailed { effect, reason: INTERRUPTED.to_owned() };
            return give_up(app, row, event).await;
        }
        // Nobody can be asked about mails, nor about recordings that go on.
        Ok(Effect::SendEmail(_) | Effect::StartRecording { .. }) => {
            let event = |effect| Event::EffectUnknown { effect, reason: INTERRUPTED.to_owned() };
            return give_up(app, row, event).await;
        }
        _ => outbox::PENDING,
    };
    let mut tx = app.store.begin().await?;
    outbox::set_phase(&mut tx, &row.run_id, row.effect_id, phase, clock::now()).await?;
    tx.commit().await?;
    Ok(())
}

/// Tells a run that an attempt will not be made again.
async fn give_up(
    app: &App,
    row: &OutboxRow,
    event: impl FnOnce(EffectId) -> Event,
) -> Result<(), Error> {
    let effect = EffectId(u32::try_from(row.effect_id).unwrap_or(u32::MAX));
    match app.runs.settle(&row.run_id, effect, event(effect), None).await {
        Ok(_) | Err(Error::Parked(_)) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Whether to believe that a call is gone. Plivo does not promise to list a call that rings, so a missing one may still be answered; the run asks again when it
/// must be over. The simulator in a sandbox began anew with us and knows all its calls.
async fn is_certain(app: &App, run_id: &str, leg: LegId, event: &Event) -> Result<bool, Error> {
    if app.simulator.is_some() || !matches!(event, Event::CallEnded { cause: EndCause::Lost, .. }) {
        return Ok(true);
    }
    Ok(app.runs.leg(run_id, leg).await?.is_some_and(|view| view.state == LegState::Live))
}

/// Looks at every run that goes on: sets its wake-up anew, and asks the carrier about its calls, whose hangup webhooks may have found nobody here.
/// After a restart of a sandbox all calls are gone; the runs learn that as a hang-up.
pub(super) async fn runs(app: App) {
    if let Err(error) = look_at_runs(&app).await {
        warn!(%error, "the runs that go on could not be looked at");
    }
}

async fn look_at_runs(app: &App) -> Result<(), Error> {
    let active = runs::active(&mut *app.store.reader().await?).await?;
    if !active.is_empty() {
        info!(runs = active.len(), "runs go on");
    }
    for run_id in active {
        if app.stopping.is_cancelled() {
            return Ok(());
        }
        let wake_at = match app.runs.wake_at(&run_id).await {
            Ok(wake_at) => wake_at,
            Err(Error::Parked(_)) => continue,
            Err(error) => return Err(error),
        };
        mend(app, &run_id, wake_at).await?;
        for leg in app.runs.open_legs(&run_id).await? {
            match carrier::call_fate(app, &run_id, leg).await {
                Ok(Some(event)) if is_certain(app, &run_id, leg, &event).await? => {
                    app.runs.deliver(&run_id, event).await?
                }
                Ok(_) => {}
                Err(error) => {
                    warn!(run.id = %run_id, %error, "the carrier does not say whether a call is up; the run will ask again")
                }
            }
        }
    }
    app.runs.bells().ring_timers(clock::now());
    Ok(())
}

/// Puts right what a parked or half-restored run may lack. Most runs lack nothing, and nothing is written for them.
async fn mend(app: &App, run_id: &str, wake_at: Option<Time>) -> Result<(), Error> {
    let (problem, timer) = {
        let mut reader = app.store.reader().await?;
        (
            runs::get(&mut reader, run_id).await?.and_then(|row| row.problem),
            timers::get(&mut reader, run_id).await?,
        )
    };
    if problem.is_none() && timer == wake_at {
        return Ok(());
    }
    let mut tx = app.store.begin().await?;
    // A run that another release could not read, and this one can, goes on.
    runs::set_problem(&mut tx, run_id, None).await?;
    timers::set(&mut tx, run_id, wake_at).await?;
    tx.commit().await?;
    Ok(())
}
