//! Questions of workflows to databases. They only read, so one that a crash interrupted is asked again.

use super::dispatch::{Desk, effect_id, failed};
use crate::{databases, error::Error, store::outbox::OutboxRow};
use engine::{Event, QueryDatabase, Value};
use std::collections::BTreeMap;

/// Asks and tells the run.
pub(super) async fn ask(desk: &Desk, row: OutboxRow, query: QueryDatabase) -> Result<(), Error> {
    if !desk.claim(&row).await? {
        return Ok(());
    }
    let outcome = databases::ask(&desk.app.config.databases, &query).await;
    let word = if outcome.is_ok() { "answered" } else { "failed" };
    metrics::counter!("phloem_database_queries_total", "outcome" => word).increment(1);
    let event = match outcome {
        Ok(rows) => Event::EffectDone {
            effect: effect_id(&row),
            values: BTreeMap::from([
                ("row_count".to_owned(), Value::Int(i64::try_from(rows.len()).unwrap_or(i64::MAX))),
                ("rows".to_owned(), rows.into()),
            ]),
        },
        Err(reason) => failed(&row, reason),
    };
    desk.settle(&row, event, None).await
}
