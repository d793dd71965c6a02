//! Notes, groups, colours and comments: what the canvas has to know of them to draw them. What is done to them arrives later (`mark_deeds`).

use std::collections::BTreeMap;
use std::sync::Arc;

use diagram::{Colour, Command, Group, Note, Point, Position, Rect, Topic, marks};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, KeyboardEvent, PointerEvent};

use crate::canvas::mark_drag::Drag;
use crate::canvas::stage::Stage;
use crate::commands::Id;
use crate::drawing::Drawing;
use crate::language::t;
use crate::parts;

/// A note or a group, by its name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Mark {
    /// A note.
    Note(String),
    /// A group.
    Group(String),
}

/// What can be done with notes, groups and comments: the part that arrives after the first screen.
#[derive(Clone, Copy)]
pub struct MarkDeeds {
    /// What the pointer does to a mark.
    pub event: fn(Stage, &Mark, &Event),
    /// A key on the mark that has the focus; says whether it meant something.
    pub pressed: fn(Stage, &KeyboardEvent) -> bool,
    /// A command; says whether it is about marks.
    pub command: fn(Stage, Id) -> bool,
    /// The field in which a note or the title of a group is written.
    pub input: fn(Stage, Mark) -> AnyView,
}

/// How many comments there are on one thing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Voices {
    /// Those that are not settled.
    pub open: usize,
    /// The others.
    pub settled: usize,
}

/// What a card shows of the marks on its node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OnCard {
    /// The colour it was given.
    pub colour: Option<Colour>,
    /// The comments on it.
    pub voices: Voices,
}

/// What a canvas is in the middle of with marks. A handle: cheap to copy.
#[derive(Clone, Copy)]
pub struct MarkState {
    /// The groups and notes that have elements.
    pub mounted: RwSignal<(Vec<String>, Vec<String>)>,
    /// The mark that had the focus last.
    pub active: RwSignal<Option<Mark>>,
    /// The mark whose text or title is being edited.
    pub editing: RwSignal<Option<Mark>>,
    /// The context menu of a mark, if open, and where.
    pub menu: RwSignal<Option<(Point, Mark)>>,
    /// What the comments that are open are about.
    pub comments: RwSignal<Option<Topic>>,
    /// Whether the list of all comments is open.
    pub is_list_open: RwSignal<bool>,
    /// What was typed for a comment and not sent.
    pub typed: StoredValue<BTreeMap<Topic, String>>,
    /// What is being dragged.
    pub drag: RwSignal<Option<Drag>>,
    /// What cards show, by node; only nodes with marks are in it.
    pub on_cards: Memo<BTreeMap<String, OnCard>>,
    /// The comments on the paper itself.
    pub spots: Memo<BTreeMap<Position, Voices>>,
}

impl MarkState {
    /// Nothing going on.
    pub fn new(drawing: Drawing) -> MarkState {
        let shown = Memo::new(move |_| {
            drawing.revision();
            drawing.with(|document| {
                let mut cards: BTreeMap<String, OnCard> = BTreeMap::new();
                let mut spots: BTreeMap<Position, Voices> = BTreeMap::new();
                for (name, colour) in &document.marks.colours {
                    cards.entry(name.clone()).or_default().colour = Some(*colour);
                }
                for note in document.marks.notes.values() {
                    let voices = match marks::topic(document, note) {
                        Some(Topic::Node(node)) => &mut cards.entry(node).or_default().voices,
                        Some(Topic::Spot(at)) => spots.entry(at).or_default(),
                        None => continue,
                    };
                    let is_settled = note.comment.as_ref().is_some_and(|c| c.is_resolved);
                    *(if is_settled { &mut voices.settled } else { &mut voices.open }) += 1;
                }
                (cards, spots)
            })
        });
        let on_cards = Memo::new(move |_| shown.with(|(cards, _)| cards.clone()));
        let spots = Memo::new(move |_| shown.with(|(_, spots)| spots.clone()));
        MarkState {
            mounted: RwSignal::default(),
            active: RwSignal::default(),
            editing: RwSignal::default(),
            menu: RwSignal::default(),
            comments: RwSignal::default(),
            is_list_open: RwSignal::default(),
            typed: StoredValue::default(),
            drag: RwSignal::default(),
            on_cards,
            spots,
        }
    }

    /// The one mark that Tab leads to; arrows lead to the others. Tracked.
    pub fn tab_stop(self) -> Option<Mark> {
        self.mounted.with(|(groups, notes)| {
            let is_there = |mark: &Mark| match mark {
                Mark::Group(name) => groups.contains(name),
                Mark::Note(name) => notes.contains(name),
            };
            self.active.get().filter(is_there).or_else(|| all(groups, notes).next())
        })
    }
}

/// The mounted marks in the order in which arrows lead through them.
pub fn all<'a>(groups: &'a [String], notes: &'a [String]) -> impl Iterator<Item = Mark> + 'a {
    let groups = groups.iter().cloned().map(Mark::Group);
    groups.chain(notes.iter().cloned().map(Mark::Note))
}

/// What can be done with marks, once that part is here.
pub fn deeds() -> Option<MarkDeeds> {
    untrack(parts::studio).map(|studio| studio.marks)
}

impl Stage {
    /// A note as it is now. Tracked.
    pub fn note(self, name: &str) -> Option<Arc<Note>> {
        self.drawing.revision();
        self.drawing.with(|document| document.marks.notes.get(name).cloned())
    }

