//! Random edits: undo leads back exactly, redo forward again, and no edit leaves the drawing broken.

use std::collections::{BTreeMap, BTreeSet};

use diagram::hit::Scene;
use diagram::{
    Colour, Command, Document, Group, History, Node, Note, Port, PortId, Position, Shape, layout,
    walk,
};
use proptest::prelude::*;
use serde_json::json;

const NAMES: [&str; 6] = ["Start", "Ask", "Menu", "Bye", "Loop", "Room"];
const STATES: [&str; 3] = ["done", "failed", "1"];

fn name() -> impl Strategy<Value = String> {
    prop::sample::select(NAMES.to_vec()).prop_map(str::to_owned)
}

fn states() -> impl Strategy<Value = Vec<Port>> {
    prop::sample::subsequence(STATES.to_vec(), 0..=3)
        .prop_map(|states| states.into_iter().map(Port::new).collect())
}

fn position() -> impl Strategy<Value = Position> {
    (-40..40_i32, -40..40_i32).prop_map(|(x, y)| Position::new(x, y))
}

fn port() -> impl Strategy<Value = PortId> {
    (name(), prop::sample::select(STATES.to_vec()))
        .prop_map(|(node, state)| PortId::new(node, state))
}

fn node() -> impl Strategy<Value = Box<Node>> {
    (states(), position(), name(), any::<bool>()).prop_map(|(ports, position, other, has_input)| {
        let mut node = Node::new("speak", Shape { ports, has_input, ..Shape::default() });
        node.position = position;
        node.config = json!({ "text": format!("{{{{ {other}.digits }}}} and {other}.digits") });
        Box::new(node)
    })
}

fn simple_command() -> impl Strategy<Value = Command> {
    prop_oneof![
        (name(), node()).prop_map(|(name, node)| Command::Add { name, node }),
        (port(), name(), node()).prop_map(|(on, name, node)| Command::Insert { on, name, node }),
        (prop::collection::vec(name(), 0..3), any::<bool>())
            .prop_map(|(names, heal)| Command::Remove { names, heal }),
        (prop::collection::vec(name(), 0..3), position())
            .prop_map(|(names, by)| Command::Move { names, by }),
        prop::collection::btree_map(name(), position(), 0..4)
            .prop_map(|positions| Command::Place { positions }),
        (port(), name()).prop_map(|(from, to)| Command::Connect { from, to }),
        port().prop_map(|from| Command::Disconnect { from }),
        (name(), states(), name()).prop_map(|(name, ports, other)| Command::SetConfig {
            name,
            config: json!({ "when": format!("{other}.x == 1") }),
            ports,
        }),
        (name(), prop::option::of("[a-z ]{0,4}"))
            .prop_map(|(name, label)| Command::SetLabel { name, label }),
        (name(), name()).prop_map(|(from, to)| Command::Rename { from, to }),
        (name(), states(), any::<bool>()).prop_map(|(name, ports, has_input)| Command::SetKind {
            name,
            kind: "hangup".to_owned(),
            config: json!({}),
            shape: Shape { ports, has_input, ..Shape::default() },
        }),
        mark(),
        prop::collection::btree_map(name(), node(), 0..3).prop_map(|nodes| Command::Paste {
            nodes: nodes.into_iter().map(|(name, node)| (name, *node)).collect(),
        }),
        prop::collection::btree_map(name(), node(), 0..4).prop_map(|nodes| {
            let mut document = Document::new();
            document.about = json!({ "name": nodes.len() });
            nodes.into_iter().for_each(|(name, node)| document.insert(name, *node));
            Command::Replace { document }
        }),
    ]
}

