//! The run hub: every event of every run goes through here, one at a time for each run.
//!
//! An event moves the run in memory; the journal entry, the run's row, its effects, its wake-up and whatever else belongs to the event are committed in one
//! transaction; only then does anybody hear of it. Invariant: what is in memory is never ahead of what is on disk, since a failed commit throws the memory away.
//!
//! A run that is not in memory is rebuilt from its journal. One whose journal cannot be read is parked with a problem; the server goes on.

mod awake;
mod bells;
mod children;
mod commit;
mod ending;
mod look;
mod secrets;
mod wire;

pub use bells::Bells;
pub use children::{Ended, source_of};
pub use look::{AtNode, LegView};
pub use wire::run_of;

use crate::{
    clock,
    error::Error,
    store::{Store, idempotency, runs, truth},
    workflows::Workflows,
};
use awake::{Awake, Memory, Slot};
use commit::{Before, Change, Committed, Settles};
use engine::{EffectId, Event, Input, Note, Output, Run, RunId, RunStatus, Time, Trigger, Value};
use std::{
    collections::{BTreeMap, HashMap},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tracing::{debug, info, warn};
use uuid::Uuid;

/// How long a run that nothing happens to stays in memory.
const IDLE: Duration = Duration::from_secs(600);

/// A run to start.
#[derive(Debug)]
pub struct NewRun {
    /// Which workflow; the version that is published now runs.
    pub workflow_id: String,
    /// What started it. Parameters are checked here.
    pub trigger: Trigger,
    /// The call or message that started it: the second webhook about it finds the run of the first.
    pub source_uuid: Option<String>,
    /// The key that makes the request safe to repeat.
    pub idempotency: Option<IdempotencyKey>,
}

/// A key that makes a request safe to repeat.
#[derive(Clone, Debug)]
pub struct IdempotencyKey {
    /// Whose key: two callers may use the same text.
    pub caller: String,
    /// The key.
    pub key: String,
    /// Digest of the request.
    pub request_digest: String,
}

/// What became of a request for a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Started {
    /// The run's id.
    pub run_id: String,
    /// False when an earlier request or webhook had started it.
    pub is_new: bool,
}

/// The run hub.
#[derive(Clone)]
pub struct Runs(Arc<Hub>);

struct Hub {
    store: Store,
    workflows: Workflows,
    slots: Mutex<HashMap<String, Arc<Slot>>>,
    bells: Bells,
}

impl Runs {
    /// A hub over a database.
    pub fn new(store: Store, workflows: Workflows) -> Runs {
        Runs(Arc::new(Hub { store, workflows, slots: Mutex::default(), bells: Bells::default() }))
    }

    /// What rings when there is work.
    pub fn bells(&self) -> &Bells {
        &self.0.bells
    }

