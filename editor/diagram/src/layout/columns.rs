//! The layered arrangement behind [`super::tidy`].

use std::collections::{BTreeMap, BTreeSet};

use super::{COLUMN_UNITS, GAP_UNITS};
use crate::document::{Document, Position};
use crate::geometry::{INPUT_OFFSET, UNIT_PX, card_units_high, port_offset};
use crate::walk::depth_first;

/// How often the orders within columns are swept; crossings hardly fall after a few.
const ORDER_SWEEPS: usize = 12;
/// How often heights are evened out.
const HEIGHT_SWEEPS: usize = 10;
/// How far a card follows its edge down: all the way would draw straight edges and stairs of cards, not at all a row of cards
/// with steep edges.
const DROP_SHARE: f64 = 0.35;
/// Between two separate parts of a drawing.
const PART_GAP_UNITS: i32 = 4;

/// A card or the place holder of an edge that passes through its column.
struct Item {
    name: Option<String>,
    column: usize,
    high: i32,
    /// Below it before the next item.
    gap: i32,
    y: f64,
}

/// A piece of an edge between neighbouring columns.
struct Link {
    from: usize,
    to: usize,
    /// How far below the upper edges of its items it begins and ends, in grid units.
    from_offset: f64,
    to_offset: f64,
}

struct Part {
    items: Vec<Item>,
    links: Vec<Link>,
    columns: Vec<Vec<usize>>,
}

pub(super) fn arrange(document: &Document) -> BTreeMap<String, Position> {
    let walk = depth_first(document);
    let mut positions = BTreeMap::new();
    let mut top = 0;
    for part in parts(document, &walk.order) {
        let column_of = columns_of(document, &walk.left, &walk.back, &part);
        let mut part = Part::of(document, &walk.back, &part, &column_of);
        part.reduce_crossings();
        part.settle_heights();
        top = part.write(top, &mut positions);
    }
    positions
}

/// The nodes of each connected part, in reading order; the part of the start is first.
fn parts(document: &Document, order: &[String]) -> Vec<Vec<String>> {
    let mut touching: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for edge in document.edges() {
        touching.entry(edge.from.node.clone()).or_default().push(edge.to.clone());
        touching.entry(edge.to).or_default().push(edge.from.node);
    }
    let mut part_of: BTreeMap<String, usize> = BTreeMap::new();
    let mut count = 0;
    for root in order {
        if part_of.contains_key(root) {
            continue;
        }
        let mut next = vec![root.clone()];
        while let Some(name) = next.pop() {
            if part_of.insert(name.clone(), count).is_none() {
                next.extend(touching.get(&name).into_iter().flatten().cloned());
            }
        }
        count += 1;
    }
    let mut parts = vec![Vec::new(); count];
    for name in order {
        parts[part_of[name]].push(name.clone());
    }
    parts
}

/// The column of each node: one more than the farthest node that leads to it.
fn columns_of(
    document: &Document,
    left: &[String],
    back: &BTreeSet<(String, String)>,
    part: &[String],
) -> BTreeMap<String, usize> {
    let members: BTreeSet<&String> = part.iter().collect();
    let mut column_of: BTreeMap<String, usize> =
        part.iter().map(|name| (name.clone(), 0)).collect();
    for name in left.iter().rev().filter(|name| members.contains(name)) {
        let column = column_of[name];
        for edge in document.edges_of(name) {
            if edge.to == *name || back.contains(&(name.clone(), edge.to.clone())) {
                continue;
            }
            if let Some(target) = column_of.get_mut(&edge.to) {
                *target = (*target).max(column + 1);
            }
        }
    }
    column_of
}

