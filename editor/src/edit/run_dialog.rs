//! Starts a run of the published version, as a service would, and shows how a service does it.

use super::{Editing, transfer};
use crate::{
    backend,
    dialog::Dialog,
    language::{t, tf},
    list::capital,
    phone::OUR_PHONE,
    session::Session,
    toast::Toasts,
    words,
};
use engine::Document;
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;
use serde_json::{Map, Value as Json, json};

/// A parameter that `start` declares.
#[derive(Clone)]
struct Param {
    name: String,
    kind: String,
    is_required: bool,
    description: String,
    default: String,
}

/// The dialog.
#[component]
pub fn RunDialog() -> impl IntoView {
    let editing = Editing::of_context();
    let session = Session::of_context();
    let toasts = Toasts::of_context();
    let navigate = use_navigate();
    let params = StoredValue::new(params_of(&editing.drawing.document_untracked()));
    let values = RwSignal::new(Map::new());
    let to = RwSignal::new(String::new());
    let why_not = RwSignal::new(None::<String>);
    let is_busy = RwSignal::new(false);
    let close = Callback::new(move |()| editing.dialog.set(None));
    let body = Memo::new(move |_| {
        let mut body = Map::new();
        let receivers: Vec<String> = to
            .get()
            .split(',')
            .map(|part| part.trim().to_owned())
            .filter(|part| !part.is_empty())
            .collect();
        match receivers.as_slice() {
            [] => {}
            [one] => drop(body.insert("to".to_owned(), json!(one))),
            several => drop(body.insert("to".to_owned(), json!(several))),
        }
        let values = values.get();
        if !values.is_empty() {
            body.insert("variables".to_owned(), Json::Object(values));
        }
        Json::Object(body)
    });
    let curl = Memo::new(move |_| {
        let base = session.get().map(|session| session.public_url).unwrap_or_default();
        let json =
            serde_json::to_string_pretty(&body.get()).unwrap_or_default().replace('\'', "'\\''");
        format!(
            "curl -X POST '{base}/phlo/{}/run' \\\n  -H \"Authorization: Bearer $PHLOEM_TOKEN\" \\\n  -H 'Content-Type: application/json' \\\n  -d '{json}'",
            editing.draft.id()
        )
    });
    let start = StoredValue::new_local(move || {
        let navigate = navigate.clone();
        let body = body.get_untracked();
        is_busy.set(true);
        why_not.set(None);
        spawn_local(async move {
            match backend::start_run(&editing.draft.id(), &body).await {
                Ok(accepted) => {
                    close.run(());
                    navigate(&format!("/runs/{}", accepted.phlo_run_id), Default::default());
                }
                Err(error) => {
                    why_not.set(Some(error.to_string()));
                    is_busy.set(false);
                }
            }
        });
    });
    let copy = move |_| {
        spawn_local(async move {
            let is_copied = transfer::copy(&curl.get_untracked()).await;
            toasts.say(if is_copied {
                t("Copied.")
            } else {
                t("The browser does not allow copying here; select the text instead.")
            });
        });
    };
    let lead = Signal::derive(move || {
        match (editing.draft.published_version(), editing.draft.differs_from_published()) {
            (None, _) => {
                t("Runs need a published version, and there is none yet. Publish first.").to_owned()
            }
            (Some(version), true) => tf(
                "This starts version {version}, which callers hear. Your draft says something else.",
                &[("version", &version)],
            ),
            (Some(version), false) => tf(
                "This starts version {version}, as a service's request would.",
                &[("version", &version)],
            ),
        }
    });
    let (before, after) = words::around(
        t("Steps read it as {variable}. Leave it empty if the workflow does not use it."),
        "{variable}",
    );
    view! {
        <Dialog
            title=t("Run")
            lead=lead
            on_close=close
            footer=move || view! {
                <button type="button" class="btn" on:click=move |_| close.run(())>{t("Cancel")}</button>
                <button type="button" class="btn primary" disabled=move || is_busy.get() || editing.draft.published_version().is_none()
                    on:click=move |_| start.with_value(|start| start())>{t("Start the run")}</button>
            }
        >
            <form class="stack" on:submit=move |event: web_sys::SubmitEvent| {
                event.prevent_default();
                start.with_value(|start| start());
            }>
                <div class="field">
                    <label for="run-to">{t("To")}<span>{t("numbers, with commas")}</span></label>
                    <input id="run-to" class="input" inputmode="tel" autocomplete="off" list="run-to-known" placeholder="+15550199001" prop:value=move || to.get()
                        on:input=move |event| to.set(event_target_value(&event)) />
                    <datalist id="run-to-known">
                        {untrack(|| session.is_sandbox()).then(|| view! { <option value=OUR_PHONE>{t("The phone on the screen")}</option> })}
                    </datalist>
                    <p class="hint">{before}<span class="var">"{{ to }}"</span>{after}</p>
                </div>
                {params.get_value().into_iter().map(|param| view! { <ParamField param=param values=values /> }).collect_view()}
                {move || why_not.get().map(|why| view! { <p class="notice bad" role="alert">{capital(&why)}</p> })}
            </form>
            <section class="stack tight">
                <div class="row"><h3 class="grow">{t("The same from a service")}</h3><button type="button" class="btn small" on:click=copy>{t("Copy")}</button></div>
                <pre class="codeblock" tabindex="0" aria-label=t("Command line")>{move || curl.get()}</pre>
            </section>
        </Dialog>
    }
}

