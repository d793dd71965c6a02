//! Runs: the list, one of them, and ending one.

#![expect(unused_qualifications, reason = "utoipa's macro writes the types of parameters in full")]

use super::{
    Error,
    auth::{May, Read, Write},
};
use crate::{app::App, runs::run_of, store::runs};
use api::runs::{Run, RunList};
use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
};
use serde::Deserialize;
use serde_json::Map;
use utoipa::IntoParams;

/// Runs in a page if nothing is said.
const PAGE: u32 = 50;
/// Runs in a page at most.
const PAGE_MAX: u32 = 200;

/// Which runs to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// Only of this workflow.
    #[serde(alias = "workflow_id")]
    workflow: Option<String>,
    /// Only with this status.
    status: Option<String>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many, 1 to 200; 50 if nothing is said.
    limit: Option<u32>,
}

/// Runs, newest first.
#[utoipa::path(get, path = "/runs", tag = "runs", params(Wanted), responses((status = 200, body = RunList), (status = 400)))]
pub(super) async fn list(
    State(app): State<App>,
    _caller: May<Read>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<RunList>, Error> {
    let limit = i64::from(wanted.limit.unwrap_or(PAGE).clamp(1, PAGE_MAX));
    let after = wanted
        .cursor
        .filter(|cursor| !cursor.is_empty())
        .map(|cursor| read_cursor(&cursor))
        .transpose()?;
    let filter = runs::Filter {
        workflow_id: wanted.workflow,
        status: wanted.status,
        after,
        limit: limit + 1,
    };
    let mut rows = runs::list(&mut *app.store.reader().await?, &filter).await?;
    let has_more = rows.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next_cursor =
        rows.last().filter(|_| has_more).map(|last| format!("{}.{}", last.started_at, last.id));
    let runs = rows.iter().map(|row| Run { variables: Map::new(), ..run_of(row) }).collect();
    Ok(Json(RunList { runs, next_cursor }))
}

fn read_cursor(cursor: &str) -> Result<(i64, String), Error> {
    let read = cursor
        .split_once('.')
        .and_then(|(started_at, id)| Some((started_at.parse().ok()?, id.to_owned())));
    read.ok_or_else(|| {
        Error::bad_request("`cursor` has to be the `next_cursor` of an earlier page.")
    })
}

/// One run, with its variables.
#[utoipa::path(get, path = "/runs/{run_id}", tag = "runs", params(("run_id" = String, Path, description = "The run.")), responses((status = 200, body = Run), (status = 404)))]
pub(super) async fn get(
    State(app): State<App>,
    _caller: May<Read>,
    Path(run_id): Path<String>,
) -> Result<Json<Run>, Error> {
    Ok(Json(app.runs.view(&run_id).await?))
}

/// Ends a run. Calls that are up are hung up first; the run is over when they are down.
#[utoipa::path(post, path = "/runs/{run_id}/cancel", tag = "runs", params(("run_id" = String, Path, description = "The run.")), responses((status = 202, body = Run), (status = 404), (status = 409)))]
pub(super) async fn cancel(
    State(app): State<App>,
    May(caller, _): May<Write>,
    Path(run_id): Path<String>,
) -> Result<(StatusCode, Json<Run>), Error> {
    app.runs.cancel(&run_id, &caller.name).await?;
    Ok((StatusCode::ACCEPTED, Json(app.runs.view(&run_id).await?)))
}
