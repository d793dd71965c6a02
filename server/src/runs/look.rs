//! Looking at runs without moving them.

use super::{Runs, run_of, unknown, wire};
use crate::{error::Error, store::runs};
use engine::{Instruction, LegId, LegState, Time};
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

impl Runs {
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
            Ok(awake) => Ok(wire::run_with(&awake.row, awake.run.variables_json())),
            Err(Error::Parked(_)) => {
                let row = runs::get(&mut *self.0.store.reader().await?, run_id).await?;
                row.as_ref().map(run_of).ok_or_else(|| unknown(run_id))
            }
            Err(error) => Err(error),
        }
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
