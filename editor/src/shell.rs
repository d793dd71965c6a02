//! What belongs to the whole editor and not to one workflow: its settings and the sheet of keys.

mod keyboard;
mod settings;

pub use keyboard::KeyboardDialog;
pub use settings::SettingsMenu;

use crate::parts;
use leptos::prelude::*;

/// A dialog that every screen can open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShellDialog {
    /// The sheet of keys.
    Keyboard,
}

/// Opens the dialogs that every screen has.
#[derive(Clone, Copy, Default)]
pub struct Shell {
    open: RwSignal<Option<ShellDialog>>,
    tour: RwSignal<Option<usize>>,
}

impl Shell {
    /// The page's.
    pub fn of_context() -> Shell {
        expect_context()
    }

    /// At which stop the tour of the editing screen is, while it goes on.
    pub fn tour(self) -> RwSignal<Option<usize>> {
        self.tour
    }

    /// Opens a dialog.
    pub fn show(self, dialog: ShellDialog) {
        self.open.set(Some(dialog));
    }
}

/// Where these dialogs appear.
#[component]
pub fn ShellDialogs() -> impl IntoView {
    let shell = Shell::of_context();
    let close = Callback::new(move |()| shell.open.set(None));
    move || {
        shell.open.get().zip(parts::common()).map(|(dialog, common)| match dialog {
            ShellDialog::Keyboard => (common.keys)(close),
        })
    }
}
