//! A time zone: those the browser knows, found by any part of their names.

use super::{
    parts::{Listbox, Options},
    place::Place,
};
use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use leptos::{html, prelude::*};
use wasm_bindgen::{JsCast, JsValue};

/// Nobody reads further.
const SHOWN_MAX: usize = 40;

/// The widget.
#[component]
pub fn TimeZoneField(
    place: Place,
    id: String,
    #[prop(optional)] label: Option<&'static str>,
) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let zones = StoredValue::new(all());
    // What is being looked for, while the list is open.
    let query = RwSignal::new(None::<String>);
    let active = RwSignal::new(0_usize);
    let found = Memo::new(move |_| match query.get() {
        Some(query) => zones.with_value(|zones| find(zones, &query)),
        None => Vec::new(),
    });
    let entries = Signal::derive(move || {
        found.get().into_iter().map(|zone| (zone, String::new())).collect::<Options>()
    });
    let picked = Signal::derive(move || (!found.read().is_empty()).then(|| active.get()));
    let show = move |zone: String| {
        if let Some(input) = input.get_untracked() {
            input.set_value(&zone);
        }
    };
    let choose = move |index: usize| {
        if let Some(zone) = found.get_untracked().get(index) {
            place.set_text(zone);
            show(zone.clone());
        }
        query.set(None);
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        let count = found.read_untracked().len();
        let at = active.get_untracked();
        match event.key().as_str() {
            "ArrowDown" if count == 0 => query.set(Some(String::new())),
            "ArrowDown" => active.set((at + 1) % count),
            "ArrowUp" if count > 0 => active.set((at + count - 1) % count),
            "Enter" if count > 0 => choose(at),
            "Escape" if count > 0 => {
                event.stop_propagation();
                query.set(None);
            }
            _ => return,
        }
        event.prevent_default();
    };
    // What was typed in full counts; anything else is taken back.
    let leave = move |_| {
        // The field may lose the focus because its form is gone.
        let Some(input) = input.try_get_untracked().flatten() else { return };
        let typed = input.value().trim().to_owned();
        let known = zones.with_value(|zones| {
            zones.iter().find(|zone| zone.eq_ignore_ascii_case(&typed)).cloned()
        });
        // Browsers list each zone by one of its names only; the others are as good.
        let known = known.or_else(|| time_in(&typed).map(|_| typed));
        if let Some(zone) = known.filter(|zone| !zone.is_empty() && *zone != place.get_untracked())
        {
            place.set_text(&zone);
        }
        query.set(None);
        show(super::place::text_of(&place.get_untracked()));
    };
    let now = move || {
        let zone = place.text();
        (!zone.is_empty())
            .then(|| time_in(&zone))
            .flatten()
            .map(|time| format!("It is {time} there now."))
    };
    let (here, ids) = (here(), StoredValue::new(id));
    let offer = here.clone();
    view! {
        <div class="combo">
            <input node_ref=input id=ids.get_value() class="input has-list" role="combobox" aria-label=label aria-autocomplete="list" autocomplete="off" spellcheck="false"
                placeholder=here.clone() aria-controls=format!("{}-list", ids.get_value()) aria-describedby=format!("{}-help {}-now", ids.get_value(), ids.get_value())
                aria-expanded=move || picked.get().is_some().to_string() aria-invalid=move || place.has_problem().to_string()
                aria-activedescendant=move || picked.get().map(|index| format!("{}-list-{index}", ids.get_value()))
                prop:value=move || place.text()
                on:input=move |event| {
                    active.set(0);
                    query.set(Some(event_target_value(&event)));
                }
                on:click=move |_| query.set(Some(String::new()))
                on:focus=move |_| if let Some(input) = input.get_untracked() { input.select() }
                on:keydown=on_key on:blur=leave />
            <Listbox id=format!("{}-list", ids.get_value()) label="Time zones" entries=entries active=picked on_choose=Callback::new(choose) />
        </div>
        <p class="hint num" id=format!("{}-now", ids.get_value())>
            {now}
            <Show when=move || place.text().is_empty()>
                <button type="button" class="link small" on:click={
                    let offer = offer.clone();
                    move |_| place.set_text(&offer)
                }>{format!("Take {offer}, where you are")}</button>
            </Show>
        </p>
    }
}

/// The zone of this browser.
pub fn here() -> String {
    let options = Intl::DateTimeFormat::new(&Array::new(), &Object::new()).resolved_options();
    Reflect::get(&options, &"timeZone".into())
        .ok()
        .and_then(|zone| zone.as_string())
        .unwrap_or_else(|| "Etc/UTC".to_owned())
}

/// All zones the browser knows; its own alone where it does not tell.
fn all() -> Vec<String> {
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).unwrap_or(JsValue::UNDEFINED);
    let list = Reflect::get(&intl, &"supportedValuesOf".into())
        .ok()
        .and_then(|function| function.dyn_into::<Function>().ok());
    let list = list.and_then(|function| function.call1(&intl, &"timeZone".into()).ok());
    let mut zones: Vec<String> = list
        .map(|list| Array::from(&list).iter().filter_map(|zone| zone.as_string()).collect())
        .unwrap_or_default();
    for zone in ["UTC".to_owned(), here()] {
        if !zones.contains(&zone) {
            zones.push(zone);
        }
    }
    zones
}

/// Zones that have all words in their names; those whose place begins with the first word before others.
fn find(zones: &[String], query: &str) -> Vec<String> {
    let words: Vec<String> = query
        .split([' ', '/', '_'])
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let mut found: Vec<(bool, &String)> = zones
        .iter()
        .filter_map(|zone| {
            let name = zone.to_lowercase();
            let place = name.rsplit('/').next().unwrap_or_default();
            let is_close = words.first().is_some_and(|word| place.starts_with(word.as_str()));
            words.iter().all(|word| name.contains(word.as_str())).then_some((!is_close, zone))
        })
        .collect();
    found.sort_by_key(|(is_far, _)| *is_far);
    found.into_iter().take(SHOWN_MAX).map(|(_, zone)| zone.clone()).collect()
}

/// The weekday and time in a zone; nothing for one that the browser does not know.
fn time_in(zone: &str) -> Option<String> {
    let options = Object::new();
    for (key, value) in
        [("timeZone", zone), ("weekday", "short"), ("hour", "2-digit"), ("minute", "2-digit")]
    {
        Reflect::set(&options, &key.into(), &value.into()).ok()?;
    }
    let date = Date::new_0();
    let function =
        Reflect::get(&date, &"toLocaleTimeString".into()).ok()?.dyn_into::<Function>().ok()?;
    // An unknown zone is an exception there.
    function.call2(&date, &"en-GB".into(), &options).ok()?.as_string()
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn zones_are_found_by_any_part_of_their_names() {
        let zones: Vec<String> =
            ["America/New_York", "Europe/Berlin", "America/North_Dakota/Center", "Asia/Yakutsk"]
                .map(str::to_owned)
                .to_vec();
        assert_eq!(find(&zones, "new york"), ["America/New_York"]);
        assert_eq!(find(&zones, "BERL"), ["Europe/Berlin"]);
        assert_eq!(find(&zones, "yak"), ["Asia/Yakutsk"]);
        assert_eq!(find(&zones, "n")[0], "America/New_York");
        assert_eq!(find(&zones, "").len(), 4);
    }
}
