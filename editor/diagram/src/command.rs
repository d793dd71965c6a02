//! Every edit there is, as data.
//!
//! A command is applied as a whole or refused with a reason a person can read. What it changed comes back
//! as a [`Change`], which is all that undo, redo and the screen need.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::document::{Document, Node, Port, PortId, Position, Shape};
use crate::history::Change;
use crate::marks::{Colour, Group, Note};

mod edit;
mod marks;

use edit::Edit;

/// One edit of a drawing. The unit of undo, of keyboard access and of tests.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Puts a new node on the canvas; fails if the name is taken.
    Add { name: String, node: Box<Node> },
    /// Puts a new node into an edge: the port then leads to it, and its first state to where the port led.
    /// Nodes that are in the way move aside.
    Insert { on: PortId, name: String, node: Box<Node> },
    /// Takes nodes away together with the edges to them. With `heal`, what led to a node with one onward
    /// edge then leads to where that edge led.
    Remove { names: Vec<String>, heal: bool },
    /// Moves nodes by whole grid units.
    Move { names: Vec<String>, by: Position },
    /// Puts nodes where they shall stand: tidying up, aligning.
    Place { positions: BTreeMap<String, Position> },
    /// Lets a state lead to a node; replaces where it led before.
    Connect { from: PortId, to: String },
    /// Lets a state lead nowhere: that line of the run ends there.
    Disconnect { from: PortId },
    /// Gives a node another configuration, and the states that follow from it.
    SetConfig { name: String, config: Value, ports: Vec<Port> },
    /// Gives a node another label; without one, its name is shown.
    SetLabel { name: String, label: Option<String> },
    /// Gives a node another name, and rewrites every edge and every reference to it.
    Rename { from: String, to: String },
    /// Makes a node another kind of component, keeping its place, its label and the edges into it, and
    /// those out of it that still have a state.
    SetKind { name: String, kind: String, config: Value, shape: Shape },
    /// Puts in copied nodes, whose names the caller has made sure are free.
    Paste { nodes: BTreeMap<String, Node> },
    /// Makes the whole drawing another one: an import, an edit of the JSON text.
    Replace { document: Document },
    /// Puts a note on the canvas, or a comment on a node; the caller has made sure that the name is free.
    AddNote { name: String, note: Note },
    /// Gives a note another text or colour.
    SetNote { name: String, text: String, colour: Option<Colour> },
    /// Says of a comment that it is settled, or that it is not.
    ResolveComment { name: String, is_resolved: bool },
    /// Moves a note by whole grid units.
    MoveNote { name: String, by: Position },
    /// Makes a note this large, in whole grid units.
    ResizeNote { name: String, size: Position },
    /// Takes a note or a comment away.
    RemoveNote { name: String },
    /// Makes a group, or makes it another one: other nodes, title or colour, collapsed or open. Without nodes it goes away.
    SetGroup { name: String, group: Group },
    /// Takes a group away and leaves its nodes.
    Ungroup { name: String },
    /// Gives cards a colour, or takes it from them.
    SetColour { names: Vec<String>, colour: Option<Colour> },
    /// Several commands as one step; if one is refused, none is done.
    Batch(Vec<Command>),
}

impl Command {
    /// What was done, for the undo button and for screen readers: "Undo: connect".
    pub fn title(&self) -> &'static str {
        match self {
            Command::Add { .. } => "add",
            Command::Insert { .. } => "insert",
            Command::Remove { .. } => "remove",
            Command::Move { .. } => "move",
            Command::Place { .. } => "tidy up",
            Command::Connect { .. } => "connect",
            Command::Disconnect { .. } => "disconnect",
            Command::SetConfig { .. } => "change settings",
            Command::SetLabel { .. } => "change label",
            Command::Rename { .. } => "rename",
            Command::SetKind { .. } => "change kind",
            Command::Paste { .. } => "paste",
            Command::Replace { .. } => "replace everything",
            Command::AddNote { .. } => "add note",
            Command::SetNote { .. } => "change note",
            Command::ResolveComment { .. } => "resolve comment",
            Command::MoveNote { .. } => "move note",
            Command::ResizeNote { .. } => "resize note",
            Command::RemoveNote { .. } => "remove note",
            Command::SetGroup { .. } => "group",
            Command::Ungroup { .. } => "ungroup",
            Command::SetColour { .. } => "colour",
            Command::Batch(commands) => commands.first().map_or("nothing", Command::title),
        }
    }
}

