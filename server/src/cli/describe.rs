//! Descriptions for other programs.

use super::{Outcome, say};

/// `phloem schema`.
pub(super) fn schema() -> anyhow::Result<Outcome> {
    say(&serde_json::to_string_pretty(&engine::schema::workflow_schema())?);
    Ok(Outcome::Good)
}

/// `phloem openapi`.
pub(super) fn openapi() -> anyhow::Result<Outcome> {
    say(&crate::http::api_docs::description().to_pretty_json()?);
    Ok(Outcome::Good)
}
