//! What is searched for in the workflow. Its panel arrives with the studio; here is only what opens it and what the canvas marks.

mod list;
mod panel;

pub use panel::FindPanel;

use diagram::find::Query;
use leptos::prelude::*;
use std::collections::HashSet;

/// What the panel is asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// To take the focus.
    Focus,
    /// To go so many places on, or back.
    Step(isize),
}

/// What is searched for. A handle: cheap to copy.
#[derive(Clone, Copy)]
pub struct Finding {
    is_open: RwSignal<bool>,
    is_replacing: RwSignal<bool>,
    query: RwSignal<Query>,
    with: RwSignal<String>,
    asked: RwSignal<Option<Ask>>,
    found: RwSignal<HashSet<String>>,
}

impl Finding {
    /// Nothing is searched for.
    pub fn new() -> Finding {
        Finding {
            is_open: RwSignal::new(false),
            is_replacing: RwSignal::new(false),
            query: RwSignal::default(),
            with: RwSignal::default(),
            asked: RwSignal::new(None),
            found: RwSignal::default(),
        }
    }

    /// Opens the panel, or gives it the focus.
    pub fn open(self, is_replacing: bool) {
        self.is_replacing.set(is_replacing);
        self.asked.set(Some(Ask::Focus));
        self.is_open.set(true);
    }

    /// Goes to another place that was found; opens the panel if it is not open.
    pub fn step(self, by: isize) {
        if self.is_open.get_untracked() {
            self.asked.set(Some(Ask::Step(by)));
        } else {
            self.open(false);
        }
    }

    /// Closes the panel.
    pub fn close(self) {
        self.is_open.set(false);
        self.found.set(HashSet::new());
    }

    /// Whether the panel is open; tracked.
    pub fn is_open(self) -> bool {
        self.is_open.get()
    }

    /// The nodes in which something was found, to be marked.
    pub fn found(self) -> Signal<HashSet<String>> {
        self.found.into()
    }
}
