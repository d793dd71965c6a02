//! What this is, whether it is saved, how it differs from what callers hear, and what can be done with it.

use super::tour::Tour;
use super::{
    Editing, OpenDialog, SaveState, View,
    conflict::ConflictDialog,
    transfer::{PickFile, export, read_document},
};
use crate::{
    app::Mark,
    commands::{Id, Keymap},
    icon::Icon,
    language::{t, tf, tn},
    list::{capital, import::NotAWorkflow},
    shell::SettingsMenu,
    toast::Toasts,
    words,
};
use engine::Problem;
use leptos::{html, prelude::*};
use leptos_router::components::A;

/// The bar.
#[component]
pub fn TopBar() -> impl IntoView {
    let editing = Editing::of_context();
    let keymap = Keymap::of_context();
    editing.draft.watch_published();
    view! {
        <header class="top">
            <Mark />
            <nav class="crumb" aria-label=t("Place")><A href="/">{t("Workflows")}</A><span aria-hidden="true">"/"</span></nav>
            <Title />
            <DraftChip />
            <Saved />
            <span class="grow"></span>
            <div class="seg" role="tablist" aria-label=t("View")>
                <ViewTab view=View::Canvas words=t("Canvas") />
                <ViewTab view=View::Json words=t("JSON") />
            </div>
            <span class="grow"></span>
            <Files />
            <PaletteButton />
            <SettingsMenu />
            <button type="button" class="btn" on:click=move |_| editing.dialog.set(Some(OpenDialog::Run))><Icon name="bolt" />{t("Run…")}</button>
            <button type="button" class="btn" data-tour="try" title=move || keymap.hint(Id::TryIt) aria-pressed=move || editing.is_phone_open.get().to_string()
                on:click=move |_| editing.is_phone_open.update(|open| *open = !*open)><Icon name="phone" />{t("Try it")}</button>
            <button type="button" class="btn primary" data-tour="publish" on:click=move |_| editing.dialog.set(Some(OpenDialog::Publish))>{t("Publish…")}</button>
        </header>
        <Tour />
    }
}

#[component]
fn PaletteButton() -> impl IntoView {
    let editing = Editing::of_context();
    let keymap = Keymap::of_context();
    let title = move || keymap.titled(Id::Palette, t("Do anything"));
    view! {
        <button type="button" class="btn ghost square" aria-label=title title=title
            on:click=move |_| editing.dialog.set(Some(OpenDialog::Palette))><Icon name="search" /></button>
    }
}

#[component]
fn ViewTab(view: View, words: &'static str) -> impl IntoView {
    let editing = Editing::of_context();
    view! {
        <button type="button" role="tab" aria-selected=move || (editing.view.get() == view).to_string() on:click=move |_| editing.view.set(view)>{words}</button>
    }
}

/// The workflow's name; a field that looks like a heading.
#[component]
fn Title() -> impl IntoView {
    let editing = Editing::of_context();
    let name = Memo::new(move |_| editing.drawing.with_document(|document| document.name.clone()));
    let input = NodeRef::<html::Input>::new();
    let rename = move |event: web_sys::Event| {
        let typed = event_target_value(&event).trim().to_owned();
        if typed.is_empty() {
            if let Some(input) = input.get_untracked() {
                input.set_value(&name.get_untracked());
            }
        } else {
            editing.change(|document| document.name = typed);
        }
    };
    let leave = move |event: web_sys::KeyboardEvent| {
        let Some(input) = input.get_untracked() else { return };
        match event.key().as_str() {
            "Escape" => input.set_value(&name.get_untracked()),
            "Enter" => {}
            _ => return,
        }
        let _ = input.blur();
    };
    view! {
        <h1 class="title">
            <span class="title-measure" aria-hidden="true">{move || name.get()}</span>
            <input node_ref=input class="title-input" aria-label=t("Name of the workflow") maxlength="120" autocomplete="off" spellcheck="false"
                prop:value=move || name.get() on:change=rename on:keydown=leave />
        </h1>
    }
}

