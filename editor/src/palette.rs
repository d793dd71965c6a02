//! The component library, straight from the engine: find a step, drag it, or press Enter to add it.

use crate::{
    canvas::start_palette_drag,
    commands::{Id, Keymap},
    edit::Editing,
    icon::{Icon, Tile},
    language::{t, tf},
};
use engine::component::Group;
use engine::components::{self, FACES, Face};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// The headings of the palette and the groups below each.
// texts
const HEADINGS: &[(&str, &[Group])] = &[
    ("Begin", &[Group::Trigger]),
    ("Talk and listen", &[Group::Talk, Group::Listen]),
    ("Calls", &[Group::Call]),
    ("Messages", &[Group::Message]),
    ("Decide and connect", &[Group::Logic, Group::Integrate]),
];

/// What people usually add after a kind; the first three that are not obvious from the drawing.
fn usually_next(kind: &str) -> &'static [&'static str] {
    match kind {
        "start" => &["business_hours", "ivr_menu", "make_call"],
        "get_digits" => &["switch", "speak", "http_request"],
        "get_speech" => &["switch", "speak", "call_forward"],
        "ivr_menu" => &["speak", "call_forward", "record_audio"],
        "switch" | "condition" => &["speak", "http_request", "send_sms"],
        "business_hours" => &["ivr_menu", "call_forward", "record_audio"],
        "http_request" | "database_query" => &["speak", "condition", "send_sms"],
        "make_call" => &["speak", "get_digits", "conference"],
        "call_forward" | "transfer_call" => &["record_audio", "speak", "send_sms"],
        "record_audio" => &["email", "speak", "send_sms"],
        "speak" | "play_audio" => &["get_digits", "hangup", "conference"],
        "send_sms" | "send_whatsapp" | "email" => &["wait", "make_call", "http_request"],
        "sms_menu" => &["send_sms", "set_variable", "make_call"],
        "set_variable" | "script" | "wait" => &["condition", "make_call", "send_sms"],
        "loop" | "parallel" => &["make_call", "send_sms", "http_request"],
        "counter" => &["speak", "hangup", "wait"],
        _ => &[],
    }
}

/// The palette.
#[component]
pub fn Palette() -> impl IntoView {
    let editing = Editing::of_context();
    let query = RwSignal::new(String::new());
    let keymap = Keymap::of_context();
    let has_start = Memo::new(move |_| {
        editing
            .drawing
            .with_document(|document| document.nodes.values().any(|node| node.kind == "start"))
    });
    let found = Memo::new(move |_| {
        let wanted = query.get();
        library().filter(|face| is_found(face, &wanted)).map(|face| face.kind).collect::<Vec<_>>()
    });
    let selected_kind = Memo::new(move |_| match editing.drawing.selection().as_slice() {
        [name] => editing
            .drawing
            .with_document(|document| Some(document.nodes.get(name.as_str())?.kind.clone())),
        _ => None,
    });
    let suggested = move || {
        let kinds = selected_kind.get().map(|kind| usually_next(&kind)).unwrap_or_default();
        kinds.iter().filter_map(|kind| components::face(kind)).collect::<Vec<_>>()
    };
    let on_key = move |event: web_sys::KeyboardEvent| match event.key().as_str() {
        "Enter" => {
            if let Some(kind) = found.with_untracked(|found| found.first().copied())
                && !query.read_untracked().trim().is_empty()
            {
                event.prevent_default();
                editing.drawing.add(kind, None);
                query.set(String::new());
            }
        }
        "Escape" => query.set(String::new()),
        "ArrowDown" => {
            event.prevent_default();
            focus_first_item();
        }
        _ => {}
    };
    view! {
        <label class="search">
            <Icon name="search" />
            <input type="search" placeholder=t("Add a step") aria-label=t("Find a step to add") autocomplete="off" spellcheck="false"
                prop:value=move || query.get() on:input=move |event| query.set(event_target_value(&event)) on:keydown=on_key />
            <kbd>{move || keymap.hint(Id::AddStep)}</kbd>
        </label>
        <div class="palette" on:keydown=move_among_items>
            {move || (query.read().trim().is_empty() && !suggested().is_empty()).then(|| view! {
                <h2 class="group">{t("Usually next")}</h2>
                <ul>{suggested().into_iter().map(|face| view! { <Item face=face query=query /> }).collect_view()}</ul>
            })}
            {HEADINGS.iter().map(|(heading, groups)| {
                let items = move || {
                    let found = found.read();
                    library()
                        .filter(|face| groups.contains(&face.group) && found.contains(&face.kind))
                        .filter(|face| face.kind != "start" || !has_start.get())
                        .collect::<Vec<_>>()
                };
                move || {
                    let items = items();
                    (!items.is_empty()).then(|| view! {
                        <h2 class="group">{t(heading)}</h2>
                        <ul>{items.into_iter().map(|face| view! { <Item face=face query=query /> }).collect_view()}</ul>
                    })
                }
            }).collect_view()}
            {move || found.read().is_empty().then(|| view! {
                <p class="faint palette-note">{t("No step is called that. Try what it should do: “text”, “ask”, “branch”.")}</p>
            })}
        </div>
    }
}

