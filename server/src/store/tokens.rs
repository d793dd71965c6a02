//! Tokens of services. Only the digest of a secret is kept.

use super::Connection;
use crate::error::Error;
use engine::Time;

/// A token's row.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct TokenRow {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What it may do.
    pub scope: String,
    /// SHA-256 of the secret, in hexadecimal.
    pub digest: String,
    /// The secret's end, to tell it from others.
    pub last_characters: String,
    /// When it was made, in milliseconds since 1970.
    pub created_at: i64,
    /// When it was used last.
    pub last_used_at: Option<i64>,
}

/// Adds a token.
///
/// # Errors
/// The database failed.
pub async fn insert(connection: &mut Connection, row: &TokenRow) -> Result<(), Error> {
    sqlx::query("insert into tokens (id, name, scope, digest, last_characters, created_at) values ($1, $2, $3, $4, $5, $6)")
        .bind(&row.id)
        .bind(&row.name)
        .bind(&row.scope)
        .bind(&row.digest)
        .bind(&row.last_characters)
        .bind(row.created_at)
        .execute(connection)
        .await?;
    Ok(())
}

/// The token with this secret.
///
/// # Errors
/// The database failed.
pub async fn by_digest(
    connection: &mut Connection,
    digest: &str,
) -> Result<Option<TokenRow>, Error> {
    let sql = "select id, name, scope, digest, last_characters, created_at, last_used_at from tokens where digest = $1";
    Ok(sqlx::query_as(sql).bind(digest).fetch_optional(connection).await?)
}

/// All tokens, newest first.
///
/// # Errors
/// The database failed.
pub async fn list(connection: &mut Connection) -> Result<Vec<TokenRow>, Error> {
    let sql = "select id, name, scope, digest, last_characters, created_at, last_used_at from tokens order by created_at desc, id";
    Ok(sqlx::query_as(sql).fetch_all(connection).await?)
}

/// Notes that a token was used.
///
/// # Errors
/// The database failed.
pub async fn touch(connection: &mut Connection, id: &str, at: Time) -> Result<(), Error> {
    sqlx::query("update tokens set last_used_at = $2 where id = $1")
        .bind(id)
        .bind(at.0)
        .execute(connection)
        .await?;
    Ok(())
}

/// Takes a token away.
///
/// # Errors
/// The database failed.
pub async fn delete(connection: &mut Connection, id: &str) -> Result<bool, Error> {
    let done = sqlx::query("delete from tokens where id = $1").bind(id).execute(connection).await?;
    Ok(done.rows_affected() == 1)
}
