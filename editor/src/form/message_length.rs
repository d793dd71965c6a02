//! How many messages a text takes, counted while it is typed, and which character makes it more.

use super::place::Place;
use crate::words;
use engine::segments::{is_gsm, segments};
use leptos::prelude::*;

/// The most characters of a WhatsApp text (Plivo's bound).
const WHATSAPP_CHARACTERS_MAX: usize = 4_096;
/// Named one by one; more are summed up.
const NAMED_MAX: usize = 4;

/// The count below the text of a message.
#[component]
pub fn MessageLength(place: Place, is_whatsapp: bool) -> impl IntoView {
    let length = Memo::new(move |_| {
        let text = place.text();
        if is_whatsapp { Length::of_whatsapp(&text) } else { Length::of_sms(&text) }
    });
    view! {
        <p class="message-length num" class:warn=move || length.read().is_odd role="status">
            <span>{move || length.get().count}</span>
            {move || length.get().oddity.map(|oddity| view! { <span>{oddity}</span> })}
        </p>
    }
}

/// A text's length in words.
#[derive(Clone, Debug, Default, PartialEq)]
struct Length {
    count: String,
    oddity: Option<String>,
    is_odd: bool,
}

impl Length {
    fn of_whatsapp(text: &str) -> Length {
        let count = plain(text).0.chars().count();
        let count = if count == 0 {
            String::new()
        } else {
            format!("{count} of {WHATSAPP_CHARACTERS_MAX} characters")
        };
        Length { count, ..Length::default() }
    }

    fn of_sms(text: &str) -> Length {
        let (plain, is_filled_in) = plain(text);
        let found = segments(&plain);
        if found.count == 0 {
            return Length::default();
        }
        let (alone, each) = found.encoding.capacity();
        let room = if found.count == 1 { alone } else { each * found.count };
        let more = if is_filled_in { ", and what is filled in" } else { "" };
        let messages = words::count(found.count, "message", "messages");
        let count = format!("{messages}, {} of {room} characters{more}.", found.units);
        let mut odd: Vec<char> = plain.chars().filter(|character| !is_gsm(*character)).collect();
        odd.sort_unstable();
        odd.dedup();
        if odd.is_empty() {
            return Length { count, ..Length::default() };
        }
        let usual: String = plain
            .chars()
            .map(|character| if is_gsm(character) { character } else { '?' })
            .collect();
        let usual = segments(&usual).count;
        let named = odd.iter().take(NAMED_MAX).map(char::to_string).collect::<Vec<_>>().join(" ");
        let dots = if odd.len() > NAMED_MAX { " …" } else { "" };
        let who = if odd.len() == 1 {
            format!("One unusual character, {named}, makes it")
        } else {
            format!("Unusual characters, {named}{dots}, make it")
        };
        // What it costs more, the check of the field says, and mends.
        let oddity = (usual == found.count)
            .then(|| format!("{who} 70 characters a message instead of 160."));
        Length { count, oddity, is_odd: usual < found.count }
    }
}

/// The text without what is filled in, and whether something is.
fn plain(text: &str) -> (String, bool) {
    let (mut plain, mut rest, mut is_filled_in) = (String::new(), text, false);
    while let Some(start) = rest.find("{{").into_iter().chain(rest.find("{%")).min() {
        let close = if rest[start..].starts_with("{{") { "}}" } else { "%}" };
        let Some(length) = rest[start..].find(close) else { break };
        plain.push_str(&rest[..start]);
        rest = &rest[start + length + close.len()..];
        is_filled_in = true;
    }
    plain.push_str(rest);
    (plain, is_filled_in)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_count_leaves_out_what_is_filled_in() {
        assert_eq!(
            Length::of_sms("Hi {{ name }}!").count,
            "1 message, 4 of 160 characters, and what is filled in."
        );
        assert_eq!(Length::of_sms(&"a".repeat(170)).count, "2 messages, 170 of 306 characters.");
        assert_eq!(Length::of_sms(""), Length::default());
    }

    #[test]
    fn characters_that_leave_less_room_are_named() {
        let short = Length::of_sms("It’s late");
        assert_eq!(
            short.oddity.as_deref(),
            Some("One unusual character, ’, makes it 70 characters a message instead of 160.")
        );
        let long = Length::of_sms(&format!("It’s {}", "a".repeat(100)));
        assert_eq!(long.count, "2 messages, 105 of 134 characters.");
        assert!(long.is_odd && !short.is_odd);
    }
}
