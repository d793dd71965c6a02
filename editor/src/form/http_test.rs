//! Tries an HTTP request from its form: what it is filled in with, the answer as a tree, and its fields for later steps.

use super::{
    json_tree::{JsonTree, fields},
    parts::Input,
    place::Place,
    remembered::Remembered,
};
use crate::{backend, icon::Icon};
use api::try_out::{HttpTest, HttpTestAnswer};
use leptos::{prelude::*, task::spawn_local};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeSet;

/// Fields that are offered to later steps.
const FIELDS_MAX: usize = 60;
/// Of an answer that is no JSON.
const TEXT_CHARACTERS_MAX: usize = 4_000;

/// What came of it.
#[derive(Clone, PartialEq)]
enum Outcome {
    Nothing,
    Waiting,
    Answered(HttpTestAnswer),
    Failed(String),
}

/// The section below the form of a request.
#[component]
pub fn HttpTestPanel(root: Place) -> impl IntoView {
    let workflow = StoredValue::new(root.editing().draft.id());
    let samples = RwSignal::new(Remembered::of_workflow(&workflow.get_value()).samples);
    let paths = Memo::new(move |_| {
        let mut paths = BTreeSet::new();
        paths_in(&root.get(), &mut paths);
        paths.into_iter().collect::<Vec<_>>()
    });
    let outcome = RwSignal::new(Outcome::Nothing);
    let send = move |_| {
        outcome.set(Outcome::Waiting);
        let known = samples.get_untracked();
        let variables = variables(
            paths
                .get_untracked()
                .iter()
                .map(|path| (path.as_str(), known.get(path).map_or("", String::as_str))),
        );
        let config = root.get_untracked().as_object().cloned().unwrap_or_default();
        spawn_local(async move {
            let answered = backend::try_http(&HttpTest { config, variables }).await;
            outcome.try_set(match answered {
                Ok(answer) => {
                    remember(&workflow.get_value(), &root.node(), &answer, &known);
                    Outcome::Answered(answer)
                }
                Err(error) => Outcome::Failed(error.to_string()),
            });
        });
    };
    let is_waiting = Memo::new(move |_| *outcome.read() == Outcome::Waiting);
    let has_address = move || !root.key("url").text().is_empty();
    view! {
        <section class="try-out" aria-label="Try the request">
            <Show when=move || !paths.read().is_empty()>
                <p class="label">"Try it with"</p>
                <For each=move || paths.get() key=|path| path.clone() let(path)>
                    {
                        let (id, of) = (format!("sample-{path}"), path.clone());
                        let value = Signal::derive(move || samples.read().get(&of).cloned().unwrap_or_default());
                        let of = path.clone();
                        let set = Callback::new(move |typed: String| samples.update(|samples| {
                            samples.insert(of.clone(), typed);
                        }));
                        view! {
                            <div class="sample">
                                <label for=id.clone()><span class="var">{path}</span></label>
                                <Input id=id value=value on_change=set />
                            </div>
                        }
                    }
                </For>
            </Show>
            <div class="row">
                <button type="button" class="btn" disabled=move || is_waiting.get() || !has_address() on:click=send>
                    <Icon name="play" small=true />{move || if is_waiting.get() { "Waiting…" } else { "Try the request" }}
                </button>
                <span class="faint">"It is really made."</span>
            </div>
            <div role="status">
                {move || match outcome.get() {
                    Outcome::Nothing | Outcome::Waiting => ().into_any(),
                    Outcome::Failed(why) => view! { <p class="field-problem"><strong>"No answer came. "</strong>{crate::list::capital(&why)}"."</p> }.into_any(),
                    Outcome::Answered(answer) => view! { <Answer root=root answer=answer /> }.into_any(),
                }}
            </div>
        </section>
    }
}

