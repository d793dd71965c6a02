//! Undo, redo, tidy, fit and zoom, at the bottom of the canvas.

use diagram::viewport::ZOOM_STEP;
use leptos::prelude::*;

use crate::canvas::{actions::deed, stage::Stage};
use crate::commands::Id;
use crate::icon::Icon;
use crate::language::{t, tn};

/// The row of buttons.
#[component]
pub fn Toolbar(stage: Stage) -> impl IntoView {
    let drawing = stage.drawing;
    let percent =
        Memo::new(move |_| (drawing.camera().with(|camera| camera.zoom) * 100.0).round() as u32);
    let keymap = stage.keymap;
    let titled = move |id: Id, title: &'static str| keymap.titled(id, title);
    let with_step = move |id: Id, title: &'static str, step: Option<&'static str>| match step {
        Some(step) => keymap.titled(id, &format!("{title}: {}", deed(step))),
        None => titled(id, title),
    };
    let undo_title = move || with_step(Id::Undo, t("Undo"), drawing.undo_title());
    let redo_title = move || with_step(Id::Redo, t("Redo"), drawing.redo_title());
    let open_comments = Memo::new(move |_| {
        let on_cards = stage
            .marks
            .on_cards
            .with(|all| all.values().map(|card| card.voices.open).sum::<usize>());
        on_cards
            + stage.marks.spots.with(|all| all.values().map(|voices| voices.open).sum::<usize>())
    });
    view! {
        <div class="canvas-tools" role="toolbar" aria-label=t("Canvas") data-nodrag="">
            <Show when=move || !stage.is_read_only>
                <button
                    type="button"
                    data-testid="undo"
                    aria-label=undo_title
                    title=undo_title
                    disabled=move || !drawing.can_undo()
                    on:click=move |_| drawing.undo()
                >
                    <Icon name="undo" />
                </button>
                <button
                    type="button"
                    data-testid="redo"
                    aria-label=redo_title
                    title=redo_title
                    disabled=move || !drawing.can_redo()
                    on:click=move |_| drawing.redo()
                >
                    <Icon name="redo" />
                </button>
                <i></i>
                <button
                    type="button"
                    class="wide"
                    data-testid="tidy"
                    title=move || titled(Id::Tidy, t("Arrange everything"))
                    on:click=move |_| drawing.tidy()
                >
                    <Icon name="tidy" />
                    <span>{t("Tidy")}</span>
                </button>
                <button
                    type="button"
                    data-testid="note"
                    aria-label=t("Add a note")
                    title=move || titled(Id::AddNote, t("Add a note"))
                    on:click=move |_| stage.add_note(Some(stage.middle_for_note()))
                >
                    <Icon name="note" />
                </button>
            </Show>
            <button
                type="button"
                data-testid="comments"
                aria-label=move || match open_comments.get() {
                    0 => t("All comments").to_owned(),
                    open => format!("{}, {}", t("All comments"), tn(open, "{n} open", "{n} open")),
                }
                aria-expanded=move || if stage.marks.is_list_open.get() { "true" } else { "false" }
                title=move || titled(Id::AllComments, t("All comments"))
                on:click=move |_| stage.marks.is_list_open.update(|is_open| *is_open = !*is_open)
            >
                <Icon name="comment" />
                {move || {
                    let count = open_comments.get();
                    (count > 0).then(|| view! { <em class="count">{count}</em> })
                }}
            </button>
            <button type="button" class="wide" data-testid="fit" title=move || titled(Id::FitAll, t("Show everything")) on:click=move |_| drawing.fit()>
                <Icon name="fit" />
                <span>{t("Fit")}</span>
            </button>
            <i></i>
            <button type="button" aria-label=t("Zoom out") title=move || titled(Id::ZoomOut, t("Zoom out")) on:click=move |_| drawing.zoom_by(1.0 / ZOOM_STEP)>
                <Icon name="minus" />
            </button>
            <button
                type="button"
                class="zoom"
                data-testid="zoom"
                title=move || titled(Id::ZoomReset, t("Zoom to 100 %"))
                on:click=move |_| drawing.zoom_by(1.0 / drawing.camera().get_untracked().zoom)
            >
                {move || format!("{} %", percent.get())}
            </button>
            <button type="button" aria-label=t("Zoom in") title=move || titled(Id::ZoomIn, t("Zoom in")) on:click=move |_| drawing.zoom_by(ZOOM_STEP)>
                <Icon name="plus" />
            </button>
        </div>
    }
}
