//! A walk through the screen in six stops, for whoever is here for the first time. It is offered, never forced; who has taken or declined it is not asked again.

use super::{Editing, View};
use crate::dialog::give_focus_back;
use crate::icon::Icon;
use crate::language::{t, tf};
use crate::shell::Shell;
use crate::theme::local_storage;
use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;

/// Where it is kept that the offer was answered.
const STORED_AS: &str = "phloem.tour";
/// How wide the words are, and how far they stay from what they are about.
const WIDTH_PX: f64 = 320.0;
const HEIGHT_PX: f64 = 210.0;
const GAP_PX: f64 = 14.0;

/// One stop: where, and what is said there.
struct Stop {
    /// The element it is about.
    at: &'static str,
    title: &'static str,
    words: &'static str,
}

const STOPS: &[Stop] = &[
    Stop {
        at: ".left",
        title: "Steps to add",
        words: "Everything a call or a text can do. Drag a step onto the canvas, or press / and type what you want to happen.",
    },
    Stop {
        at: ".canvas",
        title: "The canvas",
        words: "Read it from left to right, as a caller goes through it. Pull a line from the dot of a way out to the next step, or press A to choose one.",
    },
    Stop {
        at: ".right",
        title: "Settings",
        words: "Select a step and say here what it does. What a step knows, such as the keys that were pressed, can be put into every text.",
    },
    Stop {
        at: ".problems",
        title: "Checked while you draw",
        words: "What would go wrong is listed here, with the place and what helps. Nothing has to be right before you are done.",
    },
    Stop {
        at: "[data-tour=try]",
        title: "Try it first",
        words: "A phone on the screen calls your workflow, and the way of the call lights up on the canvas. Nobody is called and nothing is charged.",
    },
    Stop {
        at: "[data-tour=publish]",
        title: "Publish when it is good",
        words: "Your draft is saved while you work. Callers hear a version only after you publish it, and every version stays. Ctrl+K finds everything else.",
    },
];

/// Whether the tour shall be offered. Tracked.
pub fn is_wanted(shell: Shell) -> bool {
    shell.tour().get();
    let answer = local_storage().and_then(|storage| storage.get_item(STORED_AS).ok().flatten());
    answer.is_none()
}

/// Starts it, or says for good that it is not wanted.
pub fn answer(shell: Shell, is_taken: bool) {
    if let Some(storage) = local_storage() {
        // Without storage it is offered again next time.
        let _ = storage.set_item(STORED_AS, "seen");
    }
    shell.tour().set(is_taken.then_some(0));
}

/// The offer, where the panel has room for it.
#[component]
pub fn TourOffer() -> impl IntoView {
    let shell = Shell::of_context();
    move || {
        is_wanted(shell).then(|| {
            view! {
                <div class="notice tour-offer">
                    <strong>{t("New here?")}</strong>
                    <span>{t("See in a minute how a workflow is drawn, tried and published.")}</span>
                    <div class="row">
                        <button type="button" class="btn small primary" on:click=move |_| answer(shell, true)>{t("Show me around")}</button>
                        <button type="button" class="btn small ghost" on:click=move |_| answer(shell, false)>{t("No, thanks")}</button>
                    </div>
                </div>
            }
        })
    }
}

/// The tour, while it goes on.
#[component]
pub fn Tour() -> impl IntoView {
    let shell = Shell::of_context();
    let is_on = Memo::new(move |_| shell.tour().get().is_some());
    move || is_on.get().then(|| view! { <Walk /> })
}

