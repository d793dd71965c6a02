//! One line and one number for each request; never its query, body or credentials.

use crate::app::App;
use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use std::time::Instant;
use tracing::{debug, warn};

/// Measures a request.
pub(super) async fn observe(State(app): State<App>, request: Request, next: Next) -> Response {
    let route =
        request.extensions().get::<MatchedPath>().map_or("other", MatchedPath::as_str).to_owned();
    let method = request.method().clone();
    let started_at = Instant::now();
    // A stop waits for answers under way, but not for streams of events.
    let under_way = app.tasks.token();
    let response = next.run(request).await;
    drop(under_way);
    let status = response.status().as_u16();
    let took_ms = started_at.elapsed().as_secs_f64() * 1000.0;
    metrics::counter!("phloem_requests_total", "route" => route.clone(), "method" => method.to_string(), "status" => status.to_string()).increment(1);
    metrics::histogram!("phloem_request_duration_seconds", "route" => route.clone())
        .record(started_at.elapsed().as_secs_f64());
    if response.status().is_server_error() {
        warn!(http.route = %route, http.method = %method, http.status = status, took_ms, "request failed");
    } else {
        debug!(http.route = %route, http.method = %method, http.status = status, took_ms, "request");
    }
    response
}
