//! Where each way out of a node leads, as lists to choose from: the keyboard's way to connect.

use super::Editing;
use crate::{
    drawing::file::way_label,
    icon::Icon,
    language::t,
    problems::{MendButton, said},
};
use diagram::{Command, PortId, Refusal};
use engine::{NodeName, StateName};
use leptos::prelude::*;

/// One list for each way out.
#[component]
pub fn WaysOut(name: String) -> impl IntoView {
    let editing = Editing::of_context();
    let name = StoredValue::new(name);
    let states = Memo::new(move |_| {
        editing
            .drawing
            .with_document(|document| {
                let name = name.get_value();
                let node = document.nodes.get(name.as_str())?;
                let mut states = engine::components::states(&node.kind, &node.config);
                let is_voice =
                    engine::components::spec(&node.kind).is_some_and(|spec| spec.is_voice);
                if is_voice || node.next.contains_key("hung_up") {
                    states.push(StateName::from("hung_up"));
                }
                // An edge whose state is gone is shown as well, so that it can be taken away.
                let known = states.clone();
                states.extend(node.next.keys().filter(|state| !known.contains(state)).cloned());
                Some(states)
            })
            .unwrap_or_default()
    });
    let targets = Memo::new(move |_| {
        let names: Vec<String> = editing.drawing.with_document(|document| {
            let enterable = document.nodes.iter().filter(|(_, node)| node.kind != "start");
            enterable.map(|(name, _)| name.to_string()).collect()
        });
        let titled = names.into_iter().map(|name| (editing.drawing.title(&name), name));
        let mut targets: Vec<(String, String)> =
            titled.map(|(title, name)| (name, title)).collect();
        targets.sort_by_key(|(_, title)| title.to_lowercase());
        targets
    });
    view! {
        <Show when=move || !states.read().is_empty()>
            <fieldset class="field ways-out">
                <legend>{t("Where it goes next")}</legend>
                <For each=move || states.get() key=|state| state.to_string() let(state)>
                    <WayOut name=name.get_value() state=state targets=targets />
                </For>
            </fieldset>
        </Show>
    }
}

#[component]
fn WayOut(
    name: String,
    state: StateName,
    /// Where it may lead: names and titles.
    targets: Memo<Vec<(String, String)>>,
) -> impl IntoView {
    let editing = Editing::of_context();
    let id = format!("way-{state}");
    let (name, state) = (StoredValue::new(name), StoredValue::new(state));
    let label = Memo::new(move |_| {
        editing.drawing.with_document(|document| {
            let node = document.nodes.get(name.get_value().as_str())?;
            Some(way_label(&node.kind, &node.config, &state.get_value()))
        })
    });
    let target = Memo::new(move |_| {
        editing.drawing.with_document(|document| {
            let node = document.nodes.get(name.get_value().as_str())?;
            node.next.get(&state.get_value()).map(ToString::to_string)
        })
    });
    let connect = move |event: web_sys::Event| {
        let to = event_target_value(&event);
        let (node, state) = (name.get_value(), state.get_value());
        let from = PortId::new(&node, state.as_str());
        let command = if to.is_empty() {
            Command::Disconnect { from }
        } else {
            Command::Connect { from, to: to.clone() }
        };
        let Err(Refusal::UnknownState { .. }) = editing.drawing.apply(command) else { return };
        // `hung_up` has no port on the card until it leads somewhere.
        editing.change(|document| {
            if let Some(node) = document.nodes.get_mut(node.as_str()) {
                node.next.insert(state, NodeName::from(to));
            }
        });
    };
    let problems = move || {
        let field = state.with_value(|state| format!("next.{state}"));
        let of_here = editing
            .problems
            .read()
            .iter()
            .filter(|problem| {
                problem.field.as_deref() == Some(&field)
                    && problem.node == Some(NodeName::from(name.get_value()))
            })
            .cloned()
            .collect::<Vec<_>>();
        of_here.into_iter().map(|problem| view! { <p class="field-problem">{said(&problem.message)}" "{said(&problem.remedy)}" "<MendButton problem=problem /></p> }).collect_view()
    };
    view! {
        <div class="way-out" class:is-open=move || target.read().is_none()>
            <label for=id.clone()>{move || label.get()}</label>
            <Icon name="arrow-right" small=true />
            <select id=id class="select" on:change=connect prop:value=move || { targets.track(); target.get().unwrap_or_default() }>
                <option value="" selected=move || target.read().is_none()>{t("ends here")}</option>
                <For each=move || targets.get() key=|target| target.clone() let((value, label))>
                    {
                        let of = value.clone();
                        view! { <option value=value selected=move || target.read().as_deref() == Some(of.as_str())>{label}</option> }
                    }
                </For>
            </select>
            {problems}
        </div>
    }
}
