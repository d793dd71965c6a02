//! The settings of a node: one widget for each field, by its control. Forms are made from the engine's specs, never by hand.

mod assignments;
mod cases;
mod choice;
mod choices;
mod completion;
mod expression;
mod http;
mod keys;
mod number;
mod params;
mod place;
mod prompt;
mod receivers;
mod rows;
mod template_text;
mod toggle;
mod voice;

use crate::{edit::Editing, problems::MendButton};
use assignments::Assignments;
use cases::Cases;
use choice::ChoiceField;
use choices::Choices;
use engine::component::{Control, Field, Spec};
use expression::ExpressionField;
use http::{HttpAuthField, HttpBodyField, HttpExpectField};
use keys::{KeyField, KeysField};
use leptos::{html, prelude::*};
use number::NumberField;
use params::ParamsField;
use place::Place;
use prompt::PromptField;
use receivers::ReceiversField;
use rows::TextRows;
use template_text::TemplateText;
use toggle::ToggleField;
use voice::{LanguageField, VoiceField};
use wasm_bindgen::JsCast;

/// All fields of a node.
#[component]
pub fn NodeForm(name: String, spec: &'static Spec) -> impl IntoView {
    let root = Place::of_node(Editing::of_context(), &name);
    view! {
        {spec.fields.iter().map(|field| view! { <FieldRow field=field place=root.key(field.key) /> }).collect_view()}
        {spec.fields.is_empty().then(|| view! { <p class="muted">"There is nothing to set up here."</p> })}
    }
}

/// One field: its name, its widget, its help, its problems.
#[component]
fn FieldRow(field: &'static Field, place: Place) -> impl IntoView {
    let id = format!("field-{}", field.key);
    let element = NodeRef::<html::Div>::new();
    focus_when_wanted(place, element);
    let note = move || match (field.is_required, field.control) {
        (true, _) => "needed",
        (false, Control::Cases) => "first match wins",
        _ => "",
    };
    // A group of inputs has no single one for the label to lead to.
    let label = if is_one_input(&field.control) {
        view! { <label for=id.clone()>{field.label}<span>{note}</span></label> }.into_any()
    } else {
        view! { <span class="label" id=format!("{id}-label")>{field.label}<span>{note}</span></span> }.into_any()
    };
    let group_label = (!is_one_input(&field.control)).then(|| format!("{id}-label"));
    let role = group_label.as_ref().map(|_| "group");
    view! {
        <div class="field" node_ref=element role=role aria-labelledby=group_label class:is-inline=is_inline(&field.control) class:has-problem=move || place.has_problem()>
            {label}
            {widget(field, place, &id)}
            <p class="hint" id=format!("{id}-help")>{field.help}</p>
            <PlaceProblems place=place only_own=matches!(field.control, Control::Cases | Control::Choices) />
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
    )
}

/// Short widgets stand beside their names.
fn is_inline(control: &Control) -> bool {
    matches!(control, Control::Number { .. } | Control::Toggle { .. } | Control::Key)
}

fn widget(field: &'static Field, place: Place, id: &str) -> AnyView {
    let id = id.to_owned();
    match field.control {
        Control::Template => view! { <TemplateText place=place id=id /> }.into_any(),
        Control::LongTemplate => view! { <TemplateText place=place id=id lines=3 /> }.into_any(),
        Control::Receiver => view! { <TemplateText place=place id=id placeholder="+15550100000" /> }.into_any(),
        Control::Receivers => view! { <ReceiversField place=place id=id /> }.into_any(),
        Control::Url => view! { <TemplateText place=place id=id placeholder="https://…" /> }.into_any(),
        Control::Moment => view! { <TemplateText place=place id=id placeholder="2030-01-31T09:00:00Z" /> }.into_any(),
        Control::Urls => view! { <TextRows place=place id=id add="Add an address" placeholder="https://…" /> }.into_any(),
        Control::Expression => view! { <ExpressionField place=place id=id /> }.into_any(),
        Control::Number { min, max, default, unit } => view! { <NumberField place=place id=id min=min max=max default=default unit=unit /> }.into_any(),
        Control::Toggle { default } => view! { <ToggleField place=place id=id default=default /> }.into_any(),
        Control::Choice(choices) => view! { <ChoiceField place=place id=id choices=choices /> }.into_any(),
        Control::Keys => view! { <KeysField place=place /> }.into_any(),
        Control::Key => view! { <KeyField place=place id=id /> }.into_any(),
        Control::Prompt => view! { <PromptField place=place id=id /> }.into_any(),
        Control::Voice => view! { <VoiceField place=place id=id /> }.into_any(),
        Control::Language => view! { <LanguageField place=place id=id /> }.into_any(),
        Control::Params => view! { <ParamsField place=place id=id /> }.into_any(),
        Control::Cases => view! { <Cases place=place id=id /> }.into_any(),
        Control::Choices => view! { <Choices place=place id=id /> }.into_any(),
        Control::Assignments => view! { <Assignments place=place id=id add="Add a variable" name_words="Variable" new_name="value" /> }.into_any(),
        Control::Pairs => view! { <Assignments place=place id=id add="Add a row" name_words="Name" new_name="name" /> }.into_any(),
        Control::HttpBody => view! { <HttpBodyField place=place id=id /> }.into_any(),
        Control::HttpAuth => view! { <HttpAuthField place=place id=id /> }.into_any(),
        Control::HttpExpect => view! { <HttpExpectField place=place id=id /> }.into_any(),
        Control::Texts | Control::Names => view! { <TextRows place=place id=id add="Add a row" placeholder="" /> }.into_any(),
        Control::Script | Control::Sql | Control::Json => view! { <TemplateText place=place id=id lines=6 /> }.into_any(),
        Control::Replies
        | Control::Sender
        | Control::Pattern
        | Control::Secret
        | Control::Workflow
        | Control::Connection
        | Control::TimeZone
        | Control::Hours
        | Control::Holidays
        | Control::Schedule => view! { <TemplateText place=place id=id /> }.into_any(),
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
