//! Short messages that come and go, also read aloud.

use crate::{icon::Icon, language::t};
use gloo_timers::callback::Timeout;
use leptos::prelude::*;

/// How long a message stays. People read about three words a second; messages have at most fifteen.
const SHOWN_MS: u32 = 6_000;

/// A message that can be answered stays longer: it has to be read and decided about.
const OFFERED_MS: u32 = 15_000;

/// One message, and what can be done about it.
#[derive(Clone)]
struct Toast {
    id: u32,
    words: String,
    deed: Option<(&'static str, Callback<()>)>,
}

/// The messages on screen; newest last.
#[derive(Clone, Copy, Default)]
pub struct Toasts {
    shown: RwSignal<Vec<Toast>>,
    next_id: StoredValue<u32>,
}

impl Toasts {
    /// The page's messages.
    pub fn of_context() -> Toasts {
        expect_context()
    }

    /// Shows and announces one.
    pub fn say(self, words: impl Into<String>) {
        self.show(words.into(), None, SHOWN_MS);
    }

    /// The same with a button: what it says and does.
    pub fn offer(self, words: impl Into<String>, button: &'static str, deed: Callback<()>) {
        self.show(words.into(), Some((button, deed)), OFFERED_MS);
    }

    fn show(self, words: String, deed: Option<(&'static str, Callback<()>)>, shown_ms: u32) {
        let id = self.next_id.get_value();
        self.next_id.set_value(id.wrapping_add(1));
        self.shown.update(|shown| shown.push(Toast { id, words, deed }));
        Timeout::new(shown_ms, move || self.dismiss(id)).forget();
    }

    fn dismiss(self, id: u32) {
        self.shown.update(|shown| shown.retain(|toast| toast.id != id));
    }
}

/// Where messages appear.
#[component]
pub fn ToastStack() -> impl IntoView {
    let toasts = Toasts::of_context();
    view! {
        <div class="toasts" role="status" aria-live="polite">
            <For each=move || toasts.shown.get() key=|toast| toast.id let(Toast { id, words, deed })>
                <div class="toast">
                    <span>{words}</span>
                    {deed.map(|(button, deed)| view! {
                        <button type="button" class="toast-deed" on:click=move |_| {
                            toasts.dismiss(id);
                            deed.run(());
                        }>{button}</button>
                    })}
                    <button type="button" class="toast-close" aria-label=t("Dismiss") on:click=move |_| toasts.dismiss(id)>
                        <Icon name="close" small=true />
                    </button>
                </div>
            </For>
        </div>
    }
}
