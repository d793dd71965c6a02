//! What the intents of a pointer do to the canvas and the drawing.

use diagram::gesture::Intent;
use diagram::hit::{EDGE_REACH_PX, Hit};
use diagram::selection::Join;
use diagram::{Command, Point, PortId, Position, Rect, layout};
use leptos::prelude::*;

use crate::{
    canvas::stage::{Carried, Chooser, Menu, Purpose, Stage, Wire},
    language::{t, tf},
};

impl Stage {
    /// Carries out one intent.
    pub fn act(self, intent: Intent) {
        match intent {
            Intent::Click { over, join } => self.click(over, join),
            Intent::DoubleClick { over, world } => self.double_click(over, world),
            Intent::Menu { over, at } => self.open_menu(over, at),
            Intent::Pan { dx, dy } => {
                self.is_panning.set(true);
                self.look(self.drawing.camera().get_untracked().panned(dx, dy));
            }
            Intent::Marquee { area, .. } => self.marquee.set(Some(area)),
            Intent::MarqueeEnd { area, join } => self.select_in(area, join),
            Intent::Lift { name, join, is_copy } => self.lift(&name, join, is_copy),
            Intent::Carry { dx, dy } => self.carry(Point::new(dx, dy)),
            Intent::Drop { dx, dy } => self.put_down(Point::new(dx, dy)),
            Intent::Wire { from, to } => self.draw_wire(from, to),
            Intent::WireEnd { from, to, at } => self.end_wire(from, to, at),
            Intent::Cancel => self.cancel(),
        }
    }

    fn click(self, over: Hit, join: Join) {
        match over {
            Hit::Node(name) | Hit::Input(name) => {
                self.selected_edge.set(None);
                self.active.set(Some(name.clone()));
                self.drawing.join_selection(vec![name], join);
            }
            Hit::Edge(port) => {
                self.drawing.select(Vec::new());
                self.selected_edge.set(Some(port));
            }
            Hit::Nothing | Hit::Port(_) => {
                self.selected_edge.set(None);
                if join == Join::Replace {
                    self.drawing.select(Vec::new());
                }
            }
        }
    }

    fn double_click(self, over: Hit, world: Point) {
        if self.is_read_only {
            return;
        }
        let at = self.drawing.camera().get_untracked().to_screen(world);
        match over {
            Hit::Node(name) | Hit::Input(name) => self.editing.set(Some(name)),
            Hit::Edge(port) => self.choose(at, Purpose::Into(port)),
            Hit::Nothing => self.choose(at, Purpose::At(world)),
            Hit::Port(_) => {}
        }
    }

    /// Opens the context menu for what is here.
    pub fn open_menu(self, over: Hit, at: Point) {
        if self.is_read_only {
            return;
        }
        if let Hit::Node(name) | Hit::Input(name) = &over {
            let is_selected =
                self.drawing.selected().with_untracked(|selected| selected.contains(name));
            if !is_selected {
                self.drawing.select(vec![name.clone()]);
            }
        }
        self.menu.set(Some(Menu { at, over }));
    }

    /// Opens the list of steps.
    pub fn choose(self, at: Point, purpose: Purpose) {
        if !self.is_read_only {
            self.menu.set(None);
            self.chooser.set(Some(Chooser { at, purpose }));
        }
    }

    fn select_in(self, area: Rect, join: Join) {
        self.marquee.set(None);
        let names = self.drawing.with_scene(|scene, _| scene.nodes_in(&area));
        let names: Vec<String> = names.into_iter().collect();
        self.selected_edge.set(None);
        self.drawing.join_selection(names, join);
        let count = self.drawing.selection_untracked().len();
        self.say(tf("{n} selected", &[("n", &count)]));
    }

    fn lift(self, name: &str, join: Join, are_copies: bool) {
        self.hovered_edge.set(None);
        self.selected_edge.set(None);
        let is_selected =
            self.drawing.selected().with_untracked(|selected| selected.contains(name));
        if !is_selected {
            self.drawing.join_selection(vec![name.to_owned()], join);
        }
        if are_copies {
            self.drawing.begin("duplicate");
            if let Some(text) = self.drawing.copied() {
                let corner = self.drawing.with(|document| {
                    let selected = self.drawing.selection_untracked();
                    let at = selected.iter().filter_map(|name| Some(document.node(name)?.position));
                    at.reduce(|a, b| Position::new(a.x.min(b.x), a.y.min(b.y)))
                });
                self.drawing.paste(&text, corner);
            }
        }
        let names = self.drawing.selection_untracked();
        self.carried.set(Carried { names, are_copies });
    }

    fn carry(self, by: Point) {
        self.carried.with_untracked(|carried| self.drawing.carry(&carried.names, by.snapped()));
        let edge = self.edge_to_join(by);
        if self.hovered_edge.with_untracked(|before| *before != edge) {
            self.hovered_edge.set(edge);
        }
    }

