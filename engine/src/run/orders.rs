//! What a run hands out: effects, and what each leg is to hear next.

use super::{
    Note, Output, Run,
    leg::{Instruction, LegId, LegState, Prompt, Then},
    line::{Line, Waits},
};
use crate::{
    effect::{Effect, EffectId},
    event::RecordingNews,
    limits,
    time::Time,
    workflow::NodeId,
};

impl Run {
    /// Gives an effect its id and hands it out.
    pub(super) fn ask(&mut self, output: &mut Output, effect: Effect) -> EffectId {
        self.effects += 1;
        let id = EffectId(self.effects);
        output.notes.push(Note::Asked { effect: id });
        output.effects.push((id, effect));
        id
    }

    /// Gives a leg its next turn. One that is busy with an earlier instruction is made to leave it.
    pub(super) fn instruct(
        &mut self,
        output: &mut Output,
        leg: LegId,
        mut instruction: Instruction,
    ) {
        if leg == LegId::FIRST {
            instruction.before_answer = self.before_answer.take();
        }
        let is_busy = !self.listening.remove(&leg);
        let Some(of_run) = self.legs.get_mut(&leg) else { return };
        of_run.turn += 1;
        let turn = of_run.turn;
        of_run.instruction = Some(instruction.clone());
        output.notes.push(Note::Instructed { leg, turn, instruction: Box::new(instruction) });
        if is_busy && self.is_live(leg) {
            self.ask(output, Effect::Redirect { leg, turn });
        }
    }

    /// Lists a recording, once.
    pub(super) fn note_recording(&mut self, recording: &RecordingNews) {
        if !self.recordings.contains(&recording.recording_id) {
            self.recordings.push(recording.recording_id.clone());
        }
    }

    /// Ends the call of a leg that no line needs any more; the run is not over before it is down.
    pub(super) fn see_off(
        &mut self,
        output: &mut Output,
        leg: LegId,
        last_words: Vec<Prompt>,
        node: NodeId,
        at: Time,
    ) {
        if self.legs.get(&leg).is_none_or(|leg| leg.state == LegState::Ended) {
            return;
        }
        let id = self.add_line(Line::new(node, Some(leg)));
        if let Some(line) = self.lines.get_mut(&id) {
            line.waits = Waits::Goodbye;
            line.deadline = Some(at.plus_s(limits::LEG_SILENCE_S_MAX));
        }
        if last_words.is_empty() || !self.is_live(leg) {
            self.release(output, leg);
        } else {
            let goodbye = Instruction::new(last_words, Then::HangUp { reason: None });
            self.instruct(output, leg, goodbye);
        }
    }

    /// Ends a leg's call.
    pub(super) fn release(&mut self, output: &mut Output, leg: LegId) {
        if self.is_live(leg) && self.listening.contains(&leg) {
            self.instruct(output, leg, Instruction::new(Vec::new(), Then::HangUp { reason: None }));
        } else if self.legs.get(&leg).is_some_and(|leg| leg.state != LegState::Ended) {
            self.ask(output, Effect::HangUp { leg });
        }
    }
}
