//! Who a text comes from: a number, a name or a Powerpack, and what each of them means for whoever receives it.

use super::{place::Place, template_text::TemplateText};
use engine::Sender;
use leptos::prelude::*;

/// The widget.
#[component]
pub fn SenderField(place: Place, id: String) -> impl IntoView {
    let meaning = Memo::new(move |_| meaning(&place.text()));
    view! {
        <TemplateText place=place id=id placeholder="The server’s own number" />
        <p class="meaning" aria-live="polite">
            {move || meaning.get().map(|(what, words)| view! { <b class="chip">{what}</b><span>{words}</span> })}
        </p>
    }
}

/// What a sender is, and what to know of it.
fn meaning(text: &str) -> Option<(&'static str, &'static str)> {
    if text.trim().is_empty() {
        return None;
    }
    if text.contains("{{") {
        return Some((
            "Filled in",
            "A number, a name of up to 11 letters, or the id of a Powerpack.",
        ));
    }
    Some(match Sender::of(text)? {
        Sender::Number => ("Number", "People can answer it."),
        Sender::Name => ("Name", "Nobody can answer it, and some countries want names registered."),
        Sender::Powerpack => {
            ("Powerpack", "One of its numbers is taken, the same for the same person.")
        }
    })
}
