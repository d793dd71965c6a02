//! Wakes runs when their moment has come.

use super::LOOK_EVERY;
use crate::{app::App, clock, error::Error, store::timers};
use engine::{Event, Time};
use std::{collections::HashMap, time::Duration};
use tracing::{error, warn};

/// Runs woken in one go.
const AT_ONCE_MAX: i64 = 256;

/// How long a run that could not be woken, or wants to be woken at once again, has to wait.
const AGAIN_MS: i64 = 1_000;

/// Works until the server stops.
pub(super) async fn work(app: App) {
    let mut not_before: HashMap<String, Time> = HashMap::new();
    while !app.stopping.is_cancelled() {
        let sleep = match wake_due(&app, &mut not_before).await {
            Ok(sleep) => sleep,
            Err(error) => {
                error!(%error, "the timers cannot be read");
                LOOK_EVERY
            }
        };
        tokio::select! {
            () = app.stopping.cancelled() => return,
            () = app.runs.bells().timers(clock::now().plus_ms(i64::try_from(sleep.as_millis()).unwrap_or(i64::MAX))) => {}
            () = tokio::time::sleep(sleep) => {}
        }
    }
}

/// Wakes what is due and says how long to sleep.
async fn wake_due(app: &App, not_before: &mut HashMap<String, Time>) -> Result<Duration, Error> {
    let now = clock::now();
    not_before.retain(|_, moment| *moment > now);
    let due = timers::due(&mut *app.store.reader().await?, now, AT_ONCE_MAX).await?;
    for run_id in
        due.into_iter().filter(|run_id| !not_before.contains_key(run_id)).collect::<Vec<_>>()
    {
        not_before.insert(run_id.clone(), now.plus_ms(AGAIN_MS));
        match app.runs.deliver(&run_id, Event::Woke).await {
            Ok(()) => {}
            Err(Error::Parked(_)) => {}
            Err(error) => warn!(run.id = %run_id, %error, "a run could not be woken"),
        }
    }
    let next = timers::next(&mut *app.store.reader().await?).await?;
    let until = next.map_or(LOOK_EVERY, |next| {
        Duration::from_millis((next.0 - clock::now().0).max(10).unsigned_abs())
    });
    Ok(until.min(LOOK_EVERY))
}
