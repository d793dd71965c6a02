//! What people put beside the cards for each other: notes, groups, and colours of cards. No run ever looks at it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::document::{Document, Position};
use crate::geometry::{self, CARD_WIDTH_PX, HEADER_PX, Point, Rect, SUMMARY_PX, UNIT_PX};

/// How large a note is that does not say so, in grid units.
pub const NOTE_SIZE: Position = Position { x: 9, y: 5 };
/// The smallest note, in grid units: a word, and the corner to pull.
pub const NOTE_SIZE_MIN: Position = Position { x: 3, y: 2 };
/// The largest note, in grid units.
pub const NOTE_SIZE_MAX: Position = Position { x: 120, y: 120 };
/// From the cards of a group to its frame.
pub const GROUP_PADDING_PX: f64 = 16.0;
/// The bar with a group's title.
pub const GROUP_TITLE_PX: f64 = 36.0;
/// The card that stands for a collapsed group.
pub const FOLDED_HEIGHT_PX: f64 = 2.0 + HEADER_PX + SUMMARY_PX;

/// The colours a mark can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Colour {
    /// Yellow.
    Amber,
    /// Green.
    Green,
    /// Blue.
    Blue,
    /// Violet.
    Violet,
    /// Pink.
    Rose,
    /// No hue.
    Grey,
}

impl Colour {
    /// Every colour, in the order in which they are offered.
    pub const ALL: [Colour; 6] =
        [Colour::Amber, Colour::Green, Colour::Blue, Colour::Violet, Colour::Rose, Colour::Grey];

    /// What it is called in the file.
    pub fn name(self) -> &'static str {
        match self {
            Colour::Amber => "amber",
            Colour::Green => "green",
            Colour::Blue => "blue",
            Colour::Violet => "violet",
            Colour::Rose => "rose",
            Colour::Grey => "grey",
        }
    }
}

/// A text on the canvas, or a comment on a node.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Note {
    /// Where its corner is.
    pub at: Position,
    /// How large it is; without it, [`NOTE_SIZE`].
    pub size: Option<Position>,
    /// What it says.
    pub text: String,
    /// Its colour, if it was given one.
    pub colour: Option<Colour>,
    /// The node it is a comment on.
    pub node: Option<String>,
    /// What it says beside its text if it is a comment; one on no node stands on the paper.
    pub comment: Option<Comment>,
}

/// Who wrote a comment, and whether it is settled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comment {
    /// The name the writer had then.
    pub by: String,
    /// When, as RFC 3339 has it.
    pub written_at: String,
    /// Whether it is settled.
    pub is_resolved: bool,
}

/// What a comment is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// A node, by its name.
    Node(String),
    /// A place on the paper.
    Spot(Position),
}

impl Note {
    /// What it covers.
    pub fn rect(&self) -> Rect {
        let corner = Point::from(self.at);
        let size = clamped(self.size.unwrap_or(NOTE_SIZE));
        Rect::new(corner.x, corner.y, f64::from(size.x) * UNIT_PX, f64::from(size.y) * UNIT_PX)
    }
}

/// A size that a note can have.
pub fn clamped(size: Position) -> Position {
    Position {
        x: size.x.clamp(NOTE_SIZE_MIN.x, NOTE_SIZE_MAX.x),
        y: size.y.clamp(NOTE_SIZE_MIN.y, NOTE_SIZE_MAX.y),
    }
}

/// Nodes that belong together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group {
    /// Its title; may be empty.
    pub label: String,
    /// The nodes in it, of which some may not exist.
    pub nodes: BTreeSet<String>,
    /// Its colour, if it was given one.
    pub colour: Option<Colour>,
    /// Whether one card stands for all of its nodes.
    pub is_collapsed: bool,
}

/// All marks of a drawing. Shared until changed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Marks {
    /// Notes and comments, by name.
    pub notes: BTreeMap<String, Arc<Note>>,
    /// Groups, by name.
    pub groups: BTreeMap<String, Arc<Group>>,
    /// Colours of nodes, by the nodes' names.
    pub colours: BTreeMap<String, Colour>,
}

impl Marks {
    /// A name for a note that is not taken.
    pub fn fresh_note(&self) -> String {
        fresh("Note", |name| self.notes.contains_key(name))
    }

    /// A name for a group that is not taken.
    pub fn fresh_group(&self) -> String {
        fresh("Group", |name| self.groups.contains_key(name))
    }

    /// The group a node is in; of several the first.
    pub fn group_of(&self, node: &str) -> Option<(&str, &Arc<Group>)> {
        let group = self.groups.iter().find(|(_, group)| group.nodes.contains(node));
        group.map(|(name, group)| (name.as_str(), group))
    }

    /// The comments on a node, by name.
    pub fn comments(&self, node: &str) -> impl Iterator<Item = (&str, &Arc<Note>)> {
        let notes = self.notes.iter().map(|(name, note)| (name.as_str(), note));
        notes.filter(move |(_, note)| note.node.as_deref() == Some(node))
    }

