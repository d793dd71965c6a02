//! Keys of a telephone: several as buttons that stay down, or one.

use super::{
    parts::{Options, Select},
    place::Place,
};
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

/// One key, or none. Where a key is usual, an empty text says "no key" and nothing at all means the usual one.
#[component]
pub fn KeyField(
    place: Place,
    id: String,
    label: &'static str,
    usual: Option<&'static str>,
    /// What having no key means.
    none: &'static str,
) -> impl IntoView {
    const USUAL: &str = "usual";
    let mut options = Options::new();
    if let Some(usual) = usual {
        options.push((USUAL.to_owned(), format!("{usual} (usual)")));
    }
    options.push((String::new(), none.to_owned()));
    options.extend(KEYS.chars().map(|key| (key.to_string(), key.to_string())));
    let value = Signal::derive(move || match place.get() {
        Json::Null if usual.is_some() => USUAL.to_owned(),
        other => super::place::text_of(&other),
    });
    let choose = move |chosen: String| {
        let is_default = chosen == USUAL || (usual.is_none() && chosen.is_empty());
        place.set(if is_default { Json::Null } else { Json::String(chosen) });
    };
    view! { <Select id=id label=label options=options value=value on_change=Callback::new(choose) /> }
}

/// A key as it is said.
pub fn spoken(key: char) -> String {
    match key {
        '*' => "star".to_owned(),
        '#' => "hash".to_owned(),
        digit => digit.to_string(),
    }
}
