//! Where a run can get to, and with whom on the line.
//!
//! A walk goes through pairs of node and call. It takes every way out that is connected, whether or not the values of a real run would ever choose it.

use super::{
    graph::{Graph, Vertex},
    kinds,
};
use crate::{
    component::{Group, JOINED},
    name::StateName,
};

/// Who is on the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Call {
    /// Nobody.
    None,
    /// Somebody who expects to hear something: they just called, answered, or pressed a key.
    Waiting,
    /// Somebody who was told something since.
    Told,
}

impl Call {
    const ALL: [Call; 3] = [Call::None, Call::Waiting, Call::Told];
}

/// One way on.
pub(super) struct Move<'g> {
    pub(super) state: &'g str,
    /// `None`: the line of the run ends.
    pub(super) to: Option<usize>,
    pub(super) call: Call,
    /// Whether something outside has to happen first.
    pub(super) waits: bool,
}

/// All ways on from a node with this call.
pub(super) fn moves<'g>(graph: &'g Graph<'_>, vertex: usize, call: Call) -> Vec<Move<'g>> {
    let vertex = &graph.vertices[vertex];
    let hung_up = |waits| {
        let state = vertex.without_call.as_ref()?.as_str();
        Some(Move { state, to: vertex.next(state), call: Call::None, waits })
    };
    if vertex.is_voice() && call == Call::None {
        // A voice node without a call is left at once.
        return hung_up(false).into_iter().collect();
    }
    let leave = |state: &'g StateName| {
        let to = vertex.next(state.as_str());
        let call = kinds::after(vertex, state.as_str(), call);
        Move { state: state.as_str(), to, call, waits: waits(graph, vertex, state, to) }
    };
    let mut moves: Vec<Move<'_>> = vertex.states.iter().map(leave).collect();
    // They can only hang up while the node waits; whoever is hung up on is waited for.
    let can_hang_up = moves.is_empty() || moves.iter().any(|on| on.waits);
    moves.extend(hung_up(can_hang_up).filter(|_| vertex.is_voice()));
    moves
}

/// Whether something outside has to happen before a node is left for another.
fn waits(graph: &Graph<'_>, vertex: &Vertex<'_>, state: &StateName, to: Option<usize>) -> bool {
    let Some(spec) = vertex.spec else { return true };
    // What is said is waited for, unless the next node says it together with its own words.
    let joins = |to: usize| graph.vertices[to].spec.is_none_or(|spec| spec.joins_prompts);
    spec.waits
        || (vertex.is_joined_later && *state == *JOINED)
        || (spec.group == Group::Talk && !to.is_none_or(joins))
}

/// The pairs of node and call that runs can come to.
pub(super) struct Walk {
    seen: Vec<bool>,
}

impl Walk {
    /// Of runs that begin in these ways: the start's state and where it leads.
    pub(super) fn of<'a>(
        graph: &Graph<'_>,
        triggers: impl IntoIterator<Item = (&'a StateName, usize)>,
    ) -> Walk {
        let call = |state: &StateName| {
            if *state == *"incoming_call" { Call::Waiting } else { Call::None }
        };
        Walk::begin(graph, triggers.into_iter().map(|(state, to)| (to, call(state))).collect())
    }

    /// Of all runs, and as if there might be a call wherever one comes: what will be wrong once somebody is rung is wrong already.
    pub(super) fn with_and_without_call(graph: &Graph<'_>) -> Walk {
        let reached = graph.reached_from(graph.triggers().map(|(_, to)| to));
        let called = (0..reached.len()).filter(|vertex| reached[*vertex]);
        let begins = graph.triggers().map(|(_, to)| (to, Call::None));
        Walk::begin(graph, begins.chain(called.map(|vertex| (vertex, Call::Waiting))).collect())
    }

    fn begin(graph: &Graph<'_>, mut waiting: Vec<(usize, Call)>) -> Walk {
        let mut walk = Walk { seen: vec![false; graph.vertices.len() * Call::ALL.len()] };
        while let Some((vertex, call)) = waiting.pop() {
            if !std::mem::replace(&mut walk.seen[index(vertex, call)], true) {
                let on = moves(graph, vertex, call);
                waiting.extend(on.into_iter().filter_map(|on| Some((on.to?, on.call))));
            }
        }
        walk
    }

    /// Whether a run can be at this node with this call.
    pub(super) fn has(&self, vertex: usize, call: Call) -> bool {
        self.seen[index(vertex, call)]
    }

    /// Whether a run can be at this node with anybody on the line.
    pub(super) fn has_call(&self, vertex: usize) -> bool {
        self.has(vertex, Call::Waiting) || self.has(vertex, Call::Told)
    }

    /// All pairs, in the order of the nodes.
    pub(super) fn places(&self) -> impl Iterator<Item = (usize, Call)> + '_ {
        (0..self.seen.len() / Call::ALL.len())
            .flat_map(|vertex| Call::ALL.map(|call| (vertex, call)))
            .filter(|(vertex, call)| self.has(*vertex, *call))
    }
}

/// The number of a pair.
pub(super) fn index(vertex: usize, call: Call) -> usize {
    vertex * Call::ALL.len() + call as usize
}
