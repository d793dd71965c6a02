//! Text with `{{ }}`: values stand out, and `{{` offers what can be put in.

use super::{
    completion::{Completion, CompletionList, Style},
    place::Place,
    resolved::Resolved,
};
use crate::icon::Icon;
use leptos::{html, prelude::*};

/// The widget.
#[component]
pub fn TemplateText(
    place: Place,
    id: String,
    /// Lines shown while empty; from 2 on, Enter begins a new line.
    #[prop(default = 1)]
    lines: u32,
    #[prop(optional)] placeholder: &'static str,
    /// Names the field where no label leads to it.
    #[prop(optional, into)]
    aria_label: Option<String>,
    /// Takes the place of `place.set_text`.
    #[prop(optional, into)]
    on_text: Option<Callback<String>>,
    /// Takes the place of `place.text`.
    #[prop(optional, into)]
    text: Option<Signal<String>>,
) -> impl IntoView {
    let textarea = NodeRef::<html::Textarea>::new();
    let set = on_text.unwrap_or_else(|| Callback::new(move |typed: String| place.set_text(&typed)));
    let completion = Completion::new(place, Style::Template, textarea, set);
    let text = text.unwrap_or_else(|| Signal::derive(move || place.text()));
    let list_id = format!("{id}-list");
    let (controls, active_of) = (list_id.clone(), list_id.clone());
    view! {
        <div class="template" class:long=lines.ne(&1)>
            <div class="template-marks" aria-hidden="true">
                {move || marked(&text.get()).into_iter().map(|(part, is_value)| {
                    if is_value { view! { <mark>{part}</mark> }.into_any() } else { part.into_any() }
                }).collect_view()}
                "\u{200b}"
            </div>
            <textarea
                node_ref=textarea
                id=id.clone()
                class="input"
                rows=lines
                spellcheck="true"
                autocomplete="off"
                placeholder=placeholder
                aria-label=aria_label
                aria-describedby=format!("{id}-help")
                aria-invalid=move || place.has_error().to_string()
                role="combobox"
                aria-autocomplete="list"
                aria-expanded=move || completion.is_open().to_string()
                aria-controls=controls
                aria-activedescendant=move || completion.active().map(|index| format!("{active_of}-{index}"))
                prop:value=move || text.get()
                on:input=move |event| {
                    set.run(event_target_value(&event));
                    completion.follow();
                }
                on:keydown=move |event| {
                    if completion.is_open() {
                        completion.on_key(&event);
                    } else if event.key() == "Enter" && lines == 1 {
                        event.prevent_default();
                    }
                }
                on:click=move |_| completion.follow()
                on:blur=move |_| completion.close()
            ></textarea>
            <button type="button" class="template-insert" tabindex="-1" aria-label="Put in a value" title="Put in a value, or type {{"
                on:mousedown=move |event| event.prevent_default() on:click=move |_| completion.open_all()>
                <Icon name="braces" small=true />
            </button>
            <CompletionList completion=completion id=list_id />
            <Resolved text=text />
        </div>
    }
}

/// The text in parts; `true` for what is filled in.
pub fn marked(text: &str) -> Vec<(String, bool)> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("{{") {
        let Some(length) = rest[start..].find("}}") else { break };
        let end = start + length + 2;
        if start > 0 {
            parts.push((rest[..start].to_owned(), false));
        }
        parts.push((rest[start..end].to_owned(), true));
        rest = &rest[end..];
    }
    parts.push((rest.to_owned(), false));
    parts
}

#[cfg(test)]
mod tests {
    use super::marked;

    #[test]
    fn values_are_told_from_text() {
        let parts: Vec<_> =
            marked("Hi {{ name }}, {{").into_iter().filter(|(part, _)| !part.is_empty()).collect();
        assert_eq!(
            parts,
            [
                ("Hi ".to_owned(), false),
                ("{{ name }}".to_owned(), true),
                (", {{".to_owned(), false)
            ]
        );
    }
}
