//! Questions that runs have asked by text, and whose answers they wait for.

use super::Connection;
use crate::error::Error;
use engine::Time;

/// Questions of one person that are looked at for an answer; nobody has more open at once.
const OPEN_MAX: i64 = 100;

/// A question's row.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct AwaitedRow {
    /// Which run asks.
    pub run_id: String,
    /// The question's number in its run.
    pub question: i64,
    /// Answers that belong to it for certain, as a JSON list.
    pub accepts: String,
}

/// Adds a question. `ours` is empty for the server's own number.
///
/// # Errors
/// The database failed.
pub async fn add(
    connection: &mut Connection,
    row: &AwaitedRow,
    ours: &str,
    theirs: &str,
    at: Time,
) -> Result<(), Error> {
    sqlx::query("insert into awaited_replies (run_id, question, ours, theirs, accepts, asked_at) values ($1, $2, $3, $4, $5, $6) on conflict (run_id, question) do nothing")
        .bind(&row.run_id)
        .bind(row.question)
        .bind(ours)
        .bind(theirs)
        .bind(&row.accepts)
        .bind(at.0)
        .execute(connection)
        .await?;
    Ok(())
}

/// Takes a question away that is answered or given up.
///
/// # Errors
/// The database failed.
pub async fn remove(connection: &mut Connection, run_id: &str, question: i64) -> Result<(), Error> {
    sqlx::query("delete from awaited_replies where run_id = $1 and question = $2")
        .bind(run_id)
        .bind(question)
        .execute(connection)
        .await?;
    Ok(())
}

/// The open questions between one of our numbers and a person, newest first. Where it is the server's own number, questions that name none count as well.
///
/// # Errors
/// The database failed.
pub async fn between(
    connection: &mut Connection,
    ours: &str,
    is_own: bool,
    theirs: &str,
) -> Result<Vec<AwaitedRow>, Error> {
    let sql = "select run_id, question, accepts from awaited_replies where theirs = $1 and (ours = $2 or (ours = '' and $3 = 1))
               order by asked_at desc, question desc limit $4";
    Ok(sqlx::query_as(sql)
        .bind(theirs)
        .bind(ours)
        .bind(super::truth(is_own))
        .bind(OPEN_MAX)
        .fetch_all(connection)
        .await?)
}
