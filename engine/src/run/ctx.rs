//! What a component can see and do while the run is at its node.

use super::{
    LineId, Note, Output, Run,
    advance::recording_values,
    leg::{Instruction, Leg, LegId, LegState, Prompt, Then},
    line::{Awaited, Line},
};
use crate::{
    effect::{Channel, Effect, EffectId, HttpRequest, PlaceCall, Recording, SendMessage},
    event::{RecordingNews, Trigger, TriggerKind},
    expression::Expression,
    limits,
    script::Script,
    template::Template,
    text::Text,
    time::Time,
    value::Value,
    variables::Root,
    workflow::{Node, NodeId},
};

/// What a component can see and do while the run is at its node.
#[derive(Debug)]
pub struct Ctx<'a> {
    pub(super) run: &'a mut Run,
    pub(super) output: &'a mut Output,
    pub(super) line: LineId,
    pub(super) node: &'a Node,
    pub(super) at: Time,
    /// What starts the run, at its very beginning.
    pub(super) trigger: Option<&'a Trigger>,
    /// Where it begins.
    pub(super) start: NodeId,
}

impl Ctx<'_> {
    /// The moment of the event that is being handled.
    pub(crate) fn at(&self) -> Time {
        self.at
    }

    /// What starts the run, as long as nothing else has happened.
    pub(crate) fn trigger(&self) -> Option<&Trigger> {
        self.trigger
    }

    /// What started the run.
    pub(crate) fn begun_by(&self) -> TriggerKind {
        self.run.begun_by
    }

    /// Who called or wrote to begin the run, and the number that they called or wrote to.
    pub(crate) fn began_between(&self) -> Option<(String, String)> {
        let what = match self.run.begun_by {
            TriggerKind::IncomingCall => "call",
            TriggerKind::IncomingMessage => "message",
            _ => return None,
        };
        let told = self.run.variables.of_node(self.start)?.field(what)?;
        Some((told.field("from")?.to_string(), told.field("to")?.to_string()))
    }

    /// Whether there is a live call to speak to.
    pub(crate) fn has_leg(&self) -> bool {
        self.this().leg.is_some()
    }

    /// A template filled in; what went wrong is noted as a warning.
    pub(crate) fn render(&mut self, template: &Template) -> String {
        let (text, failure) = template.render(&self.run.variables);
        self.note(failure);
        text
    }

    fn note(&mut self, failure: Option<String>) {
        if let Some(failure) = failure {
            self.warn(format!("A text could not be filled in completely: {failure}."));
        }
    }

    /// The same as a text that can be a variable's.
    pub(crate) fn text(&mut self, template: &Template) -> Text {
        let (text, failure) = template.text(&self.run.variables);
        self.note(failure);
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
        self.run.set_of_node(self.node.id(), name, value.into());
    }

    /// One of the node's variables, as an earlier visit left it.
    pub(crate) fn own(&self, name: &str) -> Option<&Value> {
        self.run.variables.of_node(self.node.id())?.field(name)
    }

    /// Sets one of the node's variables to something that must not be shown: it is written to the journal only where the server seals it.
    pub(crate) fn set_sensitive(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.run.secrets.insert(value.to_owned());
        }
        self.set(name, value);
    }

    /// The value of a template: what a path leads to if it is nothing but a path, else its text.
    pub(crate) fn evaluate(&mut self, template: &Template) -> Value {
        let (value, failure) = template.evaluate(&self.run.variables);
        self.note(failure);
        value
    }

    /// Works out a script.
    ///
    /// # Errors
    /// A sentence that says why it has no value.
    pub(crate) fn run_script(&self, script: &Script) -> Result<Value, String> {
        script.run(&self.run.variables)
    }

    /// Sets a variable of the run.
    pub(crate) fn set_of_run(&mut self, name: &str, value: Value) {
        self.run.set(name, value);
    }

    /// The same by a name that was looked up when the workflow was published.
    pub(crate) fn set_root(&mut self, name: &Root, value: Value) {
        self.run.is_overfull |= !self.run.variables.set_root(name, value);
    }

    /// Leaves a remark in the journal: something is not as the author probably meant it.
    pub(crate) fn warn(&mut self, text: impl Into<String>) {
        let note = Note::Warning { node: self.node.name().clone(), text: text.into() };
        self.output.notes.push(note);
    }

    /// Keeps something between the events of one visit.
    pub(crate) fn remember(&mut self, key: &'static str, value: impl Into<Value>) {
        let value = value.into();
        self.this_mut().memory.insert(key, value);
    }

    /// What was kept.
    pub(crate) fn remembered(&self, key: &'static str) -> Option<&Value> {
        self.this().memory.get(&key)
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
            Some(Value::List(items)) => items.to_vec(),
            _ => Vec::new(),
        }
    }

    /// Keeps a number for the next visit of this node by this line.
    pub(crate) fn keep(&mut self, number: i64) {
        let node = self.node.id();
        self.this_mut().kept.insert(node, number);
    }

    /// What was kept.
    pub(crate) fn kept(&self) -> Option<i64> {
        self.this().kept.get(&self.node.id()).copied()
    }

    /// Forgets what was kept.
    pub(crate) fn keep_nothing(&mut self) {
        let node = self.node.id();
        self.this_mut().kept.remove(&node);
    }

    /// How many runs stand above this one.
    pub(crate) fn depth(&self) -> u32 {
        self.run.parent.as_ref().map_or(0, |parent| parent.depth)
    }

    /// Whether the party has heard nothing yet and rang us, so that its call need not have been answered.
    pub(crate) fn is_unanswered(&self) -> bool {
        let is_fresh = |leg| {
            self.run.legs.get(&leg).is_some_and(|leg| leg.turn == 0 && leg.id == LegId::FIRST)
        };
        self.run.begun_by == TriggerKind::IncomingCall
            && self.this().leg.is_some_and(is_fresh)
            && self.this().queued.is_empty()
    }

    /// Queues something to be heard before the call is answered; only where it [is not](Self::is_unanswered) yet.
    pub(crate) fn queue_before_answer(&mut self, prompt: Prompt) {
        if self.run.before_answer.len() < limits::PROMPTS_MAX {
            self.run.before_answer.push(prompt);
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
        let deadline = self.at.plus_s(then.silence_s());
        let line = self.this_mut();
        line.deadline = Some(deadline);
        let (leg, prompts) = (line.leg, line.queued.take());
        if let Some(leg) = leg {
            self.run.instruct(self.output, leg, Instruction::new(prompts, then));
        }
    }

    /// Tells one of the line's parties what follows, without words.
    pub(crate) fn instruct_party(&mut self, leg: LegId, then: Then) {
        if self.this().legs().any(|held| held == leg) {
            self.run.instruct(self.output, leg, Instruction::new(Vec::new(), then));
        }
    }

    /// Lets the party that the line speaks to hear the hold audio, and speaks to nobody. Who hears it already is not disturbed.
    pub(crate) fn park(&mut self, audio: Option<String>) {
        let Some(leg) = self.this().leg else { return };
        let holds = Then::Hold { audio };
        let is_undisturbed = self.this().queued.is_empty()
            && !self.run.listening.contains(&leg)
            && self.follows(leg) == Some(&holds);
        if !is_undisturbed {
            self.instruct(holds);
        }
        let line = self.this_mut();
        line.leg = None;
        line.parked.push(leg);
    }

    /// Whether a party hears the hold audio.
    pub(crate) fn is_on_hold(&self, leg: LegId) -> bool {
        matches!(self.follows(leg), Some(Then::Hold { .. }))
    }

    fn follows(&self, leg: LegId) -> Option<&Then> {
        self.run.legs.get(&leg)?.instruction.as_ref().map(|instruction| &instruction.then)
    }

    /// How many other calls of the run are in a conference of that name, besides the one that the line speaks to.
    pub(crate) fn others_in_conference(&self, name: &str) -> usize {
        let is_there = |leg: &&Leg| {
            leg.state == LegState::Live
                && Some(leg.id) != self.leg()
                && leg.instruction.as_ref().is_some_and(|instruction| {
                    matches!(&instruction.then, Then::Conference(room) if room.name == name)
                })
        };
        self.run.legs.values().filter(is_there).count()
    }

    /// The parties that the line does not speak to.
    pub(crate) fn parked(&self) -> Vec<LegId> {
        self.this().parked.to_vec()
    }

    /// The party that the line speaks to.
    pub(crate) fn leg(&self) -> Option<LegId> {
        self.this().leg
    }

    /// Ends the call of the party that the line speaks to once it has heard what is queued, and speaks to the one that was parked last, if any.
    pub(crate) fn let_go(&mut self) {
        let line = self.this_mut();
        let Some(leg) = line.leg.take() else { return };
        let last_words = line.queued.take();
        line.unpark();
        self.run.see_off(self.output, leg, last_words, self.node.id(), self.at);
    }

    /// Takes the call back that is being placed.
    pub(crate) fn stop_dialling(&mut self) {
        if let Some(leg) = self.this_mut().dialling.take() {
            self.run.see_off(self.output, leg, Vec::new(), self.node.id(), self.at);
        }
    }

    /// By what a room knows a party: its call's id, or else its number.
    pub(crate) fn member(&self, leg: LegId) -> Option<String> {
        let leg = self.run.legs.get(&leg)?;
        let rang_us = leg.id == LegId::FIRST && self.run.begun_by == TriggerKind::IncomingCall;
        let number = || {
            let from = leg.from.as_ref().filter(|_| rang_us);
            from.unwrap_or(&leg.to).as_str().to_owned()
        };
        Some(leg.call_uuid.clone().unwrap_or_else(number))
    }

    /// The name of a room that nobody but this visit knows.
    pub(crate) fn own_room(&self) -> String {
        format!("{}-{}", self.run.id, self.this().visit)
    }

    /// Rings somebody, whose leg is yet to be made. The party that the line speaks to at the moment hears the hold audio.
    pub(crate) fn place_call(&mut self, mut call: PlaceCall) {
        self.park(None);
        let leg = self.run.add_leg(
            LegState::Dialling,
            call.from.as_deref().map(Text::from),
            call.to.as_str().into(),
            None,
        );
        let deadline = self.at.plus_s(u64::from(call.ring_timeout_s) + limits::RING_GRACE_S);
        let line = self.this_mut();
        line.dialling = Some(leg);
        line.deadline = Some(deadline);
        call.leg = leg;
        self.ask(Effect::PlaceCall(call));
    }

    /// Names a recording that is about to be asked for.
    pub(crate) fn new_recording(&mut self, as_wav: bool, transcribe: bool) -> Recording {
        self.run.effects += 1;
        let id = EffectId(self.run.effects);
        self.attribute(id);
        Recording { id, as_wav, transcribe }
    }

    /// Keeps what is told of a recording.
    pub(crate) fn keep_recording(&mut self, recording: &RecordingNews) {
        for (name, value) in recording_values(recording) {
            self.set(name, value);
        }
        self.run.note_recording(recording);
    }

    /// Waits for the answer to a text.
    pub(crate) fn await_reply(
        &mut self,
        ours: Option<String>,
        theirs: String,
        accepts: Vec<String>,
    ) {
        self.run.effects += 1;
        let question = EffectId(self.run.effects);
        let visit = self.this().visit;
        self.run.asked.insert(question, (self.line, visit));
        self.this_mut().awaited = Some(Box::new(Awaited { question, ours, theirs, accepts }));
    }

    /// Asks for an effect that is answered within a time, in seconds.
    pub(crate) fn ask_within(&mut self, effect: Effect, timeout_s: u64) -> EffectId {
        self.this_mut().deadline = Some(self.at.plus_s(timeout_s));
        self.ask(effect)
    }

    /// Sends one text.
    pub(crate) fn send_message(
        &mut self,
        from: Option<String>,
        to: String,
        channel: Channel,
        text: String,
        media_urls: Vec<String>,
    ) -> EffectId {
        let asked_at = self.at;
        self.ask(Effect::SendMessage(SendMessage { from, to, channel, text, media_urls, asked_at }))
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

    /// Asks for an effect.
    pub(crate) fn ask(&mut self, effect: Effect) -> EffectId {
        self.this_mut().pending += 1;
        let id = self.run.ask(self.output, effect);
        self.attribute(id);
        id
    }

    /// Ties what is told of an effect to this visit, and what is told late to this node.
    fn attribute(&mut self, id: EffectId) {
        let visit = self.this().visit;
        self.run.asked.insert(id, (self.line, visit));
        self.run.sources.insert(id, self.node.id());
    }

    fn this(&self) -> &Line {
        self.run.lines.get(&self.line).expect("a Ctx is made for a line of the run")
    }

    fn this_mut(&mut self) -> &mut Line {
        self.run.lines.get_mut(&self.line).expect("a Ctx is made for a line of the run")
    }
}
