//! One note: words on the canvas for whoever comes next.

use diagram::{Colour, Command, marks};
use leptos::ev::KeyboardEvent;
use leptos::html::Textarea;
use leptos::prelude::*;

use crate::canvas::marks::Mark;
use crate::canvas::stage::Stage;
use crate::language::{t, tf};
use crate::parts;

/// The longest note that can be written, in characters.
pub const TEXT_MAX: &str = "4000";

/// A note that stands on the canvas by itself.
#[component]
pub fn NoteCard(stage: Stage, name: String) -> impl IntoView {
    let mark = Mark::Note(name.clone());
    let note = Memo::new({
        let name = name.clone();
        move |_| stage.note(&name).unwrap_or_default()
    });
    let drag = Memo::new({
        let mark = mark.clone();
        move |_| stage.marks.drag.with(|drag| drag.clone().filter(|drag| drag.mark == mark))
    });
    let style = move || {
        let mut note = (*note.get()).clone();
        match drag.get() {
            Some(drag) if drag.is_resize => {
                let size = note.size.unwrap_or(marks::NOTE_SIZE);
                note.size = Some(size.moved(drag.by));
            }
            Some(drag) => note.at = note.at.moved(drag.by),
            None => {}
        }
        let rect = note.rect();
        format!(
            "transform:translate({}px,{}px);width:{}px;height:{}px",
            rect.x, rect.y, rect.width, rect.height
        )
    };
    let is_edited = Memo::new({
        let mark = mark.clone();
        move |_| stage.marks.editing.with(|editing| editing.as_ref() == Some(&mark))
    });
    let label = move || {
        let text = note.with(|note| note.text.trim().to_owned());
        if text.is_empty() {
            t("Empty note").to_owned()
        } else {
            tf("Note: {text}", &[("text", &text)])
        }
    };
    let is_tab_stop = Memo::new({
        let mark = mark.clone();
        move |_| stage.marks.tab_stop().as_ref() == Some(&mark)
    });
    let held = StoredValue::new(mark.clone());
    let on = move |event: &web_sys::Event| held.with_value(|mark| stage.mark_event(mark, event));
    view! {
        <div
            class="note"
            class:dragged=move || drag.with(Option::is_some)
            class:editing=move || is_edited.get()
            data-mark=""
            data-note=name
            data-colour=move || note.with(|note| note.colour.unwrap_or(Colour::Amber).name())
            style=style
            role="group"
            aria-roledescription=t("note")
            aria-label=label
            tabindex=move || if is_tab_stop.get() { "0" } else { "-1" }
            on:pointerdown=move |event| on(&event)
            on:pointermove=move |event| on(&event)
            on:pointerup=move |event| on(&event)
            on:pointercancel=move |event| on(&event)
            on:contextmenu=move |event| on(&event)
            on:dblclick=move |event| on(&event)
            on:focusin=move |_| held.with_value(|mark| stage.marks.active.set(Some(mark.clone())))
        >
            <Show
                when=move || is_edited.get()
                fallback=move || {
                    let is_empty = move || note.with(|note| note.text.trim().is_empty());
                    view! {
                        <p class="note-text" class:empty=is_empty>
                            {move || {
                                if is_empty() { t("Empty note").to_owned() } else { note.with(|note| note.text.clone()) }
                            }}
                        </p>
                    }
                }
            >
                {
                    let mark = mark.clone();
                    move || parts::studio().map(|studio| (studio.marks.input)(stage, mark.clone()))
                }
            </Show>
            {(!stage.is_read_only).then(|| view! { <span class="note-corner" aria-hidden="true"></span> })}
        </div>
    }
}

/// The field in which a note is written. Leaving it and Escape keep what was typed; a note left empty goes away.
#[component]
pub fn NoteInput(stage: Stage, name: String) -> impl IntoView {
    let input = NodeRef::<Textarea>::new();
    Effect::new(move || {
        let Some(input) = input.get() else { return };
        request_animation_frame(move || {
            let _ = input.focus();
            let end = input.value().encode_utf16().count() as u32;
            let _ = input.set_selection_range(end, end);
        });
    });
    let before = untrack(|| stage.note(&name)).unwrap_or_default();
    let text = before.text.clone();
    let mark = Mark::Note(name.clone());
    let finish = move |stays: bool| {
        // Leaving the field removes it, which makes it lose the focus once more.
        if stage.marks.editing.with_untracked(|editing| editing.as_ref() != Some(&mark)) {
            return;
        }
        let Some(input) = input.try_get_untracked().flatten() else { return };
        let text = input.value();
        stage.marks.editing.set(None);
        if text.trim().is_empty() {
            let is_new = before.text.is_empty()
                && untrack(|| stage.drawing.undo_title()) == Some("add note");
            if is_new {
                stage.drawing.undo();
            } else {
                stage.mark(Command::RemoveNote { name: name.clone() }, t("Note deleted"));
            }
            stage.focus_surface();
            return;
        }
        if text != before.text {
            let set = Command::SetNote { name: name.clone(), text, colour: before.colour };
            stage.mark(set, t("Note kept"));
        }
        if stays {
            stage.focus_mark(&mark);
        }
    };
    let leave = finish.clone();
    let pressed = move |event: KeyboardEvent| {
        event.stop_propagation();
        let is_done = event.key() == "Escape"
            || event.key() == "Enter" && (event.ctrl_key() || event.meta_key());
        if is_done {
            event.prevent_default();
            finish(true);
        }
    };
    view! {
        <textarea
            node_ref=input
            class="note-input"
            aria-label=t("Text of the note")
            placeholder=t("What should the next person know?")
            maxlength=TEXT_MAX
            prop:value=text
            on:keydown=pressed
            on:blur=move |_| leave(false)
        ></textarea>
    }
}
