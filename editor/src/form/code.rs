//! Text for a machine: formulas, scripts, statements and JSON, with what is wrong shown at its line.

use super::{
    completion::{Completion, CompletionList, Style},
    place::Place,
};
use leptos::{html, prelude::*};

/// Scripts and JSON have their lines numbered; a formula of two lines has not.
const NUMBERED_LINES_MIN: usize = 3;

/// The field behind all of them.
#[component]
pub fn CodeField(
    place: Place,
    id: String,
    /// Lines shown while it is shorter.
    #[prop(default = 2)]
    lines: usize,
    #[prop(optional)] placeholder: &'static str,
    #[prop(optional_no_strip)] aria_label: Option<String>,
    text: Signal<String>,
    on_text: Callback<String>,
    /// What is offered while typing.
    #[prop(optional)]
    offers: Option<Style>,
    /// The line that cannot be read, from 1.
    #[prop(optional, into)]
    bad_line: Signal<Option<usize>>,
    #[prop(optional, into)] invalid: Signal<bool>,
) -> impl IntoView {
    let textarea = NodeRef::<html::Textarea>::new();
    let completion = Completion::new(place, offers.unwrap_or(Style::Template), textarea, on_text);
    let is_numbered = lines >= NUMBERED_LINES_MIN;
    let list_id = format!("{id}-list");
    let active_of = list_id.clone();
    let count = Memo::new(move |_| text.read().split('\n').count().max(lines));
    let role = offers.map(|_| "combobox");
    view! {
        <div class="code-field" class:is-numbered=is_numbered>
            {is_numbered.then(|| view! {
                <div class="code-lines" aria-hidden="true">
                    {move || (1..=count.get()).map(|line| view! { <i class:bad=move || bad_line.get() == Some(line)>{line}</i> }).collect_view()}
                </div>
            })}
            <textarea
                node_ref=textarea
                id=id.clone()
                class="input code"
                class:is-wrapped=!is_numbered
                rows=move || count.get()
                spellcheck="false"
                autocomplete="off"
                autocapitalize="off"
                placeholder=placeholder
                aria-label=aria_label
                aria-describedby=format!("{id}-help")
                aria-invalid=move || (invalid.get() || place.has_error()).to_string()
                role=role
                aria-autocomplete=role.map(|_| "list")
                aria-expanded=move || role.map(|_| completion.is_open().to_string())
                aria-controls=role.map(|_| list_id.clone())
                aria-activedescendant=move || completion.active().map(|index| format!("{active_of}-{index}"))
                prop:value=move || text.get()
                on:input=move |event| {
                    on_text.run(event_target_value(&event));
                    if offers.is_some() {
                        completion.follow();
                    }
                }
                on:keydown=move |event| completion.on_key(&event)
                on:blur=move |_| completion.close()
            ></textarea>
            {offers.map(|_| view! { <CompletionList completion=completion id=format!("{id}-list") /> })}
        </div>
    }
}

/// A rhai formula.
#[component]
pub fn ExpressionField(
    place: Place,
    id: String,
    #[prop(optional, into)] aria_label: Option<String>,
) -> impl IntoView {
    let (text, on_text) = of_place(place);
    view! { <CodeField place=place id=id aria_label=aria_label text=text on_text=on_text offers=Style::Expression placeholder="Menu.digits == \"1\"" /> }
}

/// A rhai script.
#[component]
pub fn ScriptField(place: Place, id: String) -> impl IntoView {
    let (text, on_text) = of_place(place);
    let bad_line = Signal::derive(move || {
        place.problems(false).iter().find_map(|problem| line_named(&problem.message))
    });
    view! {
        <CodeField place=place id=id lines=8 text=text on_text=on_text offers=Style::Expression bad_line=bad_line
            placeholder="let total = 0;\nfor row in Ask.response.rows { total += row.amount; }\ntotal" />
    }
}

/// An SQL statement; values are bound to its `?`, never put into it.
#[component]
pub fn SqlField(place: Place, id: String) -> impl IntoView {
    let (text, on_text) = of_place(place);
    view! { <CodeField place=place id=id lines=5 text=text on_text=on_text placeholder="select name, room from guests\nwhere phone = ?" /> }
}

fn of_place(place: Place) -> (Signal<String>, Callback<String>) {
    let on_text = Callback::new(move |text: String| place.set_text(&text));
    (Signal::derive(move || place.text()), on_text)
}

/// The line that a message of the engine names: "… (line 3, position 5)".
fn line_named(message: &str) -> Option<usize> {
    let (_, after) = message.rsplit_once("line ")?;
    let digits = after.split(|character: char| !character.is_ascii_digit()).next()?;
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::line_named;

    #[test]
    fn the_line_of_a_mistake_is_read_from_its_message() {
        let message = "The script cannot be read: Expecting ';' (line 3, position 5).";
        assert_eq!(line_named(message), Some(3));
        assert_eq!(line_named("The script cannot be read: it is empty."), None);
    }
}