/// Why a command was not carried out. The text is for the person who draws.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The node is gone, perhaps by an undo.
    #[error("there is no step named `{0}` here any more")]
    UnknownNode(String),
    /// The note is gone, perhaps by an undo.
    #[error("this note is not here any more")]
    UnknownNote,
    /// The group is gone, perhaps by an undo.
    #[error("this group is not here any more")]
    UnknownGroup,
    /// Two nodes cannot have one name.
    #[error("the name `{0}` is taken; choose another")]
    NameTaken(String),
    /// Templates could not refer to such a name.
    #[error("`{0}` cannot be a name; use letters, digits and _, and begin with a letter")]
    BadName(String),
    /// The node has no such state (any more).
    #[error("`{node}` has no way out named `{state}`")]
    UnknownState {
        /// The node's name.
        node: String,
        /// The state's name.
        state: String,
    },
    /// Only a start has no input.
    #[error("nothing can lead to `{0}`; every run begins there")]
    NoInput(String),
}

/// Carries out a command, or changes nothing and says why not.
///
/// # Errors
/// A [`Refusal`] if a name, a state or an edge of the command does not fit the drawing.
pub fn apply(document: &mut Document, command: &Command) -> Result<Change, Refusal> {
    let mut edit = Edit::begin(document);
    match edit.carry_out(command) {
        Ok(()) => Ok(edit.finish()),
        Err(refusal) => {
            edit.finish().revert(document);
            Err(refusal)
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shape(states: &[&str]) -> Shape {
        Shape {
            ports: states.iter().map(|state| Port::new(state)).collect(),
            has_input: true,
            ..Shape::default()
        }
    }

    /// Start → Menu (1 → Sales, 2 → Bye) and Sales → Bye.
    fn menu() -> Document {
        let mut document = Document::new();
        let start = Shape { has_input: false, ..shape(&["incoming_call"]) };
        document.insert("Start", Node::new("start", start));
        document.insert("Menu", Node::new("ivr_menu", shape(&["1", "2"])));
        document.insert("Sales", Node::new("speak", shape(&["completed"])));
        document.insert("Bye", Node::new("hangup", shape(&[])));
        for (node, state, to) in [
            ("Start", "incoming_call", "Menu"),
            ("Menu", "1", "Sales"),
            ("Menu", "2", "Bye"),
            ("Sales", "completed", "Bye"),
        ] {
            let connect = Command::Connect { from: PortId::new(node, state), to: to.to_owned() };
            apply(&mut document, &connect).unwrap();
        }
        document
    }

    fn edges(document: &Document) -> String {
        let edge =
            |edge: crate::Edge| format!("{}.{}>{}", edge.from.node, edge.from.state, edge.to);
        document.edges().map(edge).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_refused_command_says_why_and_changes_nothing() {
        let mut document = menu();
        let before = document.clone();
        let connect = |node, state, to: &str| Command::Connect {
            from: PortId::new(node, state),
            to: to.to_owned(),
        };
        let refused = [
            (connect("Menu", "9", "Bye"), "`Menu` has no way out named `9`"),
            (connect("Menu", "1", "Nowhere"), "there is no step named `Nowhere` here any more"),
            (connect("Menu", "1", "Start"), "nothing can lead to `Start`; every run begins there"),
            (
                Command::Rename { from: "Menu".into(), to: "Bye".into() },
                "the name `Bye` is taken; choose another",
            ),
            (
                Command::Rename { from: "Menu".into(), to: "main menu".into() },
                "`main menu` cannot be a name; use letters, digits and _, and begin with a letter",
            ),
            (
                Command::Batch(vec![
                    Command::Remove { names: vec!["Bye".into()], heal: false },
                    connect("Menu", "1", "Bye"),
                ]),
                "there is no step named `Bye` here any more",
            ),
        ];
        for (command, reason) in refused {
            let refusal = apply(&mut document, &command).unwrap_err();
            assert_eq!(refusal.to_string(), reason);
            assert_eq!(document, before);
        }
    }

    #[test]
    fn removing_takes_the_edges_along_and_can_heal_them() {
        let mut cut = menu();
        apply(&mut cut, &Command::Remove { names: vec!["Sales".into()], heal: false }).unwrap();
        assert_eq!(edges(&cut), "Menu.2>Bye Start.incoming_call>Menu");

        let mut healed = menu();
        apply(&mut healed, &Command::Remove { names: vec!["Sales".into()], heal: true }).unwrap();
        assert_eq!(edges(&healed), "Menu.1>Bye Menu.2>Bye Start.incoming_call>Menu");
    }

    #[test]
    fn a_node_dropped_on_an_edge_is_put_between() {
        let mut document = menu();
        let node = Box::new(Node::new("speak", shape(&["completed", "failed"])));
        let insert = Command::Insert { on: PortId::new("Menu", "1"), name: "Please".into(), node };
        apply(&mut document, &insert).unwrap();
        assert!(edges(&document).contains("Menu.1>Please"));
        assert!(edges(&document).contains("Please.completed>Sales"));
    }

    #[test]
    fn edges_follow_a_state_that_is_renamed_in_its_row() {
        let mut document = menu();
        let set = |states: &[&str]| Command::SetConfig {
            name: "Menu".into(),
            config: json!({ "choices": states }),
            ports: shape(states).ports,
        };
        apply(&mut document, &set(&["1", "3"])).unwrap();
        assert!(edges(&document).contains("Menu.1>Sales Menu.3>Bye"));
        // Typing leaves the menu without rows for a moment; the edges come back with them.
        apply(&mut document, &set(&[])).unwrap();
        assert!(!edges(&document).contains("Menu."));
        apply(&mut document, &set(&["1", "3", "4"])).unwrap();
        assert!(edges(&document).contains("Menu.1>Sales Menu.3>Bye"));
    }

    #[test]
    fn a_hidden_state_gets_a_row_while_it_leads_somewhere() {
        let mut document = menu();
        document.node_mut("Sales").unwrap().shape.hidden.push("hung_up".to_owned());
        let from = PortId::new("Sales", "hung_up");
        let rows = |document: &Document| document.node("Sales").unwrap().row_count();
        apply(&mut document, &Command::Connect { from: from.clone(), to: "Bye".into() }).unwrap();
        assert!(edges(&document).contains("Sales.hung_up>Bye"));
        assert_eq!(rows(&document), 2);
        apply(&mut document, &Command::Disconnect { from }).unwrap();
        assert_eq!(rows(&document), 1);
    }

    #[test]
    fn renaming_rewrites_edges_and_references() {
        let mut document = menu();
        let config =
            json!({ "text": "You pressed {{ Menu.digits }}.", "when": "Menu.digits == 1" });
        let set =
            Command::SetConfig { name: "Sales".into(), config, ports: shape(&["completed"]).ports };
        apply(&mut document, &set).unwrap();
        let rename = Command::Rename { from: "Menu".into(), to: "Choice".into() };
        let change = apply(&mut document, &rename).unwrap();
        assert_eq!(
            document.node("Sales").unwrap().config,
            json!({ "text": "You pressed {{ Choice.digits }}.", "when": "Choice.digits == 1" })
        );
        assert!(edges(&document).contains("Start.incoming_call>Choice"));
        let touched: Vec<&str> = change.names().collect();
        assert_eq!(touched, ["Choice", "Menu", "Sales", "Start"]);
    }
}
