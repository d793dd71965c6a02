//! Values by name, side by side in one piece of memory.

use super::Value;
use crate::text::Text;
use serde_json::{Map as JsonMap, Value as Json};
use std::sync::Arc;

/// Values by name, in the order of the names. A copy shares them until one of the two changes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Map(Arc<[(Text, Value)]>);

impl Map {
    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.place(name).ok().map(|place| &self.0[place].1)
    }

    /// Whether there is a value of that name.
    pub fn contains_key(&self, name: &str) -> bool {
        self.place(name).is_ok()
    }

    /// Gives a name its value, in place of the one it had.
    pub fn insert(&mut self, name: &str, value: Value) {
        match self.place(name) {
            Ok(place) => Arc::make_mut(&mut self.0)[place].1 = value,
            Err(place) => {
                let (before, after) = self.0.split_at(place);
                let added = (Text::from(name), value);
                self.0 =
                    before.iter().cloned().chain([added]).chain(after.iter().cloned()).collect();
            }
        }
    }

    /// Name by name.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// All values, in the order of their names.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &Value> {
        self.0.iter().map(|(_, value)| value)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    #[inline]
    fn place(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(other, _)| other.as_bytes().cmp(name.as_bytes()))
    }
}

/// Of several values of one name the last counts.
impl<N: Into<Text>> FromIterator<(N, Value)> for Map {
    fn from_iter<I: IntoIterator<Item = (N, Value)>>(rows: I) -> Map {
        let mut rows: Vec<(Text, Value)> =
            rows.into_iter().map(|(name, value)| (name.into(), value)).collect();
        if !rows.is_sorted_by(|(left, _), (right, _)| left < right) {
            rows.sort_by(|(left, _), (right, _)| left.cmp(right));
            rows.dedup_by(|later, earlier| {
                let is_same = later.0 == earlier.0;
                if is_same {
                    std::mem::swap(&mut later.1, &mut earlier.1);
                }
                is_same
            });
        }
        Map(rows.into())
    }
}

impl From<&Map> for JsonMap<String, Json> {
    fn from(map: &Map) -> JsonMap<String, Json> {
        map.iter().map(|(name, value)| (name.to_owned(), value.into())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Map, Value};

    #[test]
    fn a_map_is_in_order_and_the_last_value_of_a_name_counts() {
        let mut map: Map = [("b", 1), ("a", 2), ("b", 3), ("a", 4)]
            .map(|(name, value)| (name, Value::Int(value)))
            .into_iter()
            .collect();
        let copy = map.clone();
        map.insert("aa", Value::Int(5));
        map.insert("b", Value::Int(6));
        let seen = |map: &Map| {
            map.iter().map(|(name, value)| format!("{name}{value}")).collect::<String>()
        };
        assert_eq!(seen(&map), "a4aa5b6");
        assert_eq!(seen(&copy), "a4b3");
        assert_eq!((map.get("aa"), map.get("c")), (Some(&Value::Int(5)), None));
    }
}
