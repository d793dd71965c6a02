//! Hear how a text would sound: the browser's own voice says it, and its words stand there to be read.

use super::template_text::marked;
use crate::{
    edit::LastRun,
    icon::Icon,
    language::{t, tf},
    phone::speech,
};
use leptos::prelude::*;

/// The button, and the caption while and after it speaks.
#[component]
pub fn Listen(
    #[prop(into)] text: Signal<String>,
    /// A tag such as `de-DE`; the empty one means American English.
    #[prop(into)]
    language: Signal<String>,
) -> impl IntoView {
    let last_run = use_context::<LastRun>();
    let caption = RwSignal::new(None::<String>);
    let is_speaking = RwSignal::new(false);
    // Some browsers look for their voices only once they were asked.
    let _ = speech::voice_for("");
    on_cleanup(speech::stop);
    let tag = move || {
        let tag = language.get_untracked();
        if tag.is_empty() { "en-US".to_owned() } else { tag }
    };
    let press = move |_| {
        if is_speaking.get_untracked() {
            speech::stop();
            is_speaking.set(false);
            return;
        }
        let words = spoken(&text.get_untracked(), |part| last_run?.filled(part));
        let tag = tag();
        if speech::voice_for(&tag) {
            is_speaking.set(true);
            speech::say_in(&words, &tag, move || {
                is_speaking.try_set(false);
            });
            caption.set(Some(tf("“{words}”", &[("words", &words)])));
        } else {
            let values: [(&str, &dyn std::fmt::Display); 2] =
                [("language", &tag), ("words", &words)];
            caption.set(Some(tf(
                "This browser has no voice for {language}. Callers would hear: “{words}”",
                &values,
            )));
        }
    };
    let label = move || if is_speaking.get() { t("Stop") } else { t("Listen") };
    view! {
        <div class="listen">
            <button type="button" class="link small" disabled=move || text.read().trim().is_empty() on:click=press
                title=t("The browser’s voice; on the phone the carrier’s speaks")>
                <Icon name=Signal::derive(move || if is_speaking.get() { "stop" } else { "sound" }.to_owned()) small=true />{label}
            </button>
            <p class="caption" role="status">{move || caption.get()}</p>
        </div>
    }
}

/// The text with what the last run put in, and where that is unknown the value's name in words.
fn spoken(text: &str, filled: impl Fn(&str) -> Option<String>) -> String {
    if text.contains("{%") {
        return filled(text).unwrap_or_else(|| text.to_owned());
    }
    let part = |(part, is_value): (String, bool)| {
        if !is_value {
            return part;
        }
        filled(&part).filter(|value| !value.trim().is_empty()).unwrap_or_else(|| sample(&part))
    };
    marked(text).into_iter().map(part).collect()
}

/// `{{ Menu.first_name | upcase }}` as "first name".
fn sample(value: &str) -> String {
    let path = value.trim_matches(['{', '}']).split('|').next().unwrap_or_default();
    path.trim().rsplit('.').next().unwrap_or_default().replace('_', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_from_the_last_run_or_are_said_by_name() {
        let filled = |part: &str| (part == "{{ name }}").then(|| "Ada".to_owned());
        assert_eq!(
            spoken("Hi {{ name }}, your {{ Ask.room_number | upcase }}.", filled),
            "Hi Ada, your room number."
        );
        assert_eq!(spoken("{% if a %}b{% endif %}", |_| Some("b".to_owned())), "b");
    }
}
