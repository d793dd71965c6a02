//! Collections of a waiting run, of which there are many in memory: most hold one thing or nothing, and take no room for more.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, mem,
    ops::{Deref, DerefMut, Index},
    slice,
};

/// Values by key, in the order of the keys. The first stands in the collection itself.
#[derive(Clone, Debug, Default)]
pub(super) enum Few<K, V> {
    #[default]
    None,
    One((K, V)),
    Many(Vec<(K, V)>),
}

impl<K: Ord, V> Few<K, V> {
    pub(super) fn get(&self, key: &K) -> Option<&V> {
        self.place(key).ok().map(|place| &self.rows()[place].1)
    }

    pub(super) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let place = self.place(key).ok()?;
        Some(&mut self.rows_mut()[place].1)
    }

    pub(super) fn contains_key(&self, key: &K) -> bool {
        self.place(key).is_ok()
    }

    /// Gives a key its value, in place of the one it had.
    pub(super) fn insert(&mut self, key: K, value: V) {
        let place = self.place(&key);
        match (mem::take(self), place) {
            (Few::None, _) | (Few::One(_), Ok(_)) => *self = Few::One((key, value)),
            (Few::One(row), Err(place)) => {
                let mut rows = vec![row];
                rows.insert(place, (key, value));
                *self = Few::Many(rows);
            }
            (Few::Many(mut rows), place) => {
                match place {
                    Ok(place) => rows[place].1 = value,
                    Err(place) => rows.insert(place, (key, value)),
                }
                *self = Few::Many(rows);
            }
        }
    }

    pub(super) fn remove(&mut self, key: &K) -> Option<V> {
        let place = self.place(key).ok()?;
        match mem::take(self) {
            Few::None => None,
            Few::One((_, value)) => Some(value),
            Few::Many(mut rows) => {
                let (_, value) = rows.remove(place);
                *self = if rows.len() == 1 {
                    rows.pop().map_or(Few::None, Few::One)
                } else {
                    Few::Many(rows)
                };
                Some(value)
            }
        }
    }

    pub(super) fn clear(&mut self) {
        *self = Few::None;
    }

    pub(super) fn len(&self) -> usize {
        self.rows().len()
    }

    pub(super) fn is_empty(&self) -> bool {
        matches!(self, Few::None)
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        self.rows().iter().map(|(key, value)| (key, value))
    }

    pub(super) fn iter_mut(&mut self) -> impl DoubleEndedIterator<Item = (&K, &mut V)> {
        self.rows_mut().iter_mut().map(|(key, value)| (&*key, value))
    }

    pub(super) fn values(&self) -> impl DoubleEndedIterator<Item = &V> {
        self.rows().iter().map(|(_, value)| value)
    }

    #[inline]
    fn place(&self, key: &K) -> Result<usize, usize> {
        self.rows().binary_search_by(|(other, _)| other.cmp(key))
    }

    #[inline]
    fn rows(&self) -> &[(K, V)] {
        match self {
            Few::None => &[],
            Few::One(row) => slice::from_ref(row),
            Few::Many(rows) => rows,
        }
    }

    #[inline]
    fn rows_mut(&mut self) -> &mut [(K, V)] {
        match self {
            Few::None => &mut [],
            Few::One(row) => slice::from_mut(row),
            Few::Many(rows) => rows,
        }
    }
}

impl<K: Ord, V: PartialEq> PartialEq for Few<K, V> {
    fn eq(&self, other: &Few<K, V>) -> bool {
        self.rows() == other.rows()
    }
}

impl<K: Ord, V> Index<&K> for Few<K, V> {
    type Output = V;

    fn index(&self, key: &K) -> &V {
        self.get(key).expect("whoever indexes knows that it is there")
    }
}

/// Keys in their order. The first stands in the collection itself.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct FewKeys<K: Ord>(Few<K, ()>);

impl<K: Ord> FewKeys<K> {
    pub(super) fn contains(&self, key: &K) -> bool {
        self.0.contains_key(key)
    }

    pub(super) fn insert(&mut self, key: K) {
        self.0.insert(key, ());
    }

