//! What one event changes, and the one transaction that writes it.

use super::{
    IdempotencyKey, children, ending,
    secrets::{self, Secrets},
    wire,
};
use crate::{
    error::Error,
    seal::Seal,
    store::{
        Connection, Store, awaited, completions, idempotency, journal, outbox, receipts, runs,
        timers,
    },
};
use engine::{Awaited, Effect, EffectId, Input, Output, Run, RunStatus, Time, Workflow};
use plivo::number::Number;
use serde_json::{Map, Value as Json, json};

/// Everything that one event changes.
pub(super) struct Change {
    /// The run's row afterwards.
    pub(super) row: runs::RunRow,
    /// The journal entry.
    pub(super) entry: journal::EntryRow,
    /// What the run asks for.
    pub(super) effects: Vec<(EffectId, Effect)>,
    /// When it wants to be woken.
    pub(super) wake_at: Option<Time>,
    /// Whom to tell of its end, and what.
    pub(super) completion: Option<(String, String)>,
    /// What must not be shown of it.
    pub(super) secrets: Secrets,
    /// Questions that are answered or given up.
    no_longer_awaited: Vec<EffectId>,
    /// Questions that were asked.
    newly_awaited: Vec<Awaited>,
    variables: Map<String, Json>,
    is_over: bool,
    was_broken_off: bool,
}

/// The effect whose outcome an event is.
pub(super) struct Settles<'a> {
    pub(super) effect: EffectId,
    /// The carrier's id of the call or message it became.
    pub(super) carrier_id: Option<&'a str>,
}

/// What became of a commit.
pub(super) enum Committed {
    /// It is on disk.
    Done,
    /// The effect had been settled before; nothing was changed.
    SettledBefore,
    /// Somebody else has moved the run; nothing was changed.
    Overtaken,
}

/// What an event happens to.
pub(super) struct Before {
    pub(super) row: runs::RunRow,
    pub(super) awaited: Vec<Awaited>,
    pub(super) secrets: Secrets,
}

impl Change {
    pub(super) fn new(
        workflow: &Workflow,
        run: &Run,
        before: Before,
        input: &Input,
        output: &Output,
    ) -> Result<Change, Error> {
        let Before { row: before, awaited: awaited_before, mut secrets } = before;
        let awaited = run.awaited();
        if before.is_sealed != 0 {
            secrets.extend(run.secrets().iter().cloned());
        }
        let is_over = output.status.is_final();
        // Told once, also if news of a recording comes later.
        let ends = is_over && before.ended_at.is_none();
        let variables = run.variables_json();
        let row = runs::RunRow {
            status: output.status.as_str().to_owned(),
            last_at: input.at.0,
            ended_at: is_over.then_some(run.ended_at().unwrap_or(input.at).0),
            problem: run.problem().map(str::to_owned),
            journal_length: before.journal_length + 1,
            variables: if is_over { Some(text(&variables)?) } else { None },
            ..before
        };
        let effects: Vec<Json> = output
            .effects
            .iter()
            .map(|(id, effect)| shown_effect(*id, effect))
            .collect::<Result<_, _>>()?;
        let entry = journal::EntryRow {
            seq: row.journal_length,
            at: input.at.0,
            input: text(input)?,
            notes: text(&output.notes)?,
            effects: text(&effects)?,
        };
        let completion = match &workflow.document().on_complete {
            Some(url) if ends => {
                Some((url.clone(), ending::notice(run, &row, &variables).to_string()))
            }
            _ => None,
        };
        let was_broken_off = matches!(output.status, RunStatus::Failed | RunStatus::Cancelled);
        Ok(Change {
            row,
            entry,
            effects: output.effects.clone(),
            wake_at: output.wake_at,
            completion,
            secrets,
            no_longer_awaited: awaited_before
                .iter()
                .filter(|question| !awaited.contains(question))
                .map(|question| question.question)
                .collect(),
            newly_awaited: awaited
                .into_iter()
                .filter(|question| !awaited_before.contains(question))
                .collect(),
            variables,
            is_over,
            was_broken_off,
        })
    }

    /// What watchers are shown.
    pub(super) fn update(&self) -> api::live::RunUpdate {
        let mut variables = self.variables.clone();
        variables.values_mut().for_each(|value| secrets::hide(value, &self.secrets));
        api::live::RunUpdate {
            run: wire::run_with(&self.row, variables),
            entry: wire::entry_of(&self.entry, &self.secrets),
        }
    }
}

/// Writes the first entry of a run.
pub(super) async fn commit_new(
    store: &Store,
    change: &Change,
    key: Option<&IdempotencyKey>,
) -> Result<(), Error> {
    let mut tx = store.begin().await?;
    runs::insert(&mut tx, store.seal(), &change.row).await?;
    if let Some(key) = key {
        idempotency::add(
            &mut tx,
            &key.caller,
            &key.key,
            &key.request_digest,
            &change.row.id,
            Time(change.row.started_at),
        )
        .await?;
    }
    write(&mut tx, store.seal(), change).await?;
    tx.commit().await?;
    Ok(())
}

