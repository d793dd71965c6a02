//! HTTP requests of workflows. The workflow decides about retries; here only a crash is made good, where repeating can do no harm.

use super::dispatch::{Desk, effect_id, failed};
use crate::{error::Error, store::outbox::OutboxRow};
use engine::{Event, HttpRequest};

/// Methods that may be repeated after a crash, since doing them twice is like doing them once (RFC 9110, 9.2.2).
const REPEATABLE: [&str; 5] = ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"];

/// Whether a request that a crash interrupted may be made again.
pub(super) fn is_repeatable(request: &HttpRequest) -> bool {
    REPEATABLE.iter().any(|method| request.method.eq_ignore_ascii_case(method))
}

/// Makes the request and tells the run.
pub(super) async fn send(desk: &Desk, row: OutboxRow, request: HttpRequest) -> Result<(), Error> {
    if !desk.claim(&row).await? {
        return Ok(());
    }
    let event = match desk.app.egress.request(&request).await {
        Ok(answer) => Event::HttpAnswered {
            effect: effect_id(&row),
            status: answer.status,
            content_type: answer.content_type,
            retry_after_s: answer.retry_after_s,
            body: answer.body,
        },
        Err(refusal) => failed(&row, refusal.to_string()),
    };
    metrics::counter!("phloem_http_requests_total", "outcome" => if matches!(event, Event::HttpAnswered { .. }) { "answered" } else { "failed" }).increment(1);
    desk.settle(&row, event, None).await
}
