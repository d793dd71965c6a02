//! Looking at runs without moving them.

use super::{Runs, run_of, secrets, unknown, wire};
use crate::{
    error::Error,
    store::{journal, runs},
};
use engine::{
    Effect, EffectId, Instruction, LegId, LegState, NodeName, Then, Time, TriggerKind, effect::Room,
};
use serde_json::{Value as Json, json};
use std::sync::Arc;
use tokio::sync::{broadcast, watch};

/// A leg as telephony needs to see it.
#[derive(Clone, Debug)]
pub struct LegView {
    /// Counts instructions.
    pub turn: u32,
    /// Where the leg is in its life.
    pub state: LegState,
    /// What it is to hear now.
    pub instruction: Option<Instruction>,
    /// Plivo's id of the call, once known.
    pub call_uuid: Option<String>,
    /// Plivo's id of the request for the call, once known.
    pub request_uuid: Option<String>,
    /// Whether its run is over.
    pub run_is_over: bool,
}

/// Who of a run is at a node.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AtNode {
    /// The numbers or SIP addresses of the people on its calls.
    pub parties: Vec<String>,
    /// The rooms they are in.
    pub rooms: Vec<Room>,
}

impl Runs {
    /// Who of a run is at a node now; nothing if none of its lines is.
    ///
    /// # Errors
    /// There is no such run, or it is parked.
    pub async fn at_node(&self, run_id: &str, node: &NodeName) -> Result<Option<AtNode>, Error> {
        let slot = self.slot(run_id);
        let mut memory = slot.memory.lock().await;
        let run = &self.awake(run_id, &mut memory).await?.run;
        if !run.positions().any(|(_, name)| name == *node) {
            return Ok(None);
        }
        let rang_us = run.begun_by() == TriggerKind::IncomingCall;
        let mut at_node = AtNode::default();
        for leg in run.legs().filter(|leg| leg.state != LegState::Ended) {
            let is_caller = leg.id == LegId::FIRST && rang_us;
            let number = if is_caller { leg.from.as_deref() } else { Some(&*leg.to) };
            at_node.parties.extend(number.map(str::to_owned));
            at_node.rooms.extend(match leg.instruction.as_ref().map(|said| &said.then) {
                Some(Then::Conference(room)) => Some(Room::Conference(room.name.clone())),
                Some(Then::MultiParty(room)) => Some(Room::MultiParty(room.name.clone())),
                _ => None,
            });
        }
        Ok(Some(at_node))
    }

    /// Something that a run has asked for, as its journal shows it: without credentials.
    ///
    /// # Errors
    /// The database failed, or the journal was sealed with another key.
    pub async fn effect(&self, run_id: &str, id: EffectId) -> Result<Option<Effect>, Error> {
        let store = &self.0.store;
        let entries = journal::read(&mut *store.reader().await?, store.seal(), run_id, 0).await?;
        let mut effects = entries
            .iter()
            .filter_map(|entry| serde_json::from_str::<Vec<Json>>(&entry.effects).ok())
            .flatten();
        let found = effects.find(|effect| effect["id"] == json!(id));
        Ok(found.and_then(|mut effect| {
            effect.as_object_mut()?.remove("id");
            serde_json::from_value(effect).ok()
        }))
    }

