//! The language the editor speaks. The English text in the code is the key: a text without a translation is shown in English, never as a code name.
//!
//! The catalogue of a language is a file of its own, `public/languages/<code>.json`, loaded before the first screen; who chooses another language loads the
//! page anew. So a text is a plain `&'static str` everywhere, and nothing has to listen for a change.

use crate::theme::local_storage;
use leptos::prelude::*;
use std::collections::HashMap;
use std::fmt::Display;
use std::sync::OnceLock;

/// Where the choice is kept, in the browser.
const STORED_AS: &str = "phloem.language";

/// A language the editor can speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Language {
    /// Its code: of the file, of the page's `lang`, and of numbers and dates.
    pub code: &'static str,
    /// What it calls itself.
    pub name: &'static str,
    /// Whether it is written from right to left.
    pub is_rtl: bool,
}

/// Every language, English first.
pub const LANGUAGES: &[Language] = &[
    Language { code: "en", name: "English", is_rtl: false },
    Language { code: "de", name: "Deutsch", is_rtl: false },
    Language { code: "es", name: "Español", is_rtl: false },
    Language { code: "fr", name: "Français", is_rtl: false },
    Language { code: "pt", name: "Português", is_rtl: false },
];

struct Spoken {
    language: Language,
    texts: HashMap<String, &'static str>,
}

static SPOKEN: OnceLock<Spoken> = OnceLock::new();

/// Finds out which language is wanted (the one chosen here, else the browser's) and loads its texts. Without them the editor speaks English.
pub async fn begin() {
    let wanted = wanted();
    let texts = if wanted.code == "en" { HashMap::new() } else { load(wanted).await };
    let language = if texts.is_empty() { LANGUAGES[0] } else { wanted };
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("lang", language.code);
        let _ = root.set_attribute("dir", if language.is_rtl { "rtl" } else { "ltr" });
    }
    // Set twice only if the page were started twice; the first language stays.
    let _ = SPOKEN.set(Spoken { language, texts });
}

async fn load(language: Language) -> HashMap<String, &'static str> {
    let address = format!("/languages/{}.json", language.code);
    let Ok(answer) = gloo_net::http::Request::get(&address).send().await else {
        return HashMap::new();
    };
    let texts: HashMap<String, String> = answer.json().await.unwrap_or_default();
    // They live as long as the page.
    texts.into_iter().map(|(key, text)| (key, &*text.leak())).collect()
}

fn wanted() -> Language {
    let chosen = local_storage().and_then(|storage| storage.get_item(STORED_AS).ok().flatten());
    let offered = window().navigator().languages();
    let offered = offered.iter().filter_map(|tag| tag.as_string());
    let known = |tag: String| {
        let code = tag.split('-').next().unwrap_or_default().to_lowercase();
        LANGUAGES.iter().copied().find(|language| language.code == code)
    };
    chosen.into_iter().chain(offered).find_map(known).unwrap_or(LANGUAGES[0])
}

/// The language that is spoken.
pub fn language() -> Language {
    SPOKEN.get().map_or(LANGUAGES[0], |spoken| spoken.language)
}

/// Takes another language: keeps the choice and loads the page anew.
pub fn choose(language: Language) {
    if let Some(storage) = local_storage() {
        // Without storage the choice cannot outlive the page it would have to reload.
        let _ = storage.set_item(STORED_AS, language.code);
    }
    let _ = window().location().reload();
}

/// This text in the language that is spoken.
pub fn t(text: &'static str) -> &'static str {
    translated(text).unwrap_or(text)
}

/// A text with places to fill in, in the language that is spoken: `tf("{name} has {count} steps", &[("name", &name), ("count", &4)])`.
pub fn tf(text: &'static str, values: &[(&str, &dyn Display)]) -> String {
    fill(t(text), values)
}

/// One of two texts by a count, which fills `{n}`: `tn(steps, "{n} step", "{n} steps")`.
pub fn tn(n: usize, one: &'static str, many: &'static str) -> String {
    // French counts none as one; the other languages here count it as many.
    let is_one = n == 1 || n == 0 && language().code == "fr";
    fill(t(if is_one { one } else { many }), &[("n", &n)])
}

/// A text that is not written in this program (a component's label, a problem's remedy) in the language that is spoken.
pub fn translated(text: &str) -> Option<&'static str> {
    SPOKEN.get()?.texts.get(text).copied()
}

fn fill(text: &str, values: &[(&str, &dyn Display)]) -> String {
    let mut filled = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let place = after.split_once('}');
        let value = place.and_then(|(name, _)| values.iter().find(|(key, _)| *key == name));
        match (place, value) {
            (Some((_, behind)), Some((_, value))) => {
                filled.push_str(&value.to_string());
                rest = behind;
            }
            _ => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    filled
}
