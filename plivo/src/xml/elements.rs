//! The simple elements: those that say, play, wait, send or end something.

use crate::Method;

/// Says a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Speak {
    /// What is said.
    pub text: String,
    /// `WOMAN`, `MAN` or `Polly.` and a name. Default `WOMAN`.
    pub voice: String,
    /// Default `en-US`.
    pub language: String,
    /// How often it is said; 0 means until the call ends. Default 1.
    pub loop_count: u32,
}

impl Speak {
    /// Says `text` once, in Plivo's default voice.
    pub fn new(text: impl Into<String>) -> Speak {
        Speak { text: text.into(), ..Speak::default() }
    }
}

impl Default for Speak {
    fn default() -> Speak {
        Speak {
            text: String::new(),
            voice: "WOMAN".to_owned(),
            language: "en-US".to_owned(),
            loop_count: 1,
        }
    }
}

/// Plays an audio file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Play {
    /// Where the MP3 or WAV file is, at most 10 MB.
    pub url: String,
    /// How often it is played; 0 means until the call ends. Default 1.
    pub loop_count: u32,
}

impl Play {
    /// Plays the file at `url` once.
    pub fn new(url: impl Into<String>) -> Play {
        Play { url: url.into(), ..Play::default() }
    }
}

impl Default for Play {
    fn default() -> Play {
        Play { url: String::new(), loop_count: 1 }
    }
}

/// What a caller hears while Plivo already listens for input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Prompt {
    /// Says a text.
    Speak(Speak),
    /// Plays an audio file.
    Play(Play),
}

impl From<Speak> for Prompt {
    fn from(speak: Speak) -> Prompt {
        Prompt::Speak(speak)
    }
}

impl From<Play> for Prompt {
    fn from(play: Play) -> Prompt {
        Prompt::Play(play)
    }
}

/// Goes on with the document that another address gives. Nothing after it is carried out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Redirect {
    /// Where the next document is.
    pub url: String,
    /// Default `POST`.
    pub method: Method,
}

impl Redirect {
    /// Goes on with the document that a `POST` to `url` gives.
    pub fn new(url: impl Into<String>) -> Redirect {
        Redirect { url: url.into(), ..Redirect::default() }
    }
}

/// Ends the call.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hangup {
    /// What a caller who was not answered yet is told.
    pub reason: Option<HangupReason>,
    /// Ends the call that many seconds later; the elements that follow are carried out in the meantime.
    pub schedule_s: Option<u32>,
}

/// What a caller who was not answered yet is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HangupReason {
    /// The call is rejected.
    Rejected,
    /// The line is busy.
    Busy,
}

/// Waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait {
    /// In seconds. Default 1.
    pub length_s: u32,
    /// Whether to go on earlier, once the other side is silent. Default false.
    pub silence: bool,
    /// How long a silence must be to count, in milliseconds. Default 2000.
    pub min_silence_ms: u32,
    /// Whether to go on earlier, once a beep is heard. Default false.
    pub beep: bool,
}

impl Wait {
    /// Waits `length_s` seconds, whatever is heard.
    pub fn new(length_s: u32) -> Wait {
        Wait { length_s, ..Wait::default() }
    }
}

impl Default for Wait {
    fn default() -> Wait {
        Wait { length_s: 1, silence: false, min_silence_ms: 2000, beep: false }
    }
}

/// Sends key tones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dtmf {
    /// `0` to `9`, `*`, `#`, and `w` and `W` for pauses of half a second and a second.
    pub digits: String,
    /// Whether the next element begins while the tones are still being sent. Default true.
    pub is_async: bool,
}

impl Default for Dtmf {
    fn default() -> Dtmf {
        Dtmf { digits: String::new(), is_async: true }
    }
}

/// Sends a text message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// What it says.
    pub text: String,
    /// Who sends it.
    pub src: String,
    /// Who gets it; several are separated by `<`.
    pub dst: String,
    /// Default `sms`.
    pub message_type: String,
    /// Where Plivo reports what became of it.
    pub callback_url: Option<String>,
    /// Default `POST`.
    pub callback_method: Method,
}

impl Default for Message {
    fn default() -> Message {
        Message {
            text: String::new(),
            src: String::new(),
            dst: String::new(),
            message_type: "sms".to_owned(),
            callback_url: None,
            callback_method: Method::Post,
        }
    }
}
