//! The record of runs: what happened, what each run made of it and asked for.

use super::Connection;
use crate::{error::Error, seal::Seal};

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

/// Names a place in a journal, for the seal.
fn place(run_id: &str, seq: i64, column: &str) -> String {
    format!("journal {run_id} {seq} {column}")
}

/// Adds an entry; sealed if a seal is given.
///
/// # Errors
/// The database failed, or the run has an entry of this number.
pub async fn append(
    connection: &mut Connection,
    run_id: &str,
    entry: &EntryRow,
    seal: Option<&Seal>,
) -> Result<(), Error> {
    let kept = |text: &str, column: &str| match seal {
        Some(seal) => seal.close(text, &place(run_id, entry.seq, column)),
        None => text.to_owned(),
    };
    sqlx::query("insert into journal (run_id, seq, at, input, notes, effects) values ($1, $2, $3, $4, $5, $6)")
        .bind(run_id)
        .bind(entry.seq)
        .bind(entry.at)
        .bind(kept(&entry.input, "input"))
        .bind(kept(&entry.notes, "notes"))
        .bind(kept(&entry.effects, "effects"))
        .execute(connection)
        .await?;
    Ok(())
}

/// A run's entries after a number, in order.
///
/// # Errors
/// The database failed, or an entry was sealed with another key.
pub async fn read(
    connection: &mut Connection,
    seal: &Seal,
    run_id: &str,
    after_seq: i64,
) -> Result<Vec<EntryRow>, Error> {
    let sql = "select seq, at, input, notes, effects from journal where run_id = $1 and seq > $2 order by seq";
    let rows: Vec<EntryRow> =
        sqlx::query_as(sql).bind(run_id).bind(after_seq).fetch_all(connection).await?;
    let open = |text, seq, column| {
        seal.open(text, &place(run_id, seq, column)).map_err(|error| match error {
            Error::Parked(why) => {
                Error::Parked(format!("journal entry {seq} cannot be read: {why}"))
            }
            other => other,
        })
    };
    rows.into_iter()
        .map(|row| {
            Ok(EntryRow {
                seq: row.seq,
                at: row.at,
                input: open(row.input, row.seq, "input")?,
                notes: open(row.notes, row.seq, "notes")?,
                effects: open(row.effects, row.seq, "effects")?,
            })
        })
        .collect()
}
