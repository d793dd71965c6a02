//! Finding text in a whole workflow: in names, labels, texts, formulas, numbers, ways out, notes and groups.
//!
//! What other parts rely on is found and marked as fixed: a step's name changes by [`crate::Command::Rename`] only, also where it stands
//! inside `{{ }}` or a formula.

use serde_json::Value;

use crate::document::{Document, Node, PortId};
use crate::reference::EXPRESSION_KEYS;
use crate::walk;

/// So many places are found; whoever has more searches for something shorter than an answer.
pub const MATCHES_MAX: usize = 10_000;

/// What is searched for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// The text.
    pub text: String,
    /// Whether `a` and `A` differ.
    pub match_case: bool,
    /// Whether letters and digits around it make it another word.
    pub whole_word: bool,
}

/// What the components say; told by whoever knows them.
#[derive(Clone, Copy)]
pub struct Words<'a> {
    /// What a kind is called.
    pub kind: &'a dyn Fn(&str) -> String,
    /// Whether the keys in this field of this kind are names that people gave.
    pub has_names: &'a dyn Fn(&str, &str) -> bool,
}

/// Where text was found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// A node's name.
    Name(String),
    /// What a node's kind is called.
    Kind(String),
    /// A node's label.
    Label(String),
    /// A value of a node's configuration, by the path that problems use too: `cases[1].when`.
    Config {
        /// The node's name.
        node: String,
        /// The path.
        path: String,
    },
    /// The name that somebody gave a value in a node's configuration.
    Key {
        /// The node's name.
        node: String,
        /// The path, the name included.
        path: String,
    },
    /// A way out that leads somewhere.
    WayOut(PortId),
    /// A note or comment, by its name.
    Note(String),
    /// A group's title, by the group's name.
    Group(String),
}

impl Part {
    /// The node it is in.
    pub fn node(&self) -> Option<&str> {
        match self {
            Part::Name(node) | Part::Kind(node) | Part::Label(node) => Some(node),
            Part::Config { node, .. } | Part::Key { node, .. } => Some(node),
            Part::WayOut(port) => Some(&port.node),
            Part::Note(_) | Part::Group(_) => None,
        }
    }
}

/// What may be done with a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// Other text may stand there.
    Free,
    /// Another number may.
    Number,
    /// It stays as it is: others rely on it, or it follows from something else.
    Fixed,
}

/// One place that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// Where.
    pub part: Part,
    /// The whole text it was found in.
    pub text: String,
    /// Where the found piece begins in the text, in bytes.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
    /// What may be done with it.
    pub hold: Hold,
}

/// All places where the query's text stands, in reading order.
pub fn find(document: &Document, query: &Query, words: Words<'_>) -> Vec<Match> {
    let mut search = Search { document, query, words, found: Vec::new() };
    if query.text.trim().is_empty() {
        return search.found;
    }
    for name in walk::reading_order(document) {
        if let Some(node) = document.node(&name) {
            search.look_at_node(&name, node);
        }
    }
    for (name, note) in &document.marks.notes {
        search.look(|| Part::Note(name.clone()), &note.text, Hold::Free);
    }
    for (name, group) in &document.marks.groups {
        search.look(|| Part::Group(name.clone()), &group.label, Hold::Free);
    }
    search.found
}

struct Search<'a> {
    document: &'a Document,
    query: &'a Query,
    words: Words<'a>,
    found: Vec<Match>,
}

