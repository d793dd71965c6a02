//! The run API in both its shapes: the document's `POST /phlo/{id}/run`, and PHLO's own paths, as Plivo's SDKs use them.

use super::{
    Error,
    auth::{MayAsAccount, Run},
    body,
};
use crate::{
    access::Caller,
    app::App,
    clock, keys,
    runs::{IdempotencyKey, NewRun},
    store::{journal, versions},
};
use api::plivo_compat::{CompatError, Phlo, PhloRun, RunAccepted};
use axum::{
    Json,
    extract::{Path, Query, Request, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use engine::{Time, Trigger, Value, Workflow};
use serde_json::Value as JsonValue;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Longest idempotency key: a UUID with a prefix fits many times.
const KEY_CHARACTERS_MAX: usize = 255;

type Params = BTreeMap<String, Value>;
type QueryPairs = Query<Vec<(String, String)>>;

/// Starts a run. The body is `{"to": …, "variables": {…}}` or a flat object of parameters; query parameters are merged in. The answer means that the run is on disk.
#[utoipa::path(post, path = "/phlo/{id}/run", tag = "run",
    params(("id" = String, Path, description = "The workflow."), ("Idempotency-Key" = Option<String>, Header, description = "Makes the request safe to repeat.")),
    request_body(content = Object, content_type = "application/json"),
    responses((status = 201, body = RunAccepted), (status = 400, body = CompatError), (status = 401, body = CompatError), (status = 404, body = CompatError), (status = 409, body = CompatError),
        (status = 413, body = CompatError), (status = 415, body = CompatError), (status = 422, body = CompatError), (status = 503, body = CompatError)))]
pub(super) async fn run(
    State(app): State<App>,
    MayAsAccount(caller, _): MayAsAccount<Run>,
    Path(id): Path<String>,
    Query(query): QueryPairs,
    request: Request,
) -> Result<Response, Error> {
    start(&app, &caller, &id, query, request).await
}

/// Starts a run, as PHLO's SDKs do.
#[utoipa::path(post, path = "/v1/account/{auth_id}/phlo/{id}", tag = "run",
    params(("auth_id" = String, Path, description = "The account."), ("id" = String, Path, description = "The workflow."),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes the request safe to repeat.")),
    request_body(content = Object, content_type = "application/json"),
    responses((status = 201, body = RunAccepted), (status = 400, body = CompatError), (status = 401, body = CompatError), (status = 404, body = CompatError), (status = 409, body = CompatError),
        (status = 413, body = CompatError), (status = 415, body = CompatError), (status = 422, body = CompatError), (status = 503, body = CompatError)))]
pub(super) async fn run_of_account(
    State(app): State<App>,
    MayAsAccount(caller, _): MayAsAccount<Run>,
    Path((auth_id, id)): Path<(String, String)>,
    Query(query): QueryPairs,
    request: Request,
) -> Result<Response, Error> {
    if auth_id != app.account.auth_id {
        return Err(Error::not_found("There is no account of this auth id here."));
    }
    start(&app, &caller, &id, query, request).await
}

async fn start(
    app: &App,
    caller: &Caller,
    id: &str,
    query: Vec<(String, String)>,
    request: Request,
) -> Result<Response, Error> {
    let (key, is_json) = (idempotency_key(request.headers())?, body::is_json(request.headers()));
    let body = body::bytes(request, app).await?;
    let given = read(&body, is_json, query)?;
    let (_, workflow) = app.workflows.published(id).await?;
    let params = flattened(&workflow, given)?;
    let idempotency = key.map(|key| IdempotencyKey {
        caller: caller.id.clone(),
        key,
        request_digest: digest(id, &params),
    });
    let new = NewRun {
        workflow_id: id.to_owned(),
        trigger: Trigger::ApiRequest { params },
        source_uuid: None,
        idempotency,
    };
    let started = app.runs.start(new).await?;
    let accepted = RunAccepted {
        api_id: started.run_id.clone(),
        request_uuid: started.run_id.clone(),
        phlo_run_id: started.run_id,
        phlo_id: id.to_owned(),
        message: if started.is_new {
            "run accepted"
        } else {
            "run accepted earlier with the same idempotency key"
        }
        .to_owned(),
    };
    Ok((StatusCode::CREATED, Json(accepted)).into_response())
}

/// Parameters from body and query; one SDK sends them in both, others in the body. What stands in the body counts.
pub(super) fn read(
    body: &[u8],
    is_json: Option<bool>,
    query: Vec<(String, String)>,
) -> Result<Params, Error> {
    let mut params: Params =
        query.into_iter().map(|(name, value)| (name, Value::from(value))).collect();
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(params);
    }
    if is_json == Some(false) {
        return Err(Error::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "The body has to be JSON, with `Content-Type: application/json`.",
        ));
    }
    let json: JsonValue = serde_json::from_slice(body)
        .map_err(|error| Error::bad_request(format!("The body is not JSON: {error}.")))?;
    let JsonValue::Object(fields) = json else {
        return Err(Error::bad_request(
            "The body has to be a JSON object with the run's parameters.",
        ));
    };
    params.extend(fields.into_iter().map(|(name, value)| (name, Value::from(value))));
    Ok(params)
}

