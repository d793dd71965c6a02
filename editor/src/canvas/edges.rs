//! The edges: one SVG for all of them, and above it what the pointer can do with one.

use diagram::hit::Route;
use diagram::{Point, PortId, geometry, routing};
use leptos::prelude::*;

use crate::canvas::Lit;
use crate::canvas::stage::{Purpose, Stage};
use crate::icon::Icon;

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
    let d = move || {
        stage.wire.with(|wire| {
            let wire = wire.as_ref()?;
            let target = stage.wire_target.get();
            stage.drawing.with(|document| {
                let from = geometry::port_of(document, &wire.from)?;
                let input = target.and_then(|target| geometry::input(document.node(&target)?));
                let path = match input {
                    Some(to) => {
                        let source = geometry::card(document.node(&wire.from.node)?);
                        let target = stage.wire_target.get_untracked();
                        let card = target
                            .and_then(|name| document.node(&name).map(|node| geometry::card(node)));
                        let row = document.node(&wire.from.node)?.row_of(&wire.from.state)?;
                        routing::route(from, to, source, card.unwrap_or(source), row)
                    }
                    None => routing::draft(from, wire.to),
                };
                Some((path.to_svg(), path.end()))
            })
        })
    };
    move || {
        d().map(|(d, Point { x, y })| {
            view! {
                <path class="edge draft" d=d></path>
                <circle class="draft-end" cx=x cy=y r="5"></circle>
            }
        })
    }
}

/// At the middle of the edge under the pointer: put a step in, take it away, and what it is called.
#[component]
pub fn EdgeTools(stage: Stage) -> impl IntoView {
    let edge = Memo::new(move |_| {
        if stage.is_read_only
            || stage.wire.with(Option::is_some)
            || !stage.carried.with_value(|c| c.names.is_empty())
        {
            return None;
        }
        stage.drawing.revision();
        let port = stage.hovered_edge.get().or_else(|| stage.selected_edge.get())?;
        let middle = stage
            .drawing
            .with_scene(|scene, _| scene.route(&port).map(|r: &Route| r.path.middle()))?;
        Some((port, middle.x.round() as i64, middle.y.round() as i64))
    });
    move || {
        edge.get().map(|(port, x, y)| {
            let label = stage.drawing.node(&port.node).map(|node| node.label_of(&port.state).to_owned());
            let (into, off) = (port.clone(), port);
            let add = move |_| {
                let at = stage.drawing.camera().get_untracked().to_screen(Point::new(x as f64, y as f64));
                stage.choose(at.moved(-14.0, 16.0), Purpose::Into(into.clone()));
            };
            view! {
                <div class="edge-tools" data-nodrag="" style=format!("transform:translate({x}px,{y}px) translate(-50%,-50%)")>
                    <button type="button" tabindex="-1" title="Put a step in here" aria-label="Put a step in here" on:click=add>
                        <Icon name="plus" small=true />
                    </button>
                    <span>{label}</span>
                    <button
                        type="button"
                        tabindex="-1"
                        title="Disconnect"
                        aria-label="Disconnect"
                        on:click=move |_| {
                            stage.hovered_edge.set(None);
                            stage.disconnect(off.clone());
                        }
                    >
                        <Icon name="close" small=true />
                    </button>
                </div>
            }
        })
    }
}
