//! The values of attributes as Plivo writes them.

use super::{FileFormat, HangupReason, InputType, RecordChannels, Role};
use crate::Method;

/// A value that can stand in an attribute.
pub(super) trait Value: PartialEq + Sized {
    /// What a text must be to be such a value, for error messages.
    const EXPECTED: &'static str;

    fn to_text(&self) -> String;
    fn from_text(text: &str) -> Option<Self>;
}

impl Value for String {
    const EXPECTED: &'static str = "a text";

    fn to_text(&self) -> String {
        self.clone()
    }

    fn from_text(text: &str) -> Option<String> {
        Some(text.to_owned())
    }
}

/// Nothing and an empty text are the same, as with an address that a template left empty.
impl Value for Option<String> {
    const EXPECTED: &'static str = "a text";

    fn to_text(&self) -> String {
        self.clone().unwrap_or_default()
    }

    fn from_text(text: &str) -> Option<Option<String>> {
        Some((!text.is_empty()).then(|| text.to_owned()))
    }
}

impl Value for bool {
    const EXPECTED: &'static str = "`true` or `false`";

    fn to_text(&self) -> String {
        self.to_string()
    }

    fn from_text(text: &str) -> Option<bool> {
        match text.trim() {
            text if text.eq_ignore_ascii_case("true") => Some(true),
            text if text.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        }
    }
}

impl Value for u32 {
    const EXPECTED: &'static str = "a whole number";

    fn to_text(&self) -> String {
        self.to_string()
    }

    fn from_text(text: &str) -> Option<u32> {
        text.trim().parse().ok()
    }
}

/// Nothing is `auto` to Plivo.
impl Value for Option<u32> {
    const EXPECTED: &'static str = "a whole number";

    fn to_text(&self) -> String {
        self.map_or_else(|| "auto".to_owned(), |number| number.to_string())
    }

    fn from_text(text: &str) -> Option<Option<u32>> {
        match text.trim() {
            "" | "auto" => Some(None),
            text => text.parse().ok().map(Some),
        }
    }
}

/// One key, or `none`.
impl Value for Option<char> {
    const EXPECTED: &'static str = "one of the keys 0 to 9, * and #, or `none`";

    fn to_text(&self) -> String {
        self.map_or_else(|| "none".to_owned(), String::from)
    }

    fn from_text(text: &str) -> Option<Option<char>> {
        let text = text.trim();
        let mut characters = text.chars();
        match (characters.next(), characters.next()) {
            (None, _) => Some(None),
            (Some(key @ ('0'..='9' | '*' | '#')), None) => Some(Some(key)),
            _ => text.eq_ignore_ascii_case("none").then_some(None),
        }
    }
}

impl Value for Method {
    const EXPECTED: &'static str = "`GET` or `POST`";

    fn to_text(&self) -> String {
        self.as_str().to_owned()
    }

    fn from_text(text: &str) -> Option<Method> {
        [Method::Get, Method::Post]
            .into_iter()
            .find(|method| text.trim().eq_ignore_ascii_case(method.as_str()))
    }
}

impl Value for InputType {
    const EXPECTED: &'static str = "`dtmf`, `speech` or `dtmf speech`";

    fn to_text(&self) -> String {
        match self {
            InputType::Dtmf => "dtmf",
            InputType::Speech => "speech",
            InputType::DtmfOrSpeech => "dtmf speech",
        }
        .to_owned()
    }

    fn from_text(text: &str) -> Option<InputType> {
        match text.split_whitespace().collect::<Vec<_>>()[..] {
            ["dtmf"] => Some(InputType::Dtmf),
            ["speech"] => Some(InputType::Speech),
            ["dtmf", "speech"] | ["speech", "dtmf"] => Some(InputType::DtmfOrSpeech),
            _ => None,
        }
    }
}

impl Value for FileFormat {
    const EXPECTED: &'static str = "`mp3` or `wav`";

    fn to_text(&self) -> String {
        self.as_str().to_owned()
    }

    fn from_text(text: &str) -> Option<FileFormat> {
        match text.trim() {
            "mp3" => Some(FileFormat::Mp3),
            "wav" => Some(FileFormat::Wav),
            _ => None,
        }
    }
}

impl Value for RecordChannels {
    const EXPECTED: &'static str = "`stereo` or `mono`";

    fn to_text(&self) -> String {
        self.as_str().to_owned()
    }

    fn from_text(text: &str) -> Option<RecordChannels> {
        match text.trim() {
            "stereo" => Some(RecordChannels::Stereo),
            "mono" => Some(RecordChannels::Mono),
            _ => None,
        }
    }
}

impl Value for Role {
    const EXPECTED: &'static str = "`Agent`, `Supervisor`, `Customer` or `ai-agent`";

    fn to_text(&self) -> String {
        self.as_str().to_owned()
    }

    fn from_text(text: &str) -> Option<Role> {
        Role::new(text.trim())
    }
}

impl Value for Option<HangupReason> {
    const EXPECTED: &'static str = "`rejected` or `busy`";

    fn to_text(&self) -> String {
        match self {
            Some(HangupReason::Rejected) => "rejected",
            Some(HangupReason::Busy) => "busy",
            None => "",
        }
        .to_owned()
    }

    fn from_text(text: &str) -> Option<Option<HangupReason>> {
        match text.trim() {
            "rejected" => Some(Some(HangupReason::Rejected)),
            "busy" => Some(Some(HangupReason::Busy)),
            "" => Some(None),
            _ => None,
        }
    }
}
