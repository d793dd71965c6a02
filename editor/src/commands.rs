//! Every command of the editing screen, in one table: the keyboard, the menus' hints, the command palette and the sheet of
//! keys all read it. What a command does is told by `edit::actions` and `canvas::actions`.

mod chord;
mod keymap;

pub use chord::{chord_of, in_words, is_fixed};
pub use keymap::Keymap;

use crate::language::t;

/// A command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Id {
    /// Opens the list of everything that can be done.
    Palette,
    /// Goes to the search of the component library.
    AddStep,
    /// Finds text in the workflow.
    Find,
    /// Finds text and puts other text in its place.
    Replace,
    /// Goes to the next place that was found.
    NextMatch,
    /// Goes to the place before.
    PreviousMatch,
    /// Takes the last step back.
    Undo,
    /// Does it again.
    Redo,
    /// Selects every node.
    SelectAll,
    /// Copies the selection beside itself.
    Duplicate,
    /// Takes away what is selected.
    Delete,
    /// Takes it away and connects what is left.
    DeleteAndHeal,
    /// Lets the label be typed on the card.
    EditLabel,
    /// Asks what comes next.
    AddNext,
    /// Opens the menu of what has the focus.
    ContextMenu,
    /// A note beside the steps.
    AddNote,
    /// The comments on a step or on the paper.
    Comment,
    /// The list of all comments.
    AllComments,
    /// A group of what is selected.
    GroupSteps,
    /// No group any more.
    Ungroup,
    /// Arranges everything.
    Tidy,
    /// Closer.
    ZoomIn,
    /// Farther.
    ZoomOut,
    /// As large as it is.
    ZoomReset,
    /// Everything in view.
    FitAll,
    /// The selection in view.
    FitSelection,
    /// The drawing.
    ShowCanvas,
    /// The file's text.
    ShowJson,
    /// The phone on the screen.
    TryIt,
    /// Starts a run as a service would.
    Run,
    /// Makes the draft what callers hear.
    Publish,
    /// Saves without waiting.
    Save,
    /// Copies the address of what is shown.
    Share,
    /// Hands out the workflow's file.
    Export,
    /// The sheet of keys.
    Keyboard,
    /// The tour of the screen.
    Tour,
    /// Another look.
    NextTheme,
    /// The list of workflows.
    AllWorkflows,
}

/// Under which heading a command stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Finding things.
    Find,
    /// Changing the drawing.
    Edit,
    /// Looking at it.
    View,
    /// Trying, saving, publishing.
    Workflow,
    /// The editor itself.
    Editor,
}

impl Group {
    /// In the order of the sheet.
    pub const ALL: [Group; 5] =
        [Group::Find, Group::Edit, Group::View, Group::Workflow, Group::Editor];

    /// The heading.
    pub fn title(self) -> &'static str {
        match self {
            Group::Find => t("Find and go"),
            Group::Edit => t("Change the drawing"),
            Group::View => t("Look"),
            Group::Workflow => t("Try and publish"),
            Group::Editor => t("This editor"),
        }
    }
}

/// Who carries a command out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The editing screen, wherever the focus is.
    Screen,
    /// The canvas, unless something is being typed.
    Canvas,
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Which command.
    pub id: Id,
    /// Its name in storage; never changes.
    pub name: &'static str,
    /// What people read; the key of its translation.
    pub words: &'static str,
    /// Its picture.
    pub icon: &'static str,
    /// Its heading.
    pub group: Group,
    /// Who does it.
    pub by: By,
    /// The keys it has at first.
    pub keys: &'static [&'static str],
}

impl Entry {
    /// What people read, in their language.
    pub fn title(&self) -> &'static str {
        t(self.words)
    }
}

const fn entry(
    (id, name): (Id, &'static str),
    (group, by): (Group, By),
    words: &'static str,
    icon: &'static str,
    keys: &'static [&'static str],
) -> Entry {
    Entry { id, name, words, icon, group, by, keys }
}

const FIND: (Group, By) = (Group::Find, By::Screen);
const EDIT: (Group, By) = (Group::Edit, By::Canvas);
const VIEW: (Group, By) = (Group::View, By::Canvas);
const VIEWS: (Group, By) = (Group::View, By::Screen);
const WORK: (Group, By) = (Group::Workflow, By::Screen);
const EDITOR: (Group, By) = (Group::Editor, By::Screen);