impl Part {
    fn of(
        document: &Document,
        back: &BTreeSet<(String, String)>,
        names: &[String],
        column_of: &BTreeMap<String, usize>,
    ) -> Part {
        let mut part = Part { items: Vec::new(), links: Vec::new(), columns: Vec::new() };
        let mut index_of: BTreeMap<&str, usize> = BTreeMap::new();
        for name in names {
            let high = document.node(name).map_or(0, |node| card_units_high(node));
            let index = part.add(Some(name.clone()), column_of[name], high, GAP_UNITS);
            index_of.insert(name, index);
        }
        for name in names {
            for edge in document.edges_of(name) {
                let is_back = edge.to == *name || back.contains(&(name.clone(), edge.to.clone()));
                let (Some(&from), Some(&to)) =
                    (index_of.get(name.as_str()), index_of.get(edge.to.as_str()))
                else {
                    continue;
                };
                if is_back {
                    continue;
                }
                let row = document.node(name).and_then(|node| node.row_of(&edge.from.state));
                part.link(from, to, port_offset(row.unwrap_or(0)).y / UNIT_PX);
            }
        }
        part
    }

    fn add(&mut self, name: Option<String>, column: usize, high: i32, gap: i32) -> usize {
        if self.columns.len() <= column {
            self.columns.resize(column + 1, Vec::new());
        }
        let index = self.items.len();
        self.columns[column].push(index);
        self.items.push(Item { name, column, high, gap, y: 0.0 });
        index
    }

    /// An edge, by place holders if it passes columns.
    fn link(&mut self, from: usize, to: usize, port_y: f64) {
        let (mut at, mut from_offset) = (from, port_y);
        for column in self.items[from].column + 1..self.items[to].column {
            let holder = self.add(None, column, 1, 1);
            self.links.push(Link { from: at, to: holder, from_offset, to_offset: 0.5 });
            (at, from_offset) = (holder, 0.5);
        }
        self.links.push(Link { from: at, to, from_offset, to_offset: INPUT_OFFSET.y / UNIT_PX });
    }

    /// Sorts columns by the mean place of what they are linked with, forth and back, and keeps the best.
    fn reduce_crossings(&mut self) {
        let mut best = self.columns.clone();
        let mut fewest = self.crossings();
        for sweep in 0..ORDER_SWEEPS {
            if fewest == 0 {
                break;
            }
            let onwards = sweep % 2 == 0;
            let count = self.columns.len();
            for step in 1..count {
                let column = if onwards { step } else { count - 1 - step };
                self.sort_column(column, onwards);
            }
            let crossings = self.crossings();
            if crossings < fewest {
                fewest = crossings;
                best.clone_from(&self.columns);
            }
        }
        self.columns = best;
    }

    fn places(&self) -> Vec<f64> {
        let mut places = vec![0.0; self.items.len()];
        for column in &self.columns {
            for (place, &index) in column.iter().enumerate() {
                places[index] = place as f64;
            }
        }
        places
    }

    fn sort_column(&mut self, column: usize, by_previous: bool) {
        let places = self.places();
        let mut sums: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
        for link in &self.links {
            let (index, place) = if by_previous {
                // Rows of one card count as fractions of its place.
                let row = link.from_offset / f64::from(self.items[link.from].high + 1);
                (link.to, places[link.from] + row)
            } else {
                (link.from, places[link.to])
            };
            if self.items[index].column == column {
                let sum = sums.entry(index).or_default();
                *sum = (sum.0 + place, sum.1 + 1.0);
            }
        }
        let mean = |index: usize| sums.get(&index).map_or(places[index], |(sum, n)| sum / n);
        let mut sorted = self.columns[column].clone();
        sorted.sort_by(|&a, &b| mean(a).total_cmp(&mean(b)));
        self.columns[column] = sorted;
    }

    fn crossings(&self) -> usize {
        let places = self.places();
        let mut by_column: BTreeMap<usize, Vec<(f64, f64)>> = BTreeMap::new();
        for link in &self.links {
            let row = link.from_offset / f64::from(self.items[link.from].high + 1);
            let ends = (places[link.from] + row, places[link.to]);
            by_column.entry(self.items[link.from].column).or_default().push(ends);
        }
        by_column.into_values().map(inversions).sum()
    }

