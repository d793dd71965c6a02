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
    component::{Component, Control, Group, Problems, Spec, State, Step},
    event::Event,
    name::StateName,
    run::{Ctx, HUNG_UP},
};
use serde_json::{Map, Value as Json};
use std::fmt::Debug;

/// Makes the three tables of the library from one list. They stand apart so that a program that only draws components, such as the editor's first screen, need
/// not carry forms, help, and all that parses and runs them.
macro_rules! library {
    ($($component:ty,)+) => {
        /// Every component.
        pub const LIBRARY: &[&Spec] = &[$(const { &<$component as Component>::SPEC },)+];

        /// How each one is drawn, in the order of [`LIBRARY`].
        pub const FACES: &[Face] = &[$(Face::of::<$component>(),)+];

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

/// What has to be known of a component to draw it; from its [`Spec`].
#[derive(Clone, Copy, Debug)]
pub struct Face {
    /// Names the component in files.
    pub kind: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// One sentence: what it does.
    pub summary: &'static str,
    /// Where it stands in the palette.
    pub group: Group,
    /// Other names by which files and people know it.
    pub aliases: &'static [&'static str],
    /// The configuration that a new node begins with, as JSON.
    pub example: &'static str,
    /// The key of its form's first field.
    pub first_field: Option<&'static str>,
    /// The key of the field that says in which time zone its hours are meant.
    pub time_zone: Option<&'static str>,
    /// Whether it speaks to a live call; such a node has `hung_up` as well.
    pub is_voice: bool,
    fixed: &'static [State],
    states: fn(&Map<String, Json>) -> Vec<StateName>,
    state_label: fn(&Map<String, Json>, &str) -> Option<String>,
}

/// A configuration parsed, or why it does not parse, and where.
pub(crate) type Parsed = Result<Box<dyn Behaviour>, serde_path_to_error::Error<serde_json::Error>>;

impl Face {
    const fn of<C: Component>() -> Face {
        let spec = const { &C::SPEC };
        let (mut index, mut time_zone) = (0, None);
        while index < spec.fields.len() {
            if matches!(spec.fields[index].control, Control::TimeZone) {
                time_zone = Some(spec.fields[index].key);
            }
            index += 1;
        }
        Face {
            kind: spec.kind,
            label: spec.label,
            summary: spec.summary,
            group: spec.group,
            aliases: spec.aliases,
            example: spec.example,
            first_field: if let [first, ..] = spec.fields { Some(first.key) } else { None },
            time_zone,
            is_voice: spec.is_voice,
            fixed: spec.states,
            states: C::states,
            state_label: C::state_label,
        }
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

/// How a component is drawn, by its kind or any of its aliases.
pub fn face(kind: &str) -> Option<&'static Face> {
    FACES.get(position(kind)?)
}

/// What a component is, by its kind or any of its aliases.
pub fn spec(kind: &str) -> Option<&'static Spec> {
    LIBRARY.get(position(kind)?).copied()
}

/// Parses a configuration; `None` if there is no such component.
pub(crate) fn parse(kind: &str, config: &Map<String, Json>) -> Option<Parsed> {
    Some(PARSERS[position(kind)?](config))
}

fn position(kind: &str) -> Option<usize> {
    FACES.iter().position(|face| face.kind == kind || face.aliases.contains(&kind))
}

/// The ways out of a node, without `hung_up`. A half-filled configuration has those that can be told.
pub fn states(kind: &str, config: &Map<String, Json>) -> Vec<StateName> {
    face(kind).map(|face| (face.states)(config)).unwrap_or_default()
}

/// What people call a way out.
pub fn state_label(kind: &str, config: &Map<String, Json>, state: &StateName) -> String {
    let Some(face) = face(kind) else { return state.to_string() };
    let fixed = || {
        face.fixed.iter().find(|fixed| *state == *fixed.name).map(|fixed| fixed.label.to_owned())
    };
    let hung_up = || (*state == *HUNG_UP).then(|| "Hung up".to_owned());
    (face.state_label)(config, state.as_str())
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
