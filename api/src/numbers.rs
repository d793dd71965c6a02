//! Our numbers and what they start.

use serde::{Deserialize, Serialize};

/// One of our numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Number {
    /// E.164.
    pub number: String,
    /// The workflow that its calls and texts start.
    pub workflow: Option<String>,
    /// What Plivo is to ask when it rings; to be entered there in live mode.
    pub answer_url: String,
    /// What Plivo is to ask when a text comes in.
    pub message_url: String,
    /// What Plivo is to tell when a call ends.
    pub hangup_url: String,
}

/// Answer to the list of numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NumberList {
    /// By number.
    pub numbers: Vec<Number>,
}

/// What a number is to start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NumberChange {
    /// The workflow's id; null for nothing.
    pub workflow: Option<String>,
}
