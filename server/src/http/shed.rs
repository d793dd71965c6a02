//! Under too much work, or while stopping, new runs are refused early and cheaply, so that live calls go on undisturbed.

use super::Error;
use crate::app::App;
use axum::{
    extract::{Request, State},
    http::Method,
    middleware::Next,
    response::Response,
};

/// Refuses what would make new work.
pub(super) async fn shed(State(app): State<App>, request: Request, next: Next) -> Response {
    use axum::response::IntoResponse;
    if *request.method() != Method::POST {
        return next.run(request).await;
    }
    if app.stopping.is_cancelled() {
        return Error::unavailable("The server is stopping; try again in a moment.")
            .into_response();
    }
    if app.load.is_too_much() {
        metrics::counter!("phloem_runs_shed_total").increment(1);
        return Error::unavailable(
            "The server has too much to do to take new runs; try again in a moment.",
        )
        .into_response();
    }
    next.run(request).await
}
