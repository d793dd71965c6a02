//! Where everything on a card is, as a pure function of the data, in world pixels.
//!
//! Text never changes a size: rows are of fixed height and long words are cut. So edges, hit tests, the
//! minimap, layout and tests all work without a browser.

use crate::document::{Document, Node, PortId, Position};
use crate::marks;

/// One grid unit of the file's `layout`, in world pixels; also the distance of the canvas dots.
pub const UNIT_PX: f64 = 24.0;
/// A card's width, border included.
pub const CARD_WIDTH_PX: f64 = 232.0;
/// The row with icon, name and kind.
pub const HEADER_PX: f64 = 40.0;
/// The one line that says what the node does.
pub const SUMMARY_PX: f64 = 28.0;
/// One state.
pub const ROW_PX: f64 = 24.0;
/// Above the first state, the dividing line included.
pub const ROWS_TOP_PX: f64 = 5.0;
/// Below the last state.
pub const ROWS_BOTTOM_PX: f64 = 6.0;
/// The card's hairline.
pub const BORDER_PX: f64 = 1.0;
/// How far a port's target reaches around its centre, in screen pixels: a target of 24.
pub const PORT_REACH_PX: f64 = 12.0;

/// A place in the world, in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Downwards.
    pub y: f64,
}

impl Point {
    /// The place at `x`, `y`.
    pub const fn new(x: f64, y: f64) -> Point {
        Point { x, y }
    }

    /// How far apart two places are.
    pub fn distance(self, other: Point) -> f64 {
        (self.x - other.x).hypot(self.y - other.y)
    }

    /// This place moved.
    #[must_use]
    pub fn moved(self, dx: f64, dy: f64) -> Point {
        Point::new(self.x + dx, self.y + dy)
    }

    /// The nearest position of the grid.
    pub fn snapped(self) -> Position {
        // `as` saturates, and `Position::new` brings the rest into range.
        Position::new((self.x / UNIT_PX).round() as i32, (self.y / UNIT_PX).round() as i32)
    }
}

impl From<Position> for Point {
    fn from(position: Position) -> Point {
        Point::new(f64::from(position.x) * UNIT_PX, f64::from(position.y) * UNIT_PX)
    }
}

/// A box in the world, in pixels; never of negative size.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// To the right edge.
    pub width: f64,
    /// To the lower edge.
    pub height: f64,
}

impl Rect {
    /// The box with this corner and size.
    pub const fn new(x: f64, y: f64, width: f64, height: f64) -> Rect {
        Rect { x, y, width, height }
    }

    /// The smallest box around two places.
    pub fn around(a: Point, b: Point) -> Rect {
        Rect::new(a.x.min(b.x), a.y.min(b.y), (a.x - b.x).abs(), (a.y - b.y).abs())
    }

    /// The right edge.
    pub fn right(&self) -> f64 {
        self.x + self.width
    }

    /// The lower edge.
    pub fn bottom(&self) -> f64 {
        self.y + self.height
    }

    /// The middle.
    pub fn center(&self) -> Point {
        Point::new(self.x + self.width / 2.0, self.y + self.height / 2.0)
    }

    /// Whether the place is inside or on the edge.
    pub fn contains(&self, point: Point) -> bool {
        point.x >= self.x
            && point.x <= self.right()
            && point.y >= self.y
            && point.y <= self.bottom()
    }

    /// Whether the two share more than an edge.
    pub fn overlaps(&self, other: &Rect) -> bool {
        self.x < other.right()
            && other.x < self.right()
            && self.y < other.bottom()
            && other.y < self.bottom()
    }

    /// The smallest box around both.
    #[must_use]
    pub fn union(&self, other: &Rect) -> Rect {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        let (right, bottom) = (self.right().max(other.right()), self.bottom().max(other.bottom()));
        Rect::new(x, y, right - x, bottom - y)
    }

    /// This box made larger on every side.
    #[must_use]
    pub fn grown(&self, by: f64) -> Rect {
        Rect::new(self.x - by, self.y - by, self.width + 2.0 * by, self.height + 2.0 * by)
    }
}

