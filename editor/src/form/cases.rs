//! The ways out of a switch: a name, and what the value must be.

use super::{
    PlaceProblems,
    expression::ExpressionField,
    place::{Place, text_of},
    template_text::TemplateText,
};
use crate::icon::Icon;
use engine::{NodeName, StateName};
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

/// The widget.
#[component]
pub fn Cases(place: Place, id: String) -> impl IntoView {
    let id = StoredValue::new(id);
    let add = move |_| {
        let taken: Vec<String> = place
            .get_untracked()
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|row| row.get("name").map(text_of))
            .collect();
        let number = (1..)
            .find(|number| !taken.contains(&format!("Way {number}")))
            .expect("there are more numbers than rows");
        place.push(json!({ "name": format!("Way {number}"), "equals": "" }));
    };
    view! {
        <div class="rows">
            <For each=move || 0..place.len() key=|index| *index let(index)>
                <Case cases=place index=index id=format!("{}-{index}", id.get_value()) />
            </For>
            <button type="button" class="link" on:click=add><Icon name="plus" small=true />"Add a way out"</button>
        </div>
    }
}

#[component]
fn Case(cases: Place, index: usize, id: String) -> impl IntoView {
    let row = cases.row(index);
    let name = move || row.get().get("name").map(text_of).unwrap_or_default();
    let comparison = Memo::new(move |_| {
        let row = row.get();
        COMPARISONS
            .iter()
            .map(|(key, _)| *key)
            .find(|key| row.get(*key).is_some())
            .unwrap_or("equals")
    });
    let choose = move |event: web_sys::Event| {
        let chosen = event_target_value(&event);
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
    let ids = StoredValue::new(id);
    view! {
        <div class="card-row" class:has-problem=move || row.has_problem() role="group" aria-label=move || format!("Way out {}", name())>
            <div class="row">
                <input class="input grow" aria-label="Name of the way out" autocomplete="off" prop:value=name
                    on:change=move |event| rename_state(cases, index, "name", &event_target_value(&event)) />
                <button type="button" class="btn ghost small square" aria-label=move || format!("Try {} earlier", name()) title="Try earlier" disabled=index == 0
                    on:click=move |_| cases.move_up(index)><Icon name="chevron-up" small=true /></button>
                <button type="button" class="btn ghost small square" aria-label=move || format!("Take {} away", name())
                    on:click=move |_| remove_state(cases, index, "name")><Icon name="close" small=true /></button>
            </div>
            <div class="row compare">
                <select class="select" aria-label="How it is compared" prop:value=move || comparison.get() on:change=choose>
                    {COMPARISONS.iter().map(|(key, words)| view! { <option value=*key selected=move || comparison.get() == *key>{*words}</option> }).collect_view()}
                </select>
                {move || {
                    let id = format!("{}-value", ids.get_value());
                    match comparison.get() {
                        "when" => view! { <ExpressionField place=row.key("when") id=id aria_label="Formula" /> }.into_any(),
                        "matches" => view! {
                            <input class="input code" id=id aria-label="Pattern" placeholder="^[0-9]{4}$" spellcheck="false" prop:value=move || row.key("matches").text()
                                on:change=move |event| set_value(row, "matches", Json::String(event_target_value(&event))) />
                        }.into_any(),
                        "in" => view! {
                            <input class="input" id=id aria-label="Values, with commas" placeholder="1, 2, 3" prop:value=move || row.get().get("in").map(as_words).unwrap_or_default()
                                on:change=move |event| set_value(row, "in", as_list(&event_target_value(&event))) />
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

/// Gives a row, and with it a way out, another name; where it led, it still leads.
pub fn rename_state(rows: Place, index: usize, key: &'static str, typed: &str) {
    let typed = typed.trim().to_owned();
    let mut after = rows.get_untracked();
    let Some(row) = after.get_mut(index).and_then(Json::as_object_mut) else { return };
    let before = row.get(key).map(text_of).unwrap_or_default();
    if typed.is_empty() || typed == before {
        return;
    }
    row.insert(key.to_owned(), Json::String(typed.clone()));
    change_rows(rows, after, move |next| {
        let (from, to) = (StateName::from(before), StateName::from(typed));
        if !next.contains_key(&to)
            && let Some(target) = next.remove(&from)
        {
            next.insert(to, target);
        }
    });
}

/// Takes a row away, and with it a way out and where it led.
pub fn remove_state(rows: Place, index: usize, key: &'static str) {
    let mut after = rows.get_untracked();
    let Some(list) = after.as_array_mut().filter(|list| index < list.len()) else { return };
    let gone = list.remove(index).get(key).map(text_of).unwrap_or_default();
    let still_there = list.iter().any(|row| row.get(key).map(text_of).as_deref() == Some(&gone));
    change_rows(rows, after, move |next| {
        if !still_there {
            next.remove(&StateName::from(gone));
        }
    });
}

/// Changes the rows and the edges of a node as one undoable step.
fn change_rows(
    rows: Place,
    after: Json,
    edges: impl FnOnce(&mut std::collections::BTreeMap<StateName, NodeName>),
) {
    let (name, key) = (rows.node(), rows.top_key());
    rows.editing().change(move |document| {
        if let Some(node) = document.nodes.get_mut(name.as_str()) {
            if after.as_array().is_some_and(Vec::is_empty) {
                node.config.remove(&key);
            } else {
                node.config.insert(key, after);
            }
            edges(&mut node.next);
        }
    });
}
