//! One lock for each pair of sender and receiver: while the fate of an attempt is looked up in the carrier's lists, no other of our calls or texts may appear
//! there between the same two.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex as SyncMutex, PoisonError},
};
use tokio::sync::{Mutex, OwnedMutexGuard};

/// The lanes in use.
#[derive(Clone, Debug, Default)]
pub(super) struct Lanes(Arc<SyncMutex<HashMap<String, Arc<Mutex<()>>>>>);

impl Lanes {
    /// Waits for a lane and keeps it until the guard is dropped.
    pub(super) async fn enter(&self, name: String) -> OwnedMutexGuard<()> {
        let lane = {
            let mut lanes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            lanes.retain(|_, lane| Arc::strong_count(lane) > 1);
            Arc::clone(lanes.entry(name).or_default())
        };
        lane.lock_owned().await
    }
}
