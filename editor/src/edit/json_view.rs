//! The workflow as its file's text, to read and to change.

use super::{Editing, transfer};
use crate::{
    icon::Icon,
    language::{t, tf},
    problems::said,
    toast::Toasts,
};
use engine::Problem;
use leptos::{prelude::*, task::spawn_local};

/// The view.
#[component]
pub fn JsonView() -> impl IntoView {
    let editing = Editing::of_context();
    let toasts = Toasts::of_context();
    let canonical = Memo::new(move |_| editing.drawing.with_document(engine::workflow::canonical));
    let typed = RwSignal::new(None::<String>);
    let text = move || typed.get().unwrap_or_else(|| canonical.get());
    let is_changed = Memo::new(move |_| typed.get().is_some_and(|typed| typed != canonical.get()));
    let found = Memo::new(move |_| {
        let text = text();
        let problems = match engine::workflow::read(&text) {
            Ok(document) => engine::workflow::check(&document),
            Err(problems) => problems,
        };
        problems
            .into_iter()
            .map(|problem| {
                let place = engine::workflow::locate(&text, &problem.pointer)
                    .map(|position| (position.line, position.column));
                (problem, place)
            })
            .collect::<Vec<(Problem, Option<(usize, usize)>)>>()
    });
    let is_readable = Memo::new(move |_| engine::workflow::read(&text()).is_ok());
    let take_over = move |_| {
        if let Ok(document) = engine::workflow::read(&text()) {
            let id = editing.draft.id();
            editing.change(|present| *present = engine::Document { id, ..document });
            typed.set(None);
            toasts.say(t("The drawing now says what the text says. Undo brings the old one back."));
        }
    };
    let copy = move |_| {
        let text = text();
        spawn_local(async move {
            let is_copied = transfer::copy(&text).await;
            toasts.say(if is_copied {
                t("Copied.")
            } else {
                t("The browser does not allow copying here; select the text instead.")
            });
        });
    };
    view! {
        <main class="json" id="canvas" aria-label="JSON">
            <div class="json-bar">
                <p class="muted grow">{t("This is the exported file, byte for byte. What you change here is checked as you type.")}</p>
                <Show when=move || is_changed.get()>
                    <button type="button" class="btn" on:click=move |_| typed.set(None)>{t("Discard")}</button>
                    <button type="button" class="btn primary" disabled=move || !is_readable.get() on:click=take_over>{t("Apply to the drawing")}</button>
                </Show>
                <button type="button" class="btn" on:click=copy><Icon name="copy" />{t("Copy")}</button>
                <button type="button" class="btn" on:click=move |_| transfer::export(&editing.drawing.document_untracked())><Icon name="download" />{t("Export")}</button>
            </div>
            <div class="json-body">
                <textarea class="json-text" aria-label=t("The workflow as JSON") spellcheck="false" autocomplete="off"
                    prop:value=text on:input=move |event| typed.set(Some(event_target_value(&event)))></textarea>
                <aside class="json-problems" aria-label=t("Problems") aria-live="polite">
                    <h2>{move || if found.read().is_empty() { t("Nothing to check") } else { t("To check") }}</h2>
                    <ul class="problem-list">
                        {move || found.get().into_iter().map(|(problem, place)| {
                            let class = if problem.is_error() { "problem bad" } else { "problem warn" };
                            view! {
                                <li><div class=class>
                                    <Icon name=if problem.is_error() { "error" } else { "warning" } />
                                    <span>
                                        {place.map(|(line, column)| view! { <b class="num">{tf("Line {line}, column {column}", &[("line", &line), ("column", &column)])}": "</b> })}
                                        {said(&problem.message)}
                                        <small>{said(&problem.remedy)}</small>
                                    </span>
                                </div></li>
                            }
                        }).collect_view()}
                    </ul>
                </aside>
            </div>
        </main>
    }
}
