//! Workflows: drafts, versions, problems.

use crate::runs::Run;
use engine::workflow::{Document, Problem};
use serde::{Deserialize, Serialize};

/// One row of the list of workflows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WorkflowSummary {
    /// Its id, as in its file.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// When the draft was last saved, RFC 3339.
    pub saved_at: String,
    /// The version that runs now, if one was published.
    pub published_version: Option<u32>,
    /// Whether the draft says something else than that version.
    pub differs_from_published: bool,
    /// How many errors keep the draft from being published.
    pub error_count: u32,
    /// Our numbers that start it.
    pub numbers: Vec<String>,
    /// How often it ran in the last 24 hours.
    pub runs_last_day: u64,
    /// The run that began last.
    pub last_run: Option<Run>,
}

/// Answer to the list of workflows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WorkflowList {
    /// By name.
    pub workflows: Vec<WorkflowSummary>,
}

/// A workflow with its draft. The answer's `ETag` is the draft's revision, for `If-Match`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Workflow {
    /// Its id.
    pub id: String,
    /// Grows with every saving of the draft.
    pub revision: u64,
    /// The draft.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub document: Document,
    /// What is wrong with the draft.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Object>))]
    pub problems: Vec<Problem>,
    /// When the draft was last saved, RFC 3339.
    pub saved_at: String,
    /// The version that runs now, if one was published.
    pub published_version: Option<u32>,
    /// Whether the draft says something else than that version.
    pub differs_from_published: bool,
    /// Our numbers that start it.
    pub numbers: Vec<String>,
}

/// Answer to saving a draft.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Saved {
    /// The workflow's id.
    pub id: String,
    /// The draft's new revision.
    pub revision: u64,
    /// When, RFC 3339.
    pub saved_at: String,
    /// What is wrong with it; errors do not keep a draft from being saved.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Object>))]
    pub problems: Vec<Problem>,
    /// Whether the draft says something else than the published version.
    pub differs_from_published: bool,
}

/// Answer to publishing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Published {
    /// The workflow's id.
    pub id: String,
    /// The version that runs from now on.
    pub version: u32,
}

/// One published version, without its document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Version {
    /// Counts from 1.
    pub version: u32,
    /// When, RFC 3339.
    pub published_at: String,
    /// Who published it.
    pub published_by: String,
}

/// Answer to the list of versions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VersionList {
    /// Newest first.
    pub versions: Vec<Version>,
}

/// A version with its document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VersionDetail {
    /// Which one.
    #[serde(flatten)]
    pub version: Version,
    /// What it says.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub document: Document,
}

/// Answer to a check without saving.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Validation {
    /// Whether it could be published.
    pub valid: bool,
    /// Everything found.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Object>))]
    pub problems: Vec<Problem>,
}

/// An example that comes with the server ("new from example").
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Example {
    /// What it says.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub document: Document,
}

/// Answer to the list of examples.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExampleList {
    /// By name.
    pub examples: Vec<Example>,
}
