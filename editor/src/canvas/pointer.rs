//! Pointer and wheel events of the browser, told to the gesture tracker.

use std::time::Duration;

use diagram::gesture::{Button, Device, Gesture, Keys, Press};
use diagram::hit::Hit;
use diagram::viewport::{WheelUnit, autopan, wheel_pan, wheel_zoom};
use diagram::{Point, gesture};
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{AddEventListenerOptions, Element, PointerEvent, WheelEvent};

use crate::canvas::marks;
use crate::canvas::stage::Stage;

/// A drag has to last this long before the border pulls the camera along.
const AUTOPAN_DELAY: Duration = Duration::from_millis(200);

/// Listens to the wheel, which has to be done by hand: only a listener that is not passive may keep the page from scrolling
/// and zooming. Also lets go of everything when the window loses the focus.
pub fn listen(stage: Stage) {
    Effect::new(move || {
        let Some(surface) = stage.surface.get() else { return };
        let turned =
            Closure::<dyn FnMut(WheelEvent)>::new(move |event: WheelEvent| wheel(stage, &event));
        let options = AddEventListenerOptions::new();
        options.set_passive(false);
        let _ = surface.add_event_listener_with_callback_and_add_event_listener_options(
            "wheel",
            turned.as_ref().unchecked_ref(),
            &options,
        );
        // The listener lives as long as the element it is on.
        turned.forget();
    });
    let blur = window_event_listener(ev::blur, move |_| {
        stage.is_space_down.set(false);
        abandon(stage);
    });
    on_cleanup(move || blur.remove());
}

fn on_canvas(stage: Stage, event: &web_sys::MouseEvent) -> Point {
    let origin = stage.origin.get_value();
    Point::new(f64::from(event.client_x()) - origin.x, f64::from(event.client_y()) - origin.y)
}

fn is_apart(event: &web_sys::Event) -> bool {
    let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    element.is_some_and(|element| {
        element.closest("button, input, textarea, select, [data-nodrag]").ok().flatten().is_some()
    })
}

/// A button or a finger goes down.
pub fn down(stage: Stage, event: &PointerEvent) {
    stage.measure();
    if is_apart(event) || marks::takes(stage, event) {
        return;
    }
    let at = on_canvas(stage, event);
    stage.pointer.set_value(at);
    let was_open =
        stage.chooser.with_untracked(Option::is_some) || stage.menu.with_untracked(Option::is_some);
    stage.menu.set(None);
    if stage.chooser.with_untracked(Option::is_some) {
        stage.chooser.set(None);
        stage.forget_wire();
    }
    if stage.editing.with_untracked(Option::is_some) {
        stage.editing.set(None);
    }
    if event.pointer_type() == "touch" && pinch::finger_down(event.pointer_id(), at) {
        abandon(stage);
        return;
    }
    let button = match event.button() {
        0 => Button::Main,
        1 => Button::Middle,
        2 => Button::Secondary,
        _ => return,
    };
    if button == Button::Middle {
        // Or the browser begins to scroll by itself.
        event.prevent_default();
    }
    let over = stage.hit(at);
    if was_open && button == Button::Main && over == Hit::Nothing {
        // The click closed a list; that is all it was for.
        return;
    }
    if let Some(surface) = stage.surface.get_untracked() {
        let _ = surface.set_pointer_capture(event.pointer_id());
    }
    let press = Press {
        at,
        world: stage.to_world(at),
        over,
        device: if event.pointer_type() == "mouse" { Device::Mouse } else { Device::Touch },
        button,
        keys: keys(stage, event),
        at_ms: event.time_stamp(),
    };
    let intent = stage.tracker.try_update_value(|tracker| tracker.press(press)).flatten();
    stage
        .is_panning
        .set(stage.tracker.with_value(|t| matches!(t.gesture(), Gesture::Panning { .. })));
    if let Some(intent) = intent {
        stage.act(intent);
    }
}

fn keys(stage: Stage, event: &PointerEvent) -> Keys {
    Keys {
        shift: event.shift_key(),
        control: event.ctrl_key() || event.meta_key(),
        alt: event.alt_key(),
        space: stage.is_space_down.get_untracked(),
    }
}

/// The pointer moves.
pub fn moved(stage: Stage, event: &PointerEvent) {
    let at = on_canvas(stage, event);
    if event.pointer_type() == "touch"
        && let Some((dx, dy, factor, middle)) = pinch::finger_moved(event.pointer_id(), at)
    {
        let camera = stage.drawing.camera().get_untracked();
        stage.look(camera.panned(dx, dy).zoomed(factor, middle));
        return;
    }
    stage.pointer.set_value(at);
    follow(stage, at);
    let is_idle = stage.tracker.with_value(|tracker| *tracker.gesture() == Gesture::Idle);
    if is_idle && event.pointer_type() == "mouse" && !stage.is_read_only && !is_apart(event) {
        let edge = match stage.hit(at) {
            Hit::Edge(port) => Some(port),
            _ => None,
        };
        stage.hover(edge);
    }
}

