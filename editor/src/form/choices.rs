//! The keys of a menu: one way out each.

use super::{
    PlaceProblems,
    cases::{remove_state, rename_state},
    keys::{KEYS, spoken},
    place::{Place, text_of},
};
use crate::icon::Icon;
use leptos::prelude::*;
use serde_json::json;

/// The widget.
#[component]
pub fn Choices(place: Place, id: String) -> impl IntoView {
    let id = StoredValue::new(id);
    let taken = Memo::new(move |_| {
        place
            .get()
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|row| row.get("key").map(text_of))
            .collect::<Vec<_>>()
    });
    let free = move || KEYS.chars().map(String::from).find(|key| !taken.read().contains(key));
    view! {
        <div class="rows">
            <For each=move || 0..place.len() key=|index| *index let(index)>
                <Choice choices=place index=index id=format!("{}-{index}", id.get_value()) taken=taken />
            </For>
            <button type="button" class="link" disabled=move || free().is_none() on:click=move |_| {
                if let Some(key) = free() {
                    place.push(json!({ "key": key }));
                }
            }><Icon name="plus" small=true />"Add a key"</button>
        </div>
    }
}

#[component]
fn Choice(choices: Place, index: usize, id: String, taken: Memo<Vec<String>>) -> impl IntoView {
    let row = choices.row(index);
    let key = Memo::new(move |_| row.get().get("key").map(text_of).unwrap_or_default());
    let label = row.key("label");
    view! {
        <div class="choice-row" class:has-problem=move || row.has_problem()>
            <select class="select narrow" aria-label="Key" prop:value=move || key.get() on:change=move |event| rename_state(choices, index, "key", &event_target_value(&event))>
                {KEYS.chars().map(|character| {
                    let value = character.to_string();
                    let (of, other) = (value.clone(), value.clone());
                    view! {
                        <option value=value aria-label=spoken(character) selected=move || key.get() == of
                            disabled=move || key.get() != other && taken.read().contains(&other)>{character.to_string()}</option>
                    }
                }).collect_view()}
            </select>
            <input id=id class="input" aria-label=move || format!("What {} is for", key.get()) placeholder="Sales" autocomplete="off"
                prop:value=move || label.text() on:change=move |event| label.set_text(event_target_value(&event).trim()) />
            <button type="button" class="btn ghost small square" aria-label=move || format!("Take key {} away", key.get())
                on:click=move |_| remove_state(choices, index, "key")><Icon name="close" small=true /></button>
            <PlaceProblems place=row />
        </div>
    }
}
