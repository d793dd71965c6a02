//! The simulator of a sandbox below `/simulator`. It guards itself; signed-in people and tokens that may write are vouched for.

use super::{Error, auth, body, error};
use crate::{access::Scope, app::App, numbers, store};
use axum::{
    Json, Router,
    body::Body,
    extract::{DefaultBodyLimit, Request, State},
    http::{Method, StatusCode},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use simulator::{NumberUrls, Vouched};

/// What `PUT /control/numbers/{number}` takes here beside the simulator's own form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Link {
    workflow: Option<String>,
}

/// The simulator's routes; in live mode there are none.
pub(super) fn service(app: &App) -> Router {
    let Some(simulator) = &app.simulator else {
        return Router::new().fallback(error::nothing_here);
    };
    simulator
        .router()
        .layer(from_fn_with_state(app.clone(), vouch))
        .layer(DefaultBodyLimit::disable())
}

async fn vouch(
    State(app): State<App>,
    mut request: Request,
    next: Next,
) -> Result<Response, Error> {
    if let Ok(Some(caller)) = auth::caller(&app, request.headers()).await
        && caller.may(Scope::Write)
    {
        request.extensions_mut().insert(Vouched);
    }
    let number = request
        .uri()
        .path()
        .strip_prefix("/control/numbers/")
        .filter(|_| request.method() == Method::PUT)
        .map(str::to_owned);
    match number {
        Some(number) => link_number(&app, &number, request, next).await,
        None => Ok(next.run(request).await),
    }
}

/// `{"workflow": id}` means: the addresses by which this server starts that workflow. The simulator's guard decides whether the caller may say so.
async fn link_number(
    app: &App,
    number: &str,
    request: Request,
    next: Next,
) -> Result<Response, Error> {
    let (parts, whole_body) = request.into_parts();
    let bytes = body::bytes(Request::new(whole_body), app).await?;
    let Ok(link) = serde_json::from_slice::<Link>(&bytes) else {
        return Ok(next.run(Request::from_parts(parts, Body::from(bytes))).await);
    };
    let number = number.replace("%2B", "+").replace("%2b", "+");
    let plivo_number = plivo::number::Number::parse(&number)
        .map_err(|error| Error::bad_request(format!("{error}.")))?;
    let row = store::numbers::NumberRow {
        number: plivo_number.as_str().to_owned(),
        workflow_id: link.workflow.clone(),
    };
    let shown = numbers::shown(&app.telephony, row);
    let urls = NumberUrls {
        answer_url: Some(shown.answer_url.clone()),
        message_url: Some(shown.message_url.clone()),
        hangup_url: Some(shown.hangup_url.clone()),
    };
    let mut parts = parts;
    parts.headers.remove(axum::http::header::CONTENT_LENGTH);
    let text = serde_json::to_vec(&urls).unwrap_or_default();
    let answer = next.run(Request::from_parts(parts, Body::from(text))).await;
    if answer.status() != StatusCode::OK {
        return Ok(answer);
    }
    numbers::link(app, &number, link.workflow.as_deref()).await?;
    Ok(Json(shown).into_response())
}
