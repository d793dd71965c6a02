//! The workflow being edited, as signals: what `diagram` decides, made visible to the page.
//!
//! One signal a node and one an edge, so that moving a card redraws that card and its edges and nothing else.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use diagram::hit::Scene;
use diagram::selection::{Join, Selection};
use diagram::viewport::{Camera, Size};
use diagram::{
    Change, Command, Document, History, Node, Point, PortId, Rect, Refusal, geometry, walk,
};
use leptos::prelude::*;

use crate::parts;

mod add;
pub mod file;
mod marks;
mod mend;
mod show;

/// How much of the screen stays between a revealed card and the border, in pixels.
const REVEAL_MARGIN_PX: f64 = 48.0;
/// From so many nodes on, what reads the whole file waits for a pause in the changes.
const LARGE_LEN: usize = 500;
/// That pause.
const PAUSE: Duration = Duration::from_millis(250);

/// What one card listens to.
#[derive(Clone)]
pub struct Card {
    /// The node, as it is in the drawing.
    pub node: ArcRwSignal<Arc<Node>>,
    /// Whether it is selected.
    pub is_selected: ArcRwSignal<bool>,
    /// Where its corner is in the world; while it is carried, not yet where the drawing has it.
    pub at: ArcRwSignal<Point>,
}

/// A drawing, its history, what is selected and what part of it is looked at. A handle: cheap to copy.
#[derive(Clone, Copy)]
pub struct Drawing {
    history: StoredValue<History>,
    scene: StoredValue<Scene>,
    cards: StoredValue<HashMap<String, Card>>,
    lines: StoredValue<HashMap<PortId, ArcRwSignal<String>>>,
    revision: RwSignal<u64>,
    /// The revision that `document` has.
    written: RwSignal<u64>,
    document: Memo<engine::Document>,
    /// The nodes in the order a caller would meet them, and the place of each.
    order: Memo<(Vec<String>, HashMap<String, usize>)>,
    selection: RwSignal<Selection>,
    camera: RwSignal<Camera>,
    size: RwSignal<Size>,
    /// Where the camera shall travel; the canvas takes it from here.
    goal: RwSignal<Option<Camera>>,
}

impl Drawing {
    /// The drawing of a workflow. Nodes without a place in the file get one.
    pub fn new(document: &engine::Document) -> Drawing {
        let document = file::read(document);
        let scene = Scene::of(&document);
        let bounds = geometry::document_bounds(&document).unwrap_or_default();
        let history = StoredValue::new(History::new(document));
        let revision = RwSignal::new(0);
        let written = RwSignal::new(0);
        let file = Memo::new(move |_| {
            written.track();
            history.with_value(|history| file::write(history.document()))
        });
        let order = Memo::new(move |_| {
            revision.track();
            let names = history.with_value(|history| walk::reading_order(history.document()));
            let places = names.iter().cloned().zip(0..).collect();
            (names, places)
        });
        Drawing {
            history,
            scene: StoredValue::new(scene),
            cards: StoredValue::default(),
            lines: StoredValue::default(),
            revision,
            written,
            document: file,
            order,
            selection: RwSignal::default(),
            camera: RwSignal::new(Camera { x: 48.0 - bounds.x, y: 48.0 - bounds.y, zoom: 1.0 }),
            size: RwSignal::default(),
            goal: RwSignal::default(),
        }
    }

    /// The workflow as it would be saved now.
    pub fn document_untracked(&self) -> engine::Document {
        self.write();
        self.document.get_untracked()
    }

    /// Looks at the workflow as it would be saved, without a copy; of a large one, as it was at the last pause. Tracked.
    pub fn with_document<T>(&self, look: impl FnOnce(&engine::Document) -> T) -> T {
        self.document.with(look)
    }

    /// Has everything that listens take notice of a change: the file's readers now, or in a large workflow after a pause.
    fn changed(&self) {
        self.revision.update(|revision| *revision += 1);
        if self.with(Document::len) < LARGE_LEN {
            self.write();
            return;
        }
        let (drawing, revision) = (*self, self.revision.get_untracked());
        let write = move || {
            if drawing.revision.try_get_untracked() == Some(revision) {
                drawing.write();
            }
        };
        set_timeout(write, PAUSE);
    }

    fn write(&self) {
        let revision = self.revision.get_untracked();
        if self.written.get_untracked() != revision {
            self.written.set(revision);
        }
    }

    /// The place of a node in the order in which a caller would meet them, from 0. Not tracked.
    pub fn place_of(&self, name: &str) -> Option<usize> {
        self.order.with_untracked(|(_, places)| places.get(name).copied())
    }

    /// The node a caller would meet first. Not tracked.
    pub fn first(&self) -> Option<String> {
        self.order.with_untracked(|(names, _)| names.first().cloned())
    }

    /// Counts the changes of the document. Tracked.
    pub fn revision(&self) -> u64 {
        self.revision.get()
    }

    /// Makes this another document in one step that can be undone: an import, an edit of the JSON text.
    pub fn replace(&self, document: &engine::Document) {
        let document = file::read(document);
        // A document cannot be refused: it brings its own nodes.
        let _ = self.apply(Command::Replace { document });
    }

