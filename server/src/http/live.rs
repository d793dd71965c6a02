//! What happens to a run, as server-sent events, while it happens.

use super::{
    Error,
    auth::{May, Read},
};
use crate::{app::App, runs::is_over};
use api::live::RunUpdate;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures::stream;
use std::{collections::VecDeque, convert::Infallible, sync::Arc, time::Duration};
use tokio::sync::broadcast::{self, error::RecvError};

/// How often a silent stream shows that it lives; proxies close those that do not.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// What happened to a run, and then whatever happens: events named `update`, whose id is the journal entry's number. A watcher that comes back with
/// `Last-Event-ID` misses nothing. The stream ends with the run; asked again after that, the answer is 204, which tells browsers to stop asking.
#[utoipa::path(get, path = "/runs/{run_id}/events", tag = "runs", params(("run_id" = String, Path, description = "The run.")),
    responses((status = 200, body = RunUpdate, content_type = "text/event-stream"), (status = 204), (status = 404)))]
pub(super) async fn events(
    State(app): State<App>,
    _caller: May<Read>,
    Path(run_id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let seen: Option<u64> =
        headers.get("last-event-id").and_then(|value| value.to_str().ok()?.trim().parse().ok());
    let updates = app.runs.updates(&run_id);
    let mut watch = Watch {
        app,
        run_id,
        seen: seen.unwrap_or(0),
        updates,
        waiting: VecDeque::new(),
        is_over: false,
    };
    watch.catch_up().await?;
    if watch.is_over && watch.waiting.is_empty() && seen.is_some() {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let stream = stream::unfold(watch, async |mut watch| {
        Some((Ok::<_, Infallible>(watch.next().await?), watch))
    });
    Ok(Sse::new(Box::pin(stream)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response())
}

/// One watcher of one run.
struct Watch {
    app: App,
    run_id: String,
    /// The last entry the watcher has.
    seen: u64,
    updates: broadcast::Receiver<Arc<RunUpdate>>,
    /// Read, and not sent yet.
    waiting: VecDeque<Event>,
    is_over: bool,
}

impl Watch {
    /// Reads from the journal what the watcher does not have.
    async fn catch_up(&mut self) -> Result<(), Error> {
        let run = self.app.runs.view(&self.run_id).await?;
        let seen = i64::try_from(self.seen).unwrap_or(i64::MAX);
        for entry in self.app.runs.journal(&self.run_id, seen).await? {
            self.push(&RunUpdate { run: run.clone(), entry });
        }
        self.is_over |= is_over(&run.status);
        Ok(())
    }

    fn push(&mut self, update: &RunUpdate) {
        if update.entry.seq <= self.seen {
            return;
        }
        self.seen = update.entry.seq;
        self.is_over |= is_over(&update.run.status);
        let event =
            Event::default().event("update").id(update.entry.seq.to_string()).json_data(update);
        self.waiting.extend(event.ok());
    }

    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Some(event);
            }
            if self.is_over {
                return None;
            }
            let stopping = self.app.stopping.clone();
            let update = tokio::select! {
                () = stopping.cancelled() => return None,
                update = self.updates.recv() => update,
            };
            match update {
                Ok(update) if update.entry.seq == self.seen + 1 => self.push(&update),
                // One was missed: the journal has it.
                Ok(_) | Err(RecvError::Lagged(_)) => self.catch_up().await.ok()?,
                Err(RecvError::Closed) => return None,
            }
        }
    }
}
