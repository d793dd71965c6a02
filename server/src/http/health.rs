//! What operators ask: does it live, does it take work, how is it doing.

use super::{
    Error,
    auth::{May, Read},
};
use crate::{app::App, store};
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};

/// The process lives.
pub(super) async fn lives() -> &'static str {
    "ok\n"
}

/// The server takes work: not while it starts, stops, or cannot write its database.
pub(super) async fn takes_work(State(app): State<App>) -> impl IntoResponse {
    if app.is_ready().await {
        (StatusCode::OK, "ready\n")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not ready\n")
    }
}

/// Numbers for Prometheus.
pub(super) async fn metrics(
    State(app): State<App>,
    _caller: May<Read>,
) -> Result<impl IntoResponse, Error> {
    let mut reader = app.store.reader().await?;
    for (status, count) in store::runs::count_by_status(&mut reader).await? {
        metrics::gauge!("phloem_runs", "status" => status).set(count as f64);
    }
    metrics::gauge!("phloem_outbox_depth").set(store::outbox::depth(&mut reader).await? as f64);
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], app.metrics.render()))
}