    /// Plivo's ids of the recordings that a run has made, in order.
    ///
    /// # Errors
    /// There is no such run. One that is parked has none to tell of.
    pub async fn recordings(&self, run_id: &str) -> Result<Vec<String>, Error> {
        let slot = self.slot(run_id);
        let mut memory = slot.memory.lock().await;
        match self.awake(run_id, &mut memory).await {
            Ok(awake) => Ok(awake.run.recordings().to_vec()),
            Err(Error::Parked(_)) => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    /// One of a run's legs.
    ///
    /// # Errors
    /// There is no such run, or it is parked.
    pub async fn leg(&self, run_id: &str, leg: LegId) -> Result<Option<LegView>, Error> {
        let slot = self.slot(run_id);
        let mut memory = slot.memory.lock().await;
        let awake = self.awake(run_id, &mut memory).await?;
        let run_is_over = awake.run.status().is_final();
        Ok(awake.run.leg(leg).map(|leg| LegView {
            turn: leg.turn,
            state: leg.state,
            instruction: leg.instruction.clone(),
            call_uuid: leg.call_uuid.clone(),
            request_uuid: leg.request_uuid.clone(),
            run_is_over,
        }))
    }

    /// The legs of a run that are not over.
    ///
    /// # Errors
    /// There is no such run, or it is parked.
    pub async fn open_legs(&self, run_id: &str) -> Result<Vec<LegId>, Error> {
        let slot = self.slot(run_id);
        let mut memory = slot.memory.lock().await;
        let awake = self.awake(run_id, &mut memory).await?;
        Ok(awake.run.legs().filter(|leg| leg.state != LegState::Ended).map(|leg| leg.id).collect())
    }

    /// When a run wants to be woken, as its journal says.
    ///
    /// # Errors
    /// There is no such run, or it is parked.
    pub async fn wake_at(&self, run_id: &str) -> Result<Option<Time>, Error> {
        let slot = self.slot(run_id);
        let mut memory = slot.memory.lock().await;
        Ok(self.awake(run_id, &mut memory).await?.run.wake_at())
    }

    /// A run as clients see it, with its variables. A parked run is shown with what is known of it.
    ///
    /// # Errors
    /// There is no such run.
    pub async fn view(&self, run_id: &str) -> Result<api::runs::Run, Error> {
        let slot = self.slot(run_id);
        let mut memory = slot.memory.lock().await;
        match self.awake(run_id, &mut memory).await {
            Ok(awake) => {
                let mut variables = awake.run.variables_json();
                variables.values_mut().for_each(|value| secrets::hide(value, &awake.secrets));
                Ok(wire::run_with(&awake.row, variables))
            }
            Err(Error::Parked(_)) => {
                let row = runs::get(&mut *self.0.store.reader().await?, run_id).await?;
                row.as_ref().map(run_of).ok_or_else(|| unknown(run_id))
            }
            Err(error) => Err(error),
        }
    }

    /// A run's journal after an entry, as clients see it: without what callers entered as a secret. Of a parked run what can be read is shown.
    ///
    /// # Errors
    /// There is no such run, or its journal was sealed with another key.
    pub async fn journal(
        &self,
        run_id: &str,
        after_seq: i64,
    ) -> Result<Vec<api::runs::JournalEntry>, Error> {
        let (row, entries) = {
            let mut reader = self.0.store.reader().await?;
            let row = runs::get(&mut reader, run_id).await?.ok_or_else(|| unknown(run_id))?;
            (row, journal::read(&mut reader, self.0.store.seal(), run_id, after_seq).await?)
        };
        let secrets = match row.is_sealed {
            0 => Some(secrets::Secrets::new()),
            _ => match self.secrets(run_id).await {
                Ok(secrets) => Some(secrets),
                Err(Error::Parked(_)) => None,
                Err(error) => return Err(error),
            },
        };
        Ok(entries
            .iter()
            .map(|entry| match &secrets {
                Some(secrets) => wire::entry_of(entry, secrets),
                None => wire::bare_entry_of(entry),
            })
            .collect())
    }

    /// What must not be shown of a run.
    ///
    /// # Errors
    /// There is no such run, or it is parked.
    pub(super) async fn secrets(&self, run_id: &str) -> Result<secrets::Secrets, Error> {
        let slot = self.slot(run_id);
        let mut memory = slot.memory.lock().await;
        Ok(self.awake(run_id, &mut memory).await?.secrets.clone())
    }

    /// Tells of every change of a run by the length of its journal.
    pub fn changes(&self, run_id: &str) -> watch::Receiver<i64> {
        self.slot(run_id).length.subscribe()
    }

    /// Tells what happens to a run from now on.
    pub fn updates(&self, run_id: &str) -> broadcast::Receiver<Arc<api::live::RunUpdate>> {
        self.slot(run_id).updates.subscribe()
    }
}
