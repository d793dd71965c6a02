//! A rhai formula, with the names that can be read in it offered as they are typed.

use super::{
    completion::{Completion, CompletionList, Style},
    place::Place,
};
use leptos::{html, prelude::*};

/// The widget.
#[component]
pub fn ExpressionField(
    place: Place,
    id: String,
    #[prop(optional, into)] aria_label: Option<String>,
) -> impl IntoView {
    let textarea = NodeRef::<html::Textarea>::new();
    let completion = Completion::new(place, Style::Expression, textarea);
    let list_id = format!("{id}-list");
    let (controls, active_of) = (list_id.clone(), list_id.clone());
    view! {
        <div class="template plain">
            <textarea
                node_ref=textarea
                id=id.clone()
                class="input code"
                rows="2"
                spellcheck="false"
                autocomplete="off"
                placeholder="Menu.digits == \"1\""
                aria-label=aria_label
                aria-describedby=format!("{id}-help")
                aria-invalid=move || place.has_problem().to_string()
                role="combobox"
                aria-autocomplete="list"
                aria-expanded=move || completion.is_open().to_string()
                aria-controls=controls
                aria-activedescendant=move || completion.active().map(|index| format!("{active_of}-{index}"))
                prop:value=move || place.text()
                on:input=move |event| {
                    place.set_text(&event_target_value(&event));
                    completion.follow();
                }
                on:keydown=move |event| completion.on_key(&event)
                on:blur=move |_| completion.close()
            ></textarea>
            <CompletionList completion=completion id=list_id />
        </div>
    }
}