    /// Says whether it was there.
    pub(super) fn remove(&mut self, key: &K) -> bool {
        self.0.remove(key).is_some()
    }
}

impl<K: Ord> Default for FewKeys<K> {
    fn default() -> FewKeys<K> {
        FewKeys(Few::None)
    }
}

/// What is empty in most runs: then it is one word of memory.
#[derive(Clone)]
pub(super) struct Seldom<T>(Option<Box<T>>);

/// A collection that has an empty value for everybody to read.
pub(super) trait Empty: Default + 'static {
    const EMPTY: &'static Self;
}

impl<T: 'static> Empty for Vec<T> {
    const EMPTY: &'static Self = &Vec::new();
}

impl<K: 'static, V: 'static> Empty for BTreeMap<K, V> {
    const EMPTY: &'static Self = &BTreeMap::new();
}

impl<K: 'static, V: 'static> Empty for Few<K, V> {
    const EMPTY: &'static Self = &Few::None;
}

impl<K: 'static> Empty for BTreeSet<K> {
    const EMPTY: &'static Self = &BTreeSet::new();
}

impl<T: Empty> Seldom<T> {
    pub(super) fn clear(&mut self) {
        self.0 = None;
    }

    /// What is in it; afterwards there is nothing in it.
    pub(super) fn take(&mut self) -> T {
        self.0.take().map(|full| *full).unwrap_or_default()
    }
}

impl<T: 'static> Seldom<Vec<T>> {
    pub(super) fn retain(&mut self, is_kept: impl FnMut(&T) -> bool) {
        if let Some(items) = &mut self.0 {
            items.retain(is_kept);
            if items.is_empty() {
                self.0 = None;
            }
        }
    }

    pub(super) fn pop(&mut self) -> Option<T> {
        let last = self.0.as_mut()?.pop();
        self.retain(|_| true);
        last
    }
}

impl<T> Default for Seldom<T> {
    fn default() -> Seldom<T> {
        Seldom(None)
    }
}

impl<T: Empty> Deref for Seldom<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.as_deref().unwrap_or(T::EMPTY)
    }
}

/// Makes room: whoever changes it is about to put something in.
impl<T: Empty> DerefMut for Seldom<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.0.get_or_insert_default()
    }
}

impl<T: Empty + PartialEq> From<T> for Seldom<T> {
    fn from(full: T) -> Seldom<T> {
        Seldom((full != *T::EMPTY).then(|| Box::new(full)))
    }
}

impl<T: Empty + PartialEq> PartialEq for Seldom<T> {
    fn eq(&self, other: &Seldom<T>) -> bool {
        **self == **other
    }
}

impl<T: Empty + fmt::Debug> fmt::Debug for Seldom<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::{Few, Seldom};
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn few_are_kept_as_a_map_keeps_them(steps in prop::collection::vec((0..5u8, prop::option::of(0..9u8)), 0..30)) {
            let mut few = Few::default();
            let mut map = BTreeMap::new();
            for (key, value) in steps {
                match value {
                    Some(value) => {
                        few.insert(key, value);
                        map.insert(key, value);
                    }
                    None => prop_assert_eq!(few.remove(&key), map.remove(&key)),
                }
                prop_assert!(few.iter().eq(&map));
                prop_assert_eq!((few.len(), few.is_empty(), few.get(&key)), (map.len(), map.is_empty(), map.get(&key)));
            }
        }
    }

    #[test]
    fn what_is_seldom_there_takes_room_only_while_it_is() {
        let mut seldom: Seldom<Vec<u8>> = Seldom::default();
        assert_eq!((size_of_val(&seldom), seldom.first()), (8, None));
        seldom.push(1);
        seldom.push(2);
        assert_eq!(*seldom, [1, 2]);
        assert_eq!((seldom.pop(), seldom.pop(), seldom.pop()), (Some(2), Some(1), None));
        assert!(seldom.0.is_none());
        seldom.push(3);
        assert_eq!(seldom.take(), [3]);
        assert!(seldom.0.is_none());
    }
}
