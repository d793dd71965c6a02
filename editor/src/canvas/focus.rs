//! Where the keyboard is: one card, or one way out of it, is the canvas's single tab stop.

use diagram::{Point, PortId};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use crate::canvas::marks::Mark;
use crate::canvas::stage::{Purpose, Stage};

impl Stage {
    /// The card that the keyboard is on, if it still exists; else the first in reading order.
    pub fn active_card(self) -> Option<String> {
        let active = self.active.get_untracked();
        let active = active.filter(|name| self.drawing.with(|document| document.contains(name)));
        active.or_else(|| self.drawing.first())
    }

    /// The way out that has the focus.
    pub fn focused_port(self) -> Option<PortId> {
        let focused = document().active_element()?;
        let node = focused.get_attribute("data-port-node")?;
        Some(PortId::new(node, focused.get_attribute("data-port-state")?))
    }

    /// Moves the keyboard to a card, and the camera with it.
    pub fn focus_card(self, name: &str) {
        let fold = self.drawing.with_scene(|scene, _| scene.fold(name).cloned());
        if let Some(fold) = fold {
            // The card of its group stands for it.
            self.focus_mark(&Mark::Group(fold.group));
            return;
        }
        self.active.set(Some(name.to_owned()));
        self.mount_visible();
        self.drawing.bring_into_view(name);
        let name = name.to_owned();
        // The card may be mounted just now.
        request_animation_frame(move || {
            self.focus_element("[data-node]", |element| {
                element.get_attribute("data-node").as_ref() == Some(&name)
            });
        });
    }

    /// Moves the keyboard to a way out of a card.
    pub fn focus_port(self, port: &PortId) {
        self.active.set(Some(port.node.clone()));
        self.mount_visible();
        self.drawing.bring_into_view(&port.node);
        let port = port.clone();
        request_animation_frame(move || {
            self.focus_element("[data-port-node]", |element| {
                element.get_attribute("data-port-node").as_ref() == Some(&port.node)
                    && element.get_attribute("data-port-state").as_ref() == Some(&port.state)
            });
        });
    }

    /// Moves the keyboard to the canvas itself, after what had it is gone.
    pub fn focus_surface(self) {
        if let Some(surface) = self.surface.get_untracked() {
            focus_quietly(&surface);
        }
    }

    pub(super) fn focus_element(self, selector: &str, is_wanted: impl Fn(&Element) -> bool) {
        let Some(surface) = self.surface.try_get_untracked().flatten() else { return };
        let Ok(found) = surface.query_selector_all(selector) else { return };
        let elements =
            (0..found.length()).filter_map(|index| found.item(index)?.dyn_into::<Element>().ok());
        let element = elements.into_iter().find(|element| is_wanted(element));
        if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            focus_quietly(&element);
        }
    }

    /// Opens the list of steps for a way out, beside it.
    pub fn choose_from(self, port: PortId) {
        let camera = self.drawing.camera().get_untracked();
        let place = self.drawing.with_scene(|scene, document| {
            let hidden =
                || scene.card(&port.node).map(|card| Point::new(card.right(), card.bottom()));
            diagram::geometry::port_of(document, &port).or_else(hidden)
        });
        let at = camera.to_screen(place.unwrap_or_default());
        self.choose(at.moved(20.0, -16.0), Purpose::From(port, None));
    }

    /// Opens the list of steps for what is selected, or for the middle of the view.
    pub fn choose_next(self) {
        let selected = self.drawing.selection_untracked();
        if let [name] = selected.as_slice() {
            let free = self.drawing.node(name).and_then(|node| {
                let mut states = node.states();
                states.find(|state| !node.next.contains_key(*state)).map(str::to_owned)
            });
            if let Some(state) = free {
                self.choose_from(PortId::new(name, state));
                return;
            }
        }
        let size = self.drawing.size().get_untracked();
        self.choose(Point::new(size.width / 2.0 - 140.0, size.height / 4.0), Purpose::After);
    }
}

/// Gives the focus without letting the browser scroll what must not scroll.
fn focus_quietly(element: &HtmlElement) {
    let options = js_sys::Object::new();
    let _ = js_sys::Reflect::set(&options, &"preventScroll".into(), &true.into());
    let focus = js_sys::Reflect::get(element, &"focus".into()).ok();
    if let Some(focus) = focus.and_then(|focus| focus.dyn_into::<js_sys::Function>().ok()) {
        let _ = focus.call1(element, &options);
    }
}
