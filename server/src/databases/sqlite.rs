//! Asking an SQLite file.

use super::{Bounds, Rows, said, statement::Statement};
use engine::Value;
use futures::TryStreamExt;
use serde_json::{Map, Number, Value as Json};
use sqlx::{
    AssertSqlSafe, Column, ConnectOptions, Connection, Row, Sqlite, TypeInfo, ValueRef,
    query::Query,
    sqlite::{SqliteArguments, SqliteConnectOptions, SqliteRow},
};
use std::{fmt::Write, time::Instant};

/// Steps of SQLite's machine between two looks at the clock: a fraction of a millisecond.
const STEPS_PER_LOOK: i32 = 10_000;

/// Asks; gives the rows as JSON objects.
pub(super) async fn ask(
    options: &SqliteConnectOptions,
    statement: &Statement,
    params: &[Value],
    bounds: Bounds,
) -> Result<Vec<Json>, String> {
    let mut connection = options
        .clone()
        .read_only(true)
        .create_if_missing(false)
        .pragma("query_only", "on")
        .pragma("trusted_schema", "off")
        .disable_statement_logging()
        .connect()
        .await
        .map_err(said)?;
    connection
        .lock_handle()
        .await
        .map_err(said)?
        .set_progress_handler(STEPS_PER_LOOK, move || Instant::now() < bounds.deadline);
    let sql = statement.written(|_| "?".to_owned());
    let query = params.iter().fold(sqlx::query(AssertSqlSafe(sql)), bind);
    let mut read = Rows::new(bounds);
    {
        let mut rows = query.fetch(&mut connection);
        while !read.is_full()
            && let Some(row) = rows.try_next().await.map_err(said)?
        {
            let (row, bytes) = shown(&row)?;
            read.add(row, bytes)?;
        }
    }
    // What was read is there; a connection that does not close well changes nothing about it.
    let _ = connection.close().await;
    Ok(read.rows)
}

fn bind<'q>(
    query: Query<'q, Sqlite, SqliteArguments>,
    value: &Value,
) -> Query<'q, Sqlite, SqliteArguments> {
    match value {
        Value::Null => query.bind(None::<i64>),
        Value::Bool(value) => query.bind(*value),
        Value::Int(value) => query.bind(*value),
        Value::Float(value) => query.bind(*value),
        Value::List(_) | Value::Map(_) => query.bind(Json::from(value).to_string()),
        text => query.bind(text.to_string()),
    }
}

/// A row as a JSON object, and roughly how large it is. SQLite's values have types of their own, whatever the column says.
fn shown(row: &SqliteRow) -> Result<(Json, usize), String> {
    let mut object = Map::new();
    let mut bytes = 0;
    for (position, column) in row.columns().iter().enumerate() {
        let raw = row.try_get_raw(position).map_err(said)?;
        let value = if raw.is_null() {
            Json::Null
        } else {
            match raw.type_info().name() {
                "INTEGER" | "BOOLEAN" => {
                    let number: i64 = row.try_get_unchecked(position).map_err(said)?;
                    match (column.type_info().name(), number) {
                        ("BOOLEAN", 0 | 1) => Json::Bool(number == 1),
                        _ => number.into(),
                    }
                }
                "REAL" => {
                    let number: f64 = row.try_get_unchecked(position).map_err(said)?;
                    Number::from_f64(number).map_or(Json::Null, Json::Number)
                }
                "BLOB" => {
                    let blob: Vec<u8> = row.try_get_unchecked(position).map_err(said)?;
                    Json::String(hexadecimal(&blob))
                }
                _ => Json::String(row.try_get_unchecked(position).map_err(said)?),
            }
        };
        bytes += column.name().len() + value.as_str().map_or(8, str::len);
        object.insert(column.name().to_owned(), value);
    }
    Ok((Json::Object(object), bytes))
}

/// Bytes as PostgreSQL writes them.
fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold("\\x".to_owned(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
