//! A new workflow: blank, or one of the examples to change.

use super::preview::Preview;
use crate::{
    backend,
    dialog::Dialog,
    icon::Icon,
    language::{t, tf, tn},
    list::capital,
    words,
};
use engine::Document;
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;

/// Asks for a name and what to begin with, makes the workflow and opens it.
#[component]
pub fn NewDialog(
    /// Ids that are taken.
    known: Signal<Vec<String>>,
    /// The example that is chosen at first.
    begin_with: Option<Document>,
    on_close: Callback<()>,
) -> impl IntoView {
    let examples = LocalResource::new(backend::examples);
    let name = RwSignal::new(String::new());
    let chosen = RwSignal::new(begin_with);
    let why_not = RwSignal::new(None::<String>);
    let is_busy = RwSignal::new(false);
    let navigate = use_navigate();
    let create = move || {
        let name = match (name.get_untracked().trim(), chosen.get_untracked()) {
            ("", Some(example)) => example.name,
            ("", None) => t("New workflow").to_owned(),
            (name, _) => name.to_owned(),
        };
        let id = free_id(&words::slug(&name), &known.get_untracked());
        let mut document = chosen.get_untracked().unwrap_or_else(|| Document::empty(&id, &name));
        document.id.clone_from(&id);
        document.name = name;
        is_busy.set(true);
        let navigate = navigate.clone();
        spawn_local(async move {
            match backend::create(&document).await {
                Ok(saved) => navigate(&format!("/workflows/{}", saved.id), Default::default()),
                Err(error) => {
                    why_not.set(Some(error.to_string()));
                    is_busy.set(false);
                }
            }
        });
    };
    let submit = {
        let create = create.clone();
        move |event: web_sys::SubmitEvent| {
            event.prevent_default();
            create();
        }
    };
    let create = StoredValue::new_local(create);
    view! {
        <Dialog
            title=t("New workflow")
            lead=t("Begin with an empty canvas, or with one that works and change it.")
            on_close=on_close
            wide=true
            footer=move || view! {
                <button type="button" class="btn" on:click=move |_| on_close.run(())>{t("Cancel")}</button>
                <button type="button" class="btn primary" disabled=move || is_busy.get() on:click=move |_| create.with_value(|create| create())>{t("Create")}</button>
            }
        >
            <form class="stack" on:submit=submit>
                <div class="field">
                    <label for="new-name">{t("Name")}</label>
                    <input
                        id="new-name"
                        class="input"
                        autofocus
                        maxlength="120"
                        autocomplete="off"
                        placeholder=move || chosen.get().map_or_else(|| t("Support line").to_owned(), |example| example.name)
                        prop:value=move || name.get()
                        on:input=move |event| name.set(event_target_value(&event))
                    />
                </div>
                <fieldset>
                    <legend>{t("Begin with")}</legend>
                    <div class="gallery">
                        <Choice chosen=chosen example=None />
                        {move || examples.get().map(|answer| match answer {
                            Ok(list) => list.examples.into_iter()
                                .map(|example| view! { <Choice chosen=chosen example=Some(example.document) /> })
                                .collect_view()
                                .into_any(),
                            Err(error) => view! { <p class="faint">{tf("The examples could not be loaded: {why}.", &[("why", &error)])}</p> }.into_any(),
                        })}
                    </div>
                </fieldset>
                {move || why_not.get().map(|why| view! { <p class="notice bad" role="alert">{capital(&why)}"."</p> })}
            </form>
        </Dialog>
    }
}

#[component]
fn Choice(chosen: RwSignal<Option<Document>>, example: Option<Document>) -> impl IntoView {
    let id = example.as_ref().map(|document| document.id.clone());
    let (name, words) = match &example {
        None => (t("Blank").to_owned(), t("A start, and nothing else yet.").to_owned()),
        Some(document) => (document.name.clone(), document.description.clone()),
    };
    let size = example.as_ref().map(|document| tn(document.nodes.len(), "{n} step", "{n} steps"));
    let picture = example.clone();
    let is_chosen =
        move || chosen.with(|chosen| chosen.as_ref().map(|document| document.id.clone()) == id);
    view! {
        <label class="gallery-card">
            <input type="radio" name="begin-with" prop:checked=is_chosen on:change=move |_| chosen.set(example.clone()) />
            {match &picture {
                Some(document) => view! { <Preview document=document.clone() /> }.into_any(),
                None => view! { <span class="preview blank" aria-hidden="true"><Icon name="plus" /></span> }.into_any(),
            }}
            <strong>{name}</strong>
            <span class="muted">{words}</span>
            <span class="faint num">{size}</span>
        </label>
    }
}

/// The id itself, or with the first number that makes it free.
pub fn free_id(id: &str, taken: &[String]) -> String {
    let is_free = |id: &String| !taken.contains(id);
    let numbered = (2..).map(|number| format!("{id}-{number}"));
    std::iter::once(id.to_owned())
        .chain(numbered)
        .find(is_free)
        .expect("there are more numbers than workflows")
}
