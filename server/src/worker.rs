//! The loops that carry out what runs ask for: claim → act → record, each at its own pace.
//!
//! - `recovery`: what a start finds unfinished
//! - `dispatch`: effects out of the outbox, with `carrier` (calls and texts), `redirect` (calls that are to do something else), `reconcile` (what became of a lost
//!   attempt), `http_request`, `email`, `database` and
//!   `children` (runs that other runs ask for)
//! - `timers`: wake-ups
//! - `schedules`: runs of workflows that have a schedule
//! - `completion`: telling `on_complete` addresses

mod carrier;
mod children;
mod completion;
mod database;
mod dispatch;
mod email;
mod http_request;
mod lanes;
mod participant;
mod patience;
mod reconcile;
mod recording;
mod recovery;
mod redirect;
mod rooms;
mod schedules;
mod timers;

pub(crate) use carrier::is_call_of;
pub(crate) use patience::patiently;
pub(crate) use rooms::find as find_member;

use crate::app::App;
use std::time::Duration;

/// How often a worker looks even if nothing rang: the command line may have written beside the server.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// How often runs that nothing happens to are let go of.
const SWEEP_EVERY: Duration = Duration::from_secs(60);

/// Starts all workers. They stop with the app.
///
/// # Errors
/// The database failed.
pub async fn start(app: &App) -> Result<(), crate::Error> {
    recovery::outbox(app).await?;
    app.tasks.spawn(dispatch::work(app.clone()));
    app.tasks.spawn(timers::work(app.clone()));
    app.tasks.spawn(completion::work(app.clone()));
    app.tasks.spawn(schedules::work(app.clone()));
    app.tasks.spawn(recovery::runs(app.clone()));
    let sweeper = app.clone();
    app.tasks.spawn(async move {
        while pause(&sweeper, SWEEP_EVERY).await {
            sweeper.runs.sweep();
        }
    });
    Ok(())
}

/// Waits. False when the server stops.
async fn pause(app: &App, time: Duration) -> bool {
    tokio::select! {
        () = app.stopping.cancelled() => false,
        () = tokio::time::sleep(time) => true,
    }
}
