//! What a phone shows, at once and as it changes.

use std::{convert::Infallible, sync::Arc};

use axum::{
    Json,
    extract::{Path, State},
    response::sse::{Event, KeepAlive, Sse},
};
use futures::stream::{self, Stream};
use serde_json::{Value, json};
use tokio::sync::broadcast::error::RecvError;

use super::{Answer, Net, Refusal, address};
use crate::{address::Address, network::Network};

pub(super) async fn phone(State(network): Net, Path(number): Path<String>) -> Answer {
    let number = address(&number)?;
    Ok(Json(view(&network, &number)))
}

/// The phone's JSON, now and after every change, as server-sent events named `phone`.
pub(super) async fn events(
    State(network): Net,
    Path(number): Path<String>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Refusal> {
    let number = address(&number)?;
    let changes = network.changes();
    let state = (network, number, changes, true);
    let events = stream::unfold(state, |(network, number, mut changes, is_first)| async move {
        if !is_first {
            let stopped = network.stopped();
            loop {
                let change = tokio::select! {
                    change = changes.recv() => change,
                    () = stopped.cancelled() => return None,
                };
                match change {
                    Ok(changed) if changed == number => break,
                    Ok(_) => {}
                    // Whatever was missed is in the next picture.
                    Err(RecvError::Lagged(_)) => break,
                    Err(RecvError::Closed) => return None,
                }
            }
        }
        let event = Event::default().event("phone").data(view(&network, &number).to_string());
        Some((Ok(event), (network, number, changes, false)))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::default()))
}

pub(super) fn view(network: &Arc<Network>, number: &Address) -> Value {
    let mut state = network.state();
    let phone = state.phone(number);
    json!({
        "number": phone.number,
        "script": phone.script,
        "calls": phone.calls,
        "messages": phone.messages,
    })
}
