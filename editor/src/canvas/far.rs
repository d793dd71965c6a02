//! Far out, where cards would be specks: coloured boxes and thin lines on a `<canvas>`.

use std::collections::HashMap;

use diagram::viewport::{Camera, Size};
use diagram::{PortId, Rect};
use leptos::html::Canvas;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use crate::canvas::Lit;
use crate::canvas::stage::{Detail, Stage};
use crate::drawing::Drawing;

/// The colours of a theme are asked for no more often than this, in milliseconds.
const COLORS_MS: f64 = 500.0;

/// The underlay; empty as long as cards are shown.
#[component]
pub fn FarCanvas(stage: Stage, lit: Memo<Lit>) -> impl IntoView {
    let canvas = NodeRef::<Canvas>::new();
    let drawing = stage.drawing;
    let colors = StoredValue::new(None::<(f64, Colors)>);
    Effect::new(move || {
        let Some(canvas) = canvas.get() else { return };
        let is_far = stage.detail.get() == Detail::Far;
        if !is_far {
            canvas.set_width(0);
            return;
        }
        drawing.revision();
        let selected = drawing.selection();
        let (camera, size) = (drawing.camera().get(), drawing.size().get());
        let Some(pen) = begin(&canvas, size) else { return };
        // Asking for styles has the browser compute them all; the theme does not change in the middle of a journey.
        let now_ms = js_sys::Date::now();
        colors.update_value(|kept| {
            if kept.as_ref().is_none_or(|(asked_ms, _)| now_ms - asked_ms > COLORS_MS) {
                *kept = Some((now_ms, Colors::of(&canvas)));
            }
        });
        let kept = colors.get_value();
        let Some((_, colors)) = kept else { return };
        lit.with(|lit| {
            paint_edges(&pen, drawing, camera, size, &colors, lit);
            paint_cards(&pen, drawing, camera, size, &colors, |name| {
                selected.iter().any(|other| other == name) || lit.current.contains(name)
            });
        });
    });
    view! { <canvas class="canvas-far" aria-hidden="true" node_ref=canvas></canvas> }
}

/// Makes the canvas as fine as the screen and gives a pen that draws in screen pixels.
pub fn begin(canvas: &HtmlCanvasElement, size: Size) -> Option<CanvasRenderingContext2d> {
    let density = window().device_pixel_ratio().clamp(1.0, 3.0);
    // Setting the size also wipes it.
    canvas.set_width((size.width * density) as u32);
    canvas.set_height((size.height * density) as u32);
    let pen = canvas.get_context("2d").ok()??.dyn_into::<CanvasRenderingContext2d>().ok()?;
    pen.scale(density, density).ok()?;
    Some(pen)
}

/// The colours of the theme in force.
#[derive(Clone)]
pub struct Colors {
    /// Of edges.
    pub line: String,
    card: String,
    /// Of what is selected and where a run is.
    pub accent: String,
    groups: Vec<(&'static str, String)>,
}

impl Colors {
    /// Asks the style sheets.
    pub fn of(canvas: &HtmlCanvasElement) -> Colors {
        let style = window().get_computed_style(canvas).ok().flatten();
        let color = |name: &str| {
            let value = style.as_ref().and_then(|style| style.get_property_value(name).ok());
            value
                .map(|value| value.trim().to_owned())
                .filter(|value| !value.is_empty())
                .unwrap_or_else(|| "gray".to_owned())
        };
        let groups = ["trigger", "talk", "listen", "call", "message", "logic", "integrate"];
        Colors {
            line: color("--far-line"),
            card: color("--far-card"),
            accent: color("--far-accent"),
            groups: groups.map(|group| (group, color(&format!("--far-{group}")))).to_vec(),
        }
    }

    fn group(&self, kind: &str) -> &str {
        let group = engine::components::face(kind).map(|face| face.group.as_str());
        let found = self.groups.iter().find(|(name, _)| Some(*name) == group);
        found.map_or(&self.card, |(_, color)| color)
    }
}

/// All lines of a colour are one path: one call that strokes costs as much as a thousand points.
fn paint_edges(
    pen: &CanvasRenderingContext2d,
    drawing: Drawing,
    camera: Camera,
    size: Size,
    colors: &Colors,
    lit: &Lit,
) {
    pen.set_line_width(1.0);
    drawing.with_scene(|scene, _| {
        let is_taken = |port: &PortId| lit.taken.contains(&(port.node.clone(), port.state.clone()));
        let ports = scene.edges_in(&camera.visible(size));
        let (taken, others): (Vec<_>, Vec<_>) = if lit.taken.is_empty() {
            (Vec::new(), ports.into_iter().collect())
        } else {
            ports.into_iter().partition(is_taken)
        };
        for (ports, color) in [(others, &colors.line), (taken, &colors.accent)] {
            pen.set_stroke_style_str(color);
            pen.begin_path();
            for route in ports.iter().filter_map(|port| scene.route(port)) {
                let mut points =
                    route.path.pieces().into_iter().map(|point| camera.to_screen(point));
                if let Some(first) = points.next() {
                    pen.move_to(first.x, first.y);
                }
                for at in points {
                    pen.line_to(at.x, at.y);
                }
            }
            pen.stroke();
        }
    });
}

fn paint_cards(
    pen: &CanvasRenderingContext2d,
    drawing: Drawing,
    camera: Camera,
    size: Size,
    colors: &Colors,
    is_marked: impl Fn(&str) -> bool,
) {
    drawing.with_scene(|scene, document| {
        let mut boxes = Vec::new();
        let mut bands: HashMap<&str, Vec<Rect>> = HashMap::new();
        let mut marked = Vec::new();
        for name in scene.nodes_in(&camera.visible(size)) {
            let (Some(card), Some(node)) = (scene.card(&name), document.node(&name)) else {
                continue;
            };
            let corner = camera.to_screen(diagram::Point::new(card.x, card.y));
            let (width, height) = (card.width * camera.zoom, card.height * camera.zoom);
            let area = Rect::new(corner.x, corner.y, width, height);
            boxes.push(area);
            let band = Rect { height: (40.0 * camera.zoom).max(2.0), ..area };
            bands.entry(colors.group(&node.kind)).or_default().push(band);
            if is_marked(&name) {
                marked.push(area.grown(1.0));
            }
        }
        fill(pen, &colors.card, &boxes);
        for (color, bands) in &bands {
            fill(pen, color, bands);
        }
        pen.set_stroke_style_str(&colors.accent);
        pen.set_line_width(2.0);
        for area in marked {
            pen.stroke_rect(area.x, area.y, area.width, area.height);
        }
    });
}

fn fill(pen: &CanvasRenderingContext2d, color: &str, areas: &[Rect]) {
    pen.set_fill_style_str(color);
    pen.begin_path();
    for area in areas {
        pen.rect(area.x, area.y, area.width, area.height);
    }
    pen.fill();
}
