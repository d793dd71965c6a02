//! Who wants no texts from which of our numbers.

use super::Connection;
use crate::error::Error;
use engine::Time;

/// An opt-out's row.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OptOutRow {
    /// Our number, E.164.
    pub ours: String,
    /// The person's number, E.164.
    pub theirs: String,
    /// Since when, in milliseconds since 1970.
    pub opted_out_at: i64,
}

/// Notes that somebody wants no texts from a number.
///
/// # Errors
/// The database failed.
pub async fn add(
    connection: &mut Connection,
    ours: &str,
    theirs: &str,
    at: Time,
) -> Result<(), Error> {
    sqlx::query("insert into opt_outs (ours, theirs, opted_out_at) values ($1, $2, $3) on conflict (ours, theirs) do nothing")
        .bind(ours)
        .bind(theirs)
        .bind(at.0)
        .execute(connection)
        .await?;
    Ok(())
}

/// Notes that somebody wants texts again. False when they never said otherwise.
///
/// # Errors
/// The database failed.
pub async fn remove(connection: &mut Connection, ours: &str, theirs: &str) -> Result<bool, Error> {
    let done = sqlx::query("delete from opt_outs where ours = $1 and theirs = $2")
        .bind(ours)
        .bind(theirs)
        .execute(connection)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Whether somebody wants no texts from a number; with an empty number, from any of ours.
///
/// # Errors
/// The database failed.
pub async fn is_in_force(
    connection: &mut Connection,
    ours: &str,
    theirs: &str,
) -> Result<bool, Error> {
    let found: Option<i64> = sqlx::query_scalar(
        "select opted_out_at from opt_outs where theirs = $1 and (ours = $2 or $2 = '') limit 1",
    )
    .bind(theirs)
    .bind(ours)
    .fetch_optional(connection)
    .await?;
    Ok(found.is_some())
}

/// Opt-outs in the order of their numbers, after a pair of them.
///
/// # Errors
/// The database failed.
pub async fn list(
    connection: &mut Connection,
    after: (&str, &str),
    limit: i64,
) -> Result<Vec<OptOutRow>, Error> {
    let sql = "select ours, theirs, opted_out_at from opt_outs where ours > $1 or (ours = $1 and theirs > $2) order by ours, theirs limit $3";
    Ok(sqlx::query_as(sql).bind(after.0).bind(after.1).bind(limit).fetch_all(connection).await?)
}
