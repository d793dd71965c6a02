//! Bringing the signals up to date: exactly those of the cards and edges that changed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use diagram::selection::Join;
use diagram::{Change, Node, Point, PortId, Position, Rect};
use leptos::prelude::*;

use crate::drawing::Drawing;

impl Drawing {
    /// Shows these nodes moved by whole units, on the screen only; the drawing stays as it is until the
    /// command that moves them.
    pub fn carry(&self, names: &[String], by: Position) {
        let mut carried: BTreeMap<&str, Arc<Node>> = BTreeMap::new();
        for name in names {
            if let Some(mut node) = self.node(name) {
                let moved = Arc::make_mut(&mut node);
                moved.position = moved.position.moved(by);
                carried.insert(name, node);
            }
        }
        self.cards.with_value(|cards| {
            for (name, node) in &carried {
                if let Some(card) = cards.get(*name) {
                    set_if_changed(&card.at, Point::from(node.position));
                }
            }
        });
        let lines = self.with_scene(|scene, document| {
            let node = |name: &str| carried.get(name).or_else(|| document.node(name)).cloned();
            let route = |port: &PortId| {
                let from = node(&port.node)?;
                let to_name = from.next.get(&port.state)?;
                let to = node(to_name)?;
                // The card of a collapsed group goes along if all of its nodes do.
                let card = |name: &str| {
                    let rect = scene.fold(name)?.rect;
                    let by =
                        if carried.contains_key(name) { Point::from(by) } else { Point::default() };
                    Some(Rect::new(rect.x + by.x, rect.y + by.y, rect.width, rect.height))
                };
                let ends = ((&*from, card(&port.node)), (&*to, card(to_name)));
                diagram::hit::route_between_cards(ends.0, &port.state, ends.1, |area| {
                    scene.card_in(area, names)
                })
            };
            let ports = scene.ports_touching(names.iter().map(String::as_str));
            let drawn = ports.into_iter().filter_map(|port| Some((route(&port)?.to_svg(), port)));
            drawn.collect::<Vec<_>>()
        });
        self.lines.with_value(|all| {
            for (d, port) in lines {
                if let Some(line) = all.get(&port) {
                    set_if_changed(line, d);
                }
            }
        });
    }

    /// Brings every signal up to date after a change.
    pub(super) fn show(&self, change: &Change) {
        if change.is_empty() {
            return;
        }
        let names: BTreeSet<&str> = change.names().collect();
        let ports = self.scene.try_update_value(|scene| {
            self.with(|document| scene.update(document, names.iter().copied()))
        });
        self.show_cards(names);
        self.show_lines(ports.unwrap_or_default());
        let selection = self.selection.get_untracked();
        self.join_selection(selection.names().cloned().collect(), Join::Replace);
        self.changed();
    }

    /// Cards and lines that nobody has looked at yet have no signals.
    fn show_cards<'a>(&self, names: impl IntoIterator<Item = &'a str>) {
        for name in names {
            let card = self.cards.with_value(|cards| cards.get(name).cloned());
            // Signals of nodes that are gone are kept, since undo brings the node back to the same card.
            if let (Some(node), Some(card)) = (self.node(name), card) {
                set_if_changed(&card.at, Point::from(node.position));
                set_if_changed(&card.node, node);
            }
        }
    }

    fn show_lines(&self, ports: BTreeSet<PortId>) {
        for port in ports {
            let Some(line) = self.lines.with_value(|lines| lines.get(&port).cloned()) else {
                continue;
            };
            let d = self.with_scene(|scene, _| scene.route(&port).map(|route| route.path.to_svg()));
            if let Some(d) = d {
                set_if_changed(&line, d);
            }
        }
    }
}

fn set_if_changed<T: PartialEq + Send + Sync + 'static>(signal: &ArcRwSignal<T>, value: T) {
    if signal.with_untracked(|old| *old != value) {
        signal.set(value);
    }
}
