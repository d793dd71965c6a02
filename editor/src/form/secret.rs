//! Something that must not stand in a file: a secret that the server keeps, by its name, or a text with `{{ }}`.

use super::{
    parts::{Input, Segments},
    place::{Place, text_of},
    template_text::TemplateText,
};
use leptos::prelude::*;
use serde_json::{Value as Json, json};

/// The widget.
#[component]
pub fn SecretField(
    place: Place,
    id: String,
    /// What the secret is, where no label says it: "The token".
    #[prop(optional)]
    words: &'static str,
) -> impl IntoView {
    // Which one is meant while both are empty is not in the file.
    let is_text = RwSignal::new(place.get_untracked().is_string());
    let kind = Signal::derive(move || if is_text.get() { "text" } else { "secret" }.to_owned());
    let choose = move |kind: String| {
        is_text.set(kind == "text");
        // What one of them holds is of no use to the other. Within something else a secret stays there, so that its kind does.
        place.set(match (kind.as_str(), words) {
            ("text", "") | ("secret", "") => Json::Null,
            ("text", _) => Json::String(String::new()),
            _ => json!({ "$secret": "" }),
        });
    };
    let name = Signal::derive(move || place.get().get("$secret").map(text_of).unwrap_or_default());
    let ids = StoredValue::new(id);
    let label = if words.is_empty() {
        "Name of the secret".to_owned()
    } else {
        format!("{words}: name of the secret")
    };
    let text_label = if words.is_empty() { "Text" } else { words };
    let label = StoredValue::new(label);
    let below = (!words.is_empty()).then(|| view! { <span class="sub">{words}</span> });
    view! {
        <div class="secret">
            {below}
            <Segments id=format!("{}-kind", ids.get_value()) options=&[("secret", "Secret of the server"), ("text", "Text")] value=kind on_change=Callback::new(choose) />
            {move || if is_text.get() {
                view! { <TemplateText place=place id=ids.get_value() aria_label=text_label
                    on_text=Callback::new(move |text: String| place.set(Json::String(text))) placeholder="{{ token }}" /> }.into_any()
            } else {
                view! {
                    <Input id=ids.get_value() class="code" label=label.get_value() placeholder="status_api" value=name
                        on_change=Callback::new(move |typed: String| place.set(json!({ "$secret": typed.trim() }))) />
                    <p class="hint">"The server reads it from "<code>{move || variable_of(&name.get())}</code>"; it never stands in a file."</p>
                }.into_any()
            }}
        </div>
    }
}

/// The environment variable of a secret.
fn variable_of(name: &str) -> String {
    let name = if name.is_empty() { "…".to_owned() } else { name.to_uppercase() };
    format!("PHLOEM_SECRET_{name}")
}
