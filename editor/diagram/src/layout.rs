//! Arranging cards: a whole drawing from left to right, a place for a new card, room around it.
//!
//! The whole drawing goes in columns by how far a node is from the start. The steps are Sugiyama's:
//! loops are cut where a depth-first way meets them, edges over several columns get place holders,
//! orders within columns are improved by barycentres, and heights follow by isotonic regression, which
//! keeps the order and the distances exactly. Everything is in grid units and depends on nothing but the
//! drawing, so the same file is always laid out alike.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::document::{Document, Position};
use crate::geometry::{Rect, card, card_units_high, card_units_wide};

mod columns;

/// From one column to the next: a card and 56 pixels for the edges.
pub const COLUMN_UNITS: i32 = 12;
/// Between two cards of a column, and around a card for which room is made.
pub const GAP_UNITS: i32 = 2;

/// Where every node goes when the whole drawing is tidied up.
pub fn tidy(document: &Document) -> BTreeMap<String, Position> {
    columns::arrange(document)
}

/// Gives a place to nodes that have none, and leaves the others where they are. If none has one, `tidy` tells where all of them go
/// ([`tidy`] or nothing: the editor's first load does without it).
pub fn place(
    document: &mut Document,
    homeless: &BTreeSet<String>,
    tidy: impl FnOnce(&Document) -> BTreeMap<String, Position>,
) {
    if homeless.is_empty() {
        return;
    }
    if homeless.len() == document.len() {
        for (name, position) in tidy(document) {
            if let Some(node) = document.node_mut(&name) {
                node.position = position;
            }
        }
        return;
    }
    let mut waiting: BTreeSet<String> = homeless.clone();
    for name in crate::walk::reading_order(document) {
        if !waiting.contains(&name) {
            continue;
        }
        let before = document.ports_into(&name).into_iter().find(|p| !waiting.contains(&p.node));
        let wish = match before {
            Some(port) => beside(document, &port.node),
            None => below_everything(document, &waiting),
        };
        let position = free_spot(document, wish, &name, &waiting);
        waiting.remove(&name);
        if let Some(node) = document.node_mut(&name) {
            node.position = position;
        }
    }
}

/// The place one column to the right of a node.
pub fn beside(document: &Document, name: &str) -> Position {
    let position = document.node(name).map(|node| node.position).unwrap_or_default();
    position.moved(Position::new(COLUMN_UNITS, 0))
}

fn below_everything(document: &Document, ignored: &BTreeSet<String>) -> Position {
    let placed = document.nodes().filter(|(name, _)| !ignored.contains(*name));
    let bottoms =
        placed.map(|(_, node)| (node.position.x, node.position.y + card_units_high(node)));
    let (left, bottom) =
        bottoms.fold((i32::MAX, i32::MIN), |(x, y), at| (x.min(at.0), y.max(at.1)));
    if bottom == i32::MIN { Position::default() } else { Position::new(left, bottom + GAP_UNITS) }
}

/// The place nearest to `wish`, downwards before sideways, where a card for `name` covers no other.
pub fn free_spot(
    document: &Document,
    wish: Position,
    name: &str,
    ignored: &BTreeSet<String>,
) -> Position {
    let high = document.node(name).map_or(6, |node| card_units_high(node));
    free_spot_for(document, wish, high, |other| other == name || ignored.contains(other))
}

/// Like [`free_spot`], for a card that is not in the drawing yet and covers `high` units downwards.
pub fn free_spot_for(
    document: &Document,
    wish: Position,
    high: i32,
    is_ignored: impl Fn(&str) -> bool,
) -> Position {
    let taken: Vec<Units> = document
        .nodes()
        .filter(|(name, _)| !is_ignored(name))
        .map(|(_, node)| Units::of(node.position, card_units_high(node)))
        .collect();
    let mut at = wish;
    // Each turn goes below a card in the way, so there are at most as many as cards.
    loop {
        let place = Units::of(at, high);
        let in_the_way = taken.iter().filter(|other| place.is_too_near(other));
        match in_the_way.map(|other| other.bottom).min() {
            Some(bottom) => at.y = bottom + 1,
            None => return Position::new(at.x, at.y),
        }
    }
}

/// What a card covers, in whole grid units.
#[derive(Clone, Copy)]
struct Units {
    left: i32,
    top: i32,
    right: i32,
    bottom: i32,
}

impl Units {
    fn of(position: Position, high: i32) -> Units {
        let Position { x, y } = position;
        Units { left: x, top: y, right: x + card_units_wide(), bottom: y + high }
    }

    /// Whether less than one unit is between the two.
    fn is_too_near(&self, other: &Units) -> bool {
        self.left <= other.right
            && other.left <= self.right
            && self.top <= other.bottom
            && other.top <= self.bottom
    }
}

