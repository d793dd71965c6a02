//! One run: the path it takes over the canvas, as it happens, and everything that happened in plain words.

pub mod sentences;
mod timeline;

use crate::{
    app::Mark,
    backend,
    canvas::{Canvas, Path},
    drawing::Drawing,
    edit::transfer,
    follow::Followed,
    icon::Icon,
    language::{t, tf},
    list::capital,
    shell::SettingsMenu,
    toast::Toasts,
    words,
};
use api::runs::Run;
use engine::{Document, Problem};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{components::A, hooks::use_params_map};
use serde_json::Value as Json;
use timeline::Timeline;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tab {
    Timeline,
    Variables,
}

/// The screen.
#[component]
pub fn RunPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id").unwrap_or_default());
    move || {
        let id = id.get();
        view! { <RunView id=id /> }
    }
}

#[component]
fn RunView(id: String) -> impl IntoView {
    let followed = Followed::new();
    followed.begin(&id);
    document().set_title(&format!("{} · Phloem", t("Run")));
    let version = Memo::new(move |_| followed.run().map(|run| (run.workflow_id, run.version)));
    let drawn = LocalResource::new(move || {
        let version = version.get();
        async move {
            let (workflow, version) = version?;
            Some(backend::version(&workflow, version).await)
        }
    });
    let name = Memo::new(move |_| match drawn.get() {
        Some(Some(Ok(detail))) => detail.document.name,
        _ => version.get().map(|(workflow, _)| workflow).unwrap_or_default(),
    });
    let tab = RwSignal::new(Tab::Timeline);
    let wanted = RwSignal::new(None::<String>);
    view! {
        <div class="studio is-run">
            <RunBar followed=followed name=name />
            <main class="world" id="main" aria-label=t("Path of the run")>
                {move || match (drawn.get().flatten(), followed.error()) {
                    (_, Some(error)) => view! { <div class="world-note"><h1>{t("This run cannot be shown")}</h1><p class="muted">{capital(&error.to_string())}"."</p></div> }.into_any(),
                    (Some(Ok(detail)), _) => view! { <PathView document=detail.document followed=followed wanted=wanted /> }.into_any(),
                    (Some(Err(error)), _) => view! { <div class="world-note"><h1>{t("The drawing cannot be loaded")}</h1><p class="muted">{capital(&error.to_string())}"."</p></div> }.into_any(),
                    (None, None) => ().into_any(),
                }}
            </main>
            <aside class="right" aria-label=t("What happened")>
                <div class="tabs" role="tablist" aria-label=t("About this run")>
                    <TabButton tab=tab of=Tab::Timeline words=t("What happened") />
                    <TabButton tab=tab of=Tab::Variables words=t("Variables") />
                </div>
                <div class="panel-body">
                    {move || match tab.get() {
                        Tab::Timeline => {
                            let document = drawn.get().flatten().and_then(Result::ok).map(|detail| detail.document);
                            view! { <Timeline followed=followed document=document wanted=wanted /> }.into_any()
                        }
                        Tab::Variables => view! { <Variables followed=followed /> }.into_any(),
                    }}
                </div>
            </aside>
        </div>
    }
}

