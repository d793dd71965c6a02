//! Every rule of a workflow; all that is wrong is told at once.
//!
//! An error keeps a run from working at all. A warning is something that works, but hardly as meant: people are cut off, told the wrong thing, or charged twice.

mod calls;
mod compares;
mod graph;
mod head;
mod kinds;
mod names;
mod nearest;
mod node;
mod reach;
mod reads;
mod recordings;
mod rounds;
mod texts;
mod walk;

use super::{document::Document, problem::Problem};
use crate::limits;
use graph::Graph;
use std::collections::BTreeSet;

/// Everything that is wrong with a document: first what is wrong with single nodes, in their order, then what is wrong with how they are joined.
pub fn check(document: &Document) -> Vec<Problem> {
    let mut problems = Vec::new();
    head::check_head(document, &mut problems);
    for (name, node) in &document.nodes {
        node::check(document, name, node, &mut problems);
    }
    let graph = Graph::of(document);
    head::check_start(&graph, &mut problems);
    reach::check(&graph, &mut problems);
    if document.nodes.len() <= limits::NODES_MAX {
        calls::check(&graph, &mut problems);
        rounds::check(&graph, &mut problems);
        names::check(&graph, &mut problems);
        compares::check(&graph, &mut problems);
        recordings::check(&graph, &mut problems);
        texts::check(&graph, &mut problems);
    }
    head::check_layout(document, &mut problems);
    problems
}

/// Mends what can be mended without asking, and gives back what that was.
pub fn mend(document: &mut Document) -> Vec<Problem> {
    let mut mended = Vec::new();
    // Two fixes of one text follow each other: the second is made for what the first left.
    for _ in 0..limits::MENDS_MAX {
        let mut touched = BTreeSet::new();
        let found = check(document).into_iter().filter(|problem| {
            problem.fix.as_ref().is_some_and(|fix| fix.is_safe)
                && touched.insert(problem.pointer.clone())
        });
        let found: Vec<Problem> = found.collect();
        if found.is_empty() {
            break;
        }
        for problem in found {
            problem.fix.iter().for_each(|fix| fix.apply(document));
            mended.push(problem);
        }
    }
    mended
}
