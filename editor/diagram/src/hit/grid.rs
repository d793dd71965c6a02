//! What touches which square of the world: finds the few things near a place among thousands.

use std::collections::{BTreeSet, HashMap};

use crate::geometry::Rect;

/// The side of an index cell, in world pixels: about two cards.
const CELL_PX: f64 = 512.0;
/// What covers more cells than this is kept in one list instead; few things do.
const CELLS_MAX: i64 = 256;
/// A hash of square cells; each remembers what touches it.
#[derive(Clone, Debug)]
pub(super) struct Grid<K> {
    pub(super) cells: HashMap<(i32, i32), BTreeSet<K>>,
    /// What covers too many cells.
    large: BTreeSet<K>,
}

impl<K> Default for Grid<K> {
    fn default() -> Grid<K> {
        Grid { cells: HashMap::new(), large: BTreeSet::new() }
    }
}

impl<K: Clone + Ord> Grid<K> {
    pub(super) fn insert(&mut self, area: &Rect, key: K) {
        match cells_of(area) {
            Some(cells) => {
                for cell in cells {
                    self.cells.entry(cell).or_default().insert(key.clone());
                }
            }
            None => drop(self.large.insert(key)),
        }
    }

    pub(super) fn remove(&mut self, area: &Rect, key: &K) {
        let Some(cells) = cells_of(area) else {
            self.large.remove(key);
            return;
        };
        for cell in cells {
            if let Some(keys) = self.cells.get_mut(&cell) {
                keys.remove(key);
                if keys.is_empty() {
                    self.cells.remove(&cell);
                }
            }
        }
    }

    pub(super) fn query(&self, area: &Rect, is_in: impl Fn(&K) -> bool) -> BTreeSet<K> {
        let in_cells: Vec<&K> = match cells_of(area) {
            Some(cells) => cells.filter_map(|cell| self.cells.get(&cell)).flatten().collect(),
            // So large an area is all of it, or nearly.
            None => self.cells.values().flatten().collect(),
        };
        in_cells.into_iter().chain(&self.large).filter(|key| is_in(key)).cloned().collect()
    }
}

/// The cells a box touches; nothing if they are too many.
fn cells_of(area: &Rect) -> Option<impl Iterator<Item = (i32, i32)>> {
    let cell = |at: f64| (at / CELL_PX).floor() as i32;
    let (left, right) = (cell(area.x), cell(area.right()));
    let (top, bottom) = (cell(area.y), cell(area.bottom()));
    let count = (i64::from(right) - i64::from(left) + 1) * (i64::from(bottom) - i64::from(top) + 1);
    (count <= CELLS_MAX)
        .then(|| (left..=right).flat_map(move |x| (top..=bottom).map(move |y| (x, y))))
}
