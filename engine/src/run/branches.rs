//! How a line goes on in several at once, and how they come back to it.

use super::{
    LineId, Note,
    advance::Moving,
    leg::{Instruction, LegId, Then},
    line::{Line, Waits},
};
use crate::{
    component::{JOINED, Join},
    limits,
    name::StateName,
};

impl Moving<'_> {
    /// Goes on in several lines at once.
    pub(super) fn branch(&mut self, id: LineId, states: &[StateName], join: Join) {
        let Some(parent) = self.run.lines.get_mut(&id) else { return };
        let node = self.workflow.node(parent.node);
        let targets: Vec<_> =
            states.iter().filter_map(|state| Some((state, node.next(state.as_str())?))).collect();
        if targets.is_empty() {
            return self.leave(id, &JOINED.into());
        }
        let is_joined = node.next(JOINED).is_some();
        let name = node.name().clone();
        let mut first = Line::new(node.id(), parent.leg.take());
        first.parked = std::mem::take(&mut parent.parked);
        first.queued = std::mem::take(&mut parent.queued);
        parent.lent = first.legs().collect::<Vec<_>>().into();
        parent.waits = Waits::Branches(join);
        let grandparent = parent.parent;
        let kept = parent.kept.clone();
        let mut made = Some(first);
        for (state, target) in targets {
            let mut line = made.take().unwrap_or_else(|| Line::new(node.id(), None));
            line.parent = if is_joined { Some(id) } else { grandparent };
            line.kept = kept.clone();
            line.node = target;
            let line = self.run.add_line(line);
            self.output.notes.push(Note::Left { line, node: name.clone(), state: state.clone() });
            self.walking.push_back(line);
        }
        if self.run.lines.len() > limits::LINES_MAX {
            return self.fail(format!(
                "the run has more than {} lines at once; `{name}` branches again and again",
                limits::LINES_MAX
            ));
        }
        if !is_joined {
            // Nobody waits for the branches: they have taken the line's place.
            self.run.lines.remove(&id);
        }
    }

    /// A branch has come to its end: its calls go back to the line that waits for it.
    pub(super) fn arrive(&mut self, id: LineId, parent: LineId) {
        let Some(mut line) = self.run.lines.remove(&id) else { return };
        self.output.notes.push(Note::LineEnded { line: id, node: self.name(line.node) });
        let legs: Vec<LegId> = line.legs().collect();
        let is_last = !self.has_branches(parent);
        let Some(mut waiting) = self.run.lines.get_mut(&parent) else { return };
        let goes_on = is_last || waiting.waits == Waits::Branches(Join::First);
        for leg in legs {
            waiting.take_leg(leg);
            let is_spoken_to = waiting.leg == Some(leg);
            if goes_on && is_spoken_to {
                waiting.queued = std::mem::take(&mut line.queued);
            } else if self.run.listening.contains(&leg) {
                // It waits for the others.
                waiting.deadline = Some(self.at.plus_s(limits::LEG_SILENCE_S_MAX));
                let hold = Instruction::new(
                    if line.leg == Some(leg) { line.queued.take() } else { Vec::new() },
                    Then::Hold { audio: None },
                );
                self.run.instruct(&mut self.output, leg, hold);
            }
            let Some(again) = self.run.lines.get_mut(&parent) else { return };
            waiting = again;
        }
        self.join(parent);
    }

    /// Lets a party hear the hold audio.
    pub(super) fn hold(&mut self, leg: LegId) {
        let hold = Instruction::new(Vec::new(), Then::Hold { audio: None });
        self.run.instruct(&mut self.output, leg, hold);
    }

    fn has_branches(&self, parent: LineId) -> bool {
        self.run.lines.values().any(|line| line.parent == Some(parent))
    }

    /// Goes on with a line whose branches have ended, as far as it waits for them.
    pub(super) fn join(&mut self, parent: LineId) {
        match self.run.lines.get(&parent).map(|line| line.waits.clone()) {
            Some(Waits::Branches(Join::All)) if self.has_branches(parent) => return,
            Some(Waits::Branches(_)) => {}
            _ => return,
        }
        self.cancel_branches(parent);
        if let Some(line) = self.run.lines.get_mut(&parent) {
            line.waits = Waits::Component;
            line.deadline = None;
            line.lent.clear();
        }
        self.leave(parent, &JOINED.into());
    }

    /// Ends what is left of a line's branches. Calls that the line had before come back to it; the others are ended.
    fn cancel_branches(&mut self, parent: LineId) {
        let lent = self.run.lines.get(&parent).map(|line| line.lent.clone()).unwrap_or_default();
        let mut doomed: Vec<LineId> = self.branches_of(parent);
        while let Some(id) = doomed.pop() {
            doomed.extend(self.branches_of(id));
            let Some(line) = self.run.lines.get_mut(&id) else { continue };
            if line.waits == Waits::Goodbye {
                line.parent = None;
                continue;
            }
            let Some(line) = self.run.lines.remove(&id) else { continue };
            for leg in line.legs() {
                if lent.contains(&leg) {
                    if let Some(waiting) = self.run.lines.get_mut(&parent) {
                        waiting.take_leg(leg);
                    }
                    if !self.run.listening.contains(&leg) {
                        self.hold(leg);
                    }
                } else {
                    self.run.see_off(&mut self.output, leg, Vec::new(), line.node, self.at);
                }
            }
            self.output.notes.push(Note::LineEnded { line: id, node: self.name(line.node) });
        }
    }

    fn branches_of(&self, parent: LineId) -> Vec<LineId> {
        let lines = self.run.lines.iter();
        lines.filter(|(_, line)| line.parent == Some(parent)).map(|(id, _)| *id).collect()
    }
}
