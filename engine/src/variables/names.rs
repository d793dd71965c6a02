//! Numbers for the names that a workflow's texts and formulas say, given when it is published, so that a run finds its variables without comparing texts.

use crate::text::Text;
use serde::{Deserialize, Deserializer};
use std::{cell::RefCell, fmt, sync::Arc};

/// The names that a workflow says, each with its number.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Names {
    names: Vec<Arc<str>>,
    /// The numbers in the order of the names.
    sorted: Vec<u16>,
}

thread_local! {
    /// The names that are being gathered. Serde makes the parts of a node and has no place to hand them along.
    static GATHERED: RefCell<Option<Names>> = const { RefCell::new(None) };
}

impl Names {
    /// Does some work, most of it parsing, and gathers the name of every [`Root`] that is made meanwhile.
    pub(crate) fn gather<T>(work: impl FnOnce() -> T) -> (T, Names) {
        let outer = GATHERED.replace(Some(Names::default()));
        let result = work();
        (result, GATHERED.replace(outer).unwrap_or_default())
    }

    /// The number of a name.
    pub(crate) fn slot(&self, name: &str) -> Option<u16> {
        self.sorted_place(name).ok().map(|place| self.sorted[place])
    }

    /// The name of a number.
    pub(crate) fn name(&self, slot: u16) -> &str {
        self.names.get(usize::from(slot)).map_or("", |name| name)
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    fn sorted_place(&self, name: &str) -> Result<usize, usize> {
        self.sorted.binary_search_by(|slot| self.name(*slot).cmp(name))
    }

    /// The number of a name that may be new; none where there are too many.
    fn add(&mut self, name: &str) -> Option<Root> {
        let slot = match self.sorted_place(name) {
            Ok(place) => self.sorted[place],
            Err(place) => {
                let slot =
                    u16::try_from(self.names.len()).ok().filter(|slot| *slot < Root::LOOSE)?;
                self.names.push(name.into());
                self.sorted.insert(place, slot);
                slot
            }
        };
        Some(Root { name: self.names[usize::from(slot)].clone(), slot })
    }
}

/// The first word of a path, with its number in the workflow it was parsed for.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Root {
    name: Arc<str>,
    slot: u16,
}

impl Root {
    /// The number of a word that was parsed for no workflow.
    const LOOSE: u16 = u16::MAX;

    pub(crate) fn new(name: &str) -> Root {
        let gathered = GATHERED.with_borrow_mut(|gathered| gathered.as_mut()?.add(name));
        gathered.unwrap_or_else(|| Root { name: name.into(), slot: Root::LOOSE })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Its number, where those are the names it was parsed with.
    #[inline]
    pub(super) fn slot_in(&self, names: &Names) -> Option<u16> {
        let name = names.names.get(usize::from(self.slot))?;
        Arc::ptr_eq(name, &self.name).then_some(self.slot)
    }
}

impl<'de> Deserialize<'de> for Root {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Root, D::Error> {
        Text::deserialize(deserializer).map(|name| Root::new(&name))
    }
}

impl fmt::Debug for Root {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.name.fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::{Names, Root};
    use crate::{Value, variables::Variables, workflow::NodeId};
    use std::sync::Arc;

    #[test]
    fn a_root_is_found_by_its_number_only_among_the_names_it_was_parsed_with() {
        let ((b, a), names) = Names::gather(|| (Root::new("b"), Root::new("a")));
        let (again, others) = Names::gather(|| Root::new("a"));
        assert_eq!(
            (b.slot_in(&names), a.slot_in(&names), again.slot_in(&names)),
            (Some(0), Some(1), None)
        );
        assert_eq!((names.slot("a"), names.slot("b"), names.slot("c")), (Some(1), Some(0), None));
        for names in [names, others] {
            let mut variables = Variables::of(Arc::new(names));
            variables.set("a", Value::Int(1));
            variables.set("b", Value::Int(2));
            for (root, expected) in [(&a, 1), (&again, 1), (&b, 2), (&Root::new("b"), 2)] {
                assert_eq!(variables.find(root), Some(&Value::Int(expected)));
            }
            assert_eq!(variables.to_json(), serde_json::from_str(r#"{"a":1,"b":2}"#).unwrap());
        }
    }

    #[test]
    fn a_nodes_variables_hide_a_run_variable_of_its_name() {
        let (_, names) = Names::gather(|| Root::new("Menu"));
        let mut variables = Variables::of(Arc::new(names));
        variables.set("Menu", "mine".into());
        assert_eq!(variables.root("Menu"), Some(&"mine".into()));
        assert_eq!(variables.of_node(NodeId(0)), None);
        variables.set_of_node(NodeId(0), "digits", "1".into());
        variables.set_of_node(NodeId(0), "tries", 2.into());
        variables.set("Menu", "mine again".into());
        let menu = variables.root("Menu").unwrap();
        assert_eq!(
            (menu.field("digits"), menu.field("tries")),
            (Some(&"1".into()), Some(&2.into()))
        );
        assert!(variables.of_run().is_empty());
    }
}
