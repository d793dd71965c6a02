//! A place in a node's configuration: what stands there, and how it is changed.

use crate::edit::Editing;
use engine::Problem;
use leptos::prelude::*;
use serde_json::{Map, Value as Json};

/// One step of the way to a place.
#[derive(Clone, Debug, PartialEq)]
enum Step {
    Key(String),
    Row(usize),
}

/// A place in a node's configuration. `null` and a missing key are the same here.
#[derive(Clone, Copy)]
pub struct Place {
    editing: Editing,
    node: StoredValue<String>,
    steps: StoredValue<Vec<Step>>,
    value: Memo<Json>,
}

impl Place {
    /// The whole configuration.
    pub fn of_node(editing: Editing, name: &str) -> Place {
        let node = StoredValue::new(name.to_owned());
        let value = Memo::new(move |_| {
            // The card's own signal: what happens to other nodes is not looked at.
            let card = node.with_value(|name| editing.drawing.card(name));
            card.map_or_else(|| Json::Object(Map::new()), |card| card.node.get().config.clone())
        });
        Place { editing, node, steps: StoredValue::new(Vec::new()), value }
    }

    /// The place of a key within this one.
    pub fn key(self, key: &str) -> Place {
        self.inner(Step::Key(key.to_owned()))
    }

    /// The place of a row within this list.
    pub fn row(self, index: usize) -> Place {
        self.inner(Step::Row(index))
    }

    /// The place of another field of the same node.
    pub fn sibling(self, key: &str) -> Place {
        self.node.with_value(|node| Place::of_node(self.editing, node)).key(key)
    }

    fn inner(self, step: Step) -> Place {
        let outer = self.value;
        let mut steps = self.steps.get_value();
        steps.push(step.clone());
        let value = Memo::new(move |_| {
            let outer = outer.read();
            match &step {
                Step::Key(key) => outer.get(key.as_str()),
                Step::Row(index) => outer.get(*index),
            }
            .cloned()
            .unwrap_or_default()
        });
        Place { steps: StoredValue::new(steps), value, ..self }
    }

    /// What stands there; tracked.
    pub fn get(self) -> Json {
        self.value.get()
    }

    /// What stands there now.
    pub fn get_untracked(self) -> Json {
        self.value.get_untracked()
    }

    /// As text; numbers and truth values as they are written; tracked.
    pub fn text(self) -> String {
        text_of(&self.value.read())
    }

    /// How many rows or keys there are; tracked.
    pub fn len(self) -> usize {
        match &*self.value.read() {
            Json::Array(rows) => rows.len(),
            Json::Object(map) => map.len(),
            _ => 0,
        }
    }

    /// Puts a value there; `null` takes it away, and with it whatever around it is empty then.
    pub fn set(self, value: Json) {
        // A field that loses the focus because its form is gone still says what stood in it last.
        let Some(name) = self.node.try_get_value() else { return };
        let Some(node) = self.editing.drawing.node(&name) else { return };
        let mut config = node.config.clone();
        self.steps.with_value(|steps| put(&mut config, steps, value));
        if config.is_null() {
            config = Json::Object(Map::new());
        }
        self.editing.drawing.set_config(&name, config);
    }

    /// Puts a text there; the empty one takes it away.
    pub fn set_text(self, text: &str) {
        self.set(if text.is_empty() { Json::Null } else { Json::String(text.to_owned()) });
    }

    /// Adds a row to this list.
    pub fn push(self, row: Json) {
        let mut rows = self.rows_untracked();
        rows.push(row);
        self.set(Json::Array(rows));
    }

    /// Takes a row out of this list.
    pub fn remove(self, index: usize) {
        let mut rows = self.rows_untracked();
        if index < rows.len() {
            rows.remove(index);
        }
        self.set(if rows.is_empty() { Json::Null } else { Json::Array(rows) });
    }

    fn rows_untracked(self) -> Vec<Json> {
        self.get_untracked().as_array().cloned().unwrap_or_default()
    }

