//! The language of Phloem: workflow files, the component library, and the interpreter.
//!
//! Pure: no clock, no network, no database, no thread, no browser. It runs in the server, in tests and inside the editor alike. In reading order:
//!
//! 1. [`workflow`]: the JSON file ([`Document`]), its rules ([`workflow::check`]) and what passes them ([`Workflow`])
//! 2. [`Template`] and [`Expression`]: Liquid texts and rhai formulas
//! 3. [`component`]: the contract of a building block; [`components`]: the library, one file each
//! 4. [`run`]: the interpreter. [`Event`]s come in, [`Effect`]s and [`Instruction`]s go out
//! 5. [`transcript`]: plays `.flow` files, the tests of workflows
//! 6. [`limits`]: every bound

mod calendar;
pub mod component;
pub mod components;
pub mod effect;
pub mod event;
mod expression;
pub mod limits;
mod name;
mod pattern;
mod reply;
pub mod run;
mod schedule;
pub mod schema;
mod script;
pub mod segments;
mod template;
mod text;
mod time;
pub mod transcript;
mod value;
pub mod variables;
pub mod workflow;
mod zone;

pub use components::Sender;
pub use effect::{
    Effect, EffectId, HttpAuth, HttpRequest, PlaceCall, QueryDatabase, Secret, SendEmail,
    SendMessage, StartRun,
};
pub use event::{Event, Input, Trigger, TriggerKind};
pub use expression::Expression;
pub use name::{NodeName, StateName};
pub use pattern::Pattern;
pub use reply::plain;
pub use run::{
    Awaited, Conference, EndCause, Instruction, Leg, LegId, LegState, Note, Output, Prompt, Run,
    RunId, RunStatus, Then,
};
pub use schedule::Schedule;
pub use script::Script;
pub use template::Template;
pub use text::Text;
pub use time::Time;
pub use value::{Map, Value};
pub use workflow::{Document, NodeDocument, Problem, Severity, Workflow};
