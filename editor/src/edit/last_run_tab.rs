//! The panel's tab about the last run: what this step heard and sent, what it set, which way it left.

use super::{
    Editing,
    last_run::{LastRun, Looked, What, of_node},
};
use crate::{
    icon::Icon,
    language::t,
    run_page::sentences::{Line, effect_line, event_line, note_line},
    words,
};
use api::runs::{JournalEntry, Run};
use engine::component::{Control, Spec};
use leptos::prelude::*;
use serde_json::{Map, Value as Json};

/// The tab.
#[component]
pub fn LastRunTab(name: String, spec: &'static Spec) -> impl IntoView {
    let last_run = expect_context::<LastRun>();
    last_run.look();
    let name = StoredValue::new(name);
    move || {
        match last_run.looked() {
        Looked::Waiting => view! { <p class="help muted" role="status">{t("Looking…")}</p> }.into_any(),
        Looked::NoRun => view! {
            <div class="help">
                <p class="muted">{t("This workflow has not run yet. Try it on the phone, and here stands what this step heard, did and set.")}</p>
            </div>
        }
        .into_any(),
        Looked::Failed(why) => view! { <div class="help"><p class="notice bad">{crate::list::capital(&why)}"."</p></div> }.into_any(),
        Looked::Found(run, entries) => view! { <Told run=*run entries=entries name=name.get_value() spec=spec /> }.into_any(),
    }
    }
}

#[component]
fn Told(run: Run, entries: Vec<JournalEntry>, name: String, spec: &'static Spec) -> impl IntoView {
    let editing = Editing::of_context();
    let (status, tone) = words::status(&run.status);
    let config = editing.drawing.node(&name).map(|node| node.config.clone()).unwrap_or_default();
    let values = values_of(&run.variables, &name, spec, &config);
    let told = of_node(&entries, &name);
    let came_here = !told.is_empty();
    let lines: Vec<(String, Line)> = editing.drawing.with_document(|document| {
        let line = |what: &What| match what {
            What::Event(json) => Some(event_line(json, Some(document))),
            // Whose name it is stands above.
            What::Note(json) if is_note(json, "entered") => note_line(json, None)
                .map(|line| Line { words: t("The run came here").to_owned(), ..line }),
            What::Note(json) => note_line(json, Some(document)),
            What::Effect(json) => Some(effect_line(json)),
        };
        told.iter().filter_map(|(_, at, what)| Some((at.clone(), line(what)?))).collect()
    });
    let left_by = told.iter().rev().find_map(|(_, _, what)| match what {
        What::Note(json) if is_note(json, "left") => {
            json.get("state").and_then(Json::as_str).map(str::to_owned)
        }
        _ => None,
    });
    let left_by =
        left_by.map(|state| editing.drawing.port_label(&diagram::PortId::new(&name, &state)));
    view! {
        <div class="help last-run">
            <p class="row wrap">
                <span class=format!("chip {tone}")>{status}</span>
                <span title=words::moment(&run.started_at)>{words::ago(&run.started_at)}</span>
                <span class="muted">{words::trigger(&run.trigger)}</span>
                <a class="link small" href=format!("/runs/{}", run.id)>{t("The whole run")}</a>
            </p>
            {run.problem.map(|problem| view! { <p class="notice bad">{problem}</p> })}
            {(!came_here).then(|| view! { <p class="muted">{t("The last run did not come to this step.")}</p> })}
            {left_by.map(|way| view! {
                <p class="left-by"><Icon name="arrow-right" small=true /><span>{t("Left by")}" "<strong>{way}</strong></span></p>
            })}
            {came_here.then(|| view! {
                <h2>{t("What happened here")}</h2>
                <ol class="told">
                    {lines.into_iter().map(|(at, line)| view! {
                        <li class=line.tone>
                            <time class="num faint" datetime=at.clone() title=words::moment(&at)>{words::clock(&at)}</time>
                            <Icon name=line.icon small=true />
                            <span>{line.words}{line.audio.map(|url| view! { <audio controls preload="none" src=url aria-label=t("The recording")></audio> })}</span>
                        </li>
                    }).collect_view()}
                </ol>
            })}
            {(!values.is_empty()).then(|| view! {
                <h2>{t("What it set")}</h2>
                <dl class="values">
                    {values.into_iter().map(|(path, value)| view! { <div><dt><span class="var">{path}</span></dt><dd class="mono">{value}</dd></div> }).collect_view()}
                </dl>
            })}
        </div>
    }
}

fn is_note(json: &Json, kind: &str) -> bool {
    json.get("note").and_then(Json::as_str) == Some(kind)
}

/// The values that a step set: those below its name, and the run variables that its settings name.
fn values_of(
    variables: &Map<String, Json>,
    name: &str,
    spec: &Spec,
    config: &Json,
) -> Vec<(String, String)> {
    let own = variables.get(name).and_then(Json::as_object).into_iter().flatten();
    let own = own.map(|(key, value)| (format!("{name}.{key}"), value));
    let assigned = spec
        .fields
        .iter()
        .filter(|field| matches!(field.control, Control::Assignments))
        .filter_map(|field| config.get(field.key)?.as_object())
        .flatten()
        .filter_map(|(key, _)| Some((key.clone(), variables.get(key)?)));
    own.chain(assigned).map(|(path, value)| (path, shown(value))).collect()
}

/// A value on one or a few lines.
fn shown(value: &Json) -> String {
    const CHARACTERS_MAX: usize = 300;
    let text = match value {
        Json::String(text) if text.is_empty() => t("(empty)").to_owned(),
        Json::String(text) => text.clone(),
        Json::Null => t("(nothing)").to_owned(),
        other => other.to_string(),
    };
    if text.chars().count() > CHARACTERS_MAX {
        text.chars().take(CHARACTERS_MAX).chain(['…']).collect()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_step_that_assigns_is_told_by_what_it_assigned() {
        let spec = engine::components::LIBRARY
            .iter()
            .find(|spec| {
                spec.fields.iter().any(|field| matches!(field.control, Control::Assignments))
            })
            .unwrap();
        let key = spec
            .fields
            .iter()
            .find(|field| matches!(field.control, Control::Assignments))
            .unwrap()
            .key;
        let variables = json!({ "total": 3, "Set": { "note": "x" }, "other": 1 });
        let mut config = json!({});
        config[key] = json!({ "total": "3" });
        assert_eq!(
            values_of(variables.as_object().unwrap(), "Set", spec, &config),
            [("Set.note".to_owned(), "x".to_owned()), ("total".to_owned(), "3".to_owned())]
        );
    }
}
