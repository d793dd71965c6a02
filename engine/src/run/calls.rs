//! What becomes of a line when its calls are answered or go down.

use super::{
    HUNG_UP, LineId,
    advance::Moving,
    hung_up,
    leg::{LegId, LegState},
    line::Waits,
};
use crate::{effect::EffectId, event::Event};

impl Moving<'_> {
    pub(super) fn call_answered(&mut self, leg: LegId, call_uuid: &str, event: &Event) {
        match self.run.legs.get_mut(&leg) {
            Some(leg) if leg.state == LegState::Dialling => {
                leg.state = LegState::Live;
                leg.call_uuid = Some(call_uuid.to_owned());
            }
            _ => return self.ignore("that call was answered before, or is over"),
        }
        self.run.listening.insert(leg);
        let dialler = self.run.lines.iter_mut().find(|(_, line)| line.dialling == Some(leg));
        if let Some((id, line)) = dialler {
            line.dialling = None;
            line.leg = Some(leg);
            let id = *id;
            self.resume(id, event);
        } else {
            self.run.release(&mut self.output, leg);
            self.ignore("nobody waits for that call any more");
        }
    }

    pub(super) fn call_ended(&mut self, leg: LegId, event: &Event) {
        if !self.leg_down(leg) {
            return self.ignore("that call was over before");
        }
        let Some(id) = self.line_of(leg) else { return };
        let line = self.run.lines.get_mut(&id).expect("line_of names a line of the run");
        if line.dialling == Some(leg) {
            line.dialling = None;
            line.unpark();
            return self.resume(id, event);
        }
        let was_spoken_to = line.leg == Some(leg);
        if was_spoken_to {
            line.leg = None;
        }
        line.parked.retain(|parked| *parked != leg);
        line.lent.retain(|lent| *lent != leg);
        if line.waits == Waits::Goodbye {
            if line.legs().next().is_none() {
                self.drop_line(id);
            }
            return;
        }
        if was_spoken_to {
            line.queued.clear();
            self.lost_leg(id);
        } else if line.waits == Waits::Component {
            self.party_left(id);
        }
    }

    fn party_left(&mut self, id: LineId) {
        let node = self.workflow.node(self.run.lines[&id].node);
        let step = node.behaviour().party_left(&mut self.ctx(id));
        self.follow(id, step);
    }

    /// The party a line spoke to is gone: a voice node is left, anything else goes on without the call.
    fn lost_leg(&mut self, id: LineId) {
        let line = self.run.lines.get_mut(&id).expect("the line lost its leg just now");
        if matches!(line.waits, Waits::Branches(_)) {
            return line.unpark();
        }
        let node = self.workflow.node(line.node);
        let was_heard = matches!(line.waits, Waits::Prompts(_)) || node.spec().is_voice;
        if was_heard {
            line.unpark();
            let is_at_component = line.waits == Waits::Component;
            let step = is_at_component.then(|| node.behaviour().call_lost(&mut self.ctx(id)));
            match step.flatten() {
                Some(step) => self.follow(id, step),
                None => self.without_call(id),
            }
        } else {
            self.party_left(id);
        }
    }

    /// Leaves a voice node that has no call: by `hung_up` where that leads somewhere, else as the component says, else the line ends.
    pub(super) fn without_call(&mut self, id: LineId) {
        let node = self.workflow.node(self.run.lines[&id].node);
        match node.behaviour().hung_up_state() {
            _ if node.next(HUNG_UP).is_some() => self.leave(id, &hung_up()),
            Some(state) => self.leave(id, &state),
            None => self.end_line(id),
        }
    }

    /// Marks a leg as over. Says whether it was not before.
    pub(super) fn leg_down(&mut self, leg: LegId) -> bool {
        self.run.listening.remove(&leg);
        match self.run.legs.get_mut(&leg) {
            Some(leg) if leg.state != LegState::Ended => {
                leg.state = LegState::Ended;
                true
            }
            _ => false,
        }
    }

    /// A call that could not be placed: its leg is over before it began.
    pub(super) fn not_dialled(&mut self, effect: EffectId) {
        let Some((id, visit)) = self.run.asked.get(&effect).copied() else { return };
        let Some(line) = self.run.lines.get_mut(&id).filter(|line| line.visit == visit) else {
            return;
        };
        if let Some(leg) = line.dialling.take() {
            line.unpark();
            self.leg_down(leg);
        }
    }
}
