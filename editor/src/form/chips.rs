//! Several short texts in one field: Enter or a comma ends one, Backspace takes the last one away.

use super::parts::focus_soon;
use crate::icon::Icon;
use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;

/// The widget.
#[component]
pub fn Chips(
    id: String,
    #[prop(into)] label: Signal<String>,
    #[prop(into)] values: Signal<Vec<String>>,
    on_change: Callback<Vec<String>>,
    #[prop(optional)] placeholder: &'static str,
    /// Whether the texts are names that a program reads.
    #[prop(optional)]
    is_code: bool,
) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let add = move || {
        // The field may lose the focus because its form is gone.
        let Some(input) = input.try_get_untracked().flatten() else { return };
        let mut all = values.get_untracked();
        let before = all.len();
        for part in input.value().split(',').map(str::trim) {
            if !part.is_empty() && !all.iter().any(|value| value == part) {
                all.push(part.to_owned());
            }
        }
        input.set_value("");
        if all.len() > before {
            on_change.run(all);
        }
    };
    let input_id = StoredValue::new(id.clone());
    let take = move |gone: &str| {
        let mut all = values.get_untracked();
        all.retain(|value| value != gone);
        on_change.run(all);
        focus_soon(input_id.get_value());
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        let Some(input) = input.get_untracked() else { return };
        match event.key().as_str() {
            "Enter" | "," => {
                event.prevent_default();
                add();
            }
            "Backspace" if input.value().is_empty() => {
                if let Some(last) = values.get_untracked().last() {
                    take(last);
                }
            }
            _ => {}
        }
    };
    let focus_within = move |event: web_sys::MouseEvent| {
        let on_itself =
            event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        if on_itself.is_some_and(|target| target.class_list().contains("chips"))
            && let Some(input) = input.get_untracked()
        {
            let _ = input.focus();
        }
    };
    view! {
        <div class="chips" class:is-code=is_code on:click=focus_within>
            <For each=move || values.get() key=|value| value.clone() let(value)>
                {
                    let gone = value.clone();
                    view! {
                        <span class="answer">{value.clone()}
                            <button type="button" aria-label=format!("Take {value} away") on:click=move |_| take(&gone)><Icon name="close" small=true /></button>
                        </span>
                    }
                }
            </For>
            <input node_ref=input id=id.clone() aria-label=move || label.get() aria-describedby=format!("{id}-help") autocomplete="off" spellcheck="false"
                placeholder=move || if values.read().is_empty() { placeholder } else { "" } on:keydown=on_key on:blur=move |_| add() />
        </div>
    }
}
