//! A text as it was in the last run, below the field that holds it.

use crate::{
    edit::LastRun,
    language::{t, tf},
};
use leptos::prelude::*;

/// Nothing for a text without values, and while there is no run to look at.
#[component]
pub fn Resolved(#[prop(into)] text: Signal<String>) -> impl IntoView {
    let last_run = use_context::<LastRun>();
    let words = Memo::new(move |_| {
        let (text, last_run) = (text.get(), last_run?);
        if !has_values(&text) {
            return None;
        }
        let filled = last_run.filled(&text)?;
        Some(if filled.trim().is_empty() {
            t("In the last run this was empty.").to_owned()
        } else if is_one_value(&text) {
            tf("In the last run this was {value}.", &[("value", &shortened(&filled))])
        } else {
            tf("In the last run: “{text}”", &[("text", &shortened(&filled))])
        })
    });
    move || words.get().map(|words| view! { <p class="resolved">{words}</p> })
}

/// Whether something in the text is filled in.
pub fn has_values(text: &str) -> bool {
    text.contains("{{") || text.contains("{%")
}

fn is_one_value(text: &str) -> bool {
    let text = text.trim();
    text.starts_with("{{") && text.ends_with("}}") && text.matches("{{").count() == 1
}

fn shortened(text: &str) -> String {
    const CHARACTERS_MAX: usize = 160;
    if text.chars().count() <= CHARACTERS_MAX {
        return text.to_owned();
    }
    text.chars().take(CHARACTERS_MAX).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_value_is_told_from_a_text_with_values() {
        assert!(is_one_value(" {{ Menu.digits }} "));
        assert!(!is_one_value("{{ a }} and {{ b }}"));
        assert!(!is_one_value("Press {{ key }}"));
        assert!(has_values("{% if a %}b{% endif %}"));
        assert!(!has_values("{ a }"));
    }
}
