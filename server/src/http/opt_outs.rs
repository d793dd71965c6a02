//! People who want no texts.

#![expect(unused_qualifications, reason = "utoipa's macro writes the types of parameters in full")]

use super::{
    Error,
    auth::{May, Read, Write},
};
use crate::{app::App, clock, store::opt_outs};
use api::numbers::{OptOut, OptOutList};
use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
};
use engine::Time;
use plivo::number::Number;
use serde::Deserialize;
use utoipa::IntoParams;

/// Opt-outs in a page.
const PAGE: i64 = 500;

/// Which opt-outs to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Who wants no texts from which of our numbers, by number.
#[utoipa::path(get, path = "/opt-outs", tag = "numbers", params(Wanted), responses((status = 200, body = OptOutList)))]
pub(super) async fn list(
    State(app): State<App>,
    _caller: May<Read>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<OptOutList>, Error> {
    let cursor = wanted.cursor.unwrap_or_default();
    let after = cursor.split_once('.').unwrap_or_default();
    let mut rows = opt_outs::list(&mut *app.store.reader().await?, after, PAGE + 1).await?;
    let has_more = rows.len() > usize::try_from(PAGE).unwrap_or(usize::MAX);
    rows.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let next_cursor =
        rows.last().filter(|_| has_more).map(|last| format!("{}.{}", last.ours, last.theirs));
    let opt_outs = rows
        .into_iter()
        .map(|row| OptOut {
            number: row.ours,
            person: row.theirs,
            since: clock::rfc3339(Time(row.opted_out_at)),
        })
        .collect();
    Ok(Json(OptOutList { opt_outs, next_cursor }))
}

/// Lets a person get texts from a number again, as if they had written START. For those who said so in another way.
#[utoipa::path(delete, path = "/opt-outs/{number}/{person}", tag = "numbers",
    params(("number" = String, Path, description = "Our number in E.164."), ("person" = String, Path, description = "The person's number in E.164.")),
    responses((status = 204), (status = 404)))]
pub(super) async fn delete(
    State(app): State<App>,
    _caller: May<Write>,
    Path((number, person)): Path<(String, String)>,
) -> Result<StatusCode, Error> {
    let normal = |text: &str| {
        Number::parse(text).map_err(|error| Error::bad_request(format!("`{text}`: {error}.")))
    };
    let (ours, theirs) = (normal(&number)?, normal(&person)?);
    let mut tx = app.store.begin().await?;
    let was_there = opt_outs::remove(&mut tx, ours.as_str(), theirs.as_str()).await?;
    tx.commit().await.map_err(crate::Error::from)?;
    if was_there {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Error::not_found("This person gets texts from this number already."))
    }
}
