//! Putting new nodes on the canvas, and copies of old ones.

use diagram::geometry::{CARD_WIDTH_PX, HEADER_PX, card_units_high, card_units_wide};
use diagram::viewport::Size;
use diagram::{Command, Document, Node, Point, PortId, Position, clipboard, document, layout};
use leptos::prelude::*;

use crate::drawing::{Drawing, file};
use crate::form::time_zone_here;
use crate::parts;

/// How far a copy is from what it was made of, in grid units each way.
const COPY_OFFSET: Position = Position { x: 1, y: 1 };

impl Drawing {
    /// Adds a component and selects it; gives back its name.
    ///
    /// With `at` (world pixels), the middle of its header is there; if that is on an edge, the node is put
    /// into the edge. Without, it follows the selected node and is connected to the first way out that leads
    /// nowhere; if nothing is selected it appears in the middle of the view.
    pub fn add(&self, kind: &str, at: Option<(f64, f64)>) -> String {
        match at {
            Some((x, y)) => self.add_at(kind, Point::new(x, y)),
            None => match self.selection_untracked().as_slice() {
                [selected] => self.add_after(kind, selected),
                _ => self.add_in_view(kind),
            },
        }
    }

    /// Adds a component where an edge from `port` was let go, and connects it.
    pub fn add_from(&self, kind: &str, port: &PortId, at: Option<Point>) -> String {
        let node = self.new_node(kind);
        let name = self.with(|document| document.fresh_name(&document::to_name(kind)));
        let wish = match at {
            // The edge ends at the input, a little below the upper left corner.
            Some(at) => at.moved(0.0, -HEADER_PX / 2.0).snapped(),
            None => self.with(|document| self.wish_after(document, port)),
        };
        let can_connect = node.shape.has_input;
        let mut commands = vec![self.add_command(&name, node, wish)];
        if can_connect {
            commands.push(Command::Connect { from: port.clone(), to: name.clone() });
        }
        self.add_all(commands, name)
    }

    /// Adds a component into the edge that begins at `port`; what follows moves aside.
    pub fn add_into_edge(&self, kind: &str, port: &PortId) -> String {
        let name = self.with(|document| document.fresh_name(&document::to_name(kind)));
        let mut node = self.new_node(kind);
        node.position = self.with(|document| layout::beside(document, &port.node));
        let target = self.node(&port.node).and_then(|from| self.node(from.next.get(&port.state)?));
        if let Some(target) =
            target.filter(|target| target.position.x > node.position.x - layout::COLUMN_UNITS)
        {
            node.position.y = target.position.y;
        }
        let insert = Command::Insert { on: port.clone(), name: name.clone(), node: Box::new(node) };
        self.add_all(vec![insert], name)
    }

    fn add_at(&self, kind: &str, at: Point) -> String {
        let corner = at.moved(-CARD_WIDTH_PX / 2.0, -HEADER_PX / 2.0);
        let edge = self.with_scene(|scene, _| {
            let is_free = scene.node_at(at, |_| false).is_none();
            is_free.then(|| scene.edge_at(at, 14.0)).flatten()
        });
        if let Some(port) = edge.filter(|_| self.new_node(kind).shape.has_input) {
            return self.add_into_edge(kind, &port);
        }
        let name = self.with(|document| document.fresh_name(&document::to_name(kind)));
        let command = self.add_command(&name, self.new_node(kind), corner.snapped());
        let _ = self.apply(command);
        // It is where the pointer is; the camera stays.
        self.select(vec![name.clone()]);
        name
    }

    fn add_after(&self, kind: &str, selected: &str) -> String {
        let free = self.node(selected).and_then(|node| {
            let mut states = node.states();
            let free = states.find(|state| !node.next.contains_key(*state));
            free.map(|state| PortId::new(selected, state))
        });
        match free {
            Some(port) => self.add_from(kind, &port, None),
            None => {
                let name = self.with(|document| document.fresh_name(&document::to_name(kind)));
                let wish = self.with(|document| layout::beside(document, selected));
                let command = self.add_command(&name, self.new_node(kind), wish);
                self.add_all(vec![command], name)
            }
        }
    }

    fn add_in_view(&self, kind: &str) -> String {
        let Size { width, height } = self.size().get_untracked();
        let middle = self.camera().get_untracked().to_world(Point::new(width / 2.0, height / 2.0));
        let corner = middle.moved(-CARD_WIDTH_PX / 2.0, -HEADER_PX);
        let name = self.with(|document| document.fresh_name(&document::to_name(kind)));
        let command = self.add_command(&name, self.new_node(kind), corner.snapped());
        self.add_all(vec![command], name)
    }

    fn new_node(&self, kind: &str) -> Node {
        let mut node = file::new_node(kind);
        // Hours are meant where the person is who draws.
        if let Some(key) = engine::components::face(kind).and_then(|face| face.time_zone) {
            node.config[key] = time_zone_here().into();
        }
        node
    }

    /// Beside the node the port belongs to, below what its earlier rows lead to.
    fn wish_after(&self, document: &Document, port: &PortId) -> Position {
        let beside = layout::beside(document, &port.node);
        let siblings = document.edges_of(&port.node).filter_map(|edge| document.node(&edge.to));
        let near = siblings.filter(|node| (node.position.x - beside.x).abs() < card_units_wide());
        let below =
            near.map(|node| node.position.y + card_units_high(node) + layout::GAP_UNITS).max();
        Position::new(beside.x, below.unwrap_or(beside.y))
    }

    fn add_command(&self, name: &str, mut node: Node, wish: Position) -> Command {
        let high = card_units_high(&node);
        node.position =
            self.with(|document| layout::free_spot_for(document, wish, high, |_| false));
        Command::Add { name: name.to_owned(), node: Box::new(node) }
    }

    fn add_all(&self, commands: Vec<Command>, name: String) -> String {
        // A fresh name and a port that is there cannot be refused.
        let _ = self.apply(Command::Batch(commands));
        self.reveal(&name);
        name
    }

    /// The selected nodes as text for the clipboard; nothing if none is selected.
    pub fn copied(&self) -> Option<String> {
        let names = self.selection_untracked();
        let studio = untrack(parts::studio).filter(|_| !names.is_empty())?;
        Some(self.with(|document| (studio.copy)(document, &names)))
    }

    /// Puts in nodes from clipboard text with their upper left corner at `corner`, or a little aside from where they came from, and
    /// selects them. Says whether the text held any.
    pub fn paste(&self, text: &str, corner: Option<Position>) -> bool {
        let Some(studio) = untrack(parts::studio) else { return false };
        let parsed = self.with(|document| (studio.parse_copied)(text, document));
        let Some(mut nodes) = parsed else { return false };
        match corner {
            Some(corner) => clipboard::moved_to(&mut nodes, corner),
            None => {
                nodes.values_mut().for_each(|node| node.position = node.position.moved(COPY_OFFSET))
            }
        }
        let names = nodes.keys().cloned().collect();
        if self.apply(Command::Paste { nodes }).is_ok() {
            self.select(names);
        }
        true
    }

    /// Puts a copy of the selected nodes beside them and selects it.
    pub fn duplicate(&self) {
        if let Some(text) = self.copied() {
            self.paste(&text, None);
        }
    }

    /// Takes the selected nodes away; with `heal`, what led to them then leads past them.
    pub fn remove_selected(&self, heal: bool) {
        let names = self.selection_untracked();
        if !names.is_empty() {
            let _ = self.apply(Command::Remove { names, heal });
        }
    }
}
