//! What people are answered who write STOP, START or HELP to one of our numbers.

use super::Environment;
use crate::error::Error;

/// Characters of an automatic text: three segments of a text message.
const CHARACTERS_MAX: usize = 459;

/// The answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AutomaticTexts {
    /// `PHLOEM_STOP_TEXT`: to those who want no more texts.
    pub stop: String,
    /// `PHLOEM_START_TEXT`: to those who want texts again.
    pub start: String,
    /// `PHLOEM_HELP_TEXT`: to those who ask what this is.
    pub help: String,
}

impl AutomaticTexts {
    /// The value that stands for no answer at all, for where the carrier gives one itself.
    pub const SILENCE: &'static str = "-";

    pub(super) fn read(environment: &Environment) -> Result<AutomaticTexts, Error> {
        let text = |name: &str, usual: &str| {
            let text = environment.get(name)?.unwrap_or_else(|| usual.to_owned());
            if text.chars().count() > CHARACTERS_MAX {
                return Err(Error::Setting(format!(
                    "{name} has more than {CHARACTERS_MAX} characters; write a shorter text"
                )));
            }
            Ok(text)
        };
        Ok(AutomaticTexts {
            stop: text(
                "PHLOEM_STOP_TEXT",
                "You will get no more texts from this number. Reply START to get them again.",
            )?,
            start: text(
                "PHLOEM_START_TEXT",
                "You will get texts from this number again. Reply STOP to get no more.",
            )?,
            help: text(
                "PHLOEM_HELP_TEXT",
                "This number sends automatic texts. Reply STOP to get no more of them.",
            )?,
        })
    }
}
