//! The right side: the selected node's settings, help and text; without a selection, the workflow's own.

use super::{
    Editing, about::About, last_run::LastRun, last_run_tab::LastRunTab, node_json::NodeJson,
    ways_out::WaysOut,
};
use crate::{
    form::NodeForm,
    icon::Tile,
    language::{t, tf, tn},
    problems::ProblemItem,
    words,
};
use engine::Problem;
use engine::component::Spec;
use leptos::{html, prelude::*};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tab {
    Settings,
    LastRun,
    Help,
    Json,
}

/// What the panel is about.
#[derive(Clone, PartialEq)]
enum Subject {
    Workflow,
    Node { name: String, kind: String },
    Several(usize),
}

/// The panel.
#[component]
pub fn Panel() -> impl IntoView {
    let editing = Editing::of_context();
    let tab = RwSignal::new(Tab::Settings);
    provide_context(LastRun::new(editing));
    let subject = Memo::new(move |_| {
        let names = editing.drawing.selection();
        editing.drawing.revision();
        let nodes: Vec<_> =
            names.iter().filter_map(|name| Some((name, editing.drawing.node(name)?))).collect();
        match nodes.as_slice() {
            [] => Subject::Workflow,
            [(name, node)] => Subject::Node { name: (*name).clone(), kind: node.kind.clone() },
            several => Subject::Several(several.len()),
        }
    });
    move || {
        match subject.get() {
        Subject::Workflow => view! { <About /> }.into_any(),
        Subject::Several(count) => view! {
            <div class="panel-empty">
                <h2>{tn(count, "{n} step selected", "{n} steps selected")}</h2>
                <p class="muted">{t("Drag to move them together. Delete takes them away; Ctrl+D makes a second set.")}</p>
            </div>
        }
        .into_any(),
        Subject::Node { name, kind } => match engine::components::spec(&kind) {
            Some(spec) => view! { <NodePanel name=name spec=spec tab=tab /> }.into_any(),
            None => view! { <UnknownKind name=name kind=kind /> }.into_any(),
        },
    }
    }
}

