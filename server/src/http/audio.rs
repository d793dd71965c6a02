//! Our own audio, which the carrier fetches. It says nothing about anybody, so everybody may have it, and keep it.

use super::{Error, error};
use crate::hold_audio;
use axum::{
    extract::Path,
    http::header,
    response::{IntoResponse, Response},
};

/// A week: the pieces change with releases, and rarely.
const KEEP: &str = "public, max-age=604800";

/// A piece by its name.
pub(super) async fn piece(Path(name): Path<String>) -> Result<Response, Error> {
    let piece = match name.as_str() {
        "hold.wav" => hold_audio::hold(),
        "moment.wav" => hold_audio::moment(),
        _ => return Err(error::nothing_here().await),
    };
    Ok(([(header::CONTENT_TYPE, "audio/wav"), (header::CACHE_CONTROL, KEEP)], piece)
        .into_response())
}