impl Search<'_> {
    fn look_at_node(&mut self, name: &str, node: &Node) {
        self.look(|| Part::Name(name.to_owned()), name, Hold::Fixed);
        self.look(|| Part::Kind(name.to_owned()), &(self.words.kind)(&node.kind), Hold::Fixed);
        if let Some(label) = &node.label {
            self.look(|| Part::Label(name.to_owned()), label, Hold::Free);
        }
        self.look_at_value((name, node), &node.config, &mut String::new(), false);
        for state in node.states().filter(|state| node.next.contains_key(*state)) {
            let known = node.shape.ports.iter().find(|port| port.state == state);
            let label = known.map_or(state, |port| &port.label);
            let part = || Part::WayOut(PortId::new(name, state));
            self.look(part, label, Hold::Fixed);
        }
    }

    fn look_at_value(
        &mut self,
        of: (&str, &Node),
        value: &Value,
        path: &mut String,
        is_formula: bool,
    ) {
        let part = |path: &str| Part::Config { node: of.0.to_owned(), path: path.to_owned() };
        match value {
            Value::String(text) => {
                let before = self.found.len();
                self.look(|| part(path), text, Hold::Free);
                for found in &mut self.found[before..] {
                    if is_reference(self.document, text, (found.from, found.to), is_formula) {
                        found.hold = Hold::Fixed;
                    }
                }
            }
            Value::Number(number) => {
                self.look(|| part(path), &number.to_string(), Hold::Number);
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    within(path, &format!("[{index}]"), |path| {
                        self.look_at_value(of, item, path, is_formula);
                    });
                }
            }
            Value::Object(fields) => {
                let has_names = !path.is_empty() && (self.words.has_names)(&of.1.kind, path);
                for (key, field) in fields {
                    let is_formula = EXPRESSION_KEYS.contains(&key.as_str());
                    let step = step_to(path, key);
                    within(path, &step, |path| {
                        if has_names {
                            let (node, path) = (of.0.to_owned(), path.clone());
                            self.look(|| Part::Key { node, path }, key, Hold::Fixed);
                        }
                        self.look_at_value(of, field, path, is_formula);
                    });
                }
            }
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn look(&mut self, part: impl FnOnce() -> Part, text: &str, hold: Hold) {
        let mut places = places(text, self.query).into_iter().peekable();
        if places.peek().is_none() || self.found.len() >= MATCHES_MAX {
            return;
        }
        let part = part();
        self.found.extend(places.map(|(from, to)| {
            let (part, text) = (part.clone(), text.to_owned());
            Match { part, text, from, to, hold }
        }));
    }
}

pub(crate) fn step_to(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!(".{key}") }
}

/// Goes one step further along the path, and back.
pub(crate) fn within(path: &mut String, step: &str, go: impl FnOnce(&mut String)) {
    let length = path.len();
    path.push_str(step);
    go(path);
    path.truncate(length);
}

/// Where the query stands in the text, in bytes, without overlaps.
fn places(text: &str, query: &Query) -> Vec<(usize, usize)> {
    let folded = |letter: char| {
        if query.match_case { letter } else { letter.to_lowercase().next().unwrap_or(letter) }
    };
    let is_word = |letter: Option<char>| {
        letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_')
    };
    let wanted: Vec<char> = query.text.chars().map(folded).collect();
    let letters: Vec<(usize, char)> = text.char_indices().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at + wanted.len() <= letters.len() {
        let piece = &letters[at..at + wanted.len()];
        let next = letters.get(at + wanted.len());
        let is_part = |edge: Option<&(usize, char)>, beside: Option<char>| {
            is_word(edge.map(|(_, letter)| *letter)) && is_word(beside)
        };
        let before = at.checked_sub(1).map(|before| letters[before].1);
        let is_within_word = is_part(piece.first(), before)
            || is_part(piece.last(), next.map(|(_, letter)| *letter));
        if piece.iter().zip(&wanted).all(|((_, letter), wanted)| folded(*letter) == *wanted)
            && !(query.whole_word && is_within_word)
        {
            found.push((letters[at].0, next.map_or(text.len(), |(byte, _)| *byte)));
            at += wanted.len();
        } else {
            at += 1;
        }
    }
    found
}

/// Whether the place touches the name of a node inside a formula or between `{{` and `}}`.
fn is_reference(
    document: &Document,
    text: &str,
    (from, to): (usize, usize),
    is_formula: bool,
) -> bool {
    let opened = text[..to].rfind("{{");
    let closed = text[..from].rfind("}}");
    let is_inside = opened.is_some_and(|opened| closed.is_none_or(|closed| closed < opened));
    if !is_formula && !is_inside {
        return false;
    }
    let is_of_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let begin = text[..from].trim_end_matches(is_of_name).len();
    let end = text.len() - text[to..].trim_start_matches(is_of_name).len();
    text[begin..end].split(|letter| !is_of_name(letter)).any(|name| document.contains(name))
}

