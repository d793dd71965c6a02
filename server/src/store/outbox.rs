//! Effects that are committed and not yet settled. A row goes away in the transaction that writes its outcome into the journal.

use super::Connection;
use crate::{error::Error, seal::Seal};
use engine::Time;

/// To be tried when due.
pub const PENDING: &str = "pending";
/// An attempt is under way.
pub const SENDING: &str = "sending";
/// An attempt was made and nobody knows yet what became of it.
pub const UNSURE: &str = "unsure";
/// It was carried out, and its outcome is the end of something that goes on: another run.
pub const WAITING: &str = "waiting";

/// An effect's row.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OutboxRow {
    /// Which run asked.
    pub run_id: String,
    /// The effect's number in its run.
    pub effect_id: i64,
    /// Its type: `place_call`, `send_message`, …
    pub kind: String,
    /// The effect, as the engine's JSON; still sealed where it was sealed with another key.
    pub effect: String,
    /// [`PENDING`], [`SENDING`], [`UNSURE`] or [`WAITING`].
    pub phase: String,
    /// How often it was tried.
    pub attempt: i64,
    /// When it is to be tried, in milliseconds since 1970.
    pub due_at: i64,
    /// When it was tried last.
    pub tried_at: Option<i64>,
}

impl OutboxRow {
    /// Where its effect is sealed.
    fn opened(mut self, seal: &Seal) -> OutboxRow {
        let place = place(&self.run_id, self.effect_id);
        if let Ok(effect) = seal.open(self.effect.clone(), &place) {
            self.effect = effect;
        }
        self
    }
}

/// Names an effect's place, for the seal.
fn place(run_id: &str, effect_id: i64) -> String {
    format!("outbox {run_id} {effect_id}")
}

/// Adds an effect, due at once; sealed if a seal is given.
///
/// # Errors
/// The database failed.
pub async fn add(
    connection: &mut Connection,
    run_id: &str,
    effect_id: i64,
    kind: &str,
    effect: &str,
    at: Time,
    seal: Option<&Seal>,
) -> Result<(), Error> {
    let effect = match seal {
        Some(seal) => seal.close(effect, &place(run_id, effect_id)),
        None => effect.to_owned(),
    };
    sqlx::query("insert into outbox (run_id, effect_id, kind, effect, phase, attempt, due_at) values ($1, $2, $3, $4, 'pending', 0, $5)")
        .bind(run_id)
        .bind(effect_id)
        .bind(kind)
        .bind(effect)
        .bind(at.0)
        .execute(connection)
        .await?;
    Ok(())
}

/// What is due of a kind, oldest first; also what is under way, since an attempt may have been abandoned.
///
/// # Errors
/// The database failed.
pub async fn due(
    connection: &mut Connection,
    seal: &Seal,
    kind: &str,
    now: Time,
    limit: i64,
) -> Result<Vec<OutboxRow>, Error> {
    let sql = "select run_id, effect_id, kind, effect, phase, attempt, due_at, tried_at from outbox
               where kind = $1 and due_at <= $2 order by due_at, run_id, effect_id limit $3";
    let rows = sqlx::query_as(sql).bind(kind).bind(now.0).bind(limit).fetch_all(connection).await?;
    Ok(opened(rows, seal))
}

/// What a crash left under way.
///
/// # Errors
/// The database failed.
pub async fn under_way(connection: &mut Connection, seal: &Seal) -> Result<Vec<OutboxRow>, Error> {
    let sql = "select run_id, effect_id, kind, effect, phase, attempt, due_at, tried_at from outbox where phase = 'sending'";
    Ok(opened(sqlx::query_as(sql).fetch_all(connection).await?, seal))
}

fn opened(rows: Vec<OutboxRow>, seal: &Seal) -> Vec<OutboxRow> {
    rows.into_iter().map(|row| row.opened(seal)).collect()
}

/// One effect, if it is not settled.
///
/// # Errors
/// The database failed.
pub async fn get(
    connection: &mut Connection,
    seal: &Seal,
    run_id: &str,
    effect_id: i64,
) -> Result<Option<OutboxRow>, Error> {
    let sql = "select run_id, effect_id, kind, effect, phase, attempt, due_at, tried_at from outbox where run_id = $1 and effect_id = $2";
    let row: Option<OutboxRow> =
        sqlx::query_as(sql).bind(run_id).bind(effect_id).fetch_optional(connection).await?;
    Ok(row.map(|row| row.opened(seal)))
}

/// All unsettled effects of a run.
///
/// # Errors
/// The database failed.
pub async fn of_run(
    connection: &mut Connection,
    seal: &Seal,
    run_id: &str,
) -> Result<Vec<OutboxRow>, Error> {
    let sql = "select run_id, effect_id, kind, effect, phase, attempt, due_at, tried_at from outbox where run_id = $1 order by effect_id";
    Ok(opened(sqlx::query_as(sql).bind(run_id).fetch_all(connection).await?, seal))
}

