//! Rows that are ways out: renaming one keeps where it leads, taking one away takes its edge along.

use super::place::{Place, text_of};
use engine::{NodeName, StateName};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// Under which key a row says its name; `None` where the row is the name.
pub type NameKey = Option<&'static str>;

/// What a row is called.
pub fn name_of(row: &Json, key: NameKey) -> String {
    match key {
        Some(key) => row.get(key).map(text_of).unwrap_or_default(),
        None => text_of(row),
    }
}

/// What all rows are called.
pub fn names(rows: &Json, key: NameKey) -> Vec<String> {
    rows.as_array().into_iter().flatten().map(|row| name_of(row, key)).collect()
}

/// The words with the first number that makes a name of them that is not taken.
pub fn free_name(words: &str, taken: &[String]) -> String {
    let mut names = (1..).map(|number| format!("{words} {number}"));
    names.find(|name| !taken.contains(name)).expect("there are more numbers than rows")
}

/// Gives a row, and with it a way out, another name; where it led, it still leads.
pub fn rename(rows: Place, index: usize, key: NameKey, typed: &str) {
    let typed = typed.trim().to_owned();
    let mut after = rows.get_untracked();
    let Some(row) = after.get_mut(index) else { return };
    let before = name_of(row, key);
    // While it is typed a name may be another row's for a moment; two ways out of one name would mix up where they lead.
    if typed.is_empty() || typed == before || is_taken(&rows.get_untracked(), index, key, &typed) {
        return;
    }
    match key {
        Some(key) => row[key] = Json::String(typed),
        None => *row = Json::String(typed),
    }
    // The drawing carries the edge over to the new name, and typing becomes one step.
    rows.set(after);
}

fn is_taken(rows: &Json, index: usize, key: NameKey, name: &str) -> bool {
    names(rows, key).iter().enumerate().any(|(other, taken)| other != index && taken == name)
}

/// Takes a row away, and with it a way out and where it led.
pub fn remove(rows: Place, index: usize, key: NameKey) {
    let mut after = rows.get_untracked();
    let Some(list) = after.as_array_mut().filter(|list| index < list.len()) else { return };
    let gone = name_of(&list.remove(index), key);
    let still_there = list.iter().any(|row| name_of(row, key) == gone);
    change(rows, after, move |next| {
        if !still_there {
            next.remove(&StateName::from(gone));
        }
    });
}

/// Changes the rows and the edges of a node as one undoable step.
fn change(rows: Place, after: Json, edges: impl FnOnce(&mut BTreeMap<StateName, NodeName>)) {
    let (name, key) = (rows.node(), rows.top_key());
    rows.editing().change(move |document| {
        if let Some(node) = document.nodes.get_mut(name.as_str()) {
            if after.as_array().is_some_and(Vec::is_empty) {
                node.config.remove(&key);
            } else {
                node.config.insert(key, after);
            }
            edges(&mut node.next);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn rows_are_called_by_a_key_or_by_themselves() {
        assert_eq!(names(&json!([{ "name": "Yes" }, { "name": 2 }]), Some("name")), ["Yes", "2"]);
        assert_eq!(names(&json!(["calls", "texts"]), None), ["calls", "texts"]);
        assert!(is_taken(&json!(["calls", "texts"]), 0, None, "texts"));
        assert!(!is_taken(&json!(["calls", "texts"]), 1, None, "texts"));
        assert_eq!(free_name("Way", &["Way 1".to_owned(), "Way 3".to_owned()]), "Way 2");
    }
}