    /// Starts a run, or finds the one that the same request or call has started before. When this returns, the run is on disk.
    ///
    /// # Errors
    /// The workflow is unknown or unpublished, parameters are missing or wrong, or the key was used with another request.
    pub async fn start(&self, new: NewRun) -> Result<Started, Error> {
        if let Some(run_id) = self.started_before(&new).await? {
            return Ok(Started { run_id, is_new: false });
        }
        let (version, workflow) = self.0.workflows.published(&new.workflow_id).await?;
        let trigger = accepted(&workflow, new.trigger.clone())?;
        let inherited = self.inherited(&trigger).await?;
        let run_id = Uuid::now_v7().to_string();
        let slot = self.slot(&run_id);
        let mut memory = slot.memory.lock().await;
        let now = clock::now();
        let input = Input { at: now, event: Event::Started(trigger) };
        let start = || Run::start(&workflow, RunId(run_id.clone()), input.clone());
        let (mut run, output) = catch_unwind(AssertUnwindSafe(start)).map_err(|_| {
            Error::Parked(format!("starting `{}` met a bug; no run was made", new.workflow_id))
        })?;
        run.rest();
        let row = runs::RunRow {
            id: run_id.clone(),
            workflow_id: new.workflow_id.clone(),
            version,
            status: String::new(),
            trigger_kind: run.begun_by().as_str().to_owned(),
            started_at: now.0,
            last_at: now.0,
            ended_at: None,
            problem: None,
            journal_length: 0,
            source_uuid: new.source_uuid.clone(),
            variables: None,
            is_sealed: truth(inherited.is_some() || secrets::asks_for_secrets(&workflow)),
        };
        let before = Before { row, awaited: Vec::new(), secrets: inherited.unwrap_or_default() };
        let change = Change::new(&workflow, &run, before, &input, &output)?;
        match commit::commit_new(&self.0.store, &change, new.idempotency.as_ref()).await {
            Ok(()) => {}
            Err(error) if error.is_unique_violation() => {
                drop(memory);
                self.forget(&run_id);
                let run_id = self.started_before(&new).await?.ok_or(error)?;
                return Ok(Started { run_id, is_new: false });
            }
            Err(error) => {
                drop(memory);
                self.forget(&run_id);
                return Err(error);
            }
        }
        info!(run.id = %run_id, workflow.id = %new.workflow_id, trigger = %change.row.trigger_kind, status = %change.row.status, "run started");
        metrics::counter!("phloem_runs_started_total", "trigger" => run.begun_by().as_str())
            .increment(1);
        let (row, secrets) = (change.row.clone(), change.secrets.clone());
        *memory = Memory::Awake(Box::new(Awake { run, workflow, row, secrets }));
        drop(memory);
        self.tell(&slot, &change);
        Ok(Started { run_id, is_new: true })
    }

    async fn started_before(&self, new: &NewRun) -> Result<Option<String>, Error> {
        let mut reader = self.0.store.reader().await?;
        if let Some(idempotency) = &new.idempotency
            && let Some(row) =
                idempotency::get(&mut reader, &idempotency.caller, &idempotency.key).await?
        {
            return if row.request_digest == idempotency.request_digest {
                Ok(Some(row.run_id))
            } else {
                Err(Error::KeyReused)
            };
        }
        match &new.source_uuid {
            Some(source_uuid) => runs::by_source(&mut reader, source_uuid).await,
            None => Ok(None),
        }
    }

    /// Tells a run what happened. When this returns, it is on disk. What happens to a run that is over changes nothing and is not kept, but for
    /// news of its recordings.
    ///
    /// # Errors
    /// There is no such run, it is parked, or the database failed; then nothing has changed.
    pub async fn deliver(&self, run_id: &str, event: Event) -> Result<(), Error> {
        self.apply(run_id, event, None, None).await.map(|_| ())
    }

    /// Tells a run what became of an effect, and takes the effect out of the outbox. False when that was known before.
    ///
    /// # Errors
    /// As [`Runs::deliver`].
    pub async fn settle(
        &self,
        run_id: &str,
        effect: EffectId,
        event: Event,
        carrier_id: Option<&str>,
    ) -> Result<bool, Error> {
        self.apply(run_id, event, Some(Settles { effect, carrier_id }), None).await
    }

    /// Tells a run that a text answered one of its questions. False when the question was not open any more, or the text had its effect before; then nothing has
    /// changed.
    ///
    /// # Errors
    /// As [`Runs::deliver`].
    pub async fn hear(
        &self,
        run_id: &str,
        event: Event,
        message_uuid: &str,
    ) -> Result<bool, Error> {
        self.apply(run_id, event, None, Some(message_uuid)).await
    }

