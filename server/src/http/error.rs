//! How errors leave: as `application/problem+json` on our own API, as `{"api_id", "error"}` on Plivo-shaped paths. Causes are logged and not told.

use crate::error;
use axum::{
    Json,
    body::Body,
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use engine::Problem;
use std::any::Any;
use tracing::error;
use uuid::Uuid;

/// Why a request was not carried out, as its sender is told.
#[derive(Clone, Debug)]
pub struct Error {
    status: StatusCode,
    detail: String,
    problems: Vec<Problem>,
    retry_after_s: Option<u32>,
}

impl Error {
    /// An error with its words.
    pub(super) fn new(status: StatusCode, detail: impl Into<String>) -> Error {
        Error { status, detail: detail.into(), problems: Vec::new(), retry_after_s: None }
    }

    /// The request cannot be right.
    pub(super) fn bad_request(detail: impl Into<String>) -> Error {
        Error::new(StatusCode::BAD_REQUEST, detail)
    }

    /// There is no such thing.
    pub(super) fn not_found(detail: impl Into<String>) -> Error {
        Error::new(StatusCode::NOT_FOUND, detail)
    }

    /// Not now; soon.
    pub(super) fn unavailable(detail: impl Into<String>) -> Error {
        Error { retry_after_s: Some(1), ..Error::new(StatusCode::SERVICE_UNAVAILABLE, detail) }
    }

    /// Problems of a workflow, all at once.
    pub(super) fn problems(status: StatusCode, problems: Vec<Problem>) -> Error {
        let errors = problems.iter().filter(|problem| problem.is_error()).count();
        let detail = match errors {
            1 => "The workflow has one error.".to_owned(),
            _ => format!("The workflow has {errors} errors."),
        };
        Error { problems, ..Error::new(status, detail) }
    }
}

impl From<error::Error> for Error {
    fn from(error: error::Error) -> Error {
        let say = |status: StatusCode, error: &error::Error| {
            Error::new(status, sentence(&error.to_string()))
        };
        match &error {
            error::Error::NotFound(_) => say(StatusCode::NOT_FOUND, &error),
            error::Error::Conflict(_) | error::Error::Parked(_) => {
                say(StatusCode::CONFLICT, &error)
            }
            error::Error::Invalid(_) | error::Error::Params(_) => {
                say(StatusCode::BAD_REQUEST, &error)
            }
            error::Error::KeyReused => say(StatusCode::UNPROCESSABLE_ENTITY, &error),
            error::Error::Stale(_) | error::Error::Exists(_) => {
                say(StatusCode::PRECONDITION_FAILED, &error)
            }
            error::Error::Problems(problems) => {
                Error::problems(StatusCode::UNPROCESSABLE_ENTITY, problems.clone())
            }
            error::Error::Database(_) | error::Error::Migration(_) => {
                error!(%error, "a request met a failing database");
                let detail = "The server cannot use its database now; try again in a moment.";
                Error {
                    retry_after_s: Some(1),
                    ..Error::new(StatusCode::SERVICE_UNAVAILABLE, detail)
                }
            }
            error::Error::Carrier(_) => say(StatusCode::BAD_GATEWAY, &error),
            error::Error::File { .. } | error::Error::Setting(_) => {
                error!(%error, "a request met a wrong set-up");
                Error::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "The server is not set up for this; its log says more.",
                )
            }
        }
    }
}

/// Our errors begin in lower case; people read sentences.
pub(super) fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let Some(first) = characters.next() else { return String::new() };
    let end = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{}{}{end}", first.to_uppercase(), characters.as_str())
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let body = api::problem::ProblemDetails {
            kind: "about:blank".to_owned(),
            title: self.status.canonical_reason().unwrap_or("Error").to_owned(),
            status: self.status.as_u16(),
            detail: self.detail.clone(),
            errors: self.problems.clone(),
        };
        let mut response = (self.status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if self.status == StatusCode::UNAUTHORIZED {
            // No `Basic`: browsers would open a dialog of their own over the editor.
            headers.insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static("Bearer realm=\"phloem\""),
            );
        }
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// Rewrites errors into the shape that Plivo's SDKs read.
pub(super) async fn in_plivos_shape(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let words = match response.extensions().get::<Error>() {
        Some(error) => error.detail.clone(),
        // Refusals of axum itself: a method that is not there.
        None if response.status().is_client_error() || response.status().is_server_error() => {
            response.status().canonical_reason().unwrap_or("error").to_owned()
        }
        None => return response,
    };
    let (mut parts, _) = response.into_parts();
    let body = api::plivo_compat::CompatError { api_id: Uuid::new_v4().to_string(), error: words };
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let text = serde_json::to_vec(&body).unwrap_or_default();
    Response::from_parts(parts, Body::from(text))
}

/// The answer where nothing is; also says so to callers without credentials, who learn nothing by it.
pub(super) async fn nothing_here() -> Error {
    Error::not_found("There is nothing here.")
}

/// The answer where another method would do something.
pub(super) async fn wrong_method() -> Error {
    Error::new(StatusCode::METHOD_NOT_ALLOWED, "This address takes other methods.")
}

/// The answer when a handler has a bug. The panic itself is on standard error.
pub(super) fn panicked(_cause: Box<dyn Any + Send + 'static>) -> Response {
    error!("a request met a bug");
    metrics::counter!("phloem_panics_total").increment(1);
    Error::new(StatusCode::INTERNAL_SERVER_ERROR, "The server met a bug; its log says more.")
        .into_response()
}
