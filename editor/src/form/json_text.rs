//! JSON whose texts are filled in. What cannot be read yet stays on the screen and is not written into the file.

use super::{code::CodeField, completion::Style, place::Place};
use leptos::prelude::*;
use serde_json::Value as Json;

/// The widget.
#[component]
pub fn JsonField(
    place: Place,
    id: String,
    #[prop(optional, into)] aria_label: Option<String>,
    #[prop(optional)] placeholder: &'static str,
) -> impl IntoView {
    // What was typed last, while it says what the file says or cannot be read.
    let typed = RwSignal::new(None::<String>);
    let pretty = Memo::new(move |_| match place.get() {
        Json::Null => String::new(),
        json => serde_json::to_string_pretty(&json).unwrap_or_default(),
    });
    let problem =
        Memo::new(move |_| typed.with(|typed| typed.as_deref().and_then(|text| read(text).err())));
    let text = Signal::derive(move || typed.get().unwrap_or_else(|| pretty.get()));
    // Undo and other views change the file behind what was typed.
    Effect::new(move |_| {
        let json = place.get();
        let is_stale = typed.with_untracked(|typed| {
            typed.as_deref().is_some_and(|text| read(text).is_ok_and(|typed| typed != json))
        });
        if is_stale {
            typed.set(None);
        }
    });
    let on_text = Callback::new(move |text: String| {
        let json = read(&text);
        typed.set(Some(text));
        if let Ok(json) = json {
            place.set(json);
        }
    });
    let is_untidy = Memo::new(move |_| {
        problem.read().is_none() && typed.get().is_some_and(|typed| typed != pretty.get())
    });
    let help = format!("{id}-json");
    view! {
        <CodeField place=place id=id lines=4 aria_label=aria_label placeholder=placeholder text=text on_text=on_text offers=Style::Template
            bad_line=Signal::derive(move || problem.get().map(|problem| problem.line)) invalid=Signal::derive(move || problem.read().is_some()) />
        <div class="json-state" id=help role="status">
            {move || problem.get().map(|problem| view! { <p class="field-problem"><strong>{problem.message}</strong>" "{problem.remedy}</p> })}
        </div>
        <Show when=move || is_untidy.get()>
            <button type="button" class="link small" on:click=move |_| typed.set(None)>"Tidy up"</button>
        </Show>
    }
}

/// Why a text is not JSON.
#[derive(Clone, Debug, PartialEq)]
struct Mistake {
    line: usize,
    message: String,
    remedy: &'static str,
}

fn read(text: &str) -> Result<Json, Mistake> {
    if text.trim().is_empty() {
        return Ok(Json::Null);
    }
    serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let at = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
        let is_bare_value = at.replace(' ', "").contains(":{{");
        Mistake {
            line,
            message: format!("Line {line}, column {column} is not JSON yet."),
            remedy: if is_bare_value {
                "{{ }} stands inside of quotes: \"{{ name }}\"."
            } else if error.is_eof() {
                "Something is still open: a quote, a bracket or a brace."
            } else if at.contains('\'') {
                "Texts stand in double quotes: \"name\"."
            } else {
                "Look for a missing comma, colon or quote. The step keeps what it had."
            },
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn json_is_read_and_mistakes_are_said_where_they_are() {
        assert_eq!(read(" "), Ok(Json::Null));
        assert_eq!(read("{\"a\": \"{{ b }}\"}"), Ok(json!({ "a": "{{ b }}" })));
        let mistake = read("{\n  \"a\": {{ b }}\n}").unwrap_err();
        assert_eq!(
            (mistake.line, mistake.remedy),
            (2, "{{ }} stands inside of quotes: \"{{ name }}\".")
        );
        assert!(read("{\"a\": [1").unwrap_err().remedy.starts_with("Something is still open"));
        assert!(read("{'a': 1}").unwrap_err().remedy.starts_with("Texts stand"));
    }
}
