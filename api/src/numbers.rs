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

/// Somebody who wants no texts from one of our numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OptOut {
    /// Our number, E.164.
    pub number: String,
    /// The person's number, E.164.
    pub person: String,
    /// RFC 3339.
    pub since: String,
}

/// Answer to the list of people who want no texts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OptOutList {
    /// By our number and theirs.
    pub opt_outs: Vec<OptOut>,
    /// Give it as `cursor` for the next page; null on the last.
    pub next_cursor: Option<String>,
}