fn mark() -> impl Strategy<Value = Command> {
    let group = || prop::sample::select(vec!["G", "H"]).prop_map(str::to_owned);
    let members = prop::collection::btree_set(name(), 0..4);
    prop_oneof![
        (group(), position(), prop::option::of(name())).prop_map(|(name, at, node)| {
            Command::AddNote { name, note: Note { at, node, ..Note::default() } }
        }),
        (group(), position()).prop_map(|(name, by)| Command::MoveNote { name, by }),
        (group(), position()).prop_map(|(name, size)| Command::ResizeNote { name, size }),
        group().prop_map(|name| Command::RemoveNote { name }),
        (group(), members, any::<bool>()).prop_map(|(name, nodes, is_collapsed)| {
            Command::SetGroup { name, group: Group { nodes, is_collapsed, ..Group::default() } }
        }),
        group().prop_map(|name| Command::Ungroup { name }),
        prop::collection::vec(name(), 0..3)
            .prop_map(|names| Command::SetColour { names, colour: Some(Colour::Blue) }),
        (name(), name()).prop_map(|(from, to)| Command::Rename { from, to }),
    ]
}

fn command() -> impl Strategy<Value = Command> {
    prop_oneof![
        4 => simple_command(),
        1 => prop::collection::vec(simple_command(), 0..3).prop_map(Command::Batch),
    ]
}

/// What must hold after any edit: edges lead to nodes that exist and can be entered.
fn check(document: &Document) -> Result<(), TestCaseError> {
    for (name, node) in document.nodes() {
        for (state, to) in node.next.iter().chain(&node.parked) {
            prop_assert!(document.contains(to), "{name}.{state} leads to {to}, which is gone");
        }
        for to in node.next.values() {
            let enters = document.node(to).is_some_and(|target| target.shape.has_input);
            prop_assert!(enters, "{name} leads to {to}, which cannot be entered");
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn undoing_everything_leads_back_to_the_beginning(
        steps in prop::collection::vec((command(), 0.0..2_000.0), 0..40),
    ) {
        let mut history = History::default();
        let mut scene = Scene::default();
        let mut now_ms = 0.0;
        for (command, pause_ms) in steps {
            now_ms += pause_ms;
            let before = history.document().clone();
            match history.apply(&command, now_ms) {
                Ok(change) => {
                    scene.update(history.document(), change.names());
                    check(history.document())?;
                }
                Err(_) => prop_assert_eq!(&before, history.document()),
            }
        }
        let end = history.document().clone();
        let fresh = Scene::of(&end);
        prop_assert_eq!(scene.routes().collect::<Vec<_>>(), fresh.routes().collect::<Vec<_>>());
        prop_assert_eq!(scene.cards().collect::<Vec<_>>(), fresh.cards().collect::<Vec<_>>());

        while history.undo().is_some() {}
        prop_assert_eq!(history.document(), &Document::new());
        while history.redo().is_some() {}
        prop_assert_eq!(history.document(), &end);
    }

    #[test]
    fn tidying_up_is_clear_complete_and_always_the_same(
        edges in prop::collection::vec((0..24_usize, 0..24_usize), 0..60),
        count in 1..24_usize,
    ) {
        let mut targets: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (from, to) in edges.into_iter().filter(|(from, to)| *from < count && *to < count) {
            targets.entry(from).or_default().push(to);
        }
        let mut document = Document::new();
        for index in 0..count {
            let leads: Vec<usize> = targets.remove(&index).unwrap_or_default();
            let ports = (0..leads.len()).map(|row| Port::new(&row.to_string())).collect();
            let mut node = Node::new("speak", Shape { ports, has_input: true, ..Shape::default() });
            let next = leads.into_iter().enumerate();
            node.next = next.map(|(row, to)| (row.to_string(), format!("N{to}"))).collect();
            document.insert(format!("N{index}"), node);
        }
        let positions = layout::tidy(&document);
        prop_assert_eq!(&positions, &layout::tidy(&document));
        prop_assert_eq!(positions.len(), count);
        for (name, position) in positions {
            document.node_mut(&name).unwrap().position = position;
        }
        prop_assert!(layout::is_clear(&document));
        let read: BTreeSet<String> = walk::reading_order(&document).into_iter().collect();
        prop_assert_eq!(read.len(), count);
    }
}
