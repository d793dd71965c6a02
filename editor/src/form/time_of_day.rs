//! Times of day as people type them, and spans from one to another.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Minutes of a whole day; `24:00` is its end.
pub const DAY_MIN: u16 = 24 * 60;
/// What an arrow key adds or takes.
const STEP_MIN: u16 = 15;

/// A time of day; the arrow keys move it by a quarter of an hour.
#[component]
pub fn TimeInput(
    id: String,
    #[prop(into)] label: Signal<String>,
    /// Minutes since midnight.
    value: Signal<Option<u16>>,
    on_change: Callback<u16>,
) -> impl IntoView {
    let shown = move || value.get().map(clock).unwrap_or_default();
    let change = move |event: web_sys::Event| {
        if let Some(minutes) = parse(&event_target_value(&event))
            .filter(|minutes| Some(*minutes) != value.get_untracked())
        {
            on_change.run(minutes);
        }
        if let Some(input) =
            event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok())
        {
            input.set_value(&value.get_untracked().map(clock).unwrap_or_default());
        }
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        let now = parse(&event_target_value(&event)).or(value.get_untracked()).unwrap_or(9 * 60);
        let moved = match event.key().as_str() {
            "ArrowUp" => (now + STEP_MIN).min(DAY_MIN),
            "ArrowDown" => now.saturating_sub(STEP_MIN),
            _ => return,
        };
        event.prevent_default();
        on_change.run(moved);
    };
    view! {
        <input id=id class="input time num" aria-label=move || label.get() autocomplete="off" spellcheck="false" maxlength="8" placeholder="09:00"
            prop:value=shown on:change=change on:keydown=on_key />
    }
}

/// Minutes since midnight as `09:30`.
pub fn clock(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// What people mean by `9`, `930`, `9:30`, `9.30`, `5 pm` or `17h`.
pub fn parse(text: &str) -> Option<u16> {
    let text = text.trim().to_lowercase();
    let is_pm = text.contains('p');
    let is_am = text.contains('a');
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let (hour, minute) = match text.split_once([':', '.', 'h']) {
        Some((hour, minute)) => {
            let minute: String = minute.chars().filter(char::is_ascii_digit).collect();
            (hour.trim().parse().ok()?, if minute.is_empty() { 0 } else { minute.parse().ok()? })
        }
        None if digits.len() <= 2 => (digits.parse::<u16>().ok()?, 0),
        None if digits.len() <= 4 => {
            let (hour, minute) = digits.split_at(digits.len() - 2);
            (hour.parse().ok()?, minute.parse().ok()?)
        }
        None => return None,
    };
    let hour = match hour {
        12 if is_am => 0,
        hour if is_pm && hour < 12 => hour + 12,
        hour => hour,
    };
    let minutes = hour * 60 + minute;
    (hour <= 24 && minute < 60 && minutes <= DAY_MIN).then_some(minutes)
}

/// `09:00-12:30` as minutes since midnight.
pub fn span(text: &str) -> Option<(u16, u16)> {
    let (from, to) = text.split_once('-')?;
    Some((parse(from)?, parse(to)?))
}

/// The other way round.
pub fn span_text(from: u16, to: u16) -> String {
    format!("{}-{}", clock(from), clock(to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_type_them() {
        for (text, expected) in [
            ("9", Some("09:00")),
            ("930", Some("09:30")),
            ("0930", Some("09:30")),
            ("9:5", Some("09:05")),
            ("17.45", Some("17:45")),
            ("17h", Some("17:00")),
            ("5 pm", Some("17:00")),
            ("12 am", Some("00:00")),
            ("24:00", Some("24:00")),
            ("24:01", None),
            ("9:75", None),
            ("noon", None),
            ("", None),
        ] {
            assert_eq!(parse(text).map(clock).as_deref(), expected, "{text}");
        }
    }
}
