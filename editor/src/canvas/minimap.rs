//! The whole drawing in a corner, with the view as a frame that can be dragged.

use std::time::Duration;

use diagram::viewport::{Camera, Size};
use diagram::{Point, Rect, geometry, marks};
use leptos::html::Canvas;
use leptos::prelude::*;
use web_sys::PointerEvent;

use crate::canvas::far;
use crate::canvas::stage::Stage;

const SIZE: Size = Size { width: 168.0, height: 104.0 };
const MARGIN_PX: f64 = 8.0;
/// It is painted at most this often.
const EVERY: Duration = Duration::from_millis(100);

/// The map. Pressing or dragging on it moves the view there; for the keyboard there are Fit and the arrows.
#[component]
pub fn Minimap(stage: Stage) -> impl IntoView {
    let canvas = NodeRef::<Canvas>::new();
    let is_waiting = StoredValue::new(false);
    let drawing = stage.drawing;
    let paint = move || {
        is_waiting.try_set_value(false);
        let Some(canvas) = canvas.try_get_untracked().flatten() else { return };
        let Some(pen) = far::begin(&canvas, SIZE) else { return };
        let colors = far::Colors::of(&canvas);
        let Some(map) = map_of(stage) else { return };
        let selected = drawing.selection_untracked();
        drawing.with_scene(|scene, document| {
            // Collapsed groups have one card each.
            let folds = marks::folds(document);
            let folded = folds.iter().map(|(node, fold)| (node.as_str(), fold.rect));
            for (name, card) in scene.cards().chain(folded) {
                let corner = map.to_screen(Point::new(card.x, card.y));
                let is_selected = selected.iter().any(|other| other == name);
                pen.set_fill_style_str(if is_selected { &colors.accent } else { &colors.line });
                pen.begin_path();
                let (width, height) =
                    ((card.width * map.zoom).max(2.0), (card.height * map.zoom).max(2.0));
                if pen.round_rect_with_f64(corner.x, corner.y, width, height, 2.0).is_ok() {
                    pen.fill();
                }
            }
        });
    };
    Effect::new(move || {
        drawing.revision();
        drawing.selected().track();
        canvas.track();
        if !is_waiting.get_value() {
            is_waiting.set_value(true);
            set_timeout(paint, EVERY);
        }
    });
    let go = move |event: &PointerEvent| {
        let (Some(canvas), Some(map)) = (canvas.get_untracked(), map_of(stage)) else { return };
        let area = canvas.get_bounding_client_rect();
        let at = Point::new(
            f64::from(event.client_x()) - area.left(),
            f64::from(event.client_y()) - area.top(),
        );
        let camera = drawing.camera().get_untracked();
        stage.look(camera.centered(map.to_world(at), drawing.size().get_untracked()));
    };
    let pressed = move |event: PointerEvent| {
        if let Some(canvas) = canvas.get_untracked() {
            let _ = canvas.set_pointer_capture(event.pointer_id());
        }
        go(&event);
    };
    let moved = move |event: PointerEvent| {
        if event.buttons() & 1 == 1 {
            go(&event);
        }
    };
    // Asking for all cards in every frame of a pan would cost more than all the rest.
    let map = Memo::new(move |_| {
        drawing.revision();
        map_of(stage)
    });
    let frame = move || {
        let view = drawing.camera().get().visible(drawing.size().get());
        let map = map.get()?;
        let corner = map.to_screen(Point::new(view.x, view.y));
        let Rect { x, y, width, height } =
            clipped(corner, view.width * map.zoom, view.height * map.zoom);
        Some(format!("transform:translate({x}px,{y}px);width:{width}px;height:{height}px"))
    };
    view! {
        <div class="canvas-map" data-nodrag="" aria-hidden="true">
            <canvas node_ref=canvas on:pointerdown=pressed on:pointermove=moved></canvas>
            <i style=frame></i>
        </div>
    }
}

/// How the world is shown on the map: all cards and the view.
fn map_of(stage: Stage) -> Option<Camera> {
    let cards = stage.drawing.with(geometry::document_bounds)?;
    let room = Size { width: SIZE.width - 2.0 * MARGIN_PX, height: SIZE.height - 2.0 * MARGIN_PX };
    let zoom =
        (room.width / cards.width.max(1.0)).min(room.height / cards.height.max(1.0)).min(0.12);
    let middle = cards.center();
    Some(Camera {
        x: SIZE.width / 2.0 - middle.x * zoom,
        y: SIZE.height / 2.0 - middle.y * zoom,
        zoom,
    })
}

/// A frame that leaves the map ends at its border.
fn clipped(corner: Point, width: f64, height: f64) -> Rect {
    let (left, top) =
        (corner.x.clamp(2.0, SIZE.width - 4.0), corner.y.clamp(2.0, SIZE.height - 4.0));
    let right = (corner.x + width).clamp(left + 2.0, SIZE.width - 2.0);
    let bottom = (corner.y + height).clamp(top + 2.0, SIZE.height - 2.0);
    Rect::new(left, top, right - left, bottom - top)
}
