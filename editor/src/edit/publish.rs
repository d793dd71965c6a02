//! Makes the draft what callers hear, after saying what that means.

use super::{Editing, changes::Change};
use crate::{
    backend::Error,
    dialog::Dialog,
    language::{t, tf, tn},
    list::capital,
    problems::ProblemItem,
    toast::Toasts,
};
use engine::Problem;
use leptos::{prelude::*, task::spawn_local};

/// The dialog.
#[component]
pub fn PublishDialog() -> impl IntoView {
    let editing = Editing::of_context();
    let toasts = Toasts::of_context();
    let is_busy = RwSignal::new(false);
    let why_not = RwSignal::new(None::<String>);
    let found = move |is_error: bool| {
        editing
            .problems
            .get()
            .into_iter()
            .filter(|problem| problem.is_error() == is_error)
            .collect::<Vec<Problem>>()
    };
    let errors = Memo::new(move |_| found(true));
    let warnings = Memo::new(move |_| found(false));
    let close = Callback::new(move |()| editing.dialog.set(None));
    let next_version = move || editing.draft.published_version().unwrap_or(0) + 1;
    let publish = move |_| {
        is_busy.set(true);
        why_not.set(None);
        spawn_local(async move {
            match editing.draft.publish().await {
                Ok(version) => {
                    toasts.say(tf(
                        "Version {version} is published. Callers hear it from now on.",
                        &[("version", &version)],
                    ));
                    close.run(());
                }
                Err(Error::Refused { detail, problems, .. }) => {
                    let problems = serde_json::from_value(problems).unwrap_or_default();
                    if problems != Vec::new() {
                        editing.problems.set(problems);
                    }
                    why_not.set(Some(detail));
                }
                Err(error) => why_not.set(Some(error.to_string())),
            }
            is_busy.set(false);
        });
    };
    let title = Signal::derive(move || {
        if errors.read().is_empty() {
            tf("Publish version {version}", &[("version", &next_version())])
        } else {
            t("Not ready to publish").to_owned()
        }
    });
    let lead = Signal::derive(move || {
        match (errors.read().len(), editing.draft.published_version()) {
            (0, None) => t("From then on, calls, texts and requests for this workflow go through what you have drawn.").to_owned(),
            (0, Some(version)) => tf("Callers hear version {version} until then. Runs that are under way end on the version they began with.", &[("version", &version)]),
            (count, _) => tn(count, "{n} problem would stop callers. Mend it first.", "{n} problems would stop callers. Mend it first."),
        }
    });
    view! {
        <Dialog
            title=title
            lead=lead
            on_close=close
            footer=move || view! {
                <button type="button" class="btn" on:click=move |_| close.run(())>{t("Cancel")}</button>
                <button type="button" class="btn primary" disabled=move || is_busy.get() || !errors.read().is_empty() on:click=publish>{t("Publish")}</button>
            }
        >
            {move || why_not.get().map(|why| view! { <p class="notice bad" role="alert">{capital(&why)}"."</p> })}
            <Changes on_follow=close />
            <ProblemList title=t("Stops you") problems=errors on_follow=close />
            <ProblemList title=t("Worth a look") problems=warnings on_follow=close />
            <Show when=move || errors.read().is_empty() && warnings.read().is_empty()>
                <p class="muted">{t("Nothing to check: every step is filled in and every way out leads somewhere or ends on purpose.")}</p>
            </Show>
        </Dialog>
    }
}

/// What will be different for callers.
#[component]
fn Changes(on_follow: Callback<()>) -> impl IntoView {
    let editing = Editing::of_context();
    let changes = Memo::new(move |_| editing.draft.changes().unwrap_or_default());
    let item = move |change: Change| {
        let words = change.words;
        match change.node {
            Some(node) => view! {
                <li><button type="button" class="link" on:click=move |_| {
                    on_follow.run(());
                    editing.drawing.reveal(&node);
                }>{words}</button></li>
            }
            .into_any(),
            None => view! { <li>{words}</li> }.into_any(),
        }
    };
    view! {
        <Show when=move || !changes.read().is_empty()>
            <section class="stack tight">
                <h3>{t("What changes for callers")}</h3>
                <ul class="change-list">{move || changes.get().into_iter().map(item).collect_view()}</ul>
            </section>
        </Show>
    }
}

#[component]
fn ProblemList(
    title: &'static str,
    problems: Memo<Vec<Problem>>,
    on_follow: Callback<()>,
) -> impl IntoView {
    view! {
        <Show when=move || !problems.read().is_empty()>
            <section class="stack tight">
                <h3>{title}</h3>
                <ul class="problem-list">
                    {move || problems.get().into_iter().map(|problem| view! { <ProblemItem problem=problem on_follow=on_follow /> }).collect_view()}
                </ul>
            </section>
        </Show>
    }
}
