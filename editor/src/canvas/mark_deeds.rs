//! What is done to notes, groups and colours: written, moved, made larger, collapsed, taken away. Every deed is one step of undo and is said aloud.

use std::collections::BTreeSet;

use diagram::hit::Hit;
use diagram::{Colour, Command, Group, Note, Point, Position, Rect, marks};
use leptos::prelude::*;
use web_sys::KeyboardEvent;

use crate::canvas::marks::{Mark, MarkDeeds, all, colour_label};
use crate::canvas::stage::Stage;
use crate::canvas::{group, mark_drag, note};
use crate::commands::Id;
use crate::language::{t, tn};

/// How far Alt+Shift+arrow moves a note, in grid units.
const LEAP_UNITS: i32 = 4;
/// A new note keeps this far from cards, in pixels of the world.
const NOTE_GAP_PX: f64 = 12.0;
/// How far from the wanted place a free one is looked for, in rings of three grid units.
const RINGS: i32 = 8;

/// All of it.
pub const DEEDS: MarkDeeds = MarkDeeds {
    event: mark_drag::event,
    pressed,
    command,
    input: |stage, mark| match mark {
        Mark::Note(name) => view! { <note::NoteInput stage name /> }.into_any(),
        Mark::Group(name) => view! { <group::TitleInput stage name /> }.into_any(),
    },
};

impl Stage {
    /// Puts a note near a place of the world, or else near the pointer or the middle of the view, and lets it be written.
    pub fn add_note(self, at: Option<Point>) {
        let size = self.drawing.size().get_untracked();
        let pointer = self.pointer.get_value();
        let is_inside =
            pointer.x > 0.0 && pointer.y > 0.0 && pointer.x < size.width && pointer.y < size.height;
        let here = || if is_inside { self.to_world(pointer) } else { self.middle_for_note() };
        let at = self.free_place(at.unwrap_or_else(here));
        let name = self.drawing.with(|document| document.marks.fresh_note());
        let note = Note { at, ..Note::default() };
        let area = note.rect();
        self.mark(Command::AddNote { name: name.clone(), note }, t("Note added"));
        self.mount_visible();
        self.drawing.bring_area_into_view(area);
        self.marks.editing.set(Some(Mark::Note(name)));
    }

    /// The place nearest to a wanted one at which a new note covers no card and no other note.
    fn free_place(self, wanted: Point) -> Position {
        let wanted = wanted.snapped();
        let is_free = |at: &Position| {
            let note = Note { at: *at, ..Note::default() };
            let area = note.rect().grown(NOTE_GAP_PX);
            self.drawing.with_scene(|scene, document| {
                let mut notes = document.marks.notes.values();
                scene.nodes_in(&area).is_empty()
                    && !notes.any(|other| {
                        marks::is_free(document, other) && other.rect().overlaps(&area)
                    })
            })
        };
        let ring = |ring: i32| {
            let around = move |x| (-ring..=ring).map(move |y| (x, y));
            let mut places: Vec<(i32, i32)> = (-ring..=ring).flat_map(around).collect();
            places.retain(|(x, y)| x.abs().max(y.abs()) == ring);
            places.sort_by_key(|(x, y)| (x * x + y * y, *x, *y));
            places.into_iter().map(|(x, y)| wanted.moved(Position { x: 3 * x, y: 3 * y }))
        };
        (0..RINGS).flat_map(ring).find(is_free).unwrap_or(wanted)
    }

    /// Where a note is in the middle of the view.
    pub fn middle_for_note(self) -> Point {
        let size = self.drawing.size().get_untracked();
        self.to_world(Point::new(size.width / 2.0 - 108.0, size.height / 2.0 - 60.0))
    }

    /// Makes a group of the selected steps. What is selected beside a whole group joins it.
    pub fn group_selected(self) {
        let nodes: BTreeSet<String> = self.drawing.selection_untracked().into_iter().collect();
        if nodes.is_empty() {
            self.say(t("Select the steps that belong together first"));
            return;
        }
        let (name, group) = self.drawing.with(|document| {
            let mut whole = document.marks.groups.iter().filter(|(_, g)| g.nodes.is_subset(&nodes));
            match (whole.next(), whole.next()) {
                (Some((name, group)), None) => (name.clone(), (**group).clone()),
                _ => (document.marks.fresh_group(), Group::default()),
            }
        });
        let words = tn(nodes.len(), "{n} step grouped", "{n} steps grouped");
        let is_new = group.nodes.is_empty();
        self.mark(Command::SetGroup { name: name.clone(), group: Group { nodes, ..group } }, words);
        self.mount_visible();
        if is_new {
            self.marks.editing.set(Some(Mark::Group(name)));
        }
    }

