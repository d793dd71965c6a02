//! Runs of workflows that have a schedule. Each planned moment starts one run: the moment is the run's source, so a crash in between starts no second.

use crate::{
    app::App,
    clock,
    error::Error,
    runs::NewRun,
    schedule::Schedule,
    store::schedules::{self, ScheduleRow},
};
use engine::{Time, Trigger};
use std::time::Duration;
use tracing::{error, info, warn};

/// Schedules looked at in one go.
const AT_ONCE_MAX: i64 = 256;

/// How often it is looked whether a moment has come: a cron expression names minutes.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Works until the server stops.
pub(super) async fn work(app: App) {
    if let Err(error) = app.workflows.plan_all().await {
        error!(%error, "the schedules of workflows cannot be planned");
    }
    loop {
        if let Err(error) = start_due(&app).await {
            error!(%error, "the schedules cannot be followed");
        }
        if !super::pause(&app, LOOK_EVERY).await {
            return;
        }
    }
}

async fn start_due(app: &App) -> Result<(), Error> {
    let due = schedules::due(&mut *app.store.reader().await?, clock::now(), AT_ONCE_MAX).await?;
    for row in due {
        if app.stopping.is_cancelled() {
            break;
        }
        follow(app, &row).await?;
    }
    Ok(())
}

async fn follow(app: &App, row: &ScheduleRow) -> Result<(), Error> {
    let now = clock::now();
    let schedule = match Schedule::new(&row.cron, &row.time_zone) {
        Ok(schedule) => schedule,
        Err(error) => {
            warn!(workflow.id = %row.workflow_id, %error, "a schedule cannot be followed any more");
            return remove(app, row).await;
        }
    };
    match schedule.latest(Time(row.planned_at), now) {
        Some(planned_at) => start(app, row, planned_at).await?,
        None => {
            info!(workflow.id = %row.workflow_id, planned_at = %clock::rfc3339(Time(row.planned_at)), "a planned moment was missed for too long and is left out");
        }
    }
    match schedule.next_after(now) {
        Some(next) => {
            let mut tx = app.store.begin().await?;
            schedules::move_on(&mut tx, row, next).await?;
            Ok(tx.commit().await?)
        }
        None => remove(app, row).await,
    }
}

async fn start(app: &App, row: &ScheduleRow, planned_at: Time) -> Result<(), Error> {
    let new = NewRun {
        workflow_id: row.workflow_id.clone(),
        trigger: Trigger::Schedule { planned_at },
        source_uuid: Some(format!("schedule:{}:{}", row.workflow_id, planned_at.0)),
        idempotency: None,
    };
    match app.runs.start(new).await {
        Ok(_) => Ok(()),
        Err(error @ Error::Database(_)) => Err(error),
        Err(error) => {
            warn!(workflow.id = %row.workflow_id, %error, "a planned run could not be started");
            Ok(())
        }
    }
}

async fn remove(app: &App, row: &ScheduleRow) -> Result<(), Error> {
    let mut tx = app.store.begin().await?;
    schedules::remove(&mut tx, &row.workflow_id).await?;
    Ok(tx.commit().await?)
}
