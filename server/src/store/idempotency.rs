//! Keys by which callers make a request for a run safe to repeat.

use super::Connection;
use crate::error::Error;
use engine::Time;

/// How long a key is remembered: longer than any client goes on trying.
const KEPT_MS: i64 = 7 * 24 * 3600 * 1000;

/// A key's row.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct KeyRow {
    /// Digest of the request that came with it first.
    pub request_digest: String,
    /// The run it started.
    pub run_id: String,
}

/// What a caller's key stands for.
///
/// # Errors
/// The database failed.
pub async fn get(
    connection: &mut Connection,
    caller: &str,
    key: &str,
) -> Result<Option<KeyRow>, Error> {
    let sql =
        "select request_digest, run_id from idempotency where caller = $1 and idempotency_key = $2";
    Ok(sqlx::query_as(sql).bind(caller).bind(key).fetch_optional(connection).await?)
}

/// Remembers a key, and forgets the oldest.
///
/// # Errors
/// The database failed, or the key is there already.
pub async fn add(
    connection: &mut Connection,
    caller: &str,
    key: &str,
    request_digest: &str,
    run_id: &str,
    at: Time,
) -> Result<(), Error> {
    sqlx::query("delete from idempotency where created_at < $1")
        .bind(at.0 - KEPT_MS)
        .execute(&mut *connection)
        .await?;
    sqlx::query("insert into idempotency (caller, idempotency_key, request_digest, run_id, created_at) values ($1, $2, $3, $4, $5)")
        .bind(caller)
        .bind(key)
        .bind(request_digest)
        .bind(run_id)
        .bind(at.0)
        .execute(connection)
        .await?;
    Ok(())
}