    /// Takes away the groups the selected steps are in; the steps stay.
    pub fn ungroup_selected(self) {
        let selected = self.drawing.selection_untracked();
        let names: BTreeSet<String> = self.drawing.with(|document| {
            let groups = selected.iter().filter_map(|node| document.marks.group_of(node));
            groups.map(|(name, _)| name.to_owned()).collect()
        });
        if names.is_empty() {
            self.say(t("No group is selected"));
            return;
        }
        let ungroup = names.into_iter().map(|name| Command::Ungroup { name }).collect();
        self.mark(Command::Batch(ungroup), t("Ungrouped"));
    }

    /// Gives a mark another colour.
    pub fn colour_mark(self, mark: &Mark, colour: Option<Colour>) {
        let command = untrack(|| match mark {
            Mark::Note(name) => {
                let text = self.note(name)?.text.clone();
                Some(Command::SetNote { name: name.clone(), text, colour })
            }
            Mark::Group(name) => {
                let group = Group { colour, ..(*self.group(name)?).clone() };
                Some(Command::SetGroup { name: name.clone(), group })
            }
        });
        if let Some(command) = command {
            self.mark(command, colour_label(colour));
            self.focus_mark(mark);
        }
    }

    /// Takes a note away, or a group; its steps stay.
    pub fn remove_mark(self, mark: &Mark) {
        match mark.clone() {
            Mark::Note(name) => self.mark(Command::RemoveNote { name }, t("Note deleted")),
            Mark::Group(name) => self.mark(Command::Ungroup { name }, t("Ungrouped")),
        }
        self.focus_surface();
    }

    /// Moves a note, or all steps of a group.
    pub fn move_mark(self, mark: &Mark, by: Position) {
        let command = match mark {
            Mark::Note(name) => Command::MoveNote { name: name.clone(), by },
            Mark::Group(name) => Command::Move { names: self.members(name), by },
        };
        self.mark(command, t("Moved"));
    }

    /// Makes a note larger, or smaller.
    pub fn resize_note(self, name: &str, by: Position) {
        let size = untrack(|| self.note(name)).and_then(|note| note.size);
        let size = size.unwrap_or(marks::NOTE_SIZE).moved(by);
        self.mark(Command::ResizeNote { name: name.to_owned(), size }, t("Resized"));
    }

    /// The steps of a group that exist.
    pub fn members(self, group: &str) -> Vec<String> {
        let group = untrack(|| self.group(group));
        let nodes = group.map(|group| group.nodes.clone()).unwrap_or_default();
        self.drawing.with(|document| nodes.into_iter().filter(|n| document.contains(n)).collect())
    }

    /// Opens the context menu of a mark.
    pub fn open_mark_menu(self, mark: &Mark, at: Point) {
        if !self.is_read_only {
            self.menu.set(None);
            self.marks.menu.set(Some((at, mark.clone())));
        }
    }

    /// Closes the menu and the comments; what was typed is kept.
    pub fn close_marks(self) {
        self.marks.menu.set(None);
        self.marks.comments.set(None);
    }
}

fn pressed(stage: Stage, event: &KeyboardEvent) -> bool {
    let key = event.key();
    if key == "Escape" && stage.marks.drag.with_untracked(Option::is_some) {
        mark_drag::cancelled(stage);
        return true;
    }
    if event.ctrl_key() || event.meta_key() {
        return false;
    }
    stage.focused_mark().is_some_and(|mark| on_mark(stage, &mark, &key, event))
}

