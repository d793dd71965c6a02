//! Words by which people say that they want no more texts, that they want them again, or what this is. They are heard before any workflow hears anything.

use crate::config::AutomaticTexts;
use plivo::webhook::InboundMessage;

/// What somebody means who writes a single word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keyword {
    /// No more texts.
    Stop,
    /// Texts again.
    Start,
    /// What is this?
    Help,
}

/// The words of carriers' rules in the United States and Canada; `YES` is an answer and not one of them.
const WORDS: [(Keyword, &[&str]); 3] = [
    (Keyword::Stop, &["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"]),
    (Keyword::Start, &["START", "UNSTOP"]),
    (Keyword::Help, &["HELP", "INFO"]),
];

impl Keyword {
    /// The keyword that a message is: by its text, or because Plivo took it for an opt-out, as it does in other languages. What Plivo takes for an opt-in counts by
    /// its text alone, since that may be a `YES` to somebody's question.
    pub fn of(message: &InboundMessage) -> Option<Keyword> {
        let is_opt_out = message.intent.as_deref() == Some("optout");
        Keyword::read(&message.text).or(is_opt_out.then_some(Keyword::Stop))
    }

    /// The keyword that a text is, whatever its case; one with other words around it is none.
    pub fn read(text: &str) -> Option<Keyword> {
        let word = text.trim_matches(|character: char| !character.is_alphanumeric()).to_uppercase();
        WORDS.iter().find(|(_, words)| words.contains(&word.as_str())).map(|(keyword, _)| *keyword)
    }

    /// What the person is answered; nothing where the operator wants silence.
    pub fn answer(self, texts: &AutomaticTexts) -> Option<&str> {
        let text = match self {
            Keyword::Stop => &texts.stop,
            Keyword::Start => &texts.start,
            Keyword::Help => &texts.help,
        };
        Some(text.as_str()).filter(|text| *text != AutomaticTexts::SILENCE)
    }
}

#[cfg(test)]
mod tests {
    use super::Keyword;

    #[test]
    fn a_single_word_counts_and_a_sentence_does_not() {
        for text in ["STOP", " stop. ", "\"Unsubscribe\"", "StopAll!", "end", "Quit", "cancel"] {
            assert_eq!(Keyword::read(text), Some(Keyword::Stop), "{text}");
        }
        assert_eq!(Keyword::read("start"), Some(Keyword::Start));
        assert_eq!(Keyword::read("Unstop"), Some(Keyword::Start));
        assert_eq!(Keyword::read("Info?"), Some(Keyword::Help));
        for text in ["YES", "please stop", "stopped", "", "1", "don't stop"] {
            assert_eq!(Keyword::read(text), None, "{text}");
        }
    }
}
