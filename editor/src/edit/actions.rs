//! What the commands of the editing screen do; which keys they have is in `commands`.

use super::tour;
use super::{Editing, OpenDialog, View, transfer};
use crate::commands::{By, Id, Keymap, chord_of, of};
use crate::language::t;
use crate::parts;
use crate::shell::{Shell, ShellDialog};
use crate::theme::Theme;
use crate::toast::Toasts;
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use wasm_bindgen::JsCast;

/// Leads to another screen.
type Go = Box<dyn Fn(&str)>;

/// Carries out commands. A handle: cheap to copy.
#[derive(Clone, Copy)]
pub struct Actions {
    editing: Editing,
    shell: Shell,
    theme: Theme,
    toasts: Toasts,
    go: StoredValue<Go, LocalStorage>,
}

impl Actions {
    /// Takes what it needs from the page around.
    pub fn of_context(editing: Editing) -> Actions {
        let navigate = use_navigate();
        let go: Go = Box::new(move |to| navigate(to, NavigateOptions::default()));
        Actions {
            editing,
            shell: Shell::of_context(),
            theme: expect_context(),
            toasts: Toasts::of_context(),
            go: StoredValue::new_local(go),
        }
    }

    /// Goes to another address of this app.
    pub fn go(self, to: &str) {
        self.go.with_value(|go| go(to));
    }

    /// Whether a command would do something now.
    pub fn applies(self, id: Id) -> bool {
        let editing = self.editing;
        untrack(|| {
            let is_canvas = editing.view.get() == View::Canvas;
            match id {
                Id::Palette => false,
                Id::Undo => editing.drawing.can_undo(),
                Id::Redo => editing.drawing.can_redo(),
                Id::Delete | Id::DeleteAndHeal | Id::Duplicate | Id::FitSelection => {
                    is_canvas && !editing.drawing.selection().is_empty()
                }
                Id::EditLabel | Id::ContextMenu => {
                    is_canvas && editing.drawing.selection().len() == 1
                }
                Id::Find | Id::Replace => editing.view.get() != View::Json,
                Id::NextMatch | Id::PreviousMatch => is_canvas && editing.finding.is_open(),
                Id::ShowCanvas => !is_canvas,
                Id::ShowJson => editing.view.get() != View::Json,
                _ => is_canvas || of(id).by == By::Screen,
            }
        })
    }

    /// Carries out a command. Says whether it meant something.
    pub fn run(self, id: Id) -> bool {
        let editing = self.editing;
        match id {
            Id::Palette => editing.dialog.set(Some(OpenDialog::Palette)),
            Id::AddStep => {
                editing.finding.close();
                editing.view.set(View::Canvas);
                if !focus_library() {
                    // It has to be mounted first.
                    request_animation_frame(|| {
                        focus_library();
                    });
                }
            }
            Id::ShowCanvas => editing.view.set(View::Canvas),
            Id::ShowJson => editing.view.set(View::Json),
            Id::TryIt => editing.is_phone_open.set(true),
            Id::Run => editing.dialog.set(Some(OpenDialog::Run)),
            Id::Publish => editing.dialog.set(Some(OpenDialog::Publish)),
            Id::Save => editing.draft.save_now(),
            // In the text, the browser's own search is the better one.
            Id::Find | Id::Replace | Id::NextMatch | Id::PreviousMatch
                if editing.view.get_untracked() == View::Json =>
            {
                return false;
            }
            Id::Find | Id::Replace => {
                editing.view.set(View::Canvas);
                editing.finding.open(id == Id::Replace);
            }
            Id::NextMatch => editing.finding.step(1),
            Id::PreviousMatch => editing.finding.step(-1),
            Id::Share => self.share(),
            Id::Export => {
                if let Some(studio) = untrack(parts::studio) {
                    (studio.export)(&editing.drawing.document_untracked());
                }
            }
            Id::Tour => tour::answer(self.shell, true),
            Id::Keyboard => self.shell.show(ShellDialog::Keyboard),
            Id::NextTheme => self.toasts.say(self.theme.next()),
            Id::AllWorkflows => self.go("/"),
            Id::Undo if editing.view.get_untracked() != View::Canvas => editing.drawing.undo(),
            Id::Redo if editing.view.get_untracked() != View::Canvas => editing.drawing.redo(),
            _ => return editing.canvas.run(id),
        }
        true
    }

    /// Copies an address that opens this draft with the selected step shown.
    fn share(self) {
        let id = self.editing.draft.id();
        let selected = self.editing.drawing.selection_untracked();
        let step = match selected.as_slice() {
            [name] => format!("?step={}", js_sys::encode_uri_component(name)),
            _ => String::new(),
        };
        let origin = window().location().origin().unwrap_or_default();
        let link = format!("{origin}/workflows/{}{step}", js_sys::encode_uri_component(&id));
        spawn_local(async move {
            if transfer::copy(&link).await {
                self.toasts.say(if step.is_empty() {
                    t("The link to this draft is copied.")
                } else {
                    t("The link to this step is copied.")
                });
            } else {
                self.toasts.say(link);
            }
        });
    }

    /// Listens for the screen's keys; the canvas has its own.
    pub fn listen(self) {
        let keymap = Keymap::of_context();
        let handle = window_event_listener(leptos::ev::keydown, move |event| {
            let Some(chord) = chord_of(&event) else { return };
            let element =
                event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
            let is_in = |selector: &str| {
                element.as_ref().is_some_and(|e| e.closest(selector).ok().flatten().is_some())
            };
            let is_typing = is_in("input, textarea, select, [contenteditable]");
            if event.default_prevented() || is_in("dialog") {
                return;
            }
            if let Some(id) = keymap.command(By::Screen, &chord, !is_typing)
                && self.run(id)
            {
                event.prevent_default();
            }
        });
        on_cleanup(move || handle.remove());
    }
}

/// Runs this when a dialog that is just being closed has given the focus back.
pub fn after_dialog(run: impl FnOnce() + 'static) {
    set_timeout(
        move || {
            request_animation_frame(run);
        },
        std::time::Duration::ZERO,
    );
}

/// Says whether the search of the component library is there.
fn focus_library() -> bool {
    let search = document().query_selector(".left .search input").ok().flatten();
    let search = search.and_then(|search| search.dyn_into::<web_sys::HtmlInputElement>().ok());
    if let Some(search) = &search {
        let _ = search.focus();
        search.select();
    }
    search.is_some()
}