    /// The edge that a single, unconnected card would be put into if it were dropped now.
    fn edge_to_join(self, by: Point) -> Option<PortId> {
        let name = self.carried.with_untracked(|carried| match carried.names.as_slice() {
            [name] => Some(name.clone()),
            _ => None,
        })?;
        let node = self.drawing.node(&name)?;
        let zoom = self.drawing.camera().get_untracked().zoom;
        self.drawing.with_scene(|scene, document| {
            let is_loose = node.next.is_empty() && document.ports_into(&name).is_empty();
            if !is_loose || !node.shape.has_input {
                return None;
            }
            let middle = diagram::geometry::card(&node).center().moved(by.x, by.y);
            scene.edge_at(middle, 2.0 * EDGE_REACH_PX / zoom)
        })
    }

    fn put_down(self, by: Point) {
        let Carried { names, are_copies } = self.carried.get_untracked();
        let edge = self.edge_to_join(by);
        let by = by.snapped();
        self.drawing.carry(&names, by);
        self.drawing.begin("move");
        let _ = self.drawing.apply(Command::Move { names: names.clone(), by });
        if let (Some(port), [name]) = (edge, names.as_slice()) {
            self.join_edge(name, &port);
        }
        self.drawing.commit();
        self.hovered_edge.set(None);
        self.carried.set(Carried::default());
        if are_copies {
            self.say(t("Copied"));
        }
    }

    /// Puts a loose card into an edge, and makes room for it.
    fn join_edge(self, name: &str, port: &PortId) {
        let led_to =
            self.drawing.node(&port.node).and_then(|node| node.next.get(&port.state).cloned());
        let connect = Command::Connect { from: port.clone(), to: name.to_owned() };
        if self.drawing.apply(connect).is_err() {
            return;
        }
        let first =
            self.drawing.node(name).and_then(|node| node.states().next().map(str::to_owned));
        if let (Some(state), Some(to)) = (first, led_to) {
            let _ = self.drawing.apply(Command::Connect { from: PortId::new(name, state), to });
        }
        let positions =
            self.drawing.with(|document| layout::room_for(document, &[name.to_owned()]));
        let _ = self.drawing.apply(Command::Place { positions });
    }

    fn draw_wire(self, from: PortId, to: Point) {
        self.hovered_edge.set(None);
        let zoom = self.drawing.camera().get_untracked().zoom;
        let target =
            self.drawing.with_scene(|scene, document| scene.drop_target(document, to, zoom));
        if self.wire_target.with_untracked(|before| *before != target) {
            self.wire_target.set(target);
        }
        self.wire.set(Some(Wire { from, to }));
    }

    fn end_wire(self, from: PortId, to: Point, at: Point) {
        let zoom = self.drawing.camera().get_untracked().zoom;
        let target =
            self.drawing.with_scene(|scene, document| scene.drop_target(document, to, zoom));
        let over = self.hit(at);
        match target {
            Some(to) => {
                self.forget_wire();
                self.connect(from, &to);
            }
            // Let go where it began, or on a card that cannot be entered: nothing was meant.
            None if matches!(over, Hit::Port(_) | Hit::Node(_)) => self.forget_wire(),
            None => self.choose(at, Purpose::From(from, Some(to))),
        }
    }

    /// Lets a way out lead to a node, and says so.
    pub fn connect(self, from: PortId, to: &str) {
        let label = self.drawing.port_label(&from);
        let connect = Command::Connect { from, to: to.to_owned() };
        match self.drawing.apply(connect) {
            Ok(()) => {
                self.say(tf(
                    "{way} now leads to {step}",
                    &[("way", &label), ("step", &self.drawing.title(to))],
                ));
            }
            Err(refusal) => self.say(refusal.to_string()),
        }
    }

    /// Takes an edge away.
    pub fn disconnect(self, from: PortId) {
        self.selected_edge.set(None);
        if self.drawing.apply(Command::Disconnect { from }).is_ok() {
            self.say(t("Disconnected"));
        }
    }

    /// No edge is being drawn any more.
    pub fn forget_wire(self) {
        self.wire.set(None);
        self.wire_target.set(None);
    }

    /// Everything the pointer was in the middle of is off.
    pub fn cancel(self) {
        self.forget_wire();
        self.marquee.set(None);
        let Carried { names, are_copies } = self.carried.get_untracked();
        if !names.is_empty() {
            self.drawing.carry(&names, Position::default());
            self.hovered_edge.set(None);
            if are_copies {
                self.drawing.cancel();
            }
        }
        if self.carried.with_untracked(|carried| !carried.names.is_empty()) {
            self.carried.set(Carried::default());
        }
    }
}
