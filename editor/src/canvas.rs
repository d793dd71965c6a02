//! The canvas: cards, edges, and everything a pointer or a keyboard can do with them.
//!
//! Views draw and `diagram` decides. One plane carries all cards and one SVG all edges; the camera is one
//! style on that plane. Only what is near the view is mounted; far out, boxes on a `<canvas>` stand for cards.

mod act;
mod actions;
mod camera;
mod chooser;
mod clipboard;
mod comment_pins;
mod comments;
mod edges;
mod far;
mod focus;
mod group;
mod keyboard;
mod label_input;
mod mark_deeds;
mod mark_drag;
mod mark_menu;
mod marks;
mod menu;
mod minimap;
mod node_card;
mod note;
mod palette_drag;
mod pointer;
mod port_row;
mod stage;
mod summary;
mod toolbar;
mod tools;

use std::collections::HashSet;

use leptos::prelude::*;

pub use palette_drag::start_palette_drag;
pub use stage::Stage;
pub use tools::tools;

use crate::commands::Id;
use crate::drawing::Drawing;
use crate::language::{t, tf};
use crate::parts;
pub use mark_deeds::DEEDS as MARK_DEEDS;
pub use marks::MarkDeeds;
use stage::Detail;

/// Through which the screen around the canvas gives it commands.
#[derive(Clone, Copy, Default)]
pub struct CommandHook(StoredValue<Option<Callback<Id, bool>>>);

impl CommandHook {
    /// Lets the canvas carry out a command; `false` if there is no canvas or the command means nothing to it now.
    pub fn run(self, id: Id) -> bool {
        self.0.get_value().is_some_and(|run| run.run(id))
    }
}

/// What a run did, to light up on the canvas.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Path {
    /// Nodes it has been at.
    pub visited: Vec<String>,
    /// Edges it has taken: node and state.
    pub taken: Vec<(String, String)>,
    /// Nodes it is at now.
    pub current: Vec<String>,
}

/// [`Path`] for looking things up.
#[derive(Clone, Debug, Default, PartialEq)]
struct Lit {
    visited: HashSet<String>,
    taken: HashSet<(String, String)>,
    current: HashSet<String>,
    found: HashSet<String>,
}

/// A drawing to look at and to edit.
#[component]
pub fn Canvas(
    /// What is drawn.
    drawing: Drawing,
    /// What is wrong with it.
    #[prop(into)]
    problems: Signal<Vec<engine::Problem>>,
    /// What a run did with it.
    #[prop(into)]
    path: Signal<Path>,
    /// Nodes to mark, for something was found in them.
    #[prop(optional, into)]
    found: Signal<HashSet<String>>,
    /// Only looking: for pages about runs.
    #[prop(optional)]
    read_only: bool,
    /// Called with the name of a node whose settings are wanted (Enter).
    #[prop(optional)]
    on_open: Option<Callback<String>>,
) -> impl IntoView {
    let stage = Stage::new(drawing, read_only, problems, on_open);
    let lit = Memo::new(move |_| {
        path.with(|path| Lit {
            visited: path.visited.iter().cloned().collect(),
            taken: path.taken.iter().cloned().collect(),
            current: path.current.iter().cloned().collect(),
            found: found.get(),
        })
    });
    stage.watch();
    pointer::listen(stage);
    keyboard::listen(stage);
    if !read_only {
        palette_drag::register(stage);
        if let Some(hook) = use_context::<CommandHook>() {
            hook.0.set_value(Some(Callback::new(move |id| actions::run(stage, id))));
        }
    }
    let camera = drawing.camera();
    let plane = move || {
        let camera = camera.get();
        format!("translate({}px, {}px) scale({})", camera.x, camera.y, camera.zoom)
    };
    let label = move || {
        let steps = stage.count.get();
        let wrong = problems.with(Vec::len);
        let kind = if read_only { t("Workflow as it ran") } else { t("Workflow canvas") };
        tf(
            "{kind}, {steps} steps, {wrong} problems",
            &[("kind", &kind), ("steps", &steps), ("wrong", &wrong)],
        )
    };
    view! {
        <div
            class="canvas"
            class:read-only=read_only
            class:wiring=move || stage.wire.with(Option::is_some)
            class:carrying=move || stage.carried.with(|carried| !carried.names.is_empty())
            class:is-middle=move || stage.detail.get() == Detail::Middle
            class:is-tiny=move || stage.is_tiny.get()
            class:is-far=move || stage.detail.get() == Detail::Far
            class:is-panning=move || stage.is_panning.get()
            class:can-pan=move || stage.is_space_down.get()
            data-testid="canvas"
        >
            <div
                class="canvas-surface"
                node_ref=stage.surface
                role="application"
                aria-roledescription=t("canvas")
                aria-label=label
                tabindex="-1"
                style=move || stage.grid_style()
                on:pointerdown=move |event| pointer::down(stage, &event)
                on:pointermove=move |event| pointer::moved(stage, &event)
                on:pointerup=move |event| pointer::up(stage, &event)
                on:pointercancel=move |event| pointer::cancelled(stage, &event)
                on:pointerleave=move |_| stage.hover(None)
                on:contextmenu=move |event| event.prevent_default()
            >
                <far::FarCanvas stage lit />
                <div class="canvas-plane" style:transform=plane>
                    <For each=move || stage.marks.mounted.with(|(groups, _)| groups.clone()) key=String::clone let(name)>
                        <group::GroupFrame stage name lit />
                    </For>
                    <edges::Edges stage lit />
                    <For each=move || stage.marks.mounted.with(|(_, notes)| notes.clone()) key=String::clone let(name)>
                        <note::NoteCard stage name />
                    </For>
                    <For each=move || stage.mounted.with(|mounted| mounted.nodes.clone()) key=String::clone let(name)>
                        <node_card::NodeCard stage name lit />
                    </For>
                    <comment_pins::Pins stage />
                    <edges::EdgeTools stage />
                    <Marquee stage />
                </div>
            </div>
            {move || parts::studio().map(|studio| (studio.canvas_tools)(stage))}
            <div class="visually-hidden" role="status" aria-live="polite">{move || stage.spoken.get()}</div>
        </div>
    }
}

/// The box that is drawn to select what it touches.
#[component]
fn Marquee(stage: Stage) -> impl IntoView {
    move || {
        stage.marquee.get().map(|area| {
            let style = format!(
                "transform:translate({}px,{}px);width:{}px;height:{}px",
                area.x, area.y, area.width, area.height
            );
            view! { <div class="canvas-marquee" style=style></div> }
        })
    }
}

/// What to do with a canvas that holds no more than a start.
#[component]
fn Hint(stage: Stage) -> impl IntoView {
    let is_shown = Memo::new(move |_| !stage.is_read_only && stage.count.get() <= 1);
    let words = t(
        "Drag a step onto the canvas, or press {key} to say what happens first. Pull a line from the dot at the right of a way out to the next step.",
    );
    let (before, after) = crate::words::around(words, "{key}");
    view! {
        <Show when=move || is_shown.get()>
            <p class="canvas-hint">{before}<kbd>"A"</kbd>{after}</p>
        </Show>
    }
}
