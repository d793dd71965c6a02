//! The contract of a building block: what it is called, what it is made of, and how a run moves through it.

use crate::{effect::EffectId, event::Event, name::StateName, run::Ctx, workflow::Problem};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};
use std::fmt::Debug;

/// The seven groups of the palette; a component's colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Where a run begins.
    Trigger,
    /// What is heard.
    Talk,
    /// What is asked of the caller.
    Listen,
    /// What is done with calls.
    Call,
    /// Texts.
    Message,
    /// Decisions, variables, waiting.
    Logic,
    /// Other systems.
    Integrate,
}

impl Group {
    /// The group's name in style sheets and files: `trigger`, `talk`, …
    pub fn as_str(self) -> &'static str {
        match self {
            Group::Trigger => "trigger",
            Group::Talk => "talk",
            Group::Listen => "listen",
            Group::Call => "call",
            Group::Message => "message",
            Group::Logic => "logic",
            Group::Integrate => "integrate",
        }
    }
}

/// What a component is, apart from how it behaves. Palette, forms, schema, manual and checks are made from it.
#[derive(Debug)]
pub struct Spec {
    /// Names the component in files; never changes.
    pub kind: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// One sentence: what it does.
    pub summary: &'static str,
    /// Where it stands in the palette.
    pub group: Group,
    /// Other names by which files and people know it, PHLO's among them.
    pub aliases: &'static [&'static str],
    /// Two or three sentences: what to know when using it.
    pub help: &'static str,
    /// A configuration that works, as JSON; also the one a new node begins with.
    pub example: &'static str,
    /// Its fields, in the order of the form.
    pub fields: &'static [Field],
    /// Its ways out, where they do not depend on the configuration.
    pub states: &'static [State],
    /// What it leaves for later nodes: `{{ Name.variable }}`.
    pub variables: &'static [Variable],
    /// Whether it speaks to a live call; such a node has `hung_up` as well.
    pub is_voice: bool,
    /// Whether prompts queued before it become part of its own document instead of being played to their end first.
    pub joins_prompts: bool,
    /// The states by which a line goes on with a call that it did not have before.
    pub gives_call_by: &'static [&'static str],
    /// Whether something outside always happens before the node is left: time passes, a person answers, another system does something. A cycle through it ends
    /// only when that does.
    pub waits: bool,
}

impl Spec {
    /// Everything that most components leave as it is: a new one says only what differs.
    pub const BASE: Spec = Spec {
        kind: "",
        label: "",
        summary: "",
        group: Group::Logic,
        aliases: &[],
        help: "",
        example: "{}",
        fields: &[],
        states: &[],
        variables: &[],
        is_voice: false,
        joins_prompts: false,
        gives_call_by: &[],
        waits: false,
    };
}

/// One field of a component's configuration.
#[derive(Debug)]
pub struct Field {
    /// Its key in the file.
    pub key: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// One sentence: what to put there.
    pub help: &'static str,
    /// How it is filled in.
    pub control: Control,
    /// Whether the node is of no use without it.
    pub is_required: bool,
}

impl Field {
    /// A field that must be filled in.
    pub const fn required(
        key: &'static str,
        label: &'static str,
        help: &'static str,
        control: Control,
    ) -> Field {
        Field { key, label, help, control, is_required: true }
    }

    /// A field that may be left empty.
    pub const fn optional(
        key: &'static str,
        label: &'static str,
        help: &'static str,
        control: Control,
    ) -> Field {
        Field { key, label, help, control, is_required: false }
    }
}

