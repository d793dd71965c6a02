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
    let answer = move |title: String| line.text_workflow(title);
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
                let is_whatsapp = text.channel.as_deref() == Some("whatsapp");
                view! {
                    <li class="cap" class:mine=is_mine class:whatsapp=is_whatsapp>
                        <span class="visually-hidden">{if is_mine { "You: " } else { "To you: " }}</span>
                        {text.text}
                        {text.media_urls.into_iter().map(|url| view! { <a class="media" href=url.clone() target="_blank" rel="noopener noreferrer">{file_name(&url)}</a> }).collect_view()}
                        <small class="num">{is_whatsapp.then_some("WhatsApp, ")}{words::number(&text.other)}</small>
                        {(!text.buttons.is_empty()).then(|| view! {
                            <span class="cap-buttons" role="group" aria-label="Answers to choose from">
                                {text.buttons.into_iter().map(|title| {
                                    let chosen = title.clone();
                                    view! { <button type="button" class="btn small" on:click=move |_| answer(chosen.clone())>{title}</button> }
                                }).collect_view()}
                            </span>
                        })}
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

/// The last part of an address, which is what people know a file by.
fn file_name(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    path.rsplit('/').find(|part| !part.is_empty()).unwrap_or(url).to_owned()
}
