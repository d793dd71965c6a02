//! One group: a frame with a title behind its steps, or one card that stands for all of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use diagram::{Colour, Command, Group, Rect, geometry, marks};
use leptos::ev::KeyboardEvent;
use leptos::html::Input;
use leptos::prelude::*;

use crate::canvas::Lit;
use crate::canvas::marks::{Mark, OnCard};
use crate::canvas::stage::Stage;
use crate::icon::Icon;
use crate::language::{t, tf, tn};
use crate::parts;

/// A group's frame, or its card while it is collapsed. Follows its steps while they are carried.
#[component]
pub fn GroupFrame(stage: Stage, name: String, lit: Memo<Lit>) -> impl IntoView {
    let mark = Mark::Group(name.clone());
    let group = Memo::new({
        let name = name.clone();
        move |_| stage.group(&name).unwrap_or_default()
    });
    let is_collapsed = Memo::new(move |_| group.with(|group| group.is_collapsed));
    let style = move || {
        let rect = rect(stage, &group.get()).unwrap_or_default();
        format!(
            "transform:translate({}px,{}px);width:{}px;height:{}px",
            rect.x, rect.y, rect.width, rect.height
        )
    };
    let count = Memo::new(move |_| {
        let group = group.get();
        stage.drawing.with(|document| group.nodes.iter().filter(|n| document.contains(n)).count())
    });
    let is_live = Memo::new(move |_| {
        group.with(|group| lit.with(|lit| group.nodes.iter().any(|n| lit.current.contains(n))))
    });
    let is_visited = Memo::new(move |_| {
        group.with(|group| lit.with(|lit| group.nodes.iter().any(|n| lit.visited.contains(n))))
    });
    // An open group's steps show by themselves that they are selected.
    let is_selected = Memo::new(move |_| {
        let selected = |name: &String| stage.drawing.selected().with(|all| all.contains(name));
        group.with(|group| group.is_collapsed && group.nodes.iter().any(selected))
    });
    let troubled = Memo::new(move |_| {
        let group = group.get();
        stage
            .problems
            .with(|all| group.nodes.iter().filter_map(|n| all.get(n)).map(Vec::len).sum::<usize>())
    });
    let commented = Memo::new(move |_| {
        let of = |cards: &BTreeMap<String, OnCard>, name| {
            cards.get(name).map_or(0, |card| card.voices.open)
        };
        let group = group.get();
        stage
            .marks
            .on_cards
            .with(|cards| group.nodes.iter().map(|name| of(cards, name)).sum::<usize>())
    });
    let title = move || group.with(|group| title(group));
    let label = move || {
        let count = tn(count.get(), "{n} step", "{n} steps");
        let state = if is_collapsed.get() { t("collapsed") } else { t("open") };
        let label = tf(
            "Group {title}, {count}, {state}",
            &[("title", &title()), ("count", &count), ("state", &state)],
        );
        match troubled.get() {
            0 => label,
            wrong => format!("{label}, {}", tn(wrong, "{n} problem", "{n} problems")),
        }
    };
    let is_edited = Memo::new({
        let mark = mark.clone();
        move |_| stage.marks.editing.with(|editing| editing.as_ref() == Some(&mark))
    });
    let frame_name = name.clone();
    let is_tab_stop = Memo::new({
        let mark = mark.clone();
        move |_| stage.marks.tab_stop().as_ref() == Some(&mark)
    });
    let held = StoredValue::new(mark.clone());
    let on = move |event: &web_sys::Event| held.with_value(|mark| stage.mark_event(mark, event));
    view! {
        <div
            class="group-frame"
            class:collapsed=move || is_collapsed.get()
            class:live=move || is_live.get()
            class:visited=move || is_visited.get()
            class:selected=move || is_selected.get()
            data-mark=""
            data-group-frame=frame_name
            data-colour=move || group.with(|group| group.colour.unwrap_or(Colour::Grey).name())
            style=style
            on:pointerdown=move |event| on(&event)
            on:pointermove=move |event| on(&event)
            on:pointerup=move |event| on(&event)
            on:pointercancel=move |event| on(&event)
            on:contextmenu=move |event| on(&event)
            on:dblclick=move |event| on(&event)
            on:focusin=move |_| held.with_value(|mark| stage.marks.active.set(Some(mark.clone())))
        >
            <div
                class="group-title"
                data-group-title=name
                role="group"
                aria-roledescription=t("group")
                aria-label=label
                tabindex=move || if is_tab_stop.get() { "0" } else { "-1" }
            >
                <button
                    type="button"
                    class="group-toggle"
                    tabindex="-1"
                    aria-expanded=move || if is_collapsed.get() { "false" } else { "true" }
                    aria-label=move || if is_collapsed.get() { t("Open the group") } else { t("Collapse the group") }
                    title=move || if is_collapsed.get() { t("Open the group") } else { t("Collapse the group") }
                    on:click=move |event| on(&event)
                >
                    {move || view! { <Icon name=if is_collapsed.get() { "chevron-right" } else { "chevron-down" } small=true /> }}
                </button>
                <Show when=move || is_edited.get() fallback=move || view! { <b title=title>{title}</b> }>
                    {
                        let mark = mark.clone();
                        move || parts::studio().map(|studio| (studio.marks.input)(stage, mark.clone()))
                    }
                </Show>
                <Show when=move || is_live.get() && is_collapsed.get()>
                    <span class="live-dot" title=t("A run is here")></span>
                </Show>
            </div>
            <Show when=move || is_collapsed.get()>
                <p class="group-count">
                    <span>{move || tn(count.get(), "{n} step", "{n} steps")}</span>
                    {move || {
                        let count = commented.get();
                        (count > 0).then(|| view! { <span>{tn(count, "{n} comment", "{n} comments")}</span> })
                    }}
                    {move || {
                        let count = troubled.get();
                        (count > 0).then(|| view! { <em><Icon name="warning" small=true />{tn(count, "{n} problem", "{n} problems")}</em> })
                    }}
                </p>
            </Show>
        </div>
    }
}

