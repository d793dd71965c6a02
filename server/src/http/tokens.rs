//! Tokens of services.

use super::{
    Error,
    auth::{Admin, May},
    body::JsonBody,
};
use crate::{access, app::App, clock, store::tokens};
use api::access::{CreatedToken, NewToken, Token, TokenList};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use engine::Time;

/// All tokens, without their secrets.
#[utoipa::path(get, path = "/tokens", tag = "tokens", responses((status = 200, body = TokenList)))]
pub(super) async fn list(
    State(app): State<App>,
    _caller: May<Admin>,
) -> Result<Json<TokenList>, Error> {
    let rows = tokens::list(&mut *app.store.reader().await?).await?;
    Ok(Json(TokenList { tokens: rows.iter().map(shown).collect() }))
}

/// Makes a token. Its secret is in this answer only.
#[utoipa::path(post, path = "/tokens", tag = "tokens", request_body = NewToken, responses((status = 201, body = CreatedToken), (status = 400)))]
pub(super) async fn create(
    State(app): State<App>,
    _caller: May<Admin>,
    JsonBody(wanted): JsonBody<NewToken>,
) -> Result<(StatusCode, Json<CreatedToken>), Error> {
    let made = access::create_token(&app.store, &wanted.name, &wanted.scope).await?;
    Ok((StatusCode::CREATED, Json(CreatedToken { token: shown(&made.row), secret: made.secret })))
}

/// Takes a token back; it works no more from now on.
#[utoipa::path(delete, path = "/tokens/{id}", tag = "tokens", params(("id" = String, Path, description = "The token.")), responses((status = 204), (status = 404)))]
pub(super) async fn delete(
    State(app): State<App>,
    _caller: May<Admin>,
    Path(id): Path<String>,
) -> Result<StatusCode, Error> {
    let mut tx = app.store.begin().await?;
    let was_there = tokens::delete(&mut tx, &id).await?;
    tx.commit().await.map_err(crate::Error::from)?;
    if was_there {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Error::not_found("There is no such token."))
    }
}

fn shown(row: &tokens::TokenRow) -> Token {
    Token {
        id: row.id.clone(),
        name: row.name.clone(),
        scope: row.scope.clone(),
        last_characters: row.last_characters.clone(),
        created_at: clock::rfc3339(Time(row.created_at)),
        last_used_at: row.last_used_at.map(|at| clock::rfc3339(Time(at))),
    }
}