    /// Forgets nodes that are taken away, and the groups that held nothing else.
    pub(crate) fn forget(&mut self, gone: &BTreeSet<&String>) {
        self.colours.retain(|name, _| !gone.contains(name));
        self.notes.retain(|_, note| !note.node.as_ref().is_some_and(|node| gone.contains(node)));
        self.leave(|name| gone.contains(name));
    }

    /// Takes nodes out of all groups; a group that held nothing else goes with them.
    pub(crate) fn leave(&mut self, leaves: impl Fn(&String) -> bool) {
        self.groups.retain(|_, group| {
            if group.nodes.iter().any(&leaves) {
                Arc::make_mut(group).nodes.retain(|name| !leaves(name));
                return !group.nodes.is_empty();
            }
            true
        });
    }

    /// Follows a node that gets another name.
    pub(crate) fn rename(&mut self, from: &str, to: &str) {
        if let Some(colour) = self.colours.remove(from) {
            self.colours.insert(to.to_owned(), colour);
        }
        for note in self.notes.values_mut().filter(|note| note.node.as_deref() == Some(from)) {
            Arc::make_mut(note).node = Some(to.to_owned());
        }
        for group in self.groups.values_mut().filter(|group| group.nodes.contains(from)) {
            let nodes = &mut Arc::make_mut(group).nodes;
            nodes.remove(from);
            nodes.insert(to.to_owned());
        }
    }
}

fn fresh(stem: &str, is_taken: impl Fn(&str) -> bool) -> String {
    (1_u64..)
        .map(|number| format!("{stem}{number}"))
        .find(|name| !is_taken(name))
        .expect("a finite drawing leaves a number free")
}

/// What a group's nodes cover; nothing if none of them exists.
pub fn group_bounds(document: &Document, group: &Group) -> Option<Rect> {
    geometry::bounds(group.nodes.iter().filter_map(|name| Some(document.node(name)?.as_ref())))
}

/// The frame around what an open group's nodes cover, title bar included.
pub fn frame(bounds: Rect) -> Rect {
    let inner = bounds.grown(GROUP_PADDING_PX);
    Rect::new(inner.x, inner.y - GROUP_TITLE_PX, inner.width, inner.height + GROUP_TITLE_PX)
}

/// The card that stands for a collapsed group: where its nodes begin.
pub fn folded(bounds: Rect) -> Rect {
    Rect::new(bounds.x, bounds.y, CARD_WIDTH_PX, FOLDED_HEIGHT_PX)
}

/// What a group covers on the canvas: its frame, or the card that stands for it.
pub fn group_rect(document: &Document, group: &Group) -> Option<Rect> {
    let bounds = group_bounds(document, group)?;
    Some(if group.is_collapsed { folded(bounds) } else { frame(bounds) })
}

/// Whether a note stands on the canvas by itself; a comment does not.
pub fn is_free(document: &Document, note: &Note) -> bool {
    topic(document, note).is_none()
}

/// What a note is a comment on, if it is one. One whose node is gone is about the place where it was.
pub fn topic(document: &Document, note: &Note) -> Option<Topic> {
    let node = note.node.as_ref().filter(|node| document.contains(node));
    let spot = || note.comment.as_ref().map(|_| Topic::Spot(note.at));
    node.cloned().map(Topic::Node).or_else(spot)
}

/// Every comment by what it is about, the oldest first.
pub fn threads(document: &Document) -> BTreeMap<Topic, Vec<(&str, &Arc<Note>)>> {
    let mut threads: BTreeMap<Topic, Vec<(&str, &Arc<Note>)>> = BTreeMap::new();
    for (name, note) in &document.marks.notes {
        if let Some(topic) = topic(document, note) {
            threads.entry(topic).or_default().push((name, note));
        }
    }
    let written = |note: &Note| note.comment.as_ref().map(|comment| comment.written_at.clone());
    for thread in threads.values_mut() {
        thread.sort_by_cached_key(|(name, note)| (written(note), (*name).to_owned()));
    }
    threads
}

/// Which group's card stands for a node, and where that card is.
#[derive(Clone, Debug, PartialEq)]
pub struct Fold {
    /// The group's name.
    pub group: String,
    /// The card that stands for it.
    pub rect: Rect,
}

/// The nodes in collapsed groups, each with the card that stands for it. A node in several groups is in the first.
pub fn folds(document: &Document) -> BTreeMap<String, Fold> {
    let mut folds = BTreeMap::new();
    for (name, group) in document.marks.groups.iter().filter(|(_, group)| group.is_collapsed) {
        let Some(bounds) = group_bounds(document, group) else { continue };
        let fold = Fold { group: name.clone(), rect: folded(bounds) };
        for node in group.nodes.iter().filter(|node| document.contains(node)) {
            folds.entry(node.clone()).or_insert_with(|| fold.clone());
        }
    }
    folds
}
