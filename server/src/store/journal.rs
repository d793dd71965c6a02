//! The record of runs: what happened, what each run made of it and asked for.

use super::Connection;
use crate::error::Error;

/// An entry's row. `input` alone rebuilds the run; `notes` and `effects` are for readers.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct EntryRow {
    /// Counts from 1 in its run.
    pub seq: i64,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// What happened, as the engine's JSON.
    pub input: String,
    /// What the run did.
    pub notes: String,
    /// What it asked for, without secrets.
    pub effects: String,
}

/// Adds an entry.
///
/// # Errors
/// The database failed, or the run has an entry of this number.
pub async fn append(
    connection: &mut Connection,
    run_id: &str,
    entry: &EntryRow,
) -> Result<(), Error> {
    sqlx::query("insert into journal (run_id, seq, at, input, notes, effects) values ($1, $2, $3, $4, $5, $6)")
        .bind(run_id)
        .bind(entry.seq)
        .bind(entry.at)
        .bind(&entry.input)
        .bind(&entry.notes)
        .bind(&entry.effects)
        .execute(connection)
        .await?;
    Ok(())
}

/// A run's entries after a number, in order.
///
/// # Errors
/// The database failed.
pub async fn read(
    connection: &mut Connection,
    run_id: &str,
    after_seq: i64,
) -> Result<Vec<EntryRow>, Error> {
    let sql = "select seq, at, input, notes, effects from journal where run_id = $1 and seq > $2 order by seq";
    Ok(sqlx::query_as(sql).bind(run_id).bind(after_seq).fetch_all(connection).await?)
}
