//! One way out of a node, as a row of its card.

use std::sync::Arc;

use diagram::{Node, PortId, geometry};
use leptos::prelude::*;

use crate::canvas::Lit;
use crate::canvas::stage::{Purpose, Stage};
use crate::drawing::file;
use crate::icon::Icon;
use crate::language::{t, tf};

/// One way out: its words, its dot, and where it leads.
#[component]
pub fn PortRow(
    stage: Stage,
    port: PortId,
    node: ArcRwSignal<Arc<Node>>,
    lit: Memo<Lit>,
) -> impl IntoView {
    let label = {
        let (node, state) = (node.clone(), port.state.clone());
        Memo::new(move |_| node.with(|node| file::port_label(node, &state)))
    };
    let target = {
        let state = port.state.clone();
        Memo::new(move |_| node.with(|node| node.next.get(&state).cloned()))
    };
    let is_connected = Memo::new(move |_| {
        // The target may come and go without this node changing.
        stage.drawing.revision();
        target.with(|target| {
            target.as_ref().is_some_and(|target| stage.drawing.node(target).is_some())
        })
    });
    let is_taken = {
        let edge = (port.node.clone(), port.state.clone());
        Memo::new(move |_| lit.with(|lit| lit.taken.contains(&edge)))
    };
    let is_source = {
        let port = port.clone();
        Memo::new(move |_| {
            stage.wire.with(|wire| wire.as_ref().is_some_and(|wire| wire.from == port))
        })
    };
    let words = move || {
        let label = label.get();
        match target.get().filter(|_| is_connected.get()) {
            Some(target) => tf(
                "{way}, leads to {step}",
                &[("way", &label), ("step", &stage.drawing.title(&target))],
            ),
            None => tf("{way}, ends here", &[("way", &label)]),
        }
    };
    let plus = port.clone();
    let add = move |_| {
        let place =
            stage.drawing.with(|document| geometry::port_of(document, &plus)).unwrap_or_default();
        let at = stage.drawing.camera().get_untracked().to_screen(place.moved(36.0, 0.0));
        stage.choose(at.moved(-14.0, -18.0), Purpose::From(plus.clone(), None));
    };
    view! {
        <li
            class="node-port"
            class:connected=move || is_connected.get()
            class:taken=move || is_taken.get()
            class:source=move || is_source.get()
        >
            <Show when=move || !is_connected.get()>
                <i>{t("ends here")}</i>
            </Show>
            <span class="node-port-label" title=move || label.get()>{move || label.get()}</span>
            <span
                class="port"
                data-port=format!("{}.{}", port.node, port.state)
                data-port-node=port.node.clone()
                data-port-state=port.state.clone()
                role="button"
                tabindex="-1"
                aria-label=words
            ></span>
            <Show when=move || !is_connected.get() && !stage.is_read_only>
                <button class="port-plus" type="button" tabindex="-1" aria-hidden="true" title=t("Add what comes next") on:click=add.clone()>
                    <Icon name="plus" small=true />
                </button>
            </Show>
        </li>
    }
}