/// A card's height with this many states.
pub fn card_height(row_count: usize) -> f64 {
    let rows =
        if row_count == 0 { 0.0 } else { ROWS_TOP_PX + row_count as f64 * ROW_PX + ROWS_BOTTOM_PX };
    2.0 * BORDER_PX + HEADER_PX + SUMMARY_PX + rows
}

/// A node's card.
pub fn card(node: &Node) -> Rect {
    let corner = Point::from(node.position);
    Rect::new(corner.x, corner.y, CARD_WIDTH_PX, card_height(node.row_count()))
}

/// How many whole grid units a card covers downwards.
pub fn card_units_high(node: &Node) -> i32 {
    (card_height(node.row_count()) / UNIT_PX).ceil() as i32
}

/// How many whole grid units a card covers to the right.
pub fn card_units_wide() -> i32 {
    (CARD_WIDTH_PX / UNIT_PX).ceil() as i32
}

/// Where the edges into a node end, seen from the card's corner.
pub const INPUT_OFFSET: Point = Point::new(0.0, BORDER_PX + HEADER_PX / 2.0);

/// Where the edge of a row begins, seen from the card's corner.
pub fn port_offset(row: usize) -> Point {
    let above = BORDER_PX + HEADER_PX + SUMMARY_PX + ROWS_TOP_PX;
    Point::new(CARD_WIDTH_PX, above + (row as f64 + 0.5) * ROW_PX)
}

/// Where the edges into this node end, if it can be entered.
pub fn input(node: &Node) -> Option<Point> {
    let corner = Point::from(node.position);
    node.shape.has_input.then(|| corner.moved(INPUT_OFFSET.x, INPUT_OFFSET.y))
}

/// Where the edge of this state begins.
pub fn port(node: &Node, state: &str) -> Option<Point> {
    let offset = port_offset(node.row_of(state)?);
    Some(Point::from(node.position).moved(offset.x, offset.y))
}

/// Where the edge of this port begins.
pub fn port_of(document: &Document, id: &PortId) -> Option<Point> {
    port(document.node(&id.node)?, &id.state)
}

/// The smallest box around all these cards; nothing if there are none.
pub fn bounds<'a>(nodes: impl IntoIterator<Item = &'a Node>) -> Option<Rect> {
    nodes.into_iter().map(card).reduce(|all, one| all.union(&one))
}

/// The smallest box around the whole drawing, notes and groups included; nothing if it is empty.
pub fn document_bounds(document: &Document) -> Option<Rect> {
    let folds = marks::folds(document);
    let shown = document.nodes().filter(|(name, _)| !folds.contains_key(*name));
    let cards = shown.map(|(_, node)| card(node));
    let notes = document.marks.notes.values().filter(|note| marks::is_free(document, note));
    let groups = document.marks.groups.values();
    let groups = groups.filter_map(|group| marks::group_rect(document, group));
    let all = cards.chain(notes.map(|note| note.rect())).chain(groups);
    all.reduce(|all, one| all.union(&one))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Port, Shape};

    #[test]
    fn ports_sit_on_the_right_edge_in_the_middle_of_their_rows() {
        let ports = vec![Port::new("digits"), Port::new("no_input")];
        let mut node =
            Node::new("get_digits", Shape { ports, has_input: true, ..Shape::default() });
        node.position = Position::new(2, 1);
        assert_eq!(card(&node), Rect::new(48.0, 24.0, 232.0, 129.0));
        assert_eq!(input(&node), Some(Point::new(48.0, 45.0)));
        assert_eq!(port(&node, "digits"), Some(Point::new(280.0, 110.0)));
        assert_eq!(port(&node, "no_input"), Some(Point::new(280.0, 134.0)));
        assert_eq!(port(&node, "banana"), None);
    }

    #[test]
    fn a_card_without_states_has_no_empty_list() {
        assert_eq!(card_height(0), 70.0);
    }
}
