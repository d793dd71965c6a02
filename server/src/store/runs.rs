//! One row a run: what lists show, and the length of its journal, which guards it against two writers.

use super::Connection;
use crate::{error::Error, seal::Seal};
use engine::Time;

/// A run's row.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct RunRow {
    /// Its id.
    pub id: String,
    /// Which workflow.
    pub workflow_id: String,
    /// Which version of it.
    pub version: i64,
    /// `queued`, `running`, `waiting`, `completed`, `failed` or `cancelled`.
    pub status: String,
    /// What started it.
    pub trigger_kind: String,
    /// When it began, in milliseconds since 1970.
    pub started_at: i64,
    /// When something happened to it last.
    pub last_at: i64,
    /// When it ended.
    pub ended_at: Option<i64>,
    /// Why it failed or is parked.
    pub problem: Option<String>,
    /// How many entries its journal has.
    pub journal_length: i64,
    /// The call or message that started it.
    pub source_uuid: Option<String>,
    /// Its variables at the end, as JSON; sealed where the run is.
    pub variables: Option<String>,
    /// 1 when the run may hold what a caller entered as a secret, and is sealed for that.
    pub is_sealed: i64,
}

impl RunRow {
    /// Names the place of its variables, for the seal.
    fn place(&self) -> String {
        format!("runs {} variables", self.id)
    }

    /// The variables as they are kept.
    fn kept_variables(&self, seal: &Seal) -> Option<String> {
        let variables = self.variables.as_deref()?;
        Some(if self.is_sealed == 0 {
            variables.to_owned()
        } else {
            seal.close(variables, &self.place())
        })
    }
}

/// What to list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only of this workflow.
    pub workflow_id: Option<String>,
    /// Only with this status.
    pub status: Option<String>,
    /// Only what comes after this run, newest first.
    pub after: Option<(i64, String)>,
    /// How many.
    pub limit: i64,
}

/// Adds a run.
///
/// # Errors
/// The database failed, or a run with the same source is there already.
pub async fn insert(connection: &mut Connection, seal: &Seal, row: &RunRow) -> Result<(), Error> {
    let sql = "insert into runs (id, workflow_id, version, status, trigger_kind, started_at, last_at, ended_at, problem, journal_length, source_uuid, variables, is_sealed)
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    sqlx::query(sql)
        .bind(&row.id)
        .bind(&row.workflow_id)
        .bind(row.version)
        .bind(&row.status)
        .bind(&row.trigger_kind)
        .bind(row.started_at)
        .bind(row.last_at)
        .bind(row.ended_at)
        .bind(&row.problem)
        .bind(row.journal_length)
        .bind(&row.source_uuid)
        .bind(row.kept_variables(seal))
        .bind(row.is_sealed)
        .execute(connection)
        .await?;
    Ok(())
}

/// Moves a run on by one journal entry. False when somebody else has moved it since it was read; then nothing is changed.
///
/// # Errors
/// The database failed.
pub async fn advance(
    connection: &mut Connection,
    seal: &Seal,
    row: &RunRow,
) -> Result<bool, Error> {
    let sql = "update runs set status = $2, last_at = $3, ended_at = $4, problem = $5, journal_length = $6, variables = $7
               where id = $1 and journal_length = $6 - 1";
    let done = sqlx::query(sql)
        .bind(&row.id)
        .bind(&row.status)
        .bind(row.last_at)
        .bind(row.ended_at)
        .bind(&row.problem)
        .bind(row.journal_length)
        .bind(row.kept_variables(seal))
        .execute(connection)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Notes why a run cannot go on, or that it can again.
///
/// # Errors
/// The database failed.
pub async fn set_problem(
    connection: &mut Connection,
    id: &str,
    problem: Option<&str>,
) -> Result<(), Error> {
    sqlx::query("update runs set problem = $2 where id = $1")
        .bind(id)
        .bind(problem)
        .execute(connection)
        .await?;
    Ok(())
}

/// One run.
///
/// # Errors
/// The database failed.
pub async fn get(connection: &mut Connection, id: &str) -> Result<Option<RunRow>, Error> {
    let sql = "select id, workflow_id, version, status, trigger_kind, started_at, last_at, ended_at, problem, journal_length, source_uuid, variables, is_sealed
               from runs where id = $1";
    Ok(sqlx::query_as(sql).bind(id).fetch_optional(connection).await?)
}

/// The run that a call or message started.
///
/// # Errors
/// The database failed.
pub async fn by_source(
    connection: &mut Connection,
    source_uuid: &str,
) -> Result<Option<String>, Error> {
    Ok(sqlx::query_scalar("select id from runs where source_uuid = $1")
        .bind(source_uuid)
        .fetch_optional(connection)
        .await?)
}

/// Runs, newest first.
///
/// # Errors
/// The database failed.
pub async fn list(connection: &mut Connection, filter: &Filter) -> Result<Vec<RunRow>, Error> {
    let sql = "select id, workflow_id, version, status, trigger_kind, started_at, last_at, ended_at, problem, journal_length, source_uuid, variables, is_sealed
               from runs
               where ($1 = '' or workflow_id = $1) and ($2 = '' or status = $2) and (started_at < $3 or (started_at = $3 and id < $4))
               order by started_at desc, id desc limit $5";
    let (started_at, id) = filter.after.clone().unwrap_or((i64::MAX, String::new()));
    Ok(sqlx::query_as(sql)
        .bind(filter.workflow_id.as_deref().unwrap_or(""))
        .bind(filter.status.as_deref().unwrap_or(""))
        .bind(started_at)
        .bind(id)
        .bind(filter.limit)
        .fetch_all(connection)
        .await?)
}

/// Runs that have not ended.
///
/// # Errors
/// The database failed.
pub async fn active(connection: &mut Connection) -> Result<Vec<String>, Error> {
    Ok(sqlx::query_scalar(
        "select id from runs where status in ('queued', 'running', 'waiting') order by started_at",
    )
    .fetch_all(connection)
    .await?)
}

/// Runs of a workflow that have not ended, the newest first.
///
/// # Errors
/// The database failed.
pub async fn active_of(
    connection: &mut Connection,
    workflow_id: &str,
    limit: i64,
) -> Result<Vec<String>, Error> {
    let sql = "select id from runs where workflow_id = $1 and status in ('queued', 'running', 'waiting') order by started_at desc limit $2";
    Ok(sqlx::query_scalar(sql).bind(workflow_id).bind(limit).fetch_all(connection).await?)
}

/// How many runs there are, by status.
///
/// # Errors
/// The database failed.
pub async fn count_by_status(connection: &mut Connection) -> Result<Vec<(String, i64)>, Error> {
    Ok(sqlx::query_as("select status, count(*) from runs group by status")
        .fetch_all(connection)
        .await?)
}

/// How often each workflow ran since a moment.
///
/// # Errors
/// The database failed.
pub async fn count_since(
    connection: &mut Connection,
    since: Time,
) -> Result<Vec<(String, i64)>, Error> {
    Ok(sqlx::query_as(
        "select workflow_id, count(*) from runs where started_at >= $1 group by workflow_id",
    )
    .bind(since.0)
    .fetch_all(connection)
    .await?)
}
