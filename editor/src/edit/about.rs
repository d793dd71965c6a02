//! The workflow's own settings: what it is for, what it is told about at its end, how to start it.

use super::Editing;
use super::tour::TourOffer;
use crate::{
    language::{t, tn},
    session::Session,
};
use leptos::prelude::*;

/// The panel while nothing is selected.
#[component]
pub fn About() -> impl IntoView {
    let editing = Editing::of_context();
    let session = Session::of_context();
    let description =
        Memo::new(move |_| editing.drawing.with_document(|document| document.description.clone()));
    let on_complete = Memo::new(move |_| {
        editing.drawing.with_document(|document| document.on_complete.clone().unwrap_or_default())
    });
    let size = move || {
        tn(editing.drawing.with_document(|document| document.nodes.len()), "{n} step", "{n} steps")
    };
    let address = move || {
        let base = session.get().map(|session| session.public_url).unwrap_or_default();
        format!("POST {base}/phlo/{}/run", editing.draft.id())
    };
    view! {
        <div class="panel-head"><div class="grow"><h2>{t("This workflow")}</h2><p class="faint num">{size}</p></div></div>
        <div class="panel-body">
            <div class="form">
                <div class="field">
                    <label for="about-description">{t("What it is for")}</label>
                    <textarea id="about-description" class="input" rows="3" maxlength="2000" placeholder=t("One or two sentences for whoever opens it next.")
                        prop:value=move || description.get()
                        on:change=move |event| {
                            let typed = event_target_value(&event).trim().to_owned();
                            editing.change(|document| document.description = typed);
                        }></textarea>
                </div>
                <div class="field">
                    <label for="about-complete">{t("Tell an address when a run ends")}</label>
                    <input id="about-complete" class="input" type="url" inputmode="url" placeholder=t("https://…") autocomplete="off"
                        prop:value=move || on_complete.get()
                        on:change=move |event| {
                            let typed = event_target_value(&event).trim().to_owned();
                            editing.change(|document| document.on_complete = (!typed.is_empty()).then_some(typed));
                        } />
                    <p class="hint">{t("It gets the run's end and result as JSON.")}</p>
                </div>
                <div class="field">
                    <span class="label">{t("Services start it with")}</span>
                    <pre class="codeblock wrap">{address}</pre>
                </div>
                <TourOffer />
                <div class="notice">
                    <strong>{t("How to draw")}</strong>
                    <span>{t("Drag a step onto the canvas, then drag from a way out to the step that comes next. Click a step to fill it in here.")}</span>
                </div>
            </div>
        </div>
    }
}
