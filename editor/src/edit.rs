//! The editing screen: palette, canvas, settings, and everything that is known of the draft.

mod about;
mod actions;
mod changes;
mod command_palette;
mod conflict;
mod draft;
mod find;
mod json_view;
mod last_run;
mod last_run_tab;
mod node_json;
mod panel;
mod publish;
mod run_dialog;
mod top_bar;
pub mod tour;
pub mod transfer;
mod ways_out;

pub use command_palette::CommandPalette;
pub use draft::{Draft, Journal, SaveState};
pub use find::{FindPanel, Finding};
pub use json_view::JsonView;
pub use last_run::LastRun;
pub use panel::Panel;
pub use publish::PublishDialog;
pub use run_dialog::RunDialog;
pub use top_bar::TopBar;

use crate::{
    app::Frame,
    backend,
    canvas::{Canvas, CommandHook, Path},
    drawing::Drawing,
    language::{t, tf},
    list::LoadFailed,
    palette::Palette,
    parts,
    problems::watch_problems,
};
use actions::Actions;
use engine::{Document, NodeName, Problem};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

/// How the workflow is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// As a drawing.
    Canvas,
    /// As its file's text.
    Json,
}

/// Which dialog is open over the editor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenDialog {
    /// Publish the draft.
    Publish,
    /// Start a run.
    Run,
    /// Everything that can be done.
    Palette,
}

/// What all parts of the editing screen share.
#[derive(Clone, Copy)]
pub struct Editing {
    /// The workflow as it is drawn, with undo.
    pub drawing: Drawing,
    /// Its saving and publishing.
    pub draft: Draft,
    /// What is wrong with it.
    pub problems: RwSignal<Vec<Problem>>,
    /// The field that wants the focus: node and path.
    pub wanted_field: RwSignal<Option<(String, String)>>,
    /// Canvas or text.
    pub view: RwSignal<View>,
    /// What is searched for.
    pub finding: Finding,
    /// Through which the canvas gets commands.
    pub canvas: CommandHook,
    /// The open dialog.
    pub dialog: RwSignal<Option<OpenDialog>>,
    /// Whether the phone is shown.
    pub is_phone_open: RwSignal<bool>,
    /// What the run on the phone did, to light up.
    pub path: RwSignal<Path>,
}

impl Editing {
    /// The screen's state.
    pub fn of_context() -> Editing {
        expect_context()
    }

    /// Changes the document as one undoable step and keeps the selection.
    pub fn change(self, change: impl FnOnce(&mut Document)) {
        let before = self.drawing.document_untracked();
        let mut document = before.clone();
        change(&mut document);
        if document != before {
            let selection = untrack(|| self.drawing.selection());
            self.drawing.replace(&document);
            self.drawing.select(
                selection
                    .into_iter()
                    .filter(|name| document.nodes.contains_key(name.as_str()))
                    .collect(),
            );
        }
    }

    /// Shows where a problem is: its node on the canvas, its field in the settings.
    pub fn show(self, problem: &Problem) {
        self.view.set(View::Canvas);
        if let Some(node) = &problem.node {
            self.drawing.reveal(node.as_str());
            self.wanted_field
                .set(Some((node.to_string(), problem.field.clone().unwrap_or_default())));
        } else {
            self.drawing.select(Vec::new());
        }
    }
}

/// What people call a node.
pub fn node_label(document: &Document, name: &NodeName) -> String {
    document.nodes.get(name).and_then(|node| node.label.clone()).unwrap_or_else(|| name.to_string())
}

/// The screen; loads the workflow, then shows it.
#[component]
pub fn EditPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id").unwrap_or_default());
    let loaded = LocalResource::new(move || {
        let id = id.get();
        let store = crate::idb::open();
        async move {
            let workflow = backend::workflow(&id).await?;
            Ok::<_, backend::Error>((workflow, Journal::read(store, &id).await))
        }
    });
    move || {
        match loaded.get() {
        None => view! { <EditorSkeleton /> }.into_any(),
        // Only what arrives behind the canvas knows where to put nodes that no file has a place for.
        Some(Ok((workflow, _))) if !has_places(&workflow.document) && parts::studio().is_none() => view! { <EditorSkeleton /> }.into_any(),
        Some(Ok((workflow, journal))) => view! { <Editor workflow=workflow journal=journal /> }.into_any(),
        Some(Err(backend::Error::NotFound(_))) => view! { <Gone id=id.get_untracked() /> }.into_any(),
        Some(Err(error)) => view! {
            <Frame title=t("Workflow")><LoadFailed why=error.to_string() retry=Callback::new(move |()| loaded.refetch()) /></Frame>
        }
        .into_any(),
    }
    }
}

