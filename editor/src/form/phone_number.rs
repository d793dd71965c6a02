//! What a typed number is: its country, or how to write it so that the network knows whom to ring.

use super::{
    countries::{Typed, all, from_home, typed},
    parts::{Options, Select},
    place::{Place, text_of},
};
use crate::{
    language::{language, t, tf},
    theme::local_storage,
};
use js_sys::{Array, Object, Reflect};
use leptos::prelude::*;
use serde_json::Value as Json;
use wasm_bindgen::{JsCast, JsValue};

/// The country whose numbers are written as at home, in the browser.
const STORED_AS: &str = "phloem.country";

/// Below a field for one or several numbers.
#[component]
pub fn PhoneMeaning(place: Place) -> impl IntoView {
    let parts = Memo::new(move |_| parts_of(&place.get()));
    let country = RwSignal::new(usual_country());
    let countries = Memo::new(move |_| {
        let has_national = parts.read().iter().any(|part| typed(part) == Typed::National);
        has_national.then(named_countries).unwrap_or_default()
    });
    let rewritten = Memo::new(move |_| rewritten(&parts.read(), &country.read()));
    let write = move || {
        let Some(after) = rewritten.get_untracked() else { return };
        place.set(match place.get_untracked() {
            Json::Array(_) => after.into_iter().map(Json::from).collect(),
            _ => Json::from(after.join(", ")),
        });
    };
    let choose = move |chosen: String| {
        if let Some(storage) = local_storage() {
            // Without storage it is asked again the next time.
            let _ = storage.set_item(STORED_AS, &chosen);
        }
        country.set(chosen);
    };
    view! {
        <div class="phone-meaning">
            <p class="meaning" role="status">
                {move || parts.read().iter().filter_map(|part| words(part)).map(|(words, is_warning)| {
                    view! { <span class="chip" class:warn=is_warning>{words}</span> }
                }).collect_view()}
            </p>
            <Show when=move || !countries.read().is_empty()>
                <div class="row wrap">
                    <Select id=format!("{}-country", place.top_key()) label=t("Country of the number") options=countries value=country on_change=Callback::new(choose) />
                </div>
            </Show>
            {move || rewritten.get().map(|after| view! {
                <button type="button" class="link small" on:click=move |_| write()>{tf("Write it as {number}", &[("number", &after.join(", "))])}</button>
            })}
        </div>
    }
}

fn parts_of(value: &Json) -> Vec<String> {
    match value {
        Json::Array(items) => items.iter().map(text_of).collect(),
        // A comma within braces belongs to a value.
        other if text_of(other).contains("{%") => Vec::new(),
        other => text_of(other)
            .split(',')
            .map(|part| part.trim().to_owned())
            .filter(|part| !part.is_empty())
            .collect(),
    }
}

/// What is said about one number, and whether it stops somebody from being reached.
fn words(part: &str) -> Option<(String, bool)> {
    let warning = |text: &'static str| Some((t(text).to_owned(), true));
    match typed(part) {
        Typed::Other => None,
        Typed::International { code, country, .. } => {
            let name = name_of(country);
            Some((tf("{country}, +{code}", &[("country", &name), ("code", &code)]), false))
        }
        Typed::National => warning("Written as at home: which country?"),
        Typed::NoSuchCode => warning("No country has this code"),
        Typed::TooShort => warning("Digits are missing"),
        Typed::TooLong => warning("Too many digits"),
    }
}

/// All numbers as the network writes them; nothing when they stand so already or one cannot be written so.
fn rewritten(parts: &[String], country: &str) -> Option<Vec<String>> {
    let after: Vec<String> = parts
        .iter()
        .map(|part| match typed(part) {
            Typed::International { e164, .. } => Some(e164),
            Typed::National => from_home(part, country),
            _ => Some(part.clone()),
        })
        .collect::<Option<_>>()?;
    (after != parts).then_some(after)
}

/// The country chosen last, else that of the browser's language.
fn usual_country() -> String {
    let kept = local_storage().and_then(|storage| storage.get_item(STORED_AS).ok().flatten());
    let of_language = || {
        let tag = window().navigator().language()?;
        let region = tag.split('-').nth(1)?.to_uppercase();
        all().any(|(country, _)| country == region).then_some(region)
    };
    kept.or_else(of_language).unwrap_or_else(|| "US".to_owned())
}

/// All countries by their names, with their codes.
fn named_countries() -> Options {
    let mut options: Options = all()
        .map(|(country, code)| (country.to_owned(), format!("{} +{code}", name_of(country))))
        .collect();
    options.sort_by_key(|(_, name)| name.to_lowercase());
    options
}

/// A country's name in the language that is spoken; its two letters where the browser does not know it.
fn name_of(country: &str) -> String {
    let name = || -> Result<JsValue, JsValue> {
        let intl = Reflect::get(&js_sys::global(), &"Intl".into())?;
        let constructor: js_sys::Function =
            Reflect::get(&intl, &"DisplayNames".into())?.dyn_into()?;
        let options = Object::new();
        Reflect::set(&options, &"type".into(), &"region".into())?;
        let arguments = Array::of2(&language().code.into(), &options);
        let names = Reflect::construct(&constructor, &arguments)?;
        let of: js_sys::Function = Reflect::get(&names, &"of".into())?.dyn_into()?;
        of.call1(&names, &country.into())
    };
    name().ok().and_then(|name| name.as_string()).unwrap_or_else(|| country.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_can_be_written_better_is_offered() {
        let parts = parts_of(&json!("030 1234567, {{ to }}, +49 30 1234567"));
        assert_eq!(parts.len(), 3);
        assert_eq!(
            rewritten(&parts, "DE"),
            Some(vec!["+49301234567".to_owned(), "{{ to }}".to_owned(), "+49301234567".to_owned()])
        );
        assert_eq!(rewritten(&parts_of(&json!(["+15550100000"])), "DE"), None);
        assert_eq!(rewritten(&parts_of(&json!("555 0100 1")), "US"), None);
    }
}
