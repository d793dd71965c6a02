//! The field under the hands: many fields count only when they are left, so what stands in them is kept by itself, and typed again when a killed tab is opened.

use super::{Draft, journal::Typing};
use crate::{
    edit::{Editing, View},
    language::t,
};
use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlInputElement, HtmlTextAreaElement};

/// The parts of the screen whose fields belong to the workflow.
const PARTS: &str = ".right, .title, .json";
/// How long to wait for a field that is still being made, and how often to look.
const TRIES: u32 = 100;
const TRY_MS: u32 = 60;

impl Draft {
    /// Keeps what is typed from the first letter until the field is left.
    pub(super) fn watch_typing(self) {
        let typed = window_event_listener(leptos::ev::input, move |event| {
            if let Some(typing) = typing_in(&event, self) {
                self.journal.update_value(|journal| journal.note_typing(Some(&typing)));
            }
        });
        let left = move |event: &Event| {
            if field_of(event).is_some() {
                self.journal.update_value(|journal| journal.note_typing(None));
            }
        };
        let changed = window_event_listener(leptos::ev::change, move |event| left(&event));
        let blurred = window_event_listener(leptos::ev::focusout, move |event| left(&event));
        on_cleanup(move || {
            typed.remove();
            changed.remove();
            blurred.remove();
        });
    }

    /// Types again what stood in a field when the tab was killed.
    pub fn bring_back_typing(self, editing: Editing) {
        let Some(typing) = self.typed.get_value() else { return };
        self.journal.update_value(|journal| journal.take_over_typing(&typing));
        if typing.is_json {
            editing.view.set(View::Json);
        } else if let Some(node) = &typing.node {
            self.drawing.select(vec![node.clone()]);
        }
        spawn_local(async move {
            for _ in 0..TRIES {
                TimeoutFuture::new(TRY_MS).await;
                if self.state.is_disposed() {
                    return;
                }
                let Some(field) = find(&typing) else { continue };
                if text_of(&field).as_deref() != Some(&typing.text) {
                    type_again(&field, &typing.text);
                    self.toasts.say(t("Brought back what was not saved yet"));
                }
                return;
            }
        });
    }
}

fn typing_in(event: &Event, draft: Draft) -> Option<Typing> {
    let field = field_of(event)?;
    let text = text_of(&field)?;
    let (selector, index) = place_of(&field)?;
    Some(Typing {
        node: draft.drawing.selection_untracked().into_iter().next(),
        is_json: field.closest(".json").ok().flatten().is_some(),
        selector,
        index,
        text,
    })
}

/// The field of the workflow that an event is about. What is typed as a password is written nowhere.
fn field_of(event: &Event) -> Option<Element> {
    let field = event.target()?.dyn_into::<Element>().ok()?;
    let kind = field.get_attribute("type").unwrap_or_default();
    let is_text = matches!(kind.as_str(), "" | "text" | "url" | "email" | "tel" | "number");
    let is_field = matches!(field.tag_name().as_str(), "INPUT" | "TEXTAREA") && is_text;
    (is_field && field.closest(PARTS).ok()?.is_some()).then_some(field)
}

/// How the field is found again: by its id, else by what it is called.
fn place_of(field: &Element) -> Option<(String, u32)> {
    let quoted = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
    let selector = match (field.id(), field.get_attribute("aria-label")) {
        (id, _) if !id.is_empty() => format!("[id=\"{}\"]", quoted(&id)),
        (_, Some(label)) => format!("[aria-label=\"{}\"]", quoted(&label)),
        _ => return None,
    };
    let same = document().query_selector_all(&selector).ok()?;
    let index = (0..same.length()).find(|index| {
        same.get(*index).is_some_and(|other| other.is_same_node(Some(field.as_ref())))
    })?;
    Some((selector, index))
}

fn find(typing: &Typing) -> Option<Element> {
    let found = document().query_selector_all(&typing.selector).ok()?.get(typing.index)?;
    let field = found.dyn_into::<Element>().ok()?;
    field.closest(PARTS).ok()?.is_some().then_some(field)
}

fn text_of(field: &Element) -> Option<String> {
    let input = field.dyn_ref::<HtmlInputElement>().map(HtmlInputElement::value);
    input.or_else(|| field.dyn_ref::<HtmlTextAreaElement>().map(HtmlTextAreaElement::value))
}

fn type_again(field: &Element, text: &str) {
    if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
        input.set_value(text);
        let _ = input.focus();
    } else if let Some(area) = field.dyn_ref::<HtmlTextAreaElement>() {
        area.set_value(text);
        let _ = area.focus();
    }
    for name in ["input", "change"] {
        // Not every field listens to both; each takes it in its own way.
        if let Some(event) = bubbling(name) {
            let _ = field.dispatch_event(&event);
        }
    }
}

fn bubbling(name: &str) -> Option<Event> {
    let event = Event::new(name).ok()?;
    event.init_event_with_bubbles(name, true);
    Some(event)
}
