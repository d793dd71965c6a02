//! Keys of the canvas. Single letters count only while the canvas has the focus (WCAG 2.1.4).

use diagram::gesture::Gesture;
use diagram::walk::{self, Direction};
use diagram::{Command, PortId, Position};
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use crate::canvas::stage::Stage;
use crate::canvas::{actions, clipboard, marks, pointer};
use crate::commands::{self, By};
use crate::language::t;

/// How far Alt+Shift+arrow moves a card, in grid units.
const LEAP_UNITS: i32 = 4;

/// Listens to keys and to copy, cut and paste, on the whole page: after a card is deleted nothing has the focus, and the
/// canvas must still hear "undo".
pub fn listen(stage: Stage) {
    let keys = window_event_listener(ev::keydown, move |event| {
        if place_of(stage, &event).is_some_and(|place| pressed(stage, &event, place)) {
            event.prevent_default();
        }
    });
    let keys_up = window_event_listener(ev::keyup, move |event| {
        if event.key() == " " {
            stage.is_space_down.set(false);
        }
    });
    let copy =
        window_event_listener(ev::copy, move |event| clipboard::copied(stage, &event, false));
    let cut = window_event_listener(ev::cut, move |event| clipboard::copied(stage, &event, true));
    let paste = window_event_listener(ev::paste, move |event| clipboard::pasted(stage, &event));
    on_cleanup(move || {
        for listener in [keys, keys_up, copy, cut, paste] {
            listener.remove();
        }
    });
}

/// Where a key was pressed, as far as it concerns the canvas.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// On the canvas.
    Canvas,
    /// On nothing in particular.
    Page,
}

/// Where on the page an event for the keyboard happened, as far as it is for the canvas.
pub fn place_of(stage: Stage, event: &web_sys::Event) -> Option<Place> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    if target
        .closest("input, textarea, select, [contenteditable], dialog, [data-nodrag]")
        .ok()?
        .is_some()
    {
        return None;
    }
    let surface = stage.surface.try_get_untracked().flatten()?;
    if surface.contains(Some(&target)) {
        return Some(Place::Canvas);
    }
    (target.tag_name() == "BODY").then_some(Place::Page)
}

/// Says whether the key meant something here.
fn pressed(stage: Stage, event: &KeyboardEvent, place: Place) -> bool {
    let key = event.key();
    let is_of_mark = marks::deeds().is_some_and(|deeds| (deeds.pressed)(stage, event));
    if is_of_mark || holds_space(stage, event, place) {
        return true;
    }
    // Which keys these are, people may choose; what follows below belongs to moving about and stays.
    if let Some(chord) = commands::chord_of(event) {
        let may_be_single = place == Place::Canvas;
        if let Some(id) = stage.keymap.command(By::Canvas, &chord, may_be_single) {
            return actions::run(stage, id);
        }
    }
    let control = event.ctrl_key() || event.meta_key();
    if stage.is_read_only {
        return place == Place::Canvas && walks(stage, &key, event);
    }
    match key.as_str() {
        _ if control => false,
        "Escape" => escape(stage),
        _ if event.alt_key() => nudge(stage, &key, event.shift_key()),
        _ if place == Place::Page => false,
        _ => walks(stage, &key, event),
    }
}

/// The space bar moves the paper while it is down. On a card or a way out it also selects or opens.
fn holds_space(stage: Stage, event: &KeyboardEvent, place: Place) -> bool {
    let is_bare = !(event.alt_key() || event.ctrl_key() || event.meta_key());
    if event.key() != " " || !is_bare || place == Place::Page {
        return false;
    }
    stage.is_space_down.set(true);
    stage.focused_port().is_none() && focused_card(stage).is_none()
}

/// One level up: out of a gesture, out of a list, from a way out to its card, out of the selection.
fn escape(stage: Stage) -> bool {
    if pointer::abandon(stage) {
        return true;
    }
    if stage.menu.with_untracked(Option::is_some) {
        stage.menu.set(None);
    } else if stage.chooser.with_untracked(Option::is_some) {
        stage.chooser.set(None);
        stage.forget_wire();
    } else if let Some(port) = stage.focused_port() {
        stage.focus_card(&port.node);
    } else if stage.selected_edge.with_untracked(Option::is_some) {
        stage.selected_edge.set(None);
    } else if !stage.drawing.selection_untracked().is_empty() {
        stage.drawing.select(Vec::new());
    } else {
        return false;
    }
    true
}

