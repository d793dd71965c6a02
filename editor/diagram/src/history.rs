//! A drawing together with every step that led to it: undo and redo.

use std::collections::BTreeMap;
use std::mem;
use std::sync::Arc;

use serde_json::Value;

use crate::command::{self, Command, Refusal};
use crate::document::{Document, Node};
use crate::marks::Marks;

/// How many steps can be undone; far more than anyone goes back, and a bound on memory.
pub const STEPS_MAX: usize = 1_000;
/// Steps of one kind that follow each other this fast are one step: a burst of arrow keys, typing.
pub const COALESCE_MS: f64 = 800.0;

/// A node before and after; nothing where it is not there.
pub(crate) type BeforeAndAfter = (Option<Arc<Node>>, Option<Arc<Node>>);

/// What one step changed: each touched node before and after.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Change {
    pub(crate) nodes: BTreeMap<String, BeforeAndAfter>,
    pub(crate) about: Option<(Value, Value)>,
    pub(crate) marks: Option<(Arc<Marks>, Arc<Marks>)>,
}

impl Change {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty() && self.about.is_none() && self.marks.is_none()
    }

    /// The nodes that were added, removed or changed.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.nodes.keys().map(String::as_str)
    }

    /// The nodes that were there before.
    pub fn names_before(&self) -> impl Iterator<Item = &str> {
        let before = self.nodes.iter().filter(|(_, (before, _))| before.is_some());
        before.map(|(name, _)| name.as_str())
    }

    /// The nodes that are there afterwards.
    pub fn names_after(&self) -> impl Iterator<Item = &str> {
        let after = self.nodes.iter().filter(|(_, (_, after))| after.is_some());
        after.map(|(name, _)| name.as_str())
    }

    /// Undoes it on a drawing that is as it was afterwards.
    pub(crate) fn revert(&self, document: &mut Document) {
        for (name, (before, _)) in &self.nodes {
            put(document, name, before.as_ref());
        }
        if let Some((before, _)) = &self.about {
            document.about = before.clone();
        }
        if let Some((before, _)) = &self.marks {
            document.marks = Arc::clone(before);
        }
    }

    /// Does it again on a drawing that is as it was before.
    fn repeat(&self, document: &mut Document) {
        for (name, (_, after)) in &self.nodes {
            put(document, name, after.as_ref());
        }
        if let Some((_, after)) = &self.about {
            document.about = after.clone();
        }
        if let Some((_, after)) = &self.marks {
            document.marks = Arc::clone(after);
        }
    }

    /// This change and then `later`, as one.
    fn then(mut self, later: Change) -> Change {
        for (name, (before, after)) in later.nodes {
            let first = self.nodes.remove(&name).map_or(before, |(before, _)| before);
            if first != after {
                self.nodes.insert(name, (first, after));
            }
        }
        if let Some((before, after)) = later.about {
            let first = self.about.take().map_or(before, |(before, _)| before);
            self.about = (first != after).then_some((first, after));
        }
        if let Some((before, after)) = later.marks {
            let first = self.marks.take().map_or(before, |(before, _)| before);
            self.marks = (first != after).then_some((first, after));
        }
        self
    }
}

fn put(document: &mut Document, name: &str, node: Option<&Arc<Node>>) {
    match node {
        Some(node) => document.insert(name, Arc::clone(node)),
        None => drop(document.remove(name)),
    }
}

struct Step {
    title: &'static str,
    change: Change,
    /// Steps with the same key may become one.
    key: Option<String>,
    at_ms: f64,
}

/// A drawing and the way back.
#[derive(Default)]
pub struct History {
    document: Document,
    past: Vec<Step>,
    future: Vec<Step>,
    /// While some: everything done since is to become one step.
    transaction: Option<(&'static str, Change)>,
}

impl History {
    /// Begins with a drawing that cannot be undone.
    pub fn new(document: Document) -> History {
        History { document, ..History::default() }
    }

    /// The drawing as it is now.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// Carries out a command and remembers it. `now_ms` is any clock that counts milliseconds.
    ///
    /// # Errors
    /// A [`Refusal`]; nothing has changed then.
    pub fn apply(&mut self, command: &Command, now_ms: f64) -> Result<Change, Refusal> {
        let change = command::apply(&mut self.document, command)?;
        if change.is_empty() {
            return Ok(change);
        }
        self.future.clear();
        if let Some((_, whole)) = &mut self.transaction {
            *whole = mem::take(whole).then(change.clone());
        } else {
            let step = Step {
                title: command.title(),
                change: change.clone(),
                key: coalescing_key(command),
                at_ms: now_ms,
            };
            self.push(step);
        }
        Ok(change)
    }

