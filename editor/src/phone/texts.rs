//! The phone's texts: what came, and one to send.

use super::line::{PhoneLine, Reach};
use crate::{icon::Icon, words};
use leptos::{html, prelude::*};

/// The view.
#[component]
pub fn TextsView(line: PhoneLine) -> impl IntoView {
    let texts = Memo::new(move |_| line.texts());
    let typed = RwSignal::new(String::new());
    let list = NodeRef::<html::Ol>::new();
    Effect::new(move |_| {
        texts.track();
        if let Some(list) = list.get() {
            request_animation_frame(move || list.set_scroll_top(list.scroll_height()));
        }
    });
    let cannot =
        move || line.is_busy() || line.reach() == Reach::Nothing || typed.read().trim().is_empty();
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if !cannot() {
            line.text_workflow(typed.get_untracked().trim().to_owned());
            typed.set(String::new());
        }
    };
    view! {
        <ol class="captions texts" node_ref=list aria-label="Texts" aria-live="polite" tabindex="0">
            <Show when=move || texts.read().is_empty()>
                <li class="cap note">"No texts yet. What the workflow sends to this phone arrives here."</li>
            </Show>
            {move || texts.get().into_iter().map(|text| {
                let is_mine = text.direction == "out";
                view! {
                    <li class="cap" class:mine=is_mine>
                        <span class="visually-hidden">{if is_mine { "You: " } else { "To you: " }}</span>
                        {text.text}
                        <small class="num">{words::number(&text.other)}</small>
                    </li>
                }
            }).collect_view()}
        </ol>
        <form class="phone-write" on:submit=send>
            <input class="input" aria-label="Text to the workflow" placeholder="Text the workflow" autocomplete="off" maxlength="1600"
                prop:value=move || typed.get() on:input=move |event| typed.set(event_target_value(&event)) />
            <button type="submit" class="btn primary square" aria-label="Send" disabled=cannot><Icon name="send" /></button>
        </form>
    }
}
