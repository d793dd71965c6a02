//! Runs that other runs ask for: started once, waited for as long as they take, and ended with the run that asked.

use super::dispatch::{Desk, effect_id, failed};
use crate::{
    error::Error,
    runs::{Ended, NewRun, is_over, source_of},
    store::{
        outbox::{OutboxRow, PENDING, WAITING},
        runs,
    },
};
use engine::{Event, RunId, RunStatus, StartRun, Trigger, Value, limits};
use std::{collections::BTreeMap, time::Duration};
use tracing::info;

/// How often a run that is waited for is looked at even though its end rings, and rings on disk.
const LOOK_EVERY: Duration = Duration::from_secs(600);

/// How much of a run's results is handed back, in bytes; what is larger belongs into a database.
const RESULTS_BYTES_MAX: usize = 64 * 1024;

/// Starts the run, or goes on waiting for it.
pub(super) async fn start(desk: &Desk, row: OutboxRow, wanted: StartRun) -> Result<(), Error> {
    let child = match row.phase.as_str() {
        WAITING => {
            let source = source_of(&row.run_id, row.effect_id);
            let mut reader = desk.app.store.reader().await?;
            runs::by_source(&mut reader, &source).await?
        }
        PENDING if desk.claim(&row).await? => match begin(desk, &row, &wanted).await? {
            Ok(run_id) => Some(run_id),
            Err(reason) => return desk.settle(&row, failed(&row, reason), None).await,
        },
        _ => return Ok(()),
    };
    let Some(child) = child else {
        return desk.settle(&row, failed(&row, "the run is not there any more"), None).await;
    };
    if !wanted.waits {
        let values = BTreeMap::from([("run_id".to_owned(), child.into())]);
        return desk
            .settle(&row, Event::EffectDone { effect: effect_id(&row), values }, None)
            .await;
    }
    // First put off and then looked at: an end that comes in between rings.
    desk.put_off(&row, WAITING, LOOK_EVERY).await?;
    let child_row = runs::get(&mut *desk.app.store.reader().await?, &child).await?;
    if child_row.is_some_and(|row| !is_over(&row.status)) {
        return end_with_parent(desk, &row, &child).await;
    }
    match desk.app.runs.ended(&child).await {
        Ok(Some(ended)) => {
            let event = Event::EffectDone { effect: effect_id(&row), values: values(child, ended) };
            desk.settle(&row, event, None).await
        }
        Ok(None) => end_with_parent(desk, &row, &child).await,
        Err(error @ (Error::Parked(_) | Error::NotFound(_))) => {
            let reason = format!("the run `{child}` cannot go on: {error}");
            desk.settle(&row, failed(&row, reason), None).await
        }
        Err(error) => Err(error),
    }
}

/// Starts the run; the reason, if it cannot be started.
async fn begin(
    desk: &Desk,
    row: &OutboxRow,
    wanted: &StartRun,
) -> Result<Result<String, String>, Error> {
    if wanted.depth > limits::RUN_DEPTH_MAX {
        return Ok(Err(format!(
            "workflows start each other more than {} deep",
            limits::RUN_DEPTH_MAX
        )));
    }
    let new = NewRun {
        workflow_id: wanted.workflow_id.clone(),
        trigger: Trigger::RunWorkflow {
            params: wanted.params.clone(),
            parent: RunId(row.run_id.clone()),
            depth: wanted.depth,
        },
        source_uuid: Some(source_of(&row.run_id, row.effect_id)),
        idempotency: None,
    };
    match desk.app.runs.start(new).await {
        Ok(started) => Ok(Ok(started.run_id)),
        Err(error @ Error::Database(_)) => {
            // Nothing was started, or it will be found again.
            desk.put_off(row, PENDING, Duration::from_secs(1)).await?;
            Err(error)
        }
        Err(error) => Ok(Err(error.to_string())),
    }
}

/// A run whose asker was cancelled or failed is cancelled with it.
async fn end_with_parent(desk: &Desk, row: &OutboxRow, child: &str) -> Result<(), Error> {
    let parent = runs::get(&mut *desk.app.store.reader().await?, &row.run_id).await?;
    let is_broken_off = parent.is_none_or(|parent| {
        [RunStatus::Failed, RunStatus::Cancelled]
            .iter()
            .any(|status| status.as_str() == parent.status)
    });
    if !is_broken_off {
        return Ok(());
    }
    info!(run.id = %child, parent.id = %row.run_id, "a run ends with the one that asked for it");
    match desk.app.runs.cancel(child, &format!("run {}", row.run_id)).await {
        // Over in the meantime is as good.
        Ok(()) | Err(Error::Conflict(_) | Error::NotFound(_) | Error::Parked(_)) => {
            desk.settle(row, failed(row, "the run that asked for it was ended"), None).await
        }
        Err(error) => Err(error),
    }
}

/// What the run that asked is told.
fn values(run_id: String, ended: Ended) -> BTreeMap<String, Value> {
    BTreeMap::from([
        ("run_id".to_owned(), run_id.into()),
        ("status".to_owned(), ended.status.as_str().into()),
        ("problem".to_owned(), ended.problem.map_or(Value::Null, Value::from)),
        ("result".to_owned(), Value::Map(bounded(ended.results).into_iter().collect())),
    ])
}

/// As many results as fit, the small ones first.
fn bounded(results: BTreeMap<String, Value>) -> BTreeMap<String, Value> {
    let mut rows: Vec<(usize, String, Value)> = results
        .into_iter()
        .map(|(name, value)| (name.len() + value.weight(), name, value))
        .collect();
    rows.sort_by(|left, right| (left.0, &left.1).cmp(&(right.0, &right.1)));
    let mut weight = 0;
    rows.into_iter()
        .take_while(|(row_weight, ..)| {
            weight += row_weight;
            weight <= RESULTS_BYTES_MAX
        })
        .map(|(_, name, value)| (name, value))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::bounded;
    use engine::Value;

    #[test]
    fn of_results_that_are_too_large_the_small_ones_are_handed_back() {
        let results = [
            ("big".to_owned(), "x".repeat(70_000).into()),
            ("half".to_owned(), "x".repeat(40_000).into()),
            ("also".to_owned(), "x".repeat(40_000).into()),
            ("answer".to_owned(), Value::Int(42)),
        ];
        let kept: Vec<String> = bounded(results.into_iter().collect()).into_keys().collect();
        assert_eq!(kept, ["also", "answer"]);
    }
}
