//! One of a few values.

use super::{
    parts::{Options, Segments, Select},
    place::Place,
};
use leptos::prelude::*;
use serde_json::Value as Json;

/// Side by side while they fit, else a list. The first is the default.
const SIDE_BY_SIDE_CHARACTERS_MAX: usize = 34;

/// The widget.
#[component]
pub fn ChoiceField(
    place: Place,
    id: String,
    label: &'static str,
    choices: &'static [(&'static str, &'static str)],
) -> impl IntoView {
    let first = choices.first().map(|(value, _)| *value).unwrap_or_default();
    let chosen = Signal::derive(move || {
        let text = place.text();
        if text.is_empty() { first.to_owned() } else { text }
    });
    let choose = Callback::new(move |value: String| {
        place.set(if value == first { Json::Null } else { Json::String(value) });
    });
    let characters: usize = choices.iter().map(|(_, label)| label.len() + 3).sum();
    if characters <= SIDE_BY_SIDE_CHARACTERS_MAX {
        view! { <Segments id=id options=choices value=chosen on_change=choose /> }.into_any()
    } else {
        let options: Options = choices
            .iter()
            .map(|(value, words)| ((*value).to_owned(), (*words).to_owned()))
            .collect();
        view! { <Select id=id label=label options=options value=chosen on_change=choose /> }
            .into_any()
    }
}
