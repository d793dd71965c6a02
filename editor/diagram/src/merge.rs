//! Two people's drafts of one workflow made one, against the draft both began with.
//!
//! It works on files as JSON, so that whatever a file says is merged, also what a drawing does not show. An object is
//! merged member by member; anything else is one piece. A piece that only one side changed is taken from that side. A
//! piece that both changed differently is an overlap of its node, and taken from the side chosen for that node.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

/// The member of a file that holds its nodes.
const NODES: &str = "nodes";
/// The members that follow a node: where it stands matters to nobody who has to choose.
const LAYOUT: &str = "layout";
/// The member of a node that says which component it is; settings of different components do not mix.
const KIND: &str = "kind";

/// Whose piece is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Side {
    /// That of the person who is asked.
    #[default]
    Mine,
    /// That of the other one.
    Theirs,
}

/// What comes of two drafts.
#[derive(Clone, Debug, PartialEq)]
pub struct Merge {
    /// Both drafts as one.
    pub merged: Value,
    /// The nodes that both sides changed in the same place.
    pub overlaps: BTreeSet<String>,
    /// The members of the file itself, beside nodes, that both sides changed: `name`.
    pub about: BTreeSet<String>,
}

/// Merges two files that began as `base`. What both changed is taken from the side chosen for that node or member, which is mine if none is.
pub fn merge(base: &Value, mine: &Value, theirs: &Value, chosen: &BTreeMap<String, Side>) -> Merge {
    let mut work = Work { chosen, overlaps: BTreeSet::new(), about: BTreeSet::new() };
    let merged = work.pieces(Some(base), Some(mine), Some(theirs), &mut Vec::new());
    let mut merged = merged.unwrap_or_default();
    leave_out_the_homeless(&mut merged);
    Merge { merged, overlaps: work.overlaps, about: work.about }
}

struct Work<'a> {
    chosen: &'a BTreeMap<String, Side>,
    overlaps: BTreeSet<String>,
    about: BTreeSet<String>,
}

impl Work<'_> {
    fn pieces<'v>(
        &mut self,
        base: Option<&'v Value>,
        mine: Option<&'v Value>,
        theirs: Option<&'v Value>,
        path: &mut Vec<&'v str>,
    ) -> Option<Value> {
        if mine == theirs || theirs == base {
            return mine.cloned();
        }
        if mine == base {
            return theirs.cloned();
        }
        if let (Some(Value::Object(mine)), Some(Value::Object(theirs))) = (mine, theirs)
            && (path.len() < 2 || base.is_some())
            && mine.get(KIND) == theirs.get(KIND)
        {
            let base = base.and_then(Value::as_object);
            return Some(Value::Object(self.members(base, mine, theirs, path)));
        }
        let side = self.overlap(path);
        if side == Side::Mine { mine } else { theirs }.cloned()
    }

    fn members<'v>(
        &mut self,
        base: Option<&'v Map<String, Value>>,
        mine: &'v Map<String, Value>,
        theirs: &'v Map<String, Value>,
        path: &mut Vec<&'v str>,
    ) -> Map<String, Value> {
        let mut merged = Map::new();
        let only_theirs = theirs.keys().filter(|key| !mine.contains_key(*key));
        for key in mine.keys().chain(only_theirs) {
            path.push(key);
            let base = base.and_then(|base| base.get(key));
            let piece = self.pieces(base, mine.get(key), theirs.get(key), path);
            path.pop();
            if let Some(piece) = piece {
                merged.insert(key.clone(), piece);
            }
        }
        merged
    }

    /// Notes that both changed this piece, and says whose is taken.
    fn overlap(&mut self, path: &[&str]) -> Side {
        let owner = match path {
            [NODES | LAYOUT, name, ..] | [name, ..] => *name,
            [] => return Side::Mine,
        };
        match path[0] {
            NODES => drop(self.overlaps.insert(owner.to_owned())),
            LAYOUT => {}
            _ => drop(self.about.insert(owner.to_owned())),
        }
        self.chosen.get(owner).copied().unwrap_or_default()
    }
}

