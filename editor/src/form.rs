//! The settings of a node: one widget for each field, by its control. Forms are made from the engine's specs, never by hand.

mod assignments;
mod cases;
mod chips;
mod choice;
mod choices;
mod code;
mod completion;
mod connection;
mod countries;
mod duration;
mod holidays;
mod hours;
mod http;
mod http_test;
mod json_text;
mod json_tree;
mod keys;
mod listen;
mod message_length;
mod names;
mod number;
mod params;
mod parts;
mod pattern;
mod phone_number;
mod place;
mod prompt;
mod receivers;
mod remembered;
mod replies;
mod resolved;
mod rows;
mod schedule;
mod secret;
mod sender;
mod states;
mod template_text;
mod time_of_day;
mod time_zone;
mod toggle;
mod voice;
mod wanted;
mod workflow;

pub use time_zone::here as time_zone_here;

use crate::{edit::Editing, problems::MendButton};
use assignments::Assignments;
use cases::Cases;
use choice::ChoiceField;
use choices::Choices;
use code::{ExpressionField, ScriptField, SqlField};
use connection::ConnectionField;
use duration::DurationField;
use engine::component::{Control, Field, Group, Spec};
use holidays::HolidaysField;
use hours::HoursField;
use http::{HttpAuthField, HttpBodyField, HttpExpectField};
use http_test::HttpTestPanel;
use json_text::JsonField;
use keys::{KeyField, KeysField};
use leptos::{html, prelude::*};
use listen::Listen;
use message_length::MessageLength;
use names::NamesField;
use number::NumberField;
use params::ParamsField;
use pattern::PatternField;
use phone_number::PhoneMeaning;
use place::Place;
use prompt::PromptField;
use receivers::ReceiversField;
use replies::RepliesField;
use rows::TextRows;
use schedule::ScheduleField;
use secret::SecretField;
use sender::SenderField;
use template_text::TemplateText;
use time_zone::TimeZoneField;
use toggle::ToggleField;
use voice::{LanguageField, VoiceField};
use wanted::{is_wanted, shown_at_once};
use wasm_bindgen::JsCast;
use workflow::WorkflowField;

/// All fields of a node; those that few people need are folded away until they say something.
#[component]
pub fn NodeForm(name: String, spec: &'static Spec) -> impl IntoView {
    let root = Place::of_node(Editing::of_context(), &name);
    let (first, rest) = spec.fields.split_at(shown_at_once(spec));
    let row = move |field: &'static Field| {
        let place = root.key(field.key);
        let is_wanted = Memo::new(move |_| is_wanted(spec.kind, field.key, &root.get()));
        view! { <Show when=move || is_wanted.get()><FieldRow field=field place=place spec=spec /></Show> }
    };
    let is_open =
        RwSignal::new(rest.iter().any(|field| !root.key(field.key).get_untracked().is_null()));
    open_when_wanted(root, rest, is_open);
    view! {
        {first.iter().map(row).collect_view()}
        {(!rest.is_empty()).then(|| view! {
            <details class="fold more" prop:open=move || is_open.get() on:toggle=move |event| is_open.set(is_open_now(&event))>
                <summary>"More settings"</summary>
                <div class="form-rest">{rest.iter().map(row).collect_view()}</div>
            </details>
        })}
        {spec.fields.is_empty().then(|| view! { <p class="muted">"There is nothing to set up here."</p> })}
        {(spec.kind == "http_request").then(|| view! { <HttpTestPanel root=root /> })}
    }
}

/// A folded field that has a problem or is asked for comes to light.
fn open_when_wanted(root: Place, rest: &'static [Field], is_open: RwSignal<bool>) {
    let editing = root.editing();
    let places = StoredValue::new(rest.iter().map(|field| root.key(field.key)).collect::<Vec<_>>());
    Effect::new(move |_| {
        let wanted = editing.wanted_field.get();
        let is_asked_for =
            |place: &Place| wanted.as_ref().is_some_and(|(node, path)| place.is_at(node, path));
        if places.with_value(|places| {
            places.iter().any(|place| place.has_problem() || is_asked_for(place))
        }) {
            is_open.set(true);
        }
    });
}

