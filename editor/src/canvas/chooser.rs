//! The list of steps: what should come here? Opened by letting an edge go, by a "+", by a key.

use diagram::{PortId, search, walk};
use engine::component::{Group, Spec};
use leptos::ev::KeyboardEvent;
use leptos::html::{Input, Ul};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::canvas::stage::{Chooser, Purpose, Stage};
use crate::icon::{Icon, Tile};
use crate::language::{t, tf};

/// The list's width and the most it is high, in screen pixels; as in the style sheet.
const WIDTH_PX: f64 = 288.0;
const HEIGHT_PX: f64 = 372.0;
const MARGIN_PX: f64 = 8.0;

/// Something that can be chosen.
#[derive(Clone, Debug, PartialEq)]
enum Choice {
    /// A new node of this kind.
    New(&'static str),
    /// A node that is there already.
    Old(String),
}

/// The list, if it is open.
#[component]
pub fn ChooserPopover(stage: Stage) -> impl IntoView {
    move || stage.chooser.get().map(|chooser| view! { <ChooserList stage chooser /> })
}

#[component]
fn ChooserList(stage: Stage, chooser: Chooser) -> impl IntoView {
    let query = RwSignal::new(String::new());
    let picked = RwSignal::new(0_usize);
    let input = NodeRef::<Input>::new();
    let list = NodeRef::<Ul>::new();
    Effect::new(move || {
        if let Some(input) = input.get() {
            let _ = input.focus();
        }
    });
    let Chooser { at, purpose } = chooser;
    let size = stage.drawing.size().get_untracked();
    let left = at.x.min(size.width - WIDTH_PX - MARGIN_PX).max(MARGIN_PX);
    let top = at.y.min(size.height - HEIGHT_PX - MARGIN_PX).max(MARGIN_PX);
    let (title, hint) = match &purpose {
        Purpose::From(port, _) => {
            let label = stage.drawing.port_label(port);
            let title = stage.drawing.title(&port.node);
            (tf("After “{way}”", &[("way", &label)]), title)
        }
        Purpose::Into(_) => (t("Put in between").to_owned(), String::new()),
        Purpose::At(_) | Purpose::After => (t("Add a step").to_owned(), String::new()),
    };
    let choices = {
        let purpose = purpose.clone();
        Memo::new(move |_| choices(stage, &purpose, &query.get()))
    };
    let close = move || {
        stage.chooser.set(None);
        stage.forget_wire();
    };
    let choose = {
        let purpose = purpose.clone();
        move |choice: Choice| {
            close();
            take(stage, &purpose, choice);
        }
    };
    let go_back = {
        let purpose = purpose.clone();
        move || {
            close();
            match &purpose {
                Purpose::From(port, None) => stage.focus_port(port),
                _ => stage.focus_surface(),
            }
        }
    };
    let pressed = {
        let choose = choose.clone();
        move |event: KeyboardEvent| {
            event.stop_propagation();
            let count = choices.with(Vec::len);
            let at = picked.get_untracked();
            let next = match event.key().as_str() {
                "ArrowDown" => (at + 1) % count.max(1),
                "ArrowUp" => (at + count.saturating_sub(1)) % count.max(1),
                "Home" if query.with_untracked(String::is_empty) => 0,
                "End" if query.with_untracked(String::is_empty) => count.saturating_sub(1),
                "Enter" => {
                    event.prevent_default();
                    if let Some(choice) = choices.with_untracked(|all| all.get(at).cloned()) {
                        choose(choice);
                    }
                    return;
                }
                "Escape" | "Tab" => {
                    event.prevent_default();
                    go_back();
                    return;
                }
                _ => return,
            };
            event.prevent_default();
            picked.set(next);
            show_picked(list, next);
        }
    };
    let active = move || format!("chooser-{}", picked.get());
    let label = title.clone();
    view! {
        <div
            class="chooser"
            data-nodrag=""
            data-testid="chooser"
            role="dialog"
            aria-label=label
            style=format!("left:{left}px;top:{top}px")
        >
            <p class="chooser-title"><b>{title}</b><span>{hint}</span></p>
            <div class="chooser-search">
                <Icon name="search" small=true />
                <input
                    node_ref=input
                    type="text"
                    placeholder=t("What comes next?")
                    aria-label=t("Search steps")
                    role="combobox"
                    aria-expanded="true"
                    aria-controls="chooser-list"
                    aria-activedescendant=active
                    autocomplete="off"
                    spellcheck="false"
                    on:input=move |event| {
                        query.set(event_target_value(&event));
                        picked.set(0);
                    }
                    on:keydown=pressed
                />
            </div>
            <ul id="chooser-list" class="chooser-list" role="listbox" node_ref=list>
                {move || {
                    let choose = choose.clone();
                    let all = choices.get();
                    if all.is_empty() {
                        return view! { <li class="chooser-none">{t("Nothing fits. Try another word.")}</li> }.into_any();
                    }
                    let mut before = None;
                    all.into_iter()
                        .enumerate()
                        .map(|(index, choice)| {
                            let heading = heading(&choice);
                            let is_first = before.replace(heading) != Some(heading);
                            let heading = is_first.then(|| view! { <li class="chooser-group" role="presentation">{heading}</li> });
                            let choose = choose.clone();
                            view! {
                                {heading}
                                <ChoiceRow stage choice=choice.clone() index picked on_choose=Callback::new(move |()| choose(choice.clone())) />
                            }
                        })
                        .collect::<Vec<_>>()
                        .into_any()
                }}
            </ul>
        </div>
    }
}

#[component]
fn ChoiceRow(
    stage: Stage,
    choice: Choice,
    index: usize,
    picked: RwSignal<usize>,
    on_choose: Callback<()>,
) -> impl IntoView {
    let (kind, words, hint, test_id) = match &choice {
        Choice::New(kind) => {
            let spec = engine::components::spec(kind);
            let label = spec.map_or(*kind, |spec| t(spec.label));
            (
                (*kind).to_owned(),
                label.to_owned(),
                spec.map_or("", |spec| t(spec.summary)).to_owned(),
                format!("choose-{kind}"),
            )
        }
        Choice::Old(name) => {
            let kind = stage.drawing.node(name).map(|node| node.kind.clone()).unwrap_or_default();
            (kind, stage.drawing.title(name), String::new(), format!("choose-node-{name}"))
        }
    };
    view! {
        <li
            id=format!("chooser-{index}")
            class="chooser-row"
            role="option"
            data-testid=test_id
            aria-selected=move || if picked.get() == index { "true" } else { "false" }
            title=hint
            on:pointermove=move |_| {
                if picked.get_untracked() != index {
                    picked.set(index);
                }
            }
            on:click=move |_| on_choose.run(())
        >
            <Tile kind=kind />
            <span>{words}</span>
        </li>
    }
}

fn show_picked(list: NodeRef<Ul>, index: usize) {
    let Some(list) = list.get_untracked() else { return };
    let row = list.query_selector(&format!("#chooser-{index}")).ok().flatten();
    if let Some(row) = row.and_then(|row| row.dyn_into::<web_sys::HtmlElement>().ok()) {
        let (top, bottom) = (row.offset_top(), row.offset_top() + row.offset_height());
        let (from, room) = (list.scroll_top(), list.client_height());
        if top < from {
            list.set_scroll_top(top);
        } else if bottom > from + room {
            list.set_scroll_top(bottom - room);
        }
    }
}

fn heading(choice: &Choice) -> &'static str {
    match choice {
        Choice::Old(_) => t("Go to"),
        Choice::New(kind) => match engine::components::spec(kind).map(|spec| spec.group) {
            Some(Group::Trigger) => t("Begin"),
            Some(Group::Talk | Group::Listen) => t("Talk and listen"),
            Some(Group::Call) => t("Calls"),
            Some(Group::Message) => t("Messages"),
            Some(Group::Logic) => t("Decide"),
            Some(Group::Integrate) | None => t("Connect"),
        },
    }
}

