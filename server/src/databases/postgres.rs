//! Asking a PostgreSQL server. It writes the rows as JSON itself, so that every type it has arrives in a readable form.

use super::{Bounds, Rows, said, statement::Statement};
use engine::Value;
use futures::TryStreamExt;
use serde_json::Value as Json;
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, Either, Executor, Row, SqlSafeStr, Statement as _,
    TypeInfo,
    postgres::{PgConnectOptions, PgConnection},
};
use std::time::Instant;

/// Asks; gives the rows as JSON objects.
pub(super) async fn ask(
    options: &PgConnectOptions,
    statement: &Statement,
    params: &[Value],
    bounds: Bounds,
) -> Result<Vec<Json>, String> {
    let mut connection = options
        .clone()
        .options([("default_transaction_read_only", "on")])
        .disable_statement_logging()
        .connect()
        .await
        .map_err(said)?;
    let rows = read(&mut connection, statement, params, bounds).await;
    // What was read is there; a connection that does not close well changes nothing about it.
    let _ = connection.close().await;
    rows
}

async fn read(
    connection: &mut PgConnection,
    statement: &Statement,
    params: &[Value],
    bounds: Bounds,
) -> Result<Vec<Json>, String> {
    connection.execute("begin read only").await.map_err(said)?;
    let left_ms = bounds.deadline.saturating_duration_since(Instant::now()).as_millis().max(1);
    let limits = format!(
        "set local statement_timeout = {left_ms}; set local lock_timeout = {left_ms}; set local idle_in_transaction_session_timeout = {}",
        left_ms + 1_000
    );
    connection.execute(AssertSqlSafe(limits)).await.map_err(said)?;
    let plain = statement.written(|position| format!("${position}"));
    let types = types(connection, &plain).await?;
    // Each parameter arrives as text and is read by PostgreSQL as the type that it takes there.
    let sql = statement.written(|position| match types.get(position - 1) {
        Some(name) => format!("(${position}::text)::{name}"),
        None => format!("${position}::text"),
    });
    let rows_max = bounds.rows_max;
    let sql = format!("select row_to_json(answer)::text from (\n{sql}\n) answer limit {rows_max}");
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for (value, name) in params.iter().zip(&types) {
        query = query.bind(text(value, name));
    }
    let mut read = Rows::new(bounds);
    let mut rows = query.fetch(connection);
    while let Some(row) = rows.try_next().await.map_err(said)? {
        let text: String = row.try_get(0).map_err(said)?;
        let row = serde_json::from_str(&text)
            .map_err(|error| format!("a row of the answer cannot be read: {error}"))?;
        read.add(row, text.len())?;
    }
    Ok(read.rows)
}

/// The types that the parameters take, as the server finds them out.
async fn types(connection: &mut PgConnection, sql: &str) -> Result<Vec<String>, String> {
    let prepared =
        connection.prepare(AssertSqlSafe(sql.to_owned()).into_sql_str()).await.map_err(said)?;
    Ok(match prepared.parameters() {
        Some(Either::Left(types)) => types.iter().map(|info| info.name().to_lowercase()).collect(),
        _ => Vec::new(),
    })
}

/// A value as PostgreSQL reads it; nothing is its null.
fn text(value: &Value, name: &str) -> Option<String> {
    match value {
        Value::Null => None,
        Value::List(items) if name.ends_with("[]") => Some(array(items)),
        Value::List(_) | Value::Map(_) => Some(Json::from(value).to_string()),
        other => Some(other.to_string()),
    }
}

/// A list as an array's literal.
fn array(items: &[Value]) -> String {
    let items: Vec<String> = items
        .iter()
        .map(|item| match item {
            Value::Null => "null".to_owned(),
            Value::List(items) => array(items),
            other => {
                let text = text(other, "").unwrap_or_default();
                format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
            }
        })
        .collect();
    format!("{{{}}}", items.join(","))
}

#[cfg(test)]
mod tests {
    use super::text;
    use engine::Value;
    use serde_json::json;

    #[test]
    fn values_are_written_as_postgresql_reads_them() {
        let written = |json, name| text(&Value::from(json), name);
        assert_eq!(written(json!(null), "int4"), None);
        assert_eq!(written(json!(true), "bool"), Some("true".to_owned()));
        assert_eq!(
            written(json!(["a\"b", 1, null]), "text[]"),
            Some(r#"{"a\"b","1",null}"#.to_owned())
        );
        assert_eq!(written(json!(["a"]), "jsonb"), Some(r#"["a"]"#.to_owned()));
    }
}
