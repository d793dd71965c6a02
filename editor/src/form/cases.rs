//! The ways out of a switch: a name, and what the value must be.

use super::{
    PlaceProblems,
    code::ExpressionField,
    parts::{AddButton, Input, Options, Select, focus_soon},
    place::{Place, text_of},
    rows::{RowTools, Rows, SortableRows},
    states,
    template_text::TemplateText,
};
use leptos::prelude::*;
use serde_json::{Map, Value as Json, json};

/// How a row compares, as its key in the file, and in words.
const COMPARISONS: &[(&str, &str)] = &[
    ("equals", "is"),
    ("in", "is one of"),
    ("starts_with", "starts with"),
    ("contains", "contains"),
    ("less_than", "is less than"),
    ("at_least", "is at least"),
    ("matches", "matches the pattern"),
    ("when", "if the formula holds"),
];

const NAME: states::NameKey = Some("name");

/// The widget.
#[component]
pub fn Cases(place: Place, id: String) -> impl IntoView {
    let rows = Rows::of(place, &id);
    let id = StoredValue::new(id);
    let add = move |()| {
        let taken = states::names(&place.get_untracked(), NAME);
        place.push(json!({ "name": states::free_name("Way", &taken), "equals": "" }));
        focus_soon(format!("{}-{}", id.get_value(), taken.len()));
    };
    view! {
        <div class="rows">
            <SortableRows rows=rows row=Callback::new(move |index| view! { <Case cases=place rows=rows index=index id=id.get_value() /> }.into_any()) />
            <AddButton id=id.get_value() words="Add a way out" on_press=Callback::new(add) />
        </div>
    }
}

#[component]
fn Case(cases: Place, rows: Rows, index: usize, id: String) -> impl IntoView {
    let row = cases.row(index);
    let name = Signal::derive(move || states::name_of(&row.get(), NAME));
    let comparison = Memo::new(move |_| {
        let row = row.get();
        COMPARISONS
            .iter()
            .map(|(key, _)| *key)
            .find(|key| row.get(*key).is_some())
            .unwrap_or("equals")
    });
    let choose = move |chosen: String| {
        let before = row.get_untracked();
        let words = before.get(comparison.get_untracked()).map(as_words).unwrap_or_default();
        let mut after = Map::new();
        if let Some(name) = before.get("name") {
            after.insert("name".to_owned(), name.clone());
        }
        after.insert(
            chosen.clone(),
            if chosen == "in" { as_list(&words) } else { Json::String(words) },
        );
        row.set(Json::Object(after));
    };
    let remove = Callback::new(move |()| states::remove(cases, index, NAME));
    let words_of = move |key: &'static str| {
        Signal::derive(move || row.get().get(key).map(as_words).unwrap_or_default())
    };
    let comparisons: Options =
        COMPARISONS.iter().map(|(key, words)| ((*key).to_owned(), (*words).to_owned())).collect();
    let id = format!("{id}-{index}");
    let value_id = StoredValue::new(format!("{id}-value"));
    view! {
        <div class="card-row" class:has-problem=move || row.has_problem() role="group" aria-label=move || format!("Way out {}", name.get())>
            <div class="row">
                <Input id=id.clone() class="grow" label="Name of the way out" value=name
                    on_change=Callback::new(move |typed: String| states::rename(cases, index, NAME, &typed)) />
                <RowTools rows=rows index=index what=name on_remove=remove />
            </div>
            <div class="row compare">
                <Select id=format!("{id}-comparison") label="How it is compared" options=comparisons value=Signal::derive(move || comparison.get().to_owned()) on_change=Callback::new(choose) />
                {move || {
                    let id = value_id.get_value();
                    match comparison.get() {
                        "when" => view! { <ExpressionField place=row.key("when") id=id aria_label="Formula" /> }.into_any(),
                        "matches" => view! {
                            <Input id=id class="code" label="Pattern" placeholder="^[0-9]{4}$" value=words_of("matches")
                                on_change=Callback::new(move |typed: String| set_value(row, "matches", Json::String(typed))) />
                        }.into_any(),
                        "in" => view! {
                            <Input id=id label="Values, with commas" placeholder="1, 2, 3" value=words_of("in")
                                on_change=Callback::new(move |typed: String| set_value(row, "in", as_list(&typed))) />
                        }.into_any(),
                        key => {
                            let value = row.key(key);
                            view! {
                                <TemplateText place=value id=id aria_label="Value" text=Signal::derive(move || value.text())
                                    on_text=Callback::new(move |text: String| set_value(row, key, Json::String(text))) />
                            }.into_any()
                        }
                    }
                }}
            </div>
            <PlaceProblems place=row />
        </div>
    }
}

fn set_value(row: Place, key: &str, value: Json) {
    let mut map = row.get_untracked().as_object().cloned().unwrap_or_default();
    map.insert(key.to_owned(), value);
    row.set(Json::Object(map));
}

fn as_words(value: &Json) -> String {
    match value {
        Json::Array(items) => items.iter().map(text_of).collect::<Vec<_>>().join(", "),
        other => text_of(other),
    }
}

fn as_list(words: &str) -> Json {
    words.split(',').map(str::trim).filter(|part| !part.is_empty()).map(Json::from).collect()
}
