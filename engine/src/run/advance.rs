//! How a run moves: events reach lines, lines walk from node to node until each waits.

use super::{
    HUNG_UP, LineId, Note, Output, Run, RunStatus,
    ctx::Ctx,
    hung_up,
    leg::{Instruction, LegId, LegState, Then},
    line::Waits,
};
use crate::{
    component::{Step, answered_effect},
    effect::Effect,
    event::Event,
    limits,
    name::StateName,
    time::Time,
    workflow::Workflow,
};
use std::collections::{BTreeMap, VecDeque};

/// A run while it handles one input.
pub(super) struct Moving<'a> {
    run: &'a mut Run,
    workflow: &'a Workflow,
    at: Time,
    output: Output,
    /// Visits since the input, in all and of each node: the bound on loops that never wait.
    visits: u32,
    visits_of: BTreeMap<&'a str, u32>,
    /// Lines on their way to their next node. A queue instead of recursion: a thousand visits must not need a thousand stack frames.
    walking: VecDeque<LineId>,
}

impl<'a> Moving<'a> {
    pub(super) fn new(run: &'a mut Run, workflow: &'a Workflow, at: Time) -> Moving<'a> {
        let output =
            Output { effects: Vec::new(), notes: Vec::new(), wake_at: None, status: run.status };
        Moving {
            run,
            workflow,
            at,
            output,
            visits: 0,
            visits_of: BTreeMap::new(),
            walking: VecDeque::new(),
        }
    }

    pub(super) fn finish(mut self) -> Output {
        while let Some(line) = self.walking.pop_front() {
            self.enter(line);
        }
        if !self.run.status.is_final() {
            if self.run.is_overfull {
                let kib = limits::VARIABLES_BYTES_MAX / 1024;
                self.fail(format!("the variables of this run grew beyond {kib} KiB; keep less of an HTTP answer, or fewer texts"));
            } else {
                let status = self.run.resting_status();
                self.run.status = status;
                if status.is_final() {
                    self.end(status, None);
                }
            }
        }
        self.output.wake_at = self.run.wake_at();
        self.output.status = self.run.status;
        self.output
    }

    /// The first line sets out from `start`.
    pub(super) fn begin(&mut self) {
        self.walking.push_back(LineId::FIRST);
    }

    /// Takes one event.
    pub(super) fn take(&mut self, event: &Event) {
        if self.run.status.is_final() {
            if let Event::CallEnded { leg, .. } = event {
                self.leg_down(*leg);
            }
            return self.ignore("the run is over");
        }
        match event {
            Event::Started(_) => self.ignore("the run has already started"),
            Event::PromptsDone { leg, turn }
            | Event::Digits { leg, turn, .. }
            | Event::NoInput { leg, turn }
            | Event::ConferenceLeft { leg, turn } => {
                self.take_of_leg(*leg, *turn, event);
            }
            Event::CallPlaced { effect, request_uuid } => {
                let line = self.run.asked.get(effect).map(|(line, _)| *line);
                let dialling =
                    line.and_then(|line| self.run.lines.get(&line)).and_then(|line| line.dialling);
                if let Some(leg) = dialling.and_then(|leg| self.run.legs.get_mut(&leg)) {
                    leg.request_uuid = Some(request_uuid.clone());
                }
                self.take_of_effect(event);
            }
            Event::CallAnswered { leg, call_uuid, .. } => {
                self.call_answered(*leg, call_uuid, event)
            }
            Event::CallEnded { leg, .. } => self.call_ended(*leg, event),
            Event::CallAlive { .. } => {}
            Event::EffectFailed { effect, .. } => {
                self.not_dialled(*effect);
                self.take_of_effect(event);
            }
            Event::EffectUnknown { .. }
            | Event::MessageAccepted { .. }
            | Event::MessageStatus { .. }
            | Event::HttpAnswered { .. } => self.take_of_effect(event),
            Event::Woke => self.wake(),
            Event::Cancelled { .. } => {
                self.release_legs();
                self.run.lines.clear();
                self.end(RunStatus::Cancelled, None);
            }
        }
    }

    fn take_of_leg(&mut self, leg: LegId, turn: u32, event: &Event) {
        let is_present = self
            .run
            .legs
            .get(&leg)
            .is_some_and(|leg| leg.state == LegState::Live && leg.turn == turn);
        if !is_present || self.run.listening.contains(&leg) {
            return self.ignore("it answers an earlier prompt");
        }
        let Some(line) = self.line_of(leg) else { return self.ignore("nobody speaks to that leg") };
        let waits = self.run.lines[&line].waits.clone();
        match (waits, event) {
            (Waits::Prompts(state), Event::PromptsDone { .. }) => {
                self.run.listening.insert(leg);
                self.leave(line, &state);
            }
            (Waits::Component, _) => {
                self.run.listening.insert(leg);
                self.resume(line, event);
            }
            _ => self.ignore("nothing waits for it"),
        }
    }

    fn take_of_effect(&mut self, event: &Event) {
        let asked = answered_effect(event).and_then(|effect| self.run.asked.get(&effect).copied());
        let waiting = asked.filter(|(line, visit)| {
            self.run
                .lines
                .get(line)
                .is_some_and(|line| line.visit == *visit && line.waits == Waits::Component)
        });
        match waiting {
            Some((line, _)) => {
                if !matches!(event, Event::MessageStatus { .. })
                    && let Some(line) = self.run.lines.get_mut(&line)
                {
                    line.pending = line.pending.saturating_sub(1);
                }
                self.resume(line, event);
            }
            None => self.ignore("the run has gone on since it asked"),
        }
    }

    fn call_answered(&mut self, leg: LegId, call_uuid: &str, event: &Event) {
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
            self.run.instruct(
                &mut self.output,
                leg,
                Instruction { prompts: Vec::new(), then: Then::HangUp { reason: None } },
            );
            self.ignore("nobody waits for that call any more");
        }
    }

    fn call_ended(&mut self, leg: LegId, event: &Event) {
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
        if line.waits == Waits::Goodbye {
            if line.legs().next().is_none() {
                self.drop_line(id);
            }
            return;
        }
        if was_spoken_to {
            line.queued.clear();
            self.lost_leg(id);
        }
    }

    /// The party a line spoke to is gone: a voice node is left, anything else goes on without the call.
    fn lost_leg(&mut self, id: LineId) {
        let line = self.run.lines.get_mut(&id).expect("the line lost its leg just now");
        let node = self.workflow.node(&line.node);
        let was_heard = matches!(line.waits, Waits::Prompts(_)) || node.spec().is_voice;
        if was_heard {
            line.unpark();
            self.without_call(id);
        }
    }

    /// Leaves a voice node that has no call: by `hung_up` where that leads somewhere, else as the component says, else the line ends.
    fn without_call(&mut self, id: LineId) {
        let node = self.workflow.node(&self.run.lines[&id].node);
        match node.behaviour().hung_up_state() {
            _ if node.next(HUNG_UP).is_some() => self.leave(id, &hung_up()),
            Some(state) => self.leave(id, &state),
            None => self.end_line(id, None),
        }
    }

    /// Marks a leg as over. Says whether it was not before.
    fn leg_down(&mut self, leg: LegId) -> bool {
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
    fn not_dialled(&mut self, effect: crate::EffectId) {
        let Some((id, visit)) = self.run.asked.get(&effect).copied() else { return };
        let Some(line) = self.run.lines.get_mut(&id).filter(|line| line.visit == visit) else {
            return;
        };
        if let Some(leg) = line.dialling.take() {
            line.unpark();
            self.leg_down(leg);
        }
    }

    fn wake(&mut self) {
        if self.at >= self.run.started_at.plus_s(limits::RUN_AGE_S_MAX) {
            return self
                .fail(format!("the run is older than {} days", limits::RUN_AGE_S_MAX / 86_400));
        }
        let due: Vec<LineId> = self
            .run
            .lines
            .iter()
            .filter(|(_, line)| line.deadline.is_some_and(|deadline| deadline <= self.at))
            .map(|(id, _)| *id)
            .collect();
        if due.is_empty() {
            return self.ignore("it is too early");
        }
        for id in due {
            let Some(line) = self.run.lines.get_mut(&id) else { continue };
            let waits_on_leg = line.waits != Waits::Component
                || line.dialling.is_some()
                || (line.leg.is_some() && self.workflow.node(&line.node).spec().is_voice);
            if waits_on_leg {
                // The webhook that should have come may be lost: ask what became of the call, and look again later.
                line.deadline = Some(self.at.plus_s(limits::LEG_SILENCE_S_MAX));
                let legs: Vec<LegId> = line.legs().collect();
                for leg in legs {
                    self.run.ask(&mut self.output, Effect::CheckCall { leg });
                }
            } else {
                line.deadline = None;
                self.resume(id, &Event::Woke);
            }
        }
    }

    fn line_of(&self, leg: LegId) -> Option<LineId> {
        self.run
            .lines
            .iter()
            .find(|(_, line)| line.legs().any(|held| held == leg))
            .map(|(id, _)| *id)
    }

    /// Arrives at the line's node.
    fn enter(&mut self, id: LineId) {
        let Some(line) = self.run.lines.get_mut(&id) else { return };
        let node = self.workflow.node(&line.node);
        self.run.visits += 1;
        self.visits += 1;
        let visits_of_node = self.visits_of.entry(node.name().as_str()).or_default();
        *visits_of_node += 1;
        if self.run.visits > limits::STEPS_MAX {
            return self.fail(format!("the run visited more than {} nodes", limits::STEPS_MAX));
        }
        if *visits_of_node > limits::VISITS_OF_NODE_PER_EVENT_MAX
            || self.visits > limits::VISITS_PER_EVENT_MAX
        {
            return self.fail(format!("node `{}` was visited again and again without anything happening outside; put a question or a wait into the loop", node.name()));
        }
        line.visit = self.run.visits;
        line.memory.clear();
        line.deadline = None;
        line.pending = 0;
        line.waits = Waits::Component;
        let has_leg = line.leg.is_some();
        self.output.notes.push(Note::Entered { line: id, node: node.name().clone() });
        if node.spec().is_voice && !has_leg {
            // Hanging up what is down already surprises nobody.
            if !node.spec().states.is_empty() {
                let text = "There is no call to speak to here.".to_owned();
                self.output.notes.push(Note::Warning { node: node.name().clone(), text });
            }
            return self.without_call(id);
        }
        let step = node.behaviour().enter(&mut self.ctx(id));
        self.follow(id, step);
    }

    fn resume(&mut self, id: LineId, event: &Event) {
        let node = self.workflow.node(&self.run.lines[&id].node);
        let step = node.behaviour().resume(&mut self.ctx(id), event);
        self.follow(id, step);
    }

    fn ctx(&mut self, line: LineId) -> Ctx<'_> {
        let node = self.run.lines[&line].node.clone();
        Ctx { run: self.run, output: &mut self.output, line, node, at: self.at }
    }

    fn follow(&mut self, id: LineId, step: Step) {
        match step {
            Step::Wait => {}
            Step::Leave(state) => self.leave(id, &state),
            Step::LeaveAfterPrompts(state) => {
                let next = self.workflow.node(&self.run.lines[&id].node).next(state.as_str());
                let joins = next.is_none_or(|next| self.workflow.node(next).spec().joins_prompts);
                if joins {
                    return self.leave(id, &state);
                }
                self.ctx(id).instruct(Then::Continue);
                if let Some(line) = self.run.lines.get_mut(&id) {
                    line.waits = Waits::Prompts(state);
                }
            }
            Step::HangUp(reason)
                if self.workflow.node(&self.run.lines[&id].node).next(HUNG_UP).is_some() =>
            {
                self.ctx(id).instruct(Then::HangUp { reason })
            }
            Step::HangUp(reason) => self.end_line(id, reason),
        }
    }

    fn leave(&mut self, id: LineId, state: &StateName) {
        let Some(line) = self.run.lines.get_mut(&id) else { return };
        let node = self.workflow.node(&line.node);
        self.output.notes.push(Note::Left {
            line: id,
            node: node.name().clone(),
            state: state.clone(),
        });
        match node.next(state.as_str()) {
            Some(next) => {
                line.node = next.clone();
                self.walking.push_back(id);
            }
            None => self.end_line(id, None),
        }
    }

    /// A line has nowhere to go: its parties hear what is queued and are hung up; it is over when they are down.
    fn end_line(&mut self, id: LineId, reason: Option<String>) {
        let Some(line) = self.run.lines.get_mut(&id) else { return };
        let spoken_to = line.leg;
        let legs: Vec<LegId> = line.legs().collect();
        if legs.is_empty() {
            return self.drop_line(id);
        }
        let mut prompts = std::mem::take(&mut line.queued);
        line.waits = Waits::Goodbye;
        line.deadline = Some(self.at.plus_s(limits::LEG_SILENCE_S_MAX));
        for leg in legs {
            if self.run.is_live(leg) && self.run.is_listening(leg) {
                let prompts =
                    if spoken_to == Some(leg) { std::mem::take(&mut prompts) } else { Vec::new() };
                self.run.instruct(
                    &mut self.output,
                    leg,
                    Instruction { prompts, then: Then::HangUp { reason: reason.clone() } },
                );
            } else {
                self.run.ask(&mut self.output, Effect::HangUp { leg });
            }
        }
    }

    fn drop_line(&mut self, id: LineId) {
        if let Some(line) = self.run.lines.remove(&id) {
            self.output.notes.push(Note::LineEnded { line: id, node: line.node });
        }
    }

    fn fail(&mut self, problem: String) {
        self.release_legs();
        self.run.lines.clear();
        self.end(RunStatus::Failed, Some(problem));
    }

    /// Hangs up every call that is still up.
    fn release_legs(&mut self) {
        let legs: Vec<LegId> = self
            .run
            .legs
            .values()
            .filter(|leg| leg.state != LegState::Ended)
            .map(|leg| leg.id)
            .collect();
        for leg in legs {
            if self.run.is_live(leg) && self.run.is_listening(leg) {
                self.run.instruct(
                    &mut self.output,
                    leg,
                    Instruction { prompts: Vec::new(), then: Then::HangUp { reason: None } },
                );
            } else {
                self.run.ask(&mut self.output, Effect::HangUp { leg });
            }
        }
    }

    fn end(&mut self, status: RunStatus, problem: Option<String>) {
        self.run.status = status;
        self.run.problem.clone_from(&problem);
        self.run.ended_at = Some(self.at);
        self.output.notes.push(Note::Ended { status, problem });
    }

    fn ignore(&mut self, why: &str) {
        self.output.notes.push(Note::Ignored { text: format!("Nothing changed: {why}.") });
    }
}
