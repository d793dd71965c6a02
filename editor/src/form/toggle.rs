//! Yes or no.

use super::place::Place;
use leptos::prelude::*;
use serde_json::{Value as Json, json};

/// The widget.
#[component]
pub fn ToggleField(place: Place, id: String, default: bool) -> impl IntoView {
    let is_on = move || place.get().as_bool().unwrap_or(default);
    view! {
        <span class="switch">
            <input id=id.clone() type="checkbox" role="switch" aria-describedby=format!("{id}-help") prop:checked=is_on
                on:change=move |event| {
                    let is_on = event_target_checked(&event);
                    place.set(if is_on == default { Json::Null } else { json!(is_on) });
                } />
            <span class="muted" aria-hidden="true">{move || if is_on() { "Yes" } else { "No" }}</span>
        </span>
    }
}