/// A node that one side took away stands nowhere, even if the other had moved it.
fn leave_out_the_homeless(merged: &mut Value) {
    let names: BTreeSet<String> =
        merged[NODES].as_object().map(|nodes| nodes.keys().cloned().collect()).unwrap_or_default();
    if let Some(layout) = merged.get_mut(LAYOUT).and_then(Value::as_object_mut) {
        layout.retain(|name, _| names.contains(name));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn base() -> Value {
        json!({
            "name": "Front desk",
            "nodes": {
                "Menu": { "kind": "ivr_menu", "config": { "text": "Press 1.", "tries": 2 }, "next": { "1": "Bye" } },
                "Bye": { "kind": "speak", "config": { "text": "Bye." } },
            },
            "layout": { "Menu": [0, 0], "Bye": [0, 9] },
        })
    }

    fn merged(mine: &Value, theirs: &Value) -> Merge {
        merge(&base(), mine, theirs, &BTreeMap::new())
    }

    fn changed(changes: &[(&str, Value)]) -> Value {
        let mut document = base();
        for (pointer, value) in changes {
            let (parent, key) = pointer.rsplit_once('/').unwrap();
            let parent = document.pointer_mut(parent).unwrap().as_object_mut().unwrap();
            if value.is_null() {
                parent.remove(key);
            } else {
                parent.insert(key.to_owned(), value.clone());
            }
        }
        document
    }

    #[test]
    fn different_pieces_of_one_node_come_together() {
        let mine = changed(&[("/nodes/Menu/config/text", json!("Press 2."))]);
        let theirs = changed(&[
            ("/nodes/Menu/config/tries", json!(3)),
            ("/nodes/Menu/next/1", json!("Sales")),
            ("/nodes/Sales", json!({ "kind": "call" })),
            ("/layout/Menu", json!([5, 5])),
        ]);
        let both = merged(&mine, &theirs);
        assert!(both.overlaps.is_empty());
        assert_eq!(
            both.merged["nodes"]["Menu"],
            json!({ "kind": "ivr_menu", "config": { "text": "Press 2.", "tries": 3 }, "next": { "1": "Sales" } })
        );
        assert_eq!(both.merged["nodes"]["Sales"], json!({ "kind": "call" }));
        assert_eq!(both.merged["layout"]["Menu"], json!([5, 5]));
    }

    #[test]
    fn the_same_piece_is_an_overlap_and_taken_from_the_chosen_side() {
        let mine = changed(&[("/nodes/Bye/config/text", json!("So long.")), ("/name", json!("A"))]);
        let theirs =
            changed(&[("/nodes/Bye/config/text", json!("Goodbye.")), ("/name", json!("B"))]);
        let both = merged(&mine, &theirs);
        assert_eq!(both.overlaps, BTreeSet::from(["Bye".to_owned()]));
        assert_eq!(both.about, BTreeSet::from(["name".to_owned()]));
        assert_eq!(both.merged["nodes"]["Bye"]["config"]["text"], "So long.");
        let chosen = BTreeMap::from([("Bye".to_owned(), Side::Theirs)]);
        let both = merge(&base(), &mine, &theirs, &chosen);
        assert_eq!(both.merged["nodes"]["Bye"]["config"]["text"], "Goodbye.");
        assert_eq!(both.merged["name"], "A");
    }

    #[test]
    fn taking_away_loses_against_nothing_but_a_change() {
        let mine = changed(&[("/nodes/Bye", Value::Null), ("/layout/Bye", Value::Null)]);
        let moved = changed(&[("/layout/Bye", json!([7, 7]))]);
        let both = merged(&mine, &moved);
        assert!(both.overlaps.is_empty());
        assert_eq!(both.merged, mine);
        let rewritten = changed(&[("/nodes/Bye/config/text", json!("Goodbye."))]);
        assert_eq!(merged(&mine, &rewritten).overlaps, BTreeSet::from(["Bye".to_owned()]));
    }

    #[test]
    fn settings_of_different_components_do_not_mix() {
        let mine = changed(&[("/nodes/Bye", json!({ "kind": "hangup", "config": {} }))]);
        let theirs = changed(&[("/nodes/Bye/config/text", json!("Goodbye."))]);
        let both = merged(&mine, &theirs);
        assert_eq!(both.overlaps, BTreeSet::from(["Bye".to_owned()]));
        assert_eq!(both.merged["nodes"]["Bye"], mine["nodes"]["Bye"]);
    }

    #[test]
    fn two_new_nodes_of_one_name_overlap_unless_they_are_the_same() {
        let node = json!({ "kind": "speak", "config": { "text": "Hi" } });
        let other = json!({ "kind": "speak", "config": { "text": "Ho" } });
        let mine = changed(&[("/nodes/Hello", node.clone())]);
        assert!(merged(&mine, &mine).overlaps.is_empty());
        let theirs = changed(&[("/nodes/Hello", other)]);
        assert_eq!(merged(&mine, &theirs).overlaps, BTreeSet::from(["Hello".to_owned()]));
    }
}
