//! A list of texts, one below the other.

use super::{place::Place, template_text::TemplateText};
use crate::icon::Icon;
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
    view! {
        <div class="rows">
            <For each=move || 0..place.len() key=|index| *index let(index)>
                <div class="text-row">
                    <TemplateText place=place.row(index) id=format!("{}-{index}", id.get_value()) placeholder=placeholder aria_label=format!("Row {}", index + 1)
                        on_text=Callback::new(move |text: String| place.row_text(index, text)) />
                    <button type="button" class="btn ghost small square" aria-label=format!("Take row {} away", index + 1) on:click=move |_| place.remove(index)><Icon name="close" small=true /></button>
                </div>
            </For>
            <button type="button" class="link" on:click=move |_| place.push(Json::String(String::new()))><Icon name="plus" small=true />{add}</button>
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