fn is_open_now(event: &web_sys::Event) -> bool {
    let details = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    details.is_some_and(|details| details.has_attribute("open"))
}

/// One field: its name, its widget, its help, its problems.
#[component]
fn FieldRow(field: &'static Field, place: Place, spec: &'static Spec) -> impl IntoView {
    let id = format!("field-{}", field.key);
    let element = NodeRef::<html::Div>::new();
    focus_when_wanted(place, element);
    let note = match (field.is_required, field.control) {
        (true, _) => "needed",
        (false, Control::Cases) => "first match wins",
        _ => "",
    };
    // A group of inputs has no single one for the label to lead to.
    let (label, group_label) = if is_one_input(&field.control) {
        (view! { <label for=id.clone()>{field.label}<span>{note}</span></label> }.into_any(), None)
    } else {
        let label = format!("{id}-label");
        (
            view! { <span class="label" id=label.clone()>{field.label}<span>{note}</span></span> }
                .into_any(),
            Some(label),
        )
    };
    let role = group_label.as_ref().map(|_| "group");
    let is_message = spec.group == Group::Message
        && matches!(field.control, Control::LongTemplate)
        && spec.kind != "email";
    let is_spoken = spec.group == Group::Talk && matches!(field.control, Control::LongTemplate);
    view! {
        <div class="field" node_ref=element role=role aria-labelledby=group_label class:is-inline=is_inline(&field.control) class:has-problem=move || place.has_problem()>
            {label}
            {widget(field, place, spec, &id)}
            {is_spoken.then(|| {
                let language = place.sibling("language");
                view! { <Listen text=Signal::derive(move || place.text()) language=Signal::derive(move || language.text()) /> }
            })}
            {is_message.then(|| view! { <MessageLength place=place is_whatsapp=spec.kind == "send_whatsapp" /> })}
            <p class="hint" id=format!("{id}-help")>{field.help}</p>
            <PlaceProblems place=place only_own=has_rows(&field.control) />
        </div>
    }
}

fn is_one_input(control: &Control) -> bool {
    use Control as C;
    matches!(
        control,
        C::Template
            | C::LongTemplate
            | C::Receiver
            | C::Receivers
            | C::Url
            | C::Moment
            | C::Expression
            | C::Number { .. }
            | C::Toggle { .. }
            | C::Voice
            | C::Language
            | C::Sender
            | C::Pattern
            | C::Script
            | C::Sql
            | C::Json
            | C::Workflow
            | C::Connection
            | C::TimeZone
    )
}

/// Rows show their own problems.
fn has_rows(control: &Control) -> bool {
    matches!(
        control,
        Control::Cases | Control::Choices | Control::Names | Control::Replies | Control::Holidays
    )
}

/// Short widgets stand beside their names.
fn is_inline(control: &Control) -> bool {
    matches!(control, Control::Number { .. } | Control::Toggle { .. } | Control::Key)
}

