//! All runs, newest first; filtered by workflow and status.

use crate::{
    app::Frame,
    backend,
    language::{t, tf},
    list::{LoadFailed, TableSkeleton},
    words,
};
use api::runs::Run;
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{
    components::A,
    hooks::{use_navigate, use_query_map},
};
use std::collections::BTreeMap;

/// The statuses there are to filter by; the first shows all.
// texts
const STATUSES: &[(&str, &str)] = &[
    ("", "All"),
    ("running", "Running"),
    ("waiting", "Waiting"),
    ("completed", "Completed"),
    ("failed", "Failed"),
    ("cancelled", "Cancelled"),
];

/// The screen. The filters stand in the address, so that a view can be sent to somebody.
#[component]
pub fn RunsPage() -> impl IntoView {
    let query = use_query_map();
    let workflow = Memo::new(move |_| query.read().get("workflow").unwrap_or_default());
    let status = Memo::new(move |_| query.read().get("status").unwrap_or_default());
    let workflows = LocalResource::new(backend::workflows);
    let names = Memo::new(move |_| match workflows.get() {
        Some(Ok(list)) => list
            .workflows
            .into_iter()
            .map(|workflow| (workflow.id, workflow.name))
            .collect::<BTreeMap<_, _>>(),
        _ => BTreeMap::new(),
    });
    let first = LocalResource::new(move || {
        let (workflow, status) = (workflow.get(), status.get());
        async move { backend::runs(&workflow, &status, None).await }
    });
    let navigate = use_navigate();
    let filter = Callback::new(move |(workflow, status): (String, String)| {
        let mut parts = Vec::new();
        for (name, value) in [("workflow", workflow), ("status", status)] {
            if !value.is_empty() {
                parts.push(format!("{name}={value}"));
            }
        }
        let query = if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) };
        navigate(&format!("/runs{query}"), Default::default());
    });
    view! {
        <Frame title=t("Runs")>
            <div class="page-head">
                <div class="grow">
                    <h1>{t("Runs")}</h1>
                    <p class="muted">{t("Every call, text and request, and what became of it.")}</p>
                </div>
                <button type="button" class="btn" on:click=move |_| first.refetch()>{t("Refresh")}</button>
            </div>
            <div class="filters" role="group" aria-label=t("Filters")>
                {STATUSES.iter().map(|(value, words)| view! {
                    <button type="button" class="chip" aria-pressed=move || (status.get() == *value).to_string()
                        on:click=move |_| filter.run((workflow.get_untracked(), (*value).to_owned()))>{t(words)}</button>
                }).collect_view()}
                <span class="grow"></span>
                <select class="select narrow" aria-label=t("Workflow") prop:value=move || workflow.get()
                    on:change=move |event| filter.run((event_target_value(&event), status.get_untracked()))>
                    <option value="" selected=move || workflow.read().is_empty()>{t("All workflows")}</option>
                    {move || names.get().into_iter().map(|(id, name)| {
                        let of = id.clone();
                        view! { <option value=id selected=move || workflow.get() == of>{name}</option> }
                    }).collect_view()}
                </select>
            </div>
            {move || match first.get() {
                None => view! { <TableSkeleton /> }.into_any(),
                Some(Err(error)) => view! { <LoadFailed why=error.to_string() retry=Callback::new(move |()| first.refetch()) /> }.into_any(),
                Some(Ok(list)) if list.runs.is_empty() => {
                    let is_filtered = !workflow.read().is_empty() || !status.read().is_empty();
                    view! { <NoRuns is_filtered=is_filtered /> }.into_any()
                }
                Some(Ok(list)) => view! { <Table first=list names=names workflow=workflow status=status /> }.into_any(),
            }}
        </Frame>
    }
}

#[component]
fn NoRuns(is_filtered: bool) -> impl IntoView {
    if is_filtered {
        return view! {
            <section class="empty">
                <h2>{t("No run is like that")}</h2>
                <p>{t("Another status or another workflow may have what you look for.")}</p>
                <A href="/runs" attr:class="btn">{t("Show all runs")}</A>
            </section>
        }
        .into_any();
    }
    view! {
        <section class="empty">
            <h1>{t("Nothing has run yet")}</h1>
            <p>{t("Every call, text and request leaves a run here: each step it took, what was said and typed, and why it ended.")}</p>
            <ol class="teach">
                <li><b>{t("Open a workflow")}</b><span>{t("Publish it, so that something answers.")}</span></li>
                <li><b>{t("Press “Try it”")}</b><span>{t("The phone on the screen calls it; nothing is charged.")}</span></li>
                <li><b>{t("Come back here")}</b><span>{t("The call stands here while it goes on.")}</span></li>
            </ol>
            <A href="/" attr:class="btn primary">{t("All workflows")}</A>
        </section>
    }
    .into_any()
}

#[component]
fn Table(
    first: api::runs::RunList,
    names: Memo<BTreeMap<String, String>>,
    workflow: Memo<String>,
    status: Memo<String>,
) -> impl IntoView {
    let runs = RwSignal::new(first.runs);
    let cursor = RwSignal::new(first.next_cursor);
    let is_busy = RwSignal::new(false);
    let more = move |_| {
        is_busy.set(true);
        spawn_local(async move {
            let (workflow, status, from) =
                (workflow.get_untracked(), status.get_untracked(), cursor.get_untracked());
            if let Ok(list) = backend::runs(&workflow, &status, from.as_deref()).await {
                runs.update(|runs| runs.extend(list.runs));
                cursor.set(list.next_cursor);
            }
            is_busy.set(false);
        });
    };
    view! {
        <div class="table-box">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{t("Began")}</th>
                        <th scope="col">{t("Workflow")}</th>
                        <th scope="col">{t("Started by")}</th>
                        <th scope="col">{t("Status")}</th>
                        <th scope="col">{t("Lasted")}</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || runs.get() key=|run| run.id.clone() let(run)>
                        <Row run=run names=names />
                    </For>
                </tbody>
            </table>
        </div>
        <Show when=move || cursor.read().is_some()>
            <button type="button" class="btn more-rows" disabled=move || is_busy.get() on:click=more>{t("Show more")}</button>
        </Show>
    }
}

#[component]
fn Row(run: Run, names: Memo<BTreeMap<String, String>>) -> impl IntoView {
    let (status, class) = words::status(&run.status);
    let id = run.workflow_id.clone();
    let (title, ago) = (words::moment(&run.started_at), words::ago(&run.started_at));
    let lasted = words::lasted(&run.started_at, run.ended_at.as_deref());
    let name = move || names.read().get(&id).cloned().unwrap_or_else(|| id.clone());
    view! {
        <tr>
            <th scope="row">
                <A href=format!("/runs/{}", run.id) attr:class="strong-link">
                    <time datetime=run.started_at title=title>{ago}</time>
                </A>
            </th>
            <td>{name}<span class="faint num">" "{tf("version {version}", &[("version", &run.version)])}</span></td>
            <td>{words::trigger(&run.trigger)}</td>
            <td><span class=format!("chip {class}")>{status}</span>{run.problem.map(|problem| view! { <p class="faint">{problem}</p> })}</td>
            <td class="num">{lasted}</td>
        </tr>
    }
}
