//! Bodies: JSON with its type said, within a bound, and with errors that name the place.

use super::Error;
use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, StatusCode, header},
};
use serde::de::DeserializeOwned;

/// A workflow with its white space: twice what the document itself may have.
pub(super) const DOCUMENT_BODY_BYTES_MAX: usize = 2 * engine::limits::DOCUMENT_BYTES_MAX;

/// A JSON body as text.
pub(super) struct JsonText(pub(super) String);

/// A JSON body, read.
pub(super) struct JsonBody<T>(pub(super) T);

impl<S: Send + Sync> FromRequest<S> for JsonText {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let is_json = is_json(request.headers());
        let bytes = bytes(request, state).await?;
        // A DELETE or POST without a body needs no type.
        if !bytes.is_empty() && is_json != Some(true) {
            return Err(Error::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "The body has to be JSON, with `Content-Type: application/json`.",
            ));
        }
        String::from_utf8(bytes.into())
            .map(JsonText)
            .map_err(|_| Error::bad_request("The body is not UTF-8."))
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let JsonText(text) = JsonText::from_request(request, state).await?;
        serde_json::from_str(&text)
            .map(JsonBody)
            .map_err(|error| Error::bad_request(format!("The body cannot be read: {error}.")))
    }
}

/// The whole body, within the route's bound.
pub(super) async fn bytes<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Error> {
    Bytes::from_request(request, state).await.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            Error::new(StatusCode::PAYLOAD_TOO_LARGE, "The body is too large.")
        }
        status => Error::new(status, "The body could not be read."),
    })
}

/// Whether the body says that it is JSON; nothing if it does not say what it is.
pub(super) fn is_json(headers: &HeaderMap) -> Option<bool> {
    let value = headers.get(header::CONTENT_TYPE)?;
    let kind = value
        .to_str()
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    Some(kind == "application/json" || kind.ends_with("+json"))
}