#[component]
fn RunBar(followed: Followed, name: Memo<String>) -> impl IntoView {
    let toasts = Toasts::of_context();
    let run = Memo::new(move |_| followed.run());
    let status = move || {
        run.get().map(|run| {
            let (words, class) = words::status(&run.status);
            view! { <span class=format!("chip {class}") role="status" aria-live="polite" data-testid="run-status">{words}</span> }
        })
    };
    let is_going_on = move || run.get().is_some_and(|run| words::is_going_on(&run.status));
    let cancel = move |_| {
        let Some(run) = run.get_untracked() else { return };
        spawn_local(async move {
            match backend::cancel(&run.id).await {
                Ok(()) => toasts.say(t("The run is asked to end. Its calls are hung up.")),
                Err(error) => toasts.say(tf("Not cancelled: {why}.", &[("why", &error)])),
            }
        });
    };
    let facts = move || {
        run.get().map(|run: Run| {
            tf(
                "{trigger}, {moment}, version {version}",
                &[
                    ("trigger", &words::trigger(&run.trigger)),
                    ("moment", &words::moment(&run.started_at)),
                    ("version", &run.version),
                ],
            )
        })
    };
    view! {
        <header class="top">
            <Mark />
            <nav class="crumb" aria-label=t("Place")><A href="/runs">{t("Runs")}</A><span aria-hidden="true">"/"</span></nav>
            <h1 class="title">{move || run.get().map(|run| view! { <A href=format!("/workflows/{}", run.workflow_id) attr:class="strong-link">{move || name.get()}</A> })}</h1>
            {status}
            <span class="saved num">{facts}</span>
            <span class="grow"></span>
            <Show when=move || followed.is_live() && is_going_on()><span class="saved"><i class="live-dot"></i>{t("Live")}</span></Show>
            <SettingsMenu />
            <Show when=is_going_on><button type="button" class="btn danger" on:click=cancel><Icon name="stop" />{t("Cancel the run")}</button></Show>
        </header>
    }
}

#[component]
fn TabButton(tab: RwSignal<Tab>, of: Tab, words: &'static str) -> impl IntoView {
    view! { <button type="button" role="tab" aria-selected=move || (tab.get() == of).to_string() on:click=move |_| tab.set(of)>{words}</button> }
}

#[component]
fn PathView(
    document: Document,
    followed: Followed,
    wanted: RwSignal<Option<String>>,
) -> impl IntoView {
    let drawing = Drawing::new(&document);
    let path = Memo::new(move |_| followed.path());
    let path: Signal<Path> = path.into();
    Effect::new(move |before: Option<Vec<String>>| {
        let current = path.with(|path| path.current.clone());
        // Only what moves is followed; the first view shows the whole.
        if before.is_some_and(|before| before != current)
            && let Some(name) = current.first()
        {
            drawing.bring_into_view(name);
        }
        current
    });
    Effect::new(move |_| {
        if let Some(name) = wanted.get() {
            drawing.reveal(&name);
        }
    });
    view! { <Canvas drawing=drawing problems=Signal::stored(Vec::<Problem>::new()) path=path read_only=true /> }
}

#[component]
fn Variables(followed: Followed) -> impl IntoView {
    let toasts = Toasts::of_context();
    let variables = Memo::new(move |_| followed.run().map(|run| run.variables).unwrap_or_default());
    let rows = move || {
        variables
            .get()
            .into_iter()
            .map(|(name, value)| view! { <Variable name=name value=value /> })
            .collect_view()
    };
    let copy = move |_| {
        let text = serde_json::to_string_pretty(&variables.get_untracked()).unwrap_or_default();
        spawn_local(async move {
            let is_copied = transfer::copy(&text).await;
            toasts.say(if is_copied {
                t("Copied.")
            } else {
                t("The browser does not allow copying here.")
            });
        });
    };
    view! {
        <div class="help">
            {move || followed.run().and_then(|run| run.problem).map(|problem| view! {
                <p class="notice bad"><strong>{t("Why it failed")}</strong><span>{problem}</span></p>
            })}
            <Show when=move || variables.read().is_empty()><p class="muted">{t("This run has set no variable so far.")}</p></Show>
            <dl class="variables">{rows}</dl>
            <Show when=move || !variables.read().is_empty()><div><button type="button" class="btn small" on:click=copy>{t("Copy as JSON")}</button></div></Show>
        </div>
    }
}

#[component]
fn Variable(name: String, value: Json) -> impl IntoView {
    let rows: Vec<(String, Json)> = match value {
        Json::Object(map) => {
            map.into_iter().map(|(key, value)| (format!("{name}.{key}"), value)).collect()
        }
        other => vec![(name, other)],
    };
    rows.into_iter()
        .map(|(name, value)| {
            let text = match value {
                Json::String(text) => text,
                other => serde_json::to_string_pretty(&other).unwrap_or_default(),
            };
            view! { <div><dt class="mono">{name}</dt><dd class="mono">{text}</dd></div> }
        })
        .collect_view()
}
