//! A list that forgets its oldest entries and finds the others by id.

use std::collections::{HashMap, VecDeque};

use serde::{Serialize, Serializer, ser::SerializeSeq};
use uuid::Uuid;

use crate::limits::LEDGER_ENTRIES_MAX;

/// A list that keeps its newest entries and finds them by id.
pub(crate) struct Book<T> {
    entries: VecDeque<(Uuid, T)>,
    /// How many entries were let go from the front; position in `entries` = number in `places` − this.
    dropped: u64,
    places: HashMap<Uuid, u64>,
}

impl<T> Default for Book<T> {
    fn default() -> Book<T> {
        Book { entries: VecDeque::new(), dropped: 0, places: HashMap::new() }
    }
}

impl<T> Book<T> {
    pub(crate) fn add(&mut self, id: Uuid, entry: T) {
        if self.entries.len() >= LEDGER_ENTRIES_MAX
            && let Some((oldest, _)) = self.entries.pop_front()
        {
            self.places.remove(&oldest);
            self.dropped += 1;
        }
        self.places.insert(id, self.dropped + self.entries.len() as u64);
        self.entries.push_back((id, entry));
    }

    pub(crate) fn find(&self, id: Uuid) -> Option<&T> {
        let place = self.places.get(&id)?.checked_sub(self.dropped)?;
        self.entries.get(usize::try_from(place).ok()?).map(|(_, entry)| entry)
    }

    pub(crate) fn find_mut(&mut self, id: Uuid) -> Option<&mut T> {
        let place = self.places.get(&id)?.checked_sub(self.dropped)?;
        self.entries.get_mut(usize::try_from(place).ok()?).map(|(_, entry)| entry)
    }

    /// Newest last.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.entries.iter().map(|(_, entry)| entry)
    }

    /// Takes an entry out: only recordings can be deleted, as at Plivo.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&T) -> bool) {
        self.entries.retain(|(_, entry)| keep(entry));
        self.dropped = 0;
        self.places =
            self.entries.iter().enumerate().map(|(place, (id, _))| (*id, place as u64)).collect();
    }
}

impl<T: Serialize> Serialize for Book<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut sequence = serializer.serialize_seq(Some(self.entries.len()))?;
        for entry in self.iter() {
            sequence.serialize_element(entry)?;
        }
        sequence.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_book_lets_the_oldest_go_and_still_finds_the_rest() {
        let mut book = Book::default();
        let ids: Vec<Uuid> = (0..LEDGER_ENTRIES_MAX + 3).map(|_| Uuid::new_v4()).collect();
        for (number, id) in ids.iter().enumerate() {
            book.add(*id, number);
        }
        assert_eq!(book.find(ids[2]), None);
        assert_eq!(book.find(ids[3]), Some(&3));
        assert_eq!(book.find(*ids.last().unwrap()), Some(&(ids.len() - 1)));
        assert_eq!(book.iter().count(), LEDGER_ENTRIES_MAX);
        book.retain(|number| number % 2 == 0);
        assert_eq!(book.find(ids[4]), Some(&4));
        assert_eq!(book.find(ids[5]), None);
    }
}