/// Where other nodes must move so that nothing covers these; what follows them moves on to the right, what
/// is merely in the way moves down.
pub fn room_for(document: &Document, names: &[String]) -> BTreeMap<String, Position> {
    let downstream = downstream_of(document, names);
    let mut at: BTreeMap<&str, Units> = BTreeMap::new();
    let cards = document.nodes();
    at.extend(cards.map(|(name, node)| (name, Units::of(node.position, card_units_high(node)))));
    let mut moved: BTreeMap<String, Position> = BTreeMap::new();
    let mut pushing: VecDeque<&str> = names.iter().map(String::as_str).collect();
    // Everything moves right or down only, and always clear of what pushes it; the bound is for loops of
    // cards that push each other on.
    let mut turns_left = document.len() * 8 + 64;
    while let Some(name) = pushing.pop_front() {
        if turns_left == 0 {
            break;
        }
        turns_left -= 1;
        let Some(pusher) = at.get(name).copied() else { continue };
        let in_the_way: Vec<&str> = at
            .iter()
            .filter(|(other, units)| **other != name && units.is_too_near(&pusher))
            .map(|(other, _)| *other)
            .filter(|other| !names.iter().any(|fixed| fixed == other))
            .collect();
        for other in in_the_way {
            let Some(units) = at.get_mut(other) else { continue };
            if downstream.contains(other) {
                let by = pusher.left + COLUMN_UNITS - units.left;
                units.left += by.max(0);
                units.right += by.max(0);
            }
            if units.is_too_near(&pusher) {
                let by = pusher.bottom + GAP_UNITS - units.top;
                units.top += by;
                units.bottom += by;
            }
            moved.insert(other.to_owned(), Position::new(units.left, units.top));
            pushing.push_back(other);
        }
    }
    moved
}

fn downstream_of(document: &Document, names: &[String]) -> BTreeSet<String> {
    let mut reached: BTreeSet<String> = BTreeSet::new();
    let mut next: Vec<String> = names.to_vec();
    while let Some(name) = next.pop() {
        for edge in document.edges_of(&name) {
            if !names.contains(&edge.to) && reached.insert(edge.to.clone()) {
                next.push(edge.to);
            }
        }
    }
    reached
}

/// Whether no card covers another, for tests and for deciding whether a file's layout can be kept.
pub fn is_clear(document: &Document) -> bool {
    let cards: Vec<Rect> = document.nodes().map(|(_, node)| card(node)).collect();
    let covers = |(index, card): (usize, &Rect)| cards[..index].iter().any(|o| o.overlaps(card));
    !cards.iter().enumerate().any(covers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Node, Port, Shape};

    /// `"A>B C, B>C"`: nodes and where their states lead.
    fn drawn(text: &str) -> Document {
        let mut document = Document::new();
        for part in text.split(", ") {
            let (name, targets) = part.split_once('>').unwrap_or((part, ""));
            let ports: Vec<Port> = (0..targets.split_whitespace().count())
                .map(|row| Port::new(&row.to_string()))
                .collect();
            let mut node =
                Node::new("speak", Shape { ports, has_input: name != "Start", ..Shape::default() });
            let next = targets.split_whitespace().enumerate();
            node.next = next.map(|(row, to)| (row.to_string(), to.to_owned())).collect();
            document.insert(name, node);
        }
        document
    }

    fn tidied(text: &str) -> Document {
        let mut document = drawn(text);
        let all = document.nodes().map(|(name, _)| name.to_owned()).collect();
        place(&mut document, &all, tidy);
        document
    }

    fn at(document: &Document, name: &str) -> Position {
        document.node(name).unwrap().position
    }

    #[test]
    fn a_chain_is_one_straight_row() {
        let document = tidied("Start>A, A>B, B>C, C");
        let xs = ["Start", "A", "B", "C"].map(|name| at(&document, name).x);
        assert_eq!(xs, [0, 12, 24, 36]);
        let ys: BTreeSet<i32> = document.nodes().map(|(_, node)| node.position.y).collect();
        assert!(ys.last().unwrap() - ys.first().unwrap() <= 9, "{ys:?}");
    }

    #[test]
    fn branches_stand_in_the_order_of_their_rows() {
        let document = tidied("Start>M, M>Zebra Yak Ape, Zebra, Yak, Ape");
        let ys = ["Zebra", "Yak", "Ape"].map(|name| at(&document, name).y);
        assert!(ys.is_sorted(), "{ys:?}");
        assert!(is_clear(&document));
    }

    #[test]
    fn loops_and_islands_are_laid_out_too() {
        let document = tidied("Start>A, A>B A, B>A C, C, X>Y, Y>X, Lonely");
        assert!(is_clear(&document));
        assert_eq!(at(&document, "Start"), Position::new(0, at(&document, "Start").y));
        assert!(at(&document, "Lonely").y > at(&document, "C").y);
    }

    #[test]
    fn one_missing_place_moves_nothing_else() {
        let mut document = tidied("Start>A, A>B, B");
        let before = document.clone();
        let mut late =
            Node::new("speak", Shape { ports: vec![], has_input: true, ..Shape::default() });
        late.position = Position::new(0, 0);
        document.insert("Late", late);
        place(&mut document, &BTreeSet::from(["Late".to_owned()]), tidy);
        assert!(is_clear(&document));
        document.remove("Late");
        assert_eq!(document, before);
    }

    #[test]
    fn room_is_made_by_moving_what_follows() {
        let mut document = tidied("Start>A, A>B, B>C, C, Other");
        let new = at(&document, "B");
        document.node_mut("A").unwrap().position = new;
        let moved = room_for(&document, &["A".to_owned()]);
        for (name, position) in &moved {
            document.node_mut(name).unwrap().position = *position;
        }
        assert!(is_clear(&document), "{moved:?}");
        assert_eq!(at(&document, "B").x, new.x + COLUMN_UNITS);
        assert!(!moved.contains_key("Start"));
    }
}