/// The document's shape wraps parameters in `variables`; unless the workflow itself declares a parameter of that name, they are unwrapped.
/// Names such as `nodes` or `definition` are parameters like any other: a request for a run never brings a workflow along.
fn flattened(workflow: &Workflow, mut given: Params) -> Result<Params, Error> {
    let declares_variables = || {
        workflow.document().nodes.values().any(|node| {
            node.kind == "start"
                && node.config.get("params").is_some_and(|params| params.get("variables").is_some())
        })
    };
    if !given.contains_key("variables") || declares_variables() {
        return Ok(given);
    }
    match given.remove("variables") {
        Some(Value::Map(variables)) => {
            given.extend(variables.iter().map(|(name, value)| (name.to_owned(), value.clone())))
        }
        Some(Value::Null) | None => {}
        Some(_) => return Err(Error::bad_request("`variables` has to be a JSON object.")),
    }
    Ok(given)
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Error> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let key = value
        .to_str()
        .ok()
        .map(str::trim)
        .filter(|key| !key.is_empty() && key.len() <= KEY_CHARACTERS_MAX);
    key.map(|key| Some(key.to_owned())).ok_or_else(|| {
        Error::bad_request(format!(
            "`Idempotency-Key` has to have 1 to {KEY_CHARACTERS_MAX} visible characters."
        ))
    })
}

/// Two requests are the same if they ask for the same workflow with the same parameters, in whatever order and shape.
fn digest(id: &str, params: &Params) -> String {
    keys::digest(&format!("{id}\n{}", serde_json::to_string(params).unwrap_or_default()))
}

/// A workflow, as PHLO's SDKs read it.
#[utoipa::path(get, path = "/v1/phlo/{id}", tag = "run", params(("id" = String, Path, description = "The workflow.")),
    responses((status = 200, body = Phlo), (status = 404, body = CompatError)))]
pub(super) async fn phlo(
    State(app): State<App>,
    _caller: MayAsAccount<Run>,
    Path(id): Path<String>,
) -> Result<Json<Phlo>, Error> {
    let row = app.workflows.row(&id).await?;
    let versions = versions::list(&mut *app.store.reader().await?, &id).await?;
    let created_at = versions.last().map_or(row.saved_at, |first| first.published_at);
    Ok(Json(Phlo {
        api_id: Uuid::new_v4().to_string(),
        phlo_id: row.id,
        name: row.name,
        created_on: clock::phlo_style(Time(created_at)),
    }))
}

/// A run, as PHLO's SDKs read it.
#[utoipa::path(get, path = "/v1/phlo/{id}/runs/{run_id}", tag = "run",
    params(("id" = String, Path, description = "The workflow."), ("run_id" = String, Path, description = "The run.")),
    responses((status = 200, body = PhloRun), (status = 404, body = CompatError)))]
pub(super) async fn phlo_run(
    State(app): State<App>,
    _caller: MayAsAccount<Run>,
    Path((id, run_id)): Path<(String, String)>,
) -> Result<Json<PhloRun>, Error> {
    let mut reader = app.store.reader().await?;
    let row = crate::store::runs::get(&mut reader, &run_id).await?;
    let row = row
        .filter(|row| row.workflow_id == id)
        .ok_or_else(|| Error::not_found(format!("The workflow `{id}` has no run `{run_id}`.")))?;
    let entries = journal::read(&mut reader, app.store.seal(), &run_id, 0).await?;
    let ids = |name: &str| -> Vec<String> {
        let events =
            entries.iter().filter_map(|entry| serde_json::from_str::<JsonValue>(&entry.input).ok());
        let mut found: Vec<String> = events
            .filter_map(|input| Some(input.get("event")?.get(name)?.as_str()?.to_owned()))
            .collect();
        found.dedup();
        found
    };
    Ok(Json(PhloRun {
        api_id: Uuid::new_v4().to_string(),
        phlo_run_id: row.id.clone(),
        phlo_id: row.workflow_id.clone(),
        status: row.status.clone(),
        call_uuids: ids("call_uuid"),
        message_uuids: ids("message_uuid"),
        recording_ids: app.runs.recordings(&row.id).await?,
    }))
}

#[cfg(test)]
mod tests {
    use super::{Params, read};
    use engine::Value;

    fn names(params: Params) -> Vec<(String, String)> {
        params
            .into_iter()
            .map(|(name, value)| (name, serde_json::to_string(&value).unwrap()))
            .collect()
    }

    #[test]
    fn body_and_query_are_merged_and_the_body_counts() {
        let query =
            vec![("a".to_owned(), "query".to_owned()), ("b".to_owned(), "query".to_owned())];
        let read = read(br#"{"b": 2, "c": ["x"]}"#, Some(true), query).unwrap();
        assert_eq!(read.get("b"), Some(&Value::Int(2)));
        assert_eq!(names(read).len(), 3);
    }

    #[test]
    fn what_is_no_json_object_is_refused() {
        assert!(read(b"to me", None, Vec::new()).is_err());
        assert!(read(b"[1]", Some(true), Vec::new()).is_err());
        assert!(read(b"{}", Some(false), Vec::new()).is_err());
        assert!(read(b"", None, Vec::new()).unwrap().is_empty());
    }
}