#[component]
fn Item(face: &'static Face, query: RwSignal<String>) -> impl IntoView {
    let editing = Editing::of_context();
    let alias = move || matching_alias(face, &query.read());
    view! {
        <li>
            <button type="button" class="blk" title=t(face.summary) data-kind=face.kind aria-label=tf("Add {name}", &[("name", &t(face.label))])
                on:pointerdown=move |event| start_palette_drag(face.kind, &event)
                on:click=move |_| {
                    editing.drawing.add(face.kind, None);
                }>
                <Tile kind=face.kind />
                <span>{t(face.label)}</span>
                <small>{alias}</small>
            </button>
        </li>
    }
}

fn library() -> impl Iterator<Item = &'static Face> {
    FACES.iter()
}

fn is_found(face: &Face, query: &str) -> bool {
    let wanted = query.trim().to_lowercase();
    wanted.is_empty()
        || says(face.label, &wanted)
        || face.kind.contains(&wanted)
        || says(face.summary, &wanted)
        || matching_alias(face, query).is_some()
}

/// Whether a text says what is looked for, in English or in the language that is spoken.
fn says(text: &'static str, wanted: &str) -> bool {
    text.to_lowercase().contains(wanted) || t(text).to_lowercase().contains(wanted)
}

/// The other name by which a search found a component.
fn matching_alias(face: &Face, query: &str) -> Option<String> {
    let wanted = query.trim().to_lowercase();
    if wanted.is_empty() || says(face.label, &wanted) {
        return None;
    }
    face.aliases
        .iter()
        .map(|alias| alias.replace('_', " "))
        .find(|alias| alias.contains(&wanted.replace('_', " ")))
}

fn items() -> Vec<web_sys::HtmlElement> {
    let Ok(list) = document().query_selector_all(".palette .blk") else { return Vec::new() };
    (0..list.length()).filter_map(|index| list.get(index)?.dyn_into().ok()).collect()
}

fn focus_first_item() {
    if let Some(first) = items().first() {
        let _ = first.focus();
    }
}

/// The arrow keys go from one item to the next.
fn move_among_items(event: web_sys::KeyboardEvent) {
    let step = match event.key().as_str() {
        "ArrowDown" => 1,
        "ArrowUp" => -1,
        _ => return,
    };
    let items = items();
    let focused = document().active_element();
    let at = items
        .iter()
        .position(|item| focused.as_ref().is_some_and(|focused| item.is_same_node(Some(focused))));
    let to = at.and_then(|at| at.checked_add_signed(step)).and_then(|at| items.get(at));
    if let Some(item) = to {
        event.prevent_default();
        let _ = item.focus();
    }
}
