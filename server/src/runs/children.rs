//! Runs that other runs asked for.

use super::{Runs, secrets::Secrets};
use crate::{
    error::Error,
    store::runs::{self, RunRow},
};
use engine::{RunStatus, Trigger, Value};
use std::{collections::BTreeMap, pin::Pin};

/// How the source of a run begins that another run asked for.
const PREFIX: &str = "run:";

/// What became of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Ended {
    /// How it ended.
    pub status: RunStatus,
    /// Why it failed.
    pub problem: Option<String>,
    /// Its own variables; what callers entered in it as a secret is dots.
    pub results: BTreeMap<String, Value>,
}

/// The source of the run that an effect of another run asks for: however often it is asked for, it is started once.
pub fn source_of(parent: &str, effect_id: i64) -> String {
    format!("{PREFIX}{parent}:{effect_id}")
}

/// The effect that asked for a run, if a run did.
pub(super) fn asked_by(row: &RunRow) -> Option<(&str, i64)> {
    let (parent, effect_id) = row.source_uuid.as_deref()?.strip_prefix(PREFIX)?.rsplit_once(':')?;
    Some((parent, effect_id.parse().ok()?))
}

impl Runs {
    /// What became of a run; nothing while it goes on.
    ///
    /// # Errors
    /// There is no such run, or it is parked.
    pub async fn ended(&self, run_id: &str) -> Result<Option<Ended>, Error> {
        let slot = self.slot(run_id);
        let mut memory = slot.memory.lock().await;
        let awake = self.awake(run_id, &mut memory).await?;
        if !awake.run.status().is_final() {
            return Ok(None);
        }
        let mut results = awake.run.results();
        if !awake.secrets.is_empty() {
            for value in results.values_mut() {
                let mut json = serde_json::Value::from(&*value);
                super::secrets::hide(&mut json, &awake.secrets);
                *value = json.into();
            }
        }
        Ok(Some(Ended {
            status: awake.run.status(),
            problem: awake.run.problem().map(str::to_owned),
            results,
        }))
    }

    /// What must not be shown of a new run because the run that asks for it may have handed it over; nothing if that run holds no secrets.
    pub(super) async fn inherited(&self, trigger: &Trigger) -> Result<Option<Secrets>, Error> {
        let Trigger::RunWorkflow { parent, .. } = trigger else { return Ok(None) };
        let row = runs::get(&mut *self.0.store.reader().await?, &parent.0).await?;
        match row {
            Some(row) if row.is_sealed != 0 => Ok(Some(self.secrets_of_parent(&parent.0).await?)),
            _ => Ok(None),
        }
    }

    /// The same for a run that is there already. Each run waits only for those above it, so none waits for itself.
    pub(super) fn secrets_of_parent<'a>(
        &'a self,
        parent: &'a str,
    ) -> Pin<Box<dyn Future<Output = Result<Secrets, Error>> + Send + 'a>> {
        Box::pin(async move {
            match self.secrets(parent).await {
                Err(Error::Parked(_) | Error::NotFound(_)) => Ok(Secrets::new()),
                other => other,
            }
        })
    }
}
