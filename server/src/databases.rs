//! Databases that workflows may ask: named by the operator, only ever read, one statement at a time, within bounds.
//!
//! Each question has a connection of its own, so that nothing one of them sets can outlive it.

mod postgres;
mod sqlite;
mod statement;

use crate::config::{Database, Databases, database_variable};
use engine::{QueryDatabase, Value};
use serde_json::Value as Json;
use statement::{Dialect, Statement};
use std::time::{Duration, Instant};

/// Rows of an answer, whatever the node asks for.
const ROWS_MAX: u32 = 1_000;
/// An answer, in bytes: it becomes variables of the run, which has room for twice as much.
const BYTES_MAX: usize = 128 * 1024;
/// How long a question may take, in seconds, whatever the node asks for.
const TIMEOUT_S_MAX: u32 = 60;

/// How large an answer may be, and when it has to be there.
#[derive(Clone, Copy, Debug)]
struct Bounds {
    rows_max: usize,
    deadline: Instant,
}

/// Asks a database; gives the rows.
///
/// # Errors
/// A sentence that says why there is no answer. It holds no credentials.
pub async fn ask(databases: &Databases, query: &QueryDatabase) -> Result<Vec<Value>, String> {
    let database = databases.get(&query.connection).ok_or_else(|| {
        format!(
            "the server has no database connection `{}`; set {}",
            query.connection,
            database_variable(&query.connection)
        )
    })?;
    let dialect = match database {
        Database::Sqlite(_) => Dialect::Sqlite,
        Database::Postgres(_) => Dialect::Postgres,
    };
    let statement = Statement::read(&query.sql, dialect)?;
    if statement.params() != query.params.len() {
        return Err(format!(
            "the statement has {} question marks, and there are {} parameters",
            statement.params(),
            query.params.len()
        ));
    }
    let timeout_s = query.timeout_s.clamp(1, TIMEOUT_S_MAX);
    let timeout = Duration::from_secs(u64::from(timeout_s));
    let bounds = Bounds {
        rows_max: query.rows_max.clamp(1, ROWS_MAX) as usize,
        deadline: Instant::now() + timeout,
    };
    let rows = async {
        match database {
            Database::Sqlite(options) => {
                sqlite::ask(options, &statement, &query.params, bounds).await
            }
            Database::Postgres(options) => {
                postgres::ask(options, &statement, &query.params, bounds).await
            }
        }
    };
    // The databases have deadlines of their own; this one is for connections that say nothing at all.
    match tokio::time::timeout(timeout + Duration::from_secs(1), rows).await {
        Ok(Ok(rows)) => Ok(rows.into_iter().map(Value::from).collect()),
        Ok(Err(_)) if Instant::now() >= bounds.deadline => {
            Err(format!("the database took more than {timeout_s} s"))
        }
        Ok(Err(why)) => Err(why),
        Err(_) => Err(format!("the database took more than {timeout_s} s")),
    }
}

/// Rows that are being read.
struct Rows {
    rows: Vec<Json>,
    bytes: usize,
    bounds: Bounds,
}

impl Rows {
    fn new(bounds: Bounds) -> Rows {
        Rows { rows: Vec::new(), bytes: 0, bounds }
    }

    fn is_full(&self) -> bool {
        self.rows.len() >= self.bounds.rows_max
    }

    /// Adds a row of so many bytes.
    fn add(&mut self, row: Json, bytes: usize) -> Result<(), String> {
        self.bytes += bytes;
        if self.bytes > BYTES_MAX {
            return Err(format!(
                "the answer has more than {} KiB; ask for fewer rows or columns",
                BYTES_MAX / 1024
            ));
        }
        self.rows.push(row);
        Ok(())
    }
}

/// What a database says went wrong.
fn said(error: sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(error) => format!("the database says: {}", error.message()),
        sqlx::Error::Io(error) => format!("the database cannot be reached: {error}"),
        other => format!("the database cannot be used: {other}"),
    }
}
