//! Another workflow of this server, and what it wants to be given.

use super::{
    parts::{Options, Select},
    place::Place,
};
use crate::{backend, icon::Icon};
use leptos::{prelude::*, task::spawn_local};
use serde_json::{Map, Value as Json};

/// What another workflow's `start` takes: name, and whether the run cannot do without.
type Params = Vec<(String, bool)>;

/// The widget.
#[component]
pub fn WorkflowField(place: Place, id: String) -> impl IntoView {
    let own = place.editing().draft.id();
    let listed = RwSignal::new(Options::new());
    spawn_local(async move {
        // Without the list the id that stands there stays readable, and the file can still be edited.
        if let Ok(list) = backend::workflows().await {
            let others = list.workflows.into_iter().filter(|workflow| workflow.id != own);
            listed.try_set(others.map(|workflow| (workflow.id, workflow.name)).collect());
        }
    });
    let options = Signal::derive(move || {
        let mut options = vec![(String::new(), "Choose a workflow".to_owned())];
        options.extend(listed.get());
        options
    });
    let chosen = Memo::new(move |_| place.text());
    let params = RwSignal::new(None::<Params>);
    Effect::new(move |_| {
        let id = chosen.get();
        params.set(None);
        if !id.is_empty() {
            spawn_local(async move {
                let taken =
                    backend::workflow(&id).await.ok().map(|workflow| params_of(&workflow.document));
                if chosen.try_get_untracked() == Some(id) {
                    params.try_set(taken);
                }
            });
        }
    });
    view! {
        <Select id=id options=options value=chosen on_change=Callback::new(move |id: String| place.set_text(&id)) />
        {move || params.get().map(|params| view! { <Takes place=place params=params /> })}
    }
}

/// What the chosen workflow takes, and a button that makes rows of it.
#[component]
fn Takes(place: Place, params: Params) -> impl IntoView {
    let inputs = place.sibling("inputs");
    let names: Vec<String> = params.iter().map(|(name, _)| name.clone()).collect();
    let missing = Memo::new(move |_| {
        let given = inputs.get();
        names.iter().filter(|name| given.get(name.as_str()).is_none()).cloned().collect::<Vec<_>>()
    });
    let add = move |_| {
        let mut map = inputs.get_untracked().as_object().cloned().unwrap_or_else(Map::new);
        for name in missing.get_untracked() {
            let template = format!("{{{{ {name} }}}}");
            map.insert(name, Json::String(template));
        }
        inputs.set(Json::Object(map));
    };
    let is_empty = params.is_empty();
    view! {
        <div class="takes">
            <p class="hint">
                {if is_empty { "It takes no parameters." } else { "It takes " }}
                {params.into_iter().map(|(name, is_required)| view! { <span class="var">{name}</span>{is_required.then_some(" (needed)")}" " }).collect_view()}
            </p>
            <div class="row wrap">
                <Show when=move || !missing.read().is_empty()>
                    <button type="button" class="link small" on:click=add><Icon name="plus" small=true />"Give it these"</button>
                </Show>
                <a class="link small" href=move || format!("/workflows/{}", place.text()) target="_blank" rel="noopener"><Icon name="external" small=true />"Open it"</a>
            </div>
        </div>
    }
}

fn params_of(document: &engine::Document) -> Params {
    let start = document.nodes.values().find(|node| node.kind == "start");
    let params = start.and_then(|start| start.config.get("params")?.as_object());
    let is_required = |param: &Json| param.get("required").and_then(Json::as_bool).unwrap_or(false);
    params.into_iter().flatten().map(|(name, param)| (name.clone(), is_required(param))).collect()
}
