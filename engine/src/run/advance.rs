//! How a run moves: events reach lines, lines walk from node to node until each waits.

use super::{
    End, HUNG_UP, LineId, Note, Output, Run, RunStatus,
    ctx::Ctx,
    leg::{Instruction, LegId, LegState, Then},
    line::Waits,
};
use crate::{
    component::{Step, answered_effect},
    effect::{Effect, EffectId},
    event::{Event, RecordingNews, Trigger},
    limits,
    name::{NodeName, StateName},
    time::Time,
    value::Value,
    workflow::{NodeId, Workflow},
};
use std::collections::VecDeque;

/// A run while it handles one input.
pub(super) struct Moving<'a> {
    pub(super) run: &'a mut Run,
    pub(super) workflow: &'a Workflow,
    pub(super) at: Time,
    pub(super) output: Output,
    /// What starts the run, at its very beginning.
    trigger: Option<Trigger>,
    /// Visits since the input, in all and of each node: the bound on loops that never wait.
    visits: u32,
    visits_of: Vec<u32>,
    /// Lines on their way to their next node. A queue instead of recursion: a thousand visits must not need a thousand stack frames.
    pub(super) walking: VecDeque<LineId>,
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
            trigger: None,
            visits: 0,
            visits_of: Vec::new(),
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
    pub(super) fn begin(&mut self, trigger: Trigger) {
        self.trigger = Some(trigger);
        self.walking.push_back(LineId::FIRST);
    }

    /// Takes one event.
    pub(super) fn take(&mut self, event: &Event) {
        if self.run.status.is_final() {
            match event {
                Event::CallEnded { leg, .. } => {
                    self.leg_down(*leg);
                }
                // The last recording of a run is stored when the call that it is of has ended, and the run with it.
                Event::RecordingStored { effect, recording } => {
                    return self.keep_recording(*effect, recording);
                }
                Event::Transcribed { effect, text } => {
                    return self.keep_transcription(*effect, text);
                }
                _ => {}
            }
            return self.ignore("the run is over");
        }
        match event {
            Event::Started(_) => self.ignore("the run has already started"),
            Event::PromptsDone { leg, turn }
            | Event::Digits { leg, turn, .. }
            | Event::Speech { leg, turn, .. }
            | Event::Recorded { leg, turn, .. }
            | Event::DialEnded { leg, turn, .. }
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
            Event::RecordingStored { effect, recording } => {
                self.keep_recording(*effect, recording);
                self.take_news(event);
            }
            Event::Transcribed { effect, text } => {
                self.keep_transcription(*effect, text);
                self.take_news(event);
            }
            Event::Command { node, .. } => self.command(node, event),
            Event::EffectUnknown { .. }
            | Event::EffectDone { .. }
            | Event::MessageAccepted { .. }
            | Event::MessageStatus { .. }
            | Event::MessageReceived { .. }
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
        if self.run.lines[&line].leg != Some(leg) && self.run.lines[&line].waits != Waits::Goodbye {
            // It left a room that it shared, or was interrupted: it waits until somebody speaks to it again.
            self.run.listening.insert(leg);
            return self.hold(leg);
        }
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

    /// The line whose present visit asked for the effect that an event is about.
    fn asker(&self, event: &Event) -> Option<LineId> {
        let (id, visit) = *self.run.asked.get(&answered_effect(event)?)?;
        let line = self.run.lines.get(&id)?;
        (line.visit == visit && line.waits == Waits::Component).then_some(id)
    }

    fn take_of_effect(&mut self, event: &Event) {
        match self.asker(event) {
            Some(line) => {
                if !matches!(event, Event::MessageStatus { .. } | Event::MessageReceived { .. })
                    && let Some(line) = self.run.lines.get_mut(&line)
                {
                    line.pending = line.pending.saturating_sub(1);
                }
                self.resume(line, event);
            }
            None => self.ignore("the run has gone on since it asked"),
        }
    }

    /// What is told late is kept at the node it belongs to; the node hears of it only while the run is there.
    fn take_news(&mut self, event: &Event) {
        if let Some(line) = self.asker(event) {
            self.resume(line, event);
        }
    }

    fn keep_recording(&mut self, effect: EffectId, recording: &RecordingNews) {
        let Some(node) = self.run.sources.get(&effect).copied() else {
            return self.ignore("nobody asked for that recording");
        };
        for (name, value) in recording_values(recording) {
            self.run.set_of_node(node, name, value);
        }
        self.run.note_recording(recording);
    }

    fn keep_transcription(&mut self, effect: EffectId, text: &str) {
        match self.run.sources.get(&effect).copied() {
            Some(node) => self.run.set_of_node(node, "transcription", text.into()),
            None => self.ignore("nobody asked for that transcription"),
        }
    }

    /// Somebody asks for something at a node: the line that is there hears of it.
    fn command(&mut self, node: &NodeName, event: &Event) {
        let node = self.workflow.find(node);
        let there = self.run.lines.iter().find(|(_, line)| {
            Some(line.node) == node && line.waits == Waits::Component && line.visit > 0
        });
        match there.map(|(id, _)| *id) {
            Some(id) => self.resume(id, event),
            None => self.ignore("no call is at that node"),
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
            // A party that is told nothing yet waits for us, not we for it.
            let is_busy = line.leg.is_some_and(|leg| !self.run.listening.contains(&leg));
            let waits_on_leg = line.waits != Waits::Component
                || line.dialling.is_some()
                || (is_busy && self.workflow.node(line.node).spec().is_voice);
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

    pub(super) fn line_of(&self, leg: LegId) -> Option<LineId> {
        self.run
            .lines
            .iter()
            .find(|(_, line)| line.legs().any(|held| held == leg))
            .map(|(id, _)| *id)
    }

    /// Arrives at the line's node.
    fn enter(&mut self, id: LineId) {
        let Some(line) = self.run.lines.get_mut(&id) else { return };
        if line.waits == Waits::Goodbye {
            return;
        }
        let node = self.workflow.node(line.node);
        self.run.visits += 1;
        self.visits += 1;
        self.visits_of.resize(self.workflow.size(), 0);
        let visits_of_node = &mut self.visits_of[usize::from(line.node.0)];
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
        line.awaited = None;
        if node.spec().is_voice {
            line.unpark();
        }
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

    pub(super) fn resume(&mut self, id: LineId, event: &Event) {
        let node = self.workflow.node(self.run.lines[&id].node);
        let step = node.behaviour().resume(&mut self.ctx(id), event);
        self.follow(id, step);
    }

    pub(super) fn name(&self, node: NodeId) -> NodeName {
        self.workflow.node(node).name().clone()
    }

    pub(super) fn ctx(&mut self, line: LineId) -> Ctx<'_> {
        let node = self.workflow.node(self.run.lines[&line].node);
        Ctx {
            run: self.run,
            output: &mut self.output,
            line,
            node,
            at: self.at,
            trigger: self.trigger.as_ref(),
            start: self.workflow.start(),
        }
    }

    pub(super) fn follow(&mut self, id: LineId, step: Step) {
        match step {
            Step::Wait => {}
            Step::Leave(state) => self.leave(id, &state),
            Step::LeaveAfterPrompts(state) => {
                let next = self.workflow.node(self.run.lines[&id].node).next(state.as_str());
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
                if self.workflow.node(self.run.lines[&id].node).next(HUNG_UP).is_some() =>
            {
                self.ctx(id).instruct(Then::HangUp { reason })
            }
            Step::HangUp(reason) => self.end_calls(id, reason),
            Step::WithoutCall => self.without_call(id),
            Step::Branch(states, join) => self.branch(id, &states, join),
        }
    }

    pub(super) fn leave(&mut self, id: LineId, state: &StateName) {
        let Some(line) = self.run.lines.get_mut(&id) else { return };
        let node = self.workflow.node(line.node);
        self.output.notes.push(Note::Left {
            line: id,
            node: node.name().clone(),
            state: state.clone(),
        });
        match node.next(state.as_str()) {
            Some(next) => {
                line.node = next;
                self.walking.push_back(id);
            }
            None => self.end_line(id),
        }
    }

    /// A line has nowhere to go. A branch goes back to the line that waits for it; any other ends its calls.
    pub(super) fn end_line(&mut self, id: LineId) {
        match self.run.lines.get(&id).and_then(|line| line.parent) {
            Some(parent) => self.arrive(id, parent),
            None => self.end_calls(id, None),
        }
    }

    /// Ends a line: its parties hear what is queued and are hung up; it is over when they are down.
    pub(super) fn end_calls(&mut self, id: LineId, reason: Option<String>) {
        let Some(line) = self.run.lines.get_mut(&id) else { return };
        let spoken_to = line.leg;
        let legs: Vec<LegId> = line.legs().collect();
        if legs.is_empty() {
            return self.drop_line(id);
        }
        let mut prompts = line.queued.take();
        line.waits = Waits::Goodbye;
        line.deadline = Some(self.at.plus_s(limits::LEG_SILENCE_S_MAX));
        for leg in legs {
            let has_words = spoken_to == Some(leg) && !prompts.is_empty();
            if self.run.is_live(leg) && (has_words || self.run.listening.contains(&leg)) {
                let prompts =
                    if spoken_to == Some(leg) { std::mem::take(&mut prompts) } else { Vec::new() };
                let goodbye = Instruction::new(prompts, Then::HangUp { reason: reason.clone() });
                self.run.instruct(&mut self.output, leg, goodbye);
            } else {
                self.run.ask(&mut self.output, Effect::HangUp { leg });
            }
        }
    }

    pub(super) fn drop_line(&mut self, id: LineId) {
        if let Some(line) = self.run.lines.remove(&id) {
            self.output.notes.push(Note::LineEnded { line: id, node: self.name(line.node) });
            if let Some(parent) = line.parent {
                self.join(parent);
            }
        }
    }

    pub(super) fn fail(&mut self, problem: String) {
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
            self.run.release(&mut self.output, leg);
        }
    }

    fn end(&mut self, status: RunStatus, problem: Option<String>) {
        self.run.status = status;
        self.run.end = Some(Box::new(End { at: self.at, problem: problem.clone() }));
        self.output.notes.push(Note::Ended { status, problem });
    }

    pub(super) fn ignore(&mut self, why: &str) {
        self.output.notes.push(Note::Ignored { text: format!("Nothing changed: {why}.") });
    }
}

/// What a recording leaves as variables of the node that asked for it.
pub(super) fn recording_values(
    recording: &RecordingNews,
) -> impl Iterator<Item = (&'static str, Value)> {
    let duration = recording.duration_ms.map(|ms| {
        let seconds = i64::try_from(ms.div_ceil(1_000)).unwrap_or(i64::MAX);
        ("recording_duration_s", Value::Int(seconds))
    });
    [
        ("recording_id", Value::from(recording.recording_id.as_str())),
        ("recording_url", Value::from(recording.url.as_str())),
    ]
    .into_iter()
    .chain(duration)
}
