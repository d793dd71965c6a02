//! The edges: one SVG for all of them, and above it what the pointer can do with one.

use diagram::hit::{Route, route_between};
use diagram::{Point, PortId, geometry, routing};
use leptos::prelude::*;

use crate::canvas::Lit;
use crate::canvas::stage::{Purpose, Stage};
use crate::icon::Icon;
use crate::language::t;

/// An edge this long on the screen has room for its label and both buttons.
const TOOLS_ROOM_PX: f64 = 190.0;

/// All mounted edges, and the one being drawn.
#[component]
pub fn Edges(stage: Stage, lit: Memo<Lit>) -> impl IntoView {
    view! {
        <svg class="canvas-edges" aria-hidden="true">
            <For each=move || stage.mounted.with(|mounted| mounted.edges.clone()) key=PortId::clone let(port)>
                <Edge stage port lit />
            </For>
            <Raised stage port=stage.hovered_edge class="edge hovered" />
            <Raised stage port=stage.selected_edge class="edge selected" />
            <Draft stage />
        </svg>
    }
}

#[component]
fn Edge(stage: Stage, port: PortId, lit: Memo<Lit>) -> impl IntoView {
    let line = stage.drawing.line(&port)?;
    let edge = (port.node.clone(), port.state.clone());
    let is_taken = Memo::new(move |_| lit.with(|lit| lit.taken.contains(&edge)));
    Some(view! {
        <path
            class="edge"
            class:taken=move || is_taken.get()
            data-edge=format!("{}.{}", port.node, port.state)
            d=move || line.get()
        ></path>
    })
}

/// The same edge once more, on top and stronger.
#[component]
fn Raised(stage: Stage, port: RwSignal<Option<PortId>>, class: &'static str) -> impl IntoView {
    move || {
        let line = port.with(|port| stage.drawing.line(port.as_ref()?))?;
        Some(view! { <path class=class d=move || line.get()></path> })
    }
}

/// The edge being drawn; it snaps to the input it would lead to.
#[component]
fn Draft(stage: Stage) -> impl IntoView {
    let path = move || {
        let wire = stage.wire.get()?;
        let target = stage.wire_target.get();
        stage.drawing.with_scene(|scene, document| {
            let from = document.node(&wire.from.node)?;
            let to = target.and_then(|target| document.node(&target));
            match to {
                Some(to) => {
                    route_between(from, &wire.from.state, to, |area| scene.card_in(area, &[]))
                }
                None => Some(routing::draft(geometry::port(from, &wire.from.state)?, wire.to)),
            }
        })
    };
    move || {
        path().map(|path| {
            let Point { x, y } = path.end();
            view! {
                <path class="edge draft" d=path.to_svg()></path>
                <circle class="draft-end" cx=x cy=y r="5"></circle>
            }
        })
    }
}

/// At the middle of the edge under the pointer: put a step in, what it is called, take it away. As large on the
/// screen at every zoom.
#[component]
pub fn EdgeTools(stage: Stage) -> impl IntoView {
    let edge = Memo::new(move |_| {
        let is_busy = stage.wire.with(Option::is_some)
            || stage.chooser.with(Option::is_some)
            || stage.carried.with(|carried| !carried.names.is_empty());
        if stage.is_read_only || is_busy {
            return None;
        }
        stage.drawing.revision();
        let port = stage.hovered_edge.get().or_else(|| stage.selected_edge.get())?;
        let path = stage
            .drawing
            .with_scene(|scene, _| scene.route(&port).map(|route: &Route| route.path.clone()))?;
        Some((port, path))
    });
    let camera = stage.drawing.camera();
    move || {
        edge.get().map(|(port, path)| {
            let label = stage.drawing.port_label(&port);
            let (middle, length) = (path.middle(), path.length());
            let (into, off) = (port.clone(), port);
            let add = move |_| {
                let at = camera.get_untracked().to_screen(middle);
                stage.choose(at.moved(-14.0, 16.0), Purpose::Into(into.clone()));
            };
            let disconnect = Callback::new(move |()| {
                stage.hovered_edge.set(None);
                stage.disconnect(off.clone());
            });
            let style = move || {
                let zoom = camera.with(|camera| camera.zoom);
                let Point { x, y } = middle;
                format!("transform:translate({x}px,{y}px) scale({}) translate(-50%,-50%)", 1.0 / zoom)
            };
            // Where there is no room beside the cards, the button alone.
            let has_room = Memo::new(move |_| length * camera.with(|camera| camera.zoom) > TOOLS_ROOM_PX);
            view! {
                <div class="edge-tools" data-nodrag="" style=style>
                    <button type="button" tabindex="-1" title=t("Put a step in here") aria-label=t("Put a step in here") on:click=add>
                        <Icon name="plus" small=true />
                    </button>
                    <Show when=move || has_room.get()>
                        <span>{label.clone()}</span>
                        <button
                            type="button"
                            tabindex="-1"
                            title=t("Disconnect")
                            aria-label=t("Disconnect")
                            on:click=move |_| disconnect.run(())
                        >
                            <Icon name="close" small=true />
                        </button>
                    </Show>
                </div>
            }
        })
    }
}