    fn push(&mut self, step: Step) {
        let joins = self.past.last().is_some_and(|last| {
            last.key.is_some() && last.key == step.key && step.at_ms - last.at_ms <= COALESCE_MS
        });
        match self.past.last_mut() {
            Some(last) if joins => {
                last.change = mem::take(&mut last.change).then(step.change);
                last.at_ms = step.at_ms;
            }
            _ => self.past.push(step),
        }
        if self.past.last().is_some_and(|last| last.change.is_empty()) {
            self.past.pop();
        }
        if self.past.len() > STEPS_MAX {
            self.past.remove(0);
        }
    }

    /// From now on everything is one step, until [`History::commit`] or [`History::cancel`].
    pub fn begin(&mut self, title: &'static str) {
        self.transaction.get_or_insert_with(|| (title, Change::default()));
    }

    /// Ends a transaction and keeps what it did.
    pub fn commit(&mut self) {
        let Some((title, change)) = self.transaction.take() else { return };
        if !change.is_empty() {
            self.push(Step { title, change, key: None, at_ms: f64::NEG_INFINITY });
        }
    }

    /// Ends a transaction and undoes what it did.
    pub fn cancel(&mut self) -> Change {
        let Some((_, change)) = self.transaction.take() else { return Change::default() };
        change.revert(&mut self.document);
        change
    }

    /// Undoes the last step; an open transaction is kept first. Nothing if there is none.
    pub fn undo(&mut self) -> Option<Change> {
        self.commit();
        let step = self.past.pop()?;
        step.change.revert(&mut self.document);
        let change = step.change.clone();
        self.future.push(Step { key: None, ..step });
        Some(change)
    }

    /// Does again what was undone last. Nothing if there is none.
    pub fn redo(&mut self) -> Option<Change> {
        let step = self.future.pop()?;
        step.change.repeat(&mut self.document);
        let change = step.change.clone();
        self.past.push(step);
        Some(change)
    }

    /// What undo would undo, in a word.
    pub fn undo_title(&self) -> Option<&'static str> {
        self.past.last().map(|step| step.title)
    }

    /// What redo would do again, in a word.
    pub fn redo_title(&self) -> Option<&'static str> {
        self.future.last().map(|step| step.title)
    }
}

fn coalescing_key(command: &Command) -> Option<String> {
    match command {
        Command::Move { names, .. } => Some(format!("move {}", names.join(" "))),
        Command::SetConfig { name, .. } => Some(format!("config {name}")),
        Command::SetLabel { name, .. } => Some(format!("label {name}")),
        Command::MoveNote { name, .. } => Some(format!("move note {name}")),
        Command::ResizeNote { name, .. } => Some(format!("resize note {name}")),
        // A deed of its own each time, however fast.
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Position, Shape};

    fn one_card() -> History {
        let mut document = Document::new();
        document.insert(
            "Bye",
            Node::new("hangup", Shape { ports: vec![], has_input: true, ..Shape::default() }),
        );
        History::new(document)
    }

    fn nudge(x: i32) -> Command {
        Command::Move { names: vec!["Bye".to_owned()], by: Position::new(x, 0) }
    }

    fn x(history: &History) -> i32 {
        history.document().node("Bye").unwrap().position.x
    }

    #[test]
    fn a_burst_of_arrow_keys_is_one_step() {
        let mut history = one_card();
        for (now_ms, by) in [(0.0, 1), (300.0, 1), (900.0, 1), (5_000.0, 1)] {
            history.apply(&nudge(by), now_ms).unwrap();
        }
        assert_eq!(x(&history), 4);
        history.undo();
        assert_eq!(x(&history), 3);
        history.undo();
        assert_eq!(x(&history), 0);
        assert!(history.undo().is_none());
        history.redo();
        assert_eq!(x(&history), 3);
    }

    #[test]
    fn a_new_step_forgets_what_was_undone() {
        let mut history = one_card();
        history.apply(&nudge(1), 0.0).unwrap();
        history.undo();
        history.apply(&nudge(5), 9_999.0).unwrap();
        assert_eq!(history.redo_title(), None);
        assert_eq!(history.undo_title(), Some("move"));
    }

    #[test]
    fn a_transaction_is_one_step_or_none() {
        let mut history = one_card();
        history.begin("drag");
        history.apply(&nudge(1), 0.0).unwrap();
        history.apply(&nudge(2), 9_000.0).unwrap();
        history.cancel();
        assert_eq!((x(&history), history.undo_title()), (0, None));

        history.begin("drag");
        history.apply(&nudge(1), 0.0).unwrap();
        history.apply(&nudge(2), 9_000.0).unwrap();
        history.commit();
        history.undo();
        assert_eq!((x(&history), history.redo_title()), (0, Some("drag")));
    }

    #[test]
    fn a_move_there_and_back_leaves_no_step() {
        let mut history = one_card();
        history.apply(&nudge(1), 0.0).unwrap();
        history.apply(&nudge(-1), 10.0).unwrap();
        assert_eq!(history.undo_title(), None);
    }
}
