//! Workflows as the server handles them: drafts are checked and saved, versions are published, and the version of a run is read once and kept.

use crate::{
    clock,
    error::Error,
    schedule::Schedule,
    store::{Connection, Store, schedules, versions, workflows},
};
use engine::{Document, Problem, Workflow};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// Versions kept ready for runs. Past that many, all are read again as they are needed.
const READY_MAX: usize = 1_000;

/// Which version of which workflow.
type VersionKey = (String, i64);

/// The workflows of a server.
#[derive(Clone, Debug)]
pub struct Workflows {
    store: Store,
    ready: Arc<Mutex<HashMap<VersionKey, Arc<Workflow>>>>,
}

/// What became of saving a draft.
#[derive(Debug)]
pub struct SavedDraft {
    /// The draft's new revision.
    pub revision: u64,
    /// When it was saved, in milliseconds since 1970.
    pub saved_at: i64,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
    /// Whether it says something else than the published version.
    pub differs_from_published: bool,
}

impl Workflows {
    /// The workflows in a database.
    pub fn new(store: Store) -> Workflows {
        Workflows { store, ready: Arc::default() }
    }

    /// A version, ready to run.
    ///
    /// # Errors
    /// There is no such version, or this release cannot read it any more.
    pub async fn version(&self, workflow_id: &str, version: i64) -> Result<Arc<Workflow>, Error> {
        let key = (workflow_id.to_owned(), version);
        if let Some(workflow) = self.ready.lock().unwrap_or_else(PoisonError::into_inner).get(&key)
        {
            return Ok(Arc::clone(workflow));
        }
        let row = versions::get(&mut *self.store.reader().await?, workflow_id, version)
            .await?
            .ok_or_else(|| {
                Error::NotFound(format!(
                    "there is no version {version} of the workflow `{workflow_id}`"
                ))
            })?;
        let unreadable = |problems: Vec<Problem>| {
            let first = problems.first().map(ToString::to_string).unwrap_or_default();
            Error::Parked(format!(
                "version {version} of `{workflow_id}` cannot be read by this release: {first}"
            ))
        };
        let document = engine::workflow::read(&row.document).map_err(unreadable)?;
        let workflow = Arc::new(Workflow::new(document).map_err(unreadable)?);
        let mut ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        if ready.len() >= READY_MAX {
            ready.clear();
        }
        ready.insert(key, Arc::clone(&workflow));
        Ok(workflow)
    }

    /// The version of a workflow that runs now, with its number.
    ///
    /// # Errors
    /// There is no such workflow, or it was never published.
    pub async fn published(&self, workflow_id: &str) -> Result<(i64, Arc<Workflow>), Error> {
        let row = self.row(workflow_id).await?;
        let version = row.published_version.ok_or_else(|| {
            Error::Conflict(format!(
                "the workflow `{workflow_id}` is a draft that was never published; publish it first"
            ))
        })?;
        Ok((version, self.version(workflow_id, version).await?))
    }

    /// A workflow's row.
    ///
    /// # Errors
    /// There is no such workflow.
    pub async fn row(&self, workflow_id: &str) -> Result<workflows::WorkflowRow, Error> {
        workflows::get(&mut *self.store.reader().await?, workflow_id)
            .await?
            .ok_or_else(|| unknown(workflow_id))
    }

