//! The context menu: what can be done with what was clicked.

use diagram::hit::Hit;
use diagram::{Colour, Point, PortId};
use leptos::ev::KeyboardEvent;
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::canvas::mark_menu;
use crate::canvas::stage::{Menu, Purpose, Stage};
use crate::commands::Id;
use crate::icon::Icon;
use crate::language::t;

const WIDTH_PX: f64 = 248.0;
const ROW_PX: f64 = 32.0;
const MARGIN_PX: f64 = 8.0;

/// One row of a menu.
pub struct Entry {
    /// Its picture.
    pub icon: &'static str,
    /// What it does.
    pub words: &'static str,
    /// The keys that do the same.
    pub keys: String,
    /// Called when it is chosen.
    pub action: Callback<()>,
}

/// The menu, if it is open.
#[component]
pub fn MenuPopover(stage: Stage) -> impl IntoView {
    let on_close = Callback::new(move |()| {
        stage.menu.set(None);
        match stage.active_card() {
            Some(name) => stage.focus_card(&name),
            None => stage.focus_surface(),
        }
    });
    move || {
        stage.menu.get().map(|menu| {
            let (at, on_colour) = (menu.at, mark_menu::card_colours(stage, &menu));
            let mut entries = entries(stage, &menu);
            let last = entries.len().saturating_sub(1);
            entries.splice(last..last, mark_menu::more_entries(stage, &menu));
            view! { <MenuList stage at entries on_close on_colour /> }
        })
    }
}

/// A menu at a place of the canvas; with `on_colour`, a row of colours at its end.
#[component]
pub fn MenuList(
    stage: Stage,
    at: Point,
    entries: Vec<Entry>,
    on_close: Callback<()>,
    on_colour: Option<Callback<Option<Colour>>>,
) -> impl IntoView {
    let list = NodeRef::<Div>::new();
    Effect::new(move || {
        if let Some(list) = list.get() {
            move_focus(&list, 0);
        }
    });
    let size = stage.drawing.size().get_untracked();
    let height = (entries.len() + 2 * usize::from(on_colour.is_some())) as f64 * ROW_PX + 18.0;
    let left = at.x.min(size.width - WIDTH_PX - MARGIN_PX).max(MARGIN_PX);
    let top = at.y.min(size.height - height - MARGIN_PX).max(MARGIN_PX);
    let pressed = move |event: KeyboardEvent| {
        event.stop_propagation();
        let Some(list) = list.get_untracked() else { return };
        match event.key().as_str() {
            "ArrowDown" | "ArrowRight" => move_focus(&list, 1),
            "ArrowUp" | "ArrowLeft" => move_focus(&list, -1),
            "Escape" | "Tab" => on_close.run(()),
            _ => return,
        }
        event.prevent_default();
    };
    let rows = entries.into_iter().map(|Entry { icon, words, keys, action }| {
        view! {
            <button
                type="button"
                role="menuitem"
                tabindex="-1"
                on:click=move |_| {
                    stage.menu.set(None);
                    stage.marks.menu.set(None);
                    action.run(());
                }
            >
                <Icon name=icon small=true />
                <span>{words}</span>
                {(!keys.is_empty()).then(|| view! { <kbd>{keys}</kbd> })}
            </button>
        }
    });
    view! {
        <div
            class="canvas-menu"
            data-nodrag=""
            role="menu"
            aria-label=t("What to do")
            node_ref=list
            style=format!("left:{left}px;top:{top}px")
            on:keydown=pressed
            on:contextmenu=move |event| event.prevent_default()
        >
            {rows.collect::<Vec<_>>()}
            {on_colour.map(|on_colour| view! { <mark_menu::Colours stage on_colour /> })}
        </div>
    }
}

/// Moves the focus among the menu's rows; by 0, to the first.
fn move_focus(list: &HtmlElement, by: i32) {
    let Ok(rows) = list.query_selector_all("[role=menuitem]") else { return };
    let rows: Vec<HtmlElement> =
        (0..rows.length()).filter_map(|index| rows.item(index)?.dyn_into().ok()).collect();
    let focused = document().active_element();
    let at = rows
        .iter()
        .position(|row| focused.as_ref().is_some_and(|focused| focused.is_same_node(Some(row))));
    let count = rows.len() as i32;
    let next = at.map_or(0, |at| (at as i32 + by).rem_euclid(count.max(1)));
    if let Some(row) = rows.get(next as usize) {
        let _ = row.focus();
    }
}

