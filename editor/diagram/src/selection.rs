//! Which nodes are selected, and how clicks and marquees change that.

use std::collections::BTreeSet;

use crate::document::Document;

/// How a click or a marquee joins what is already selected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Join {
    /// Nothing else stays selected.
    #[default]
    Replace,
    /// With Shift: added to it.
    Add,
    /// With Ctrl or Cmd: what was selected is not, and the other way round.
    Toggle,
    /// With Alt: taken from it.
    Subtract,
}

/// The selected nodes, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    names: BTreeSet<String>,
}

impl Selection {
    /// Exactly these.
    pub fn of(names: impl IntoIterator<Item = String>) -> Selection {
        Selection { names: names.into_iter().collect() }
    }

    /// The names, in order.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &String> {
        self.names.iter()
    }

    /// Whether this node is selected.
    pub fn contains(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// Whether nothing is.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// How many are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// The selection after these nodes were hit.
    #[must_use]
    pub fn joined(&self, hit: impl IntoIterator<Item = String>, join: Join) -> Selection {
        let hit: BTreeSet<String> = hit.into_iter().collect();
        let names = match join {
            Join::Replace => hit,
            Join::Add => &self.names | &hit,
            Join::Toggle => &self.names ^ &hit,
            Join::Subtract => &self.names - &hit,
        };
        Selection { names }
    }

    /// The selection without nodes that are gone.
    #[must_use]
    pub fn within(&self, document: &Document) -> Selection {
        let there = self.names.iter().filter(|name| document.contains(name));
        Selection { names: there.cloned().collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modifiers_add_toggle_and_subtract() {
        let selection = Selection::of(["A".to_owned(), "B".to_owned()]);
        let hit = || ["B".to_owned(), "C".to_owned()];
        let after = |join| {
            let joined = selection.joined(hit(), join);
            joined.names().cloned().collect::<String>()
        };
        let all = [Join::Replace, Join::Add, Join::Toggle, Join::Subtract].map(after);
        assert_eq!(all, ["BC", "ABC", "AC", "A"]);
    }
}
