//! Voices and languages of speech: the common ones as a list, any other as text.

use super::{
    parts::{Options, Select},
    place::Place,
};
use leptos::prelude::*;

const VOICES: &[(&str, &str)] = &[
    ("", "Woman (usual)"),
    ("MAN", "Man"),
    ("Polly.Joanna", "Joanna, American"),
    ("Polly.Matthew", "Matthew, American"),
    ("Polly.Amy", "Amy, British"),
    ("Polly.Brian", "Brian, British"),
    ("Polly.Aditi", "Aditi, Indian"),
    ("Polly.Vicki", "Vicki, German"),
    ("Polly.Lea", "Léa, French"),
    ("Polly.Lupe", "Lupe, Spanish (US)"),
    ("Polly.Camila", "Camila, Brazilian"),
];

const LANGUAGES: &[(&str, &str)] = &[
    ("", "American English (usual)"),
    ("en-GB", "British English"),
    ("en-IN", "Indian English"),
    ("en-AU", "Australian English"),
    ("es-ES", "Spanish"),
    ("es-US", "Spanish (US)"),
    ("fr-FR", "French"),
    ("de-DE", "German"),
    ("it-IT", "Italian"),
    ("pt-BR", "Portuguese (Brazil)"),
    ("nl-NL", "Dutch"),
    ("hi-IN", "Hindi"),
    ("ja-JP", "Japanese"),
];

/// The voice.
#[component]
pub fn VoiceField(place: Place, id: String) -> impl IntoView {
    view! { <KnownOrOther place=place id=id known=VOICES /> }
}

/// The language.
#[component]
pub fn LanguageField(place: Place, id: String) -> impl IntoView {
    view! { <KnownOrOther place=place id=id known=LANGUAGES /> }
}

/// A list; a value that is not in it, a template for example, stands at its end.
#[component]
fn KnownOrOther(
    place: Place,
    id: String,
    known: &'static [(&'static str, &'static str)],
) -> impl IntoView {
    let options: Options =
        known.iter().map(|(value, words)| ((*value).to_owned(), (*words).to_owned())).collect();
    view! { <Select id=id options=options value=Signal::derive(move || place.text()) on_change=Callback::new(move |chosen: String| place.set_text(&chosen)) /> }
}
