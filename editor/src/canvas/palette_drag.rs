//! Dragging a component from the palette onto the canvas, with any pointer.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use diagram::Point;
use diagram::gesture::DRAG_MOUSE_PX;
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, PointerEvent};

use crate::{
    canvas::stage::Stage,
    language::{t, tf},
};

/// A finger that scrolls the palette must not drag at once.
const DRAG_TOUCH_PX: f64 = 25.0;

thread_local! {
    /// The canvas on the page that can be edited.
    static STAGE: Cell<Option<Stage>> = const { Cell::new(None) };
}

/// Makes this canvas the one that drops land on, until it is gone.
pub fn register(stage: Stage) {
    STAGE.set(Some(stage));
    on_cleanup(|| STAGE.set(None));
}

/// Call this when a pointer goes down on a component of the palette.
///
/// A card follows the pointer once it has moved; letting go over the canvas adds the component there, or into the edge there. Nothing
/// happens on a mere click, on Escape, or elsewhere. For touch, the element needs `touch-action: none`.
pub fn start_palette_drag(kind: &str, event: &PointerEvent) {
    let Some(stage) = STAGE.get() else { return };
    if event.button() != 0 {
        return;
    }
    let from = client(event);
    let threshold = if event.pointer_type() == "mouse" { DRAG_MOUSE_PX } else { DRAG_TOUCH_PX };
    let drag = Rc::new(Drag {
        stage,
        kind: kind.to_owned(),
        from,
        threshold,
        ghost: RefCell::default(),
        listeners: RefCell::default(),
    });
    let moved = window_event_listener(ev::pointermove, {
        let drag = Rc::clone(&drag);
        move |event| drag.moved(&event)
    });
    let up = window_event_listener(ev::pointerup, {
        let drag = Rc::clone(&drag);
        move |event| drag.dropped(&event)
    });
    let cancel = window_event_listener(ev::pointercancel, {
        let drag = Rc::clone(&drag);
        move |_| drag.end()
    });
    let escape = window_event_listener(ev::keydown, {
        let drag = Rc::clone(&drag);
        move |event| {
            if event.key() == "Escape" {
                drag.end();
            }
        }
    });
    *drag.listeners.borrow_mut() = vec![moved, up, cancel, escape];
}

struct Drag {
    stage: Stage,
    kind: String,
    from: Point,
    threshold: f64,
    ghost: RefCell<Option<HtmlElement>>,
    listeners: RefCell<Vec<WindowListenerHandle>>,
}

impl Drag {
    fn moved(&self, event: &PointerEvent) {
        let at = client(event);
        if self.ghost.borrow().is_none() {
            if at.distance(self.from) < self.threshold {
                return;
            }
            *self.ghost.borrow_mut() = ghost(&self.kind);
        }
        event.prevent_default();
        let world = self.over_canvas(at);
        if let Some(ghost) = &*self.ghost.borrow() {
            let zoom = if world.is_some() {
                self.stage.drawing.camera().get_untracked().zoom
            } else {
                1.0
            };
            let zoom = zoom.clamp(0.4, 1.2);
            let transform =
                format!("translate({}px, {}px) scale({zoom}) translate(-50%, -20px)", at.x, at.y);
            let _ = ghost.style().set_property("transform", &transform);
            let _ = ghost.class_list().toggle_with_force("over", world.is_some());
        }
        let edge = world.and_then(|world| {
            self.stage.drawing.with_scene(|scene, _| {
                let is_free = scene.node_at(world, |_| false).is_none();
                is_free.then(|| scene.edge_at(world, 14.0)).flatten()
            })
        });
        if self.stage.hovered_edge.with_untracked(|before| *before != edge) {
            self.stage.hovered_edge.set(edge);
        }
    }

    fn dropped(&self, event: &PointerEvent) {
        let was_dragged = self.ghost.borrow().is_some();
        let world = self.over_canvas(client(event));
        self.end();
        if let (true, Some(world)) = (was_dragged, world) {
            let name = self.stage.drawing.add(&self.kind, Some((world.x, world.y)));
            self.stage.say(tf("{step} added", &[("step", &self.stage.drawing.title(&name))]));
            self.stage.active.set(Some(name));
            self.stage.focus_surface();
        }
    }

    /// The place of the world under the pointer, if that is on the canvas; its toolbar and map count as canvas.
    fn over_canvas(&self, at: Point) -> Option<Point> {
        let canvas = self.stage.surface.try_get_untracked().flatten()?.parent_element()?;
        let under = document().element_from_point(at.x as f32, at.y as f32)?;
        if !canvas.contains(Some(&under)) {
            return None;
        }
        self.stage.measure();
        let origin = self.stage.origin.get_value();
        Some(self.stage.to_world(Point::new(at.x - origin.x, at.y - origin.y)))
    }

    fn end(&self) {
        for listener in self.listeners.borrow_mut().drain(..) {
            listener.remove();
        }
        if let Some(ghost) = self.ghost.borrow_mut().take() {
            ghost.remove();
            self.stage.hovered_edge.set(None);
        }
    }
}

fn client(event: &PointerEvent) -> Point {
    Point::new(f64::from(event.client_x()), f64::from(event.client_y()))
}

/// The card under the pointer.
fn ghost(kind: &str) -> Option<HtmlElement> {
    let face = engine::components::face(kind)?;
    let ghost = document().create_element("div").ok()?.dyn_into::<HtmlElement>().ok()?;
    ghost.set_class_name("canvas-ghost");
    let _ = ghost.set_attribute("data-group", face.group.as_str());
    // Only names from the library get here, and their translations.
    ghost.set_inner_html(&format!(
        "<span class=\"tile\"><svg class=\"i\"><use href=\"#i-{}\"></use></svg></span><b>{}</b>",
        face.kind,
        t(face.label)
    ));
    document().body()?.append_child(&ghost).ok()?;
    Some(ghost)
}