fn widget(field: &'static Field, place: Place, spec: &'static Spec, id: &str) -> AnyView {
    use Control as C;
    let id = id.to_owned();
    let text = |id, placeholder| {
        view! { <TemplateText place=place id=id placeholder=placeholder /> }.into_any()
    };
    let pairs = |id, add, name_words, new_name| {
        view! { <Assignments place=place id=id add=add name_words=name_words new_name=new_name /> }
            .into_any()
    };
    match field.control {
        C::Template => text(id, ""),
        C::LongTemplate => view! { <TemplateText place=place id=id lines=3 /> }.into_any(),
        C::Receiver => {
            view! { <TemplateText place=place id=id placeholder="+15550100000" /><PhoneMeaning place=place /> }.into_any()
        }
        C::Receivers => view! { <ReceiversField place=place id=id /><PhoneMeaning place=place /> }.into_any(),
        C::Url => text(id, "https://…"),
        C::Moment => text(id, "2030-01-31T09:00:00Z"),
        C::Urls => {
            view! { <TextRows place=place id=id add="Add an address" placeholder="https://…" /> }
                .into_any()
        }
        C::Texts => view! { <TextRows place=place id=id add="Add a row" /> }.into_any(),
        C::Expression => view! { <ExpressionField place=place id=id /> }.into_any(),
        C::Number { min, max, default, unit: "seconds" } if max >= duration::WRITTEN_FROM_S => {
            view! { <DurationField place=place id=id min=min max=max default=default /> }.into_any()
        }
        C::Number { min, max, default, unit } => {
            view! { <NumberField place=place id=id min=min max=max default=default unit=unit /> }
                .into_any()
        }
        C::Toggle { default } => {
            view! { <ToggleField place=place id=id default=default /> }.into_any()
        }
        C::Choice(choices) => {
            view! { <ChoiceField place=place id=id label=field.label choices=choices /> }.into_any()
        }
        C::Keys => view! { <KeysField place=place /> }.into_any(),
        C::Key => {
            let usual = (field.key == "finish_on_key").then_some("#");
            let none = if spec.kind == "record_audio" { "Any key" } else { "No key" };
            view! { <KeyField place=place id=id label=field.label usual=usual none=none /> }
                .into_any()
        }
        C::Prompt => view! { <PromptField place=place id=id /> }.into_any(),
        C::Voice => view! { <VoiceField place=place id=id /> }.into_any(),
        C::Language => view! { <LanguageField place=place id=id /> }.into_any(),
        C::Params => view! { <ParamsField place=place id=id /> }.into_any(),
        C::Cases => view! { <Cases place=place id=id /> }.into_any(),
        C::Choices => view! { <Choices place=place id=id /> }.into_any(),
        C::Assignments => pairs(id, "Add a variable", "Variable", "value"),
        C::Pairs => pairs(id, "Add a row", "Name", "name"),
        C::HttpBody => view! { <HttpBodyField place=place id=id /> }.into_any(),
        C::HttpAuth => view! { <HttpAuthField place=place id=id /> }.into_any(),
        C::HttpExpect => view! { <HttpExpectField place=place id=id /> }.into_any(),
        C::Names => view! { <NamesField place=place id=id /> }.into_any(),
        C::Replies => view! { <RepliesField place=place id=id /> }.into_any(),
        C::Sender => view! { <SenderField place=place id=id /> }.into_any(),
        C::Pattern => view! { <PatternField place=place id=id /> }.into_any(),
        C::Script => view! { <ScriptField place=place id=id /> }.into_any(),
        C::Sql => view! { <SqlField place=place id=id /> }.into_any(),
        C::Json => view! { <JsonField place=place id=id /> }.into_any(),
        C::Secret => view! { <SecretField place=place id=id /> }.into_any(),
        C::Workflow => view! { <WorkflowField place=place id=id /> }.into_any(),
        C::Connection => view! { <ConnectionField place=place id=id /> }.into_any(),
        C::TimeZone => view! { <TimeZoneField place=place id=id /> }.into_any(),
        C::Hours => view! { <HoursField place=place id=id /> }.into_any(),
        C::Holidays => view! { <HolidaysField place=place id=id /> }.into_any(),
        C::Schedule => view! { <ScheduleField place=place id=id /> }.into_any(),
    }
}

/// What is wrong at a place of the configuration.
#[component]
fn PlaceProblems(
    place: Place,
    /// Only problems of the place itself; those within are shown by its rows.
    #[prop(optional)]
    only_own: bool,
) -> impl IntoView {
    move || {
        let problems = place.problems(only_own);
        problems
            .into_iter()
            .map(|problem| {
                let class = if problem.is_error() { "field-problem" } else { "field-problem warn" };
                let mend = problem.clone();
                view! { <p class=class><strong>{problem.message}</strong>" "{problem.remedy}" "<MendButton problem=mend /></p> }
            })
            .collect_view()
    }
}

/// Moves the focus into a field when a problem of it was clicked.
fn focus_when_wanted(place: Place, element: NodeRef<html::Div>) {
    let editing = Editing::of_context();
    Effect::new(move |_| {
        let wanted = editing.wanted_field.get();
        let Some((node, path)) = wanted else { return };
        let Some(element) = element.get() else { return };
        if !place.is_at(&node, &path) {
            return;
        }
        editing.wanted_field.set(None);
        let input = element.query_selector("textarea, input, select, button").ok().flatten();
        element.scroll_into_view();
        if let Some(input) = input.and_then(|input| input.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = input.focus();
        }
    });
}