/// Writes the next entry of a run. Where a text is the event, its receipt is written along, so that it has no second effect.
pub(super) async fn commit(
    store: &Store,
    change: &Change,
    settles: Option<&Settles<'_>>,
    receipt: Option<&str>,
) -> Result<Committed, Error> {
    let mut tx = store.begin().await?;
    if let Some(message_uuid) = receipt
        && !receipts::add(&mut tx, message_uuid, Time(change.entry.at)).await?
    {
        return Ok(Committed::SettledBefore);
    }
    if let Some(settles) = settles
        && !settle(&mut tx, &change.row.id, settles).await?
    {
        return Ok(Committed::SettledBefore);
    }
    if !runs::advance(&mut tx, store.seal(), &change.row).await? {
        return Ok(Committed::Overtaken);
    }
    write(&mut tx, store.seal(), change).await?;
    tx.commit().await?;
    Ok(Committed::Done)
}

/// Takes an effect of a run that is over out of the outbox.
pub(super) async fn settle_only(
    store: &Store,
    run_id: &str,
    settles: Option<&Settles<'_>>,
) -> Result<bool, Error> {
    let Some(settles) = settles else { return Ok(false) };
    let mut tx = store.begin().await?;
    let is_first = settle(&mut tx, run_id, settles).await?;
    tx.commit().await?;
    Ok(is_first)
}

/// Notes why a run cannot go on, and stops its wake-ups until the next start of the server.
pub(super) async fn park(store: &Store, run_id: &str, problem: &str) -> Result<(), Error> {
    let mut tx = store.begin().await?;
    runs::set_problem(&mut tx, run_id, Some(problem)).await?;
    timers::set(&mut tx, run_id, None).await?;
    tx.commit().await?;
    Ok(())
}

async fn settle(
    connection: &mut Connection,
    run_id: &str,
    settles: &Settles<'_>,
) -> Result<bool, Error> {
    let effect_id = i64::from(settles.effect.0);
    if !outbox::remove(connection, run_id, effect_id).await? {
        return Ok(false);
    }
    if let Some(uuid) = settles.carrier_id {
        outbox::claim_carrier_id(connection, uuid, run_id, effect_id).await?;
    }
    Ok(true)
}

async fn write(connection: &mut Connection, seal: &Seal, change: &Change) -> Result<(), Error> {
    let run_id = &change.row.id;
    let at = Time(change.entry.at);
    let seal = (change.row.is_sealed != 0).then_some(seal);
    journal::append(connection, run_id, &change.entry, seal).await?;
    if change.was_broken_off {
        outbox::remove_not_begun(connection, run_id).await?;
        outbox::wake_all(connection, run_id, at).await?;
    }
    for (id, effect) in &change.effects {
        let effect_text = text(effect)?;
        outbox::add(connection, run_id, i64::from(id.0), kind_of(effect), &effect_text, at, seal)
            .await?;
    }
    timers::set(connection, run_id, change.wake_at.filter(|_| !change.is_over)).await?;
    if let Some((url, body)) = &change.completion {
        completions::add(connection, run_id, url, body, at, seal).await?;
    }
    if change.is_over
        && let Some((parent, effect_id)) = children::asked_by(&change.row)
    {
        outbox::wake(connection, parent, effect_id, at).await?;
    }
    write_awaited(connection, change, at).await
}

async fn write_awaited(
    connection: &mut Connection,
    change: &Change,
    at: Time,
) -> Result<(), Error> {
    let run_id = &change.row.id;
    for question in &change.no_longer_awaited {
        awaited::remove(connection, run_id, i64::from(question.0)).await?;
    }
    for question in &change.newly_awaited {
        let row = awaited::AwaitedRow {
            run_id: run_id.clone(),
            question: i64::from(question.question.0),
            accepts: text(&question.accepts)?,
        };
        let ours = question.ours.as_deref().map(normal).unwrap_or_default();
        awaited::add(connection, &row, &ours, &normal(&question.theirs), at).await?;
    }
    Ok(())
}

/// A number in the one way in which numbers are compared; what is none stays as it is.
fn normal(number: &str) -> String {
    Number::parse(number)
        .map_or_else(|_| number.trim().to_owned(), |number| number.as_str().to_owned())
}

/// An effect's type, as it stands in its JSON.
fn kind_of(effect: &Effect) -> &'static str {
    match effect {
        Effect::PlaceCall(_) => "place_call",
        Effect::HangUp { .. } => "hang_up",
        Effect::CheckCall { .. } => "check_call",
        Effect::SendMessage(_) => "send_message",
        Effect::HttpRequest(_) => "http_request",
        Effect::Redirect { .. } => "redirect",
        Effect::StartRecording { .. } => "start_recording",
        Effect::StopRecording { .. } => "stop_recording",
        Effect::AddParticipant(_) => "add_participant",
        Effect::ChangeMember { .. } => "change_member",
        Effect::DropMessage { .. } => "drop_message",
        Effect::SendEmail(_) => "send_email",
        Effect::QueryDatabase(_) => "query_database",
        Effect::StartRun(_) => "start_run",
    }
}

/// An effect as the journal shows it: with its number, without credentials. The outbox alone has those, until the effect is settled.
fn shown_effect(id: EffectId, effect: &Effect) -> Result<Json, Error> {
    let mut shown = serde_json::to_value(effect).map_err(unwritable)?;
    if let Effect::HttpRequest(request) = effect
        && request.auth.is_some()
    {
        shown["auth"] = json!("(hidden)");
    }
    shown["id"] = json!(id);
    Ok(shown)
}

fn text(value: &impl serde::Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(unwritable)
}

fn unwritable(error: serde_json::Error) -> Error {
    Error::Invalid(format!("what happened cannot be written down: {error}"))
}
