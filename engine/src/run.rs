//! A run: one execution of one version of a workflow, as a pure value.
//!
//! Things come in, things go out: [`Run::handle`] takes what happened and when, moves the run as far as it goes, and returns what to do. It never fails and never panics:
//! an event that is late, foreign or doubled is noted and changes nothing.
//!
//! A run has **lines**; each is at one node and holds at most one **leg**. What a leg is to hear is its [`Instruction`]; each new one has a higher *turn*, and events of
//! an older turn are ignored. When a line ends it says goodbye to its legs and waits until they are down, so that a completed run has no call left.
//!
//! Invariant: the same workflow and the same inputs give the same run. [`Run::replay`] rests on it.

mod advance;
mod branches;
mod calls;
mod ctx;
mod few;
mod leg;
mod line;
mod note;
mod orders;
mod rest;

pub use ctx::Ctx;
pub use leg::{
    Conference, Dial, EndCause, GetSpeech, Instruction, Leg, LegId, LegState, MultiParty, Prompt,
    Record, Screening, Then,
};
pub use line::{Awaited, LineId};
pub use note::Note;

use crate::{
    effect::{Effect, EffectId},
    event::{Event, Input, Trigger, TriggerKind},
    limits,
    name::{NodeName, StateName},
    text::Text,
    time::Time,
    value::Value,
    workflow::{NodeId, Workflow},
};
use few::{Few, FewKeys, Seldom};
use line::{Line, Waits};
use rest::Kept;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

/// Names a run; given by the server.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RunId(pub String);

impl fmt::Display for RunId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Where a run is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunStatus {
    /// It was accepted and nothing happened yet.
    Queued,
    /// It waits for something the server does for it: a request, a text being sent.
    Running,
    /// It waits for a person, a call or a moment.
    Waiting,
    /// Its last line ended.
    Completed,
    /// A limit was passed or a rule broken; see [`Run::problem`].
    Failed,
    /// Somebody asked for its end.
    Cancelled,
}

impl RunStatus {
    /// The word in files, answers and columns.
    pub fn as_str(self) -> &'static str {
        match self {
            RunStatus::Queued => "queued",
            RunStatus::Running => "running",
            RunStatus::Waiting => "waiting",
            RunStatus::Completed => "completed",
            RunStatus::Failed => "failed",
            RunStatus::Cancelled => "cancelled",
        }
    }

    /// Whether the run is over.
    pub fn is_final(self) -> bool {
        matches!(self, RunStatus::Completed | RunStatus::Failed | RunStatus::Cancelled)
    }
}

/// What one input led to.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// What to do, in order.
    pub effects: Vec<(EffectId, Effect)>,
    /// What happened inside, in order, for the journal.
    pub notes: Vec<Note>,
    /// When the run wants to be told that time passed.
    pub wake_at: Option<Time>,
    /// Where the run is now.
    pub status: RunStatus,
}

/// One execution of one version of a workflow.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    id: RunId,
    begun_by: TriggerKind,
    /// The run that asked for this one.
    parent: Option<Box<Parent>>,
    started_at: Time,
    end: Option<Box<End>>,
    status: RunStatus,
    variables: Kept,
    lines: Few<LineId, Line>,
    legs: Few<LegId, Leg>,
    /// Legs whose present instruction was answered, or who never had one: their webhook waits for us.
    listening: FewKeys<LegId>,
    /// Which visit of which line waits for an effect's answer.
    asked: Seldom<BTreeMap<EffectId, (LineId, u32)>>,
    /// Which node an effect's late news belongs to.
    sources: Seldom<BTreeMap<EffectId, NodeId>>,
    /// Plivo's ids of the recordings made, in order.
    recordings: Seldom<Vec<String>>,
    /// Values that must not be shown.
    secrets: Seldom<BTreeSet<String>>,
    /// What is to be heard before the call that started the run is answered.
    before_answer: Seldom<Vec<Prompt>>,
    effects: u32,
    visits: u32,
    /// How many lines there ever were.
    lines_made: u32,
    /// A variable did not fit any more.
    is_overfull: bool,
}

/// When a run ended, and why if it failed.
#[derive(Clone, Debug, PartialEq)]
struct End {
    at: Time,
    problem: Option<String>,
}

/// The run that asked for another.
#[derive(Clone, Debug, PartialEq)]
struct Parent {
    run: RunId,
    /// How many runs stand above the one it asked for.
    depth: u32,
}