/// Tells the tracker where the pointer is now in the world, which also changes when the camera moves under it.
fn follow(stage: Stage, at: Point) {
    let world = stage.to_world(at);
    let pulled = stage.tracker.with_value(gesture::Tracker::pulls);
    let intent = stage.tracker.try_update_value(|tracker| tracker.moved(at, world)).flatten();
    if let Some(intent) = intent {
        stage.act(intent);
    }
    if !pulled && stage.tracker.with_value(gesture::Tracker::pulls) {
        set_timeout(move || pull(stage), AUTOPAN_DELAY);
    }
}

/// While something is dragged near the border, the camera moves that way, frame by frame.
fn pull(stage: Stage) {
    if stage.tracker.try_with_value(gesture::Tracker::pulls) != Some(true) {
        return;
    }
    let at = stage.pointer.get_value();
    let by = autopan(at, stage.drawing.size().get_untracked());
    if by != Point::default() {
        stage.look(stage.drawing.camera().get_untracked().panned(by.x, by.y));
        follow(stage, at);
    }
    request_animation_frame(move || pull(stage));
}

/// A button or a finger goes up.
pub fn up(stage: Stage, event: &PointerEvent) {
    if event.pointer_type() == "touch" && pinch::finger_up(event.pointer_id()) {
        return;
    }
    let at = on_canvas(stage, event);
    let world = stage.to_world(at);
    let now_ms = event.time_stamp();
    let intent =
        stage.tracker.try_update_value(|tracker| tracker.release(at, world, now_ms)).flatten();
    stage.is_panning.set(false);
    if let Some(intent) = intent {
        stage.act(intent);
    }
}

/// The browser took the pointer away.
pub fn cancelled(stage: Stage, event: &PointerEvent) {
    pinch::finger_up(event.pointer_id());
    abandon(stage);
}

/// Whatever the pointer was doing is off. Says whether there was anything.
pub fn abandon(stage: Stage) -> bool {
    let intent = stage.tracker.try_update_value(gesture::Tracker::cancel).flatten();
    stage.is_panning.set(false);
    let was_busy = intent.is_some();
    if let Some(intent) = intent {
        stage.act(intent);
    }
    was_busy
}

fn wheel(stage: Stage, event: &WheelEvent) {
    event.prevent_default();
    stage.measure();
    let unit = match event.delta_mode() {
        WheelEvent::DOM_DELTA_LINE => WheelUnit::Line,
        WheelEvent::DOM_DELTA_PAGE => WheelUnit::Page,
        _ => WheelUnit::Pixel,
    };
    let at = on_canvas(stage, event);
    let camera = stage.drawing.camera().get_untracked();
    if event.ctrl_key() || event.meta_key() {
        // A pinch on a trackpad comes as many small steps with a Ctrl that nobody holds.
        let is_pinch = event.ctrl_key() && event.delta_y().abs() < 10.0 && unit == WheelUnit::Pixel;
        stage.look(camera.zoomed(wheel_zoom(event.delta_y(), unit, is_pinch), at));
    } else {
        let size = stage.drawing.size().get_untracked();
        let (mut dx, mut dy) = (event.delta_x(), event.delta_y());
        if event.shift_key() && dx == 0.0 {
            (dx, dy) = (dy, 0.0);
        }
        stage
            .look(camera.panned(wheel_pan(dx, unit, size.width), wheel_pan(dy, unit, size.height)));
    }
    follow(stage, at);
}

/// Two fingers: they move and zoom the paper together.
mod pinch {
    use std::cell::RefCell;

    use diagram::Point;

    thread_local! {
        static FINGERS: RefCell<Vec<(i32, Point)>> = const { RefCell::new(Vec::new()) };
    }

    /// A finger goes down; says whether it is not the first.
    pub(super) fn finger_down(id: i32, at: Point) -> bool {
        FINGERS.with_borrow_mut(|fingers| {
            fingers.retain(|(other, _)| *other != id);
            fingers.push((id, at));
            fingers.len() > 1
        })
    }

    /// A finger moves: with another one down, how far their middle moved, by what factor they went apart, and where their
    /// middle is.
    pub(super) fn finger_moved(id: i32, at: Point) -> Option<(f64, f64, f64, Point)> {
        FINGERS.with_borrow_mut(|fingers| {
            let moving = fingers.iter().position(|(other, _)| *other == id)?;
            let before = std::mem::replace(&mut fingers[moving].1, at);
            if fingers.len() < 2 {
                return None;
            }
            let other = fingers.iter().find(|(other, _)| *other != id)?.1;
            let factor = other.distance(at) / other.distance(before).max(1.0);
            let (dx, dy) = ((at.x - before.x) / 2.0, (at.y - before.y) / 2.0);
            let middle = Point::new((at.x + other.x) / 2.0, (at.y + other.y) / 2.0);
            Some((dx, dy, factor, middle))
        })
    }

    /// A finger goes up; says whether others were down too.
    pub(super) fn finger_up(id: i32) -> bool {
        FINGERS.with_borrow_mut(|fingers| {
            let was_pinch = fingers.len() > 1;
            fingers.retain(|(other, _)| *other != id);
            was_pinch
        })
    }
}
