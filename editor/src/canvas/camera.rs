//! Moving the camera, and mounting what comes into view.

use std::collections::BTreeSet;

use diagram::viewport::{Camera, Size, ease_in_out};
use diagram::{Point, PortId, geometry};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;

use crate::canvas::stage::{Detail, Mounted, Stage};

/// Cards are mounted this far beyond the view, in screen pixels.
const OVERSCAN_PX: f64 = 320.0;
/// A travelling camera takes this long.
const TRAVEL_MS: f64 = 200.0;
/// At most so many selected cards stay mounted out of view.
const KEPT_MAX: usize = 200;
impl Stage {
    /// Starts following the drawing, the camera and the size of the window.
    pub fn watch(self) {
        Effect::new(move || {
            self.drawing.revision();
            self.mount_visible();
            let is_gone =
                |port: &PortId| self.drawing.with_scene(|scene, _| scene.route(port).is_none());
            for edge in [self.hovered_edge, self.selected_edge] {
                if edge.with_untracked(|port| port.as_ref().is_some_and(is_gone)) {
                    edge.set(None);
                }
            }
        });
        Effect::new(move || {
            let camera = self.drawing.camera().get();
            let size = self.drawing.size().get();
            let detail = self.detail.get();
            let visible = camera.visible(size);
            let (covered, covered_detail) = self.covered.get_value();
            let is_covered = visible.x >= covered.x
                && visible.y >= covered.y
                && visible.right() <= covered.right()
                && visible.bottom() <= covered.bottom();
            // Much more than needed is mounted after zooming in far.
            let is_wasteful = covered.width > 8.0 * visible.width.max(1.0);
            if !is_covered || is_wasteful || detail != covered_detail {
                self.mount_visible();
            }
        });
        Effect::new(move || {
            if let Some(goal) = self.drawing.goal().get() {
                self.travel_to(goal);
            }
        });
        self.watch_size();
    }

    fn watch_size(self) {
        Effect::new(move || {
            let Some(surface) = self.surface.get() else { return };
            let measure = Closure::<dyn FnMut()>::new(move || self.measure());
            let Ok(observer) = web_sys::ResizeObserver::new(measure.as_ref().unchecked_ref())
            else {
                return;
            };
            observer.observe(&surface);
            let kept = StoredValue::new_local(Some((observer, measure)));
            on_cleanup(move || {
                if let Some((observer, _)) = kept.try_update_value(Option::take).flatten() {
                    observer.disconnect();
                }
            });
            self.measure();
        });
    }

    /// Asks the browser where the canvas is and how large.
    pub fn measure(self) {
        let Some(surface) = self.surface.get_untracked() else { return };
        let area = surface.get_bounding_client_rect();
        self.origin.set_value(Point::new(area.left(), area.top()));
        let size = Size { width: area.width(), height: area.height() };
        if size.width < 1.0 || size.height < 1.0 {
            return;
        }
        let before = self.drawing.size().get_untracked();
        if before != size {
            self.drawing.size().set(size);
        }
        // Seen for the first time; later it is looked at where it was left.
        if before == Size::default() {
            let camera = if self.is_read_only {
                self.drawing
                    .with(geometry::document_bounds)
                    .map(|bounds| Camera::fitted(bounds, size))
            } else {
                self.drawing.opening()
            };
            if let Some(camera) = camera {
                self.drawing.goal().set(None);
                self.drawing.camera().set(camera);
            }
        }
    }

    /// Gives elements to what is near the view, and takes them from what is not.
    pub fn mount_visible(self) {
        let camera = self.drawing.camera().get_untracked();
        let size = self.drawing.size().get_untracked();
        let detail = self.detail.get_untracked();
        let area = camera.visible(size).grown(OVERSCAN_PX / camera.zoom);
        self.covered.set_value((area, detail));
        let mut nodes = BTreeSet::new();
        let mut edges = BTreeSet::new();
        self.drawing.with_scene(|scene, document| {
            if detail != Detail::Far {
                nodes = scene.nodes_in(&area);
                edges = scene.edges_in(&area);
                let selected = self.drawing.selected().get_untracked();
                nodes.extend(selected.names().take(KEPT_MAX).cloned());
            }
            nodes.extend(self.active.get_untracked());
            nodes.extend(self.editing.get_untracked());
            // What a collapsed group hides has no card.
            nodes.retain(|name| document.contains(name) && scene.fold(name).is_none());
        });
        self.mount_marks(&area);
        let mounted =
            Mounted { nodes: nodes.into_iter().collect(), edges: edges.into_iter().collect() };
        if self.mounted.with_untracked(|before| *before != mounted) {
            self.mounted.set(mounted);
        }
    }

    /// Moves the camera at once; a journey under way ends.
    pub fn look(self, camera: Camera) {
        self.travel.update_value(|travel| *travel = travel.wrapping_add(1));
        if self.drawing.goal().get_untracked().is_some() {
            self.drawing.goal().set(None);
        }
        self.drawing.camera().set(camera);
    }

    fn travel_to(self, goal: Camera) {
        self.travel.update_value(|travel| *travel = travel.wrapping_add(1));
        let from = self.drawing.camera().get_untracked();
        if prefers_less_motion() || from == goal {
            self.look(goal);
            return;
        }
        self.travel_on(self.travel.get_value(), from, goal, js_sys::Date::now());
    }

    fn travel_on(self, journey: u32, from: Camera, goal: Camera, began_ms: f64) {
        request_animation_frame(move || {
            // The canvas may be gone, or another journey begun.
            if self.travel.try_get_value() != Some(journey) {
                return;
            }
            let t = (js_sys::Date::now() - began_ms) / TRAVEL_MS;
            if t >= 1.0 {
                self.look(goal);
                return;
            }
            let size = self.drawing.size().get_untracked();
            self.drawing.camera().set(from.toward(goal, ease_in_out(t), size));
            self.travel_on(journey, from, goal, began_ms);
        });
    }

    /// The dots move and scale with the paper; far out there are fewer of them.
    pub fn grid_style(self) -> String {
        let Camera { x, y, zoom } = self.drawing.camera().get();
        let mut step = geometry::UNIT_PX * zoom;
        while step < 14.0 {
            step *= 4.0;
        }
        format!("background-size:{step}px {step}px;background-position:{x}px {y}px")
    }
}

/// Whether the person asked for less motion.
pub fn prefers_less_motion() -> bool {
    let query = window().match_media("(prefers-reduced-motion: reduce)");
    query.ok().flatten().is_some_and(|query| query.matches())
}
