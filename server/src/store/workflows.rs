//! Workflows and their drafts.

use super::Connection;
use crate::error::Error;
use engine::Time;

/// A workflow's row.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct WorkflowRow {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The draft, as canonical text.
    pub draft: String,
    /// Grows with every saving.
    pub revision: i64,
    /// When the draft was saved last, in milliseconds since 1970.
    pub saved_at: i64,
    /// How many errors the draft has.
    pub error_count: i64,
    /// The version that runs now.
    pub published_version: Option<i64>,
    /// 1 when the draft says something else than the published version.
    pub differs_from_published: i64,
}

/// What saving a draft writes.
#[derive(Clone, Copy, Debug)]
pub struct Draft<'a> {
    /// The workflow's id.
    pub id: &'a str,
    /// What people call it.
    pub name: &'a str,
    /// What it is for.
    pub description: &'a str,
    /// The canonical text.
    pub text: &'a str,
    /// How many errors it has.
    pub error_count: i64,
    /// Whether it says something else than the published version.
    pub differs_from_published: bool,
}

/// All workflows by name.
///
/// # Errors
/// The database failed.
pub async fn list(connection: &mut Connection) -> Result<Vec<WorkflowRow>, Error> {
    let sql = "select id, name, description, draft, revision, saved_at, error_count, published_version, differs_from_published
               from workflows where deleted_at is null order by lower(name), id";
    Ok(sqlx::query_as(sql).fetch_all(connection).await?)
}

/// One workflow.
///
/// # Errors
/// The database failed.
pub async fn get(connection: &mut Connection, id: &str) -> Result<Option<WorkflowRow>, Error> {
    let sql = "select id, name, description, draft, revision, saved_at, error_count, published_version, differs_from_published
               from workflows where id = $1 and deleted_at is null";
    Ok(sqlx::query_as(sql).bind(id).fetch_optional(connection).await?)
}

/// Saves a draft, of a new workflow or an old one, and gives its revision.
///
/// # Errors
/// The database failed.
pub async fn save(connection: &mut Connection, draft: Draft<'_>, at: Time) -> Result<i64, Error> {
    let sql = "insert into workflows (id, name, description, draft, revision, saved_at, error_count, published_version, differs_from_published)
               values ($1, $2, $3, $4, 1, $5, $6, null, $7)
               on conflict (id) do update set name = excluded.name, description = excluded.description, draft = excluded.draft,
                   revision = workflows.revision + 1, saved_at = excluded.saved_at, error_count = excluded.error_count,
                   differs_from_published = excluded.differs_from_published, deleted_at = null
               returning revision";
    Ok(sqlx::query_scalar(sql)
        .bind(draft.id)
        .bind(draft.name)
        .bind(draft.description)
        .bind(draft.text)
        .bind(at.0)
        .bind(draft.error_count)
        .bind(super::truth(draft.differs_from_published))
        .fetch_one(connection)
        .await?)
}

/// Makes a version the one that runs.
///
/// # Errors
/// The database failed.
pub async fn set_published(
    connection: &mut Connection,
    id: &str,
    version: i64,
) -> Result<(), Error> {
    sqlx::query(
        "update workflows set published_version = $2, differs_from_published = 0 where id = $1",
    )
    .bind(id)
    .bind(version)
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes a workflow away. Its versions stay, since its runs end on them.
///
/// # Errors
/// The database failed.
pub async fn delete(connection: &mut Connection, id: &str, at: Time) -> Result<bool, Error> {
    let done = sqlx::query("update workflows set deleted_at = $2, published_version = null where id = $1 and deleted_at is null")
        .bind(id)
        .bind(at.0)
        .execute(connection)
        .await?;
    Ok(done.rows_affected() > 0)
}