#[component]
fn Answer(root: Place, answer: HttpTestAnswer) -> impl IntoView {
    let tone = if (200..300).contains(&answer.status) { "chip good num" } else { "chip warn num" };
    let json = serde_json::from_str::<Json>(&answer.body).ok();
    let keys: Option<Vec<String>> =
        json.as_ref().and_then(Json::as_object).map(|map| map.keys().cloned().collect());
    let content_type = answer.content_type.split(';').next().unwrap_or_default().trim().to_owned();
    let path = format!("{}.response", root.node());
    let expect = root.key("expect");
    let is_used = RwSignal::new(false);
    let take = keys.filter(|keys| !keys.is_empty()).map(|keys| {
        let content_type = content_type.clone();
        let take = move |_| {
            expect.set(json!({ "content_type": content_type.clone(), "keys": keys.clone() }));
            is_used.set(true);
        };
        view! {
            <div class="row wrap">
                <button type="button" class="btn small" on:click=take><Icon name="check" small=true />"Use this answer"</button>
                <span class="faint">{move || if is_used.get() { "Expected from now on, and offered to later steps." } else { "Expect these keys, and offer them to later steps." }}</span>
            </div>
        }
    });
    let body = match json {
        Some(json) => {
            view! { <JsonTree name="response".to_owned() value=json path=path /> }.into_any()
        }
        None if answer.body.is_empty() => {
            view! { <p class="faint">"The answer is empty."</p> }.into_any()
        }
        None => {
            let text: String = answer.body.chars().take(TEXT_CHARACTERS_MAX).collect();
            view! { <pre class="codeblock" tabindex="0" aria-label="The answer">{text}</pre> }
                .into_any()
        }
    };
    view! {
        <div class="answered">
            <p class="row wrap"><span class=tone>{answer.status}</span><span class="mono faint">{content_type}</span><span class="grow"></span><span class="faint num">{answer.duration_ms}" ms"</span></p>
            {body}
            {take}
        </div>
    }
}

/// Keeps what a request was filled in with and the fields of its answer for the next time.
fn remember(
    workflow: &str,
    node: &str,
    answer: &HttpTestAnswer,
    samples: &std::collections::BTreeMap<String, String>,
) {
    let mut remembered = Remembered::of_workflow(workflow);
    remembered.samples.extend(samples.clone());
    let mut found = Vec::new();
    if let Ok(json) = serde_json::from_str::<Json>(&answer.body) {
        fields(&json, ".response", FIELDS_MAX, &mut found);
    }
    remembered.answers.insert(node.to_owned(), found);
    remembered.keep(workflow);
}

/// Every path that a text of the configuration is filled in with.
fn paths_in(json: &Json, found: &mut BTreeSet<String>) {
    match json {
        Json::String(text) => {
            for inside in text.split("{{").skip(1).filter_map(|part| part.split("}}").next()) {
                let path = inside.split('|').next().unwrap_or_default().trim();
                let is_path = |character: char| {
                    character.is_ascii_alphanumeric() || matches!(character, '_' | '.')
                };
                if path.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
                    && path.chars().all(is_path)
                {
                    found.insert(path.to_owned());
                }
            }
        }
        Json::Array(items) => items.iter().for_each(|item| paths_in(item, found)),
        Json::Object(map) => map.values().for_each(|value| paths_in(value, found)),
        _ => {}
    }
}

/// Values by path as a run has them: by first word, the rest below it.
fn variables<'a>(values: impl Iterator<Item = (&'a str, &'a str)>) -> Map<String, Json> {
    let mut all = Map::new();
    for (path, value) in values {
        let mut words = path.split('.');
        let (Some(first), rest) = (words.next(), words.collect::<Vec<_>>()) else { continue };
        let mut at = all.entry(first).or_insert(Json::Null);
        for word in rest {
            if !at.is_object() {
                *at = json!({});
            }
            at = &mut at[word];
        }
        if at.is_null() {
            *at = Json::String(value.to_owned());
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_tried_with_values_where_its_texts_have_gaps() {
        let config = json!({ "url": "https://x/{{ Menu.digits }}", "body": { "json": { "a": ["{{ name | upcase }}", "{{ Menu.input }}"] } } });
        let mut paths = BTreeSet::new();
        paths_in(&config, &mut paths);
        assert_eq!(
            paths.iter().map(String::as_str).collect::<Vec<_>>(),
            ["Menu.digits", "Menu.input", "name"]
        );
        let values = [("Menu.digits", "1"), ("Menu.input", "2"), ("name", "Ada")];
        assert_eq!(
            Json::Object(variables(values.into_iter())),
            json!({ "Menu": { "digits": "1", "input": "2" }, "name": "Ada" })
        );
    }
}
