//! One field for everything: commands, the workflow's steps, steps to add, other workflows. What was used last comes first.

use super::{
    Editing, View,
    actions::{Actions, after_dialog},
};
use crate::commands::{Id, Keymap, TABLE};
use crate::dialog::give_focus_back;
use crate::icon::{Icon, Tile};
use crate::language::{t, tf, tn};
use crate::{backend, theme::local_storage};
use diagram::fuzzy::score;
use engine::component::Group;
use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;

/// Where it is kept what was used last.
const STORED_AS: &str = "phloem.recent-commands";
/// So much of it is remembered.
const RECENT_MAX: usize = 6;
/// So many rows are shown; whoever wants another types on.
const ROWS_MAX: usize = 60;
/// What was used lately counts as if it fitted this much better.
const RECENT_BONUS: i32 = 4;

#[derive(Clone, Debug, PartialEq)]
enum What {
    Command(Id),
    Step(String),
    Component(&'static str),
    Workflow(String),
}

/// Something that can be chosen.
#[derive(Clone, Debug, PartialEq)]
struct Row {
    /// Under which it is remembered.
    key: String,
    what: What,
    words: String,
    /// Further words it is found by.
    also: String,
    /// The icon's or component's name.
    icon: String,
}

impl Row {
    fn heading(&self) -> &'static str {
        match self.what {
            What::Command(_) => t("Commands"),
            What::Step(_) => t("Steps of this workflow"),
            What::Component(_) => t("Steps to add"),
            What::Workflow(_) => t("Other workflows"),
        }
    }
}

/// The dialog.
#[component]
pub fn CommandPalette() -> impl IntoView {
    let editing = Editing::of_context();
    let actions: Actions = expect_context();
    let keymap = Keymap::of_context();
    give_focus_back();
    let query = RwSignal::new(String::new());
    let picked = RwSignal::new(0_usize);
    let element = NodeRef::<html::Dialog>::new();
    let others = LocalResource::new(backend::workflows);
    let recent = StoredValue::new(recent());
    let here = StoredValue::new(rows_here(editing, actions));
    let known = Memo::new(move |_| {
        let mut rows = here.get_value();
        if let Some(Ok(list)) = others.get() {
            let own = editing.draft.id();
            let others = list.workflows.into_iter().filter(|workflow| workflow.id != own);
            rows.extend(others.map(|workflow| Row {
                key: format!("workflow {}", workflow.id),
                words: tf("Open {name}", &[("name", &workflow.name)]),
                also: workflow.id.clone(),
                what: What::Workflow(workflow.id),
                icon: "list".to_owned(),
            }));
        }
        rows
    });
    let found = Memo::new(move |_| {
        let recent = recent.get_value();
        known.with(|known| query.with(|query| fitting(known, query, &recent)))
    });
    Effect::new(move |_| {
        if let Some(dialog) = element.get()
            && !dialog.open()
        {
            let _ = dialog.show_modal();
        }
    });
    let close = move || editing.dialog.set(None);
    let choose = Callback::new(move |row: Row| {
        close();
        remember(&row.key);
        after_dialog(move || carry_out(editing, actions, &row.what));
    });
    let pressed = move |event: web_sys::KeyboardEvent| {
        event.stop_propagation();
        let count = found.with(Vec::len).max(1);
        let at = picked.get_untracked();
        let next = match event.key().as_str() {
            "ArrowDown" => (at + 1) % count,
            "ArrowUp" => (at + count - 1) % count,
            "PageDown" => (at + 8).min(count - 1),
            "PageUp" => at.saturating_sub(8),
            "Enter" => {
                event.prevent_default();
                if let Some(row) = found.with_untracked(|rows| rows.get(at).cloned()) {
                    choose.run(row);
                }
                return;
            }
            _ => return,
        };
        event.prevent_default();
        picked.set(next);
        show_picked(next);
    };
    let beside = move |event: web_sys::MouseEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        let is_backdrop = target
            .zip(element.get_untracked())
            .is_some_and(|(target, dialog)| target.is_same_node(Some(&dialog)));
        if is_backdrop {
            close();
        }
    };
    let active = move || {
        let is_any = found.with(|rows| !rows.is_empty());
        is_any.then(|| format!("command-{}", picked.get()))
    };
    view! {
        <dialog
            node_ref=element
            class="dialog commands"
            aria-label=t("Do anything")
            on:cancel=move |event: web_sys::Event| {
                event.prevent_default();
                close();
            }
            on:click=beside
        >
            <label class="commands-search">
                <Icon name="search" />
                <input
                    type="text"
                    autofocus
                    placeholder=t("Do something, go to a step, open a workflow")
                    aria-label=t("What do you want to do?")
                    role="combobox"
                    aria-expanded="true"
                    aria-autocomplete="list"
                    aria-controls="command-list"
                    aria-activedescendant=active
                    autocomplete="off"
                    spellcheck="false"
                    on:input=move |event| {
                        query.set(event_target_value(&event));
                        picked.set(0);
                    }
                    on:keydown=pressed
                />
                <kbd>"Esc"</kbd>
            </label>
            <ul id="command-list" class="commands-list" role="listbox" aria-label=t("What fits")>
                {move || {
                    let query_is_empty = query.with(|query| query.trim().is_empty());
                    let recent_count = recent.with_value(Vec::len);
                    let mut before = None;
                    found.get().into_iter().enumerate().map(|(index, row)| {
                        let is_recent = query_is_empty && index < recent_count
                            && recent.with_value(|recent| recent.contains(&row.key));
                        let heading = if is_recent { t("Used last") } else { row.heading() };
                        let is_first = before.replace(heading) != Some(heading);
                        let heading = (query_is_empty && is_first)
                            .then(|| view! { <li class="commands-group" role="presentation">{heading}</li> });
                        view! { {heading}<PaletteRow row index picked keymap choose /> }
                    }).collect_view()
                }}
            </ul>
            <p class="commands-none" role="status">
                {move || {
                    let count = found.with(Vec::len);
                    if count == 0 {
                        t("Nothing is called that. Try other words, or fewer letters.").to_owned()
                    } else {
                        tn(count, "{n} fits", "{n} fit")
                    }
                }}
            </p>
        </dialog>
    }
}

