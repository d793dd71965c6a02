//! Which keys mean which command: the table's, until somebody chooses others. Kept in this browser.

use super::{By, Entry, Id, TABLE, chord, of};
use crate::theme::local_storage;
use leptos::prelude::*;
use std::collections::BTreeMap;

/// Where the choices are kept.
const STORED_AS: &str = "phloem.keys";
/// Where it is kept that single keys are off.
const SINGLE_STORED_AS: &str = "phloem.single-keys";

/// The keys of all commands. A handle: cheap to copy.
#[derive(Clone, Copy)]
pub struct Keymap {
    changed: RwSignal<BTreeMap<String, Vec<String>>>,
    has_single_keys: RwSignal<bool>,
}

impl Keymap {
    /// The table's keys and what was chosen in this browser.
    pub fn begin() -> Keymap {
        let kept = |key: &str| local_storage().and_then(|storage| storage.get_item(key).ok()?);
        let changed = kept(STORED_AS).and_then(|text| serde_json::from_str(&text).ok());
        let is_off = kept(SINGLE_STORED_AS).as_deref() == Some("off");
        Keymap {
            changed: RwSignal::new(changed.unwrap_or_default()),
            has_single_keys: RwSignal::new(!is_off),
        }
    }

    /// The page's keys.
    pub fn of_context() -> Keymap {
        expect_context()
    }

    /// The keys of a command; tracked.
    pub fn keys(self, id: Id) -> Vec<String> {
        let entry = of(id);
        self.changed.with(|changed| {
            changed
                .get(entry.name)
                .cloned()
                .unwrap_or_else(|| entry.keys.iter().map(|key| (*key).to_owned()).collect())
        })
    }

    /// The first key of a command as it stands on the keyboard, or nothing; tracked.
    pub fn hint(self, id: Id) -> String {
        let has_single_keys = self.has_single_keys.get();
        let keys = self.keys(id);
        let usable = keys.iter().find(|key| has_single_keys || !chord::is_single(key));
        usable.map(|key| chord::in_words(key)).unwrap_or_default()
    }

    /// A command's title with its key in brackets; tracked.
    pub fn titled(self, id: Id, title: &str) -> String {
        let hint = self.hint(id);
        if hint.is_empty() { title.to_owned() } else { format!("{title} ({hint})") }
    }

    /// The command of a press, among those that this part of the screen carries out. Single signs count only if `may_be_single`.
    pub fn command(self, by: By, pressed: &str, may_be_single: bool) -> Option<Id> {
        if chord::is_single(pressed) && !(may_be_single && self.has_single_keys.get_untracked()) {
            return None;
        }
        let entries = TABLE.iter().filter(|entry| entry.by == by);
        untrack(|| self.holder(entries, pressed, None))
    }

    /// The other command that has this key.
    pub fn conflict(self, id: Id, pressed: &str) -> Option<Id> {
        untrack(|| self.holder(TABLE.iter(), pressed, Some(id)))
    }

    fn holder<'a>(
        self,
        mut entries: impl Iterator<Item = &'a Entry>,
        pressed: &str,
        except: Option<Id>,
    ) -> Option<Id> {
        self.changed.with(|changed| {
            let has = |entry: &Entry| match changed.get(entry.name) {
                Some(keys) => keys.iter().any(|key| key == pressed),
                None => entry.keys.contains(&pressed),
            };
            entries.find(|entry| Some(entry.id) != except && has(entry)).map(|entry| entry.id)
        })
    }

    /// Gives a command this key instead of those it has, and takes it from the one that had it.
    pub fn bind(self, id: Id, pressed: &str) {
        let had = self.conflict(id, pressed);
        let left = had.map(|had| {
            let keys = untrack(|| self.keys(had)).into_iter().filter(|key| key != pressed);
            (of(had).name.to_owned(), keys.collect::<Vec<_>>())
        });
        self.changed.update(|changed| {
            changed.extend(left);
            changed.insert(of(id).name.to_owned(), vec![pressed.to_owned()]);
        });
        self.store();
    }

    /// Leaves a command without keys.
    pub fn unbind(self, id: Id) {
        self.changed.update(|changed| drop(changed.insert(of(id).name.to_owned(), Vec::new())));
        self.store();
    }

    /// All keys as they were at first.
    pub fn reset(self) {
        self.changed.set(BTreeMap::new());
        self.has_single_keys.set(true);
        self.store();
    }

    /// Whether any key was chosen; tracked.
    pub fn is_changed(self) -> bool {
        self.changed.with(|changed| !changed.is_empty()) || !self.has_single_keys.get()
    }

    /// Whether keys such as `A` and `1` do something; tracked.
    pub fn has_single_keys(self) -> bool {
        self.has_single_keys.get()
    }

    /// Switches single keys on or off.
    pub fn set_single_keys(self, are_on: bool) {
        self.has_single_keys.set(are_on);
        self.store();
    }

    fn store(self) {
        let Some(storage) = local_storage() else { return };
        let text = self.changed.with_untracked(serde_json::to_string);
        // Without storage the choice holds until the page is closed.
        let _ = storage.set_item(STORED_AS, &text.unwrap_or_default());
        let single = if self.has_single_keys.get_untracked() { "on" } else { "off" };
        let _ = storage.set_item(SINGLE_STORED_AS, single);
    }
}
