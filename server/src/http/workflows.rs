//! Workflows: drafts, versions, checks. Nothing here ever runs one.

use super::{
    Error,
    auth::{May, Read, Write},
    body::JsonText,
};
use crate::{
    app::App,
    clock, examples,
    runs::run_of,
    store::{self, numbers::NumberRow, workflows::WorkflowRow},
};
use api::workflows::{
    Example, ExampleList, Published, Saved, Validation, Version, VersionDetail, VersionList,
    Workflow, WorkflowList, WorkflowSummary,
};
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use engine::{Document, Problem, Time};

const DAY_MS: i64 = 24 * 3600 * 1000;

/// All workflows, by name.
#[utoipa::path(get, path = "/workflows", tag = "workflows", responses((status = 200, body = WorkflowList)))]
pub(super) async fn list(
    State(app): State<App>,
    _caller: May<Read>,
) -> Result<Json<WorkflowList>, Error> {
    let mut reader = app.store.reader().await?;
    let numbers = store::numbers::list(&mut reader).await?;
    let counts = store::runs::count_since(&mut reader, Time(clock::now().0 - DAY_MS)).await?;
    let mut workflows = Vec::new();
    for row in store::workflows::list(&mut reader).await? {
        let filter = store::runs::Filter {
            workflow_id: Some(row.id.clone()),
            limit: 1,
            ..store::runs::Filter::default()
        };
        let last_run = store::runs::list(&mut reader, &filter)
            .await?
            .first()
            .map(|run| api::runs::Run { variables: serde_json::Map::new(), ..run_of(run) });
        workflows.push(WorkflowSummary {
            saved_at: clock::rfc3339(Time(row.saved_at)),
            published_version: version_number(row.published_version),
            differs_from_published: row.differs_from_published != 0,
            error_count: u32::try_from(row.error_count).unwrap_or(u32::MAX),
            numbers: numbers_of(&numbers, &row.id),
            runs_last_day: counts
                .iter()
                .find(|(id, _)| *id == row.id)
                .map_or(0, |(_, count)| count.unsigned_abs()),
            last_run,
            id: row.id,
            name: row.name,
            description: row.description,
        });
    }
    Ok(Json(WorkflowList { workflows }))
}

/// One workflow with its draft.
#[utoipa::path(get, path = "/workflows/{id}", tag = "workflows", params(("id" = String, Path, description = "The workflow.")), responses((status = 200, body = Workflow, headers(("ETag" = String))), (status = 404)))]
pub(super) async fn get(
    State(app): State<App>,
    _caller: May<Read>,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    let row = app.workflows.row(&id).await?;
    let numbers = store::numbers::list(&mut *app.store.reader().await?).await?;
    let document = stored(&row)?;
    let workflow = Workflow {
        revision: row.revision.unsigned_abs(),
        problems: engine::workflow::check(&document),
        document,
        saved_at: clock::rfc3339(Time(row.saved_at)),
        published_version: version_number(row.published_version),
        differs_from_published: row.differs_from_published != 0,
        numbers: numbers_of(&numbers, &row.id),
        id: row.id,
    };
    Ok((etag(workflow.revision), Json(workflow)).into_response())
}

/// Saves a draft, of a new workflow or an old one. `If-Match` with the revision that was read keeps another's change from being lost; `If-None-Match: *` keeps
/// an old workflow from being taken for a new one. Errors in the draft are reported and do not keep it from being saved.
#[utoipa::path(put, path = "/workflows/{id}", tag = "workflows", params(("id" = String, Path, description = "The workflow."), ("If-Match" = Option<String>, Header, description = "The `ETag` of the draft this one goes on from."), ("If-None-Match" = Option<String>, Header, description = "`*`: only if there is no such workflow.")), request_body(content = Object, content_type = "application/json"),
    responses((status = 200, body = Saved), (status = 400), (status = 412), (status = 413), (status = 415)))]
pub(super) async fn put(
    State(app): State<App>,
    _caller: May<Write>,
    Path(id): Path<String>,
    headers: HeaderMap,
    JsonText(text): JsonText,
) -> Result<Response, Error> {
    let document = engine::workflow::read(&text)
        .map_err(|problems| Error::problems(StatusCode::BAD_REQUEST, problems))?;
    if document.id != id {
        return Err(Error::bad_request(format!(
            "The document's id is `{}`, and the address says `{id}`; they have to be the same.",
            document.id
        )));
    }
    let saved = app.workflows.save(&document, expected_revision(&headers)?).await?;
    let body = Saved {
        id,
        revision: saved.revision,
        saved_at: clock::rfc3339(Time(saved.saved_at)),
        problems: saved.problems,
        differs_from_published: saved.differs_from_published,
    };
    Ok((etag(body.revision), Json(body)).into_response())
}