    /// Saves a draft. Errors in it are reported and do not keep it from being saved: people save unfinished work.
    ///
    /// # Errors
    /// The draft was saved by somebody else since the expected revision.
    pub async fn save(
        &self,
        document: &Document,
        expected_revision: Option<u64>,
    ) -> Result<SavedDraft, Error> {
        let problems = engine::workflow::check(document);
        let text = engine::workflow::canonical(document);
        let at = clock::now();
        let mut tx = self.store.begin().await?;
        let before = workflows::get(&mut tx, &document.id).await?;
        if let Some(expected) = expected_revision {
            let present = before.as_ref().map_or(0, |row| row.revision.unsigned_abs());
            if expected == 0 && present != 0 {
                return Err(Error::Exists(format!(
                    "there is a workflow `{}` already; choose another id",
                    document.id
                )));
            }
            if present != expected {
                return Err(Error::Stale(present));
            }
        }
        let differs_from_published = match before.and_then(|row| row.published_version) {
            Some(version) => versions::get(&mut tx, &document.id, version)
                .await?
                .is_none_or(|row| row.document != text),
            None => true,
        };
        let draft = workflows::Draft {
            id: &document.id,
            name: &document.name,
            description: &document.description,
            text: &text,
            error_count: i64::try_from(
                problems.iter().filter(|problem| problem.is_error()).count(),
            )
            .unwrap_or(i64::MAX),
            differs_from_published,
        };
        let revision = workflows::save(&mut tx, draft, at).await?;
        tx.commit().await?;
        Ok(SavedDraft {
            revision: revision.unsigned_abs(),
            saved_at: at.0,
            problems,
            differs_from_published,
        })
    }

    /// Makes the draft the version that runs. A draft that says the same as the published version stays that version.
    ///
    /// # Errors
    /// There is no such workflow, the draft has errors, or it changed since the expected revision.
    pub async fn publish(
        &self,
        workflow_id: &str,
        expected_revision: Option<u64>,
        by: &str,
    ) -> Result<i64, Error> {
        let mut tx = self.store.begin().await?;
        let row =
            workflows::get(&mut tx, workflow_id).await?.ok_or_else(|| unknown(workflow_id))?;
        if expected_revision.is_some_and(|expected| expected != row.revision.unsigned_abs()) {
            return Err(Error::Stale(row.revision.unsigned_abs()));
        }
        let document = engine::workflow::read(&row.draft).map_err(Error::Problems)?;
        let problems = engine::workflow::check(&document);
        if problems.iter().any(Problem::is_error) {
            return Err(Error::Problems(problems));
        }
        let schedule = Schedule::of(&document)?;
        let version = match self.unchanged_version(&mut tx, &row).await? {
            Some(version) => version,
            None => versions::add(&mut tx, workflow_id, &row.draft, clock::now(), by).await?,
        };
        workflows::set_published(&mut tx, workflow_id, version).await?;
        plan(&mut tx, workflow_id, schedule.as_ref()).await?;
        tx.commit().await?;
        Ok(version)
    }

    /// Plans the schedules of all published workflows, as after a restore or by another release.
    ///
    /// # Errors
    /// The database failed.
    pub async fn plan_all(&self) -> Result<(), Error> {
        let rows = workflows::list(&mut *self.store.reader().await?).await?;
        for row in rows {
            let Some(version) = row.published_version else { continue };
            let schedule = match self.version(&row.id, version).await {
                Ok(workflow) => Schedule::of(workflow.document()),
                Err(error) => Err(error),
            };
            match schedule {
                Ok(None) => {}
                Ok(schedule) => {
                    let mut tx = self.store.begin().await?;
                    plan(&mut tx, &row.id, schedule.as_ref()).await?;
                    tx.commit().await?;
                }
                Err(error) => {
                    tracing::warn!(workflow.id = %row.id, %error, "a schedule cannot be followed");
                }
            }
        }
        Ok(())
    }

    async fn unchanged_version(
        &self,
        connection: &mut Connection,
        row: &workflows::WorkflowRow,
    ) -> Result<Option<i64>, Error> {
        let Some(version) = row.published_version else { return Ok(None) };
        let published = versions::get(connection, &row.id, version).await?;
        Ok(published
            .filter(|published| published.document == row.draft)
            .map(|published| published.version))
    }
}

/// Sets when a workflow runs by itself next, or that it does not.
async fn plan(
    connection: &mut Connection,
    workflow_id: &str,
    schedule: Option<&Schedule>,
) -> Result<(), Error> {
    let next = schedule.and_then(|schedule| Some((schedule, schedule.next_after(clock::now())?)));
    match next {
        Some((schedule, planned_at)) => {
            schedules::put(connection, &schedule.row(workflow_id, planned_at)).await
        }
        None => schedules::remove(connection, workflow_id).await,
    }
}

fn unknown(workflow_id: &str) -> Error {
    Error::NotFound(format!("there is no workflow `{workflow_id}`"))
}
