//! The field in which a card's label is edited in place.

use leptos::ev::KeyboardEvent;
use leptos::html::Input;
use leptos::prelude::*;

use crate::{canvas::stage::Stage, language::t};

/// Enter and leaving it keep what was typed, Escape does not.
#[component]
pub fn LabelInput(stage: Stage, name: String, title: Memo<String>) -> impl IntoView {
    let input = NodeRef::<Input>::new();
    Effect::new(move || {
        let Some(input) = input.get() else { return };
        // Its text is set after it is put into the page.
        request_animation_frame(move || {
            let _ = input.focus();
            input.select();
        });
    });
    let before = title.get_untracked();
    let finish = {
        let name = name.clone();
        let before = before.clone();
        move || {
            // Leaving the field removes it, which makes it lose the focus once more.
            if stage.editing.with_untracked(|editing| editing.as_ref() != Some(&name)) {
                return;
            }
            stage.editing.set(None);
            let Some(input) = input.try_get_untracked().flatten() else { return };
            if input.value().trim() != before {
                stage.drawing.set_label(&name, &input.value());
            }
        }
    };
    let leave = finish.clone();
    let pressed = move |event: KeyboardEvent| {
        event.stop_propagation();
        match event.key().as_str() {
            "Enter" => {
                finish();
                stage.focus_card(&name);
            }
            "Escape" => {
                stage.editing.set(None);
                stage.focus_card(&name);
            }
            _ => {}
        }
    };
    view! {
        <input
            node_ref=input
            class="node-label"
            aria-label=t("Label")
            maxlength="80"
            prop:value=before
            on:keydown=pressed
            on:blur=move |_| leave()
        />
    }
}
