//! Lines: threads of a run, each at one node.

use super::{
    few::{Few, Seldom},
    leg::{LegId, Prompt},
};
use crate::{
    component::Join, effect::EffectId, name::StateName, time::Time, value::Value, workflow::NodeId,
};
use serde::{Deserialize, Serialize};

/// Names a line within its run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LineId(pub u32);

impl LineId {
    /// The line at the trigger.
    pub const FIRST: LineId = LineId(1);
}

/// What a line at rest waits for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Waits {
    /// Whatever its component waits for.
    Component,
    /// Its prompts to be played; then it leaves by this state.
    Prompts(StateName),
    /// Its legs to go down; then it is over.
    Goodbye,
    /// The lines that branched off it.
    Branches(Join),
}

/// One thread of a run.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Line {
    pub(super) node: NodeId,
    /// Counts the run's visits; an effect's answer that belongs to an older one is late.
    pub(super) visit: u32,
    /// The party it speaks to.
    pub(super) leg: Option<LegId>,
    /// Parties it does not speak to at the moment; they hear the hold audio.
    pub(super) parked: Seldom<Vec<LegId>>,
    /// The party being rung.
    pub(super) dialling: Option<LegId>,
    /// Prompts not yet in any instruction.
    pub(super) queued: Seldom<Vec<Prompt>>,
    pub(super) waits: Waits,
    /// When to be told that time passed.
    pub(super) deadline: Option<Time>,
    /// How many of this visit's effects have not been answered.
    pub(super) pending: u32,
    /// What the component keeps between the events of one visit.
    pub(super) memory: Seldom<Few<&'static str, Value>>,
    /// What components keep between their visits by this line.
    pub(super) kept: Seldom<Few<NodeId, i64>>,
    /// The line that waits for this one.
    pub(super) parent: Option<LineId>,
    /// The calls it had when it branched: they come back to it, whatever becomes of the branches.
    pub(super) lent: Seldom<Vec<LegId>>,
    /// The answer to a text that it waits for.
    pub(super) awaited: Option<Box<Awaited>>,
}

impl Line {
    pub(super) fn new(node: NodeId, leg: Option<LegId>) -> Line {
        Line {
            node,
            visit: 0,
            leg,
            parked: Seldom::default(),
            dialling: None,
            queued: Seldom::default(),
            waits: Waits::Component,
            deadline: None,
            pending: 0,
            memory: Seldom::default(),
            kept: Seldom::default(),
            parent: None,
            lent: Seldom::default(),
            awaited: None,
        }
    }

    /// Gives it another call: to speak to, or to park if it speaks to one already.
    pub(super) fn take_leg(&mut self, leg: LegId) {
        if self.leg.is_none() {
            self.leg = Some(leg);
        } else {
            self.parked.push(leg);
        }
    }

    /// Every leg that this line answers for.
    pub(super) fn legs(&self) -> impl Iterator<Item = LegId> + '_ {
        self.leg.into_iter().chain(self.parked.iter().copied()).chain(self.dialling)
    }

    /// Takes back a parked party, where the line speaks to nobody.
    pub(super) fn unpark(&mut self) {
        if self.leg.is_none() {
            self.leg = self.parked.pop();
        }
    }
}

/// An answer to a text that a run waits for. Whoever gets messages compares them with these.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Awaited {
    /// The question; its answer is told by [`crate::Event::MessageReceived`].
    pub question: EffectId,
    /// The number that the answer comes to; `None`: the server's own.
    pub ours: Option<String>,
    /// Who answers.
    pub theirs: String,
    /// Answers that belong to this question for certain, in lower case. Where somebody has several open questions, the newest that accepts an answer gets it, else
    /// the newest of all.
    pub accepts: Vec<String>,
}