    /// A group as it is now. Tracked.
    pub fn group(self, name: &str) -> Option<Arc<Group>> {
        self.drawing.revision();
        self.drawing.with(|document| document.marks.groups.get(name).cloned())
    }

    /// Gives elements to the notes and groups in a part of the world.
    pub fn mount_marks(self, area: &Rect) {
        let held = (self.marks.active.get_untracked(), self.marks.editing.get_untracked());
        let is_held = |mark: Mark| held.0.as_ref() == Some(&mark) || held.1.as_ref() == Some(&mark);
        let shown = self.drawing.with(|document| {
            let groups = document.marks.groups.iter().filter(|(name, group)| {
                marks::group_rect(document, group).is_some_and(|rect| {
                    rect.overlaps(area) || is_held(Mark::Group((*name).clone()))
                })
            });
            let notes = document.marks.notes.iter().filter(|(name, note)| {
                marks::is_free(document, note)
                    && (note.rect().overlaps(area) || is_held(Mark::Note((*name).clone())))
            });
            (
                groups.map(|(name, _)| name.clone()).collect(),
                notes.map(|(name, _)| name.clone()).collect(),
            )
        });
        if self.marks.mounted.with_untracked(|before| *before != shown) {
            self.marks.mounted.set(shown);
        }
    }

    /// The mark that has the focus.
    pub fn focused_mark(self) -> Option<Mark> {
        let focused = document().active_element()?;
        let name = |attribute: &str| focused.get_attribute(attribute);
        name("data-note").map(Mark::Note).or_else(|| name("data-group-title").map(Mark::Group))
    }

    /// Moves the keyboard to a mark, and the camera with it.
    pub fn focus_mark(self, mark: &Mark) {
        self.marks.active.set(Some(mark.clone()));
        self.mount_visible();
        if let Some(area) = self.mark_rect(mark) {
            self.drawing.bring_area_into_view(area);
        }
        let (attribute, name) = match mark.clone() {
            Mark::Note(name) => ("data-note", name),
            Mark::Group(name) => ("data-group-title", name),
        };
        request_animation_frame(move || {
            self.focus_element(&format!("[{attribute}]"), |element| {
                element.get_attribute(attribute).as_ref() == Some(&name)
            });
        });
    }

    /// What a mark covers.
    pub fn mark_rect(self, mark: &Mark) -> Option<Rect> {
        self.drawing.with(|document| match mark {
            Mark::Note(name) => document.marks.notes.get(name).map(|note| note.rect()),
            Mark::Group(name) => marks::group_rect(document, document.marks.groups.get(name)?),
        })
    }

    /// Carries out a command about marks and says what it did, or why it cannot be done.
    pub fn mark(self, command: Command, said: impl Into<String>) {
        match self.drawing.apply(command) {
            Ok(()) => self.say(said),
            Err(refusal) => self.say(refusal.to_string()),
        }
    }

    /// Opens a collapsed group, or collapses an open one.
    pub fn toggle_group(self, name: &str) {
        let Some(group) = untrack(|| self.group(name)) else { return };
        let is_collapsed = !group.is_collapsed;
        let group = Group { is_collapsed, ..(*group).clone() };
        let words = if is_collapsed { t("Collapsed") } else { t("Opened") };
        self.mark(Command::SetGroup { name: name.to_owned(), group }, words);
        self.focus_mark(&Mark::Group(name.to_owned()));
    }

    /// Tells the part that arrives later what the pointer does to a mark. Opening a group need not wait for it.
    pub fn mark_event(self, mark: &Mark, event: &Event) {
        if let ("click", Mark::Group(name)) = (event.type_().as_str(), mark) {
            self.toggle_group(name);
        } else if let Some(deeds) = deeds() {
            (deeds.event)(self, mark, event);
        }
    }

    /// Opens the comments on a node or a place.
    pub fn open_comments(self, topic: Topic) {
        self.menu.set(None);
        match &topic {
            Topic::Node(name) => self.drawing.reveal(name),
            Topic::Spot(at) => {
                let Point { x, y } = Point::from(*at);
                self.drawing.bring_area_into_view(Rect::new(x, y, 1.0, 1.0));
            }
        }
        self.marks.comments.set(Some(topic));
    }
}

/// Whether a press is for a note or a group's title, which follow the pointer by themselves. A press elsewhere closes what is open.
pub fn takes(stage: Stage, event: &PointerEvent) -> bool {
    let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let is_mark =
        element.is_some_and(|element| element.closest("[data-mark]").ok().flatten().is_some());
    let is_taken = is_mark
        && !stage.is_read_only
        && event.button() != 1
        && !stage.is_space_down.get_untracked();
    if !is_taken {
        stage.marks.menu.set(None);
        stage.marks.comments.set(None);
    }
    is_taken
}

/// The colour's name as people read it.
pub fn colour_label(colour: Option<Colour>) -> &'static str {
    match colour {
        None => t("No colour"),
        Some(Colour::Amber) => t("Amber"),
        Some(Colour::Green) => t("Green"),
        Some(Colour::Blue) => t("Blue"),
        Some(Colour::Violet) => t("Violet"),
        Some(Colour::Rose) => t("Rose"),
        Some(Colour::Grey) => t("Grey"),
    }
}
