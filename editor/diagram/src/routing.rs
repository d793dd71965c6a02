//! The line an edge is drawn along: a curve onwards, a rounded detour back.

use std::fmt::Write as _;

use crate::geometry::{CARD_WIDTH_PX, Point, Rect};

/// A target at least this far to the right is reached by a plain curve.
const FORWARD_PX: f64 = 32.0;
/// The shortest reach of a curve's handles.
const HANDLE_MIN_PX: f64 = 28.0;
/// How far a detour leaves a card before it turns.
const STUB_PX: f64 = 22.0;
/// How far a detour keeps from the cards it passes.
const CLEARANCE_PX: f64 = 18.0;
/// Nearer than this a card is in the way of a detour.
const NEAR_PX: f64 = 8.0;
/// Over this length an edge changes to the height of a free strip.
const RAMP_PX: f64 = 44.0;
/// A detour passes at most so many cards to find a free strip.
const PASSED_MAX: usize = 32;
/// Below is where people look for a loop; above is taken where it is less than this share as long.
const ABOVE_SHARE: f64 = 0.5;
/// Neighbouring rows turn this much apart, so that their detours do not run in one line.
const LANE_PX: f64 = 6.0;
/// After this many rows the lanes begin anew.
const LANES: usize = 6;
/// The radius of a detour's corners.
const CORNER_PX: f64 = 12.0;
/// Into how many straight pieces a curve is cut for measuring.
const PIECES: usize = 20;

/// One piece of a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Segment {
    /// Straight to a place.
    Line(Point),
    /// A cubic curve with its two handles and its end.
    Curve(Point, Point, Point),
}

/// The line of an edge, from a port to an input.
#[derive(Clone, Debug, PartialEq)]
pub struct EdgePath {
    start: Point,
    segments: Vec<Segment>,
}

/// An edge's line from the port at `from` to the input at `to`, around the cards it belongs to.
///
/// `row` is the port's row, which sets the detours of one card apart. `in_the_way` names a card that reaches
/// into a box, if there is one.
pub fn route(
    from: Point,
    to: Point,
    source: Rect,
    target: Rect,
    row: usize,
    in_the_way: impl Fn(&Rect) -> Option<Rect>,
) -> EdgePath {
    if to.x - from.x >= FORWARD_PX {
        return forward(from, to, in_the_way);
    }
    let lane = (row % LANES) as f64 * LANE_PX;
    let out = from.x + STUB_PX + lane;
    let back = to.x - STUB_PX - lane;
    let strip = |y: f64| Rect::new(back, y - NEAR_PX, out - back, 2.0 * NEAR_PX);
    let between = |upper: &Rect, lower: &Rect| {
        let room = lower.y - upper.bottom();
        let middle = upper.bottom() + room / 2.0;
        let is_free = room >= 2.0 * CLEARANCE_PX && in_the_way(&strip(middle)).is_none();
        is_free.then_some(middle)
    };
    let channel = between(&source, &target).or_else(|| between(&target, &source));
    let channel = channel.unwrap_or_else(|| {
        let mut below = source.bottom().max(target.bottom()) + CLEARANCE_PX + lane;
        let mut above = source.y.min(target.y) - CLEARANCE_PX - lane;
        // Each turn passes a card; where there are too many, the edge goes behind one.
        for _ in 0..PASSED_MAX {
            let Some(card) = in_the_way(&strip(below)) else { break };
            below = card.bottom() + CLEARANCE_PX + lane;
        }
        for _ in 0..PASSED_MAX {
            let Some(card) = in_the_way(&strip(above)) else { break };
            above = card.y - CLEARANCE_PX - lane;
        }
        let below_px = 2.0 * below - from.y - to.y;
        let above_px = from.y + to.y - 2.0 * above;
        if above_px < below_px * ABOVE_SHARE { above } else { below }
    });
    rounded(&[
        from,
        Point::new(out, from.y),
        Point::new(out, channel),
        Point::new(back, channel),
        Point::new(back, to.y),
        to,
    ])
}

/// Whether an edge between these places is a plain curve, whatever else is drawn.
pub fn is_plain(from: Point, to: Point) -> bool {
    (FORWARD_PX..=CARD_WIDTH_PX).contains(&(to.x - from.x))
}

