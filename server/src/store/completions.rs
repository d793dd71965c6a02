//! Ends of runs that have to be told to a workflow's `on_complete` address.

use super::Connection;
use crate::{error::Error, seal::Seal};
use engine::Time;

/// A notice's row.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct CompletionRow {
    /// Which run ended.
    pub run_id: String,
    /// Whom to tell.
    pub url: String,
    /// What to say, as JSON; still sealed where it was sealed with another key.
    pub body: String,
    /// How often it was tried.
    pub attempt: i64,
}

/// Names a notice's place, for the seal.
fn place(run_id: &str) -> String {
    format!("completions {run_id}")
}

/// Adds a notice, due at once; sealed if a seal is given.
///
/// # Errors
/// The database failed.
pub async fn add(
    connection: &mut Connection,
    run_id: &str,
    url: &str,
    body: &str,
    at: Time,
    seal: Option<&Seal>,
) -> Result<(), Error> {
    let body = match seal {
        Some(seal) => seal.close(body, &place(run_id)),
        None => body.to_owned(),
    };
    sqlx::query("insert into completions (run_id, url, body, attempt, due_at) values ($1, $2, $3, 0, $4) on conflict (run_id) do nothing")
        .bind(run_id)
        .bind(url)
        .bind(body)
        .bind(at.0)
        .execute(connection)
        .await?;
    Ok(())
}

/// What is due, oldest first.
///
/// # Errors
/// The database failed.
pub async fn due(
    connection: &mut Connection,
    seal: &Seal,
    now: Time,
    limit: i64,
) -> Result<Vec<CompletionRow>, Error> {
    let mut rows: Vec<CompletionRow> = sqlx::query_as("select run_id, url, body, attempt from completions where due_at <= $1 order by due_at limit $2")
        .bind(now.0)
        .bind(limit)
        .fetch_all(connection)
        .await?;
    for row in &mut rows {
        if let Ok(body) = seal.open(row.body.clone(), &place(&row.run_id)) {
            row.body = body;
        }
    }
    Ok(rows)
}

/// Puts a notice off after an attempt that failed.
///
/// # Errors
/// The database failed.
pub async fn put_off(connection: &mut Connection, run_id: &str, due_at: Time) -> Result<(), Error> {
    sqlx::query("update completions set attempt = attempt + 1, due_at = $2 where run_id = $1")
        .bind(run_id)
        .bind(due_at.0)
        .execute(connection)
        .await?;
    Ok(())
}

/// Takes a notice away: told, or given up.
///
/// # Errors
/// The database failed.
pub async fn remove(connection: &mut Connection, run_id: &str) -> Result<(), Error> {
    sqlx::query("delete from completions where run_id = $1")
        .bind(run_id)
        .execute(connection)
        .await?;
    Ok(())
}