    /// Moves every item toward the height at which its edges run straight, as far as its column allows.
    fn settle_heights(&mut self) {
        for column in 0..self.columns.len() {
            self.stack(column, |part, index| part.items[index].y);
        }
        for sweep in 0..HEIGHT_SWEEPS {
            let onwards = sweep % 2 == 0;
            for step in 0..self.columns.len() {
                let column = if onwards { step } else { self.columns.len() - 1 - step };
                let wishes = self.wishes(column, onwards);
                self.stack(column, |part, index| {
                    wishes.get(&index).copied().unwrap_or(part.items[index].y)
                });
            }
        }
        for column in 0..self.columns.len() {
            self.stack(column, |part, index| part.items[index].y);
        }
    }

    fn wishes(&self, column: usize, by_previous: bool) -> BTreeMap<usize, f64> {
        let mut wishes: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
        for link in &self.links {
            let (from, to) = (&self.items[link.from], &self.items[link.to]);
            let drop = (link.from_offset - link.to_offset) * DROP_SHARE;
            let (index, wish) =
                if by_previous { (link.to, from.y + drop) } else { (link.from, to.y - drop) };
            if self.items[index].column == column {
                let sum = wishes.entry(index).or_default();
                *sum = (sum.0 + wish, sum.1 + 1.0);
            }
        }
        wishes.into_iter().map(|(index, (sum, n))| (index, sum / n)).collect()
    }

    /// Places a column's items as near to their wishes as their order and distances allow: the least
    /// squares solution, by merging neighbours that would come too near (pool adjacent violators).
    fn stack(&mut self, column: usize, wish: impl Fn(&Part, usize) -> f64) {
        // Without the room taken above it, each item only has to be no higher than the one before.
        let mut blocks: Vec<(f64, f64, usize)> = Vec::new();
        let mut taken = 0.0;
        let mut above = Vec::new();
        for &index in &self.columns[column] {
            above.push(taken);
            blocks.push((wish(self, index) - taken, 1.0, 1));
            taken += f64::from(self.items[index].high + self.items[index].gap);
            while let [.., upper, lower] = blocks[..]
                && upper.0 > lower.0
            {
                let weight = upper.1 + lower.1;
                let mean = (upper.0 * upper.1 + lower.0 * lower.1) / weight;
                blocks.truncate(blocks.len() - 2);
                blocks.push((mean, weight, upper.2 + lower.2));
            }
        }
        let levels = blocks.into_iter().flat_map(|(level, _, count)| vec![level; count]);
        for ((&index, level), above) in self.columns[column].iter().zip(levels).zip(above) {
            // Rounding the level, not the height, keeps all distances whole.
            self.items[index].y = level.round() + above;
        }
    }

    /// Writes the positions below `top`, and gives back where the next part may begin.
    fn write(&self, top: i32, positions: &mut BTreeMap<String, Position>) -> i32 {
        let cards = || self.items.iter().filter(|item| item.name.is_some());
        let highest = cards().map(|item| item.y).fold(f64::INFINITY, f64::min);
        let mut bottom = top;
        for item in cards() {
            let y = top + (item.y - highest) as i32;
            let x = i32::try_from(item.column).unwrap_or(i32::MAX / COLUMN_UNITS) * COLUMN_UNITS;
            bottom = bottom.max(y + item.high);
            positions.extend(item.name.iter().map(|name| (name.clone(), Position::new(x, y))));
        }
        bottom + PART_GAP_UNITS
    }
}

/// How many pairs of links cross, given their ends' places.
fn inversions(mut ends: Vec<(f64, f64)>) -> usize {
    ends.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    // The right ends seen so far, sorted: those beyond the current one belong to crossing links.
    let mut seen: Vec<f64> = Vec::with_capacity(ends.len());
    let mut count = 0;
    for (_, end) in ends {
        let at = seen.partition_point(|other| *other <= end);
        count += seen.len() - at;
        seen.insert(at, end);
    }
    count
}
