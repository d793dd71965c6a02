//! The list that `{{` opens: what can be read at a node.

use super::{parts::Listbox, place::Place, remembered::Remembered};
use crate::{edit::LastRun, language::tf};
use engine::{NodeName, variables::Available};
use leptos::{html, prelude::*};

/// What is being completed: how the value is put in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Text: `{{ path }}`.
    Template,
    /// A formula: the bare path.
    Expression,
}

/// An open list, and the part of the text it would replace, in UTF-16 units as browsers count.
#[derive(Clone, Debug, PartialEq)]
struct Open {
    from: usize,
    to: usize,
    found: Vec<Available>,
    active: usize,
}

/// The list of one text field.
#[derive(Clone, Copy)]
pub struct Completion {
    place: Place,
    style: Style,
    open: RwSignal<Option<Open>>,
    textarea: NodeRef<html::Textarea>,
    on_text: Callback<String>,
}

impl Completion {
    /// A closed list; `on_text` is told the text that something was put into.
    pub fn new(
        place: Place,
        style: Style,
        textarea: NodeRef<html::Textarea>,
        on_text: Callback<String>,
    ) -> Completion {
        Completion { place, style, open: RwSignal::new(None), textarea, on_text }
    }

    /// Whether the list is shown; tracked.
    pub fn is_open(self) -> bool {
        self.open.read().is_some()
    }

    /// Which entry would be taken; tracked.
    pub fn active(self) -> Option<usize> {
        self.open.read().as_ref().map(|open| open.active)
    }

    /// Opens, narrows or closes the list after the text or the caret changed.
    pub fn follow(self) {
        let Some((units, caret)) = self.text_and_caret() else { return };
        let wanted = match self.style {
            Style::Template => template_query(&units, caret),
            Style::Expression => expression_query(&units, caret),
        };
        self.open.set(wanted.and_then(|(from, to, query)| self.list(from, to, &query)));
    }

    /// Opens the whole list at the caret.
    pub fn open_all(self) {
        let Some((_, caret)) = self.text_and_caret() else { return };
        self.open.set(self.list(caret, caret, ""));
        if let Some(textarea) = self.textarea.get_untracked() {
            let _ = textarea.focus();
        }
    }

    /// Closes the list.
    pub fn close(self) {
        self.open.set(None);
    }

    /// Handles the keys of an open list.
    pub fn on_key(self, event: &web_sys::KeyboardEvent) {
        let Some(open) = self.open.get_untracked() else { return };
        let count = open.found.len();
        match event.key().as_str() {
            "ArrowDown" => self.activate((open.active + 1) % count),
            "ArrowUp" => self.activate((open.active + count - 1) % count),
            "Enter" | "Tab" => self.choose(open.active),
            "Escape" => {
                event.stop_propagation();
                self.close();
            }
            _ => return,
        }
        event.prevent_default();
    }

    fn activate(self, index: usize) {
        self.open.update(|open| {
            if let Some(open) = open {
                open.active = index;
            }
        });
    }

    /// Puts an entry into the text.
    fn choose(self, index: usize) {
        let (Some(open), Some(textarea)) =
            (self.open.get_untracked(), self.textarea.get_untracked())
        else {
            return;
        };
        let Some(chosen) = open.found.get(index) else { return };
        let inserted = match self.style {
            Style::Template => format!("{{{{ {} }}}}", chosen.path),
            Style::Expression => chosen.path.clone(),
        };
        let units: Vec<u16> = textarea.value().encode_utf16().collect();
        let part = |range: &[u16]| String::from_utf16_lossy(range);
        let (before, after) = (part(&units[..open.from]), part(&units[open.to.min(units.len())..]));
        let text = format!("{before}{inserted}{after}");
        textarea.set_value(&text);
        let caret = u32::try_from(open.from + inserted.encode_utf16().count()).unwrap_or(u32::MAX);
        let _ = textarea.set_selection_range(caret, caret);
        let _ = textarea.focus();
        self.close();
        self.on_text.run(text);
    }

    fn list(self, from: usize, to: usize, query: &str) -> Option<Open> {
        let document = self.place.editing().drawing.document_untracked();
        let wanted = query.to_lowercase();
        let mut found = engine::variables::available(&document, &NodeName::from(self.place.node()));
        add_remembered(&self.place.editing().draft.id(), &mut found);
        found.retain(|available| available.path.to_lowercase().contains(&wanted));
        found.sort_by_key(|available| !available.path.to_lowercase().starts_with(&wanted));
        let is_done = matches!(found.as_slice(), [only] if only.path == query);
        (!found.is_empty() && !is_done).then_some(Open { from, to, found, active: 0 })
    }