fn entries(stage: Stage, menu: &Menu) -> Vec<Entry> {
    let entry = |icon, words, command: Option<Id>, action: Callback<()>| {
        let keys = command.map(|id| untrack(|| stage.keymap.hint(id))).unwrap_or_default();
        Entry { icon, words, keys, action }
    };
    let drawing = stage.drawing;
    let at = menu.at;
    match &menu.over {
        Hit::Node(name) | Hit::Input(name) => {
            let (edited, fixed) = (name.clone(), name.clone());
            let mut entries = vec![
                entry(
                    "arrow-right",
                    t("Add what comes next"),
                    Some(Id::AddNext),
                    Callback::new(move |()| stage.choose_next()),
                ),
                entry(
                    "note",
                    t("Change label"),
                    Some(Id::EditLabel),
                    Callback::new(move |()| stage.editing.set(Some(edited.clone()))),
                ),
                entry(
                    "copy",
                    t("Duplicate"),
                    Some(Id::Duplicate),
                    Callback::new(move |()| drawing.duplicate()),
                ),
                entry(
                    "fit",
                    t("Zoom to it"),
                    Some(Id::FitSelection),
                    Callback::new(move |()| drawing.fit_selection()),
                ),
            ];
            let hidden = drawing.node(&fixed).and_then(|node| node.shape.hidden.first().cloned());
            if let Some(state) = hidden {
                let port = PortId::new(&fixed, state);
                let choose = Callback::new(move |()| stage.choose_from(port.clone()));
                entries.insert(1, entry("hangup", t("If the caller hangs up…"), None, choose));
            }
            let leads_on = drawing.with(|document| {
                document.edges_of(&fixed).next().is_some()
                    && !document.ports_into(&fixed).is_empty()
            });
            if leads_on {
                let heal = Callback::new(move |()| drawing.remove_selected(true));
                entries.push(entry(
                    "close",
                    t("Delete and close the gap"),
                    Some(Id::DeleteAndHeal),
                    heal,
                ));
            }
            entries.push(entry(
                "trash",
                t("Delete"),
                Some(Id::Delete),
                Callback::new(move |()| drawing.remove_selected(false)),
            ));
            entries
        }
        Hit::Port(port) | Hit::Edge(port) => {
            let (into, off, from) = (port.clone(), port.clone(), port.clone());
            let is_connected = drawing.with_scene(|scene, _| scene.route(port).is_some());
            let mut entries = vec![entry(
                "arrow-right",
                t("Choose what comes next"),
                None,
                Callback::new(move |()| stage.choose_from(from.clone())),
            )];
            if is_connected {
                let add = Callback::new(move |()| stage.choose(at, Purpose::Into(into.clone())));
                entries.push(entry("plus", t("Put a step in between"), None, add));
                entries.push(entry(
                    "trash",
                    t("Disconnect"),
                    Some(Id::Delete),
                    Callback::new(move |()| stage.disconnect(off.clone())),
                ));
            }
            entries
        }
        Hit::Nothing => {
            let world = stage.to_world(at);
            let all = move |()| drawing.select(drawing.with(diagram::walk::reading_order));
            vec![
                entry(
                    "plus",
                    t("Add a step here"),
                    None,
                    Callback::new(move |()| stage.choose(at, Purpose::At(world))),
                ),
                entry("check", t("Select everything"), Some(Id::SelectAll), Callback::new(all)),
                entry(
                    "tidy",
                    t("Tidy up"),
                    Some(Id::Tidy),
                    Callback::new(move |()| drawing.tidy()),
                ),
                entry(
                    "fit",
                    t("Show everything"),
                    Some(Id::FitAll),
                    Callback::new(move |()| drawing.fit()),
                ),
            ]
        }
    }
}
