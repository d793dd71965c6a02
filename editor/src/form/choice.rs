//! One of a few values.

use super::place::Place;
use leptos::prelude::*;
use serde_json::Value as Json;

/// Side by side while they fit, else a list. The first is the default.
const SIDE_BY_SIDE_CHARACTERS_MAX: usize = 34;

/// The widget.
#[component]
pub fn ChoiceField(
    place: Place,
    id: String,
    choices: &'static [(&'static str, &'static str)],
) -> impl IntoView {
    let first = choices.first().map(|(value, _)| *value).unwrap_or_default();
    let chosen = move || {
        let text = place.text();
        if text.is_empty() { first.to_owned() } else { text }
    };
    let choose = move |value: &str| {
        place.set(if value == first { Json::Null } else { Json::String(value.to_owned()) })
    };
    let characters: usize = choices.iter().map(|(_, label)| label.len() + 3).sum();
    if characters <= SIDE_BY_SIDE_CHARACTERS_MAX {
        let group = id.clone();
        view! {
            <div class="seg">
                {choices.iter().map(|(value, label)| view! {
                    <label>
                        <input type="radio" name=group.clone() value=*value prop:checked=move || chosen() == *value on:change=move |_| choose(value) />
                        {*label}
                    </label>
                }).collect_view()}
            </div>
        }
        .into_any()
    } else {
        view! {
            <select id=id.clone() class="select" aria-labelledby=format!("{id}-label") on:change=move |event| choose(&event_target_value(&event)) prop:value=chosen>
                {choices.iter().map(|(value, label)| view! { <option value=*value selected=move || chosen() == *value>{*label}</option> }).collect_view()}
            </select>
        }
        .into_any()
    }
}
