//! One node as a card.

use std::sync::Arc;

use diagram::{Node, Point, PortId, geometry};
use leptos::prelude::*;

use crate::canvas::Lit;
use crate::canvas::comment_pins::CommentBadge;
use crate::canvas::label_input::LabelInput;
use crate::canvas::marks::colour_label;
use crate::canvas::port_row::PortRow;
use crate::canvas::stage::Stage;
use crate::canvas::summary;
use crate::drawing::{Card, file};
use crate::icon::{Icon, Tile};
use crate::language::{t, tf, tn};
use crate::parts;

/// The card of a node: what it is, what it does, and a row for each way out.
#[component]
pub fn NodeCard(stage: Stage, name: String, lit: Memo<Lit>) -> impl IntoView {
    let Card { node, is_selected, at } = stage.drawing.card(&name)?;
    let kind = Memo::new({
        let node = node.clone();
        move |_| node.with(|node| node.kind.clone())
    });
    let style = {
        let node = node.clone();
        move || {
            let Point { x, y } = at.get();
            let height = node.with(|node| geometry::card_height(node.row_count()));
            format!("transform:translate({x}px,{y}px);height:{height}px")
        }
    };
    let group = move || {
        let face = engine::components::face(&kind.get());
        face.map_or("unknown", |face| face.group.as_str())
    };
    let has_input = Memo::new({
        let node = node.clone();
        move |_| node.with(|node| node.shape.has_input)
    });
    let is_lit = |pick: fn(&Lit, &str) -> bool| {
        let name = name.clone();
        Memo::new(move |_| lit.with(|lit| pick(lit, &name)))
    };
    let is_visited = is_lit(|lit, name| lit.visited.contains(name));
    let is_found = is_lit(|lit, name| lit.found.contains(name));
    let is_current = is_lit(|lit, name| lit.current.contains(name));
    let is_target = Memo::new({
        let name = name.clone();
        move |_| stage.wire_target.with(|target| target.as_ref() == Some(&name))
    });
    let problems = Memo::new({
        let name = name.clone();
        move |_| stage.problems.with(|problems| problems.get(&name).cloned().unwrap_or_default())
    });
    let is_tab_stop = Memo::new({
        let name = name.clone();
        move |_| match stage.active.get() {
            Some(active) => active == name,
            None => {
                stage.count.track();
                stage.active_card().as_ref() == Some(&name)
            }
        }
    });
    let label = {
        let (name, node) = (name.clone(), node.clone());
        move || description(stage, &name, &node.get(), &problems.get(), is_current.get())
    };
    let focused = {
        let name = name.clone();
        move |_| stage.active.set(Some(name.clone()))
    };
    let rows = {
        let node = node.clone();
        Memo::new(move |_| node.with(|node| node.states().map(str::to_owned).collect::<Vec<_>>()))
    };
    let colour = {
        let name = name.clone();
        Memo::new(move |_| stage.marks.on_cards.with(|cards| cards.get(&name)?.colour))
    };
    let row_name = name.clone();
    let data_name = name.clone();
    let input_name = name.clone();
    let row_node = node.clone();
    let selected = is_selected.clone();
    Some(view! {
        <div
            class="node"
            class:selected=move || selected.get()
            class:visited=move || is_visited.get()
            class:found=move || is_found.get()
            class:live=move || is_current.get()
            class:target=move || is_target.get()
            class:no-input=move || !has_input.get()
            class:has-error=move || problems.with(|all| all.iter().any(engine::Problem::is_error))
            data-node=data_name
            data-kind=move || kind.get()
            data-group=group
            data-colour=move || colour.get().map(diagram::Colour::name)
            style=style
            role="group"
            aria-roledescription=t("step")
            aria-label=label
            aria-current=move || is_current.get().then_some("step")
            tabindex=move || if is_tab_stop.get() { "0" } else { "-1" }
            on:focus=focused
        >
            <Badge problems />
            <div class="node-tags">
                <CommentBadge stage name=row_name.clone() />
                {move || colour.get().map(|colour| view! { <span class="node-colour">{colour_label(Some(colour))}</span> })}
            </div>
            <Show when=move || has_input.get()>
                <span class="node-input" data-input=input_name.clone()></span>
            </Show>
            <Header stage name=row_name.clone() node=node.clone() kind is_current />
            <Summary node=node.clone() kind />
            <ul class="node-ports">
                <For each=move || rows.get() key=String::clone let(state)>
                    <PortRow stage port=PortId::new(row_name.clone(), state) node=row_node.clone() lit />
                </For>
            </ul>
        </div>
    })
}

