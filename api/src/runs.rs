//! Runs and their journals.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

/// One run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Run {
    /// Its id.
    pub id: String,
    /// Which workflow.
    pub workflow_id: String,
    /// Which version of it; a run ends on the version it began with.
    pub version: u32,
    /// `queued`, `running`, `waiting`, `completed`, `failed` or `cancelled`.
    pub status: String,
    /// `api_request`, `incoming_call` or `incoming_message`.
    pub trigger: String,
    /// RFC 3339.
    pub started_at: String,
    /// RFC 3339; null while it goes on.
    pub ended_at: Option<String>,
    /// Run variables by name, and each node's variables below its name. Left out of lists.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub variables: Map<String, Json>,
    /// Why it failed, for people.
    pub problem: Option<String>,
}

/// Answer to the list of runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RunList {
    /// Newest first.
    pub runs: Vec<Run>,
    /// Give it as `cursor` for the next page; null on the last.
    pub next_cursor: Option<String>,
}

/// One row of a run's journal: what happened, and what the run made of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JournalEntry {
    /// Counts from 1.
    pub seq: u64,
    /// When, RFC 3339.
    pub at: String,
    /// What happened: an object with `type`; digits of sensitive prompts and whole message texts stay as the run saw them only for those who may read runs.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub event: Json,
    /// What the run did, in order: nodes entered and left, warnings, the end. Objects with `note`.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Object>))]
    pub notes: Vec<Json>,
    /// What the run asked for: objects with `id` and `type`.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Object>))]
    pub effects: Vec<Json>,
}

/// A run's journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Journal {
    /// In the order in which it happened.
    pub entries: Vec<JournalEntry>,
}

/// Answer to another system's call of a workflow's own address: the run is on disk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HookTaken {
    /// The run.
    pub run_id: String,
    /// Whether this call started it; false when an earlier one with the same `webhook-id` did.
    pub is_new: bool,
}