/// How a field is filled in: decides its widget, its schema and how its value is checked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Control {
    /// One line of text with `{{ }}`.
    Template,
    /// Several lines of text with `{{ }}`.
    LongTemplate,
    /// A number or SIP address, with `{{ }}`.
    Receiver,
    /// One or several receivers: text with commas, or a list.
    Receivers,
    /// An address on the web, with `{{ }}`.
    Url,
    /// Several addresses on the web: a list of texts with `{{ }}`.
    Urls,
    /// A rhai formula.
    Expression,
    /// A whole number within bounds, and what it counts: `seconds`, `keys`, `times`.
    Number {
        /// Smallest.
        min: i64,
        /// Largest.
        max: i64,
        /// What is taken when it is left out.
        default: i64,
        /// What it counts.
        unit: &'static str,
    },
    /// Yes or no.
    Toggle {
        /// What is taken when it is left out.
        default: bool,
    },
    /// One of a few values, each with a label; the first is the default.
    Choice(&'static [(&'static str, &'static str)]),
    /// Some of the keys `0-9 * #`, as a text.
    Keys,
    /// One key, or empty for none.
    Key,
    /// `{ "speak": … }` or `{ "play": … }`, with `voice` and `language`.
    Prompt,
    /// A voice.
    Voice,
    /// A language.
    Language,
    /// `start`'s parameters: name → `{ required, default, type, description }`.
    Params,
    /// `switch`'s rows: `[{ name, equals | in | matches | less_than | at_least | starts_with | contains | when }]`.
    Cases,
    /// `ivr_menu`'s rows: `[{ key, label }]`.
    Choices,
    /// Name → template.
    Assignments,
    /// Header or query rows: name → template.
    Pairs,
    /// `{ "json": … }`, `{ "form": … }` or `{ "text": … }`.
    HttpBody,
    /// `{ "basic": { user, password } }` or `{ "bearer": … }`.
    HttpAuth,
    /// `{ "content_type": …, "keys": […] }`.
    HttpExpect,
    /// A moment: RFC 3339, with `{{ }}`.
    Moment,
    /// Several texts with `{{ }}`, one a row: a list of texts.
    Texts,
    /// Names of ways out, one a row: a list of texts, each another state.
    Names,
    /// `sms_menu`'s rows: `[{ name, accepts: [text] }]`.
    Replies,
    /// Who a text comes from: a number, a name of up to 11 letters, or the id of a Powerpack; with `{{ }}`.
    Sender,
    /// A regular expression.
    Pattern,
    /// A rhai script of several lines.
    Script,
    /// An SQL statement with `?` for each bound parameter.
    Sql,
    /// JSON whose texts are templates.
    Json,
    /// A value of the server's secrets, `{ "$secret": name }`, or a template.
    Secret,
    /// The id of another workflow.
    Workflow,
    /// The name of one of the server's database connections.
    Connection,
    /// An IANA time zone: `Europe/Berlin`.
    TimeZone,
    /// Opening hours: `{ "mon": ["09:00-12:30", "13:30-17:00"], … }` with `mon` to `sun`; a day left out is closed.
    Hours,
    /// Days that are not like others: `[{ "date": "2026-12-24" or "12-25" for each year, "name": …, "hours": ["10:00-12:00"] }]`; without hours, closed.
    Holidays,
    /// When a run starts by itself: `{ "cron": "0 9 * * mon-fri", "time_zone": "Europe/Berlin" }`.
    Schedule,
}

/// A way out of a component.
#[derive(Clone, Copy, Debug)]
pub struct State {
    /// Its name in files.
    pub name: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// When the run leaves by it: half a sentence.
    pub help: &'static str,
}

impl State {
    /// A way out.
    pub const fn new(name: &'static str, label: &'static str, help: &'static str) -> State {
        State { name, label, help }
    }
}

/// Something a component leaves for later nodes.
#[derive(Clone, Copy, Debug)]
pub struct Variable {
    /// Its name: `digits`.
    pub name: &'static str,
    /// What it holds: half a sentence.
    pub help: &'static str,
}

impl Variable {
    /// A variable.
    pub const fn new(name: &'static str, help: &'static str) -> Variable {
        Variable { name, help }
    }
}

/// What a line that branched waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Join {
    /// All branches to end.
    All,
    /// The first branch to end; the others are cancelled then.
    First,
}

