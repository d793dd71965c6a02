//! Ends of runs that have to be told to a workflow's `on_complete` address.

use super::Connection;
use crate::error::Error;
use engine::Time;

/// A notice's row.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct CompletionRow {
    /// Which run ended.
    pub run_id: String,
    /// Whom to tell.
    pub url: String,
    /// What to say, as JSON.
    pub body: String,
    /// How often it was tried.
    pub attempt: i64,
}

/// Adds a notice, due at once.
///
/// # Errors
/// The database failed.
pub async fn add(
    connection: &mut Connection,
    run_id: &str,
    url: &str,
    body: &str,
    at: Time,
) -> Result<(), Error> {
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
    now: Time,
    limit: i64,
) -> Result<Vec<CompletionRow>, Error> {
    Ok(sqlx::query_as("select run_id, url, body, attempt from completions where due_at <= $1 order by due_at limit $2")
        .bind(now.0)
        .bind(limit)
        .fetch_all(connection)
        .await?)
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
