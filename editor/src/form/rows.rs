//! Rows of a list: put in another order by dragging, by Alt with the arrow keys or by buttons, and taken away. Each is one step to undo.

use super::{
    parts::{AddButton, Tool, focus_soon},
    place::Place,
    template_text::TemplateText,
};
use crate::{
    icon::Icon,
    language::{t, tf},
};
use leptos::prelude::*;
use serde_json::Value as Json;
use wasm_bindgen::JsCast;

/// A drag begins after so many pixels; less is a press.
const SLOP_PX: i32 = 4;

/// A row on its way: which one, and before which one it would go.
#[derive(Clone, Copy, PartialEq)]
struct Carried {
    from: usize,
    to: usize,
    begun_at: i32,
    is_moved: bool,
}

/// What the rows of one list share. A handle: cheap to copy.
#[derive(Clone, Copy)]
pub struct Rows {
    list: Place,
    /// Row `2` of the list `field-cases` is `field-cases-2`; ids of what is within begin so.
    id: StoredValue<String>,
    carried: RwSignal<Option<Carried>>,
    said: RwSignal<String>,
}

impl Rows {
    /// The rows of a list.
    pub fn of(list: Place, id: &str) -> Rows {
        Rows {
            list,
            id: StoredValue::new(id.to_owned()),
            carried: RwSignal::new(None),
            said: RwSignal::new(String::new()),
        }
    }

    /// Moves a row and takes the focus along.
    fn move_to(self, from: usize, to: usize) {
        let count = self.count();
        if from == to || from >= count || to >= count {
            return;
        }
        let focused = document().active_element().map(|element| element.id());
        self.list.move_row(from, to);
        self.said.set(tf(
            "Now in place {place} of {count}.",
            &[("place", &(to + 1)), ("count", &count)],
        ));
        let id = self.id.get_value();
        let rest = focused
            .as_deref()
            .and_then(|focused| focused.strip_prefix(&format!("{id}-{from}")))
            .filter(|rest| rest.is_empty() || rest.starts_with('-'));
        // A button that leads no further gives the focus to the handle.
        let rest = match rest {
            Some("-up") if to == 0 => "-grip",
            Some("-down") if to + 1 == count => "-grip",
            Some(rest) => rest,
            None => "-grip",
        };
        focus_soon(format!("{id}-{to}{rest}"));
    }

    fn step(self, index: usize, is_down: bool) {
        let to = if is_down { Some(index + 1) } else { index.checked_sub(1) };
        if let Some(to) = to {
            self.move_to(index, to);
        }
    }

    fn count(self) -> usize {
        untrack(|| self.list.len())
    }

    fn mark(self, index: usize) -> &'static str {
        match self.carried.get() {
            Some(carried) if carried.is_moved && carried.from == index => "is-carried",
            Some(carried) if carried.is_moved && carried.to == index => {
                if carried.to < carried.from { "drop-before" } else { "drop-after" }
            }
            _ => "",
        }
    }

    /// Where a pointer at this height would drop: the row whose border it lies within, else the nearest end.
    fn row_at(self, y: f64) -> usize {
        let id = self.id.get_value();
        let bottoms = (0..self.count()).filter_map(|index| {
            let row = document().get_element_by_id(&format!("{id}-{index}-row"))?;
            Some(row.get_bounding_client_rect().bottom())
        });
        bottoms.take_while(|bottom| *bottom < y).count().min(self.count().saturating_sub(1))
    }
}

/// The rows themselves, in the order of the file.
#[component]
pub fn SortableRows(rows: Rows, row: Callback<usize, AnyView>) -> impl IntoView {
    view! {
        <For each=move || 0..rows.list.len() key=|index| *index let(index)>
            <SortableRow rows=rows index=index>{row.run(index)}</SortableRow>
        </For>
        <p class="visually-hidden" role="status">{move || rows.said.get()}</p>
    }
}

#[component]
fn SortableRow(rows: Rows, index: usize, children: Children) -> impl IntoView {
    let id = rows.id.get_value();
    let on_key = move |event: web_sys::KeyboardEvent| {
        let is_down = match event.key().as_str() {
            "ArrowUp" => false,
            "ArrowDown" => true,
            _ => return,
        };
        let on_grip = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
            .is_some_and(|target| target.class_list().contains("grip"));
        if event.alt_key() || on_grip {
            event.prevent_default();
            event.stop_propagation();
            rows.step(index, is_down);
        }
    };
    view! {
        <div class=move || format!("sort-row {}", rows.mark(index)) id=format!("{id}-{index}-row") on:keydown=on_key>
            <Grip rows=rows index=index />
            {children()}
        </div>
    }
}