/// What fits: new steps by the order of the palette, and for a way out also the steps that are there.
fn choices(stage: Stage, purpose: &Purpose, query: &str) -> Vec<Choice> {
    let words: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
    let needs_input = !matches!(purpose, Purpose::At(_));
    let specs = engine::components::LIBRARY.iter().copied();
    let fitting = specs.filter(|spec| {
        let (kind, aliases) = (spec.kind, spec.aliases.join(" "));
        let spoken = format!("{} {}", t(spec.label), t(spec.summary));
        let text = format!("{spoken} {} {kind} {} {aliases}", spec.label, spec.summary);
        let text = text.to_lowercase();
        (!needs_input || spec.group != Group::Trigger)
            && words.iter().all(|word| text.contains(word))
    });
    let mut specs: Vec<&'static Spec> = fitting.collect();
    // What is called so comes before what is also known so, and that before what merely mentions it.
    specs.sort_by_key(|spec| {
        let Some(word) = words.first() else { return 0 };
        let is_called =
            [spec.label, t(spec.label)].iter().any(|name| name.to_lowercase().contains(word));
        let is_known = spec.aliases.iter().any(|alias| alias.to_lowercase().contains(word));
        if is_called { 0 } else { 2 - u8::from(is_known) }
    });
    let new = specs.into_iter().map(|spec| Choice::New(spec.kind));
    let Purpose::From(port, _) = purpose else { return new.collect() };
    let old = targets(stage, port, query).into_iter().map(Choice::Old);
    // Whoever types a step's name means that step.
    if words.is_empty() { new.chain(old).collect() } else { old.chain(new).collect() }
}

fn targets(stage: Stage, port: &PortId, query: &str) -> Vec<String> {
    let current =
        stage.drawing.node(&port.node).and_then(|node| node.next.get(&port.state).cloned());
    stage.drawing.with(|document| {
        let names = if query.trim().is_empty() {
            walk::reading_order(document)
        } else {
            search::search(document, query).into_iter().map(|found| found.name).collect()
        };
        let can_enter =
            |name: &String| document.node(name).is_some_and(|node| node.shape.has_input);
        names.into_iter().filter(|name| can_enter(name) && current.as_ref() != Some(name)).collect()
    })
}

fn take(stage: Stage, purpose: &Purpose, choice: Choice) {
    let drawing = stage.drawing;
    let name = match (purpose, choice) {
        (Purpose::From(port, _), Choice::Old(name)) => {
            stage.connect(port.clone(), &name);
            stage.focus_port(port);
            return;
        }
        (_, Choice::Old(name)) => {
            drawing.reveal(&name);
            return;
        }
        (Purpose::From(port, at), Choice::New(kind)) => drawing.add_from(kind, port, *at),
        (Purpose::Into(port), Choice::New(kind)) => drawing.add_into_edge(kind, port),
        (Purpose::At(at), Choice::New(kind)) => drawing.add(kind, Some((at.x, at.y))),
        (Purpose::After, Choice::New(kind)) => drawing.add(kind, None),
    };
    stage.say(tf("{step} added", &[("step", &drawing.title(&name))]));
    stage.focus_card(&name);
}
