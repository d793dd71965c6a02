//! Short messages that come and go, also read aloud.

use crate::icon::Icon;
use gloo_timers::callback::Timeout;
use leptos::prelude::*;

/// How long a message stays. People read about three words a second; messages have at most fifteen.
const SHOWN_MS: u32 = 6_000;

/// The messages on screen; newest last.
#[derive(Clone, Copy, Default)]
pub struct Toasts {
    shown: RwSignal<Vec<(u32, String)>>,
    next_id: StoredValue<u32>,
}

impl Toasts {
    /// The page's messages.
    pub fn of_context() -> Toasts {
        expect_context()
    }

    /// Shows and announces one.
    pub fn say(self, words: impl Into<String>) {
        let id = self.next_id.get_value();
        self.next_id.set_value(id.wrapping_add(1));
        self.shown.update(|shown| shown.push((id, words.into())));
        Timeout::new(SHOWN_MS, move || self.dismiss(id)).forget();
    }

    fn dismiss(self, id: u32) {
        self.shown.update(|shown| shown.retain(|(other, _)| *other != id));
    }
}

/// Where messages appear.
#[component]
pub fn ToastStack() -> impl IntoView {
    let toasts = Toasts::of_context();
    view! {
        <div class="toasts" role="status" aria-live="polite">
            <For each=move || toasts.shown.get() key=|(id, _)| *id let((id, words))>
                <div class="toast">
                    <span>{words}</span>
                    <button type="button" class="toast-close" aria-label="Dismiss" on:click=move |_| toasts.dismiss(id)>
                        <Icon name="close" small=true />
                    </button>
                </div>
            </For>
        </div>
    }
}
