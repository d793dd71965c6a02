//! What a run request may bring: name, type, whether it is needed, what is taken without it.

use super::{
    assignments::free_name,
    place::{Place, text_of},
};
use crate::icon::Icon;
use leptos::prelude::*;
use serde_json::{Map, Value as Json, json};

const TYPES: &[(&str, &str)] =
    &[("text", "Text"), ("number", "Number"), ("yes_no", "Yes or no"), ("list", "List")];

/// The widget.
#[component]
pub fn ParamsField(place: Place, id: String) -> impl IntoView {
    let id = StoredValue::new(id);
    let names = Memo::new(move |_| {
        place
            .get()
            .as_object()
            .map(|map| map.keys().cloned().collect::<Vec<_>>())
            .unwrap_or_default()
    });
    let add = move |_| {
        let mut map = map_of(place);
        let name = free_name("name", &map);
        map.insert(name, json!({}));
        place.set(Json::Object(map));
    };
    view! {
        <div class="rows">
            <For each=move || names.get() key=|name| name.clone() let(name)>
                <Param place=place id=format!("{}-{name}", id.get_value()) name=name />
            </For>
            <button type="button" class="link" on:click=add><Icon name="plus" small=true />"Add a parameter"</button>
        </div>
    }
}

#[component]
fn Param(place: Place, id: String, name: String) -> impl IntoView {
    let row = place.key(&name);
    let shown = name.clone();
    let name = StoredValue::new(name);
    let put = move |key: &str, value: Json| {
        let mut map = map_of(place);
        let mut row =
            map.get(&name.get_value()).and_then(Json::as_object).cloned().unwrap_or_default();
        if value.is_null() {
            row.remove(key);
        } else {
            row.insert(key.to_owned(), value);
        }
        map.insert(name.get_value(), Json::Object(row));
        place.set(Json::Object(map));
    };
    let text = move |key: &'static str| row.get().get(key).map(text_of).unwrap_or_default();
    let kind = move || {
        let kind = text("type");
        if kind.is_empty() { "text".to_owned() } else { kind }
    };
    let is_required = move || row.get().get("required").and_then(Json::as_bool).unwrap_or(false);
    let rename = move |event: web_sys::Event| {
        let typed = event_target_value(&event).trim().to_owned();
        let mut map = map_of(place);
        if typed.is_empty() || map.contains_key(&typed) {
            return;
        }
        let value = map.remove(&name.get_value()).unwrap_or_default();
        map.insert(typed, value);
        place.set(Json::Object(map));
    };
    let remove = move |_| {
        let mut map = map_of(place);
        map.remove(&name.get_value());
        place.set(if map.is_empty() { Json::Null } else { Json::Object(map) });
    };
    let set_default = move |event: web_sys::Event| {
        let typed = event_target_value(&event).trim().to_owned();
        let value = match kind().as_str() {
            _ if typed.is_empty() => Json::Null,
            "number" => serde_json::from_str::<serde_json::Number>(&typed)
                .map_or_else(|_| json!(typed), Json::Number),
            "yes_no" => json!(matches!(typed.to_lowercase().as_str(), "yes" | "true" | "1")),
            _ => json!(typed),
        };
        put("default", value);
    };
    let set_text = move |key: &'static str, event: &web_sys::Event| {
        let typed = event_target_value(event).trim().to_owned();
        put(key, if typed.is_empty() { Json::Null } else { Json::String(typed) });
    };
    view! {
        <div class="card-row" role="group" aria-label=format!("Parameter {shown}")>
            <div class="row">
                <input id=id class="input code grow" aria-label="Name of the parameter" autocomplete="off" spellcheck="false" prop:value=shown.clone() on:change=rename />
                <select class="select narrow" aria-label="Type" prop:value=kind on:change=move |event| {
                    let chosen = event_target_value(&event);
                    put("type", if chosen == "text" { Json::Null } else { Json::String(chosen) });
                }>
                    {TYPES.iter().map(|(value, label)| view! { <option value=*value selected=move || kind() == *value>{*label}</option> }).collect_view()}
                </select>
                <button type="button" class="btn ghost small square" aria-label=format!("Take {shown} away") on:click=remove><Icon name="close" small=true /></button>
            </div>
            <div class="row">
                <input class="input" aria-label="What is taken without it" placeholder="Without it: empty" prop:value=move || text("default") on:change=set_default />
                <label class="check"><input type="checkbox" prop:checked=is_required on:change=move |event| {
                    put("required", if event_target_checked(&event) { json!(true) } else { Json::Null });
                } />"Needed"</label>
            </div>
            <input class="input" aria-label="What it is" placeholder="What it is, for whoever sends it" prop:value=move || text("description")
                on:change=move |event| set_text("description", &event) />
        </div>
    }
}

fn map_of(place: Place) -> Map<String, Json> {
    place.get_untracked().as_object().cloned().unwrap_or_default()
}
