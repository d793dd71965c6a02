//! What an HTTP request carries, how it proves who asks, and what the answer must look like.

use super::{
    assignments::Assignments,
    chips::Chips,
    json_text::JsonField,
    parts::{Input, Segments, Select},
    place::{Place, text_of},
    secret::SecretField,
    template_text::TemplateText,
};
use leptos::prelude::*;
use serde_json::{Value as Json, json};

/// The body: none, JSON, a form, or text.
#[component]
pub fn HttpBodyField(place: Place, id: String) -> impl IntoView {
    let kind = kind_of(place, &["json", "form", "text"]);
    let choose = move |kind: String| {
        place.set(match kind.as_str() {
            "json" => json!({ "json": {} }),
            "form" => json!({ "form": {} }),
            "text" => json!({ "text": "" }),
            _ => Json::Null,
        });
    };
    let ids = StoredValue::new(id);
    view! {
        <Segments id=format!("{}-kind", ids.get_value()) options=&[("none", "None"), ("json", "JSON"), ("form", "Form"), ("text", "Text")]
            value=Signal::derive(move || kind.get().to_owned()) on_change=Callback::new(choose) />
        {move || match kind.get() {
            "json" => view! { <JsonField place=place.key("json") id=ids.get_value() aria_label="JSON of the body" placeholder="{ \"text\": \"{{ message }}\" }" /> }.into_any(),
            "form" => view! { <Assignments place=place.key("form") id=ids.get_value() add="Add a field" name_words="Field" new_name="field" /> }.into_any(),
            "text" => view! {
                <TemplateText place=place.key("text") id=ids.get_value() lines=3 aria_label="Text of the body"
                    on_text=Callback::new(move |text: String| place.set(json!({ "text": text }))) />
            }.into_any(),
            _ => ().into_any(),
        }}
    }
}

/// Credentials: none, a bearer token, user and password, or OAuth 2.0. Secrets are named, never written into a file.
#[component]
pub fn HttpAuthField(place: Place, id: String) -> impl IntoView {
    let kind = kind_of(place, &["bearer", "basic", "client_credentials"]);
    let choose = move |kind: String| {
        let secret = json!({ "$secret": "" });
        place.set(match kind.as_str() {
            "bearer" => json!({ "bearer": secret }),
            "basic" => json!({ "basic": { "user": "", "password": secret } }),
            "client_credentials" => {
                json!({ "client_credentials": { "token_url": "", "client_id": "", "client_secret": secret } })
            }
            _ => Json::Null,
        });
    };
    let ids = StoredValue::new(id);
    let options = [
        ("none", "None"),
        ("bearer", "Bearer token"),
        ("basic", "User and password"),
        ("client_credentials", "OAuth 2.0 client credentials"),
    ];
    let options = options.map(|(value, words)| (value.to_owned(), words.to_owned())).to_vec();
    view! {
        <Select id=format!("{}-kind", ids.get_value()) label="How it proves who asks" options=options value=Signal::derive(move || kind.get().to_owned()) on_change=Callback::new(choose) />
        {move || match kind.get() {
            "bearer" => view! { <SecretField place=place.key("bearer") id=ids.get_value() words="Token" /> }.into_any(),
            "basic" => {
                let basic = place.key("basic");
                view! {
                    <Kept place=basic key="user" id=ids.get_value() words="User" />
                    <SecretField place=basic.key("password") id=ids.get_value() words="Password" />
                }.into_any()
            }
            "client_credentials" => {
                let client = place.key("client_credentials");
                view! {
                    <Kept place=client key="token_url" id=ids.get_value() words="Address that gives out tokens" />
                    <Kept place=client key="client_id" id=ids.get_value() words="Client id" />
                    <SecretField place=client.key("client_secret") id=ids.get_value() words="Client secret" />
                    <Kept place=client key="scope" id=ids.get_value() words="Scope, if any" may_be_missing=true />
                }.into_any()
            }
            _ => ().into_any(),
        }}
    }
}

/// A text of an object that stays there when it is empty, unless it may be missing.
#[component]
fn Kept(
    place: Place,
    key: &'static str,
    id: String,
    words: &'static str,
    #[prop(optional)] may_be_missing: bool,
) -> impl IntoView {
    let on_text = Callback::new(move |text: String| {
        let mut map = place.get_untracked().as_object().cloned().unwrap_or_default();
        if text.is_empty() && may_be_missing {
            map.remove(key);
        } else {
            map.insert(key.to_owned(), Json::String(text));
        }
        place.set(Json::Object(map));
    });
    let id = format!("{id}-{key}");
    view! {
        <div class="field">
            <label class="sub" for=id.clone()>{words}</label>
            <TemplateText place=place.key(key) id=id on_text=on_text />
        </div>
    }
}

/// What the answer must be to count as a success.
#[component]
pub fn HttpExpectField(place: Place, id: String) -> impl IntoView {
    let (content_type, keys) = (place.key("content_type"), place.key("keys"));
    let named = Signal::derive(move || {
        keys.get().as_array().map(|keys| keys.iter().map(text_of).collect()).unwrap_or_default()
    });
    let set_keys =
        move |all: Vec<String>| keys.set(if all.is_empty() { Json::Null } else { json!(all) });
    view! {
        <div class="field">
            <label class="sub" for=format!("{id}-type")>"Content type"</label>
            <Input id=format!("{id}-type") placeholder="application/json" value=Signal::derive(move || content_type.text())
                on_change=Callback::new(move |typed: String| content_type.set_text(typed.trim())) />
        </div>
        <div class="field">
            <label class="sub" for=format!("{id}-keys")>"Keys in the answer"</label>
            <Chips id=format!("{id}-keys") label="Keys in the answer" is_code=true values=named on_change=Callback::new(set_keys) placeholder="status, message" />
        </div>
    }
}

/// Which of the keys an object has; `none` without any.
fn kind_of(place: Place, kinds: &'static [&'static str]) -> Memo<&'static str> {
    Memo::new(move |_| {
        let value = place.get();
        kinds.iter().copied().find(|kind| value.get(*kind).is_some()).unwrap_or("none")
    })
}