    async fn apply(
        &self,
        run_id: &str,
        event: Event,
        settles: Option<Settles<'_>>,
        receipt: Option<&str>,
    ) -> Result<bool, Error> {
        let slot = self.slot(run_id);
        let mut memory = slot.memory.lock().await;
        // Another process that writes (the command line) may have moved the run: then it is read again.
        for _ in 0..3 {
            let awake = self.awake(run_id, &mut memory).await?;
            let was_over = awake.run.status().is_final();
            if was_over && !is_late_news(&event) {
                return commit::settle_only(&self.0.store, run_id, settles.as_ref()).await;
            }
            let mut run = awake.run.clone();
            let input =
                Input { at: Time(clock::now().0.max(awake.row.last_at)), event: event.clone() };
            let handle = || run.handle(&awake.workflow, input.clone());
            let output = catch_unwind(AssertUnwindSafe(handle));
            let (workflow, row) = (Arc::clone(&awake.workflow), awake.row.clone());
            let Ok(output) = output else {
                return Err(self
                    .park(
                        run_id,
                        &mut memory,
                        format!("the engine met a bug at journal entry {}", row.journal_length + 1),
                    )
                    .await);
            };
            run.rest();
            if settles.is_none() && changes_nothing(&output) && run == awake.run {
                // A double or a straggler. It needs no place in the journal, which anybody could fill by sending the same webhook again and again.
                debug!(run.id = %run_id, "an event changed nothing");
                metrics::counter!("phloem_events_ignored_total").increment(1);
                return Ok(false);
            }
            let mut secrets = awake.secrets.clone();
            if row.is_sealed != 0 {
                secrets.extend(secrets::answer(&awake.run, &event).map(str::to_owned));
            }
            let before = Before { row, awaited: awake.run.awaited(), secrets };
            let change = Change::new(&workflow, &run, before, &input, &output)?;
            let committed = commit::commit(&self.0.store, &change, settles.as_ref(), receipt).await;
            match committed {
                Ok(Committed::Done) => {
                    debug!(run.id = %run_id, seq = change.row.journal_length, status = %change.row.status, "run moved");
                    if run.status().is_final() && !was_over {
                        info!(run.id = %run_id, status = %change.row.status, problem = ?change.row.problem, "run ended");
                        metrics::counter!("phloem_runs_ended_total", "status" => run.status().as_str()).increment(1);
                    }
                    let (row, secrets) = (change.row.clone(), change.secrets.clone());
                    *memory = Memory::Awake(Box::new(Awake { run, workflow, row, secrets }));
                    drop(memory);
                    self.tell(&slot, &change);
                    return Ok(true);
                }
                Ok(Committed::SettledBefore) => return Ok(false),
                Ok(Committed::Overtaken) => *memory = Memory::Asleep,
                Err(error) => {
                    *memory = Memory::Asleep;
                    return Err(error);
                }
            }
        }
        Err(Error::Conflict(format!("the run `{run_id}` is being moved by another process")))
    }

    /// Ends a run on somebody's request. Calls that are up are hung up first.
    ///
    /// # Errors
    /// There is no such run, or it is over.
    pub async fn cancel(&self, run_id: &str, by: &str) -> Result<(), Error> {
        let slot = self.slot(run_id);
        let mut memory = slot.memory.lock().await;
        let awake = self.awake(run_id, &mut memory).await?;
        if awake.run.status().is_final() {
            return Err(Error::Conflict(format!(
                "the run is over ({})",
                awake.run.status().as_str()
            )));
        }
        drop(memory);
        self.deliver(run_id, Event::Cancelled { by: by.to_owned() }).await
    }

    /// Lets go of runs that are over or that nothing happens to. Nobody may be watching them.
    pub fn sweep(&self) {
        let mut slots = self.0.slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots.retain(|_, slot| {
            Arc::strong_count(slot) > 1 || slot.is_watched() || !slot.is_idle(IDLE)
        });
        metrics::gauge!("phloem_runs_in_memory")
            .set(f64::from(u32::try_from(slots.len()).unwrap_or(u32::MAX)));
    }

    fn slot(&self, run_id: &str) -> Arc<Slot> {
        let mut slots = self.0.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let slot = slots.entry(run_id.to_owned()).or_default();
        slot.touch();
        Arc::clone(slot)
    }

