//! The comments on a step or on a place of the paper: who said what and when, what is settled, and a field to answer.

use diagram::{Command, Comment, Note, Point, Position, Topic, marks};
use leptos::ev::KeyboardEvent;
use leptos::html::{Div, Textarea};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::canvas::note::TEXT_MAX;
use crate::canvas::stage::Stage;
use crate::icon::Icon;
use crate::language::{t, tf, tn};
use crate::session::Session;
use crate::words;

const WIDTH_PX: f64 = 320.0;
const HEIGHT_PX: f64 = 300.0;
const MARGIN_PX: f64 = 12.0;

impl Stage {
    /// Opens the comments on what has the focus or is selected, or else on the place of the paper where the pointer is.
    pub fn comment(self) {
        let card = super::keyboard::focused_card(self);
        let card = card.or_else(|| self.drawing.selection_untracked().into_iter().next());
        let topic = card.map_or_else(|| Topic::Spot(self.spot_in_view().snapped()), Topic::Node);
        self.open_comments(topic);
    }

    fn spot_in_view(self) -> Point {
        let size = self.drawing.size().get_untracked();
        let pointer = self.pointer.get_value();
        let is_inside =
            pointer.x > 0.0 && pointer.y > 0.0 && pointer.x < size.width && pointer.y < size.height;
        let middle = Point::new(size.width / 2.0 - WIDTH_PX, size.height / 3.0);
        self.to_world(if is_inside { pointer } else { middle })
    }

    /// Closes the comments; the keyboard goes back to what they are about.
    pub fn close_comments(self) {
        match self.marks.comments.get_untracked() {
            Some(Topic::Node(name)) => self.focus_card(&name),
            _ => self.focus_surface(),
        }
        self.marks.comments.set(None);
    }
}

/// What a thread is called.
pub fn title(stage: Stage, topic: &Topic) -> String {
    match topic {
        Topic::Node(name) => stage.drawing.title(name),
        Topic::Spot(_) => t("The canvas").to_owned(),
    }
}

/// The comments on one thing, if they are open.
#[component]
pub fn Comments(stage: Stage) -> impl IntoView {
    move || {
        let topic = stage.marks.comments.get()?;
        Some(view! { <Thread stage topic /> })
    }
}

#[component]
fn Thread(stage: Stage, topic: Topic) -> impl IntoView {
    let dialog = NodeRef::<Div>::new();
    let names = Memo::new({
        let topic = topic.clone();
        move |_| {
            stage.drawing.revision();
            stage.drawing.with(|document| {
                let thread = marks::threads(document).remove(&topic).unwrap_or_default();
                thread.into_iter().map(|(name, _)| name.to_owned()).collect::<Vec<_>>()
            })
        }
    });
    Effect::new(move || {
        let Some(dialog) = dialog.get() else { return };
        // At once, so that whoever types on after the key loses no letter.
        let field = dialog.query_selector(".comment-answer textarea").ok().flatten();
        let field = field.or_else(|| dialog.query_selector("button").ok().flatten());
        if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlElement>().ok()) {
            let _ = field.focus();
        }
    });
    let style = {
        let topic = topic.clone();
        move || {
            stage.drawing.revision();
            let Point { x, y } = place(stage, &topic);
            format!("left:{x}px;top:{y}px")
        }
    };
    let heading = tf("Comments: {about}", &[("about", &title(stage, &topic))]);
    let label = heading.clone();
    let pressed = move |event: KeyboardEvent| {
        event.stop_propagation();
        if event.key() == "Escape" {
            event.prevent_default();
            stage.close_comments();
        }
    };
    view! {
        <div
            class="comments"
            data-nodrag=""
            role="dialog"
            aria-label=label
            node_ref=dialog
            style=style
            on:keydown=pressed
        >
            <header>
                <b>{heading}</b>
                <button type="button" class="btn ghost small square" aria-label=t("Close") title=t("Close") on:click=move |_| stage.close_comments()>
                    <Icon name="close" small=true />
                </button>
            </header>
            <Show when=move || !names.with(Vec::is_empty)>
                <ol class="comment-list">
                    <For each=move || names.get() key=String::clone let(name)>
                        <Said stage name />
                    </For>
                </ol>
            </Show>
            {(!stage.is_read_only).then(|| view! { <Answer stage topic /> })}
        </div>
    }
}

/// Beside what they are about, as far as there is room.
fn place(stage: Stage, topic: &Topic) -> Point {
    let (camera, size) = (stage.drawing.camera().get(), stage.drawing.size().get());
    let corner = match topic {
        Topic::Node(name) => {
            let card = stage.drawing.with_scene(|scene, _| scene.card(name)).unwrap_or_default();
            Point::new(card.right(), card.y)
        }
        Topic::Spot(at) => Point::from(*at),
    };
    let at = camera.to_screen(corner);
    Point::new(
        (at.x + 16.0).min(size.width - WIDTH_PX - MARGIN_PX).max(MARGIN_PX),
        at.y.min(size.height - HEIGHT_PX - MARGIN_PX).max(MARGIN_PX),
    )
}

