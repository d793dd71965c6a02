//! The next planned moment of each published workflow that has a schedule.

use super::Connection;
use crate::error::Error;
use engine::Time;

/// A schedule's row.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ScheduleRow {
    /// Which workflow.
    pub workflow_id: String,
    /// When it runs, as a cron expression of five fields.
    pub cron: String,
    /// The IANA time zone that the expression is meant in.
    pub time_zone: String,
    /// The next moment, in milliseconds since 1970.
    pub planned_at: i64,
}

/// Sets a workflow's schedule. One that says the same as before keeps its next moment, so that publishing in that very minute skips nothing.
///
/// # Errors
/// The database failed.
pub async fn put(connection: &mut Connection, row: &ScheduleRow) -> Result<(), Error> {
    let sql = "insert into schedules (workflow_id, cron, time_zone, planned_at) values ($1, $2, $3, $4)
               on conflict (workflow_id) do update set cron = excluded.cron, time_zone = excluded.time_zone,
                   planned_at = case when schedules.cron = excluded.cron and schedules.time_zone = excluded.time_zone
                                then schedules.planned_at else excluded.planned_at end";
    sqlx::query(sql)
        .bind(&row.workflow_id)
        .bind(&row.cron)
        .bind(&row.time_zone)
        .bind(row.planned_at)
        .execute(connection)
        .await?;
    Ok(())
}

/// Takes a workflow's schedule away.
///
/// # Errors
/// The database failed.
pub async fn remove(connection: &mut Connection, workflow_id: &str) -> Result<(), Error> {
    sqlx::query("delete from schedules where workflow_id = $1")
        .bind(workflow_id)
        .execute(connection)
        .await?;
    Ok(())
}

/// Moves a schedule on from one moment to the next; nothing happens if it has been changed or moved meanwhile.
///
/// # Errors
/// The database failed.
pub async fn move_on(
    connection: &mut Connection,
    from: &ScheduleRow,
    planned_at: Time,
) -> Result<(), Error> {
    let sql = "update schedules set planned_at = $5 where workflow_id = $1 and cron = $2 and time_zone = $3 and planned_at = $4";
    sqlx::query(sql)
        .bind(&from.workflow_id)
        .bind(&from.cron)
        .bind(&from.time_zone)
        .bind(from.planned_at)
        .bind(planned_at.0)
        .execute(connection)
        .await?;
    Ok(())
}

/// Schedules whose moment has come, longest waiting first.
///
/// # Errors
/// The database failed.
pub async fn due(
    connection: &mut Connection,
    now: Time,
    limit: i64,
) -> Result<Vec<ScheduleRow>, Error> {
    let sql = "select workflow_id, cron, time_zone, planned_at from schedules where planned_at <= $1 order by planned_at limit $2";
    Ok(sqlx::query_as(sql).bind(now.0).bind(limit).fetch_all(connection).await?)
}

/// All schedules, soonest first.
///
/// # Errors
/// The database failed.
pub async fn list(connection: &mut Connection) -> Result<Vec<ScheduleRow>, Error> {
    let sql = "select workflow_id, cron, time_zone, planned_at from schedules order by planned_at, workflow_id";
    Ok(sqlx::query_as(sql).fetch_all(connection).await?)
}