fn on_mark(stage: Stage, mark: &Mark, key: &str, event: &KeyboardEvent) -> bool {
    let step = if event.shift_key() && event.alt_key() { LEAP_UNITS } else { 1 };
    let arrow = match key {
        "ArrowLeft" => Some(Position { x: -step, y: 0 }),
        "ArrowRight" => Some(Position { x: step, y: 0 }),
        "ArrowUp" => Some(Position { x: 0, y: -step }),
        "ArrowDown" => Some(Position { x: 0, y: step }),
        _ => None,
    };
    match (mark, key, arrow) {
        (Mark::Group(name), "Enter", _) => stage.toggle_group(name),
        (Mark::Group(name), " ", _) => stage.drawing.select(stage.members(name)),
        (Mark::Note(_), "Enter", _) if !stage.is_read_only => {
            stage.marks.editing.set(Some(mark.clone()));
        }
        (_, _, Some(by)) if event.alt_key() => {
            if !stage.is_read_only {
                stage.move_mark(mark, by);
            }
        }
        (Mark::Note(name), _, Some(by)) if event.shift_key() => {
            if !stage.is_read_only {
                stage.resize_note(name, by);
            }
        }
        (Mark::Group(name), "ArrowRight", _) => go_into(stage, name),
        (_, "ArrowUp" | "ArrowLeft", _) => go_on(stage, mark, -1),
        (_, "ArrowDown" | "ArrowRight", _) => go_on(stage, mark, 1),
        _ => return false,
    }
    true
}

/// To the first step of an open group; from a collapsed one to where it leads.
fn go_into(stage: Stage, name: &str) {
    let is_collapsed = untrack(|| stage.group(name)).is_some_and(|group| group.is_collapsed);
    let members: BTreeSet<String> = stage.members(name).into_iter().collect();
    let to = stage.drawing.with(|document| {
        let order = diagram::walk::reading_order(document);
        if !is_collapsed {
            return order.into_iter().find(|node| members.contains(node));
        }
        let mut next = order.iter().filter(|node| members.contains(*node)).flat_map(|node| {
            document.edges_of(node).map(|edge| edge.to.to_owned()).collect::<Vec<_>>()
        });
        next.find(|node| !members.contains(node))
    });
    match to {
        Some(node) => stage.focus_card(&node),
        None => stage.say(t("Nothing comes after this group")),
    }
}

fn go_on(stage: Stage, mark: &Mark, by: i32) {
    let marks: Vec<Mark> =
        stage.marks.mounted.with_untracked(|(groups, notes)| all(groups, notes).collect());
    let at = marks.iter().position(|other| other == mark).unwrap_or_default() as i32;
    let next = (at + by).rem_euclid(marks.len().max(1) as i32);
    if let Some(mark) = marks.get(next as usize) {
        stage.focus_mark(mark);
    }
}

fn command(stage: Stage, id: Id) -> bool {
    match id {
        Id::AddNote => stage.add_note(None),
        Id::Comment => stage.comment(),
        Id::AllComments => stage.marks.is_list_open.update(|is_open| *is_open = !*is_open),
        Id::GroupSteps => stage.group_selected(),
        Id::Ungroup => match stage.focused_mark() {
            Some(mark @ Mark::Group(_)) => stage.remove_mark(&mark),
            _ => stage.ungroup_selected(),
        },
        _ => return stage.focused_mark().is_some_and(|mark| command_on(stage, &mark, id)),
    }
    true
}

/// Carries out a command on a mark instead of on steps. Says whether it means something there.
fn command_on(stage: Stage, mark: &Mark, id: Id) -> bool {
    match id {
        Id::EditLabel => stage.marks.editing.set(Some(mark.clone())),
        Id::Delete | Id::DeleteAndHeal => stage.remove_mark(mark),
        Id::ContextMenu => {
            let Rect { x, y, .. } = stage.mark_rect(mark).unwrap_or_default();
            let at = stage.drawing.camera().get_untracked().to_screen(Point::new(x, y));
            stage.open_mark_menu(mark, at.moved(16.0, 28.0));
        }
        _ => return false,
    }
    true
}

/// Gives the cards that the menu is about a colour, or takes it from them.
pub fn colour_cards(stage: Stage, over: &Hit, colour: Option<Colour>) {
    if matches!(over, Hit::Node(_) | Hit::Input(_)) {
        let names = stage.drawing.selection_untracked();
        stage.mark(Command::SetColour { names, colour }, colour_label(colour));
    }
}
