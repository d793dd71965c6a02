//! What somebody would say into the phone, typed.

use super::line::PhoneLine;
use crate::icon::Icon;
use leptos::{html, prelude::*};

/// The field; Enter says it.
#[component]
pub fn Say(line: PhoneLine) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let say = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let Some(input) = input.get_untracked() else { return };
        let words = input.value().trim().to_owned();
        if !words.is_empty() {
            line.say(words);
            input.set_value("");
        }
    };
    view! {
        <form class="phone-write" on:submit=say>
            <input node_ref=input class="input" aria-label="What you say" placeholder="Say something" autocomplete="off" maxlength="1600" />
            <button type="submit" class="btn square" aria-label="Say it"><Icon name="get_speech" /></button>
        </form>
    }
}