    /// The node whose configuration this is.
    pub fn node(self) -> String {
        self.node.get_value()
    }

    /// The key of the field that this place belongs to.
    pub fn top_key(self) -> String {
        self.steps.with_value(|steps| match steps.first() {
            Some(Step::Key(key)) => key.clone(),
            _ => String::new(),
        })
    }

    /// The editing screen.
    pub fn editing(self) -> Editing {
        self.editing
    }

    /// What is wrong there; with `only_own`, not what is wrong within. Tracked.
    pub fn problems(self, only_own: bool) -> Vec<Problem> {
        let (node, path) = (self.node(), self.path());
        let is_here = |problem: &&Problem| {
            let field = problem.field.as_deref().unwrap_or_default();
            problem.node.as_ref().is_some_and(|at| at.as_str() == node)
                && if only_own { field == path } else { is_within(field, &path) }
        };
        self.editing.problems.read().iter().filter(is_here).cloned().collect()
    }

    /// Whether something is wrong there or within; tracked.
    pub fn has_problem(self) -> bool {
        !self.problems(false).is_empty()
    }

    /// Whether something there or within stops the workflow; tracked.
    pub fn has_error(self) -> bool {
        self.problems(false).iter().any(Problem::is_error)
    }

    /// Whether a problem's place lies here.
    pub fn is_at(self, node: &str, path: &str) -> bool {
        self.node.with_value(|name| name == node) && is_within(path, &self.path())
    }

    /// As problems name it: `cases[1].when`.
    fn path(self) -> String {
        self.steps.with_value(|steps| {
            let mut path = String::new();
            for step in steps {
                match step {
                    Step::Row(index) => path.push_str(&format!("[{index}]")),
                    Step::Key(key) if path.is_empty() => path.push_str(key),
                    Step::Key(key) => path.push_str(&format!(".{key}")),
                }
            }
            path
        })
    }
}

/// A value as it is typed.
pub fn text_of(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn is_within(path: &str, place: &str) -> bool {
    path.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

fn put(at: &mut Json, steps: &[Step], value: Json) {
    let Some((step, rest)) = steps.split_first() else {
        *at = value;
        return;
    };
    match step {
        Step::Key(key) => {
            if !at.is_object() {
                *at = Json::Object(Map::new());
            }
            let Some(map) = at.as_object_mut() else { return };
            let mut inner = map.remove(key).unwrap_or_default();
            put(&mut inner, rest, value);
            if !inner.is_null() {
                map.insert(key.clone(), inner);
            }
            if map.is_empty() {
                *at = Json::Null;
            }
        }
        Step::Row(index) => {
            if let Some(inner) = at.as_array_mut().and_then(|rows| rows.get_mut(*index)) {
                put(inner, rest, value);
                // A row stays until it is taken away as a row.
                if inner.is_null() {
                    *inner = Json::Object(Map::new());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn after(mut config: Json, steps: &[Step], value: Json) -> Json {
        put(&mut config, steps, value);
        config
    }

    fn key(key: &str) -> Step {
        Step::Key(key.to_owned())
    }

    #[test]
    fn what_becomes_empty_disappears_with_what_held_it() {
        let config = json!({ "prompt": { "speak": "Hello" }, "max_digits": 1 });
        assert_eq!(
            after(config, &[key("prompt"), key("speak")], Json::Null),
            json!({ "max_digits": 1 })
        );
    }

    #[test]
    fn a_row_stays_when_its_last_key_goes() {
        let config = json!({ "choices": [{ "key": "1" }, { "key": "2" }] });
        assert_eq!(
            after(config, &[key("choices"), Step::Row(0), key("key")], Json::Null),
            json!({ "choices": [{}, { "key": "2" }] })
        );
    }

    #[test]
    fn a_place_contains_what_is_below_it_only() {
        assert!(is_within("cases[1].when", "cases[1]"));
        assert!(is_within("cases", "cases"));
        assert!(!is_within("cases2", "cases"));
        assert!(!is_within("cases[12]", "cases[1]"));
    }
}
