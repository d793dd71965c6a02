//! A length of time written as people write it (`90`, `2 min`, `1:30`, `1 h 30 min`) and kept in the file as seconds.

use super::place::Place;
use crate::language::{t, tf};
use leptos::{html, prelude::*};
use serde_json::{Value as Json, json};

/// Fields that may hold at least so many seconds are written in words; shorter ones are plain numbers.
pub const WRITTEN_FROM_S: i64 = 600;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// The widget. Left empty, the default is taken; it is shown as what will be.
#[component]
pub fn DurationField(place: Place, id: String, min: i64, max: i64, default: i64) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let typed = RwSignal::new(None::<String>);
    let written = move |json: &Json| match json.as_i64() {
        Some(seconds) => in_words(seconds),
        None => super::place::text_of(json),
    };
    // What is typed stays as it is while it says what the file says; undo and other views win over it.
    Effect::new(move |_| {
        let (json, Some(input)) = (place.get(), input.get()) else { return };
        let is_own =
            typed.with_untracked(|typed| typed.as_deref().is_some_and(|typed| read(typed) == json));
        if !is_own {
            typed.set(None);
            input.set_value(&written(&json));
        }
    });
    let follow = move |event: web_sys::Event| {
        let text = event_target_value(&event);
        typed.set(Some(text.clone()));
        place.set(read(&text));
    };
    let done = move |_: web_sys::Event| {
        typed.try_set(None);
        if let Some(input) = input.try_get_untracked().flatten() {
            input.set_value(&written(&place.get_untracked()));
        }
    };
    let says = move || match place.get() {
        Json::Null => None,
        json => Some(match json.as_i64() {
            Some(seconds) if seconds < min => tf("At least {time}.", &[("time", &in_words(min))]),
            Some(seconds) if seconds > max => tf("At most {time}.", &[("time", &in_words(max))]),
            Some(seconds) if seconds >= MINUTE => tf("{seconds} seconds", &[("seconds", &seconds)]),
            Some(_) => return None,
            None => t("Write it as 90, 2 min, 1:30 or 1 h 30 min.").to_owned(),
        }),
    };
    let placeholder = if default > 0 { in_words(default) } else { t("such as 2 min").to_owned() };
    view! {
        <div class="number duration">
            <input node_ref=input id=id.clone() class="input num" autocomplete="off" spellcheck="false" placeholder=placeholder
                aria-describedby=format!("{id}-means {id}-help") aria-invalid=move || place.has_problem().to_string() on:input=follow on:change=done />
            <span class="muted num" id=format!("{id}-means")>{says}</span>
        </div>
    }
}

/// What goes into the file: seconds, nothing, or the text itself, so that the problem can be shown beside it.
fn read(text: &str) -> Json {
    match text.trim() {
        "" => Json::Null,
        text => seconds_of(text).map_or_else(|| json!(text), |seconds| json!(seconds)),
    }
}

/// How many seconds a text means.
fn seconds_of(text: &str) -> Option<i64> {
    let text = text.trim().to_lowercase().replace(" and ", " ");
    if text.contains(':') {
        return clock(&text);
    }
    let mut seconds = 0.0;
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let digits =
            rest.find(|character: char| !(character.is_ascii_digit() || ".,".contains(character)));
        let (number, after) = rest.split_at(digits.unwrap_or(rest.len()));
        let number: f64 = number.trim_end_matches(',').replace(',', ".").parse().ok()?;
        let after = after.trim_start();
        let letters = after.find(|character: char| !character.is_alphabetic());
        let (unit, after) = after.split_at(letters.unwrap_or(after.len()));
        seconds += number * size(unit)?;
        rest = after.trim_start_matches([',', '.', ' ']);
    }
    // Whatever does not fit an integer is far beyond every bound; the cast stops at its end.
    #[expect(clippy::cast_possible_truncation, reason = "bounded by the cast itself")]
    (!text.is_empty() && seconds.is_finite()).then_some(seconds.round() as i64)
}

/// `1:30` is a minute and a half, `1:00:00` an hour.
fn clock(text: &str) -> Option<i64> {
    let parts: Vec<i64> =
        text.split(':').map(|part| part.trim().parse().ok()).collect::<Option<_>>()?;
    match *parts.as_slice() {
        [minutes, seconds @ 0..60] => minutes.checked_mul(MINUTE)?.checked_add(seconds),
        [hours, minutes @ 0..60, seconds @ 0..60] => {
            hours.checked_mul(HOUR)?.checked_add(minutes * MINUTE + seconds)
        }
        _ => None,
    }
}

fn size(unit: &str) -> Option<f64> {
    Some(match unit {
        "" | "s" | "sec" | "secs" | "second" | "seconds" => 1.0,
        "m" | "min" | "mins" | "minute" | "minutes" => 60.0,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3_600.0,
        "d" | "day" | "days" => 86_400.0,
        "w" | "week" | "weeks" => 604_800.0,
        _ => return None,
    })
}

/// Seconds as they are written: `45 s`, `1 h 30 min`, `2 days`.
fn in_words(seconds: i64) -> String {
    if seconds <= 0 {
        return format!("{seconds} s");
    }
    let parts = [
        (seconds / DAY, if seconds / DAY == 1 { "day" } else { "days" }),
        (seconds % DAY / HOUR, "h"),
        (seconds % HOUR / MINUTE, "min"),
        (seconds % MINUTE, "s"),
    ];
    let parts = parts.iter().filter(|(count, _)| *count > 0);
    parts.map(|(count, unit)| format!("{count} {unit}")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_write_them() {
        for (text, seconds) in [
            ("90", 90),
            ("45 s", 45),
            ("2min", 120),
            ("1:30", 90),
            ("1:00:00", 3_600),
            ("1 h 30 min", 5_400),
            ("1.5 hours", 5_400),
            ("1,5 h", 5_400),
            ("2 Days, 1 hour", 176_400),
            ("1 hour and 5 minutes", 3_900),
        ] {
            assert_eq!(seconds_of(text), Some(seconds), "{text}");
        }
        for text in ["", "soon", "1:75", "2 parsecs", "min", "1 2 x"] {
            assert_eq!(seconds_of(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_shown_is_read_back() {
        for seconds in [1, 59, 60, 61, 3_600, 5_430, 86_400, 180_061, 2_592_000] {
            assert_eq!(seconds_of(&in_words(seconds)), Some(seconds), "{seconds}");
        }
        assert_eq!(in_words(5_400), "1 h 30 min");
    }
}