/// Marks the beginning of an attempt. False when somebody else has it or it is settled.
///
/// # Errors
/// The database failed.
pub async fn claim(
    connection: &mut Connection,
    run_id: &str,
    effect_id: i64,
    now: Time,
) -> Result<bool, Error> {
    let sql = "update outbox set phase = 'sending', attempt = attempt + 1, tried_at = $3 where run_id = $1 and effect_id = $2 and phase = 'pending'";
    let done =
        sqlx::query(sql).bind(run_id).bind(effect_id).bind(now.0).execute(connection).await?;
    Ok(done.rows_affected() == 1)
}

/// Sets what is to happen to an effect next, and when.
///
/// # Errors
/// The database failed.
pub async fn set_phase(
    connection: &mut Connection,
    run_id: &str,
    effect_id: i64,
    phase: &str,
    due_at: Time,
) -> Result<(), Error> {
    sqlx::query("update outbox set phase = $3, due_at = $4 where run_id = $1 and effect_id = $2")
        .bind(run_id)
        .bind(effect_id)
        .bind(phase)
        .bind(due_at.0)
        .execute(connection)
        .await?;
    Ok(())
}

/// Takes a settled effect away. False when it was settled before.
///
/// # Errors
/// The database failed.
pub async fn remove(
    connection: &mut Connection,
    run_id: &str,
    effect_id: i64,
) -> Result<bool, Error> {
    let done = sqlx::query("delete from outbox where run_id = $1 and effect_id = $2")
        .bind(run_id)
        .bind(effect_id)
        .execute(connection)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes away what an ended run asked for and nobody has begun; hanging up stays, since a call may still be up.
///
/// # Errors
/// The database failed.
pub async fn remove_not_begun(connection: &mut Connection, run_id: &str) -> Result<(), Error> {
    sqlx::query("delete from outbox where run_id = $1 and phase = 'pending' and attempt = 0 and kind <> 'hang_up'")
        .bind(run_id)
        .execute(connection)
        .await?;
    Ok(())
}

/// Has an effect looked at again at once that waits for the end of another run.
///
/// # Errors
/// The database failed.
pub async fn wake(
    connection: &mut Connection,
    run_id: &str,
    effect_id: i64,
    now: Time,
) -> Result<(), Error> {
    sqlx::query(
        "update outbox set due_at = $3 where run_id = $1 and effect_id = $2 and phase = 'waiting'",
    )
    .bind(run_id)
    .bind(effect_id)
    .bind(now.0)
    .execute(connection)
    .await?;
    Ok(())
}

/// Has everything looked at again at once by which a run waits for the ends of others.
///
/// # Errors
/// The database failed.
pub async fn wake_all(connection: &mut Connection, run_id: &str, now: Time) -> Result<(), Error> {
    sqlx::query("update outbox set due_at = $2 where run_id = $1 and phase = 'waiting'")
        .bind(run_id)
        .bind(now.0)
        .execute(connection)
        .await?;
    Ok(())
}

/// How many effects are to be carried out or looked for.
///
/// # Errors
/// The database failed.
pub async fn depth(connection: &mut Connection) -> Result<i64, Error> {
    Ok(sqlx::query_scalar("select count(*) from outbox where phase <> 'waiting'")
        .fetch_one(connection)
        .await?)
}

/// Notes the carrier's id of what an effect became. False when another effect has it.
///
/// # Errors
/// The database failed.
pub async fn claim_carrier_id(
    connection: &mut Connection,
    uuid: &str,
    run_id: &str,
    effect_id: i64,
) -> Result<bool, Error> {
    sqlx::query("insert into carrier_ids (uuid, run_id, effect_id) values ($1, $2, $3) on conflict (uuid) do nothing")
        .bind(uuid)
        .bind(run_id)
        .bind(effect_id)
        .execute(&mut *connection)
        .await?;
    let owner: (String, i64) =
        sqlx::query_as("select run_id, effect_id from carrier_ids where uuid = $1")
            .bind(uuid)
            .fetch_one(connection)
            .await?;
    Ok(owner == (run_id.to_owned(), effect_id))
}

/// Whether an effect is known to have become this call or message.
///
/// # Errors
/// The database failed.
pub async fn is_carrier_id_known(connection: &mut Connection, uuid: &str) -> Result<bool, Error> {
    let found: Option<i64> =
        sqlx::query_scalar("select effect_id from carrier_ids where uuid = $1")
            .bind(uuid)
            .fetch_optional(connection)
            .await?;
    Ok(found.is_some())
}
