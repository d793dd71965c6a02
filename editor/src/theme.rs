//! The editor's colours: light, dark or of high contrast; as the system says, until somebody chooses.

use crate::language::t;
use leptos::prelude::*;

/// Where the choice is kept, in the browser.
const STORED_AS: &str = "phloem.theme";

/// A set of colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// As the system has it.
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
    /// Black, white and strong lines; light or dark as the system has it.
    Contrast,
}

impl Look {
    /// In the order they are offered.
    pub const ALL: [Look; 4] = [Look::System, Look::Light, Look::Dark, Look::Contrast];

    /// Its name in storage and on the page.
    fn name(self) -> &'static str {
        match self {
            Look::System => "system",
            Look::Light => "light",
            Look::Dark => "dark",
            Look::Contrast => "contrast",
        }
    }

    /// What people read.
    pub fn words(self) -> &'static str {
        match self {
            Look::System => t("As the system"),
            Look::Light => t("Light"),
            Look::Dark => t("Dark"),
            Look::Contrast => t("High contrast"),
        }
    }

    /// Its picture.
    pub fn icon(self) -> &'static str {
        match self {
            Look::System => "settings",
            Look::Light => "sun",
            Look::Dark => "moon",
            Look::Contrast => "contrast",
        }
    }
}

/// The choice of colours. A handle: cheap to copy.
#[derive(Clone, Copy)]
pub struct Theme {
    look: RwSignal<Look>,
}

impl Theme {
    /// Takes the kept choice and sets it on the page from now on.
    pub fn begin() -> Theme {
        let kept = local_storage().and_then(|storage| storage.get_item(STORED_AS).ok().flatten());
        let look = Look::ALL.into_iter().find(|look| kept.as_deref() == Some(look.name()));
        let theme = Theme { look: RwSignal::new(look.unwrap_or(Look::System)) };
        Effect::new(move |_| {
            if let Some(root) = document().document_element() {
                let _ = root.set_attribute("data-theme", theme.look.get().name());
            }
        });
        theme
    }

    /// The chosen colours; tracked.
    pub fn look(self) -> Look {
        self.look.get()
    }

    /// Takes these colours and keeps the choice.
    pub fn choose(self, look: Look) {
        self.look.set(look);
        if let Some(storage) = local_storage() {
            // Without storage the choice holds until the page is closed.
            let _ = storage.set_item(STORED_AS, look.name());
        }
    }

    /// Takes the next colours and says which.
    pub fn next(self) -> &'static str {
        let now = self.look.get_untracked();
        let at = Look::ALL.iter().position(|look| *look == now).unwrap_or(0);
        let next = Look::ALL[(at + 1) % Look::ALL.len()];
        self.choose(next);
        next.words()
    }
}

/// The browser's lasting storage, where it is allowed.
pub fn local_storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}
