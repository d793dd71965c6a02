//! Notes, groups and colours, between the file and the drawing.

use std::collections::BTreeMap;
use std::sync::Arc;

use diagram::marks::Marks;
use diagram::{Colour, Comment, Group, Note, Position};
use engine::workflow;

/// The marks of a file.
pub fn read(document: &engine::Document) -> Marks {
    let position = |[x, y]: [i32; 2]| Position { x, y };
    let note = |note: &workflow::Note| Note {
        at: position(note.at),
        size: note.size.map(position),
        text: note.text.clone(),
        colour: note.colour.map(drawn),
        node: note.node.as_ref().map(ToString::to_string),
        comment: note.comment.as_ref().map(|comment| Comment {
            by: comment.by.clone(),
            written_at: comment.written_at.clone(),
            is_resolved: comment.resolved,
        }),
    };
    let group = |group: &workflow::Group| Group {
        label: group.label.clone(),
        nodes: group.nodes.iter().map(ToString::to_string).collect(),
        colour: group.colour.map(drawn),
        is_collapsed: group.collapsed,
    };
    let (notes, groups) = (document.notes.iter(), document.groups.iter());
    let colours = document.colours.iter();
    Marks {
        notes: to_map(notes.map(|(name, each)| (name.clone(), Arc::new(note(each))))),
        groups: to_map(groups.map(|(name, each)| (name.clone(), Arc::new(group(each))))),
        colours: to_map(colours.map(|(name, c)| (name.to_string(), drawn(*c)))),
    }
}

/// Puts the marks into a file.
pub fn write(marks: &Marks, document: &mut engine::Document) {
    let pair = |position: Position| [position.x, position.y];
    let note = |note: &Note| workflow::Note {
        at: pair(note.at),
        size: note.size.map(pair),
        text: note.text.clone(),
        colour: note.colour.map(written),
        node: note.node.as_deref().map(Into::into),
        comment: note.comment.as_ref().map(|comment| workflow::Comment {
            by: comment.by.clone(),
            written_at: comment.written_at.clone(),
            resolved: comment.is_resolved,
        }),
    };
    let group = |group: &Group| workflow::Group {
        label: group.label.clone(),
        nodes: group.nodes.iter().map(|name| name.as_str().into()).collect(),
        colour: group.colour.map(written),
        collapsed: group.is_collapsed,
    };
    let (notes, groups) = (marks.notes.iter(), marks.groups.iter());
    document.notes = to_map(notes.map(|(name, each)| (name.clone(), note(each))));
    document.groups = to_map(groups.map(|(name, each)| (name.clone(), group(each))));
    let colours = marks.colours.iter();
    document.colours = to_map(colours.map(|(name, c)| (name.as_str().into(), written(*c))));
}

fn drawn(colour: workflow::Colour) -> Colour {
    let same = |other: &&Colour| other.name() == colour.as_str();
    *Colour::ALL.iter().find(same).unwrap_or(&Colour::Grey)
}

fn written(colour: Colour) -> workflow::Colour {
    let same = |other: &&workflow::Colour| other.as_str() == colour.name();
    *workflow::Colour::ALL.iter().find(same).unwrap_or(&workflow::Colour::Grey)
}

/// A map, filled one by one: `collect` would bring a sort of its own for every type.
fn to_map<K: Ord, V>(pairs: impl Iterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    map.extend(pairs);
    map
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mark_of_a_file_is_written_back() {
        let mut document = engine::Document::empty("a", "A");
        let text = r#"{ "format": 1, "id": "a", "name": "A", "nodes": {},
            "notes": { "N": { "at": [1, 2], "text": "Hi", "size": [4, 5], "colour": "rose", "node": "Start", "comment": { "by": "Ana", "resolved": true } },
                "Huge": { "at": [1, 2], "text": "", "size": [999999, -1] } },
            "groups": { "G": { "label": "Day", "nodes": ["Gone", "Start"], "colour": "blue", "collapsed": true } },
            "colours": { "Start": "violet" } }"#;
        let marked: engine::Document = serde_json::from_str(text).unwrap();
        write(&read(&marked), &mut document);
        assert_eq!(document.notes, marked.notes);
        assert_eq!(document.groups, marked.groups);
        assert_eq!(document.colours, marked.colours);
    }
}