fn has_places(document: &Document) -> bool {
    document.nodes.keys().all(|name| document.layout.contains_key(name))
}

#[component]
fn EditorSkeleton() -> impl IntoView {
    view! {
        <div class="studio" role="status" aria-label=t("Opening the workflow")>
            <div class="top"></div>
            <div class="left"></div>
            <div class="world"></div>
            <div class="right"></div>
        </div>
    }
}

#[component]
fn Gone(id: String) -> impl IntoView {
    view! {
        <Frame title=t("Not here")>
            <section class="empty">
                <h1>{t("There is no workflow of this id")}</h1>
                <p>{tf("“{id}” may have been deleted, or it was never imported on this server.", &[("id", &id)])}</p>
                <a href="/" class="btn primary">{t("All workflows")}</a>
            </section>
        </Frame>
    }
}

#[component]
fn Editor(workflow: backend::Workflow, journal: Journal) -> impl IntoView {
    let drawing = Drawing::new(&workflow.document);
    let editing = Editing {
        drawing,
        draft: Draft::begin(drawing, &workflow, journal),
        problems: watch_problems(drawing, workflow.problems),
        wanted_field: RwSignal::new(None),
        view: RwSignal::new(View::Canvas),
        finding: Finding::new(),
        canvas: CommandHook::default(),
        dialog: RwSignal::new(None),
        is_phone_open: RwSignal::new(false),
        path: RwSignal::new(Path::default()),
    };
    provide_context(editing);
    Effect::new(move |_| {
        document().set_title(&format!(
            "{} · Phloem",
            drawing.with_document(|document| document.name.clone())
        ));
    });
    provide_context(editing.canvas);
    let actions = Actions::of_context(editing);
    provide_context(actions);
    actions.listen();
    show_asked_step(drawing);
    editing.draft.bring_back_typing(editing);
    Effect::new(move |_| {
        let current = editing.path.with(|path| path.current.first().cloned());
        if let Some(name) = current {
            drawing.bring_into_view(&name);
        }
    });
    let on_open = Callback::new(move |name: String| {
        let first =
            drawing.node(&name).and_then(|node| engine::components::face(&node.kind)?.first_field);
        if let Some(key) = first {
            editing.wanted_field.set(Some((name, key.to_owned())));
        }
    });
    view! {
        <a class="skip" href="#canvas">{t("Skip to the canvas")}</a>
        <div class="studio" class:is-text=move || editing.view.get() == View::Json
            class:has-phone=move || editing.is_phone_open.get()>
            {move || match parts::studio() {
                Some(studio) => (studio.top_bar)(),
                None => view! { <header class="top"></header> }.into_any(),
            }}
            {move || match editing.view.get() {
                View::Canvas => view! {
                    <aside class="left" aria-label=t("Steps to add")><Palette /></aside>
                    <main class="world" id="canvas" aria-label=t("Canvas")>
                        <Canvas drawing=drawing problems=editing.problems path=editing.path found=editing.finding.found() on_open=on_open />
                        {move || parts::studio().map(|studio| (studio.problems)())}
                    </main>
                    {move || parts::studio().map(|studio| (studio.find)())}
                    <aside class="right" aria-label=t("Settings")>{move || parts::studio().map(|studio| (studio.panel)())}</aside>
                }.into_any(),
                View::Json => parts::studio().map(|studio| (studio.json)()).into_any(),
            }}
            <Show when=move || editing.is_phone_open.get()><div class="phone-dock">{move || parts::studio().map(|studio| (studio.phone)())}</div></Show>
            {move || editing.dialog.get().zip(parts::studio()).map(|(dialog, studio)| match dialog {
                OpenDialog::Publish => (studio.publish)(),
                OpenDialog::Run => (studio.run)(),
                OpenDialog::Palette => (studio.commands)(),
            })}
        </div>
    }
}

/// Shows the step that the address names (`?step=Menu`), once the canvas knows how large it is.
fn show_asked_step(drawing: Drawing) {
    let asked = use_query_map().with_untracked(|query| query.get("step"));
    let asked = StoredValue::new(asked.filter(|name| drawing.node(name).is_some()));
    Effect::new(move |_| {
        if drawing.size().get().width > 0.0
            && let Some(name) = asked.try_update_value(Option::take).flatten()
        {
            // After the canvas chose its first view.
            request_animation_frame(move || drawing.reveal(&name));
        }
    });
}