impl Parent {
    fn of(trigger: &Trigger) -> Option<Box<Parent>> {
        match trigger {
            Trigger::RunWorkflow { parent, depth, .. } => {
                Some(Box::new(Parent { run: parent.clone(), depth: *depth }))
            }
            _ => None,
        }
    }
}

impl Run {
    /// Begins a run.
    ///
    /// # Panics
    /// If the input is not [`Event::Started`]: the caller made it the line before.
    pub fn start(workflow: &Workflow, id: RunId, input: Input) -> (Run, Output) {
        let Event::Started(trigger) = input.event else {
            panic!("a run starts with Event::Started")
        };
        let mut run = Run {
            id,
            begun_by: trigger.kind(),
            parent: Parent::of(&trigger),
            started_at: input.at,
            end: None,
            status: RunStatus::Queued,
            variables: Kept::new(workflow.names()),
            lines: Few::default(),
            legs: Few::default(),
            listening: FewKeys::default(),
            asked: Seldom::default(),
            sources: Seldom::default(),
            recordings: Seldom::default(),
            secrets: Seldom::default(),
            before_answer: Seldom::default(),
            effects: 0,
            visits: 0,
            lines_made: 0,
            is_overfull: false,
        };
        let about = [
            ("id", Value::from(run.id.0.as_str())),
            ("workflow_id", Value::from(workflow.id())),
            ("trigger", Value::from(run.begun_by.as_str())),
        ];
        run.set("run", Value::Map(about.into_iter().collect()));
        if !matches!(trigger, Trigger::ApiRequest { .. } | Trigger::RunWorkflow { .. }) {
            for (name, value) in workflow.default_params() {
                run.set(&name, value);
            }
        }
        let leg = match &trigger {
            Trigger::IncomingCall { call_uuid, from, to } => Some(run.add_leg(
                LegState::Live,
                Some(from.as_str().into()),
                to.as_str().into(),
                Some(call_uuid.clone()),
            )),
            Trigger::ApiRequest { params } | Trigger::RunWorkflow { params, .. } => {
                for (name, value) in params {
                    run.set(name, value.clone());
                }
                None
            }
            Trigger::IncomingMessage { .. }
            | Trigger::Schedule { .. }
            | Trigger::Webhook { .. } => None,
        };
        run.add_line(Line::new(workflow.start(), leg));
        let mut moving = advance::Moving::new(&mut run, workflow, input.at);
        moving.begin(trigger);
        let output = moving.finish();
        (run, output)
    }

    /// Rebuilds a run from what its journal says happened; `None` if that does not begin with [`Event::Started`].
    pub fn replay(
        workflow: &Workflow,
        id: RunId,
        inputs: impl IntoIterator<Item = Input>,
    ) -> Option<Run> {
        let mut inputs = inputs.into_iter();
        let first = inputs.next().filter(|first| matches!(first.event, Event::Started(_)))?;
        let (mut run, _) = Run::start(workflow, id, first);
        for input in inputs {
            run.handle(workflow, input);
        }
        Some(run)
    }

    /// Moves the run by one thing that happened.
    pub fn handle(&mut self, workflow: &Workflow, input: Input) -> Output {
        self.wake();
        let mut moving = advance::Moving::new(self, workflow, input.at);
        moving.take(&input.event);
        moving.finish()
    }

    /// Its id.
    pub fn id(&self) -> &RunId {
        &self.id
    }

    /// What started it. All else that is known of that are variables of the workflow's start.
    pub fn begun_by(&self) -> TriggerKind {
        self.begun_by
    }

    /// The run that asked for this one, if one did.
    pub fn parent(&self) -> Option<&RunId> {
        self.parent.as_ref().map(|parent| &parent.run)
    }

    /// Where it is in its life.
    pub fn status(&self) -> RunStatus {
        self.status
    }

    /// Why it failed, for people.
    pub fn problem(&self) -> Option<&str> {
        self.end.as_ref()?.problem.as_deref()
    }

    /// When it began.
    pub fn started_at(&self) -> Time {
        self.started_at
    }

    /// When it ended.
    pub fn ended_at(&self) -> Option<Time> {
        self.end.as_ref().map(|end| end.at)
    }

    /// One of its legs.
    pub fn leg(&self, leg: LegId) -> Option<&Leg> {
        self.legs.get(&leg)
    }

    /// All its legs, ended ones too.
    pub fn legs(&self) -> impl Iterator<Item = &Leg> {
        self.legs.values()
    }

