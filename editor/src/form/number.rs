//! A whole number within bounds, and what it counts.

use super::place::Place;
use leptos::prelude::*;
use serde_json::{Value as Json, json};

/// The widget. Left empty, the default is taken; it is shown as what will be.
#[component]
pub fn NumberField(
    place: Place,
    id: String,
    min: i64,
    max: i64,
    default: i64,
    unit: &'static str,
) -> impl IntoView {
    let set = move |event: web_sys::Event| {
        let typed = event_target_value(&event);
        place.set(match typed.trim().parse::<i64>() {
            Ok(number) => json!(number),
            Err(_) if typed.trim().is_empty() => Json::Null,
            // Kept as it is, so that the problem can be shown beside it.
            Err(_) => json!(typed),
        });
    };
    view! {
        <div class="number">
            <input id=id.clone() class="input num" type="number" inputmode="numeric" min=min max=max step="1" placeholder=default
                aria-describedby=format!("{id}-help") aria-invalid=move || place.has_problem().to_string()
                prop:value=move || place.text() on:input=set />
            <span class="muted">{unit}{move || in_words(unit, place.get().as_i64().unwrap_or(default))}</span>
        </div>
    }
}

/// Many seconds as people say them.
fn in_words(unit: &str, number: i64) -> Option<String> {
    const MINUTE: i64 = 60;
    const HOUR: i64 = 60 * MINUTE;
    const DAY: i64 = 24 * HOUR;
    let (size, one, many) = match number {
        _ if unit != "seconds" || number < 2 * MINUTE => return None,
        number if number % DAY == 0 => (DAY, "day", "days"),
        number if number % HOUR == 0 => (HOUR, "hour", "hours"),
        number if number % MINUTE == 0 => (MINUTE, "minute", "minutes"),
        _ => return None,
    };
    let count = usize::try_from(number / size).ok()?;
    Some(format!(", {}", crate::words::count(count, one, many)))
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn long_waits_are_said_in_larger_units() {
        assert_eq!(in_words("seconds", 3_600).as_deref(), Some(", 1 hour"));
        assert_eq!(in_words("seconds", 172_800).as_deref(), Some(", 2 days"));
        assert_eq!(in_words("seconds", 90), None);
        assert_eq!(in_words("times", 3_600), None);
    }
}
