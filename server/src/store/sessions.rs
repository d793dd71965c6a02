//! Signed-in people, and the one-time keys by which they sign in. Only digests are kept.

use super::Connection;
use crate::error::Error;
use engine::Time;

/// A session's row.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SessionRow {
    /// Who.
    pub name: String,
    /// Until when, in milliseconds since 1970.
    pub expires_at: i64,
}

/// Begins a session.
///
/// # Errors
/// The database failed.
pub async fn insert(
    connection: &mut Connection,
    digest: &str,
    name: &str,
    now: Time,
    expires_at: Time,
) -> Result<(), Error> {
    sqlx::query("delete from sessions where expires_at < $1")
        .bind(now.0)
        .execute(&mut *connection)
        .await?;
    sqlx::query(
        "insert into sessions (digest, name, created_at, expires_at) values ($1, $2, $3, $4)",
    )
    .bind(digest)
    .bind(name)
    .bind(now.0)
    .bind(expires_at.0)
    .execute(connection)
    .await?;
    Ok(())
}

/// The session with this key.
///
/// # Errors
/// The database failed.
pub async fn get(
    connection: &mut Connection,
    digest: &str,
    now: Time,
) -> Result<Option<SessionRow>, Error> {
    Ok(sqlx::query_as(
        "select name, expires_at from sessions where digest = $1 and expires_at > $2",
    )
    .bind(digest)
    .bind(now.0)
    .fetch_optional(connection)
    .await?)
}

/// Ends a session.
///
/// # Errors
/// The database failed.
pub async fn delete(connection: &mut Connection, digest: &str) -> Result<(), Error> {
    sqlx::query("delete from sessions where digest = $1").bind(digest).execute(connection).await?;
    Ok(())
}

/// Whether anybody has ever signed in.
///
/// # Errors
/// The database failed.
pub async fn is_any(connection: &mut Connection) -> Result<bool, Error> {
    let count: i64 =
        sqlx::query_scalar("select count(*) from sessions").fetch_one(connection).await?;
    Ok(count > 0)
}

/// Adds a one-time key.
///
/// # Errors
/// The database failed.
pub async fn add_key(
    connection: &mut Connection,
    digest: &str,
    expires_at: Time,
) -> Result<(), Error> {
    sqlx::query("insert into sign_in_keys (digest, expires_at) values ($1, $2)")
        .bind(digest)
        .bind(expires_at.0)
        .execute(connection)
        .await?;
    Ok(())
}

/// Uses a one-time key up. False when it is unknown, used or too old.
///
/// # Errors
/// The database failed.
pub async fn use_key(connection: &mut Connection, digest: &str, now: Time) -> Result<bool, Error> {
    sqlx::query("delete from sign_in_keys where expires_at <= $1")
        .bind(now.0)
        .execute(&mut *connection)
        .await?;
    let done = sqlx::query("delete from sign_in_keys where digest = $1")
        .bind(digest)
        .execute(connection)
        .await?;
    Ok(done.rows_affected() == 1)
}
