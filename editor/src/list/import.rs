//! Brings in a workflow file from this computer.

use super::{capital, new::free_id};
use crate::{
    backend,
    dialog::Dialog,
    edit::transfer::{PickFile, read_document},
    icon::Icon,
    language::{t, tf},
    toast::Toasts,
};
use engine::{Document, Problem};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;

/// What there is to decide after a file was read.
#[derive(Clone, PartialEq)]
enum Question {
    /// The file is no workflow.
    Unreadable(Vec<Problem>),
    /// There is a workflow of its id.
    Taken(Box<Document>),
    /// The server did not take it.
    Refused(String),
}

/// The button, and the dialogs that may follow.
#[component]
pub fn ImportButton(
    /// Ids that are taken.
    known: Signal<Vec<String>>,
) -> impl IntoView {
    let question = RwSignal::new(None::<Question>);
    let toasts = Toasts::of_context();
    let navigate = use_navigate();
    let bring_in = Callback::new(move |(document, replaces): (Document, bool)| {
        let navigate = navigate.clone();
        question.set(None);
        spawn_local(async move {
            let saved = if replaces {
                match backend::workflow(&document.id).await {
                    Ok(present) => backend::save(&document, present.revision).await,
                    Err(error) => Err(error),
                }
            } else {
                backend::create(&document).await
            };
            match saved {
                Ok(saved) => {
                    toasts.say(tf("“{name}” is imported as a draft.", &[("name", &document.name)]));
                    navigate(&format!("/workflows/{}", saved.id), Default::default());
                }
                Err(error) => question.set(Some(Question::Refused(error.to_string()))),
            }
        });
    });
    let on_text = Callback::new(move |text: String| match read_document(&text) {
        Err(problems) => question.set(Some(Question::Unreadable(problems))),
        Ok(document) if known.get_untracked().contains(&document.id) => {
            question.set(Some(Question::Taken(Box::new(document))))
        }
        Ok(document) => bring_in.run((document, false)),
    });
    let close = Callback::new(move |()| question.set(None));
    view! {
        <PickFile on_text=on_text><Icon name="upload" />{t("Import file")}</PickFile>
        {move || question.get().map(|question| match question {
            Question::Unreadable(problems) => view! { <NotAWorkflow problems=problems on_close=close /> }.into_any(),
            Question::Refused(why) => view! {
                <Dialog title=t("Not imported") on_close=close><p>{capital(&why)}"."</p></Dialog>
            }.into_any(),
            Question::Taken(document) => {
                let (mine, copy) = (document.clone(), document.clone());
                view! {
                    <Dialog
                        title=tf("“{name}” is here already", &[("name", &document.name)])
                        lead=t("Shall the file become its draft, or a workflow of its own? What callers hear changes only when you publish.")
                        on_close=close
                        footer=move || {
                            let (mine, copy) = (mine.clone(), copy.clone());
                            view! {
                                <button type="button" class="btn" on:click=move |_| {
                                    let mut copy = (*copy).clone();
                                    copy.id = free_id(&copy.id, &known.get_untracked());
                                    bring_in.run((copy, false));
                                }>{t("Keep both")}</button>
                                <button type="button" class="btn primary" on:click=move |_| bring_in.run(((*mine).clone(), true))>{t("Replace its draft")}</button>
                            }
                        }
                    >
                        <p class="faint">{t("Id:")}" "<code>{document.id.clone()}</code></p>
                    </Dialog>
                }.into_any()
            }
        })}
    }
}

/// What is wrong with a file or text that should have been a workflow.
#[component]
pub fn NotAWorkflow(problems: Vec<Problem>, on_close: Callback<()>) -> impl IntoView {
    view! {
        <Dialog title=t("This file is not a workflow") lead=t("Nothing was changed.") on_close=on_close>
            <ul class="stack">
                {problems.into_iter().map(|problem| view! {
                    <li class="notice bad"><strong>{problem.message}</strong>{(!problem.pointer.is_empty()).then(|| view! { <code>{problem.pointer.clone()}</code> })}<span>{problem.remedy}</span></li>
                }).collect_view()}
            </ul>
        </Dialog>
    }
}
