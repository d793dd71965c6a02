//! What an HTTP request carries, how it proves who asks, and what the answer must look like.

use super::{
    assignments::Assignments,
    place::{Place, text_of},
    template_text::TemplateText,
};
use leptos::prelude::*;
use serde_json::{Value as Json, json};

/// The body: none, JSON, a form, or text.
#[component]
pub fn HttpBodyField(place: Place, id: String) -> impl IntoView {
    let kind = Memo::new(move |_| {
        let body = place.get();
        ["json", "form", "text"]
            .into_iter()
            .find(|kind| body.get(*kind).is_some())
            .unwrap_or("none")
    });
    let choose = move |kind: &str| {
        place.set(match kind {
            "json" => json!({ "json": {} }),
            "form" => json!({ "form": {} }),
            "text" => json!({ "text": "" }),
            _ => Json::Null,
        });
    };
    let ids = StoredValue::new(id);
    view! {
        <Kinds id=format!("{}-kind", ids.get_value()) kinds=&[("none", "None"), ("json", "JSON"), ("form", "Form"), ("text", "Text")] chosen=kind choose=Callback::new(move |kind: String| choose(&kind)) />
        {move || match kind.get() {
            "json" => view! { <JsonText place=place.key("json") id=ids.get_value() /> }.into_any(),
            "form" => view! { <Assignments place=place.key("form") id=ids.get_value() add="Add a field" name_words="Field" new_name="field" /> }.into_any(),
            "text" => view! {
                <TemplateText place=place.key("text") id=ids.get_value() lines=3 aria_label="Text of the body"
                    on_text=Callback::new(move |text: String| place.set(json!({ "text": text }))) />
            }.into_any(),
            _ => ().into_any(),
        }}
    }
}

/// JSON whose texts are filled in. What cannot be read yet is kept here and said, not written into the file.
#[component]
fn JsonText(place: Place, id: String) -> impl IntoView {
    let why_not = RwSignal::new(None::<String>);
    let pretty = move || serde_json::to_string_pretty(&place.get()).unwrap_or_default();
    let change = move |event: web_sys::Event| match serde_json::from_str::<Json>(
        &event_target_value(&event),
    ) {
        Ok(json) => {
            why_not.set(None);
            place.set(json);
        }
        Err(error) => why_not.set(Some(format!(
            "Line {}, column {} is not JSON yet; the step keeps what it had.",
            error.line(),
            error.column()
        ))),
    };
    view! {
        <textarea id=id class="input code" rows="4" spellcheck="false" autocomplete="off" aria-label="JSON of the body" placeholder="{ \"text\": \"{{ message }}\" }"
            prop:value=pretty on:change=change aria-invalid=move || why_not.read().is_some().to_string()></textarea>
        {move || why_not.get().map(|why| view! { <p class="field-problem" role="alert">{why}</p> })}
    }
}

/// Credentials: none, a bearer token, or user and password. Secrets are named, never written into a file.
#[component]
pub fn HttpAuthField(place: Place, id: String) -> impl IntoView {
    let kind = Memo::new(move |_| {
        let auth = place.get();
        ["bearer", "basic"].into_iter().find(|kind| auth.get(*kind).is_some()).unwrap_or("none")
    });
    let choose = move |kind: &str| {
        place.set(match kind {
            "bearer" => json!({ "bearer": { "$secret": "" } }),
            "basic" => json!({ "basic": { "user": "", "password": { "$secret": "" } } }),
            _ => Json::Null,
        });
    };
    let ids = StoredValue::new(id);
    view! {
        <Kinds id=format!("{}-kind", ids.get_value()) kinds=&[("none", "None"), ("bearer", "Bearer token"), ("basic", "Password")] chosen=kind choose=Callback::new(move |kind: String| choose(&kind)) />
        {move || match kind.get() {
            "bearer" => view! { <SecretText place=place.key("bearer") id=ids.get_value() words="Name of the token’s secret" /> }.into_any(),
            "basic" => {
                let basic = place.key("basic");
                view! {
                    <TemplateText place=basic.key("user") id=format!("{}-user", ids.get_value()) aria_label="User" placeholder="User" />
                    <SecretText place=basic.key("password") id=ids.get_value() words="Name of the password’s secret" />
                }.into_any()
            }
            _ => ().into_any(),
        }}
    }
}

/// The name of a secret that the server keeps.
#[component]
fn SecretText(place: Place, id: String, words: &'static str) -> impl IntoView {
    let name = move || match place.get() {
        Json::Object(map) => map.get("$secret").map(text_of).unwrap_or_default(),
        other => text_of(&other),
    };
    let change = move |event: web_sys::Event| {
        let typed = event_target_value(&event).trim().to_owned();
        // A template stands for itself; anything else names a secret.
        place.set(if typed.contains("{{") {
            Json::String(typed)
        } else {
            json!({ "$secret": typed })
        });
    };
    view! {
        <input id=id.clone() class="input code" aria-label=words placeholder="status_api" autocomplete="off" spellcheck="false" prop:value=name on:change=change aria-describedby=format!("{id}-secret") />
        <p class="hint" id=format!("{id}-secret")>"The server reads it from "<code>{move || format!("PHLOEM_SECRET_{}", secret_variable(&name()))}</code>"; it never stands in the file."</p>
    }
}

/// How a secret's name ends the name of its environment variable.
fn secret_variable(name: &str) -> String {
    if name.is_empty() { "…".to_owned() } else { name.to_uppercase() }
}

/// What the answer must be to count as a success.
#[component]
pub fn HttpExpectField(place: Place, id: String) -> impl IntoView {
    let content_type = place.key("content_type");
    let keys = move || {
        place
            .get()
            .get("keys")
            .and_then(Json::as_array)
            .map(|keys| keys.iter().map(text_of).collect::<Vec<_>>().join(", "))
            .unwrap_or_default()
    };
    let set_keys = move |event: web_sys::Event| {
        let keys: Vec<Json> = event_target_value(&event)
            .split(',')
            .map(str::trim)
            .filter(|key| !key.is_empty())
            .map(Json::from)
            .collect();
        place.key("keys").set(if keys.is_empty() { Json::Null } else { Json::Array(keys) });
    };
    view! {
        <div class="two">
            <div class="field">
                <label for=format!("{id}-type")>"Content type"</label>
                <input id=format!("{id}-type") class="input" placeholder="application/json" autocomplete="off" prop:value=move || content_type.text()
                    on:change=move |event| content_type.set_text(event_target_value(&event).trim()) />
            </div>
            <div class="field">
                <label for=format!("{id}-keys")>"Keys in the answer"</label>
                <input id=format!("{id}-keys") class="input" placeholder="status, message" autocomplete="off" prop:value=keys on:change=set_keys />
            </div>
        </div>
    }
}

#[component]
fn Kinds(
    id: String,
    kinds: &'static [(&'static str, &'static str)],
    chosen: Memo<&'static str>,
    choose: Callback<String>,
) -> impl IntoView {
    view! {
        <div class="seg">
            {kinds.iter().map(|(kind, words)| view! {
                <label>
                    <input type="radio" name=id.clone() value=*kind prop:checked=move || chosen.get() == *kind on:change=move |_| choose.run((*kind).to_owned()) />
                    {*words}
                </label>
            }).collect_view()}
        </div>
    }
}