/// Where a new comment is written. What was typed and not sent is still there when the comments are opened again.
#[component]
fn Answer(stage: Stage, topic: Topic) -> impl IntoView {
    let field = NodeRef::<Textarea>::new();
    let typed = stage.marks.typed;
    let text =
        RwSignal::new(typed.with_value(|typed| typed.get(&topic).cloned()).unwrap_or_default());
    let session = use_context::<Session>();
    let about = topic.clone();
    let send = move || {
        let said = text.get_untracked().trim().to_owned();
        if said.is_empty() {
            return;
        }
        let (at, node) = match &about {
            Topic::Node(name) => {
                let node = stage.drawing.node(name);
                (node.map(|node| node.position).unwrap_or_default(), Some(name.clone()))
            }
            Topic::Spot(at) => (*at, None),
        };
        let comment = Comment {
            by: untrack(|| session.and_then(Session::get))
                .map(|session| session.name)
                .unwrap_or_default(),
            written_at: js_sys::Date::new_0().to_iso_string().into(),
            is_resolved: false,
        };
        let note = Note { at, node, text: said, comment: Some(comment), ..Note::default() };
        let name = stage.drawing.with(|document| document.marks.fresh_note());
        stage.mark(Command::AddNote { name, note }, t("Comment added"));
        typed.update_value(|typed| drop(typed.remove(&about)));
        text.set(String::new());
        if let Some(field) = field.get_untracked() {
            let _ = field.focus();
        }
    };
    let by_key = send.clone();
    view! {
        <div class="comment-answer">
            <textarea
                node_ref=field
                class="input"
                rows="2"
                aria-label=t("New comment")
                placeholder=t("Say what the next person should know")
                maxlength=TEXT_MAX
                prop:value=move || text.get()
                on:input=move |event| {
                    let now = event_target_value(&event);
                    typed.update_value(|typed| drop(typed.insert(topic.clone(), now.clone())));
                    text.set(now);
                }
                on:keydown=move |event| {
                    if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
                        event.prevent_default();
                        by_key();
                    }
                }
            ></textarea>
            <div class="comment-deeds">
                <kbd>"Ctrl+Enter"</kbd>
                <button type="button" class="btn primary small" disabled=move || text.with(|text| text.trim().is_empty()) on:click=move |_| send()>
                    {t("Comment")}
                </button>
            </div>
        </div>
    }
}

/// One comment.
#[component]
fn Said(stage: Stage, name: String) -> impl IntoView {
    let note = Memo::new({
        let name = name.clone();
        move |_| stage.note(&name).unwrap_or_default()
    });
    let is_edited = RwSignal::new(false);
    let about = move || note.with(|note| note.comment.clone().unwrap_or_default());
    let by = move || match about().by {
        by if by.is_empty() => t("Somebody").to_owned(),
        by => by,
    };
    let is_resolved = Memo::new(move |_| about().is_resolved);
    let when = move || {
        let written_at = about().written_at;
        (!written_at.is_empty()).then(|| {
            view! { <time datetime=written_at.clone() title=words::moment(&written_at)>{words::ago(&written_at)}</time> }
        })
    };
    let held = StoredValue::new(name);
    let resolve = move |_| {
        let is_resolved = !is_resolved.get_untracked();
        let words = if is_resolved { t("Resolved") } else { t("Opened again") };
        stage.mark(Command::ResolveComment { name: held.get_value(), is_resolved }, words);
    };
    let remove = move |_| {
        stage.mark(Command::RemoveNote { name: held.get_value() }, t("Comment deleted"));
        focus_field();
    };
    let keep = move |event: web_sys::Event| {
        let text = event_target_value(&event).trim().to_owned();
        let colour = untrack(|| note.with(|note| note.colour));
        is_edited.set(false);
        if !text.is_empty() && note.with_untracked(|note| note.text != text) {
            stage.mark(
                Command::SetNote { name: held.get_value(), text, colour },
                t("Comment changed"),
            );
        }
    };
    let pressed = move |event: KeyboardEvent| {
        let is_done = event.key() == "Escape"
            || event.key() == "Enter" && (event.ctrl_key() || event.meta_key());
        if is_done {
            event.prevent_default();
            event.stop_propagation();
            // Leaving the field keeps what was typed.
            focus_field();
        }
    };
    view! {
        <li class="comment" class:settled=move || is_resolved.get()>
            <span class="comment-face" aria-hidden="true">{move || by().chars().next().map(|first| first.to_uppercase().to_string())}</span>
            <div class="comment-said">
                <p class="comment-by">
                    <b>{by}</b>
                    {when}
                    <Show when=move || is_resolved.get()><span class="chip">{t("Resolved")}</span></Show>
                </p>
                <Show
                    when=move || is_edited.get()
                    fallback=move || view! { <p class="comment-text">{move || note.with(|note| note.text.clone())}</p> }
                >
                    <textarea
                        class="input"
                        rows="3"
                        autofocus
                        aria-label=t("Comment")
                        maxlength=TEXT_MAX
                        prop:value=move || note.with(|note| note.text.clone())
                        on:change=keep
                        on:blur=move |_| is_edited.set(false)
                        on:keydown=pressed
                    ></textarea>
                </Show>
                {(!stage.is_read_only).then(|| view! {
                    <div class="comment-deeds">
                        <button type="button" class="btn ghost small" on:click=resolve>
                            <Icon name=Signal::derive(move || if is_resolved.get() { "undo".to_owned() } else { "check".to_owned() }) small=true />
                            {move || if is_resolved.get() { t("Open again") } else { t("Resolve") }}
                        </button>
                        <button type="button" class="btn ghost small" on:click=move |_| is_edited.set(true)>{t("Change")}</button>
                        <button type="button" class="btn ghost small square" aria-label=t("Delete the comment") title=t("Delete the comment") on:click=remove>
                            <Icon name="trash" small=true />
                        </button>
                    </div>
                })}
            </div>
        </li>
    }
}