/// Takes a workflow away. Runs that go on end as they began.
#[utoipa::path(delete, path = "/workflows/{id}", tag = "workflows", params(("id" = String, Path, description = "The workflow.")), responses((status = 204), (status = 404)))]
pub(super) async fn delete(
    State(app): State<App>,
    _caller: May<Write>,
    Path(id): Path<String>,
) -> Result<StatusCode, Error> {
    let mut tx = app.store.begin().await?;
    let was_there = store::workflows::delete(&mut tx, &id, clock::now()).await?;
    store::schedules::remove(&mut tx, &id).await?;
    store::numbers::unlink(&mut tx, &id).await?;
    tx.commit().await.map_err(crate::Error::from)?;
    if was_there {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Error::not_found(format!("There is no workflow `{id}`.")))
    }
}

/// Makes the draft the version that runs. A draft with errors is refused with all of them.
#[utoipa::path(post, path = "/workflows/{id}/publish", tag = "workflows", params(("id" = String, Path, description = "The workflow."), ("If-Match" = Option<String>, Header, description = "The `ETag` of the draft that is meant.")),
    responses((status = 200, body = Published), (status = 404), (status = 412), (status = 422)))]
pub(super) async fn publish(
    State(app): State<App>,
    May(caller, _): May<Write>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Published>, Error> {
    let version = app.workflows.publish(&id, expected_revision(&headers)?, &caller.name).await?;
    Ok(Json(Published { id, version: version_number(Some(version)).unwrap_or(0) }))
}

/// The published versions of a workflow, newest first.
#[utoipa::path(get, path = "/workflows/{id}/versions", tag = "workflows", params(("id" = String, Path, description = "The workflow.")), responses((status = 200, body = VersionList), (status = 404)))]
pub(super) async fn versions(
    State(app): State<App>,
    _caller: May<Read>,
    Path(id): Path<String>,
) -> Result<Json<VersionList>, Error> {
    app.workflows.row(&id).await?;
    let rows = store::versions::list(&mut *app.store.reader().await?, &id).await?;
    Ok(Json(VersionList { versions: rows.iter().map(version_of).collect() }))
}

/// One published version with its document.
#[utoipa::path(get, path = "/workflows/{id}/versions/{version}", tag = "workflows", params(("id" = String, Path, description = "The workflow."), ("version" = u32, Path, description = "Which version, from 1.")), responses((status = 200, body = VersionDetail), (status = 404)))]
pub(super) async fn version(
    State(app): State<App>,
    _caller: May<Read>,
    Path((id, version)): Path<(String, i64)>,
) -> Result<Json<VersionDetail>, Error> {
    let row =
        store::versions::get(&mut *app.store.reader().await?, &id, version).await?.ok_or_else(
            || Error::not_found(format!("There is no version {version} of the workflow `{id}`.")),
        )?;
    let document = engine::workflow::read(&row.document)
        .map_err(|problems| Error::problems(StatusCode::CONFLICT, problems))?;
    Ok(Json(VersionDetail { version: version_of(&row), document }))
}

/// Checks a document without saving it. Never runs anything.
#[utoipa::path(post, path = "/workflows/validate", tag = "workflows", request_body(content = Object, content_type = "application/json"),
    responses((status = 200, body = Validation)))]
pub(super) async fn validate(_caller: May<Read>, JsonText(text): JsonText) -> Json<Validation> {
    let problems = engine::workflow::read(&text)
        .map_or_else(|problems| problems, |document| engine::workflow::check(&document));
    Json(Validation { valid: !problems.iter().any(Problem::is_error), problems })
}

/// The examples that come with the server.
#[utoipa::path(get, path = "/examples", tag = "workflows", responses((status = 200, body = ExampleList)))]
pub(super) async fn examples(_caller: May<Read>) -> Json<ExampleList> {
    Json(ExampleList {
        examples: examples::all().into_iter().map(|document| Example { document }).collect(),
    })
}

fn stored(row: &WorkflowRow) -> Result<Document, Error> {
    engine::workflow::read(&row.draft)
        .map_err(|problems| Error::problems(StatusCode::CONFLICT, problems))
}

fn version_of(row: &store::versions::VersionRow) -> Version {
    Version {
        version: version_number(Some(row.version)).unwrap_or(0),
        published_at: clock::rfc3339(Time(row.published_at)),
        published_by: row.published_by.clone(),
    }
}

fn version_number(version: Option<i64>) -> Option<u32> {
    version.and_then(|version| u32::try_from(version).ok())
}

fn numbers_of(numbers: &[NumberRow], workflow_id: &str) -> Vec<String> {
    numbers
        .iter()
        .filter(|row| row.workflow_id.as_deref() == Some(workflow_id))
        .map(|row| row.number.clone())
        .collect()
}

fn etag(revision: u64) -> [(header::HeaderName, String); 1] {
    [(header::ETAG, format!("\"{revision}\""))]
}

/// The revision that `If-Match` names; `If-None-Match: *` expects none.
fn expected_revision(headers: &HeaderMap) -> Result<Option<u64>, Error> {
    if headers.get(header::IF_NONE_MATCH).is_some_and(|value| value == "*") {
        return Ok(Some(0));
    }
    let Some(value) = headers.get(header::IF_MATCH) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(None);
    }
    let revision = text.trim_start_matches("W/").trim_matches('"').parse();
    revision
        .map(Some)
        .map_err(|_| Error::bad_request("`If-Match` has to be the `ETag` of an earlier answer."))
}
