//! What a run request may bring: name, type, whether it is needed, what is taken without it.

use super::{
    assignments::free_name,
    parts::{AddButton, Input, Options, Select, Tool, focus_if_lost, focus_soon},
    place::{Place, text_of},
};
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
    let add = move |()| {
        let mut map = map_of(place);
        let name = free_name("name", &map);
        focus_soon(format!("{}-{name}", id.get_value()));
        map.insert(name, json!({}));
        place.set(Json::Object(map));
    };
    view! {
        <div class="rows">
            <For each=move || names.get() key=|name| name.clone() let(name)>
                <Param place=place id=id.get_value() name=name />
            </For>
            <AddButton id=id.get_value() words="Add a parameter" on_press=Callback::new(add) />
        </div>
    }
}

#[component]
fn Param(place: Place, id: String, name: String) -> impl IntoView {
    let row = place.key(&name);
    let shown = name.clone();
    let (name, ids) = (StoredValue::new(name), StoredValue::new(id.clone()));
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
    let kind = Signal::derive(move || {
        let kind = text("type");
        if kind.is_empty() { "text".to_owned() } else { kind }
    });
    let is_required = move || row.get().get("required").and_then(Json::as_bool).unwrap_or(false);
    let rename = move |typed: String| {
        let typed = typed.trim().to_owned();
        let mut map = map_of(place);
        if typed.is_empty() || map.contains_key(&typed) {
            return;
        }
        let value = map.remove(&name.get_value()).unwrap_or_default();
        focus_if_lost(format!("{}-{typed}-type", ids.get_value()));
        map.insert(typed, value);
        place.set(Json::Object(map));
    };
    let remove = move |()| {
        let mut map = map_of(place);
        map.remove(&name.get_value());
        focus_soon(format!("{}-add", ids.get_value()));
        place.set(if map.is_empty() { Json::Null } else { Json::Object(map) });
    };
    let set_default = move |typed: String| {
        let typed = typed.trim().to_owned();
        let value = match kind.get_untracked().as_str() {
            _ if typed.is_empty() => Json::Null,
            "number" => serde_json::from_str::<serde_json::Number>(&typed)
                .map_or_else(|_| json!(typed), Json::Number),
            "yes_no" => json!(matches!(typed.to_lowercase().as_str(), "yes" | "true" | "1")),
            _ => json!(typed),
        };
        put("default", value);
    };
    let set_text = move |key: &'static str, typed: &str| {
        let typed = typed.trim();
        put(key, if typed.is_empty() { Json::Null } else { Json::from(typed) });
    };
    let types: Options =
        TYPES.iter().map(|(value, words)| ((*value).to_owned(), (*words).to_owned())).collect();
    let id = format!("{id}-{shown}");
    view! {
        <div class="card-row" role="group" aria-label=format!("Parameter {shown}")>
            <div class="row">
                <Input id=id.clone() class="code grow" is_for_the_end=true label="Name of the parameter" value=shown.clone() on_change=Callback::new(rename) />
                <Select id=format!("{id}-type") class="narrow" label="Type" options=types value=kind
                    on_change=Callback::new(move |chosen: String| set_text("type", if chosen == "text" { "" } else { &chosen })) />
                <Tool icon="close" label=format!("Take {shown} away") on_press=Callback::new(remove) />
            </div>
            <div class="row">
                <Input id=format!("{id}-default") label="What is taken without it" placeholder="Without it: empty" value=Signal::derive(move || text("default")) on_change=Callback::new(set_default) />
                <label class="check"><input type="checkbox" prop:checked=is_required on:change=move |event| {
                    put("required", if event_target_checked(&event) { json!(true) } else { Json::Null });
                } />"Needed"</label>
            </div>
            <Input id=format!("{id}-description") label="What it is" placeholder="What it is, for whoever sends it" value=Signal::derive(move || text("description"))
                on_change=Callback::new(move |typed: String| set_text("description", &typed)) />
        </div>
    }
}

fn map_of(place: Place) -> Map<String, Json> {
    place.get_untracked().as_object().cloned().unwrap_or_default()
}
