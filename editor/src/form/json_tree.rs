//! An answer as a tree that folds; each field copies how texts say it.

use crate::{edit::transfer, toast::Toasts};
use engine::NodeName;
use leptos::{prelude::*, task::spawn_local};
use serde_json::Value as Json;
use wasm_bindgen::JsCast;

/// Rows of one list or object that are drawn; nobody reads further.
const ROWS_MAX: usize = 100;
/// Levels that are open at first.
const OPEN_DEPTH: usize = 2;
/// A value on one line.
const VALUE_CHARACTERS_MAX: usize = 120;

/// One value and what is below it.
#[component]
pub fn JsonTree(
    name: String,
    value: Json,
    /// How texts say it: `Ask.response.items[0]`.
    path: String,
    #[prop(optional)] depth: usize,
) -> AnyView {
    let rows: Vec<(String, String, Json)> = match value {
        Json::Object(map) => {
            map.into_iter().map(|(key, value)| (step(&path, &key), key, value)).collect()
        }
        Json::Array(items) => items
            .into_iter()
            .enumerate()
            .map(|(index, value)| (format!("{path}[{index}]"), index.to_string(), value))
            .collect(),
        leaf => return view! { <Leaf name=name value=leaf path=path /> }.into_any(),
    };
    let count = rows.len();
    let rows = StoredValue::new(rows);
    let is_open = RwSignal::new(depth < OPEN_DEPTH && count > 0);
    let toggle = move |event: web_sys::Event| {
        let details = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        is_open.set(details.is_some_and(|details| details.has_attribute("open")));
    };
    view! {
        <details class="tree" open=is_open.get_untracked() on:toggle=toggle>
            <summary><span class="tree-key">{name}</span><span class="faint">{if count == 0 { "empty".to_owned() } else { crate::words::count(count, "entry", "entries") }}</span></summary>
            {move || is_open.get().then(|| view! {
                <ul>
                    {rows.get_value().into_iter().take(ROWS_MAX).map(|(path, name, value)| view! { <li><JsonTree name=name value=value path=path depth=depth + 1 /></li> }).collect_view()}
                    {(count > ROWS_MAX).then(|| view! { <li class="faint">{format!("and {} more", count - ROWS_MAX)}</li> })}
                </ul>
            })}
        </details>
    }
    .into_any()
}

#[component]
fn Leaf(name: String, value: Json, path: String) -> impl IntoView {
    let toasts = Toasts::of_context();
    let kind = match value {
        Json::String(_) => "tree-value is-text",
        _ => "tree-value",
    };
    let shown = shown(&value);
    let label = format!("Copy {{{{ {path} }}}}, which is {shown}");
    let copy = move |_| {
        let template = format!("{{{{ {path} }}}}");
        spawn_local(async move {
            let is_copied = transfer::copy(&template).await;
            toasts.say(if is_copied {
                format!("Copied {template}")
            } else {
                format!("Write {template}; the browser does not allow copying here.")
            });
        });
    };
    view! {
        <button type="button" class="tree-leaf" aria-label=label.clone() title=label on:click=copy>
            <span class="tree-key">{name}</span><span class=kind>{shown}</span>
        </button>
    }
}

/// A value on one line.
pub fn shown(value: &Json) -> String {
    let text = super::place::text_of(value);
    if value.is_null() {
        return "nothing".to_owned();
    }
    let mut short: String = text.chars().take(VALUE_CHARACTERS_MAX).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// The path of a key below another.
pub fn step(path: &str, key: &str) -> String {
    let is_name = NodeName::is_identifier(key);
    if is_name { format!("{path}.{key}") } else { format!("{path}[\"{key}\"]") }
}

/// Every field of a value that texts can say by its names alone, and what it holds; at most `most`.
pub fn fields(value: &Json, path: &str, most: usize, found: &mut Vec<(String, String)>) {
    let Some(map) = value.as_object() else { return };
    for (key, value) in map {
        let path = step(path, key);
        if found.len() < most && !path.contains('[') {
            found.push((path.clone(), shown(value)));
            fields(value, &path, most, found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn fields_are_said_as_texts_say_them() {
        let answer =
            json!({ "status": "green", "site": { "name": "Ulm", "geo-id": 4 }, "items": [1] });
        let mut found = Vec::new();
        fields(&answer, ".response", 10, &mut found);
        let paths: Vec<&str> = found.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(
            paths,
            [".response.items", ".response.site", ".response.site.name", ".response.status"]
        );
        assert_eq!(step("Ask.response", "geo-id"), "Ask.response[\"geo-id\"]");
    }
}
