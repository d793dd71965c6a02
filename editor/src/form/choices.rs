//! The keys of a menu: one way out each.

use super::{
    PlaceProblems,
    keys::{KEYS, spoken},
    parts::{AddButton, Input, focus_soon},
    place::{Place, text_of},
    rows::{RowTools, Rows, SortableRows},
    states,
};
use crate::language::tf;
use leptos::prelude::*;
use serde_json::json;

const KEY: states::NameKey = Some("key");

/// The widget.
#[component]
pub fn Choices(place: Place, id: String) -> impl IntoView {
    let rows = Rows::of(place, &id);
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
            <SortableRows rows=rows row=Callback::new(move |index| view! { <Choice choices=place rows=rows index=index id=id.get_value() taken=taken /> }.into_any()) />
            <AddButton id=id.get_value() words="Add a key" is_disabled=Signal::derive(move || free().is_none()) on_press=Callback::new(move |()| {
                if let Some(key) = free() {
                    focus_soon(format!("{}-{}", id.get_value(), taken.read_untracked().len()));
                    place.push(json!({ "key": key }));
                }
            }) />
        </div>
    }
}

#[component]
fn Choice(
    choices: Place,
    rows: Rows,
    index: usize,
    id: String,
    taken: Memo<Vec<String>>,
) -> impl IntoView {
    let row = choices.row(index);
    let key = Memo::new(move |_| row.get().get("key").map(text_of).unwrap_or_default());
    let label = row.key("label");
    let remove = Callback::new(move |()| states::remove(choices, index, KEY));
    view! {
        <div class="choice-row" class:has-problem=move || row.has_problem()>
            <select id=format!("{id}-{index}-key") class="select narrow" aria-label="Key" prop:value=move || key.get() on:change=move |event| states::rename(choices, index, KEY, &event_target_value(&event))>
                {KEYS.chars().map(|character| {
                    let value = character.to_string();
                    let (of, other) = (value.clone(), value.clone());
                    view! {
                        <option value=value aria-label=spoken(character) selected=move || key.get() == of
                            disabled=move || key.get() != other && taken.read().contains(&other)>{character.to_string()}</option>
                    }
                }).collect_view()}
            </select>
            <Input id=format!("{id}-{index}") label=Signal::derive(move || Some(format!("What {} is for", key.get()))) placeholder="Sales"
                value=Signal::derive(move || label.text()) on_change=Callback::new(move |typed: String| label.set_text(typed.trim())) />
            <RowTools rows=rows index=index what=Signal::derive(move || tf("key {key}", &[("key", &key.get())])) on_remove=remove />
            <PlaceProblems place=row />
        </div>
    }
}
