//! What is where: an index of cards and edges, for culling, clicks, marquees and drops.

use std::collections::{BTreeMap, BTreeSet};

use crate::document::{Document, Node, PortId};
use crate::geometry::{self, PORT_REACH_PX, Point, Rect};
use crate::marks::{self, Fold};
use crate::routing::{self, EdgePath};

mod grid;

use grid::Grid;

/// How near an edge a click may be, in screen pixels.
pub const EDGE_REACH_PX: f64 = 8.0;
/// How near an input an edge being drawn is caught, in screen pixels.
pub const SNAP_REACH_PX: f64 = 24.0;
/// A port's target never reaches further than this in world pixels, or a small card were all port.
const PORT_REACH_MAX_PX: f64 = 20.0;

/// What is under the pointer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hit {
    /// The dot of a state.
    Port(PortId),
    /// The dot where edges into a node end.
    Input(String),
    /// A card.
    Node(String),
    /// The edge that begins at this port.
    Edge(PortId),
    /// The paper.
    Nothing,
}

/// An edge as drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// The node it leads to.
    pub to: String,
    /// Its line.
    pub path: EdgePath,
    bounds: Rect,
}

/// The line from a state of one node to another node; nothing if there is no such state.
///
/// `in_the_way` names a card that reaches into a box, if there is one.
pub fn route_between(
    from: &Node,
    state: &str,
    to: &Node,
    in_the_way: impl Fn(&Rect) -> Option<Rect>,
) -> Option<EdgePath> {
    route_between_cards((from, None), state, (to, None), in_the_way)
}

/// Like [`route_between`], where each node may be hidden by a card that stands for its group: the line then ends there.
pub fn route_between_cards(
    (from, from_fold): (&Node, Option<Rect>),
    state: &str,
    (to, to_fold): (&Node, Option<Rect>),
    in_the_way: impl Fn(&Rect) -> Option<Rect>,
) -> Option<EdgePath> {
    let row = from.row_of(state)?;
    let (start, row) = match from_fold {
        Some(card) => (Point::new(card.right(), card.center().y), 0),
        None => (geometry::port(from, state)?, row),
    };
    let end = to_fold
        .map_or_else(|| end_of(to), |card| Point::new(card.x, card.y + geometry::INPUT_OFFSET.y));
    let from = from_fold.unwrap_or_else(|| geometry::card(from));
    let to = to_fold.unwrap_or_else(|| geometry::card(to));
    Some(routing::route(start, end, from, to, row, in_the_way))
}

/// Where edges into a node end. A faulty file may lead to a start; its edge ends where an input would be.
fn end_of(node: &Node) -> Point {
    let offset = geometry::INPUT_OFFSET;
    Point::from(node.position).moved(offset.x, offset.y)
}

/// Where every card and every edge of a drawing is. Kept up to date change by change.
#[derive(Clone, Debug, Default)]
pub struct Scene {
    cards: BTreeMap<String, Rect>,
    routes: BTreeMap<PortId, Route>,
    into: BTreeMap<String, BTreeSet<PortId>>,
    /// The edges that lead back or far: where they run depends on all cards.
    detours: BTreeSet<PortId>,
    /// The nodes for which a collapsed group's card stands.
    folds: BTreeMap<String, Fold>,
    card_grid: Grid<String>,
    route_grid: Grid<PortId>,
}

impl Scene {
    /// The scene of a whole drawing.
    pub fn of(document: &Document) -> Scene {
        let mut scene = Scene::default();
        let names: Vec<String> = document.nodes().map(|(name, _)| name.to_owned()).collect();
        scene.update(document, names.iter().map(String::as_str));
        scene
    }

