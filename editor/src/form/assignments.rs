//! Rows of name and text: variables to set, headers, query parameters, form fields.

use super::{
    parts::{AddButton, Input, Tool, focus_if_lost, focus_soon},
    place::{Place, text_of},
    template_text::TemplateText,
};
use leptos::prelude::*;
use serde_json::{Map, Value as Json};

/// The widget. Names are unique; a file keeps them sorted, so a row moves when its name is done.
#[component]
pub fn Assignments(
    place: Place,
    id: String,
    /// On the button that adds a row.
    add: &'static str,
    /// What a name is called.
    name_words: &'static str,
    /// What a new row is called at first.
    new_name: &'static str,
) -> impl IntoView {
    let id = StoredValue::new(id);
    let names = Memo::new(move |_| {
        place
            .get()
            .as_object()
            .map(|map| map.keys().cloned().collect::<Vec<_>>())
            .unwrap_or_default()
    });
    let add_row = move |()| {
        let mut map = map_of(place);
        let name = free_name(new_name, &map);
        focus_soon(format!("{}-{name}-name", id.get_value()));
        map.insert(name, Json::String(String::new()));
        place.set(Json::Object(map));
    };
    view! {
        <div class="rows">
            <For each=move || names.get() key=|name| name.clone() let(name)>
                <Row place=place id=id.get_value() name=name name_words=name_words />
            </For>
            <AddButton id=id.get_value() words=add on_press=Callback::new(add_row) />
        </div>
    }
}

#[component]
fn Row(place: Place, id: String, name: String, name_words: &'static str) -> impl IntoView {
    let shown = name.clone();
    let value_place = place.key(&name);
    let (name, ids) = (StoredValue::new(name), StoredValue::new(id.clone()));
    let rename = move |typed: String| {
        let typed = typed.trim().to_owned();
        let mut map = map_of(place);
        if typed.is_empty() || map.contains_key(&typed) {
            return;
        }
        let value = map.remove(&name.get_value()).unwrap_or_default();
        // The row is made anew under its new name; whoever is on the way to the value arrives there.
        focus_if_lost(format!("{}-{typed}", ids.get_value()));
        map.insert(typed, value);
        place.set(Json::Object(map));
    };
    let set = Callback::new(move |text: String| {
        let mut map = map_of(place);
        map.insert(name.get_value(), Json::String(text));
        place.set(Json::Object(map));
    });
    let remove = move |()| {
        let mut map = map_of(place);
        map.remove(&name.get_value());
        focus_soon(format!("{}-add", ids.get_value()));
        place.set(if map.is_empty() { Json::Null } else { Json::Object(map) });
    };
    view! {
        <div class="pair-row">
            <Input id=format!("{id}-{shown}-name") class="code" is_for_the_end=true label=name_words value=shown.clone() on_change=Callback::new(rename) />
            <TemplateText place=value_place id=format!("{id}-{shown}") aria_label=format!("Value of {shown}") on_text=set text=Signal::derive(move || text_of(&value_place.get())) />
            <Tool icon="close" label=format!("Take {shown} away") on_press=Callback::new(remove) />
        </div>
    }
}

fn map_of(place: Place) -> Map<String, Json> {
    place.get_untracked().as_object().cloned().unwrap_or_default()
}

/// The name itself, or with the first number that makes it free.
pub fn free_name(name: &str, taken: &Map<String, Json>) -> String {
    let numbered = (2..).map(|number| format!("{name}_{number}"));
    let mut names = std::iter::once(name.to_owned()).chain(numbered);
    names.find(|name| !taken.contains_key(name)).expect("there are more numbers than rows")
}
