//! Published versions of workflows. A version never changes.

use super::Connection;
use crate::error::Error;
use engine::Time;

/// A version's row.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct VersionRow {
    /// Counts from 1 in its workflow.
    pub version: i64,
    /// What it says, as canonical text.
    pub document: String,
    /// When it was published, in milliseconds since 1970.
    pub published_at: i64,
    /// Who published it.
    pub published_by: String,
}

/// Adds the next version and gives its number.
///
/// # Errors
/// The database failed.
pub async fn add(
    connection: &mut Connection,
    workflow_id: &str,
    document: &str,
    at: Time,
    by: &str,
) -> Result<i64, Error> {
    let sql = "insert into versions (workflow_id, version, document, published_at, published_by)
               select $1, coalesce(max(version), 0) + 1, $2, $3, $4 from versions where workflow_id = $1
               returning version";
    Ok(sqlx::query_scalar(sql)
        .bind(workflow_id)
        .bind(document)
        .bind(at.0)
        .bind(by)
        .fetch_one(connection)
        .await?)
}

/// One version.
///
/// # Errors
/// The database failed.
pub async fn get(
    connection: &mut Connection,
    workflow_id: &str,
    version: i64,
) -> Result<Option<VersionRow>, Error> {
    let sql = "select version, document, published_at, published_by from versions where workflow_id = $1 and version = $2";
    Ok(sqlx::query_as(sql).bind(workflow_id).bind(version).fetch_optional(connection).await?)
}

/// All versions of a workflow, newest first.
///
/// # Errors
/// The database failed.
pub async fn list(
    connection: &mut Connection,
    workflow_id: &str,
) -> Result<Vec<VersionRow>, Error> {
    let sql = "select version, document, published_at, published_by from versions where workflow_id = $1 order by version desc";
    Ok(sqlx::query_as(sql).bind(workflow_id).fetch_all(connection).await?)
}
