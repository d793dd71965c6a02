//! The run API in both its shapes, as Plivo's SDKs and the original document speak it.

use serde::{Deserialize, Serialize};

/// Answer to a request for a run, status 201: the union of both shapes; all three ids are equal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RunAccepted {
    /// The run's id.
    pub api_id: String,
    /// The run's id.
    pub request_uuid: String,
    /// The run's id.
    pub phlo_run_id: String,
    /// The workflow's id.
    pub phlo_id: String,
    /// For people.
    pub message: String,
}

/// A workflow as PHLO's SDKs read it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Phlo {
    /// Names this answer.
    pub api_id: String,
    /// The workflow's id.
    pub phlo_id: String,
    /// What people call it.
    pub name: String,
    /// `2018-11-03 19:32:33.210714+00:00`.
    pub created_on: String,
}

/// A run as PHLO's SDKs read it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PhloRun {
    /// Names this answer.
    pub api_id: String,
    /// The run's id.
    pub phlo_run_id: String,
    /// The workflow's id.
    pub phlo_id: String,
    /// `queued`, `running`, `waiting`, `completed`, `failed` or `cancelled`.
    pub status: String,
    /// Calls the run placed or took.
    pub call_uuids: Vec<String>,
    /// Messages it sent or took.
    pub message_uuids: Vec<String>,
    /// Recordings made in it.
    pub recording_ids: Vec<String>,
}

/// A node as PHLO's SDKs read it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PhloNode {
    /// Names this answer.
    pub api_id: String,
    /// The node's name in the workflow.
    pub node_id: String,
    /// The workflow's id.
    pub phlo_id: String,
    /// What people call the node.
    pub name: String,
    /// The component, as it was asked for.
    pub node_type: String,
    /// `2018-11-03 19:32:33.210714+00:00`.
    pub created_on: String,
}

/// Answer to an action on a node or member, status 201.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Acted {
    /// Names this answer.
    pub api_id: String,
    /// Always empty: what cannot be done has another status.
    pub error: String,
}

/// An error on the Plivo-shaped paths.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CompatError {
    /// Names this answer.
    pub api_id: String,
    /// What is wrong and what to do.
    pub error: String,
}
