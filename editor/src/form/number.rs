//! A whole number within bounds, and what it counts.

use super::place::Place;
use leptos::prelude::*;
use serde_json::{Value as Json, json};

/// The widget. Left empty, the default is taken; it is shown as what will be.
#[component]
pub fn NumberField(
    place: Place,
    id: String,
    min: i64,
    max: i64,
    default: i64,
    unit: &'static str,
) -> impl IntoView {
    let set = move |event: web_sys::Event| {
        let typed = event_target_value(&event);
        place.set(match typed.trim().parse::<i64>() {
            Ok(number) => json!(number),
            Err(_) if typed.trim().is_empty() => Json::Null,
            // Kept as it is, so that the problem can be shown beside it.
            Err(_) => json!(typed),
        });
    };
    view! {
        <div class="number">
            <input id=id.clone() class="input num" type="number" inputmode="numeric" min=min max=max step="1" placeholder=default
                aria-describedby=format!("{id}-help") aria-invalid=move || place.has_problem().to_string()
                prop:value=move || place.text() on:input=set />
            <span class="muted">{unit}</span>
        </div>
    }
}
