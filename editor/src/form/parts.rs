//! What fields are made of. Signals and callbacks of one type each, so that the browser downloads each part once.

use crate::icon::Icon;
use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;

/// What can be chosen: the value in the file, and its words.
pub type Options = Vec<(String, String)>;

/// One line of plain text. It counts with each letter: a tab that is killed loses nothing.
#[component]
pub fn Input(
    id: String,
    #[prop(into)] value: Signal<String>,
    on_change: Callback<String>,
    /// Names it where no label leads to it.
    #[prop(optional, into)]
    label: Signal<Option<String>>,
    #[prop(optional)] placeholder: &'static str,
    /// Beside `input`.
    #[prop(optional)]
    class: &'static str,
    #[prop(optional, into)] invalid: Signal<bool>,
    /// It counts only once the person is done: for names that others refer to.
    #[prop(optional)]
    is_for_the_end: bool,
) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    // What the file made of what is being typed; it must not come back into the person's hands.
    let echo = StoredValue::new(None::<String>);
    Effect::new(move |_| {
        let (value, Some(input)) = (value.get(), input.get()) else { return };
        if echo.with_value(|echo| echo.as_ref() == Some(&value)) {
            return;
        }
        echo.set_value(None);
        if input.value() != value {
            input.set_value(&value);
        }
    });
    let follow = move |event: web_sys::Event| {
        if !is_for_the_end {
            on_change.run(event_target_value(&event));
            echo.set_value(value.try_get_untracked());
        }
    };
    view! {
        <input node_ref=input id=id.clone() class=format!("input {class}") aria-label=move || label.get() aria-describedby=format!("{id}-help") aria-invalid=move || invalid.get().to_string()
            placeholder=placeholder autocomplete="off" spellcheck="false" on:input=follow
            on:change=move |event| {
                on_change.run(event_target_value(&event));
                echo.try_set_value(None);
                // What was not taken does not stay on the screen.
                if let Some(input) = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok()) {
                    input.set_value(&value.try_get_untracked().unwrap_or_default());
                }
            } />
    }
}

/// A list to choose from. A value that is not in it stands at its end as it is.
#[component]
pub fn Select(
    id: String,
    #[prop(into)] options: Signal<Options>,
    #[prop(into)] value: Signal<String>,
    on_change: Callback<String>,
    #[prop(optional, into)] label: Signal<Option<String>>,
    #[prop(optional)] class: &'static str,
) -> impl IntoView {
    let shown = move || {
        let (mut options, value) = (options.get(), value.get());
        if !options.iter().any(|(known, _)| *known == value) {
            options.push((value.clone(), value));
        }
        options
    };
    view! {
        <select id=id.clone() class=format!("select {class}") aria-label=move || label.get() aria-describedby=format!("{id}-help")
            prop:value=move || { options.track(); value.get() } on:change=move |event| on_change.run(event_target_value(&event))>
            {move || shown().into_iter().map(|(known, words)| {
                let is_chosen = known == value.get_untracked();
                view! { <option value=known selected=is_chosen>{words}</option> }
            }).collect_view()}
        </select>
    }
}

/// A few things side by side, of which one is chosen.
#[component]
pub fn Segments(
    /// Names the group; no two on one page are called alike.
    id: String,
    options: &'static [(&'static str, &'static str)],
    #[prop(into)] value: Signal<String>,
    on_change: Callback<String>,
) -> impl IntoView {
    view! {
        <div class="seg">
            {options.iter().map(|(known, words)| view! {
                <label>
                    <input type="radio" name=id.clone() value=*known prop:checked=move || *value.read() == *known on:change=move |_| on_change.run((*known).to_owned()) />
                    {*words}
                </label>
            }).collect_view()}
        </div>
    }
}

/// A small button with a picture.
#[component]
pub fn Tool(
    icon: &'static str,
    #[prop(into)] label: Signal<String>,
    on_press: Callback<()>,
    #[prop(optional, into)] is_disabled: Signal<bool>,
    #[prop(optional)] id: Option<String>,
) -> impl IntoView {
    view! {
        <button type="button" id=id class="btn ghost small square" aria-label=move || label.get() title=move || label.get()
            disabled=move || is_disabled.get() on:click=move |_| on_press.run(())><Icon name=icon small=true /></button>
    }
}

/// The button below rows that adds one.
#[component]
pub fn AddButton(
    id: String,
    words: &'static str,
    on_press: Callback<()>,
    #[prop(optional, into)] is_disabled: Signal<bool>,
) -> impl IntoView {
    view! {
        <button type="button" id=format!("{id}-add") class="link" disabled=move || is_disabled.get() on:click=move |_| on_press.run(())>
            <Icon name="plus" small=true />{words}
        </button>
    }
}

/// A list below a text field, of which an entry can be taken; the field keeps the focus.
#[component]
pub fn Listbox(
    id: String,
    label: &'static str,
    /// Names and what is said about them.
    #[prop(into)]
    entries: Signal<Options>,
    /// Which one Enter takes; the list is open while there is one.
    #[prop(into)]
    active: Signal<Option<usize>>,
    on_choose: Callback<usize>,
) -> impl IntoView {
    let id = StoredValue::new(id);
    let list = NodeRef::<html::Ul>::new();
    let is_open = Memo::new(move |_| active.get().is_some());
    Effect::new(move |_| {
        let (Some(active), Some(list)) = (active.get(), list.get()) else { return };
        let entry = list.children().item(u32::try_from(active).unwrap_or_default());
        if let Some(entry) = entry {
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_block(web_sys::ScrollLogicalPosition::Nearest);
            entry.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
    view! {
        <Show when=move || is_open.get()>
            <ul class="completions" role="listbox" node_ref=list id=id.get_value() aria-label=label>
                {move || entries.get().into_iter().enumerate().map(|(index, (name, help))| view! {
                    <li role="option" id=format!("{}-{index}", id.get_value()) aria-selected=move || (active.get() == Some(index)).to_string()
                        on:mousedown=move |event| {
                            event.prevent_default();
                            on_choose.run(index);
                        }>
                        <span class="var">{name}</span><small>{help}</small>
                    </li>
                }).collect_view()}
            </ul>
        </Show>
    }
}

/// Moves the focus to an element once it is there.
pub fn focus_soon(id: String) {
    request_animation_frame(move || focus(&id));
}

/// The same, unless something else has the focus then: for rows that are made anew while somebody goes from one field to the next.
pub fn focus_if_lost(id: String) {
    request_animation_frame(move || {
        if document().active_element().is_none_or(|element| element.tag_name() == "BODY") {
            focus(&id);
        }
    });
}

fn focus(id: &str) {
    let element = document().get_element_by_id(id);
    if let Some(element) =
        element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok())
    {
        let _ = element.focus();
    }
}
