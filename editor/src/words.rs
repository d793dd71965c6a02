//! How times, statuses and numbers are put in words.

use crate::language::{language, t, tf};
use js_sys::Date;
use wasm_bindgen::JsValue;

/// A moment (RFC 3339) as people say it: "just now", "5 min ago", "yesterday", "3 Nov".
pub fn ago(moment: &str) -> String {
    let date = Date::new(&JsValue::from_str(moment));
    let ms = date.get_time();
    if ms.is_nan() {
        return moment.to_owned();
    }
    let minutes = ((Date::now() - ms) / 60_000.0).floor();
    match minutes {
        minutes if minutes < 1.0 => t("just now").to_owned(),
        minutes if minutes < 60.0 => tf("{n} min ago", &[("n", &minutes)]),
        minutes if minutes < 60.0 * 24.0 => tf("{n} h ago", &[("n", &(minutes / 60.0).floor())]),
        minutes if minutes < 60.0 * 48.0 => t("yesterday").to_owned(),
        _ => day(&date),
    }
}

/// A moment (RFC 3339) as day and time of this browser's place.
pub fn moment(moment: &str) -> String {
    let date = Date::new(&JsValue::from_str(moment));
    if date.get_time().is_nan() {
        return moment.to_owned();
    }
    format!("{}, {}", day(&date), time_of_day(&date))
}

/// The time of day of a moment (RFC 3339), to the second.
pub fn clock(moment: &str) -> String {
    let date = Date::new(&JsValue::from_str(moment));
    if date.get_time().is_nan() { moment.to_owned() } else { time_of_day(&date) }
}

/// From one moment (RFC 3339) to another or to now: "14 s", "2 min 5 s".
pub fn lasted(from: &str, to: Option<&str>) -> String {
    let ms = |moment: &str| Date::new(&JsValue::from_str(moment)).get_time();
    let seconds = ((to.map_or_else(Date::now, ms) - ms(from)) / 1000.0).max(0.0);
    duration(seconds)
}

/// Seconds in words.
pub fn duration(seconds: f64) -> String {
    let whole = seconds.round();
    match whole {
        _ if seconds < 1.0 => t("under 1 s").to_owned(),
        whole if whole < 60.0 => tf("{n} s", &[("n", &whole)]),
        whole if whole < 3600.0 => {
            tf("{m} min {s} s", &[("m", &(whole / 60.0).floor()), ("s", &(whole % 60.0))])
        }
        whole => tf(
            "{h} h {m} min",
            &[("h", &(whole / 3600.0).floor()), ("m", &(whole % 3600.0 / 60.0).floor())],
        ),
    }
}

/// Minutes and seconds of a call, as phones show them: `00:14`.
pub fn call_time(seconds: f64) -> String {
    let whole = seconds.max(0.0).floor();
    format!("{:02}:{:02}", (whole / 60.0).floor(), whole % 60.0)
}

/// A run's status, and the class of its chip.
pub fn status(status: &str) -> (&'static str, &'static str) {
    match status {
        "queued" => (t("Queued"), ""),
        "running" => (t("Running"), "good"),
        "waiting" => (t("Waiting"), "good"),
        "completed" => (t("Completed"), ""),
        "failed" => (t("Failed"), "bad"),
        "cancelled" => (t("Cancelled"), "warn"),
        _ => (t("Unknown"), ""),
    }
}

/// Whether a run of this status goes on.
pub fn is_going_on(status: &str) -> bool {
    matches!(status, "queued" | "running" | "waiting")
}

/// What started a run.
pub fn trigger(trigger: &str) -> &'static str {
    match trigger {
        "api_request" => t("API request"),
        "incoming_call" => t("Incoming call"),
        "incoming_message" => t("Incoming text"),
        "schedule" => t("Schedule"),
        "webhook" => t("Webhook"),
        _ => t("Unknown"),
    }
}

/// "1 step", "2 steps".
pub fn count(number: usize, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
}

/// A number in E.164 with room to breathe: `+1 555 010 0000`. Others are left as they are.
pub fn number(number: &str) -> String {
    match number.strip_prefix("+1") {
        Some(rest) if rest.len() == 10 && rest.is_ascii() => {
            format!("+1 {} {} {}", &rest[..3], &rest[3..6], &rest[6..])
        }
        _ => number.to_owned(),
    }
}

/// What stands before and behind the place in a text where something else than words is shown, such as a key.
pub fn around(text: &'static str, place: &str) -> (&'static str, &'static str) {
    text.split_once(place).unwrap_or((text, ""))
}

/// An identifier for a file or URL from a name: `System status line` → `system-status-line`.
pub fn slug(name: &str) -> String {
    let mut slug = String::new();
    for character in name.chars() {
        match character {
            letter if letter.is_ascii_alphanumeric() => slug.push(letter.to_ascii_lowercase()),
            _ if slug.ends_with('-') || slug.is_empty() => {}
            _ => slug.push('-'),
        }
    }
    let slug: String = slug.chars().take(60).collect();
    let slug = slug.trim_matches('-').to_owned();
    if slug.is_empty() { "workflow".to_owned() } else { slug }
}

fn day(date: &Date) -> String {
    let options = js_sys::Object::new();
    for (key, value) in [("day", "numeric"), ("month", "short")] {
        let _ = js_sys::Reflect::set(&options, &key.into(), &value.into());
    }
    date.to_locale_date_string(place(), &options).into()
}

/// The place whose habits dates and times follow. English ones have day before month and 24 hours.
fn place() -> &'static str {
    match language().code {
        "en" => "en-GB",
        code => code,
    }
}

fn time_of_day(date: &Date) -> String {
    date.to_locale_time_string(place()).into()
}
