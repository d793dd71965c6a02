//! When runs want to be told that time passed: at most one moment a run.

use super::Connection;
use crate::error::Error;
use engine::Time;

/// Sets, moves or takes away a run's moment.
///
/// # Errors
/// The database failed.
pub async fn set(
    connection: &mut Connection,
    run_id: &str,
    wake_at: Option<Time>,
) -> Result<(), Error> {
    let Some(wake_at) = wake_at else {
        sqlx::query("delete from timers where run_id = $1")
            .bind(run_id)
            .execute(connection)
            .await?;
        return Ok(());
    };
    sqlx::query("insert into timers (run_id, wake_at) values ($1, $2) on conflict (run_id) do update set wake_at = excluded.wake_at")
        .bind(run_id)
        .bind(wake_at.0)
        .execute(connection)
        .await?;
    Ok(())
}

/// A run's moment.
///
/// # Errors
/// The database failed.
pub async fn get(connection: &mut Connection, run_id: &str) -> Result<Option<Time>, Error> {
    let wake_at: Option<i64> = sqlx::query_scalar("select wake_at from timers where run_id = $1")
        .bind(run_id)
        .fetch_optional(connection)
        .await?;
    Ok(wake_at.map(Time))
}

/// Runs whose moment has come, longest waiting first.
///
/// # Errors
/// The database failed.
pub async fn due(connection: &mut Connection, now: Time, limit: i64) -> Result<Vec<String>, Error> {
    Ok(sqlx::query_scalar(
        "select run_id from timers where wake_at <= $1 order by wake_at limit $2",
    )
    .bind(now.0)
    .bind(limit)
    .fetch_all(connection)
    .await?)
}

/// The next moment of any run.
///
/// # Errors
/// The database failed.
pub async fn next(connection: &mut Connection) -> Result<Option<Time>, Error> {
    let next: Option<i64> =
        sqlx::query_scalar("select min(wake_at) from timers").fetch_one(connection).await?;
    Ok(next.map(Time))
}
