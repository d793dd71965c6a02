//! What is wrong with the draft, as it is drawn: counted on the canvas, listed on request, one click from where it is mended.

use crate::{
    drawing::Drawing,
    edit::Editing,
    icon::Icon,
    language::{t, tf, tn, translated},
    parts,
};
use engine::Problem;
use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use serde_json::Value as Json;

/// The check waits for the end of a keystroke's work, so that typing stays quick in large workflows.
const PAUSE_MS: u32 = 150;

/// Checks the drawing whenever it has changed.
pub fn watch_problems(drawing: Drawing, known: Json) -> RwSignal<Vec<Problem>> {
    let problems = RwSignal::new(Vec::new());
    let known = StoredValue::new(Some(known));
    let pause = StoredValue::new_local(None::<Timeout>);
    Effect::new(move |_| {
        let is_as_opened = drawing.revision() == 0;
        let Some(studio) = parts::studio() else { return };
        // The server has checked what it gave.
        if let Some(known) = known.try_update_value(Option::take).flatten() {
            problems.set((studio.problems_of)(known));
        }
        if is_as_opened {
            return;
        }
        let check = move || {
            let found = (studio.check)(&drawing.document_untracked());
            if problems.with_untracked(|before| *before != found) {
                problems.set(found);
            }
        };
        pause.set_value(Some(Timeout::new(PAUSE_MS, check)));
    });
    on_cleanup(move || pause.set_value(None));
    problems
}

/// The count at the canvas's edge, and the list above it.
#[component]
pub fn ProblemsDrawer() -> impl IntoView {
    let editing = Editing::of_context();
    let is_open = RwSignal::new(false);
    let counts = Memo::new(move |_| {
        let errors = editing.problems.read().iter().filter(|problem| problem.is_error()).count();
        (errors, editing.problems.read().len() - errors)
    });
    let words = move || match counts.get() {
        (0, 0) => t("Nothing to check").to_owned(),
        (0, warnings) => tf("{n} to check", &[("n", &warnings)]),
        (errors, 0) => tn(errors, "{n} problem", "{n} problems"),
        (errors, warnings) => tf(
            "{problems}, {n} to check",
            &[("problems", &tn(errors, "{n} problem", "{n} problems")), ("n", &warnings)],
        ),
    };
    let tone = move || match counts.get() {
        (0, 0) => "problems-toggle",
        (0, _) => "problems-toggle warn",
        _ => "problems-toggle bad",
    };
    let icon = Signal::derive(move || {
        String::from(match counts.get() {
            (0, 0) => "check",
            (0, _) => "warning",
            _ => "error",
        })
    });
    view! {
        <section class="problems" aria-label=t("Problems")>
            <Show when=move || is_open.get() && counts.get() != (0, 0)>
                <ul class="problem-list" id="problem-list">
                    {move || editing.problems.get().into_iter().map(|problem| view! { <ProblemItem problem=problem on_follow=Callback::new(|()| ()) /> }).collect_view()}
                </ul>
            </Show>
            <Show when=move || is_open.get() && counts.get() == (0, 0)>
                <div class="problem-list problems-none" id="problem-list">
                    <b>{t("Nothing would go wrong")}</b>
                    <p>{t("Phloem checks while you draw: fields that are empty, ways out that lead nowhere they should, steps that nothing leads to, loops without an end, names that do not exist. What it finds stands here, with the place and what helps.")}</p>
                </div>
            </Show>
            <button type="button" class=tone aria-expanded=move || is_open.get().to_string() aria-controls="problem-list"
                on:click=move |_| is_open.update(|open| *open = !*open)>
                <Icon name=icon small=true />
                <span role="status" aria-live="polite" data-testid="problem-count">{words}</span>
            </button>
        </section>
    }
}

/// One problem; a click shows where it is.
#[component]
pub fn ProblemItem(problem: Problem, on_follow: Callback<()>) -> impl IntoView {
    let editing = Editing::of_context();
    let place = problem.node.as_ref().map(|node| editing.drawing.title(node.as_str()));
    let (class, icon, severity) = if problem.is_error() {
        ("problem bad", "error", t("Stops you"))
    } else {
        ("problem warn", "warning", t("Worth a look"))
    };
    let (message, remedy) = (said(&problem.message), said(&problem.remedy));
    let mend = problem.clone();
    view! {
        <li class="problem-row">
            <button type="button" class=class on:click=move |_| {
                on_follow.run(());
                editing.show(&problem);
            }>
                <Icon name=icon />
                <span>
                    <span class="visually-hidden">{severity}": "</span>
                    {place.map(|place| view! { <b>{place}": "</b> })}
                    {message}
                    <small>{remedy}</small>
                </span>
                <Icon name="chevron-right" small=true />
            </button>
            <MendButton problem=mend />
        </li>
    }
}

/// What the check says, in the language that is spoken.
pub fn said(words: &str) -> String {
    translated(words).map_or_else(|| words.to_owned(), str::to_owned)
}

/// Mends a problem with one press, where that is possible.
#[component]
pub fn MendButton(problem: Problem) -> impl IntoView {
    let editing = Editing::of_context();
    problem.fix.map(|fix| {
        let words = said(&fix.label);
        view! { <button type="button" class="link mend" on:click=move |_| editing.drawing.mend(&fix)>{words}</button> }
    })
}