#[component]
fn ParamField(param: Param, values: RwSignal<Map<String, Json>>) -> impl IntoView {
    let id = format!("run-param-{}", param.name);
    let (name, kind) = (param.name.clone(), param.kind.clone());
    let set = move |typed: String| {
        values.update(|values| {
            if typed.trim().is_empty() {
                values.remove(&name);
            } else {
                values.insert(name.clone(), typed_value(&kind, &typed));
            }
        });
    };
    let widget = if param.kind == "yes_no" {
        view! {
            <select id=id.clone() class="select" on:change=move |event| set(event_target_value(&event))>
                <option value="">{t("as set up")}</option><option value="true">{t("Yes")}</option><option value="false">{t("No")}</option>
            </select>
        }
        .into_any()
    } else {
        let inputmode = if param.kind == "number" { "decimal" } else { "text" };
        view! {
            <input id=id.clone() class="input" autocomplete="off" inputmode=inputmode placeholder=param.default required=param.is_required
                on:input=move |event| set(event_target_value(&event)) />
        }
        .into_any()
    };
    view! {
        <div class="field">
            <label for=id>{param.name}<span>{param.is_required.then(|| t("needed"))}</span></label>
            {widget}
            {(!param.description.is_empty()).then(|| view! { <p class="hint">{param.description.clone()}</p> })}
        </div>
    }
}

fn typed_value(kind: &str, typed: &str) -> Json {
    let typed = typed.trim();
    match kind {
        "number" => serde_json::from_str::<serde_json::Number>(typed)
            .map_or_else(|_| json!(typed), Json::Number),
        "yes_no" => json!(typed == "true"),
        "list" => typed.split(',').map(|part| json!(part.trim())).collect(),
        _ => json!(typed),
    }
}

fn params_of(document: &Document) -> Vec<Param> {
    let start = document.nodes.values().find(|node| node.kind == "start");
    let rows = start.and_then(|start| start.config.get("params")).and_then(Json::as_object);
    let text = |row: &Json, key: &str| match row.get(key) {
        Some(Json::String(text)) => text.clone(),
        Some(Json::Null) | None => String::new(),
        Some(other) => other.to_string(),
    };
    rows.into_iter()
        .flatten()
        .filter(|(name, _)| *name != "to")
        .map(|(name, row)| Param {
            name: name.clone(),
            kind: text(row, "type"),
            is_required: row.get("required").and_then(Json::as_bool).unwrap_or(false),
            description: text(row, "description"),
            default: text(row, "default"),
        })
        .collect()
}
