//! What a running run tells its watchers, as server-sent events of `GET /api/v1/runs/{run_id}/events`.

use crate::runs::{JournalEntry, Run};
use serde::{Deserialize, Serialize};

/// One event, named `update`; its id is the journal entry's `seq`, so that a watcher that comes back misses nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RunUpdate {
    /// The run as it is now.
    pub run: Run,
    /// What was added to its journal.
    pub entry: JournalEntry,
}