    /// When it wants to be told that time passed.
    pub fn wake_at(&self) -> Option<Time> {
        let oldest = self.started_at.plus_s(limits::RUN_AGE_S_MAX);
        (!self.status.is_final()).then(|| {
            self.lines
                .values()
                .filter_map(|line| line.deadline)
                .min()
                .map_or(oldest, |deadline| deadline.min(oldest))
        })
    }

    /// All variables, as JSON: the run's own by name, each node's below its name. What must not be shown is dots.
    pub fn variables_json(&self) -> Map<String, Json> {
        let mut variables = self.variables().to_json();
        if !self.secrets.is_empty() {
            variables.values_mut().for_each(|value| mask(value, &self.secrets));
        }
        variables
    }

    /// The run's own variables, without those of nodes: what it hands to the run that asked for it.
    pub fn results(&self) -> BTreeMap<String, Value> {
        let mut results = self.variables().of_run();
        results.remove("run");
        results
    }

    /// Values that must not be shown: keys and words that a caller was asked for as a secret.
    pub fn secrets(&self) -> &BTreeSet<String> {
        &self.secrets
    }

    /// Plivo's ids of the recordings made so far, in order.
    pub fn recordings(&self) -> &[String] {
        &self.recordings
    }

    /// The answers to texts that it waits for.
    pub fn awaited(&self) -> Vec<Awaited> {
        self.lines.values().filter_map(|line| line.awaited.as_deref().cloned()).collect()
    }

    /// Where its lines are: each line's node, whether or not it waits.
    pub fn positions(&self) -> impl Iterator<Item = (LineId, NodeName)> {
        self.lines.iter().map(|(id, line)| (*id, self.variables.names().name(line.node.0).into()))
    }

    /// A template filled in with the run's variables as they are now.
    pub(crate) fn render(&self, template: &crate::Template) -> String {
        template.render(&self.variables()).0
    }

    fn add_line(&mut self, line: Line) -> LineId {
        self.lines_made += 1;
        let id = LineId(self.lines_made);
        self.lines.insert(id, line);
        id
    }

    fn add_leg(
        &mut self,
        state: LegState,
        from: Option<Text>,
        to: Text,
        call_uuid: Option<String>,
    ) -> LegId {
        let id = LegId(u32::try_from(self.legs.len()).unwrap_or(u32::MAX).saturating_add(1));
        self.legs.insert(
            id,
            Leg { id, state, from, to, call_uuid, request_uuid: None, turn: 0, instruction: None },
        );
        if state == LegState::Live {
            self.listening.insert(id);
        }
        id
    }

    fn set(&mut self, name: &str, value: Value) {
        self.is_overfull |= !self.variables.set(name, value);
    }

    fn set_of_node(&mut self, node: NodeId, name: &str, value: Value) {
        self.is_overfull |= !self.variables.set_of_node(node, name, value);
    }

    fn is_live(&self, leg: LegId) -> bool {
        self.legs.get(&leg).is_some_and(|leg| leg.state == LegState::Live)
    }

    /// The status of a run whose lines are at rest.
    fn resting_status(&self) -> RunStatus {
        let waits_for_us = |line: &Line| {
            line.waits == Waits::Component && line.dialling.is_none() && line.pending > 0
        };
        if self.lines.is_empty() {
            RunStatus::Completed
        } else if self.lines.values().any(waits_for_us) {
            RunStatus::Running
        } else {
            RunStatus::Waiting
        }
    }
}

/// Replaces what must not be shown by dots, wherever it stands in a text.
pub fn mask(value: &mut Json, secrets: &BTreeSet<String>) {
    match value {
        Json::String(text) => {
            for secret in secrets {
                if text.contains(secret.as_str()) {
                    *text = text.replace(secret.as_str(), &"•".repeat(secret.chars().count()));
                }
            }
        }
        Json::Number(number) => {
            if secrets.contains(&number.to_string()) {
                *value = Json::String("•••".to_owned());
            }
        }
        Json::Array(items) => items.iter_mut().for_each(|item| mask(item, secrets)),
        Json::Object(map) => map.values_mut().for_each(|item| mask(item, secrets)),
        Json::Null | Json::Bool(_) => {}
    }
}

/// The state by which a voice node is left when its call goes down.
pub(crate) const HUNG_UP: &str = "hung_up";

pub(crate) fn hung_up() -> StateName {
    StateName::from(HUNG_UP)
}
