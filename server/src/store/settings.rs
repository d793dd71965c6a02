//! Single values the server keeps for itself: its keys, and what it has done once.

use super::Connection;
use crate::error::Error;

/// The address under which the server was reached when it ran last.
pub const PUBLIC_URL: &str = "public_url";

/// A setting's value.
///
/// # Errors
/// The database failed.
pub async fn get(connection: &mut Connection, name: &str) -> Result<Option<String>, Error> {
    Ok(sqlx::query_scalar("select value from settings where name = $1")
        .bind(name)
        .fetch_optional(connection)
        .await?)
}

/// Sets a value, new or not.
///
/// # Errors
/// The database failed.
pub async fn put(connection: &mut Connection, name: &str, value: &str) -> Result<(), Error> {
    sqlx::query("insert into settings (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value")
        .bind(name)
        .bind(value)
        .execute(connection)
        .await?;
    Ok(())
}

/// A value that is made at first need and then stays.
///
/// # Errors
/// The database failed.
pub async fn get_or_make(
    connection: &mut Connection,
    name: &str,
    make: impl FnOnce() -> String,
) -> Result<String, Error> {
    if let Some(value) = get(connection, name).await? {
        return Ok(value);
    }
    let value = make();
    put(connection, name, &value).await?;
    Ok(value)
}
