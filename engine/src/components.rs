//! The library: one line per component, in the order of the palette.

mod business_hours;
mod call_forward;
mod condition;
mod conference;
mod counter;
mod database_query;
mod dialling;
mod email;
mod get_digits;
mod get_speech;
mod hangup;
mod http_request;
mod ivr_menu;
mod json_template;
mod r#loop;
mod make_call;
mod messages;
mod multi_party_call;
mod parallel;
mod play_audio;
mod prompt;
mod receivers;
mod record_audio;
mod record_call;
mod run_workflow;
mod script;
mod send_sms;
mod send_whatsapp;
mod sender;
mod set_variable;
mod sms_menu;
mod speak;
mod start;
mod switch;
mod transfer_call;
mod wait;

pub use sender::Sender;

use crate::{
    component::{Component, Problems, Spec, Step},
    event::Event,
    name::StateName,
    run::{Ctx, HUNG_UP},
};
use serde_json::{Map, Value as Json};
use std::fmt::Debug;

/// Makes the two tables of the library from one list. They stand apart so that a program that only shows components, such as the editor's first screen, need not
/// carry all that parses and runs them.
macro_rules! library {
    ($($component:ty,)+) => {
        /// Every component.
        pub const LIBRARY: &[Entry] = &[$(Entry::of::<$component>(),)+];

        /// How each one's configuration is parsed, in the order of [`LIBRARY`].
        const PARSERS: &[fn(&Map<String, Json>) -> Parsed] = &[$(parse_as::<$component>,)+];
    };
}

library! {
    start::Start,
    speak::Speak,
    play_audio::PlayAudio,
    get_digits::GetDigits,
    get_speech::GetSpeech,
    ivr_menu::IvrMenu,
    record_audio::RecordAudio,
    make_call::MakeCall,
    call_forward::CallForward,
    transfer_call::TransferCall,
    conference::Conference,
    multi_party_call::MultiPartyCall,
    record_call::RecordCall,
    hangup::Hangup,
    send_sms::SendSms,
    send_whatsapp::SendWhatsapp,
    sms_menu::SmsMenu,
    email::Email,
    condition::Condition,
    switch::Switch,
    r#loop::Loop,
    counter::Counter,
    set_variable::SetVariable,
    script::RunScript,
    parallel::Parallel,
    wait::Wait,
    business_hours::BusinessHours,
    run_workflow::RunWorkflow,
    http_request::HttpRequest,
    database_query::DatabaseQuery,
}

/// A component as the library holds it.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// What it is.
    pub spec: &'static Spec,
    states: fn(&Map<String, Json>) -> Vec<StateName>,
    state_label: fn(&Map<String, Json>, &str) -> Option<String>,
}

/// A configuration parsed, or why it does not parse, and where.
pub(crate) type Parsed = Result<Box<dyn Behaviour>, serde_path_to_error::Error<serde_json::Error>>;

impl Entry {
    const fn of<C: Component>() -> Entry {
        Entry { spec: const { &C::SPEC }, states: C::states, state_label: C::state_label }
    }
}

fn parse_as<C: Component>(config: &Map<String, Json>) -> Parsed {
    // A field left empty in a form is a field left out.
    let filled = config
        .iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    let component: C = serde_path_to_error::deserialize(Json::Object(filled))?;
    Ok(Box::new(component))
}

/// A component of unknown kind, with its configuration parsed.
pub(crate) trait Behaviour: Debug + Send + Sync {
    fn check(&self, problems: &mut Problems<'_>);
    fn summary(&self) -> String;
    fn hung_up_state(&self) -> Option<StateName>;
    fn enter(&self, ctx: &mut Ctx<'_>) -> Step;
    fn call_lost(&self, ctx: &mut Ctx<'_>) -> Option<Step>;
    fn party_left(&self, ctx: &mut Ctx<'_>) -> Step;
    fn resume(&self, ctx: &mut Ctx<'_>, event: &Event) -> Step;
}

impl<C: Component> Behaviour for C {
    fn check(&self, problems: &mut Problems<'_>) {
        Component::check(self, problems);
    }

    fn summary(&self) -> String {
        Component::summary(self)
    }

    fn hung_up_state(&self) -> Option<StateName> {
        Component::hung_up_state(self)
    }

    fn enter(&self, ctx: &mut Ctx<'_>) -> Step {
        Component::enter(self, ctx)
    }

    fn call_lost(&self, ctx: &mut Ctx<'_>) -> Option<Step> {
        Component::call_lost(self, ctx)
    }

    fn party_left(&self, ctx: &mut Ctx<'_>) -> Step {
        Component::party_left(self, ctx)
    }

    fn resume(&self, ctx: &mut Ctx<'_>, event: &Event) -> Step {
        Component::resume(self, ctx, event)
    }
}

/// A component by its kind or any of its aliases.
pub fn entry(kind: &str) -> Option<&'static Entry> {
    LIBRARY.get(position(kind)?)
}

/// What a component is, by its kind or any of its aliases.
pub fn spec(kind: &str) -> Option<&'static Spec> {
    entry(kind).map(|entry| entry.spec)
}

/// Parses a configuration; `None` if there is no such component.
pub(crate) fn parse(kind: &str, config: &Map<String, Json>) -> Option<Parsed> {
    Some(PARSERS[position(kind)?](config))
}

fn position(kind: &str) -> Option<usize> {
    LIBRARY.iter().position(|entry| entry.spec.kind == kind || entry.spec.aliases.contains(&kind))
}

/// The ways out of a node, without `hung_up`. A half-filled configuration has those that can be told.
pub fn states(kind: &str, config: &Map<String, Json>) -> Vec<StateName> {
    entry(kind).map(|entry| (entry.states)(config)).unwrap_or_default()
}

/// What people call a way out.
pub fn state_label(kind: &str, config: &Map<String, Json>, state: &StateName) -> String {
    let Some(entry) = entry(kind) else { return state.to_string() };
    let fixed = || {
        entry
            .spec
            .states
            .iter()
            .find(|fixed| *state == *fixed.name)
            .map(|fixed| fixed.label.to_owned())
    };
    let hung_up = || (*state == *HUNG_UP).then(|| "Hung up".to_owned());
    (entry.state_label)(config, state.as_str())
        .or_else(fixed)
        .or_else(hung_up)
        .unwrap_or_else(|| state.to_string())
}

/// One line for the card of a node; empty where its configuration is not finished.
pub fn summary(kind: &str, config: &Map<String, Json>) -> String {
    parse(kind, config)
        .and_then(Result::ok)
        .map(|behaviour| behaviour.summary())
        .unwrap_or_default()
}
