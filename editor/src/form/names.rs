//! Names of ways out, one a row: the branches of `parallel`.

use super::{
    PlaceProblems,
    parts::{AddButton, Input, Tool, focus_soon},
    place::Place,
    states,
};
use leptos::prelude::*;
use serde_json::Value as Json;

/// The widget.
#[component]
pub fn NamesField(place: Place, id: String) -> impl IntoView {
    let id = StoredValue::new(id);
    let add = move |()| {
        let taken = states::names(&place.get_untracked(), None);
        place.push(Json::String(states::free_name("Branch", &taken)));
        focus_soon(format!("{}-{}", id.get_value(), taken.len()));
    };
    view! {
        <div class="rows">
            <For each=move || 0..place.len() key=|index| *index let(index)>
                <Row list=place index=index id=id.get_value() />
            </For>
            <AddButton id=id.get_value() words="Add a branch" on_press=Callback::new(add) />
        </div>
    }
}

#[component]
fn Row(list: Place, index: usize, id: String) -> impl IntoView {
    let row = list.row(index);
    let name = Signal::derive(move || row.text());
    let ids = StoredValue::new(id.clone());
    let rename = move |typed: String| {
        if !states::names(&list.get_untracked(), None).contains(&typed) {
            states::rename(list, index, None, &typed);
        }
    };
    let remove = move |()| {
        states::remove(list, index, None);
        after_removal(list, &ids.get_value(), index);
    };
    let move_up = move |()| {
        list.move_up(index);
        focus_soon(format!("{}-{}", ids.get_value(), index.saturating_sub(1)));
    };
    view! {
        <div class="text-row" class:has-problem=move || row.has_problem()>
            <Input id=format!("{id}-{index}") value=name on_change=Callback::new(rename) label=format!("Name of branch {}", index + 1) />
            <span class="tools">
                <Tool icon="chevron-up" label=Signal::derive(move || format!("Put {} earlier", name.get())) is_disabled=index == 0 on_press=Callback::new(move_up) />
                <Tool icon="close" label=Signal::derive(move || format!("Take {} away", name.get())) on_press=Callback::new(remove) />
            </span>
            <PlaceProblems place=row />
        </div>
    }
}

/// Moves the focus to the row that took the place of one that is gone, or to the button that adds one.
pub fn after_removal(list: Place, id: &str, index: usize) {
    let count = list.get_untracked().as_array().map_or(0, Vec::len);
    focus_soon(match count.checked_sub(1) {
        Some(last) => format!("{id}-{}", index.min(last)),
        None => format!("{id}-add"),
    });
}