#[component]
fn PaletteRow(
    row: Row,
    index: usize,
    picked: RwSignal<usize>,
    keymap: Keymap,
    choose: Callback<Row>,
) -> impl IntoView {
    let is_picked = move || picked.get() == index;
    let picture = match &row.what {
        What::Step(_) | What::Component(_) => view! { <Tile kind=row.icon.clone() /> }.into_any(),
        _ => view! { <span class="tile"><Icon name=row.icon.clone() /></span> }.into_any(),
    };
    let keys = match row.what {
        What::Command(id) => untrack(|| keymap.hint(id)),
        _ => String::new(),
    };
    let words = row.words.clone();
    view! {
        <li
            id=format!("command-{index}")
            role="option"
            class="commands-row"
            aria-selected=move || is_picked().to_string()
            on:pointermove=move |_| {
                if picked.get_untracked() != index {
                    picked.set(index);
                }
            }
            on:click=move |_| choose.run(row.clone())
        >
            {picture}
            <span class="grow">{words}</span>
            {(!keys.is_empty()).then(|| view! { <kbd>{keys}</kbd> })}
        </li>
    }
}

fn carry_out(editing: Editing, actions: Actions, what: &What) {
    match what {
        What::Command(id) => {
            actions.run(*id);
        }
        What::Step(name) => {
            editing.view.set(View::Canvas);
            editing.drawing.reveal(name);
        }
        What::Component(kind) => {
            editing.view.set(View::Canvas);
            let name = editing.drawing.add(kind, None);
            editing.drawing.reveal(&name);
        }
        What::Workflow(id) => {
            actions.go(&format!("/workflows/{}", js_sys::encode_uri_component(id)));
        }
    }
}

fn rows_here(editing: Editing, actions: Actions) -> Vec<Row> {
    let applying = TABLE.iter().filter(|entry| actions.applies(entry.id));
    let mut rows: Vec<Row> = applying
        .map(|entry| Row {
            key: entry.name.to_owned(),
            what: What::Command(entry.id),
            words: entry.title().to_owned(),
            also: format!("{} {}", entry.words, entry.group.title()),
            icon: entry.icon.to_owned(),
        })
        .collect();
    editing.drawing.with(|document| {
        let names = diagram::walk::reading_order(document);
        rows.extend(names.into_iter().filter_map(|name| {
            let node = document.node(&name)?;
            let title = crate::drawing::file::title(&name, node);
            Some(Row {
                key: format!("step {name}"),
                words: tf("Go to {name}", &[("name", &title)]),
                icon: node.kind.clone(),
                also: name.clone(),
                what: What::Step(name),
            })
        }));
    });
    let specs = engine::components::LIBRARY.iter();
    rows.extend(specs.filter(|spec| spec.group != Group::Trigger).map(|spec| Row {
        key: format!("add {}", spec.kind),
        words: tf("Add {name}", &[("name", &t(spec.label))]),
        also: format!("{} {}", spec.label, spec.aliases.join(" ")),
        icon: spec.kind.to_owned(),
        what: What::Component(spec.kind),
    }));
    rows
}

/// What fits the query, best first. Without a query: what was used last, then everything in its order.
fn fitting(known: &[Row], query: &str, recent: &[String]) -> Vec<Row> {
    let is_recent = |row: &Row| recent.contains(&row.key);
    if query.trim().is_empty() {
        let last = recent.iter().filter_map(|key| known.iter().find(|row| row.key == *key));
        let others = known.iter().filter(|row| !is_recent(row));
        return last.chain(others).take(ROWS_MAX).cloned().collect();
    }
    let mut found: Vec<(i32, &Row)> = known
        .iter()
        .filter_map(|row| {
            let by_words = score(query, &row.words);
            // Found by another name is good, found by its own is better.
            let by_others = score(query, &row.also).map(|points| points - RECENT_BONUS);
            let bonus = if is_recent(row) { RECENT_BONUS } else { 0 };
            Some((by_words.max(by_others)? + bonus, row))
        })
        .collect();
    found.sort_by_key(|(points, _)| std::cmp::Reverse(*points));
    found.into_iter().take(ROWS_MAX).map(|(_, row)| row.clone()).collect()
}

fn recent() -> Vec<String> {
    let kept = local_storage().and_then(|storage| storage.get_item(STORED_AS).ok().flatten());
    kept.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}

fn remember(key: &str) {
    let mut keys = recent();
    keys.retain(|other| other != key);
    keys.insert(0, key.to_owned());
    keys.truncate(RECENT_MAX);
    if let (Some(storage), Ok(text)) = (local_storage(), serde_json::to_string(&keys)) {
        // Without storage nothing is remembered, and nothing else is lost.
        let _ = storage.set_item(STORED_AS, &text);
    }
}

fn show_picked(index: usize) {
    let options = web_sys::ScrollIntoViewOptions::new();
    options.set_block(web_sys::ScrollLogicalPosition::Nearest);
    if let Some(row) = document().get_element_by_id(&format!("command-{index}")) {
        row.scroll_into_view_with_scroll_into_view_options(&options);
    }
}
