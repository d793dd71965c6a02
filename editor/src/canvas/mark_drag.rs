//! Notes and groups under the pointer: moved, made larger, clicked, and their menu.

use std::time::Duration;

use diagram::gesture::{DRAG_MOUSE_PX, DRAG_TOUCH_PX};
use diagram::{Point, Position};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, MouseEvent, PointerEvent};

use crate::canvas::marks::Mark;
use crate::canvas::stage::Stage;

/// A finger or a pen that rests this long wants the menu.
const REST: Duration = Duration::from_millis(500);

/// A mark that the pointer holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Drag {
    /// Which.
    pub mark: Mark,
    /// Whether its corner is pulled.
    pub is_resize: bool,
    /// How far it is from where it was, in grid units.
    pub by: Position,
    from: Point,
    began_ms: f64,
    has_begun: bool,
}

/// Whatever the pointer does to a mark.
pub fn event(stage: Stage, mark: &Mark, event: &Event) {
    if let Some(event) = event.dyn_ref::<PointerEvent>() {
        match event.type_().as_str() {
            "pointerdown" => return down(stage, mark, event),
            "pointermove" => return moved(stage, event),
            "pointerup" => return up(stage, event),
            "pointercancel" => return cancelled(stage),
            // In some browsers a click and a context menu are events of a pointer too.
            _ => {}
        }
    }
    match (event.type_().as_str(), event.dyn_ref::<MouseEvent>()) {
        ("dblclick", _) if !stage.is_read_only && !is_in(event, "button, input, textarea") => {
            stage.marks.editing.set(Some(mark.clone()));
        }
        ("contextmenu", Some(event)) => menu(stage, mark, event),
        _ => {}
    }
}

fn is_in(event: &Event, selector: &str) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|element| element.closest(selector).ok().flatten().is_some())
}

fn on_screen(event: &MouseEvent) -> Point {
    Point::new(f64::from(event.client_x()), f64::from(event.client_y()))
}

fn down(stage: Stage, mark: &Mark, event: &PointerEvent) {
    if is_in(event, "textarea, input, button")
        || stage.is_read_only
        || event.button() != 0
        || stage.is_space_down.get_untracked()
    {
        return;
    }
    stage.measure();
    stage.close_marks();
    stage.menu.set(None);
    stage.chooser.set(None);
    stage.editing.set(None);
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let element = target.and_then(|target| target.closest("[data-mark]").ok().flatten());
    if let Some(element) = element {
        let _ = element.set_pointer_capture(event.pointer_id());
    }
    let drag = Drag {
        mark: mark.clone(),
        is_resize: is_in(event, ".note-corner"),
        by: Position::default(),
        from: on_screen(event),
        began_ms: event.time_stamp(),
        has_begun: false,
    };
    if event.pointer_type() != "mouse" {
        let (before, from) = (drag.clone(), drag.from);
        let rested = move || {
            if stage.marks.drag.try_get_untracked().flatten().as_ref() == Some(&before) {
                stage.marks.drag.set(None);
                let origin = stage.origin.get_value();
                stage.open_mark_menu(&before.mark, from.moved(-origin.x, -origin.y));
            }
        };
        set_timeout(rested, REST);
    }
    stage.marks.drag.set(Some(drag));
}

fn moved(stage: Stage, event: &PointerEvent) {
    let Some(mut drag) = stage.marks.drag.get_untracked() else { return };
    let at = on_screen(event);
    let slack = if event.pointer_type() == "mouse" { DRAG_MOUSE_PX } else { DRAG_TOUCH_PX };
    if !drag.has_begun && at.distance(drag.from) < slack {
        return;
    }
    let zoom = stage.drawing.camera().get_untracked().zoom;
    let by = Point::new((at.x - drag.from.x) / zoom, (at.y - drag.from.y) / zoom).snapped();
    if drag.has_begun && by == drag.by {
        return;
    }
    (drag.has_begun, drag.by) = (true, by);
    if let Mark::Group(name) = &drag.mark {
        stage.drawing.carry(&stage.members(name), by);
    }
    stage.marks.drag.set(Some(drag));
}

fn up(stage: Stage, event: &PointerEvent) {
    let Some(drag) = stage.marks.drag.get_untracked() else { return };
    stage.marks.drag.set(None);
    let Drag { mark, is_resize, by, has_begun, .. } = drag;
    match &mark {
        _ if event.button() != 0 => {}
        _ if !has_begun => {
            let members = match &mark {
                Mark::Group(name) => stage.members(name),
                Mark::Note(_) => Vec::new(),
            };
            stage.drawing.select(members);
        }
        Mark::Note(name) if is_resize => stage.resize_note(name, by),
        _ if by != Position::default() => stage.move_mark(&mark, by),
        _ => {}
    }
}

/// The browser took the pointer away, or Escape was pressed: everything is where it was.
pub fn cancelled(stage: Stage) {
    let Some(drag) = stage.marks.drag.get_untracked() else { return };
    stage.marks.drag.set(None);
    if let Mark::Group(name) = &drag.mark {
        stage.drawing.carry(&stage.members(name), Position::default());
    }
}

fn menu(stage: Stage, mark: &Mark, event: &MouseEvent) {
    event.prevent_default();
    event.stop_propagation();
    stage.measure();
    let origin = stage.origin.get_value();
    stage.open_mark_menu(mark, on_screen(event).moved(-origin.x, -origin.y));
}
