//! The journal of a run.

use super::{
    Error,
    auth::{May, Read},
};
use crate::{app::App, runs::entry_of, store};
use api::runs::Journal;
use axum::{
    Json,
    extract::{Path, State},
};

/// What happened to a run, in order, and what it made of it. Also of a run that is parked: what can be read is shown.
#[utoipa::path(get, path = "/runs/{run_id}/journal", tag = "runs", params(("run_id" = String, Path, description = "The run.")), responses((status = 200, body = Journal), (status = 404)))]
pub(super) async fn get(
    State(app): State<App>,
    _caller: May<Read>,
    Path(run_id): Path<String>,
) -> Result<Json<Journal>, Error> {
    let mut reader = app.store.reader().await?;
    if store::runs::get(&mut reader, &run_id).await?.is_none() {
        return Err(Error::not_found(format!("There is no run `{run_id}`.")));
    }
    let entries = store::journal::read(&mut reader, &run_id, 0).await?;
    Ok(Json(Journal { entries: entries.iter().map(entry_of).collect() }))
}