/// What a row is carried by. With the arrow keys it moves the row as well.
#[component]
fn Grip(rows: Rows, index: usize) -> impl IntoView {
    let take = move |event: web_sys::PointerEvent| {
        if event.button() != 0 {
            return;
        }
        if let Some(grip) = target_of(&event) {
            let _ = grip.set_pointer_capture(event.pointer_id());
        }
        rows.carried.set(Some(Carried {
            from: index,
            to: index,
            begun_at: event.client_y(),
            is_moved: false,
        }));
    };
    let carry = move |event: web_sys::PointerEvent| {
        let Some(carried) = rows.carried.get_untracked() else { return };
        let is_moved = carried.is_moved || (event.client_y() - carried.begun_at).abs() >= SLOP_PX;
        let to = if is_moved { rows.row_at(f64::from(event.client_y())) } else { carried.to };
        rows.carried.set(Some(Carried { to, is_moved, ..carried }));
    };
    let drop = move |_| {
        if let Some(carried) = rows.carried.get_untracked() {
            rows.carried.set(None);
            rows.move_to(carried.from, carried.to);
        }
    };
    let label = move || {
        tf("Move row {place}: drag, or press the arrow up or down", &[("place", &(index + 1))])
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Escape" && rows.carried.get_untracked().is_some() {
            event.stop_propagation();
            rows.carried.set(None);
        }
    };
    view! {
        <button type="button" class="grip" id=format!("{}-{index}-grip", rows.id.get_value()) aria-label=label title=t("Drag to move, or Alt with the arrow up or down")
            disabled=move || rows.list.len() < 2 on:pointerdown=take on:pointermove=carry on:pointerup=drop on:pointercancel=move |_| rows.carried.set(None) on:keydown=on_key>
            <Icon name="grip" small=true />
        </button>
    }
}

fn target_of(event: &web_sys::PointerEvent) -> Option<web_sys::Element> {
    event.current_target().and_then(|target| target.dyn_into().ok())
}

/// The buttons at a row's end: earlier, later, away.
#[component]
pub fn RowTools(
    rows: Rows,
    index: usize,
    /// What the row is called.
    #[prop(into)]
    what: Signal<String>,
    on_remove: Callback<()>,
) -> impl IntoView {
    let id = format!("{}-{index}", rows.id.get_value());
    let words = move |text: &'static str| Signal::derive(move || tf(text, &[("row", &what.get())]));
    view! {
        <span class="tools">
            <Tool icon="chevron-up" id=format!("{id}-up") label=words("Put {row} earlier") is_disabled=index == 0 on_press=Callback::new(move |()| rows.step(index, false)) />
            <Tool icon="chevron-down" id=format!("{id}-down") label=words("Put {row} later") is_disabled=Signal::derive(move || index + 1 >= rows.list.len()) on_press=Callback::new(move |()| rows.step(index, true)) />
            <Tool icon="close" id=format!("{id}-remove") label=words("Take {row} away") on_press=Callback::new(move |()| {
                on_remove.run(());
                after_removal(rows, index);
            }) />
        </span>
    }
}

/// Moves the focus to the row that took the place of one that is gone, or to the button that adds one.
fn after_removal(rows: Rows, index: usize) {
    let id = rows.id.get_value();
    focus_soon(match rows.count().checked_sub(1) {
        Some(last) => format!("{id}-{}", index.min(last)),
        None => format!("{id}-add"),
    });
}

/// A list of texts, one below the other.
#[component]
pub fn TextRows(
    place: Place,
    id: String,
    add: &'static str,
    #[prop(optional)] placeholder: &'static str,
) -> impl IntoView {
    let rows = Rows::of(place, &id);
    let ids = StoredValue::new(id.clone());
    let add_row = move |()| {
        focus_soon(format!("{}-{}", ids.get_value(), rows.count()));
        place.push(Json::String(String::new()));
    };
    let row = move |index: usize| {
        let place_in_list: usize = index + 1;
        let what = tf("row {place}", &[("place", &place_in_list)]);
        view! {
            <div class="text-row">
                <TemplateText place=place.row(index) id=format!("{}-{index}", ids.get_value()) placeholder=placeholder aria_label=tf("Row {place}", &[("place", &place_in_list)])
                    on_text=Callback::new(move |text: String| place.row_text(index, text)) />
                <RowTools rows=rows index=index what=what on_remove=Callback::new(move |()| place.remove(index)) />
            </div>
        }
        .into_any()
    };
    view! {
        <div class="rows">
            <SortableRows rows=rows row=Callback::new(row) />
            <AddButton id=id words=add on_press=Callback::new(add_row) />
        </div>
    }
}

impl Place {
    /// Puts a text into a row of this list, the empty one too: the row stays until it is taken away.
    pub fn row_text(self, index: usize, text: String) {
        let mut rows = self.get_untracked().as_array().cloned().unwrap_or_default();
        if let Some(row) = rows.get_mut(index) {
            *row = Json::String(text);
        }
        self.set(Json::Array(rows));
    }

    /// Puts a row of this list in another's place, as a step of its own to undo; where its way out leads, it still leads.
    fn move_row(self, from: usize, to: usize) {
        let mut rows = self.get_untracked().as_array().cloned().unwrap_or_default();
        if from < rows.len() && to < rows.len() {
            let row = rows.remove(from);
            rows.insert(to, row);
            let drawing = self.editing().drawing;
            drawing.begin("change the order");
            self.set(Json::Array(rows));
            drawing.commit();
        }
    }
}
