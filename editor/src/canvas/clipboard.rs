//! Copy, cut and paste: JSON text on the system's clipboard, without asking for permission.

use diagram::Point;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::ClipboardEvent;

use crate::canvas::stage::Stage;
use crate::canvas::{actions, keyboard};
use crate::language::t;

/// Puts the selected nodes on the clipboard; with `is_cut`, takes them away as well.
pub fn copied(stage: Stage, event: &ClipboardEvent, is_cut: bool) {
    if stage.is_read_only || keyboard::place_of(stage, event).is_none() || has_marked_text() {
        return;
    }
    let (Some(text), Some(clipboard)) = (stage.drawing.copied(), event.clipboard_data()) else {
        return;
    };
    if clipboard.set_data("text/plain", &text).is_err() {
        return;
    }
    event.prevent_default();
    stage.say(t("Copied"));
    if is_cut {
        actions::delete(stage, false);
    }
}

/// Puts in what is on the clipboard, at the pointer.
pub fn pasted(stage: Stage, event: &ClipboardEvent) {
    if stage.is_read_only || keyboard::place_of(stage, event).is_none() {
        return;
    }
    let text = event.clipboard_data().and_then(|clipboard| clipboard.get_data("text/plain").ok());
    let Some(text) = text.filter(|text| !text.is_empty()) else { return };
    let size = stage.drawing.size().get_untracked();
    let pointer = stage.pointer.get_value();
    let is_inside =
        pointer.x > 0.0 && pointer.y > 0.0 && pointer.x < size.width && pointer.y < size.height;
    let at = if is_inside { pointer } else { Point::new(size.width / 2.0, size.height / 2.0) };
    if stage.drawing.paste(&text, Some(stage.to_world(at).snapped())) {
        event.prevent_default();
        stage.say(t("Pasted"));
    } else {
        stage.say(t("The clipboard holds no steps"));
    }
}

/// Whether the person marked text somewhere; then copying is about that.
fn has_marked_text() -> bool {
    let selection = js_sys::Reflect::get(&window(), &"getSelection".into()).ok();
    let selection =
        selection.and_then(|get| get.dyn_into::<js_sys::Function>().ok()?.call0(&window()).ok());
    selection.is_some_and(|selection| {
        js_sys::Reflect::get(&selection, &"isCollapsed".into())
            .is_ok_and(|value| value.as_bool() == Some(false))
    })
}