/// The keyboard goes to the field for an answer.
fn focus_field() {
    let field = document().query_selector(".comment-answer textarea").ok().flatten();
    if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlElement>().ok()) {
        let _ = field.focus();
    }
}

/// Every comment of the workflow, if that list is open.
#[component]
pub fn AllComments(stage: Stage) -> impl IntoView {
    let shows_settled = RwSignal::new(false);
    let threads = Memo::new(move |_| {
        stage.drawing.revision();
        stage.drawing.with(|document| {
            let threads = marks::threads(document).into_iter();
            let row = |(topic, thread): (Topic, Vec<(&str, &std::sync::Arc<Note>)>)| {
                let is_open =
                    |note: &Note| !note.comment.as_ref().is_some_and(|comment| comment.is_resolved);
                let open = thread.iter().filter(|(_, note)| is_open(note)).count();
                let last = thread.iter().rev().find(|(_, note)| open == 0 || is_open(note));
                let (_, last) = last.or(thread.last())?;
                Some((topic, open, last.text.clone(), last.comment.clone().unwrap_or_default()))
            };
            threads.filter_map(row).collect::<Vec<_>>()
        })
    });
    let shown = move || {
        let mut shown = threads.get();
        shown.retain(|(_, open, ..)| *open > 0 || shows_settled.get());
        shown
    };
    let has_settled =
        Memo::new(move |_| threads.with(|threads| threads.iter().any(|(_, open, ..)| *open == 0)));
    let close = move || {
        stage.marks.is_list_open.set(false);
        stage.focus_surface();
    };
    let pressed = move |event: KeyboardEvent| {
        event.stop_propagation();
        if event.key() == "Escape" {
            close();
        }
    };
    let row = move |(topic, open, text, comment): (Topic, usize, String, Comment)| {
        let about = title(stage, &topic);
        let by = if comment.by.is_empty() { t("Somebody").to_owned() } else { comment.by };
        let when = (!comment.written_at.is_empty()).then(|| words::ago(&comment.written_at));
        view! {
            <li>
                <button type="button" class="comment-row" class:settled=open == 0 on:click=move |_| stage.open_comments(topic.clone())>
                    <span class="comment-about">
                        <b>{about}</b>
                        <em>{if open == 0 { t("Resolved").to_owned() } else { tn(open, "{n} open", "{n} open") }}</em>
                    </span>
                    <span class="comment-text">{text}</span>
                    <span class="comment-by">{by}{when.map(|when| format!(" · {when}"))}</span>
                </button>
            </li>
        }
    };
    let list = NodeRef::<Div>::new();
    Effect::new(move || {
        if let Some(list) = list.get() {
            let _ = list.focus();
        }
    });
    view! {
        <Show when=move || stage.marks.is_list_open.get()>
            <div class="comments all" data-nodrag="" role="dialog" aria-label=t("All comments") tabindex="-1" node_ref=list on:keydown=pressed>
                <header>
                    <b>{t("All comments")}</b>
                    <button type="button" class="btn ghost small square" aria-label=t("Close") title=t("Close") on:click=move |_| close()>
                        <Icon name="close" small=true />
                    </button>
                </header>
                {move || shown().is_empty().then(|| view! {
                    <p class="comments-none">
                        {t("Nothing is being discussed.")}" "
                        {t("Select a step and press C to ask something about it, or comment on the canvas itself.")}
                    </p>
                })}
                <ul class="comment-list">{move || shown().into_iter().map(row).collect::<Vec<_>>()}</ul>
                <footer>
                    <Show when=move || has_settled.get()>
                        <label class="check">
                            <input type="checkbox" prop:checked=move || shows_settled.get() on:change=move |event| shows_settled.set(event_target_checked(&event)) />
                            {t("Show resolved")}
                        </label>
                    </Show>
                    {(!stage.is_read_only).then(|| view! {
                        <button type="button" class="btn small" on:click=move |_| stage.open_comments(Topic::Spot(free_spot(stage)))>
                            <Icon name="plus" small=true />
                            {t("Comment on the canvas")}
                        </button>
                    })}
                </footer>
            </div>
        </Show>
    }
}

fn free_spot(stage: Stage) -> Position {
    let size = stage.drawing.size().get_untracked();
    stage.to_world(Point::new(size.width / 3.0, size.height / 4.0)).snapped()
}
