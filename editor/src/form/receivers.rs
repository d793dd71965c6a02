//! One or several receivers: numbers with commas, or the list a file holds.

use super::{
    place::{Place, text_of},
    template_text::TemplateText,
};
use leptos::prelude::*;
use serde_json::Value as Json;

/// The widget. A list stays a list, a text stays a text, so that a file changes only where it was edited.
#[component]
pub fn ReceiversField(place: Place, id: String) -> impl IntoView {
    let is_list = place.get_untracked().is_array();
    let text = Signal::derive(move || match place.get() {
        Json::Array(items) => items.iter().map(text_of).collect::<Vec<_>>().join(", "),
        other => text_of(&other),
    });
    // While it is typed the last comma must not be swallowed; the list is made when a part has ended.
    let typed = RwSignal::new(None::<String>);
    let shown = Signal::derive(move || typed.get().unwrap_or_else(|| text.get()));
    let on_text = Callback::new(move |text: String| {
        if is_list {
            let items: Vec<Json> = text
                .split(',')
                .map(str::trim)
                .filter(|part| !part.is_empty())
                .map(Json::from)
                .collect();
            typed.set(Some(text));
            place.set(if items.is_empty() { Json::Null } else { Json::Array(items) });
        } else {
            place.set_text(&text);
        }
    });
    view! { <TemplateText place=place id=id text=shown on_text=on_text placeholder="+15550100000, {{ to }}" /> }
}
