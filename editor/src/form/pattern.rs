//! A regular expression: common ones to begin with, and a place to try it.

use super::{
    parts::{Input, focus_soon},
    place::Place,
};
use crate::icon::Icon;
use leptos::prelude::*;

/// What people ask for most.
const EXAMPLES: &[(&str, &str)] = &[
    ("4 digits", "^[0-9]{4}$"),
    ("5 to 8 digits", "^[0-9]{5,8}$"),
    ("A date, DDMMYYYY", "^(0[1-9]|[12][0-9]|3[01])(0[1-9]|1[0-2])[0-9]{4}$"),
    ("1, 2 or 3", "^[123]$"),
];

/// The widget.
#[component]
pub fn PatternField(place: Place, id: String) -> impl IntoView {
    let tried = RwSignal::new(String::new());
    let text = Signal::derive(move || place.text());
    let verdict = Memo::new(move |_| {
        let tried = tried.get();
        if tried.is_empty() || text.read().is_empty() {
            None
        } else {
            engine::Pattern::parse(&text.read()).ok().map(|pattern| pattern.fits(&tried))
        }
    });
    let input_id = StoredValue::new(id.clone());
    view! {
        <Input id=id.clone() class="code" value=text invalid=Signal::derive(move || place.has_problem()) placeholder="^[0-9]{4}$"
            on_change=Callback::new(move |typed: String| place.set_text(typed.trim())) />
        <div class="examples" role="group" aria-label="Common patterns">
            {EXAMPLES.iter().map(|(words, pattern)| view! {
                <button type="button" class="chip" aria-pressed=move || (*text.read() == *pattern).to_string() on:click=move |_| {
                    place.set_text(pattern);
                    focus_soon(format!("{}-try", input_id.get_value()));
                }>{*words}</button>
            }).collect_view()}
        </div>
        <Show when=move || !text.read().is_empty()>
            <div class="try-row">
                <label for=format!("{}-try", input_id.get_value())>"Try an answer"</label>
                <input id=format!("{}-try", input_id.get_value()) class="input code" autocomplete="off" placeholder="1234"
                    prop:value=move || tried.get() on:input=move |event| tried.set(event_target_value(&event)) />
                <span class="verdict" role="status">
                    {move || verdict.get().map(|fits| {
                        let (class, icon, words) = if fits { ("good", "check", "Fits") } else { ("bad", "close", "Does not fit") };
                        view! { <span class=class><Icon name=icon small=true />{words}</span> }
                    })}
                </span>
            </div>
        </Show>
    }
}