    fn text_and_caret(self) -> Option<(Vec<u16>, usize)> {
        let textarea = self.textarea.get_untracked()?;
        let units: Vec<u16> = textarea.value().encode_utf16().collect();
        let caret =
            textarea.selection_start().ok().flatten().map_or(units.len(), |caret| caret as usize);
        let caret = caret.min(units.len());
        Some((units, caret))
    }
}

/// The words after the last open `{{`, and what they and the closing braces occupy.
fn template_query(units: &[u16], caret: usize) -> Option<(usize, usize, String)> {
    let before = String::from_utf16_lossy(&units[..caret]);
    let at = before.rfind("{{")?;
    let typed = &before[at + 2..];
    if !typed.trim_start().chars().all(is_path_character) {
        return None;
    }
    let from = before[..at].encode_utf16().count();
    let after = String::from_utf16_lossy(&units[caret..]);
    let rest = after.trim_start_matches(is_path_character).trim_start_matches(' ');
    let to = match rest.strip_prefix("}}") {
        Some(rest) => units.len() - rest.encode_utf16().count(),
        None => caret,
    };
    Some((from, to, typed.trim_start().to_owned()))
}

/// The path that ends at the caret, from its second character on.
fn expression_query(units: &[u16], caret: usize) -> Option<(usize, usize, String)> {
    let before = String::from_utf16_lossy(&units[..caret]);
    let path = before.rsplit(|character| !is_path_character(character)).next()?.to_owned();
    let is_name = path.chars().next().is_some_and(|first| first.is_alphabetic() || first == '_');
    (is_name && path.len() > 1).then(|| (caret - path.encode_utf16().count(), caret, path))
}

fn is_path_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_' || character == '.'
}

/// Fields of answers that were seen while trying requests, behind what the file itself tells of them.
fn add_remembered(workflow: &str, found: &mut Vec<Available>) {
    for (node, fields) in Remembered::of_workflow(workflow).answers {
        let whole = format!("{node}.response");
        if !found.iter().any(|available| available.path == whole) {
            continue;
        }
        for (field, value) in fields {
            let path = format!("{node}{field}");
            found.retain(|available| available.path != path);
            found.push(Available { path, help: format!("in the last answer: {value}") });
        }
    }
}

/// The list, below its text field.
#[component]
pub fn CompletionList(completion: Completion, id: String) -> impl IntoView {
    let last_run = use_context::<LastRun>();
    let entries = Memo::new(move |_| {
        let found = completion.open.get().map(|open| open.found).unwrap_or_default();
        let with_value = |path: String, help: String| {
            let help = match last_run.and_then(|last_run| last_run.value(&path)) {
                Some(value) => {
                    let value: String = value.chars().take(60).collect();
                    format!("{} · {help}", tf("last: {value}", &[("value", &value)]))
                }
                None => help,
            };
            (path, help)
        };
        found.into_iter().map(|entry| with_value(entry.path, entry.help)).collect::<Vec<_>>()
    });
    view! {
        <Listbox id=id label="What can be put in" entries=entries active=Signal::derive(move || completion.active())
            on_choose=Callback::new(move |index| completion.choose(index)) />
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(text: &str) -> Option<(usize, usize, String)> {
        let caret = text.find('|').unwrap();
        let units: Vec<u16> = text.replacen('|', "", 1).encode_utf16().collect();
        template_query(&units, text[..caret].encode_utf16().count())
    }

    #[test]
    fn open_braces_begin_a_query() {
        assert_eq!(template("Hi {{ Me|"), Some((3, 8, "Me".to_owned())));
        assert_eq!(template("Hi {{ Me|nu.digits }} there"), Some((3, 20, "Me".to_owned())));
        assert_eq!(template("😀 {{|"), Some((3, 5, String::new())));
    }

    #[test]
    fn closed_braces_and_filters_do_not() {
        assert_eq!(template("Hi {{ name }} |"), None);
        assert_eq!(template("{{ name | upcase"), None);
        assert_eq!(template("plain|"), None);
    }

    #[test]
    fn formulas_complete_paths_of_two_characters() {
        let units: Vec<u16> = "count < Me".encode_utf16().collect();
        assert_eq!(expression_query(&units, units.len()), Some((8, 10, "Me".to_owned())));
        assert_eq!(expression_query(&units[..9], 9), None);
    }
}
