//! The journal of a run.

use super::{
    Error,
    auth::{May, Read},
};
use crate::app::App;
use api::runs::Journal;
use axum::{
    Json,
    extract::{Path, State},
};

/// What happened to a run, in order, and what it made of it. What callers entered as a secret is dots. Also of a run that is parked: what can be read is shown.
#[utoipa::path(get, path = "/runs/{run_id}/journal", tag = "runs", params(("run_id" = String, Path, description = "The run.")), responses((status = 200, body = Journal), (status = 404)))]
pub(super) async fn get(
    State(app): State<App>,
    _caller: May<Read>,
    Path(run_id): Path<String>,
) -> Result<Json<Journal>, Error> {
    Ok(Json(Journal { entries: app.runs.journal(&run_id, 0).await? }))
}
