//! What arrives after the canvas: the side panel with its forms, the phone, dialogs, lists, and everything of the engine that parses and checks.
//!
//! The wasm file of the first load holds only what one of these functions does not lead to; `xtask` cuts the program there. A part is asked for when
//! something of it is first wanted and is a table of functions, so that whatever has arrived is called like any other function. Nothing waits for them that can be done without.

use crate::canvas::{self, MarkDeeds, Stage};
use crate::{drawing::file, edit, list, numbers, phone, problems, run_page, runs, shell, tokens};
use diagram::{Node, Position, clipboard};
use engine::{Document, Problem};
use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, task::spawn_local, wasm_split::SplitLoaderError};
use serde_json::{Map, Value as Json};
use std::{cell::Cell, collections::BTreeMap};

/// The pause before a part that could not be loaded is asked for again.
const RETRY_MS: u32 = 2_000;

/// What every screen has and no canvas waits for.
#[derive(Clone, Copy)]
pub struct Common {
    /// The button of the editor's settings.
    pub settings: fn() -> AnyView,
    /// The sheet of keys; told what closes it.
    pub keys: fn(Callback<()>) -> AnyView,
    /// Where every node of a drawing goes when it is tidied up.
    pub tidy: fn(&diagram::Document) -> BTreeMap<String, Position>,
}

/// What the editing screen needs besides the canvas.
#[derive(Clone, Copy)]
pub struct Studio {
    /// The editing screen's top.
    pub top_bar: fn() -> AnyView,
    /// What lies over a canvas: buttons, the map, lists to choose from.
    pub canvas_tools: fn(Stage) -> AnyView,
    /// The problems, counted and listed.
    pub problems: fn() -> AnyView,
    /// Find and replace.
    pub find: fn() -> AnyView,
    /// The side panel.
    pub panel: fn() -> AnyView,
    /// The phone.
    pub phone: fn() -> AnyView,
    /// The workflow as text.
    pub json: fn() -> AnyView,
    /// The dialog that publishes.
    pub publish: fn() -> AnyView,
    /// The dialog that starts a run.
    pub run: fn() -> AnyView,
    /// The dialog in which every command is found.
    pub commands: fn() -> AnyView,
    /// What can be done with notes, groups and comments.
    pub marks: MarkDeeds,
    /// Hands a workflow to the browser as a file.
    pub export: fn(&Document),
    /// Everything wrong with a workflow.
    pub check: fn(&Document) -> Vec<Problem>,
    /// Problems as the server writes them.
    pub problems_of: fn(Json) -> Vec<Problem>,
    /// What every part brings.
    pub common: Common,
    /// These nodes as text for the clipboard.
    pub copy: fn(&diagram::Document, &[String]) -> String,
    /// Nodes from clipboard text, for [`Drawing::paste`](crate::drawing::Drawing::paste).
    pub parse_copied: fn(&str, &diagram::Document) -> Option<BTreeMap<String, Node>>,
    /// One line for the card of a node.
    pub summary: fn(&str, &Map<String, Json>) -> String,
}

/// The screens that are lists, and the page of a run.
#[derive(Clone, Copy)]
pub struct Pages {
    /// All workflows.
    pub workflows: fn() -> AnyView,
    /// All runs.
    pub runs: fn() -> AnyView,
    /// One run.
    pub run: fn() -> AnyView,
    /// The numbers.
    pub numbers: fn() -> AnyView,
    /// The tokens.
    pub tokens: fn() -> AnyView,
    /// What every part brings.
    pub common: Common,
}

fn load_common() -> Common {
    Common {
        settings: || view! { <shell::SettingsMenu /> }.into_any(),
        keys: |on_close| view! { <shell::KeyboardDialog on_close /> }.into_any(),
        tidy: diagram::layout::tidy,
    }
}

#[leptos::wasm_split::wasm_split(studio, wasm_split_path = ::leptos::wasm_split, fallible)]
fn load_studio() -> Result<Studio, SplitLoaderError> {
    Ok(Studio {
        top_bar: || view! { <edit::TopBar /> }.into_any(),
        canvas_tools: canvas::tools,
        problems: || view! { <problems::ProblemsDrawer /> }.into_any(),
        find: || view! { <edit::FindPanel /> }.into_any(),
        panel: || view! { <edit::Panel /> }.into_any(),
        phone: || view! { <phone::PhonePanel /> }.into_any(),
        json: || view! { <edit::JsonView /> }.into_any(),
        publish: || view! { <edit::PublishDialog /> }.into_any(),
        run: || view! { <edit::RunDialog /> }.into_any(),
        commands: || view! { <edit::CommandPalette /> }.into_any(),
        marks: canvas::MARK_DEEDS,
        export: edit::transfer::export,
        check: engine::workflow::check,
        problems_of: |problems| serde_json::from_value(problems).unwrap_or_default(),
        common: load_common(),
        copy: |document, names| clipboard::copy(document, names.iter().map(String::as_str)),
        parse_copied: |text, document| clipboard::parse(text, document, file::shape),
        summary: engine::components::summary,
    })
}

#[leptos::wasm_split::wasm_split(pages, wasm_split_path = ::leptos::wasm_split, fallible)]
fn load_pages() -> Result<Pages, SplitLoaderError> {
    Ok(Pages {
        workflows: || view! { <list::ListPage /> }.into_any(),
        runs: || view! { <runs::RunsPage /> }.into_any(),
        run: || view! { <run_page::RunPage /> }.into_any(),
        numbers: || view! { <numbers::NumbersPage /> }.into_any(),
        tokens: || view! { <tokens::TokensPage /> }.into_any(),
        common: load_common(),
    })
}

/// A part: not asked for, on its way, or here.
struct Part<T: Copy + Send + Sync + 'static> {
    arrived: ArcRwSignal<Option<T>>,
    is_asked_for: Cell<bool>,
}

impl<T: Copy + Send + Sync + 'static> Part<T> {
    fn new() -> Part<T> {
        Part { arrived: ArcRwSignal::new(None), is_asked_for: Cell::new(false) }
    }

    fn get(
        &self,
        load: impl AsyncFn() -> Result<T, SplitLoaderError> + 'static,
    ) -> ArcRwSignal<Option<T>> {
        if !self.is_asked_for.replace(true) {
            let arrived = self.arrived.clone();
            spawn_local(async move {
                loop {
                    if let Ok(part) = load().await {
                        return arrived.set(Some(part));
                    }
                    TimeoutFuture::new(RETRY_MS).await;
                }
            });
        }
        self.arrived.clone()
    }
}

thread_local! {
    static STUDIO: Part<Studio> = Part::new();
    static PAGES: Part<Pages> = Part::new();
}

/// The studio's part, as soon as it is here. Tracked.
pub fn studio() -> Option<Studio> {
    STUDIO.with(|part| part.get(load_studio)).get()
}

/// The pages' part, as soon as it is here. Tracked.
pub fn pages() -> Option<Pages> {
    PAGES.with(|part| part.get(load_pages)).get()
}

/// What every part brings, as soon as one is here; none is asked for. Tracked.
pub fn common() -> Option<Common> {
    let studio = STUDIO.with(|part| part.arrived.clone()).get();
    let pages = PAGES.with(|part| part.arrived.clone()).get();
    studio.map(|part| part.common).or(pages.map(|part| part.common))
}

/// Where every node of a drawing goes when it is tidied up; `None` before a part is here. Not tracked.
pub fn tidy(drawing: &diagram::Document) -> Option<BTreeMap<String, Position>> {
    let common = if cfg!(test) { Some(load_common()) } else { untrack(common) };
    common.map(|common| (common.tidy)(drawing))
}