    fn forget(&self, run_id: &str) {
        self.0.slots.lock().unwrap_or_else(PoisonError::into_inner).remove(run_id);
    }

    async fn awake<'a>(
        &self,
        run_id: &str,
        memory: &'a mut Memory,
    ) -> Result<&'a mut Awake, Error> {
        if matches!(memory, Memory::Asleep) {
            match awake::load(&self.0.store, &self.0.workflows, run_id).await {
                Ok(mut awake) => {
                    if let Some(parent) = awake.sealed_parent() {
                        awake.secrets.extend(self.secrets_of_parent(&parent).await?);
                    }
                    *memory = Memory::Awake(Box::new(awake));
                }
                Err(Error::Parked(problem)) => {
                    return Err(self.park(run_id, memory, problem).await);
                }
                Err(error) => {
                    self.forget(run_id);
                    return Err(error);
                }
            }
        }
        match memory {
            Memory::Awake(awake) => Ok(awake),
            Memory::Parked(problem) => Err(Error::Parked(problem.clone())),
            Memory::Asleep => Err(unknown(run_id)),
        }
    }

    /// Sets a run aside that cannot go on; its journal stays, for a release that can read it.
    async fn park(&self, run_id: &str, memory: &mut Memory, problem: String) -> Error {
        warn!(run.id = %run_id, problem = %problem, "run parked");
        metrics::counter!("phloem_runs_parked_total").increment(1);
        *memory = Memory::Parked(problem.clone());
        if let Err(error) = commit::park(&self.0.store, run_id, &problem).await {
            warn!(run.id = %run_id, error = %error, "the problem could not be noted");
        }
        Error::Parked(problem)
    }

    fn tell(&self, slot: &Slot, change: &Change) {
        slot.length.send_replace(change.row.journal_length);
        if slot.updates.receiver_count() > 0 {
            // A watcher that is gone by now misses nothing.
            let _ = slot.updates.send(Arc::new(change.update()));
        }
        if !change.effects.is_empty() {
            self.0.bells.outbox.notify_one();
        }
        if let Some(wake_at) = change.wake_at {
            self.0.bells.ring_timers(wake_at);
        }
        if change.completion.is_some() {
            self.0.bells.completions.notify_one();
        }
    }
}

/// Whether an event still says something about a run that is over: recordings are stored when the call that they are of has ended.
fn is_late_news(event: &Event) -> bool {
    matches!(event, Event::RecordingStored { .. } | Event::Transcribed { .. })
}

/// Whether the engine only notes why it ignored an event.
fn changes_nothing(output: &Output) -> bool {
    output.effects.is_empty()
        && output.notes.iter().all(|note| matches!(note, Note::Ignored { .. }))
}

/// Checks the parameters of a request for a run against those that the workflow declares.
fn accepted(workflow: &engine::Workflow, trigger: Trigger) -> Result<Trigger, Error> {
    match trigger {
        Trigger::ApiRequest { params } => {
            Ok(Trigger::ApiRequest { params: accepted_params(workflow, params)? })
        }
        Trigger::RunWorkflow { params, parent, depth } => {
            Ok(Trigger::RunWorkflow { params: accepted_params(workflow, params)?, parent, depth })
        }
        other => Ok(other),
    }
}

fn accepted_params(
    workflow: &engine::Workflow,
    params: BTreeMap<String, Value>,
) -> Result<BTreeMap<String, Value>, Error> {
    workflow.accept_params(params).map_err(|problems| {
        Error::Params(problems.into_iter().map(|problem| problem.message).collect())
    })
}

fn unknown(run_id: &str) -> Error {
    Error::NotFound(format!("there is no run `{run_id}`"))
}

/// Whether a status in a row means that the run is over.
pub fn is_over(status: &str) -> bool {
    [RunStatus::Completed, RunStatus::Failed, RunStatus::Cancelled]
        .iter()
        .any(|over| over.as_str() == status)
}