#[cfg(test)]
pub(crate) mod tests {
    use serde_json::json;

    use super::*;
    use crate::document::{Port, Shape};
    use crate::marks::{Group, Note};
    use std::sync::Arc;

    pub(crate) fn document() -> Document {
        let mut document = Document::new();
        let shape = Shape { ports: vec![Port::new("menu_left")], ..Shape::default() };
        let mut node = Node::new("ivr_menu", shape);
        node.label = Some("Main menu".to_owned());
        node.config = json!({
            "text": "The menu says {{ Menu.digits }}. MENÜ menu",
            "cases": [{ "when": "Menu.digits == 1", "say": "menu" }],
            "set": { "menu_tries": 12 },
        });
        node.next.insert("menu_left".to_owned(), "Bye".to_owned());
        document.insert("Menu", node);
        document.insert("Bye", Node::new("hangup", Shape::default()));
        let marks = Arc::make_mut(&mut document.marks);
        let note = Note { text: "Menus change in May".to_owned(), ..Note::default() };
        marks.notes.insert("Note1".to_owned(), Arc::new(note));
        let group = Group {
            label: "The menu".to_owned(),
            nodes: ["Menu".to_owned()].into(),
            ..Group::default()
        };
        marks.groups.insert("Group1".to_owned(), Arc::new(group));
        document
    }

    pub(crate) fn found(document: &Document, query: &Query) -> Vec<Match> {
        let kind = |kind: &str| kind.replace('_', " ");
        let has_names = |_: &str, path: &str| path == "set";
        find(document, query, Words { kind: &kind, has_names: &has_names })
    }

    pub(crate) fn query(text: &str) -> Query {
        Query { text: text.to_owned(), ..Query::default() }
    }

    #[test]
    fn text_is_found_everywhere_and_what_others_rely_on_is_fixed() {
        let told: Vec<String> = found(&document(), &query("menu"))
            .iter()
            .map(|place| {
                let piece = &place.text[place.from..place.to];
                let place_words = match &place.part {
                    Part::Name(_) => "name".to_owned(),
                    Part::Kind(_) => "kind".to_owned(),
                    Part::Label(_) => "label".to_owned(),
                    Part::Config { path, .. } | Part::Key { path, .. } => path.clone(),
                    Part::WayOut(port) => format!("{}.{}", port.node, port.state),
                    Part::Note(name) | Part::Group(name) => name.clone(),
                };
                format!("{place_words} {piece} {:?}", place.hold)
            })
            .collect();
        let expected = [
            "name Menu Fixed",
            "kind menu Fixed",
            "label menu Free",
            "cases[0].say menu Free",
            "cases[0].when Menu Fixed",
            "set.menu_tries menu Fixed",
            "text menu Free",
            "text Menu Fixed",
            "text menu Free",
            "Menu.menu_left menu Fixed",
            "Note1 Menu Free",
            "Group1 menu Free",
        ];
        assert_eq!(told, expected);
        assert!(found(&document(), &query(" ")).is_empty());
    }

    #[test]
    fn capitals_and_whole_words_count_when_asked_for() {
        let count = |query: Query| found(&document(), &query).len();
        assert_eq!(count(Query { match_case: true, ..query("Menu") }), 4);
        assert_eq!(count(Query { whole_word: true, ..query("menu") }), 9);
        // MENÜ ends in a letter, and begins as the menu does.
        assert_eq!(count(query("men")), 13);
        assert_eq!(count(query("menü")), 1);
        assert_eq!(count(query("MENÜ m")), 1);
    }

    #[test]
    fn numbers_are_found() {
        let found = found(&document(), &query("12"));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].hold, Hold::Number);
    }
}
