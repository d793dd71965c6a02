//! The twelve keys; those of the keyboard do the same while the phone has the focus.

use super::line::PhoneLine;
use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;

/// As on every telephone.
pub const KEYS: [char; 12] = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];
/// How long a key looks pressed.
const HIT_MS: u32 = 180;

/// The keypad.
#[component]
pub fn Keypad(line: PhoneLine) -> impl IntoView {
    let hit = RwSignal::new(None::<char>);
    let press = move |key: char| {
        hit.set(Some(key));
        gloo_timers::callback::Timeout::new(HIT_MS, move || {
            hit.try_set(None);
        })
        .forget();
        line.press(key);
    };
    let handle = window_event_listener(ev::keydown, move |event| {
        let key =
            event.key().chars().next().filter(|key| event.key().len() == 1 && KEYS.contains(key));
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let is_on_phone = target.is_some_and(|target| {
            target.closest(".phone").ok().flatten().is_some()
                && target.closest("input, textarea").ok().flatten().is_none()
        });
        if let Some(key) = key.filter(|_| is_on_phone && !event.ctrl_key() && !event.meta_key()) {
            event.prevent_default();
            press(key);
        }
    });
    on_cleanup(move || handle.remove());
    view! {
        <div class="pad" role="group" aria-label="Keypad">
            {KEYS.iter().map(|key| {
                let key = *key;
                view! {
                    <button type="button" class:hit=move || hit.get() == Some(key) aria-label=format!("Key {}", spoken(key)) on:click=move |_| press(key)>{key.to_string()}</button>
                }
            }).collect_view()}
        </div>
    }
}

fn spoken(key: char) -> String {
    match key {
        '*' => "star".to_owned(),
        '#' => "hash".to_owned(),
        digit => digit.to_string(),
    }
}
