//! Keys of a telephone: several as buttons that stay down, or one.

use super::place::Place;
use leptos::prelude::*;
use serde_json::Value as Json;

/// In the order in which people count them.
pub const KEYS: &str = "1234567890*#";

/// Several keys, kept as one text in this order.
#[component]
pub fn KeysField(place: Place) -> impl IntoView {
    let toggle = move |key: char| {
        let before = super::place::text_of(&place.get_untracked());
        let is_down = before.contains(key);
        let after: String = KEYS
            .chars()
            .filter(|other| if *other == key { !is_down } else { before.contains(*other) })
            .collect();
        place.set_text(&after);
    };
    view! {
        <div class="keys">
            {KEYS.chars().map(|key| view! {
                <button type="button" aria-pressed=move || place.text().contains(key).to_string() aria-label=format!("Key {}", spoken(key))
                    on:click=move |_| toggle(key)>{key.to_string()}</button>
            }).collect_view()}
        </div>
    }
}

/// One key, or none. An empty text says "no key"; nothing at all is the default.
#[component]
pub fn KeyField(place: Place, id: String) -> impl IntoView {
    let value = move || match place.get() {
        Json::Null => "default".to_owned(),
        other => super::place::text_of(&other),
    };
    let choose = move |event: web_sys::Event| match event_target_value(&event).as_str() {
        "default" => place.set(Json::Null),
        key => place.set(Json::String(key.to_owned())),
    };
    view! {
        <select id=id.clone() class="select" aria-labelledby=format!("{id}-label") on:change=choose prop:value=value>
            <option value="default" selected=move || value() == "default">"# (usual)"</option>
            <option value="" selected=move || value().is_empty()>"No key"</option>
            {KEYS.chars().map(|key| {
                let key = key.to_string();
                let of = key.clone();
                view! { <option value=key.clone() selected=move || value() == of>{key.clone()}</option> }
            }).collect_view()}
        </select>
    }
}

/// A key as it is said.
pub fn spoken(key: char) -> String {
    match key {
        '*' => "star".to_owned(),
        '#' => "hash".to_owned(),
        digit => digit.to_string(),
    }
}
