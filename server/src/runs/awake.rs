//! Runs in memory, and how they get there.

use super::{
    secrets::{self, Secrets},
    unknown,
};
use crate::{
    error::Error,
    store::{Store, journal, runs},
    workflows::Workflows,
};
use engine::{Input, Run, RunId, Workflow};
use std::{
    sync::{Arc, Mutex as SyncMutex, PoisonError},
    time::{Duration, Instant},
};
use tokio::sync::{Mutex, broadcast, watch};

/// Updates a slow watcher may fall behind before it has to read the journal again. Every run in memory has room for so many.
const UPDATES_MAX: usize = 16;

/// A run's place in memory, whether it is awake or not; everything that happens to the run waits for its lock.
pub(super) struct Slot {
    pub(super) memory: Mutex<Memory>,
    /// The journal's length, for those who wait for any change.
    pub(super) length: watch::Sender<i64>,
    /// What happens, for those who show it.
    pub(super) updates: broadcast::Sender<Arc<api::live::RunUpdate>>,
    used_at: SyncMutex<Instant>,
}

/// What is in memory of a run.
#[derive(Default)]
pub(super) enum Memory {
    /// Nothing; the journal has it.
    #[default]
    Asleep,
    /// The run as its journal says.
    Awake(Box<Awake>),
    /// It cannot go on, and why.
    Parked(String),
}

/// A run as its journal says.
pub(super) struct Awake {
    pub(super) run: Run,
    pub(super) workflow: Arc<Workflow>,
    pub(super) row: runs::RunRow,
    /// What must not be shown of it; of sealed runs only.
    pub(super) secrets: Secrets,
}

impl Awake {
    /// The run that asked for this one, where both are sealed: what must not be shown of that must not be shown here.
    pub(super) fn sealed_parent(&self) -> Option<String> {
        let parent = self.run.parent().filter(|_| self.row.is_sealed != 0);
        parent.map(|parent| parent.0.clone())
    }
}

impl Default for Slot {
    fn default() -> Slot {
        Slot {
            memory: Mutex::default(),
            length: watch::Sender::new(0),
            updates: broadcast::Sender::new(UPDATES_MAX),
            used_at: SyncMutex::new(Instant::now()),
        }
    }
}

impl Slot {
    pub(super) fn touch(&self) {
        *self.used_at.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    pub(super) fn is_idle(&self, after: Duration) -> bool {
        self.used_at.lock().unwrap_or_else(PoisonError::into_inner).elapsed() >= after
    }

    pub(super) fn is_watched(&self) -> bool {
        self.length.receiver_count() > 0 || self.updates.receiver_count() > 0
    }
}

/// Rebuilds a run from its journal.
///
/// # Errors
/// There is no such run, or ([`Error::Parked`]) its journal or its workflow cannot be read.
pub(super) async fn load(
    store: &Store,
    workflows: &Workflows,
    run_id: &str,
) -> Result<Awake, Error> {
    let (row, entries) = {
        let mut reader = store.reader().await?;
        let row = runs::get(&mut reader, run_id).await?.ok_or_else(|| unknown(run_id))?;
        (row, journal::read(&mut reader, store.seal(), run_id, 0).await?)
    };
    let workflow = match workflows.version(&row.workflow_id, row.version).await {
        Err(Error::NotFound(problem)) => return Err(Error::Parked(problem)),
        other => other?,
    };
    let mut inputs = Vec::with_capacity(entries.len());
    for (position, entry) in entries.iter().enumerate() {
        if usize::try_from(entry.seq) != Ok(position + 1) {
            return Err(Error::Parked(format!("journal entry {} is missing", position + 1)));
        }
        let input: Input = serde_json::from_str(&entry.input).map_err(|error| {
            Error::Parked(format!(
                "journal entry {} cannot be read by this release: {error}",
                entry.seq
            ))
        })?;
        inputs.push(input);
    }
    if usize::try_from(row.journal_length) != Ok(inputs.len()) {
        return Err(Error::Parked(format!(
            "the journal has {} of {} entries",
            inputs.len(),
            row.journal_length
        )));
    }
    let id = RunId(run_id.to_owned());
    let replay = || match row.is_sealed {
        0 => Some((Run::replay(&workflow, id, inputs)?, Secrets::new())),
        _ => secrets::replay(&workflow, id, inputs),
    };
    let (mut run, secrets) = std::panic::catch_unwind(std::panic::AssertUnwindSafe(replay))
        .map_err(|_| Error::Parked("replaying the journal met a bug".to_owned()))?
        .ok_or_else(|| Error::Parked("the journal does not begin with a start".to_owned()))?;
    run.rest();
    Ok(Awake { run, workflow, row, secrets })
}
