//! Names of ways out, one a row: the branches of `parallel`.

use super::{
    PlaceProblems,
    parts::{AddButton, Input, focus_soon},
    place::Place,
    rows::{RowTools, Rows, SortableRows},
    states,
};
use leptos::prelude::*;
use serde_json::Value as Json;

/// The widget.
#[component]
pub fn NamesField(place: Place, id: String) -> impl IntoView {
    let rows = Rows::of(place, &id);
    let id = StoredValue::new(id);
    let add = move |()| {
        let taken = states::names(&place.get_untracked(), None);
        place.push(Json::String(states::free_name("Branch", &taken)));
        focus_soon(format!("{}-{}", id.get_value(), taken.len()));
    };
    view! {
        <div class="rows">
            <SortableRows rows=rows row=Callback::new(move |index| view! { <Row list=place rows=rows index=index id=id.get_value() /> }.into_any()) />
            <AddButton id=id.get_value() words="Add a branch" on_press=Callback::new(add) />
        </div>
    }
}

#[component]
fn Row(list: Place, rows: Rows, index: usize, id: String) -> impl IntoView {
    let row = list.row(index);
    let name = Signal::derive(move || row.text());
    let rename = move |typed: String| states::rename(list, index, None, &typed);
    let remove = Callback::new(move |()| states::remove(list, index, None));
    view! {
        <div class="text-row" class:has-problem=move || row.has_problem()>
            <Input id=format!("{id}-{index}") value=name on_change=Callback::new(rename) label=format!("Name of branch {}", index + 1) />
            <RowTools rows=rows index=index what=name on_remove=remove />
            <PlaceProblems place=row />
        </div>
    }
}