    /// Brings the scene up to date with a drawing in which these nodes changed. Gives back the ports of
    /// all edges that were drawn anew or are gone.
    pub fn update<'a>(
        &mut self,
        document: &Document,
        names: impl IntoIterator<Item = &'a str>,
    ) -> BTreeSet<PortId> {
        let mut names: BTreeSet<&str> = names.into_iter().collect();
        let folds = marks::folds(document);
        let folds_before = std::mem::replace(&mut self.folds, folds.clone());
        // A group's card stands where its nodes begin, so it moves with any of them.
        let all = folds_before.keys().chain(folds.keys()).map(String::as_str);
        names.extend(all.filter(|name| folds_before.get(*name) != folds.get(*name)));
        let appeared: BTreeSet<&str> =
            names.iter().copied().filter(|name| !self.cards.contains_key(*name)).collect();
        let mut stale = BTreeSet::new();
        for &name in &names {
            stale.extend(self.ports_of(name));
            stale.extend(self.into.get(name).into_iter().flatten().cloned());
            if let Some(card) = self.cards.remove(name) {
                self.card_grid.remove(&card, &name.to_owned());
            }
            if let Some(node) = document.node(name) {
                if !folds.contains_key(name) {
                    let card = geometry::card(node);
                    self.card_grid.insert(&card, name.to_owned());
                    self.cards.insert(name.to_owned(), card);
                }
                stale.extend(node.next.keys().map(|state| PortId::new(name, state)));
            }
        }
        if !appeared.is_empty() {
            // Edges that led nowhere until now.
            for (name, node) in document.nodes() {
                let leading = node.next.iter().filter(|(_, to)| appeared.contains(to.as_str()));
                stale.extend(leading.map(|(state, _)| PortId::new(name, state)));
            }
        }
        stale.extend(self.detours.iter().cloned());
        for port in &stale {
            self.remove_route(port);
            self.add_route(document, port);
        }
        stale
    }

    fn remove_route(&mut self, port: &PortId) {
        let Some(route) = self.routes.remove(port) else { return };
        self.detours.remove(port);
        self.route_grid.remove(&route.bounds, port);
        if let Some(ports) = self.into.get_mut(&route.to) {
            ports.remove(port);
            if ports.is_empty() {
                self.into.remove(&route.to);
            }
        }
    }

    fn add_route(&mut self, document: &Document, port: &PortId) -> Option<()> {
        let node = document.node(&port.node)?;
        let to = node.next.get(&port.state)?;
        let target = document.node(to)?;
        let (from_fold, to_fold) = (self.fold(&port.node), self.fold(to));
        if from_fold.is_some_and(|from| to_fold.is_some_and(|to| to.group == from.group)) {
            return None;
        }
        let rect = |fold: Option<&Fold>| fold.map(|fold| fold.rect);
        let path = route_between_cards(
            (node, rect(from_fold)),
            &port.state,
            (target, rect(to_fold)),
            |area| self.card_in(area, &[]),
        )?;
        if !routing::is_plain(path.start(), path.end()) {
            self.detours.insert(port.clone());
        }
        let bounds = path.bounds();
        self.route_grid.insert(&bounds, port.clone());
        self.into.entry(to.clone()).or_default().insert(port.clone());
        self.routes.insert(port.clone(), Route { to: to.clone(), path, bounds });
        Some(())
    }

    /// The ports of a node that have a drawn edge.
    pub fn ports_of(&self, name: &str) -> Vec<PortId> {
        let from = PortId::new(name, "");
        let routes = self.routes.range(from..).take_while(|(port, _)| port.node == name);
        routes.map(|(port, _)| port.clone()).collect()
    }

    /// The ports whose edges begin or end at one of these nodes.
    pub fn ports_touching<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> BTreeSet<PortId> {
        let mut ports = BTreeSet::new();
        for name in names {
            ports.extend(self.ports_of(name));
            ports.extend(self.into.get(name).into_iter().flatten().cloned());
        }
        ports
    }

    /// A node's card.
    pub fn card(&self, name: &str) -> Option<Rect> {
        self.cards.get(name).copied()
    }

    /// The card of the collapsed group that hides a node.
    pub fn fold(&self, name: &str) -> Option<&Fold> {
        self.folds.get(name)
    }

    /// All cards, by name.
    pub fn cards(&self) -> impl Iterator<Item = (&str, Rect)> {
        self.cards.iter().map(|(name, card)| (name.as_str(), *card))
    }

    /// The edge that begins at a port.
    pub fn route(&self, port: &PortId) -> Option<&Route> {
        self.routes.get(port)
    }

    /// All edges, by port.
    pub fn routes(&self) -> impl Iterator<Item = (&PortId, &Route)> {
        self.routes.iter()
    }

    /// The nodes whose cards are at least partly in a box.
    pub fn nodes_in(&self, area: &Rect) -> BTreeSet<String> {
        self.card_grid.query(area, |name| self.cards.get(name).is_some_and(|c| c.overlaps(area)))
    }

    /// A card that reaches into a box, other than these.
    pub fn card_in(&self, area: &Rect, ignored: &[String]) -> Option<Rect> {
        let names = self.nodes_in(area).into_iter();
        let cards = names.filter(|name| !ignored.contains(name)).map(|name| self.cards[&name]);
        // The lowest, so that the answer does not depend on names.
        cards.max_by(|a, b| a.bottom().total_cmp(&b.bottom()).then(b.y.total_cmp(&a.y)))
    }

    /// The ports of the edges whose lines may pass through a box.
    pub fn edges_in(&self, area: &Rect) -> BTreeSet<PortId> {
        // A straight edge's box has no height, and would overlap nothing.
        let near = |route: &Route| route.bounds.grown(1.0).overlaps(area);
        self.route_grid.query(area, |port| self.routes.get(port).is_some_and(near))
    }

    /// The card at a place; of several the one `is_raised`, else the last by name.
    pub fn node_at(&self, point: Point, is_raised: impl Fn(&str) -> bool) -> Option<String> {
        let under = self.nodes_in(&Rect::around(point, point).grown(0.5));
        let under = under.into_iter().filter(|name| self.cards[name].contains(point));
        under.max_by_key(|name| is_raised(name))
    }

    /// The edge nearest to a place, if it is within `reach` world pixels.
    pub fn edge_at(&self, point: Point, reach: f64) -> Option<PortId> {
        let near = self.edges_in(&Rect::around(point, point).grown(reach));
        let measured = near.into_iter().map(|port| (self.routes[&port].path.distance(point), port));
        let nearest = measured.min_by(|a, b| a.0.total_cmp(&b.0));
        nearest.filter(|(distance, _)| *distance <= reach).map(|(_, port)| port)
    }

    /// What is under a place of the world, seen at this zoom.
    pub fn hit(
        &self,
        document: &Document,
        point: Point,
        zoom: f64,
        is_raised: impl Fn(&str) -> bool,
    ) -> Hit {
        let reach = (PORT_REACH_PX / zoom).min(PORT_REACH_MAX_PX);
        if let Some(dot) = self.dot_at(document, point, reach) {
            return dot;
        }
        if let Some(name) = self.node_at(point, is_raised) {
            return Hit::Node(name);
        }
        self.edge_at(point, EDGE_REACH_PX / zoom).map_or(Hit::Nothing, Hit::Edge)
    }

    fn dot_at(&self, document: &Document, point: Point, reach: f64) -> Option<Hit> {
        let mut nearest: Option<(f64, Hit)> = None;
        let mut offer = |distance: f64, hit: Hit| {
            if distance <= reach && nearest.as_ref().is_none_or(|(best, _)| distance < *best) {
                nearest = Some((distance, hit));
            }
        };
        for name in self.nodes_in(&Rect::around(point, point).grown(reach)) {
            let Some(node) = document.node(&name) else { continue };
            if let Some(input) = geometry::input(node) {
                offer(input.distance(point), Hit::Input(name.clone()));
            }
            let corner = Point::from(node.position);
            for (row, state) in node.states().enumerate() {
                let offset = geometry::port_offset(row);
                let distance = corner.moved(offset.x, offset.y).distance(point);
                offer(distance, Hit::Port(PortId::new(&name, state)));
            }
        }
        nearest.map(|(_, hit)| hit)
    }

    /// The node an edge being drawn would lead to if it were dropped here: the card under the pointer,
    /// else the nearest input within reach. Only nodes that can be entered.
    pub fn drop_target(&self, document: &Document, point: Point, zoom: f64) -> Option<String> {
        let can_enter = |name: &str| document.node(name).is_some_and(|node| node.shape.has_input);
        if let Some(name) = self.node_at(point, can_enter) {
            return can_enter(&name).then_some(name);
        }
        let reach = SNAP_REACH_PX / zoom;
        let near = self.nodes_in(&Rect::around(point, point).grown(reach)).into_iter();
        let measured = near.filter_map(|name| {
            let distance = geometry::input(document.node(&name)?)?.distance(point);
            (distance <= reach).then_some((distance, name))
        });
        measured.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, name)| name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::{Command, apply};
    use crate::document::{Node, Port, Position, Shape};

    fn scene() -> (Document, Scene) {
        let mut document = Document::new();
        for (name, x) in [("Ask", 0), ("Bye", 20)] {
            let shape =
                Shape { ports: vec![Port::new("completed")], has_input: true, ..Shape::default() };
            let mut node = Node::new("speak", shape);
            node.position = Position::new(x, 0);
            document.insert(name, node);
        }
        let connect = Command::Connect { from: PortId::new("Ask", "completed"), to: "Bye".into() };
        apply(&mut document, &connect).unwrap();
        let scene = Scene::of(&document);
        (document, scene)
    }

    #[test]
    fn a_click_finds_what_is_drawn_there() {
        let (document, scene) = scene();
        let hit = |x, y| scene.hit(&document, Point::new(x, y), 1.0, |_| false);
        let port = PortId::new("Ask", "completed");
        assert_eq!(hit(232.0, 86.0), Hit::Port(port.clone()));
        assert_eq!(hit(480.0, 21.0), Hit::Input("Bye".to_owned()));
        assert_eq!(hit(100.0, 50.0), Hit::Node("Ask".to_owned()));
        assert_eq!(hit(356.0, 56.0), Hit::Edge(port));
        assert_eq!(hit(356.0, 120.0), Hit::Nothing);
    }

    #[test]
    fn the_whole_card_catches_an_edge_and_so_does_the_air_near_its_input() {
        let (document, scene) = scene();
        let target = |x, y| scene.drop_target(&document, Point::new(x, y), 1.0);
        assert_eq!(target(600.0, 90.0).as_deref(), Some("Bye"));
        assert_eq!(target(462.0, 14.0).as_deref(), Some("Bye"));
        assert_eq!(target(430.0, 14.0), None);
    }

    #[test]
    fn the_scene_follows_every_change() {
        let (mut document, mut scene) = scene();
        let commands = [
            Command::Move { names: vec!["Bye".into()], by: Position::new(0, 90) },
            Command::Rename { from: "Bye".into(), to: "End".into() },
            Command::Remove { names: vec!["Ask".into()], heal: false },
        ];
        for command in commands {
            let change = apply(&mut document, &command).unwrap();
            scene.update(&document, change.names());
            let fresh = Scene::of(&document);
            assert_eq!(scene.cards, fresh.cards);
            assert_eq!(scene.routes, fresh.routes);
            assert_eq!(scene.into, fresh.into);
            assert_eq!(scene.card_grid.cells, fresh.card_grid.cells);
            assert_eq!(scene.route_grid.cells, fresh.route_grid.cells);
        }
    }
}
