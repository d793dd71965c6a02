//! The context menu of a note or a group, and what the menu of a card says about marks.

use diagram::hit::Hit;
use diagram::{Colour, Point, Topic};
use leptos::prelude::*;

use crate::canvas::mark_deeds::colour_cards;
use crate::canvas::marks::{Mark, colour_label};
use crate::canvas::menu::{Entry, MenuList};
use crate::canvas::stage::{Menu, Stage};
use crate::commands::Id;
use crate::language::t;

/// The menu of a mark, if it is open.
#[component]
pub fn MarkMenu(stage: Stage) -> impl IntoView {
    move || {
        stage.marks.menu.get().map(|(at, mark)| {
            let entries = entries(stage, &mark);
            let back = mark.clone();
            let on_close = Callback::new(move |()| {
                stage.marks.menu.set(None);
                stage.focus_mark(&back);
            });
            let on_colour = Callback::new(move |colour| stage.colour_mark(&mark, colour));
            view! { <MenuList stage at entries on_close on_colour=Some(on_colour) /> }
        })
    }
}

fn entry(
    icon: &'static str,
    words: &'static str,
    keys: impl Into<String>,
    action: Callback<()>,
) -> Entry {
    Entry { icon, words, keys: keys.into(), action }
}

fn entries(stage: Stage, mark: &Mark) -> Vec<Entry> {
    let (edited, gone) = (mark.clone(), mark.clone());
    let edit = Callback::new(move |()| stage.marks.editing.set(Some(edited.clone())));
    let remove = Callback::new(move |()| stage.remove_mark(&gone));
    let keys = |id| untrack(|| stage.keymap.hint(id));
    match mark {
        Mark::Note(_) => vec![
            entry("note", t("Write"), "Enter", edit),
            entry("trash", t("Delete"), keys(Id::Delete), remove),
        ],
        Mark::Group(name) => {
            let is_collapsed = untrack(|| stage.group(name)).is_some_and(|g| g.is_collapsed);
            let (toggled, all) = (name.clone(), name.clone());
            let toggle = Callback::new(move |()| stage.toggle_group(&toggled));
            let select = Callback::new(move |()| stage.drawing.select(stage.members(&all)));
            let words = if is_collapsed { t("Open the group") } else { t("Collapse the group") };
            vec![
                entry("note", t("Change title"), keys(Id::EditLabel), edit),
                entry(
                    if is_collapsed { "chevron-down" } else { "chevron-right" },
                    words,
                    "Enter",
                    toggle,
                ),
                entry("check", t("Select its steps"), "Space", select),
                entry("close", t("Ungroup"), keys(Id::Ungroup), remove),
            ]
        }
    }
}

/// What the menu of a card, of an edge or of the paper says about marks.
pub fn more_entries(stage: Stage, menu: &Menu) -> Vec<Entry> {
    let keys = |id| untrack(|| stage.keymap.hint(id));
    match &menu.over {
        Hit::Node(name) | Hit::Input(name) => {
            let commented = name.clone();
            let comment =
                Callback::new(move |()| stage.open_comments(Topic::Node(commented.clone())));
            let group = Callback::new(move |()| stage.group_selected());
            let mut entries = vec![
                entry("comment", t("Comment…"), keys(Id::Comment), comment),
                entry("list", t("Group"), keys(Id::GroupSteps), group),
            ];
            let is_grouped = stage.drawing.with(|document| document.marks.group_of(name).is_some());
            if is_grouped {
                let ungroup = Callback::new(move |()| stage.ungroup_selected());
                entries.push(entry("close", t("Ungroup"), keys(Id::Ungroup), ungroup));
            }
            entries
        }
        Hit::Nothing => {
            let world: Point = stage.to_world(menu.at);
            let add = Callback::new(move |()| stage.add_note(Some(world)));
            let spot = Topic::Spot(world.snapped());
            let comment = Callback::new(move |()| stage.open_comments(spot.clone()));
            vec![
                entry("note", t("Add a note here"), keys(Id::AddNote), add),
                entry("comment", t("Comment here"), keys(Id::Comment), comment),
            ]
        }
        Hit::Port(_) | Hit::Edge(_) => Vec::new(),
    }
}

/// What a press on a colour in the menu of a card does; nothing for what has no colour.
pub fn card_colours(stage: Stage, menu: &Menu) -> Option<Callback<Option<Colour>>> {
    let over = menu.over.clone();
    let has_colour = matches!(over, Hit::Node(_) | Hit::Input(_));
    has_colour.then(|| Callback::new(move |colour| colour_cards(stage, &over, colour)))
}

/// The colours in a row, the first for none.
#[component]
pub fn Colours(stage: Stage, on_colour: Callback<Option<Colour>>) -> impl IntoView {
    // The name of the one under the pointer or with the focus: no colour goes by its look alone.
    let named = RwSignal::new(t("Colour"));
    let all = std::iter::once(None).chain(Colour::ALL.map(Some));
    let dots = all.map(|colour| {
        let label = colour_label(colour);
        view! {
            <button
                type="button"
                role="menuitem"
                class="colour-dot"
                tabindex="-1"
                aria-label=label
                title=label
                data-colour=colour.map(Colour::name)
                on:focus=move |_| named.set(label)
                on:pointerenter=move |_| named.set(label)
                on:click=move |_| {
                    stage.menu.set(None);
                    stage.marks.menu.set(None);
                    on_colour.run(colour);
                }
            ></button>
        }
    });
    view! { <div class="menu-colours" role="group" aria-label=t("Colour")>
        <em>{move || named.get()}</em>
        {dots.collect::<Vec<_>>()}
    </div> }
}