/// What a component decides when the run is at it.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Something has to happen first; [`Component::resume`] is told of it.
    Wait,
    /// Leave by this state.
    Leave(StateName),
    /// Leave by this state once the queued prompts were heard; at once, where the next node takes them into its own document.
    LeaveAfterPrompts(StateName),
    /// End the call, if any, and this line of the run.
    HangUp(Option<String>),
    /// The call that the node was about is down: leave by `hung_up` where that leads somewhere, else as [`Component::hung_up_state`] says.
    WithoutCall,
    /// Go on in several lines at once, one for each of these states that leads somewhere; the first takes the calls along. If `joined` leads somewhere, the line
    /// waits here for its branches and leaves by it.
    Branch(Vec<StateName>, Join),
}

/// The state by which a line leaves that has waited for its branches.
pub(crate) const JOINED: &str = "joined";

/// Leave by a state.
pub(crate) fn leave(state: &str) -> Step {
    Step::Leave(StateName::from(state))
}

/// A building block. The implementing struct *is* the parsed configuration, so a node that holds one cannot be misconfigured.
pub trait Component: DeserializeOwned + Debug + Send + Sync + 'static {
    /// What it is.
    const SPEC: Spec;

    /// Its ways out. Reads the raw configuration, so that a half-filled form already has its ports; `hung_up` is added by the library.
    fn states(_config: &Map<String, Json>) -> Vec<StateName> {
        const { Self::SPEC.states }.iter().map(|state| StateName::from(state.name)).collect()
    }

    /// What people call a way out that depends on the configuration.
    fn state_label(_config: &Map<String, Json>, _state: &str) -> Option<String> {
        None
    }

    /// What cannot be said by the fields alone: rows that clash, bounds that exclude each other.
    fn check(&self, _problems: &mut Problems<'_>) {}

    /// One line for the card: what the node does, with the real values.
    fn summary(&self) -> String;

    /// By which state a voice node is left when its call goes down and `hung_up` leads nowhere; `None`: the line ends.
    fn hung_up_state(&self) -> Option<StateName> {
        None
    }

    /// The run arrives.
    fn enter(&self, ctx: &mut Ctx<'_>) -> Step;

    /// The party that the line speaks to at this voice node is gone; the line speaks to the one that was parked last from now on, if there is one. `None`: the node
    /// is left as one without a call.
    fn call_lost(&self, _ctx: &mut Ctx<'_>) -> Option<Step> {
        None
    }

    /// A party that the line does not speak to at this node is gone: it was on hold, or the node is none that speaks.
    fn party_left(&self, _ctx: &mut Ctx<'_>) -> Step {
        Step::Wait
    }

    /// Something happened that concerns this visit.
    fn resume(&self, _ctx: &mut Ctx<'_>, _event: &Event) -> Step {
        Step::Wait
    }
}

/// Collects what a component finds wrong with its own configuration.
#[derive(Debug)]
pub struct Problems<'a> {
    pub(crate) node: &'a crate::name::NodeName,
    pub(crate) found: &'a mut Vec<Problem>,
}

impl Problems<'_> {
    /// Reports an error at a field (a path such as `cases[1].name`).
    pub fn error(
        &mut self,
        code: &str,
        field: &str,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.found.push(Problem::of_node(code, self.node, field, message, remedy));
    }

    /// Reports a warning at a field.
    pub fn warning(
        &mut self,
        code: &str,
        field: &str,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.found.push(Problem::of_node(code, self.node, field, message, remedy).as_warning());
    }
}

/// Which effect an event answers, if it answers one.
pub(crate) fn answered_effect(event: &Event) -> Option<EffectId> {
    match event {
        Event::CallPlaced { effect, .. }
        | Event::MessageAccepted { effect, .. }
        | Event::MessageStatus { effect, .. }
        | Event::HttpAnswered { effect, .. }
        | Event::EffectDone { effect, .. }
        | Event::RecordingStored { effect, .. }
        | Event::Transcribed { effect, .. }
        | Event::MessageReceived { question: effect, .. }
        | Event::EffectFailed { effect, .. }
        | Event::EffectUnknown { effect, .. } => Some(*effect),
        _ => None,
    }
}
