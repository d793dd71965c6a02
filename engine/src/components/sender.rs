//! Who a text comes from: a number, a name of letters, or a Powerpack. Plivo takes all three in different places of a request (`src`, `powerpack_uuid`).

use crate::{component::Problems, template::Template};

/// What a sender is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender {
    /// A number, in any usual notation, or a short code.
    Number,
    /// Up to 11 letters and digits. Nobody can answer it.
    Name,
    /// The id of a Powerpack, Plivo's pool of numbers.
    Powerpack,
}

/// Most letters of a name; the networks cut it off otherwise.
const NAME_LETTERS_MAX: usize = 11;

impl Sender {
    /// What a text without templates is, if it is a sender at all.
    pub fn of(text: &str) -> Option<Sender> {
        let text = text.trim();
        let digits = text.chars().filter(char::is_ascii_digit).count();
        let is_number = text.strip_prefix('+').unwrap_or(text).chars().all(|character| {
            character.is_ascii_digit() || matches!(character, ' ' | '-' | '.' | '(' | ')' | '/')
        });
        let is_name = text.len() <= NAME_LETTERS_MAX
            && text.chars().any(|character| character.is_ascii_alphabetic())
            && text.chars().all(|character| {
                character.is_ascii_alphanumeric()
                    || matches!(character, ' ' | '-' | '_' | '.' | '&')
            });
        let groups: Vec<&str> = text.split('-').collect();
        let is_uuid = groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
            && groups.iter().all(|group| group.chars().all(|letter| letter.is_ascii_hexdigit()));
        if is_uuid {
            Some(Sender::Powerpack)
        } else if is_number && (3..=15).contains(&digits) {
            Some(Sender::Number)
        } else {
            is_name.then_some(Sender::Name)
        }
    }

    /// What a configured sender is; nothing where that shows only when it is filled in.
    pub(super) fn of_template(template: Option<&Template>) -> Option<Sender> {
        template.filter(|template| is_known(template)).and_then(|from| Sender::of(from.source()))
    }
}

fn is_known(template: &Template) -> bool {
    !template.is_empty() && !template.source().contains("{{") && !template.source().contains("{%")
}

/// Reports a sender that is none.
pub(super) fn check(from: Option<&Template>, problems: &mut Problems<'_>) {
    if let Some(from) = from.filter(|from| is_known(from))
        && Sender::of(from.source()).is_none()
    {
        problems.error(
            "bad_sender",
            "from",
            format!("A text cannot come from `{}`.", from.source()),
            "Use a number such as +14155550100, a name of up to 11 letters and digits, or the id of a Powerpack; or leave it empty.",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sender_is_a_number_a_short_name_or_a_powerpack() {
        for (text, expected) in [
            ("+1 (415) 555-0100", Some(Sender::Number)),
            ("22395", Some(Sender::Number)),
            ("Clinic", Some(Sender::Name)),
            ("Dr Who & Co", Some(Sender::Name)),
            ("5ec4c8c9-cd74-42b5-9e41-0d7670d6bb46", Some(Sender::Powerpack)),
            ("Riverside Clinic", None),
            ("+1415555010012345678", None),
            ("Käthe", None),
            ("12", None),
        ] {
            assert_eq!(Sender::of(text), expected, "{text}");
        }
    }
}
