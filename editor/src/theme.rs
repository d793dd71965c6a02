//! Light or dark: as the system says, until somebody chooses.

use crate::icon::Icon;
use leptos::prelude::*;

/// Where the choice is kept, in the browser.
const STORED_AS: &str = "phloem.theme";

/// The choice of theme.
#[derive(Clone, Copy)]
pub struct Theme {
    is_dark: RwSignal<bool>,
}

impl Theme {
    /// Takes the kept choice, else the system's, and sets it on the page from now on.
    pub fn begin() -> Theme {
        let kept = local_storage().and_then(|storage| storage.get_item(STORED_AS).ok().flatten());
        let is_dark = match kept.as_deref() {
            Some(theme) => theme == "dark",
            None => system_is_dark(),
        };
        let theme = Theme { is_dark: RwSignal::new(is_dark) };
        Effect::new(move |_| {
            if let Some(root) = document().document_element() {
                let _ = root.set_attribute("data-theme", theme.name());
            }
        });
        theme
    }

    fn name(self) -> &'static str {
        if self.is_dark.get() { "dark" } else { "light" }
    }

    fn switch(self) {
        self.is_dark.update(|is_dark| *is_dark = !*is_dark);
        if let Some(storage) = local_storage() {
            // Without storage the choice holds until the page is closed.
            let _ = storage.set_item(STORED_AS, untrack(|| self.name()));
        }
    }
}

/// The browser's lasting storage, where it is allowed.
pub fn local_storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

fn system_is_dark() -> bool {
    let query = window().match_media("(prefers-color-scheme: dark)").ok().flatten();
    query.is_some_and(|query| query.matches())
}

/// The button that changes the theme.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let theme: Theme = expect_context();
    let words = move || if theme.is_dark.get() { "Use light colours" } else { "Use dark colours" };
    let icon =
        Signal::derive(move || String::from(if theme.is_dark.get() { "sun" } else { "moon" }));
    view! {
        <button type="button" class="btn ghost square" aria-label=words title=words on:click=move |_| theme.switch()>
            <Icon name=icon />
        </button>
    }
}
