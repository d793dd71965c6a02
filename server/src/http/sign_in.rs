//! People sign in by a one-time link and out by a button.

use super::{
    Error,
    auth::{May, Read, SESSION_COOKIE},
};
use crate::{access, app::App};
use axum::{
    Json,
    extract::{Query, State},
    http::{StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use axum_extra::extract::CookieJar;
use serde::Deserialize;

/// The sign-in link's query.
#[derive(Deserialize)]
pub(super) struct Link {
    key: Option<String>,
}

const REFUSED: &str = include_str!("sign_in_refused.html");

/// Uses the key up, sets the cookie and goes on to the editor.
pub(super) async fn sign_in(
    State(app): State<App>,
    Query(link): Query<Link>,
) -> Result<Response, Error> {
    let key = link.key.filter(|key| !key.is_empty());
    let session = match key {
        Some(key) => access::sign_in(&app.store, &key).await?,
        None => None,
    };
    let Some(session) = session else { return Ok(refused()) };
    let cookie = cookie(&app, &session, access::session_s());
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/")).into_response())
}

/// Strict would lose the session on a link from a chat; scripts never see it.
fn cookie(app: &App, value: &str, max_age_s: i64) -> String {
    let secure = if app.telephony.public_url().starts_with("https://") { "; Secure" } else { "" };
    format!("{SESSION_COOKIE}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age_s}{secure}")
}

/// The page for those who are not signed in.
pub(super) fn refused() -> Response {
    (StatusCode::UNAUTHORIZED, Html(REFUSED)).into_response()
}

/// Who is asking, and what kind of server this is.
#[utoipa::path(get, path = "/session", tag = "session", responses((status = 200, body = api::access::Session)))]
pub(super) async fn session(
    State(app): State<App>,
    May(caller, _): May<Read>,
) -> Json<api::access::Session> {
    Json(api::access::Session {
        name: caller.name,
        mode: app.config.mode().to_owned(),
        from_number: app.telephony.from_number().as_str().to_owned(),
        public_url: app.telephony.public_url().to_owned(),
    })
}

/// Ends the session of this cookie.
#[utoipa::path(delete, path = "/session", tag = "session", responses((status = 204)))]
pub(super) async fn sign_out(State(app): State<App>, jar: CookieJar) -> Result<Response, Error> {
    if let Some(cookie) = jar.get(SESSION_COOKIE) {
        access::sign_out(&app.store, cookie.value()).await?;
    }
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie(&app, "", 0))]).into_response())
}
