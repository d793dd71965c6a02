//! Answers of the REST API: a status and, except for 204, a JSON object with an `api_id`.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use uuid::Uuid;

/// An answer, good or bad.
#[derive(Debug)]
pub(crate) struct Reply {
    status: StatusCode,
    body: Option<Value>,
}

impl Reply {
    /// An object; the `api_id` is added.
    pub(crate) fn new(status: StatusCode, mut body: Value) -> Reply {
        if let Some(object) = body.as_object_mut() {
            object.insert("api_id".to_owned(), Uuid::new_v4().to_string().into());
        }
        Reply { status, body: Some(body) }
    }

    pub(crate) fn ok(body: Value) -> Reply {
        Reply::new(StatusCode::OK, body)
    }

    /// 202 with a message, as most changes are answered.
    pub(crate) fn accepted(message: &str) -> Reply {
        Reply::new(StatusCode::ACCEPTED, json!({ "message": message }))
    }

    pub(crate) fn no_content() -> Reply {
        Reply { status: StatusCode::NO_CONTENT, body: None }
    }

    pub(crate) fn error(status: StatusCode, message: String) -> Reply {
        Reply::new(status, json!({ "error": message }))
    }

    pub(crate) fn bad(message: impl Into<String>) -> Reply {
        Reply::error(StatusCode::BAD_REQUEST, message.into())
    }

    pub(crate) fn not_found() -> Reply {
        Reply::error(StatusCode::NOT_FOUND, "not found".to_owned())
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        match self.body {
            Some(body) => (self.status, Json(body)).into_response(),
            None => self.status.into_response(),
        }
    }
}
