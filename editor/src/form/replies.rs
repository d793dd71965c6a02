//! The answers of `sms_menu`: each a way out, with other words that mean the same.

use super::{
    PlaceProblems,
    chips::Chips,
    parts::{AddButton, Input, focus_soon},
    place::{Place, text_of},
    rows::{RowTools, Rows, SortableRows},
    states,
};
use leptos::prelude::*;
use serde_json::{Value as Json, json};

const NAME: states::NameKey = Some("name");

/// The widget.
#[component]
pub fn RepliesField(place: Place, id: String) -> impl IntoView {
    let rows = Rows::of(place, &id);
    let id = StoredValue::new(id);
    let add = move |()| {
        let taken = states::names(&place.get_untracked(), NAME);
        place.push(json!({ "name": states::free_name("Answer", &taken) }));
        focus_soon(format!("{}-{}", id.get_value(), taken.len()));
    };
    view! {
        <div class="rows">
            <SortableRows rows=rows row=Callback::new(move |index| view! { <Row list=place rows=rows index=index id=id.get_value() /> }.into_any()) />
            <AddButton id=id.get_value() words="Add an answer" on_press=Callback::new(add) />
        </div>
    }
}

#[component]
fn Row(list: Place, rows: Rows, index: usize, id: String) -> impl IntoView {
    let row = list.row(index);
    let name = Signal::derive(move || states::name_of(&row.get(), NAME));
    let accepts = Signal::derive(move || {
        row.get()
            .get("accepts")
            .and_then(Json::as_array)
            .map(|texts| texts.iter().map(text_of).collect())
            .unwrap_or_default()
    });
    let set_accepts = move |texts: Vec<String>| {
        let mut after = row.get_untracked();
        if let Some(row) = after.as_object_mut() {
            row.remove("accepts");
            if !texts.is_empty() {
                row.insert("accepts".to_owned(), json!(texts));
            }
        }
        row.set(after);
    };
    let remove = Callback::new(move |()| states::remove(list, index, NAME));
    view! {
        <div class="card-row" class:has-problem=move || row.has_problem() role="group" aria-label=move || format!("Answer {}", name.get())>
            <div class="row">
                <span class="row-number num" aria-hidden="true">{index + 1}</span>
                <Input id=format!("{id}-{index}") class="grow" value=name label="Name of the answer"
                    on_change=Callback::new(move |typed: String| states::rename(list, index, NAME, &typed)) />
                <RowTools rows=rows index=index what=name on_remove=remove />
            </div>
            <Chips id=format!("{id}-{index}-accepts") label=Signal::derive(move || format!("Other words for {}", name.get())) values=accepts
                on_change=Callback::new(set_accepts) placeholder="Other words, such as: ok, sure" />
            <PlaceProblems place=row />
        </div>
    }
}
