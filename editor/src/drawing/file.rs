//! Between the workflow file and the drawing, and what components look like.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use diagram::document::to_name;
use diagram::{Document, Node, Port, Position, Shape, layout};
use engine::{NodeDocument, StateName};
use serde_json::{Map, Value};

use crate::drawing::marks;
use crate::language::{t, translated};
use crate::parts;

/// The state that every node on a live call has.
pub const HUNG_UP: &str = "hung_up";

/// How a node of this kind is drawn.
pub fn shape(kind: &str, config: &Value) -> Shape {
    let config = config.as_object().cloned().unwrap_or_default();
    let states = engine::components::states(kind, &config);
    let port = |state: &StateName| Port {
        state: state.to_string(),
        label: way_label(kind, &config, state),
    };
    let is_voice = engine::components::face(kind).is_some_and(|face| face.is_voice);
    Shape {
        ports: states.iter().map(port).collect(),
        hidden: is_voice.then(|| HUNG_UP.to_owned()).into_iter().collect(),
        has_input: has_input(kind),
    }
}

/// What the row of a state says; also of one that the component does not list: of a faulty file, or `hung_up`, which every node
/// on a live call has and which has a row only where it is used.
pub fn port_label(node: &Node, state: &str) -> String {
    let known = node.shape.ports.iter().find(|port| port.state == state);
    match known {
        Some(port) => port.label.clone(),
        None => {
            let config = node.config.as_object().cloned().unwrap_or_default();
            way_label(&node.kind, &config, &state.into())
        }
    }
}

/// What people call a way out, in the language that is spoken.
pub fn way_label(kind: &str, config: &Map<String, Value>, state: &StateName) -> String {
    let label = engine::components::state_label(kind, config, state);
    translated(&label).map_or(label, str::to_owned)
}

/// A new node of this kind, configured as its component's example.
pub fn new_node(kind: &str) -> Node {
    let face = engine::components::face(kind);
    let example = face.and_then(|face| serde_json::from_str(face.example).ok());
    let config = example.unwrap_or_else(|| Value::Object(Map::new()));
    let mut node = Node::new(kind, shape(kind, &config));
    node.config = config;
    node
}

/// The drawing of a file. Nodes that have no place in it get one.
pub fn read(document: &engine::Document) -> Document {
    let mut drawing = Document::new();
    let mut homeless = BTreeSet::new();
    for (name, node) in &document.nodes {
        let config = Value::Object(node.config.clone());
        let mut drawn = Node::new(&node.kind, shape(&node.kind, &config));
        drawn.label.clone_from(&node.label);
        drawn.config = config;
        let next = node.next.iter();
        drawn.next.extend(next.map(|(state, to)| (state.to_string(), to.to_string())));
        match document.layout.get(name) {
            Some([x, y]) => drawn.position = Position::new(*x, *y),
            None => drop(homeless.insert(name.to_string())),
        }
        drawing.insert(name.as_str(), drawn);
    }
    layout::place(&mut drawing, &homeless, |drawing| parts::tidy(drawing).unwrap_or_default());
    drawing.marks = Arc::new(marks::read(document));
    let about = engine::Document {
        nodes: BTreeMap::new(),
        layout: BTreeMap::new(),
        notes: BTreeMap::new(),
        groups: BTreeMap::new(),
        colours: BTreeMap::new(),
        ..document.clone()
    };
    // By way of text, which the first load has in any case: a second way of reading and writing would be 25 KB more of it.
    let text = serde_json::to_string(&about).unwrap_or_default();
    drawing.about = serde_json::from_str(&text).unwrap_or_default();
    drawing
}

/// The file of a drawing.
pub fn write(drawing: &Document) -> engine::Document {
    let mut document: engine::Document = serde_json::from_str(&drawing.about.to_string())
        .expect("a drawing keeps what its file said about itself");
    for (name, node) in drawing.nodes() {
        document.nodes.insert(name.into(), write_node(node));
        document.layout.insert(name.into(), [node.position.x, node.position.y]);
    }
    marks::write(&drawing.marks, &mut document);
    document
}

/// The file of a drawing without its nodes.
pub fn write_about(drawing: &Document) -> engine::Document {
    let mut bare = Document::new();
    bare.about = drawing.about.clone();
    bare.marks = drawing.marks.clone();
    write(&bare)
}

/// A node as it stands in the file.
pub fn write_node(node: &Node) -> NodeDocument {
    let drawn = node.next.iter();
    let mut next = BTreeMap::new();
    next.extend(drawn.map(|(state, to)| (state.as_str().into(), to.as_str().into())));
    NodeDocument {
        kind: node.kind.clone(),
        label: node.label.clone(),
        config: node.config.as_object().cloned().unwrap_or_default(),
        next,
    }
}

fn has_input(kind: &str) -> bool {
    let face = engine::components::face(kind);
    face.is_none_or(|face| face.group != engine::component::Group::Trigger)
}

/// What a node is called: its label, or else its component's with the number of its name, or else its name in words.
pub fn title(name: &str, node: &Node) -> String {
    if let Some(label) = &node.label {
        return label.clone();
    }
    let number = name.strip_prefix(&to_name(&node.kind));
    let number = number.filter(|number| number.bytes().all(|digit| digit.is_ascii_digit()));
    match (number, engine::components::face(&node.kind)) {
        (Some(""), Some(face)) => t(face.label).to_owned(),
        (Some(number), Some(face)) => format!("{} {number}", t(face.label)),
        _ => name_in_words(name),
    }
}

/// A node's name as people would say it: `AskStatus` is "Ask status", `GetDigits2` is "Get digits 2".
fn name_in_words(name: &str) -> String {
    let mut words = String::new();
    let mut previous = '_';
    let mut letters = name.chars().peekable();
    while let Some(letter) = letters.next() {
        let next_is_small = letters.peek().is_some_and(char::is_ascii_lowercase);
        let begins_word = letter.is_ascii_uppercase()
            && (previous.is_ascii_lowercase() || next_is_small)
            || letter.is_ascii_digit() && previous.is_ascii_alphabetic();
        if letter == '_' || begins_word && !words.is_empty() && !words.ends_with(' ') {
            words.push(' ');
        }
        if letter != '_' {
            let is_plain = begins_word && next_is_small && !words.is_empty();
            words.push(if is_plain { letter.to_ascii_lowercase() } else { letter });
        }
        previous = letter;
    }
    in_words(words.trim())
}

/// A name from a file as people would say it: `no_match` is "No match". Names in capitals stay.
fn in_words(state: &str) -> String {
    let spaced = state.replace('_', " ");
    let mut letters = spaced.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