#[component]
fn NodePanel(name: String, spec: &'static Spec, tab: RwSignal<Tab>) -> impl IntoView {
    let names = StoredValue::new(name.clone());
    // What the texts below were in the last run.
    expect_context::<LastRun>().look();
    view! {
        <header class="panel-head" data-group=spec.group.as_str()>
            <Tile kind=spec.kind large=true />
            <div class="grow">
                <LabelField name=name />
                <p class="faint">{t(spec.label)}": "{lower_first(t(spec.summary))}</p>
            </div>
        </header>
        <div class="tabs" role="tablist" aria-label=t("About this step")>
            <TabButton tab=tab of=Tab::Settings words=t("Settings") />
            <TabButton tab=tab of=Tab::LastRun words=t("Last run") />
            <TabButton tab=tab of=Tab::Help words=t("Help") />
            <TabButton tab=tab of=Tab::Json words="JSON" />
        </div>
        <div class="panel-body">
            {move || match tab.get() {
                Tab::Settings => view! {
                    <div class="form">
                        <NodeForm name=names.get_value() spec=spec />
                        <WaysOut name=names.get_value() />
                        <NodeProblems name=names.get_value() spec=spec />
                        <NameField name=names.get_value() />
                    </div>
                }.into_any(),
                Tab::LastRun => view! { <LastRunTab name=names.get_value() spec=spec /> }.into_any(),
                Tab::Help => view! { <Help spec=spec name=names.get_value() /> }.into_any(),
                Tab::Json => view! { <NodeJson name=names.get_value() /> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn TabButton(tab: RwSignal<Tab>, of: Tab, words: &'static str) -> impl IntoView {
    let editing = Editing::of_context();
    // A problem that was clicked is mended in the settings.
    Effect::new(move |_| {
        // Setting it to what it is would make the form anew, and the focus would be lost with the old one.
        if editing.wanted_field.read().is_some() && tab.get_untracked() != Tab::Settings {
            tab.set(Tab::Settings);
        }
    });
    view! { <button type="button" role="tab" aria-selected=move || (tab.get() == of).to_string() on:click=move |_| tab.set(of)>{words}</button> }
}

/// What people call the node; a field that looks like a heading.
#[component]
fn LabelField(name: String) -> impl IntoView {
    let editing = Editing::of_context();
    let name = StoredValue::new(name);
    let input = NodeRef::<html::Input>::new();
    let title = Memo::new(move |_| {
        editing.drawing.revision();
        name.with_value(|name| editing.drawing.title(name))
    });
    let follow = move |event: web_sys::Event| {
        let typed = event_target_value(&event).trim().to_owned();
        if typed != title.get_untracked() {
            name.with_value(|name| editing.drawing.set_label(name, &typed));
        }
    };
    // While it is typed the field is the person's; a change from elsewhere, such as undo, is shown.
    Effect::new(move |_| {
        let (title, Some(input)) = (title.get(), input.get()) else { return };
        let is_typing =
            document().active_element().is_some_and(|active| active.is_same_node(Some(&input)));
        if !is_typing {
            input.set_value(&title);
        }
    });
    let done = move |_: web_sys::Event| {
        // An emptied label shows what the step is called without one, which may be what stood here before.
        if let Some(input) = input.get_untracked() {
            input.set_value(&title.get_untracked());
        }
    };
    let leave = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Enter"
            && let Some(input) = input.get_untracked()
        {
            let _ = input.blur();
        }
    };
    view! {
        <input node_ref=input class="title-input" aria-label=t("Label") maxlength="80" autocomplete="off"
            on:input=follow on:change=done on:keydown=leave />
    }
}

/// The name by which texts and formulas refer to the node.
#[component]
fn NameField(name: String) -> impl IntoView {
    let editing = Editing::of_context();
    let why_not = RwSignal::new(None::<String>);
    let (shown, spoken) = (name.clone(), name.clone());
    let old = StoredValue::new(name);
    let change = move |event: web_sys::Event| {
        let typed = event_target_value(&event).trim().to_owned();
        let from = old.get_value();
        if typed == from {
            why_not.set(None);
            return;
        }
        match editing.drawing.rename(&from, &typed) {
            Ok(()) => editing.drawing.select(vec![typed]),
            Err(refusal) => why_not.set(Some(refusal.to_string())),
        }
    };
    let (before, after) = words::around(
        t(
            "Other steps read what happened here as {variable}. A new name is put in wherever the old one stands.",
        ),
        "{variable}",
    );
    view! {
        <div class="field">
            <label for="node-name">{t("Name in texts")}</label>
            <input id="node-name" class="input code" spellcheck="false" autocomplete="off" maxlength="64" prop:value=shown on:change=change
                aria-invalid=move || why_not.read().is_some().to_string() aria-describedby="node-name-help" />
            {move || why_not.get().map(|why| view! { <p class="field-problem" role="alert">{crate::list::capital(&why)}"."</p> })}
            <p class="hint" id="node-name-help">
                {before}<span class="var">"{{ "{spoken}".… }}"</span>{after}
            </p>
        </div>
    }
}

/// Problems of the node that no field of the form shows.
#[component]
fn NodeProblems(name: String, spec: &'static Spec) -> impl IntoView {
    let editing = Editing::of_context();
    let stray = move || {
        let is_here = |problem: &&Problem| {
            let field = problem.field.as_deref().unwrap_or_default();
            let top = field.split(['.', '[']).next().unwrap_or_default();
            let has_place = top == "next" || spec.fields.iter().any(|field| field.key == top);
            problem.node.as_ref().is_some_and(|node| node.as_str() == name) && !has_place
        };
        editing.problems.read().iter().filter(is_here).cloned().collect::<Vec<_>>()
    };
    view! {
        <ul class="problem-list">
            {move || stray().into_iter().map(|problem| view! { <ProblemItem problem=problem on_follow=Callback::new(|()| ()) /> }).collect_view()}
        </ul>
    }
}

#[component]
fn Help(spec: &'static Spec, name: String) -> impl IntoView {
    let aliases =
        spec.aliases.iter().map(|alias| alias.replace('_', " ")).collect::<Vec<_>>().join(", ");
    view! {
        <div class="help">
            <p>{t(spec.summary)}</p>
            <p class="muted">{t(spec.help)}</p>
            {(!spec.states.is_empty()).then(|| view! {
                <h2>{t("Ways out")}</h2>
                <dl>
                    {spec.states.iter().map(|state| view! { <div><dt>{t(state.label)}</dt><dd>{capital_sentence(t(state.help))}</dd></div> }).collect_view()}
                    {spec.is_voice.then(|| view! { <div><dt>{t("Hung up")}</dt><dd>{t("The caller hung up during this step.")}</dd></div> })}
                </dl>
            })}
            {(!spec.variables.is_empty()).then(|| view! {
                <h2>{t("What later steps can read")}</h2>
                <dl>
                    {spec.variables.iter().map(|variable| view! {
                        <div><dt><span class="var">{format!("{{{{ {name}.{} }}}}", variable.name)}</span></dt><dd>{capital_sentence(t(variable.help))}</dd></div>
                    }).collect_view()}
                </dl>
            })}
            {(!aliases.is_empty()).then(|| view! { <p class="faint">{tf("Also known as {names}.", &[("names", &aliases)])}</p> })}
        </div>
    }
}

#[component]
fn UnknownKind(name: String, kind: String) -> impl IntoView {
    view! {
        <div class="panel-empty">
            <h2>{name.clone()}</h2>
            <p class="notice bad"><strong>{tf("Nothing here knows the kind “{kind}”", &[("kind", &kind)])}</strong>{t("The file may come from a newer version. Delete the step, or change its kind in the JSON view.")}</p>
            <NodeJson name=name />
        </div>
    }
}

fn lower_first(words: &str) -> String {
    let mut characters = words.chars();
    characters
        .next()
        .map_or_else(String::new, |first| first.to_lowercase().chain(characters).collect())
}

fn capital_sentence(words: &str) -> String {
    let sentence = crate::list::capital(words);
    if sentence.ends_with('.') { sentence } else { format!("{sentence}.") }
}