fn nudge(stage: Stage, key: &str, is_leap: bool) -> bool {
    let step = if is_leap { LEAP_UNITS } else { 1 };
    let by = match key {
        "ArrowLeft" => Position::new(-step, 0),
        "ArrowRight" => Position::new(step, 0),
        "ArrowUp" => Position::new(0, -step),
        "ArrowDown" => Position::new(0, step),
        _ => return false,
    };
    let mut names = stage.drawing.selection_untracked();
    if names.is_empty() {
        names.extend(focused_card(stage));
    }
    let is_idle = stage.tracker.with_value(|tracker| *tracker.gesture() == Gesture::Idle);
    if names.is_empty() || !is_idle {
        return false;
    }
    let first = names[0].clone();
    if stage.drawing.apply(Command::Move { names, by }).is_ok() {
        stage.drawing.bring_into_view(&first);
        stage.say(t("Moved"));
    }
    true
}

/// Arrows along the edges, Enter and Space on what has the focus.
fn walks(stage: Stage, key: &str, event: &KeyboardEvent) -> bool {
    if key == "Home" {
        if let Some(first) = stage.drawing.with(walk::reading_order).first() {
            stage.focus_card(first);
        }
        return true;
    }
    let Some(name) = stage.active_card() else { return false };
    if focused_card(stage).is_none() && stage.focused_port().is_none() {
        let enters = key.starts_with("Arrow") || key == "Enter";
        if enters {
            stage.focus_card(&name);
        }
        return enters;
    }
    match key {
        "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown" => return arrow(stage, &name, key),
        "Enter" => match stage.focused_port() {
            Some(port) if !stage.is_read_only => stage.choose_from(port),
            Some(_) => return false,
            None => {
                stage.drawing.select(vec![name.clone()]);
                if let Some(on_open) = stage.on_open {
                    on_open.run(name);
                }
            }
        },
        " " => {
            let join = if event.shift_key() {
                diagram::selection::Join::Toggle
            } else {
                diagram::selection::Join::Replace
            };
            stage.drawing.join_selection(vec![name], join);
        }
        _ => return false,
    }
    true
}

fn arrow(stage: Stage, name: &str, key: &str) -> bool {
    let ports: Vec<String> = stage
        .drawing
        .node(name)
        .map(|node| node.states().map(str::to_owned).collect())
        .unwrap_or_default();
    let focused = stage.focused_port();
    let row = focused.as_ref().and_then(|port| ports.iter().position(|state| *state == port.state));
    let port_at = |row: usize| ports.get(row).map(|state| PortId::new(name, state));
    match (key, row) {
        ("ArrowRight", None) => match port_at(0) {
            Some(port) => stage.focus_port(&port),
            None => stage.say(t("No ways out")),
        },
        ("ArrowRight", Some(row)) => {
            let target =
                stage.drawing.node(name).and_then(|node| node.next.get(&ports[row]).cloned());
            match target {
                Some(target) if stage.drawing.node(&target).is_some() => stage.focus_card(&target),
                _ => stage.say(t("Ends here. Press Enter to choose what comes next.")),
            }
        }
        ("ArrowLeft", Some(_)) => stage.focus_card(name),
        ("ArrowUp", Some(row)) => {
            if let Some(port) = row.checked_sub(1).and_then(port_at) {
                stage.focus_port(&port);
            }
        }
        ("ArrowDown", Some(row)) => {
            if let Some(port) = port_at(row + 1) {
                stage.focus_port(&port);
            }
        }
        _ => {
            let direction = match key {
                "ArrowLeft" => Direction::Left,
                "ArrowUp" => Direction::Up,
                _ => Direction::Down,
            };
            if let Some(next) =
                stage.drawing.with(|document| walk::neighbor(document, name, direction))
            {
                stage.focus_card(&next);
            }
        }
    }
    true
}

/// The card that has the focus.
pub fn focused_card(stage: Stage) -> Option<String> {
    let focused = document().active_element()?;
    let surface = stage.surface.try_get_untracked().flatten()?;
    surface.contains(Some(&focused)).then(|| focused.get_attribute("data-node")).flatten()
}