    /// Carries out one edit.
    ///
    /// # Errors
    /// The reason, in words for people, if it cannot be done; nothing has changed then.
    pub fn apply(&self, command: Command) -> Result<(), Refusal> {
        let now_ms = js_sys::Date::now();
        let change = self.history.try_update_value(|history| history.apply(&command, now_ms));
        let change = change.unwrap_or_else(|| Ok(Change::default()))?;
        self.show(&change);
        Ok(())
    }

    /// Undoes the last step and selects what came back.
    pub fn undo(&self) {
        let change = self.history.try_update_value(History::undo).flatten();
        if let Some(change) = change {
            self.show(&change);
            self.select(change.names_before().map(str::to_owned).collect());
        }
    }

    /// Does the step undone last again.
    pub fn redo(&self) {
        let change = self.history.try_update_value(History::redo).flatten();
        if let Some(change) = change {
            self.show(&change);
            self.select(change.names_after().map(str::to_owned).collect());
        }
    }

    /// Whether there is something to undo. Tracked.
    pub fn can_undo(&self) -> bool {
        self.undo_title().is_some()
    }

    /// Whether there is something to do again. Tracked.
    pub fn can_redo(&self) -> bool {
        self.redo_title().is_some()
    }

    /// What undo would undo, in a word. Tracked.
    pub fn undo_title(&self) -> Option<&'static str> {
        self.revision.track();
        self.history.with_value(History::undo_title)
    }

    /// What redo would do, in a word. Tracked.
    pub fn redo_title(&self) -> Option<&'static str> {
        self.revision.track();
        self.history.with_value(History::redo_title)
    }

    /// The names of the selected nodes. Tracked.
    pub fn selection(&self) -> Vec<String> {
        self.selection.with(|selection| selection.names().cloned().collect())
    }

    /// The same, without tracking.
    pub fn selection_untracked(&self) -> Vec<String> {
        self.selection.with_untracked(|selection| selection.names().cloned().collect())
    }

    /// Selects exactly these nodes, as far as they exist.
    pub fn select(&self, names: Vec<String>) {
        self.join_selection(names, Join::Replace);
    }

    /// Selects this node and moves the camera, if need be, so that it can be seen.
    pub fn reveal(&self, name: &str) {
        if let Some(fold) = self.with_scene(|scene, _| scene.fold(name).cloned())
            && let Some(group) = self.with(|d| d.marks.groups.get(&fold.group).cloned())
        {
            // What is looked for must not stay hidden.
            let group = diagram::Group { is_collapsed: false, ..(*group).clone() };
            let _ = self.apply(Command::SetGroup { name: fold.group, group });
        }
        self.select(vec![name.to_owned()]);
        self.bring_into_view(name);
    }

    /// Shows all of the drawing.
    pub fn fit(&self) {
        self.fit_to(self.with(geometry::document_bounds));
    }

    /// Arranges the whole drawing anew, in one step, and shows it.
    pub fn tidy(&self) {
        let Some(positions) = self.with(parts::tidy) else { return };
        let _ = self.apply(Command::Place { positions });
        self.goal.set(self.opening());
    }

    /// Zooms around the middle of the view.
    pub fn zoom_by(&self, factor: f64) {
        let Size { width, height } = self.size.get_untracked();
        let middle = Point::new(width / 2.0, height / 2.0);
        let from = self.goal.get_untracked().unwrap_or_else(|| self.camera.get_untracked());
        self.goal.set(Some(from.zoomed(factor, middle)));
    }

    /// Gives a node another configuration; its states, and their edges, follow.
    pub fn set_config(&self, name: &str, config: serde_json::Value) {
        let Some(node) = self.node(name) else { return };
        let ports = file::shape(&node.kind, &config).ports;
        let _ = self.apply(Command::SetConfig { name: name.to_owned(), config, ports });
    }

    /// Gives a node another label; an empty one shows its name instead.
    pub fn set_label(&self, name: &str, label: &str) {
        let label = Some(label.to_owned());
        let _ = self.apply(Command::SetLabel { name: name.to_owned(), label });
    }

    /// Gives a node another name and rewrites every reference to it.
    ///
    /// # Errors
    /// If the name is taken or cannot be one.
    pub fn rename(&self, from: &str, to: &str) -> Result<(), Refusal> {
        let selected = self.selection_untracked();
        self.apply(Command::Rename { from: from.to_owned(), to: to.to_owned() })?;
        let renamed = |name: String| if name == from { to.to_owned() } else { name };
        self.select(selected.into_iter().map(renamed).collect());
        Ok(())
    }
}

/// What the canvas needs beside.
impl Drawing {
    /// Looks at the drawing as it is, without tracking.
    pub fn with<T>(&self, look: impl FnOnce(&Document) -> T) -> T {
        self.history.with_value(|history| look(history.document()))
    }

    /// Looks at where everything is, without tracking.
    pub fn with_scene<T>(&self, look: impl FnOnce(&Scene, &Document) -> T) -> T {
        self.scene.with_value(|scene| self.with(|document| look(scene, document)))
    }