#[component]
fn DraftChip() -> impl IntoView {
    let draft = Editing::of_context().draft;
    let count = Memo::new(move |_| draft.changes().map(|changes| changes.len()));
    move || {
        match (draft.published_version(), count.get()) {
        (None, _) => view! {
            <span class="chip" title=t("No version runs yet. Publish to let callers hear it.")>{t("Draft, never published")}</span>
        }
        .into_any(),
        (Some(version), Some(0)) if !draft.differs_from_published() => {
            view! { <span class="chip good" title=t("Callers hear exactly this.")>{tf("Version {version}", &[("version", &version)])}</span> }.into_any()
        }
        (Some(version), count) => {
            let words = match count {
                Some(0) => tf("Draft, the same for callers as version {version}", &[("version", &version)]),
                Some(count) => tf("Draft, {changes} since version {version}", &[("changes", &tn(count, "{n} change", "{n} changes")), ("version", &version)]),
                None if draft.differs_from_published() => tf("Draft, changed since version {version}", &[("version", &version)]),
                None => tf("Version {version}", &[("version", &version)]),
            };
            let title = tf("Callers hear version {version} until you publish.", &[("version", &version)]);
            view! { <span class="chip" title=title>{words}</span> }.into_any()
        }
    }
    }
}

#[component]
fn Saved() -> impl IntoView {
    let draft = Editing::of_context().draft;
    let state_words = Memo::new(move |_| match draft.state() {
        SaveState::Saved => t("Saved"),
        SaveState::Saving => t("Saving…"),
        SaveState::Offline => t("Offline: kept in this browser"),
        SaveState::Conflict(_) => t("Two drafts: choose one"),
        SaveState::Refused(_) => t("Not saved"),
    });
    let icon = Signal::derive(move || {
        String::from(match draft.state() {
            SaveState::Saved => "check",
            SaveState::Saving => "clock",
            SaveState::Offline => "offline",
            SaveState::Conflict(_) | SaveState::Refused(_) => "warning",
        })
    });
    view! {
        <span class="saved" role="status" aria-live="polite" data-testid="saved"><Icon name=icon small=true />{move || state_words.get()}</span>
        {move || match draft.state() {
            SaveState::Conflict(theirs) => view! {
                <div class="banner notice warn" role="alert">
                    <strong>{tf("Somebody else saved another draft {ago}", &[("ago", &words::ago(&theirs.saved_at))])}</strong>
                    <span>{t("Yours is kept in this browser.")}</span>
                    <div class="row"><button type="button" class="btn small" on:click=move |_| draft.choose_now(true)>{t("Choose…")}</button></div>
                </div>
            }.into_any(),
            SaveState::Refused(why) => view! {
                <div class="banner notice bad" role="alert">
                    <strong>{t("The draft is not saved")}</strong>
                    <span>{tf("{why}. It is kept in this browser.", &[("why", &capital(&why))])}</span>
                    <div class="row"><button type="button" class="btn small" on:click=move |_| draft.save_now()>{t("Try again")}</button></div>
                </div>
            }.into_any(),
            _ => ().into_any(),
        }}
        <Show when=move || draft.is_choosing()><ConflictDialog /></Show>
    }
}

#[component]
fn Files() -> impl IntoView {
    let editing = Editing::of_context();
    let toasts = Toasts::of_context();
    let refused = RwSignal::new(None::<Vec<Problem>>);
    let on_text = Callback::new(move |text: String| match read_document(&text) {
        Ok(imported) => {
            // The address stays: this workflow takes over what the file says.
            let id = editing.draft.id();
            editing.change(|document| *document = engine::Document { id, ..imported });
            editing.drawing.fit();
            toasts.say(t("Imported. Undo brings back what was here."));
        }
        Err(problems) => refused.set(Some(problems)),
    });
    view! {
        <div class="row tight" role="group" aria-label=t("File")>
            <PickFile on_text=on_text class="btn ghost square"><Icon name="upload" /><span class="visually-hidden">{t("Import file")}</span></PickFile>
            <button type="button" class="btn ghost square" aria-label=t("Export file") title=t("Export file")
                on:click=move |_| export(&editing.drawing.document_untracked())><Icon name="download" /></button>
        </div>
        {move || refused.get().map(|problems| view! { <NotAWorkflow problems=problems on_close=Callback::new(move |()| refused.set(None)) /> })}
    }
}