#[component]
fn Walk() -> impl IntoView {
    let shell = Shell::of_context();
    let editing = Editing::of_context();
    editing.view.set(View::Canvas);
    give_focus_back();
    let at = Memo::new(move |_| shell.tour().get().unwrap_or_default().min(STOPS.len() - 1));
    let moved = RwSignal::new(0_u32);
    let resized = window_event_listener(ev::resize, move |_| moved.update(|count| *count += 1));
    on_cleanup(move || resized.remove());
    // The canvas may have to be mounted first.
    request_animation_frame(move || {
        let _ = moved.try_update(|count| *count += 1);
    });
    let area = Memo::new(move |_| {
        moved.track();
        area_of(STOPS[at.get()].at)
    });
    let card = NodeRef::<html::Div>::new();
    Effect::new(move || {
        at.track();
        if let Some(card) = card.get() {
            let _ = card.focus();
        }
    });
    let go = move |by: i32| {
        let next = usize::try_from(at.get_untracked() as i32 + by).unwrap_or_default();
        if next < STOPS.len() { shell.tour().set(Some(next)) } else { answer(shell, false) }
    };
    let pressed = move |event: web_sys::KeyboardEvent| {
        event.stop_propagation();
        match event.key().as_str() {
            "Escape" => answer(shell, false),
            "ArrowRight" => go(1),
            "ArrowLeft" => go(-1),
            _ => return,
        }
        event.prevent_default();
    };
    let spot = move || {
        let Area { x, y, width, height } = area.get();
        format!("transform:translate({x}px,{y}px);width:{width}px;height:{height}px")
    };
    let place = move || {
        let (left, top) = beside(area.get());
        format!("transform:translate({left}px,{top}px)")
    };
    let count = STOPS.len();
    view! {
        <div class="tour-spot" style=spot aria-hidden="true"></div>
        <div
            class="tour"
            role="dialog"
            aria-label=move || tf("Tour: {title}", &[("title", &t(STOPS[at.get()].title))])
            tabindex="-1"
            node_ref=card
            style=place
            on:keydown=pressed
        >
            <p class="faint num">{move || tf("{n} of {count}", &[("n", &(at.get() + 1)), ("count", &count)])}</p>
            <h2>{move || t(STOPS[at.get()].title)}</h2>
            <p aria-live="polite">{move || t(STOPS[at.get()].words)}</p>
            <div class="row">
                <button type="button" class="btn small ghost" on:click=move |_| answer(shell, false)>{t("Skip the tour")}</button>
                <span class="grow"></span>
                <Show when=move || { at.get() > 0 }>
                    <button type="button" class="btn small" on:click=move |_| go(-1)>{t("Back")}</button>
                </Show>
                <button type="button" class="btn small primary" on:click=move |_| go(1)>
                    {move || if at.get() + 1 == count { t("Done") } else { t("Next") }}
                    <Icon name="arrow-right" small=true />
                </button>
            </div>
        </div>
    }
}

/// A part of the window.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Area {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

fn window_size() -> (f64, f64) {
    let side = |value: Result<wasm_bindgen::JsValue, _>| {
        value.ok().and_then(|value| value.as_f64()).unwrap_or_default()
    };
    (side(window().inner_width()), side(window().inner_height()))
}

/// Where an element is; the middle of the window if it is not shown.
fn area_of(selector: &str) -> Area {
    let element = document().query_selector(selector).ok().flatten();
    let element = element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
    let area = element.map(|element| element.get_bounding_client_rect());
    match area.filter(|area| area.width() > 0.0) {
        Some(area) => Area {
            x: area.left() - 4.0,
            y: area.top() - 4.0,
            width: area.width() + 8.0,
            height: area.height() + 8.0,
        },
        None => {
            let (width, height) = window_size();
            Area { x: width / 2.0, y: height / 3.0, width: 0.0, height: 0.0 }
        }
    }
}

/// A place for the words: right of it, left of it, below or above, else within.
fn beside(area: Area) -> (f64, f64) {
    let (width, height) = window_size();
    let within = |left: f64, top: f64| {
        (
            left.clamp(GAP_PX, (width - WIDTH_PX - GAP_PX).max(GAP_PX)),
            top.clamp(GAP_PX, (height - HEIGHT_PX - GAP_PX).max(GAP_PX)),
        )
    };
    let top = area.y + (area.height - HEIGHT_PX) / 4.0;
    if area.width > width / 2.0 {
        return within(area.x + (area.width - WIDTH_PX) / 2.0, area.y + area.height / 5.0);
    }
    if area.height < height / 3.0 {
        let below = area.y + area.height + GAP_PX;
        let top = if below + HEIGHT_PX < height { below } else { area.y - HEIGHT_PX - GAP_PX };
        return within(area.x + area.width / 2.0 - WIDTH_PX / 2.0, top);
    }
    if area.x + area.width + GAP_PX + WIDTH_PX < width {
        within(area.x + area.width + GAP_PX, top)
    } else {
        within(area.x - WIDTH_PX - GAP_PX, top)
    }
}