fn title(group: &Group) -> String {
    if group.label.is_empty() { t("Group").to_owned() } else { group.label.clone() }
}

/// What the group covers, with its cards where they are on the screen. Tracked.
fn rect(stage: Stage, group: &Arc<Group>) -> Option<Rect> {
    let cards = group.nodes.iter().filter_map(|name| {
        let height = geometry::card_height(stage.drawing.node(name)?.row_count());
        let at = stage.drawing.card(name)?.at.get();
        Some(Rect::new(at.x, at.y, geometry::CARD_WIDTH_PX, height))
    });
    stage.drawing.revision();
    let bounds = cards.reduce(|all, one| all.union(&one))?;
    Some(if group.is_collapsed { marks::folded(bounds) } else { marks::frame(bounds) })
}

/// The field in which a group gets its title. Enter and leaving it keep what was typed, Escape does not.
#[component]
pub fn TitleInput(stage: Stage, name: String) -> impl IntoView {
    let input = NodeRef::<Input>::new();
    Effect::new(move || {
        let Some(input) = input.get() else { return };
        request_animation_frame(move || {
            let _ = input.focus();
            input.select();
        });
    });
    let mark = Mark::Group(name.clone());
    let before = untrack(|| stage.group(&name)).unwrap_or_default();
    let text = before.label.clone();
    let finish = move |is_kept: bool, stays: bool| {
        if stage.marks.editing.with_untracked(|editing| editing.as_ref() != Some(&mark)) {
            return;
        }
        let Some(input) = input.try_get_untracked().flatten() else { return };
        let label = input.value().trim().to_owned();
        stage.marks.editing.set(None);
        if is_kept
            && label != before.label
            && let Some(group) = untrack(|| stage.group(&name))
        {
            let group = Group { label, ..(*group).clone() };
            stage.mark(Command::SetGroup { name: name.clone(), group }, t("Group named"));
        }
        if stays {
            stage.focus_mark(&mark);
        }
    };
    let leave = finish.clone();
    let pressed = move |event: KeyboardEvent| {
        event.stop_propagation();
        match event.key().as_str() {
            "Enter" => finish(true, true),
            "Escape" => finish(false, true),
            _ => {}
        }
    };
    view! {
        <input
            node_ref=input
            class="node-label"
            aria-label=t("Title of the group")
            placeholder=t("What do these steps do?")
            maxlength="80"
            prop:value=text
            on:keydown=pressed
            on:blur=move |_| leave(true, false)
        />
    }
}