/// A curve, or where cards are in its way, a way along the nearest free strip.
fn forward(from: Point, to: Point, in_the_way: impl Fn(&Rect) -> Option<Rect>) -> EdgePath {
    let plain = curve(from, to);
    // The cards at both ends touch the line there.
    let between = |at: &Point| at.x > from.x + NEAR_PX && at.x < to.x - NEAR_PX;
    let is_blocked = |piece: &[Point]| {
        let hits =
            |piece: &[Point]| in_the_way(&Rect::around(piece[0], piece[1]).grown(2.0)).is_some();
        piece.iter().all(between) && hits(piece)
    };
    if is_plain(from, to) || !plain.pieces().windows(2).any(is_blocked) {
        return plain;
    }
    let (left, right) = (from.x + RAMP_PX, to.x - RAMP_PX);
    let strip = |y: f64| {
        Rect::new(left - NEAR_PX, y - NEAR_PX, right - left + 2.0 * NEAR_PX, 2.0 * NEAR_PX)
    };
    let search = |seed: f64, is_up: bool| {
        let mut y = seed;
        for _ in 0..PASSED_MAX {
            let Some(card) = in_the_way(&strip(y)) else { return Some(y) };
            y = if is_up { card.y - NEAR_PX - 4.0 } else { card.bottom() + NEAR_PX + 4.0 };
        }
        None
    };
    let seeds =
        [from.y, to.y].into_iter().flat_map(|seed| [search(seed, true), search(seed, false)]);
    let cost = |y: &f64| (y - from.y).abs() + (y - to.y).abs();
    let Some(y) = seeds.flatten().min_by(|a, b| cost(a).total_cmp(&cost(b))) else { return plain };
    let (down, up) = (Point::new(left, y), Point::new(right, y));
    let half = RAMP_PX / 2.0;
    let segments = vec![
        Segment::Curve(from.moved(half, 0.0), down.moved(-half, 0.0), down),
        Segment::Line(up),
        Segment::Curve(up.moved(half, 0.0), to.moved(-half, 0.0), to),
    ];
    EdgePath { start: from, segments }
}

/// The line of an edge that is being drawn and does not know its card yet.
pub fn draft(from: Point, to: Point) -> EdgePath {
    curve(from, to)
}

fn curve(from: Point, to: Point) -> EdgePath {
    let reach = ((to.x - from.x).abs() / 2.0).max(HANDLE_MIN_PX);
    let segment = Segment::Curve(from.moved(reach, 0.0), to.moved(-reach, 0.0), to);
    EdgePath { start: from, segments: vec![segment] }
}

fn rounded(corners: &[Point]) -> EdgePath {
    let mut segments = Vec::new();
    for window in corners.windows(3) {
        let [before, corner, after] = [window[0], window[1], window[2]];
        let radius = CORNER_PX.min(before.distance(corner) / 2.0).min(corner.distance(after) / 2.0);
        let (entry, exit) = (toward(corner, before, radius), toward(corner, after, radius));
        segments.push(Segment::Line(entry));
        // Handles at 45 % of the way from the corner make a good quarter of a circle.
        let handles = (toward(corner, entry, radius * 0.45), toward(corner, exit, radius * 0.45));
        segments.push(Segment::Curve(handles.0, handles.1, exit));
    }
    segments.extend(corners.last().map(|end| Segment::Line(*end)));
    EdgePath { start: corners[0], segments }
}

fn toward(from: Point, to: Point, by: f64) -> Point {
    let distance = from.distance(to);
    if distance < f64::EPSILON {
        return from;
    }
    from.moved((to.x - from.x) / distance * by, (to.y - from.y) / distance * by)
}

impl EdgePath {
    /// The line as the `d` of an SVG path.
    pub fn to_svg(&self) -> String {
        let mut d = String::with_capacity(64);
        let number = |value: f64| (value * 10.0).round() / 10.0;
        let xy = |point: Point| format!("{} {}", number(point.x), number(point.y));
        let _ = write!(d, "M{}", xy(self.start));
        for segment in &self.segments {
            let _ = match segment {
                Segment::Line(end) => write!(d, " L{}", xy(*end)),
                Segment::Curve(a, b, end) => write!(d, " C{} {} {}", xy(*a), xy(*b), xy(*end)),
            };
        }
        d
    }

    /// A box that certainly holds the line.
    pub fn bounds(&self) -> Rect {
        let first = Rect::around(self.start, self.start);
        let include = |bounds: Rect, point: &Point| bounds.union(&Rect::around(*point, *point));
        self.segments.iter().fold(first, |bounds, segment| match segment {
            Segment::Line(end) => include(bounds, end),
            Segment::Curve(a, b, end) => [a, b, end].into_iter().fold(bounds, include),
        })
    }

    /// How far a place is from the line, in world pixels.
    pub fn distance(&self, point: Point) -> f64 {
        let pieces = self.pieces();
        let nearest = pieces.windows(2).map(|piece| distance_to_piece(point, piece[0], piece[1]));
        nearest.fold(f64::INFINITY, f64::min)
    }

    /// How long the line is, in world pixels.
    pub fn length(&self) -> f64 {
        self.pieces().windows(2).map(|piece| piece[0].distance(piece[1])).sum()
    }

    /// The place half way along the line: where its label and its "+" go.
    pub fn middle(&self) -> Point {
        let pieces = self.pieces();
        let mut left = self.length() / 2.0;
        for piece in pieces.windows(2) {
            let step = piece[0].distance(piece[1]);
            if step >= left {
                return toward(piece[0], piece[1], left);
            }
            left -= step;
        }
        self.start
    }

    /// Where it begins.
    pub fn start(&self) -> Point {
        self.start
    }

