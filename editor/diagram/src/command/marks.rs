//! How commands change notes, groups and colours.

use std::sync::Arc;

use super::edit::Edit;
use super::{Command, Refusal};
use crate::document::Position;
use crate::marks::{Colour, Group, NOTE_SIZE, Note, clamped};

impl Edit<'_> {
    /// Carries out what concerns marks only; says whether the command was such a one.
    pub(super) fn mark(&mut self, command: &Command) -> Result<bool, Refusal> {
        match command {
            Command::AddNote { name, note } => {
                self.marks_mut().notes.insert(name.clone(), Arc::new(placed(note)));
            }
            Command::SetNote { name, text, colour } => {
                let note = self.note_mut(name)?;
                note.text.clone_from(text);
                note.colour = *colour;
            }
            Command::ResolveComment { name, is_resolved } => {
                let note = self.note_mut(name)?;
                note.comment.get_or_insert_default().is_resolved = *is_resolved;
            }
            Command::MoveNote { name, by } => {
                let note = self.note_mut(name)?;
                note.at = note.at.moved(*by);
            }
            Command::ResizeNote { name, size } => {
                let size = clamped(*size);
                self.note_mut(name)?.size = (size != NOTE_SIZE).then_some(size);
            }
            Command::RemoveNote { name } => {
                self.note_mut(name)?;
                self.marks_mut().notes.remove(name);
            }
            Command::SetGroup { name, group } => self.set_group(name, group)?,
            Command::Ungroup { name } => {
                if self.marks_mut().groups.remove(name).is_none() {
                    return Err(Refusal::UnknownGroup);
                }
            }
            Command::SetColour { names, colour } => self.set_colour(names, *colour)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn note_mut(&mut self, name: &str) -> Result<&mut Note, Refusal> {
        self.marks_mut().notes.get_mut(name).map(Arc::make_mut).ok_or(Refusal::UnknownNote)
    }

    /// A node is in one group at most: whoever joins this one leaves the others.
    fn set_group(&mut self, name: &str, group: &Group) -> Result<(), Refusal> {
        if let Some(unknown) = group.nodes.iter().find(|node| {
            let was_in = self.marks().groups.get(name).is_some_and(|old| old.nodes.contains(*node));
            !was_in && !self.has_node(node)
        }) {
            return Err(Refusal::UnknownNode(unknown.clone()));
        }
        let marks = self.marks_mut();
        marks.groups.remove(name);
        marks.leave(|node| group.nodes.contains(node));
        if !group.nodes.is_empty() {
            marks.groups.insert(name.to_owned(), Arc::new(group.clone()));
        }
        Ok(())
    }

    fn set_colour(&mut self, names: &[String], colour: Option<Colour>) -> Result<(), Refusal> {
        if let Some(unknown) = names.iter().find(|name| !self.has_node(name)) {
            return Err(Refusal::UnknownNode(unknown.clone()));
        }
        let colours = &mut self.marks_mut().colours;
        for name in names {
            match colour {
                Some(colour) => drop(colours.insert(name.clone(), colour)),
                None => drop(colours.remove(name)),
            }
        }
        Ok(())
    }
}

fn placed(note: &Note) -> Note {
    let Position { x, y } = note.at;
    Note { at: Position::new(x, y), ..note.clone() }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::command::apply;
    use crate::document::{Document, Node, Port, PortId, Shape};
    use crate::geometry::Rect;
    use crate::history::History;
    use crate::hit::Scene;
    use crate::marks;

    /// Ask → Tell → Bye, with Ask and Tell in a group, a comment on Tell and a colour on it.
    fn drawn() -> History {
        let mut document = Document::new();
        for (name, x) in [("Ask", 0), ("Tell", 12), ("Bye", 40)] {
            let shape =
                Shape { ports: vec![Port::new("completed")], has_input: true, ..Shape::default() };
            let mut node = Node::new("speak", shape);
            node.position = Position::new(x, 0);
            document.insert(name, node);
        }
        let mut history = History::new(document);
        let comment = Note { text: "Why?".into(), node: Some("Tell".into()), ..Note::default() };
        let nodes = BTreeSet::from(["Ask".to_owned(), "Tell".to_owned()]);
        for command in [
            Command::Connect { from: PortId::new("Ask", "completed"), to: "Tell".into() },
            Command::Connect { from: PortId::new("Tell", "completed"), to: "Bye".into() },
            Command::AddNote { name: "Note1".into(), note: comment },
            Command::SetGroup { name: "G".into(), group: Group { nodes, ..Group::default() } },
            Command::SetColour { names: vec!["Tell".into()], colour: Some(Colour::Rose) },
        ] {
            history.apply(&command, 0.0).unwrap();
        }
        history
    }

    fn members(history: &History) -> Vec<String> {
        let groups = history.document().marks.groups.values();
        groups.flat_map(|group| group.nodes.iter().cloned()).collect()
    }

    #[test]
    fn marks_follow_a_node_that_is_renamed_and_go_with_one_that_is_removed() {
        let mut history = drawn();
        let rename = Command::Rename { from: "Tell".into(), to: "Say".into() };
        history.apply(&rename, 0.0).unwrap();
        let marks = &history.document().marks;
        assert_eq!(members(&history), ["Ask", "Say"]);
        assert_eq!(marks.comments("Say").count(), 1);
        assert_eq!(marks.colours["Say"], Colour::Rose);

        let renamed = history.document().clone();
        let remove = Command::Remove { names: vec!["Say".into()], heal: true };
        history.apply(&remove, 0.0).unwrap();
        assert_eq!(members(&history), ["Ask"]);
        assert!(history.document().marks.notes.is_empty());
        assert!(history.document().marks.colours.is_empty());
        let remove = Command::Remove { names: vec!["Ask".into()], heal: true };
        history.apply(&remove, 0.0).unwrap();
        assert!(history.document().marks.groups.is_empty());
        history.undo();
        history.undo();
        assert_eq!(history.document(), &renamed);
    }

    #[test]
    fn comments_stand_by_what_they_are_about_oldest_first_and_can_be_settled() {
        let mut history = drawn();
        let comment = |written_at: &str, node: Option<&str>| Note {
            comment: Some(marks::Comment {
                by: "Ana".into(),
                written_at: written_at.into(),
                ..marks::Comment::default()
            }),
            node: node.map(str::to_owned),
            ..Note::default()
        };
        for (name, note) in [
            ("A", comment("2026-02-02", Some("Tell"))),
            ("B", comment("2026-01-01", Some("Tell"))),
            ("C", comment("2026-01-01", None)),
        ] {
            let add = Command::AddNote { name: name.into(), note };
            history.apply(&add, 0.0).unwrap();
        }
        let resolve = Command::ResolveComment { name: "B".into(), is_resolved: true };
        history.apply(&resolve, 0.0).unwrap();
        let names = |history: &History| -> Vec<(marks::Topic, Vec<String>)> {
            let mut named = Vec::new();
            for (topic, thread) in marks::threads(history.document()) {
                named.push((topic, thread.into_iter().map(|(name, _)| name.to_owned()).collect()));
            }
            named
        };
        let on_tell = vec!["Note1".to_owned(), "B".to_owned(), "A".to_owned()];
        let on_paper = (marks::Topic::Spot(Position::default()), vec!["C".to_owned()]);
        let tell = marks::Topic::Node("Tell".to_owned());
        assert_eq!(names(&history), [(tell, on_tell), on_paper]);
        let settled = history.document().marks.notes["B"].comment.clone();
        assert!(settled.is_some_and(|comment| comment.is_resolved));
        history.undo();
        let open = history.document().marks.notes["B"].comment.clone();
        assert!(open.is_some_and(|comment| !comment.is_resolved));
    }

    #[test]
    fn a_node_that_joins_a_group_leaves_the_other() {
        let mut history = drawn();
        let group =
            Group { nodes: BTreeSet::from(["Tell".into(), "Bye".into()]), ..Group::default() };
        history.apply(&Command::SetGroup { name: "H".into(), group }, 0.0).unwrap();
        assert_eq!(members(&history), ["Ask", "Bye", "Tell"]);
        let ungroup = Command::Ungroup { name: "H".into() };
        history.apply(&ungroup, 0.0).unwrap();
        assert_eq!(members(&history), ["Ask"]);
        assert_eq!(history.apply(&ungroup, 0.0), Err(Refusal::UnknownGroup));
    }

    #[test]
    fn notes_move_and_grow_within_bounds() {
        let mut history = drawn();
        let by = Position::new(3, -2);
        history.apply(&Command::MoveNote { name: "Note1".into(), by }, 0.0).unwrap();
        let size = Position { x: 1, y: 9_999 };
        history.apply(&Command::ResizeNote { name: "Note1".into(), size }, 0.0).unwrap();
        let note = &history.document().marks.notes["Note1"];
        assert_eq!((note.at, note.rect().width, note.rect().height), (by, 72.0, 2_880.0));
        let remove = Command::RemoveNote { name: "Note1".into() };
        history.apply(&remove, 0.0).unwrap();
        assert_eq!(history.apply(&remove, 0.0), Err(Refusal::UnknownNote));
    }

    #[test]
    fn one_card_stands_for_a_collapsed_group_and_its_edges_end_there() {
        let mut history = drawn();
        let mut scene = Scene::of(history.document());
        let open = scene.clone();
        let group = history.document().marks.groups["G"].clone();
        assert_eq!(
            marks::group_rect(history.document(), &group),
            Some(Rect::new(-16.0, -52.0, 552.0, 173.0))
        );
        let collapsed = Group { is_collapsed: true, ..(*group).clone() };
        let collapse = Command::SetGroup { name: "G".into(), group: collapsed };
        let change = history.apply(&collapse, 0.0).unwrap();
        scene.update(history.document(), change.names());
        assert_eq!(scene.card("Ask"), None);
        assert_eq!(
            scene.fold("Tell").map(|fold| fold.rect),
            Some(Rect::new(0.0, 0.0, 232.0, 70.0))
        );
        assert!(scene.route(&PortId::new("Ask", "completed")).is_none());
        let out = scene.route(&PortId::new("Tell", "completed")).unwrap();
        assert_eq!(out.path.end().x, 960.0);
        assert!(out.path.distance(crate::Point::new(232.0, 35.0)) < 0.5);

        // The card is where its nodes begin: moving one of them moves the edges of all.
        let by = Position::new(-5, 0);
        let change = history.apply(&Command::Move { names: vec!["Ask".into()], by }, 0.0).unwrap();
        scene.update(history.document(), change.names());
        assert_eq!(
            scene.routes().collect::<Vec<_>>(),
            Scene::of(history.document()).routes().collect::<Vec<_>>()
        );
        let mut change = history.undo().unwrap();
        scene.update(history.document(), change.names());
        change = history.undo().unwrap();
        scene.update(history.document(), change.names());
        assert_eq!(scene.routes().collect::<Vec<_>>(), open.routes().collect::<Vec<_>>());
        assert_eq!(scene.cards().collect::<Vec<_>>(), open.cards().collect::<Vec<_>>());
    }

    #[test]
    fn a_refused_mark_changes_nothing() {
        let mut history = drawn();
        let mut document = history.document().clone();
        let colour = Command::SetColour { names: vec!["Bye".into(), "Gone".into()], colour: None };
        let both = Command::Batch(vec![Command::RemoveNote { name: "Note1".into() }, colour]);
        assert_eq!(apply(&mut document, &both), Err(Refusal::UnknownNode("Gone".into())));
        assert_eq!(&document, history.document());
        while history.undo().is_some() {}
        assert_eq!(*history.document().marks, marks::Marks::default());
    }
}
