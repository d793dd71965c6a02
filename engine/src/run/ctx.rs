//! What a component can see and do while the run is at its node.

use super::{
    LineId, Note, Output, Run,
    leg::{Instruction, LegId, LegState, Prompt, Then},
    line::Line,
};
use crate::{
    effect::{Effect, EffectId, HttpRequest, PlaceCall, SendMessage},
    event::Trigger,
    expression::Expression,
    limits,
    name::NodeName,
    template::Template,
    time::Time,
    value::Value,
};

/// What a component can see and do while the run is at its node.
#[derive(Debug)]
pub struct Ctx<'a> {
    pub(super) run: &'a mut Run,
    pub(super) output: &'a mut Output,
    pub(super) line: LineId,
    pub(super) node: NodeName,
    pub(super) at: Time,
}

impl Ctx<'_> {
    /// The moment of the event that is being handled.
    pub(crate) fn at(&self) -> Time {
        self.at
    }

    /// What started the run.
    pub(crate) fn trigger(&self) -> &Trigger {
        &self.run.trigger
    }

    /// Whether there is a live call to speak to.
    pub(crate) fn has_leg(&self) -> bool {
        self.this().leg.is_some()
    }

    /// A template filled in; what went wrong is noted as a warning.
    pub(crate) fn render(&mut self, template: &Template) -> String {
        let (text, failure) = template.render(&self.run.variables);
        if let Some(failure) = failure {
            self.warn(format!("A text could not be filled in completely: {failure}."));
        }
        text
    }

    /// The same of a template that may be missing or empty.
    pub(crate) fn render_some(&mut self, template: Option<&Template>) -> Option<String> {
        let text = self.render(template?);
        (!text.trim().is_empty()).then(|| text.trim().to_owned())
    }

    /// Whether a formula holds; one that cannot be worked out does not, and leaves a warning.
    pub(crate) fn holds(&mut self, expression: &Expression) -> bool {
        match expression.holds(&self.run.variables) {
            Ok(holds) => holds,
            Err(failure) => {
                self.warn(format!(
                    "`{}` could not be worked out: {failure}. It counts as not true.",
                    expression.source()
                ));
                false
            }
        }
    }

    /// Sets one of the node's variables.
    pub(crate) fn set(&mut self, name: &str, value: impl Into<Value>) {
        let node = self.node.clone();
        self.run.set_of_node(&node, name, value.into());
    }

    /// Sets a variable of the run.
    pub(crate) fn set_of_run(&mut self, name: &str, value: Value) {
        self.run.set(name, value);
    }

    /// Leaves a remark in the journal: something is not as the author probably meant it.
    pub(crate) fn warn(&mut self, text: impl Into<String>) {
        let note = Note::Warning { node: self.node.clone(), text: text.into() };
        self.output.notes.push(note);
    }

    /// Keeps something between the events of one visit.
    pub(crate) fn remember(&mut self, key: &'static str, value: impl Into<Value>) {
        let value = value.into();
        self.this_mut().memory.insert(key, value);
    }

    /// What was kept.
    pub(crate) fn remembered(&self, key: &'static str) -> Option<&Value> {
        self.this().memory.get(key)
    }

    /// Counts up from 1, visit by visit.
    pub(crate) fn count(&mut self, key: &'static str) -> i64 {
        let count = match self.remembered(key) {
            Some(Value::Int(count)) => count + 1,
            _ => 1,
        };
        self.remember(key, count);
        count
    }

    /// Adds a value to a list that is kept.
    pub(crate) fn collect(&mut self, key: &'static str, value: impl Into<Value>) {
        let mut items = self.collected(key);
        items.push(value.into());
        self.remember(key, items);
    }

    /// What was collected.
    pub(crate) fn collected(&self, key: &'static str) -> Vec<Value> {
        match self.remembered(key) {
            Some(Value::List(items)) => items.clone(),
            _ => Vec::new(),
        }
    }

    /// Queues something to be heard before whatever the leg is told next.
    pub(crate) fn queue(&mut self, prompt: Prompt) {
        if self.this().queued.len() >= limits::PROMPTS_MAX {
            self.warn(format!(
                "More than {} prompts in a row; this one is left out.",
                limits::PROMPTS_MAX
            ));
        } else {
            self.this_mut().queued.push(prompt);
        }
    }

    /// Tells the leg the queued prompts and what follows them.
    pub(crate) fn instruct(&mut self, then: Then) {
        let silence_s = if matches!(then, Then::Conference(_)) {
            limits::CONFERENCE_SILENCE_S_MAX
        } else {
            limits::LEG_SILENCE_S_MAX
        };
        let deadline = self.at.plus_s(silence_s);
        let line = self.this_mut();
        line.deadline = Some(deadline);
        let (leg, prompts) = (line.leg, std::mem::take(&mut line.queued));
        if let Some(leg) = leg {
            self.run.instruct(self.output, leg, Instruction { prompts, then });
        }
    }

    /// Rings somebody. The party that the line speaks to at the moment hears the hold audio.
    pub(crate) fn place_call(
        &mut self,
        from: Option<String>,
        to: String,
        ring_timeout_s: u32,
        machine_detection: bool,
        record: bool,
    ) {
        if let Some(leg) = self.this().leg {
            self.instruct(Then::Hold);
            let line = self.this_mut();
            line.leg = None;
            line.parked.push(leg);
        }
        let leg = self.run.add_leg(LegState::Dialling, from.clone(), to.clone(), None);
        let deadline = self.at.plus_s(u64::from(ring_timeout_s) + limits::RING_GRACE_S);
        let line = self.this_mut();
        line.dialling = Some(leg);
        line.deadline = Some(deadline);
        self.ask(Effect::PlaceCall(PlaceCall {
            leg,
            from,
            to,
            ring_timeout_s,
            machine_detection,
            record,
        }));
    }

    /// Sends one text.
    pub(crate) fn send_message(
        &mut self,
        from: Option<String>,
        to: String,
        text: String,
        media_urls: Vec<String>,
    ) -> EffectId {
        let asked_at = self.at;
        self.ask(Effect::SendMessage(SendMessage { from, to, text, media_urls, asked_at }))
    }

    /// Makes a request.
    pub(crate) fn http_request(&mut self, request: HttpRequest) -> EffectId {
        self.this_mut().deadline =
            Some(self.at.plus_s(u64::from(request.timeout_s) + limits::HTTP_GRACE_S));
        self.ask(Effect::HttpRequest(request))
    }

    /// Asks to be told when the moment has come.
    pub(crate) fn wake_at(&mut self, moment: Time) {
        self.this_mut().deadline = Some(moment);
    }

    fn ask(&mut self, effect: Effect) -> EffectId {
        let visit = self.this().visit;
        self.this_mut().pending += 1;
        let id = self.run.ask(self.output, effect);
        self.run.asked.insert(id, (self.line, visit));
        id
    }

    fn this(&self) -> &Line {
        self.run.lines.get(&self.line).expect("a Ctx is made for a line of the run")
    }

    fn this_mut(&mut self) -> &mut Line {
        self.run.lines.get_mut(&self.line).expect("a Ctx is made for a line of the run")
    }
}

impl Run {
    /// Gives an effect its id and hands it out.
    pub(super) fn ask(&mut self, output: &mut Output, effect: Effect) -> EffectId {
        self.effects += 1;
        let id = EffectId(self.effects);
        output.notes.push(Note::Asked { effect: id });
        output.effects.push((id, effect));
        id
    }

    /// Gives a leg its next turn.
    pub(super) fn instruct(&mut self, output: &mut Output, leg: LegId, instruction: Instruction) {
        if let Some(leg) = self.legs.get_mut(&leg) {
            leg.turn += 1;
            leg.instruction = Some(instruction.clone());
            output.notes.push(Note::Instructed { leg: leg.id, turn: leg.turn, instruction });
        }
        self.listening.remove(&leg);
    }
}