/// All commands, in the order of the sheet.
// texts
pub const TABLE: &[Entry] = &[
    entry((Id::Palette, "palette"), FIND, "Do anything…", "search", &["Ctrl+K"]),
    entry((Id::AddStep, "add-step"), FIND, "Add a step", "plus", &["/"]),
    entry((Id::Find, "find"), FIND, "Find in this workflow", "search", &["Ctrl+F"]),
    entry(
        (Id::Replace, "replace"),
        FIND,
        "Find and replace",
        "search",
        &["Ctrl+H", "Ctrl+Shift+H"],
    ),
    entry((Id::NextMatch, "next-match"), FIND, "Next place found", "chevron-down", &["F3"]),
    entry(
        (Id::PreviousMatch, "previous-match"),
        FIND,
        "Previous place found",
        "chevron-up",
        &["Shift+F3"],
    ),
    entry((Id::Undo, "undo"), EDIT, "Undo", "undo", &["Ctrl+Z"]),
    entry((Id::Redo, "redo"), EDIT, "Redo", "redo", &["Ctrl+Shift+Z", "Ctrl+Y"]),
    entry((Id::AddNext, "add-next"), EDIT, "Add what comes next", "arrow-right", &["A", "Insert"]),
    entry((Id::EditLabel, "edit-label"), EDIT, "Change label", "note", &["F2"]),
    entry((Id::Duplicate, "duplicate"), EDIT, "Duplicate", "copy", &["Ctrl+D"]),
    entry((Id::Delete, "delete"), EDIT, "Delete", "trash", &["Delete", "Backspace"]),
    entry(
        (Id::DeleteAndHeal, "delete-and-heal"),
        EDIT,
        "Delete and close the gap",
        "close",
        &["Ctrl+Delete", "Ctrl+Backspace"],
    ),
    entry((Id::SelectAll, "select-all"), EDIT, "Select everything", "check", &["Ctrl+A"]),
    entry((Id::AddNote, "add-note"), EDIT, "Add a note", "note", &["N"]),
    entry((Id::Comment, "comment"), EDIT, "Comment", "comment", &["C"]),
    entry((Id::AllComments, "all-comments"), VIEW, "All comments", "comment", &[]),
    entry((Id::GroupSteps, "group"), EDIT, "Group the selection", "list", &["G", "Ctrl+G"]),
    entry((Id::Ungroup, "ungroup"), EDIT, "Ungroup", "close", &["Ctrl+Shift+G"]),
    entry((Id::Tidy, "tidy"), EDIT, "Tidy up", "tidy", &["Alt+Shift+T"]),
    entry(
        (Id::ContextMenu, "context-menu"),
        EDIT,
        "Open the menu of a step",
        "more",
        &[".", "ContextMenu"],
    ),
    entry((Id::FitAll, "fit-all"), VIEW, "Show everything", "fit", &["1"]),
    entry((Id::FitSelection, "fit-selection"), VIEW, "Zoom to the selection", "fit", &["2"]),
    entry((Id::ZoomReset, "zoom-reset"), VIEW, "Zoom to 100 %", "search", &["0", "Ctrl+0"]),
    entry((Id::ZoomIn, "zoom-in"), VIEW, "Zoom in", "plus", &["+", "=", "Ctrl++", "Ctrl+="]),
    entry((Id::ZoomOut, "zoom-out"), VIEW, "Zoom out", "minus", &["-", "Ctrl+-"]),
    entry((Id::ShowCanvas, "show-canvas"), VIEWS, "Show the canvas", "tidy", &[]),
    entry((Id::ShowJson, "show-json"), VIEWS, "Show the JSON text", "braces", &[]),
    entry((Id::TryIt, "try-it"), WORK, "Try it on the phone", "phone", &["Ctrl+Enter"]),
    entry((Id::Run, "run"), WORK, "Start a run…", "bolt", &[]),
    entry((Id::Publish, "publish"), WORK, "Publish…", "check", &[]),
    entry((Id::Save, "save"), WORK, "Save now", "check", &["Ctrl+S"]),
    entry((Id::Share, "share"), WORK, "Copy a link to what is shown", "external", &[]),
    entry((Id::Export, "export"), WORK, "Export file", "download", &[]),
    entry((Id::Tour, "tour"), EDITOR, "Show me around", "help", &[]),
    entry((Id::Keyboard, "keyboard"), EDITOR, "Keyboard shortcuts", "key", &["?"]),
    entry((Id::NextTheme, "next-theme"), EDITOR, "Next colours", "contrast", &[]),
    entry((Id::AllWorkflows, "all-workflows"), EDITOR, "All workflows", "list", &[]),
];

/// The table's row of a command.
pub fn of(id: Id) -> &'static Entry {
    // The tests prove that every command has a row.
    TABLE.iter().find(|entry| entry.id == id).unwrap_or(&TABLE[0])
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_unique_and_no_two_commands_share_a_key() {
        let names: BTreeSet<&str> = TABLE.iter().map(|entry| entry.name).collect();
        assert_eq!(names.len(), TABLE.len());
        let keys: Vec<&str> = TABLE.iter().flat_map(|entry| entry.keys.iter().copied()).collect();
        let unique: BTreeSet<&str> = keys.iter().copied().collect();
        assert_eq!(unique.len(), keys.len());
    }

    #[test]
    fn every_row_finds_itself() {
        assert!(TABLE.iter().all(|entry| of(entry.id).name == entry.name));
    }
}