    /// One node, without tracking.
    pub fn node(&self, name: &str) -> Option<Arc<Node>> {
        self.with(|document| document.node(name).cloned())
    }

    /// What this node is called: its label, or else its name in words.
    pub fn title(&self, name: &str) -> String {
        self.node(name).map_or_else(|| name.to_owned(), |node| file::title(name, &node))
    }

    /// What a way out is called.
    pub fn port_label(&self, port: &PortId) -> String {
        self.node(&port.node)
            .map_or_else(|| port.state.clone(), |node| file::port_label(&node, &port.state))
    }

    /// Several edits that become one step: call [`Drawing::commit`] or [`Drawing::cancel`] afterwards.
    pub fn begin(&self, title: &'static str) {
        self.history.update_value(|history| history.begin(title));
    }

    /// Keeps what was done since [`Drawing::begin`] as one step.
    pub fn commit(&self) {
        self.history.update_value(History::commit);
        self.changed();
    }

    /// Undoes what was done since [`Drawing::begin`].
    pub fn cancel(&self) {
        let change = self.history.try_update_value(History::cancel);
        self.show(&change.unwrap_or_default());
    }

    /// What the card of this node listens to; nothing if there is no such node.
    pub fn card(&self, name: &str) -> Option<Card> {
        if let Some(card) = self.cards.with_value(|cards| cards.get(name).cloned()) {
            return Some(card);
        }
        let node = self.node(name)?;
        let card = Card {
            at: ArcRwSignal::new(Point::from(node.position)),
            is_selected: ArcRwSignal::new(
                self.selection.with_untracked(|selection| selection.contains(name)),
            ),
            node: ArcRwSignal::new(node),
        };
        self.cards.update_value(|cards| drop(cards.insert(name.to_owned(), card.clone())));
        Some(card)
    }

    /// The line of the edge that begins here, as the `d` of a path.
    pub fn line(&self, port: &PortId) -> Option<ArcRwSignal<String>> {
        if let Some(line) = self.lines.with_value(|lines| lines.get(port).cloned()) {
            return Some(line);
        }
        let d = self.with_scene(|scene, _| scene.route(port).map(|route| route.path.to_svg()))?;
        let line = ArcRwSignal::new(d);
        self.lines.update_value(|lines| drop(lines.insert(port.clone(), line.clone())));
        Some(line)
    }

    /// The camera.
    pub fn camera(&self) -> RwSignal<Camera> {
        self.camera
    }

    /// How large the canvas is on the screen.
    pub fn size(&self) -> RwSignal<Size> {
        self.size
    }

    /// Where the camera shall travel.
    pub fn goal(&self) -> RwSignal<Option<Camera>> {
        self.goal
    }

    /// The selection as a signal.
    pub fn selected(&self) -> RwSignal<Selection> {
        self.selection
    }

    /// Lets nodes join the selection.
    pub fn join_selection(&self, names: Vec<String>, join: Join) {
        let before = self.selection.get_untracked();
        let after = self.with(|document| before.joined(names, join).within(document));
        if before == after {
            return;
        }
        self.cards.with_value(|cards| {
            let both = before.names().chain(after.names());
            for (name, card) in both.filter_map(|name| Some((name, cards.get(name)?))) {
                let is_selected = after.contains(name);
                if card.is_selected.get_untracked() != is_selected {
                    card.is_selected.set(is_selected);
                }
            }
        });
        self.selection.set(after);
    }

    /// How the drawing is shown at first: all of it if it can be read then, else from its start on.
    pub fn opening(&self) -> Option<Camera> {
        let size = self.size.get_untracked();
        self.with(|document| {
            let bounds = geometry::document_bounds(document)?;
            let first = self.first()?;
            Some(Camera::opening(bounds, geometry::card(document.node(&first)?), size))
        })
    }

    /// Moves the camera, if need be, so that this node can be seen.
    pub fn bring_into_view(&self, name: &str) {
        if let Some(card) = self.with_scene(|scene, _| scene.card(name)) {
            self.bring_area_into_view(card);
        }
    }

    /// Moves the camera, if need be, so that this part of the world can be seen.
    pub fn bring_area_into_view(&self, area: Rect) {
        let size = self.size.get_untracked();
        let from = self.goal.get_untracked().unwrap_or_else(|| self.camera.get_untracked());
        let to = from.revealing(area, size, REVEAL_MARGIN_PX);
        if to != from && size.width > 0.0 {
            self.goal.set(Some(to));
        }
    }

    /// Shows the selected nodes, or everything if none is.
    pub fn fit_selection(&self) {
        let selection = self.selection.get_untracked();
        let bounds = self.with(|document| {
            let nodes = selection.names().filter_map(|name| document.node(name));
            geometry::bounds(nodes.map(Arc::as_ref))
        });
        self.fit_to(bounds.or_else(|| self.with(geometry::document_bounds)));
    }

    /// Shows all of this area.
    pub fn fit_to(&self, bounds: Option<Rect>) {
        let size = self.size.get_untracked();
        if let (Some(bounds), true) = (bounds, size.width > 0.0) {
            self.goal.set(Some(Camera::fitted(bounds, size)));
        }
    }
}
