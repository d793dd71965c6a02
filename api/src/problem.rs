//! The error envelope of `/api/v1`: RFC 9457 `application/problem+json`.

use engine::workflow::Problem;
use serde::{Deserialize, Serialize};

/// What went wrong with a request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProblemDetails {
    /// Names the kind of error: `about:blank` or `/problems/<code>`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The status in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What is wrong and what to do, for people.
    pub detail: String,
    /// Problems of a workflow, where the request held one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Object>))]
    pub errors: Vec<Problem>,
}
