//! What somebody hears who was taken out of a room: a message for their voicemail, and the end of their call.

use super::{
    Error,
    message::form,
    voice::{document, forbidden},
};
use crate::{
    app::App,
    telephony::{
        address::{Channel, NewsKind},
        answer::{hang_up_document, last_words},
    },
};
use axum::{
    extract::{OriginalUri, Path, Request, State},
    response::Response,
};
use engine::Effect;

/// The message; the same one however often it is asked for.
pub(super) async fn message(
    State(app): State<App>,
    Path((run_id, effect, code)): Path<(String, String, String)>,
    OriginalUri(uri): OriginalUri,
    request: Request,
) -> Result<Response, Error> {
    let Some(effect) = app.telephony.read_news(NewsKind::Drop, &run_id, &effect, &code) else {
        return Err(forbidden());
    };
    form(&app, Channel::Voice, &uri, request).await?;
    Ok(document(&match app.runs.effect(&run_id, effect).await? {
        Some(Effect::DropMessage { prompts, .. }) => last_words(&prompts),
        _ => hang_up_document(None),
    }))
}
