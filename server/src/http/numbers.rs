//! Our numbers and what they start.

use super::{
    Error,
    auth::{May, Read, Write},
    body::JsonBody,
};
use crate::{app::App, numbers, store};
use api::numbers::{Number, NumberChange, NumberList};
use axum::{
    Json,
    extract::{Path, State},
};

/// Our numbers, with the addresses that Plivo is to ask and tell.
#[utoipa::path(get, path = "/numbers", tag = "numbers", responses((status = 200, body = NumberList)))]
pub(super) async fn list(
    State(app): State<App>,
    _caller: May<Read>,
) -> Result<Json<NumberList>, Error> {
    let rows = store::numbers::list(&mut *app.store.reader().await?).await?;
    Ok(Json(NumberList {
        numbers: rows.into_iter().map(|row| numbers::shown(&app.telephony, row)).collect(),
    }))
}

/// Adds a number or changes what it starts.
#[utoipa::path(put, path = "/numbers/{number}", tag = "numbers", params(("number" = String, Path, description = "The number in E.164.")), request_body = NumberChange, responses((status = 200, body = Number), (status = 400), (status = 404)))]
pub(super) async fn put(
    State(app): State<App>,
    _caller: May<Write>,
    Path(number): Path<String>,
    JsonBody(change): JsonBody<NumberChange>,
) -> Result<Json<Number>, Error> {
    let row = numbers::link(&app, &number, change.workflow.as_deref()).await?;
    Ok(Json(numbers::shown(&app.telephony, row)))
}
