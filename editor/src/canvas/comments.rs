//! Comments on a step: a badge on its card, and the words beside it.

use diagram::{Command, Note, Point};
use leptos::ev::KeyboardEvent;
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::canvas::note::TEXT_MAX;
use crate::canvas::stage::Stage;
use crate::icon::Icon;
use crate::language::{t, tf, tn};

const WIDTH_PX: f64 = 288.0;
const HEIGHT_PX: f64 = 240.0;
const MARGIN_PX: f64 = 12.0;

/// How many comments there are on a card's node; a press shows them.
#[component]
pub fn CommentBadge(stage: Stage, name: String) -> impl IntoView {
    let count = Memo::new({
        let name = name.clone();
        move |_| stage.marks.on_cards.with(|cards| cards.get(&name).map_or(0, |card| card.comments))
    });
    move || {
        let name = name.clone();
        let words = tn(count.get(), "{n} comment", "{n} comments");
        (count.get() > 0).then(|| {
            view! {
                <button
                    type="button"
                    class="comment-badge"
                    tabindex="-1"
                    aria-label=words.clone()
                    title=words
                    on:click=move |_| stage.open_comments(&name)
                >
                    <Icon name="note" small=true />
                    {count.get()}
                </button>
            }
        })
    }
}

/// The comments on a step, if they are open.
#[component]
pub fn Comments(stage: Stage) -> impl IntoView {
    move || {
        let node = stage.marks.comments.get()?;
        Some(view! { <CommentList stage node /> })
    }
}

#[component]
fn CommentList(stage: Stage, node: String) -> impl IntoView {
    let list = NodeRef::<Div>::new();
    let names = Memo::new({
        let node = node.clone();
        move |_| {
            stage.drawing.revision();
            stage.drawing.with(|document| {
                let comments = document.marks.comments(&node);
                comments.map(|(name, _)| name.to_owned()).collect::<Vec<_>>()
            })
        }
    });
    Effect::new(move || {
        let Some(list) = list.get() else { return };
        request_animation_frame(move || {
            let field = list.query_selector("textarea").ok().flatten();
            let field = field.or_else(|| list.query_selector("button").ok().flatten());
            if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlElement>().ok()) {
                let _ = field.focus();
            }
        });
    });
    let style = {
        let node = node.clone();
        move || {
            stage.drawing.revision();
            let (camera, size) = (stage.drawing.camera().get(), stage.drawing.size().get());
            let card = stage.drawing.with_scene(|scene, _| scene.card(&node)).unwrap_or_default();
            let at = camera.to_screen(Point::new(card.right(), card.y));
            let left = (at.x + 12.0).min(size.width - WIDTH_PX - MARGIN_PX).max(MARGIN_PX);
            let top = at.y.min(size.height - HEIGHT_PX - MARGIN_PX).max(MARGIN_PX);
            format!("left:{left}px;top:{top}px")
        }
    };
    let title = stage.drawing.title(&node);
    let heading = tf("Comments on {step}", &[("step", &title)]);
    let label = heading.clone();
    let close = {
        let node = node.clone();
        move || {
            stage.close_marks();
            stage.focus_card(&node);
        }
    };
    let pressed = {
        let close = close.clone();
        move |event: KeyboardEvent| {
            event.stop_propagation();
            let is_done = event.key() == "Escape"
                || event.key() == "Enter" && (event.ctrl_key() || event.meta_key());
            if is_done {
                event.prevent_default();
                close();
            }
        }
    };
    let draft = NodeRef::<leptos::html::Textarea>::new();
    let add = move |_| {
        let Some(field) = draft.get_untracked() else { return };
        let text = field.value().trim().to_owned();
        if text.is_empty() {
            return;
        }
        field.set_value("");
        let at = stage.drawing.node(&node).map(|node| node.position).unwrap_or_default();
        let name = stage.drawing.with(|document| document.marks.fresh_note());
        let note = Note { at, text, node: Some(node.clone()), ..Note::default() };
        stage.mark(Command::AddNote { name, note }, t("Comment added"));
    };
    view! {
        <div
            class="comments"
            data-nodrag=""
            data-comments=""
            role="dialog"
            aria-label=label
            node_ref=list
            style=style
            on:keydown=pressed
        >
            <header>
                <b>{heading}</b>
                <button type="button" aria-label=t("Close") title=t("Close") on:click=move |_| close()>
                    <Icon name="close" small=true />
                </button>
            </header>
            <For each=move || names.get() key=String::clone let(name)>
                <Comment stage name />
            </For>
            {(!stage.is_read_only).then(|| view! {
                <textarea
                    node_ref=draft
                    rows="2"
                    aria-label=t("New comment")
                    placeholder=t("Write a comment")
                    maxlength=TEXT_MAX
                    on:change=add
                ></textarea>
            })}
        </div>
    }
}

#[component]
fn Comment(stage: Stage, name: String) -> impl IntoView {
    let text = Memo::new({
        let name = name.clone();
        move |_| stage.note(&name).map(|note| note.text.clone()).unwrap_or_default()
    });
    if stage.is_read_only {
        return view! { <p>{move || text.get()}</p> }.into_any();
    }
    let gone = name.clone();
    let keep = move |event: web_sys::Event| {
        let typed = event_target_value(&event);
        let command = if typed.trim().is_empty() {
            Command::RemoveNote { name: name.clone() }
        } else {
            let colour = untrack(|| stage.note(&name)).and_then(|note| note.colour);
            Command::SetNote { name: name.clone(), text: typed, colour }
        };
        stage.mark(command, t("Comment kept"));
    };
    view! {
        <div class="comment">
            <textarea rows="2" aria-label=t("Comment") maxlength=TEXT_MAX prop:value=move || text.get() on:change=keep></textarea>
            <button
                type="button"
                aria-label=t("Delete the comment")
                title=t("Delete the comment")
                on:click=move |_| stage.mark(Command::RemoveNote { name: gone.clone() }, t("Comment deleted"))
            >
                <Icon name="trash" small=true />
            </button>
        </div>
    }
    .into_any()
}

/// Keeps what is being typed into a comment: a field tells what changed when it loses the focus.
pub fn keep_typed() {
    let focused = document()
        .active_element()
        .filter(|focused| focused.closest("[data-comments]").ok().flatten().is_some());
    if let Some(focused) = focused.and_then(|focused| focused.dyn_into::<HtmlElement>().ok()) {
        let _ = focused.blur();
    }
}
