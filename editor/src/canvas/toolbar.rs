//! Undo, redo, tidy, fit and zoom, at the bottom of the canvas.

use diagram::viewport::ZOOM_STEP;
use leptos::prelude::*;

use crate::canvas::stage::Stage;
use crate::icon::Icon;

/// The row of buttons.
#[component]
pub fn Toolbar(stage: Stage) -> impl IntoView {
    let drawing = stage.drawing;
    let percent =
        Memo::new(move |_| (drawing.camera().with(|camera| camera.zoom) * 100.0).round() as u32);
    let undo_title = move || match drawing.undo_title() {
        Some(title) => format!("Undo: {title} (Ctrl+Z)"),
        None => "Undo (Ctrl+Z)".to_owned(),
    };
    let redo_title = move || match drawing.redo_title() {
        Some(title) => format!("Redo: {title} (Ctrl+Shift+Z)"),
        None => "Redo (Ctrl+Shift+Z)".to_owned(),
    };
    view! {
        <div class="canvas-tools" role="toolbar" aria-label="Canvas" data-nodrag="">
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
                    title="Arrange everything (Shift+Alt+T)"
                    on:click=move |_| drawing.tidy()
                >
                    <Icon name="tidy" />
                    <span>"Tidy"</span>
                </button>
            </Show>
            <button type="button" class="wide" data-testid="fit" title="Show everything (1)" on:click=move |_| drawing.fit()>
                <Icon name="fit" />
                <span>"Fit"</span>
            </button>
            <i></i>
            <button type="button" aria-label="Zoom out" title="Zoom out (-)" on:click=move |_| drawing.zoom_by(1.0 / ZOOM_STEP)>
                <Icon name="minus" />
            </button>
            <button
                type="button"
                class="zoom"
                data-testid="zoom"
                title="Zoom to 100 % (0)"
                on:click=move |_| drawing.zoom_by(1.0 / drawing.camera().get_untracked().zoom)
            >
                {move || format!("{} %", percent.get())}
            </button>
            <button type="button" aria-label="Zoom in" title="Zoom in (+)" on:click=move |_| drawing.zoom_by(ZOOM_STEP)>
                <Icon name="plus" />
            </button>
        </div>
    }
}
