//! A drawing in small: boxes and lines, made of the same geometry as the canvas, for pictures of workflows that nobody has opened.

use crate::document::Document;
use crate::geometry::{self, Rect};
use crate::hit::Scene;
use crate::marks;

/// What a small picture shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Preview {
    /// What all of it covers, with a margin.
    pub bounds: Rect,
    /// Every card and the kind of its node, in the order of the names.
    pub cards: Vec<(Rect, String)>,
    /// The cards of collapsed groups.
    pub folds: Vec<Rect>,
    /// The frames of open groups.
    pub frames: Vec<Rect>,
    /// Every line, as the `d` of a path.
    pub lines: Vec<String>,
}

/// Around everything, in pixels of the world.
const MARGIN_PX: f64 = 32.0;

/// The picture of a drawing; nothing if it is empty.
pub fn preview(document: &Document) -> Option<Preview> {
    let bounds = geometry::document_bounds(document)?.grown(MARGIN_PX);
    let scene = Scene::of(document);
    let kind = |name: &str| document.node(name).map(|node| node.kind.clone()).unwrap_or_default();
    let (folded, open): (Vec<_>, Vec<_>) =
        document.marks.groups.values().partition(|group| group.is_collapsed);
    let rects = |groups: Vec<_>| {
        let rect = |group: &std::sync::Arc<marks::Group>| marks::group_rect(document, group);
        groups.into_iter().filter_map(rect).collect()
    };
    Some(Preview {
        bounds,
        cards: scene.cards().map(|(name, card)| (card, kind(name))).collect(),
        folds: rects(folded),
        frames: rects(open),
        lines: scene.routes().map(|(_, route)| route.path.to_svg()).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::{Command, apply};
    use crate::document::{Node, Port, PortId, Position, Shape};
    use crate::marks::Group;
    use std::collections::BTreeSet;

    #[test]
    fn a_small_picture_has_every_card_and_line_within_its_bounds() {
        let mut document = Document::new();
        assert_eq!(preview(&document), None);
        for (name, x) in [("Ask", 0), ("Tell", 12)] {
            let shape =
                Shape { ports: vec![Port::new("completed")], has_input: true, ..Shape::default() };
            let node = Node { position: Position::new(x, 0), ..Node::new("speak", shape) };
            document.insert(name, node);
        }
        let from = PortId::new("Ask", "completed");
        apply(&mut document, &Command::Connect { from, to: "Tell".into() }).unwrap();
        let open = preview(&document).unwrap();
        assert_eq!((open.cards.len(), open.lines.len(), open.folds.len()), (2, 1, 0));
        assert!(
            open.cards.iter().all(|(card, kind)| card.overlaps(&open.bounds) && kind == "speak")
        );
        assert!(open.bounds.contains(crate::Point::new(-MARGIN_PX, -MARGIN_PX)));

        let nodes = BTreeSet::from(["Ask".to_owned(), "Tell".to_owned()]);
        let group = Group { nodes, is_collapsed: true, ..Group::default() };
        apply(&mut document, &Command::SetGroup { name: "G".into(), group }).unwrap();
        let folded = preview(&document).unwrap();
        assert_eq!((folded.cards.len(), folded.lines.len(), folded.folds.len()), (0, 0, 1));
    }
}