    /// Where it ends.
    pub fn end(&self) -> Point {
        match self.segments.last() {
            Some(Segment::Line(end) | Segment::Curve(_, _, end)) => *end,
            None => self.start,
        }
    }

    /// The line as places joined by straight pieces.
    pub fn pieces(&self) -> Vec<Point> {
        let mut points = vec![self.start];
        let mut at = self.start;
        for segment in &self.segments {
            match *segment {
                Segment::Line(end) => {
                    points.push(end);
                    at = end;
                }
                Segment::Curve(a, b, end) => {
                    let step = |i: usize| on_curve([at, a, b, end], i as f64 / PIECES as f64);
                    points.extend((1..=PIECES).map(step));
                    at = end;
                }
            }
        }
        points
    }
}

fn on_curve([p0, p1, p2, p3]: [Point; 4], t: f64) -> Point {
    let s = 1.0 - t;
    let (a, b, c, d) = (s * s * s, 3.0 * s * s * t, 3.0 * s * t * t, t * t * t);
    Point::new(a * p0.x + b * p1.x + c * p2.x + d * p3.x, a * p0.y + b * p1.y + c * p2.y + d * p3.y)
}

fn distance_to_piece(point: Point, a: Point, b: Point) -> f64 {
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let length_squared = dx * dx + dy * dy;
    if length_squared < f64::EPSILON {
        return point.distance(a);
    }
    let t = (((point.x - a.x) * dx + (point.y - a.y) * dy) / length_squared).clamp(0.0, 1.0);
    point.distance(a.moved(dx * t, dy * t))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CARD: Rect = Rect::new(0.0, 0.0, 232.0, 100.0);

    #[test]
    fn onwards_is_one_curve() {
        let far = Rect::new(400.0, 50.0, 232.0, 100.0);
        let path = route(Point::new(232.0, 80.0), Point::new(400.0, 71.0), CARD, far, 0, |_| None);
        assert_eq!(path.to_svg(), "M232 80 C316 80 316 71 400 71");
        assert!(path.distance(path.middle()) < 1.0);
        assert!((path.middle().x - 316.0).abs() < 1.0);
    }

    #[test]
    fn a_loop_back_passes_below_both_cards_and_hits_neither() {
        let source = Rect::new(300.0, 20.0, 232.0, 150.0);
        let (from, to) = (Point::new(532.0, 100.0), Point::new(0.0, 21.0));
        let path = route(from, to, source, CARD, 0, |_| None);
        let inside = |card: &Rect, point: Point| {
            point.x > card.x
                && point.x < card.right()
                && point.y > card.y
                && point.y < card.bottom()
        };
        assert!(
            path.pieces().iter().all(|&point| !inside(&source, point) && !inside(&CARD, point))
        );
        assert!(path.bounds().bottom() > 170.0);
        assert_eq!(path.end(), to);
    }

    #[test]
    fn a_card_straight_below_is_reached_through_the_gap() {
        let below = Rect::new(0.0, 240.0, 232.0, 100.0);
        let path = route(Point::new(232.0, 80.0), Point::new(0.0, 261.0), CARD, below, 0, |_| None);
        assert!(path.distance(Point::new(116.0, 170.0)) < 1e-9);
        assert!(path.bounds().bottom() < 262.0);
    }

    #[test]
    fn the_bounds_hold_the_whole_line() {
        let path = route(Point::new(232.0, 80.0), Point::new(0.0, 21.0), CARD, CARD, 3, |_| None);
        let bounds = path.bounds().grown(1e-9);
        assert!(path.pieces().iter().all(|&point| bounds.contains(point)));
    }

    #[test]
    fn a_loop_back_keeps_clear_of_what_is_below() {
        let source = Rect::new(300.0, 0.0, 232.0, 100.0);
        let wall = Rect::new(100.0, 110.0, 232.0, 400.0);
        let (from, to) = (Point::new(532.0, 80.0), Point::new(0.0, 21.0));
        let hits = |area: &Rect| wall.overlaps(area).then_some(wall);
        let path = route(from, to, source, CARD, 0, hits);
        assert!(path.pieces().iter().all(|point| !wall.grown(4.0).contains(*point)));
        assert!(path.bounds().y < 0.0, "over the top is much shorter");
    }

    #[test]
    fn a_long_edge_goes_around_the_card_between() {
        let far = Rect::new(800.0, 0.0, 232.0, 100.0);
        let wall = Rect::new(400.0, -20.0, 232.0, 200.0);
        let (from, to) = (Point::new(232.0, 80.0), Point::new(800.0, 21.0));
        let hits = |area: &Rect| wall.overlaps(area).then_some(wall);
        let path = route(from, to, CARD, far, 0, hits);
        assert!(path.pieces().iter().all(|point| !wall.grown(4.0).contains(*point)));
        assert_eq!(path.end(), to);
        assert_eq!(route(from, to, CARD, far, 0, |_| None), curve(from, to));
    }
}
