//! Our numbers and what they start.

use super::Connection;
use crate::error::Error;

/// A number's row.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct NumberRow {
    /// E.164.
    pub number: String,
    /// The workflow it starts.
    pub workflow_id: Option<String>,
}

/// All numbers, in order.
///
/// # Errors
/// The database failed.
pub async fn list(connection: &mut Connection) -> Result<Vec<NumberRow>, Error> {
    Ok(sqlx::query_as("select number, workflow_id from numbers order by number")
        .fetch_all(connection)
        .await?)
}

/// The workflow a number starts.
///
/// # Errors
/// The database failed.
pub async fn workflow_of(
    connection: &mut Connection,
    number: &str,
) -> Result<Option<String>, Error> {
    let found: Option<Option<String>> =
        sqlx::query_scalar("select workflow_id from numbers where number = $1")
            .bind(number)
            .fetch_optional(connection)
            .await?;
    Ok(found.flatten())
}

/// Adds a number or changes what it starts.
///
/// # Errors
/// The database failed.
pub async fn put(
    connection: &mut Connection,
    number: &str,
    workflow_id: Option<&str>,
) -> Result<(), Error> {
    sqlx::query("insert into numbers (number, workflow_id) values ($1, $2) on conflict (number) do update set workflow_id = excluded.workflow_id")
        .bind(number)
        .bind(workflow_id)
        .execute(connection)
        .await?;
    Ok(())
}

/// Adds a number that starts nothing, unless it is there.
///
/// # Errors
/// The database failed.
pub async fn add_missing(connection: &mut Connection, number: &str) -> Result<(), Error> {
    sqlx::query("insert into numbers (number, workflow_id) values ($1, null) on conflict (number) do nothing").bind(number).execute(connection).await?;
    Ok(())
}

/// Takes a workflow off all numbers.
///
/// # Errors
/// The database failed.
pub async fn unlink(connection: &mut Connection, workflow_id: &str) -> Result<(), Error> {
    sqlx::query("update numbers set workflow_id = null where workflow_id = $1")
        .bind(workflow_id)
        .execute(connection)
        .await?;
    Ok(())
}
