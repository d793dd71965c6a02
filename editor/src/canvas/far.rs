//! Far out, where cards would be specks: coloured boxes and thin lines on a `<canvas>`.

use diagram::viewport::{Camera, Size};
use leptos::html::Canvas;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use crate::canvas::Lit;
use crate::canvas::stage::{Detail, Stage};
use crate::drawing::Drawing;

/// The underlay; empty as long as cards are shown.
#[component]
pub fn FarCanvas(stage: Stage, lit: Memo<Lit>) -> impl IntoView {
    let canvas = NodeRef::<Canvas>::new();
    let drawing = stage.drawing;
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
        let colors = Colors::of(&canvas);
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
        let group = engine::components::spec(kind).map(|spec| spec.group.as_str());
        let found = self.groups.iter().find(|(name, _)| Some(*name) == group);
        found.map_or(&self.card, |(_, color)| color)
    }
}

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
        for port in scene.edges_in(&camera.visible(size)) {
            let Some(route) = scene.route(&port) else { continue };
            let is_taken = lit.taken.contains(&(port.node.clone(), port.state.clone()));
            pen.set_stroke_style_str(if is_taken { &colors.accent } else { &colors.line });
            pen.begin_path();
            for point in route.path.pieces() {
                let at = camera.to_screen(point);
                pen.line_to(at.x, at.y);
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
        for name in scene.nodes_in(&camera.visible(size)) {
            let (Some(card), Some(node)) = (scene.card(&name), document.node(&name)) else {
                continue;
            };
            let corner = camera.to_screen(diagram::Point::new(card.x, card.y));
            let (width, height) = (card.width * camera.zoom, card.height * camera.zoom);
            pen.set_fill_style_str(&colors.card);
            pen.fill_rect(corner.x, corner.y, width, height);
            pen.set_fill_style_str(colors.group(&node.kind));
            pen.fill_rect(corner.x, corner.y, width, (40.0 * camera.zoom).max(2.0));
            if is_marked(&name) {
                pen.set_stroke_style_str(&colors.accent);
                pen.set_line_width(2.0);
                pen.stroke_rect(corner.x - 1.0, corner.y - 1.0, width + 2.0, height + 2.0);
            }
        }
    });
}
