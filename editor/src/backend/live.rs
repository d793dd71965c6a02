//! What the server tells by itself: server-sent events.

use api::live::RunUpdate;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{EventSource, MessageEvent};

/// A stream of events; ends when dropped. The browser connects again by itself when the connection is lost.
pub struct Events {
    source: EventSource,
    _on_event: Closure<dyn Fn(MessageEvent)>,
    _on_state: Closure<dyn Fn(web_sys::Event)>,
}

impl Drop for Events {
    fn drop(&mut self) {
        self.source.close();
    }
}

/// Every step of a run, as it happens. `on_connected` is told whether the stream is up.
pub fn follow_run(
    run_id: &str,
    on_update: impl Fn(RunUpdate) + 'static,
    on_connected: impl Fn(bool) + 'static,
) -> Option<Events> {
    let url = format!("/api/v1/runs/{}/events", super::encoded(run_id));
    follow(&url, "update", on_update, on_connected)
}

/// Listens for one kind of event. `None` where the browser knows no such streams.
pub(super) fn follow<T: DeserializeOwned + 'static>(
    url: &str,
    event: &str,
    on_event: impl Fn(T) + 'static,
    on_connected: impl Fn(bool) + 'static,
) -> Option<Events> {
    let source = EventSource::new(url).ok()?;
    let on_event = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
        let text = message.data().as_string().unwrap_or_default();
        // An event of a newer server that we cannot read is no reason to stop reading the others.
        if let Ok(told) = serde_json::from_str(&text) {
            on_event(told);
        }
    });
    source.add_event_listener_with_callback(event, on_event.as_ref().unchecked_ref()).ok()?;
    let on_state = Closure::<dyn Fn(web_sys::Event)>::new(move |event: web_sys::Event| {
        on_connected(event.type_() == "open")
    });
    source.set_onopen(Some(on_state.as_ref().unchecked_ref()));
    source.set_onerror(Some(on_state.as_ref().unchecked_ref()));
    Some(Events { source, _on_event: on_event, _on_state: on_state })
}