#[component]
fn Header(
    stage: Stage,
    name: String,
    node: ArcRwSignal<Arc<Node>>,
    kind: Memo<String>,
    is_current: Memo<bool>,
) -> impl IntoView {
    let title = {
        let name = name.clone();
        Memo::new(move |_| node.with(|node| file::title(&name, node)))
    };
    let is_edited = {
        let name = name.clone();
        Memo::new(move |_| stage.editing.with(|editing| editing.as_ref() == Some(&name)))
    };
    // The kind is said only where the title does not say it already.
    let kind_label = move || {
        let label =
            engine::components::face(&kind.get()).map_or(t("Unknown kind"), |face| t(face.label));
        let is_said = title.with(|title| title.to_lowercase().starts_with(&label.to_lowercase()));
        (!is_said).then_some(label)
    };
    view! {
        <div class="node-header">
            {move || view! { <Tile kind=kind.get() /> }}
            <Show
                when=move || is_edited.get()
                fallback=move || {
                    view! {
                        <span class="node-title">
                            <b title=move || title.get()>{move || title.get()}</b>
                            <em>{move || if is_current.get() { None } else { kind_label() }}</em>
                        </span>
                    }
                }
            >
                <LabelInput stage name=name.clone() title />
            </Show>
            <Show when=move || is_current.get()>
                <span class="live-dot" title=t("A run is here")></span>
            </Show>
        </div>
    }
}

#[component]
fn Summary(node: ArcRwSignal<Arc<Node>>, kind: Memo<String>) -> impl IntoView {
    let text = Memo::new(move |_| {
        node.with(|node| match node.config.as_object() {
            Some(config) => parts::studio().map(|studio| (studio.summary)(&node.kind, config)),
            None => Some(String::new()),
        })
    });
    let shown = move || {
        // Empty for the moment in which that part of the program is still on its way.
        let Some(text) = text.get() else { return Vec::new() };
        if text.is_empty() {
            let known = engine::components::face(&kind.get()).is_some();
            let words = if known {
                t("Not filled in yet")
            } else {
                t("This kind of step is not known here")
            };
            return vec![view! { <i>{words}</i> }.into_any()];
        }
        let views = summary::pieces(&text).into_iter().map(|piece| {
            if piece.is_variable {
                view! { <span class="var">{piece.text}</span> }.into_any()
            } else {
                piece.text.into_any()
            }
        });
        views.collect::<Vec<_>>()
    };
    view! { <p class="node-summary" title=move || text.get()>{shown}</p> }
}

/// What is wrong with a node, in a few words on the card's edge and whole sentences on hovering.
#[component]
fn Badge(problems: Memo<Vec<engine::Problem>>) -> impl IntoView {
    let words = move || {
        problems.with(|problems| {
            let errors = problems.iter().filter(|problem| problem.is_error()).count();
            let count = if errors > 0 { errors } else { problems.len() };
            let words = if errors > 0 {
                tf("{n} to fix", &[("n", &count)])
            } else {
                tf("{n} to check", &[("n", &count)])
            };
            (count > 0).then_some((words, errors > 0))
        })
    };
    let sentences = move || {
        problems.with(|problems| {
            let all =
                problems.iter().map(|problem| format!("{} {}", problem.message, problem.remedy));
            all.collect::<Vec<_>>().join("\n")
        })
    };
    move || {
        words().map(|(words, is_error)| {
            view! {
                <span class="node-badge" class:bad=is_error title=sentences>
                    <Icon name=if is_error { "error" } else { "warning" } small=true />
                    {words}
                </span>
            }
        })
    }
}

/// A node as it is read aloud: "Main menu. Get digits. Step 3. Ways out: Digits to Choice, No input ends here."
fn description(
    stage: Stage,
    name: &str,
    node: &Node,
    problems: &[engine::Problem],
    is_current: bool,
) -> String {
    let face = engine::components::face(&node.kind);
    let mut words = vec![
        file::title(name, node),
        face.map_or(t("Unknown kind"), |face| t(face.label)).to_owned(),
    ];
    if let Some(place) = stage.drawing.place_of(name) {
        words.push(tf("Step {n}", &[("n", &(place + 1))]));
    }
    if is_current {
        words.push(t("A run is here").to_owned());
    }
    let ways = node.states().map(|state| match node.next.get(state) {
        Some(to) => tf(
            "{way} to {step}",
            &[("way", &file::port_label(node, state)), ("step", &stage.drawing.title(to))],
        ),
        None => tf("{way} ends here", &[("way", &file::port_label(node, state))]),
    });
    let ways: Vec<String> = ways.collect();
    if !ways.is_empty() {
        words.push(tf("Ways out: {ways}", &[("ways", &ways.join(", "))]));
    }
    let on_card = stage.marks.on_cards.with(|cards| cards.get(name).copied()).unwrap_or_default();
    if let Some(colour) = on_card.colour {
        words.push(tf("Colour: {colour}", &[("colour", &colour_label(Some(colour)))]));
    }
    if on_card.voices.open > 0 {
        words.push(tn(on_card.voices.open, "{n} comment", "{n} comments"));
    }
    words.extend(problems.iter().map(|problem| problem.message.trim_end_matches('.').to_owned()));
    words.join(". ")
}
