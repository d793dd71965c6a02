//! The places that were found, step by step, each with what stands around it and what would become of it.

use super::panel::Places;
use crate::{
    icon::{Icon, Tile},
    language::{t, tf, tn},
};
use diagram::{
    find::{Hold, Match, Part},
    replace,
};
use leptos::prelude::*;

/// So many places are listed; all of them are counted, marked and replaced.
const LISTED_MAX: usize = 200;
/// So much of the text is shown before a place, and so much after it.
const AROUND: (usize, usize) = (26, 90);

/// The list.
#[component]
pub(super) fn PlaceList() -> impl IntoView {
    let places: Places = expect_context();
    let is_asking = move || places.finding.query.with(|query| !query.text.trim().is_empty());
    let rest = move || places.all.with(Vec::len).saturating_sub(LISTED_MAX);
    let groups = move || {
        let mut groups: Vec<(Subject, Vec<(usize, Match)>)> = Vec::new();
        for (index, place) in places.all.get().into_iter().enumerate().take(LISTED_MAX) {
            let subject = Subject::of(&place.part);
            match groups.last_mut() {
                Some((last, found)) if *last == subject => found.push((index, place)),
                _ => groups.push((subject, vec![(index, place)])),
            }
        }
        groups
    };
    view! {
        <div class="find-list">
            <div id="find-places" role="listbox" aria-label=t("Places found")>
                {move || groups().into_iter().map(|(subject, found)| view! { <Found subject found /> }).collect_view()}
            </div>
            <Show when=move || { rest() > 0 }>
                <p class="faint">{move || tn(rest(), "{n} more place is not listed; it is counted and replaced as well.", "{n} more places are not listed; they are counted and replaced as well.")}</p>
            </Show>
            <Show when=move || !is_asking()>
                <div class="find-hint muted">
                    <p>{t("Finds words in names and labels of steps, in everything that is said, sent or asked, in formulas, numbers, ways out, notes and groups.")}</p>
                    <p class="faint"><kbd>"↑"</kbd>" "<kbd>"↓"</kbd>" "{t("go from place to place,")}" "<kbd>"Enter"</kbd>" "{t("opens the field.")}</p>
                </div>
            </Show>
            <Show when=move || is_asking() && places.all.with(Vec::is_empty)>
                <p class="find-hint muted">{t("No step, text, number, way out or note says so. Try fewer letters, or without matching capitals and whole words.")}</p>
            </Show>
        </div>
    }
}

/// What a place belongs to.
#[derive(Clone, PartialEq)]
enum Subject {
    Step(String),
    Note,
    Group,
}

impl Subject {
    fn of(part: &Part) -> Subject {
        match part {
            Part::Note(_) => Subject::Note,
            Part::Group(_) => Subject::Group,
            part => Subject::Step(part.node().unwrap_or_default().to_owned()),
        }
    }
}

#[component]
fn Found(subject: Subject, found: Vec<(usize, Match)>) -> impl IntoView {
    let places: Places = expect_context();
    let (title, picture) = match &subject {
        Subject::Step(name) => {
            let drawing = places.editing.drawing;
            let kind = drawing.node(name).map(|node| node.kind.clone()).unwrap_or_default();
            (drawing.title(name), view! { <Tile kind /> }.into_any())
        }
        Subject::Note => (t("Notes").to_owned(), other_tile("note")),
        Subject::Group => (t("Groups").to_owned(), other_tile("tidy")),
    };
    let label = title.clone();
    view! {
        <div role="group" aria-label=label>
            <p class="find-subject" aria-hidden="true">{picture}<span class="grow">{title}</span></p>
            {found.into_iter().map(|(index, place)| view! { <Row index place /> }).collect_view()}
        </div>
    }
}

fn other_tile(icon: &'static str) -> AnyView {
    view! { <span class="tile"><Icon name=icon /></span> }.into_any()
}

#[component]
fn Row(index: usize, place: Match) -> impl IntoView {
    let places: Places = expect_context();
    let finding = places.finding;
    let is_picked = move || places.at.get() == index;
    let field = field_words(places, &place.part);
    let (before, piece, after) = around(&place);
    let is_fixed = place.hold == Hold::Fixed;
    let preview = move || {
        let place = place.clone();
        finding.is_replacing.get().then(|| {
            finding.with.with(|with| match replace::becomes(&place, with) {
                Some(_) => view! { <ins><span class="visually-hidden">{t("becomes")}" "</span>{with.clone()}</ins> }.into_any(),
                None => ().into_any(),
            })
        })
    };
    let stays = move || {
        (is_fixed && finding.is_replacing.get()).then(|| {
            view! { <small class="find-stays" title=t("Other steps rely on it. Change it in the settings; every mention follows.")>{t("stays")}</small> }
        })
    };
    view! {
        <div id=format!("place-{index}") role="option" class="find-place" class:is-replacing=move || finding.is_replacing.get() && !is_fixed
            aria-selected=move || is_picked().to_string() on:click=move |_| places.go(index, true)>
            <span class="find-field">{field}{stays}</span>
            <span class="find-text">{before}<mark>{piece}</mark>{preview}{after}</span>
        </div>
    }
}

/// What the place is called: the field's label, and its row.
fn field_words(places: Places, part: &Part) -> String {
    match part {
        Part::Name(_) => t("Name in texts").to_owned(),
        Part::Kind(_) => t("Kind of step").to_owned(),
        Part::Label(_) => t("Label").to_owned(),
        Part::WayOut(port) => {
            let drawing = places.editing.drawing;
            let to = drawing.node(&port.node).and_then(|node| node.next.get(&port.state).cloned());
            let to = to.map(|to| drawing.title(&to)).unwrap_or_default();
            tf("Way out to {step}", &[("step", &to)])
        }
        Part::Note(_) => t("Note").to_owned(),
        Part::Group(_) => t("Group").to_owned(),
        Part::Config { node, path } | Part::Key { node, path } => {
            let key = path.split(['.', '[']).next().unwrap_or_default();
            let node = places.editing.drawing.node(node);
            let spec = node.and_then(|node| engine::components::spec(&node.kind));
            let field = spec.and_then(|spec| spec.fields.iter().find(|field| field.key == key));
            let label = field.map_or_else(|| key.to_owned(), |field| t(field.label).to_owned());
            let row = path[key.len()..].strip_prefix('[').and_then(|rest| rest.split(']').next());
            match row.and_then(|row| row.parse::<usize>().ok()) {
                Some(row) => tf("{field}, row {row}", &[("field", &label), ("row", &(row + 1))]),
                None => label,
            }
        }
    }
}

/// The piece, and what stands before and after it, as far as there is room.
fn around(place: &Match) -> (String, String, String) {
    let in_line = |text: &str| text.replace(['\n', '\r', '\t'], " ");
    let before = &place.text[..place.from];
    let skipped = before.char_indices().rev().nth(AROUND.0 - 1).map_or(0, |(at, _)| at);
    let ellipsis = if skipped > 0 { "…" } else { "" };
    let after: String = place.text[place.to..].chars().take(AROUND.1).collect();
    let piece = &place.text[place.from..place.to];
    (format!("{ellipsis}{}", in_line(&before[skipped..])), in_line(piece), in_line(&after))
}
