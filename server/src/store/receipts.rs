//! Texts that were received and have had their effect. A webhook about one of them changes nothing any more.

use super::Connection;
use crate::error::Error;
use engine::Time;

/// How long a receipt is kept, in milliseconds: Plivo repeats a webhook for minutes; a captured one may be tried for longer.
const KEPT_MS: i64 = 7 * 24 * 3600 * 1000;

/// Notes that a text has its effect. False when it had it before.
///
/// # Errors
/// The database failed.
pub async fn add(
    connection: &mut Connection,
    message_uuid: &str,
    now: Time,
) -> Result<bool, Error> {
    sqlx::query("delete from receipts where received_at < $1")
        .bind(now.0 - KEPT_MS)
        .execute(&mut *connection)
        .await?;
    let done = sqlx::query("insert into receipts (message_uuid, received_at) values ($1, $2) on conflict (message_uuid) do nothing")
        .bind(message_uuid)
        .bind(now.0)
        .execute(connection)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Whether a text has had its effect.
///
/// # Errors
/// The database failed.
pub async fn is_known(connection: &mut Connection, message_uuid: &str) -> Result<bool, Error> {
    let found: Option<i64> =
        sqlx::query_scalar("select received_at from receipts where message_uuid = $1")
            .bind(message_uuid)
            .fetch_optional(connection)
            .await?;
    Ok(found.is_some())
}
