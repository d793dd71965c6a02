//! A list of texts, one below the other.

use super::{
    names::after_removal,
    parts::{AddButton, Tool, focus_soon},
    place::Place,
    template_text::TemplateText,
};
use leptos::prelude::*;
use serde_json::Value as Json;

/// The widget.
#[component]
pub fn TextRows(
    place: Place,
    id: String,
    add: &'static str,
    #[prop(optional)] placeholder: &'static str,
) -> impl IntoView {
    let id = StoredValue::new(id);
    let add_row = move |()| {
        let index = place.get_untracked().as_array().map_or(0, Vec::len);
        place.push(Json::String(String::new()));
        focus_soon(format!("{}-{index}", id.get_value()));
    };
    view! {
        <div class="rows">
            <For each=move || 0..place.len() key=|index| *index let(index)>
                <Row list=place index=index id=id.get_value() placeholder=placeholder />
            </For>
            <AddButton id=id.get_value() words=add on_press=Callback::new(add_row) />
        </div>
    }
}

#[component]
fn Row(list: Place, index: usize, id: String, placeholder: &'static str) -> impl IntoView {
    let ids = StoredValue::new(id.clone());
    let remove = move |()| {
        list.remove(index);
        after_removal(list, &ids.get_value(), index);
    };
    let move_up = move |()| {
        list.move_up(index);
        focus_soon(format!("{}-{}", ids.get_value(), index.saturating_sub(1)));
    };
    view! {
        <div class="text-row">
            <TemplateText place=list.row(index) id=format!("{id}-{index}") placeholder=placeholder aria_label=format!("Row {}", index + 1)
                on_text=Callback::new(move |text: String| list.row_text(index, text)) />
            <span class="tools">
                <Tool icon="chevron-up" label=format!("Put row {} earlier", index + 1) is_disabled=index == 0 on_press=Callback::new(move_up) />
                <Tool icon="close" label=format!("Take row {} away", index + 1) on_press=Callback::new(remove) />
            </span>
        </div>
    }
}

impl Place {
    /// Puts a text into a row of this list, the empty one too: the row stays until it is taken away.
    pub fn row_text(self, index: usize, text: String) {
        let mut rows = self.get_untracked().as_array().cloned().unwrap_or_default();
        if let Some(row) = rows.get_mut(index) {
            *row = Json::String(text);
        }
        self.set(Json::Array(rows));
    }
}
