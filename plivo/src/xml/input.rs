//! The elements that listen: keys, speech and recordings.

use super::Prompt;
use crate::Method;

/// Collects keys and posts them to `action` as `Digits`.
///
/// When no key comes, after `retries` tries, `action` is not called and the next element is carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetDigits {
    /// What the caller hears; the first key interrupts it.
    pub prompts: Vec<Prompt>,
    /// Who is told the keys.
    pub action: Option<String>,
    /// Default `POST`.
    pub method: Method,
    /// How long to wait for the first key, in seconds, after the prompts. Default 5.
    pub timeout_s: u32,
    /// How long to wait for each further key, in seconds. Default 2.
    pub digit_timeout_s: u32,
    /// The key that ends the input and is not part of it. Default `#`.
    pub finish_on_key: Option<char>,
    /// Most keys taken. Default 99.
    pub num_digits: u32,
    /// How often to ask when no key comes. Default 1.
    pub retries: u32,
    /// Whether the call goes on with the document that `action` gives. Default true.
    pub redirect: bool,
    /// Whether to beep after the prompts. Default false.
    pub play_beep: bool,
    /// The keys that count. Default all: `1234567890*#`.
    pub valid_digits: String,
    /// The address of a sound for a key that does not count.
    pub invalid_digits_sound: Option<String>,
    /// Whether Plivo may keep the keys in its logs. Default true.
    pub log: bool,
}

impl Default for GetDigits {
    fn default() -> GetDigits {
        GetDigits {
            prompts: Vec::new(),
            action: None,
            method: Method::Post,
            timeout_s: 5,
            digit_timeout_s: 2,
            finish_on_key: Some('#'),
            num_digits: 99,
            retries: 1,
            redirect: true,
            play_beep: false,
            valid_digits: "1234567890*#".to_owned(),
            invalid_digits_sound: None,
            log: true,
        }
    }
}

/// Collects keys or speech, whichever comes first, and posts them to `action` as `Digits` or `Speech`.
///
/// When nothing comes, `action` is not called and the next element is carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetInput {
    /// What the caller hears; the first input interrupts it.
    pub prompts: Vec<Prompt>,
    /// Who is told the input. Needed.
    pub action: String,
    /// Default `POST`.
    pub method: Method,
    /// What counts as input. Plivo names no default; ours is both.
    pub input_type: InputType,
    /// How long to wait for input in all, in seconds, after the prompts: 5 to 60. Default 15.
    pub execution_timeout_s: u32,
    /// How long to wait for each further key, in seconds: 2 to 10. Default: Plivo decides.
    pub digit_end_timeout_s: Option<u32>,
    /// The silence that ends speech, in seconds: 2 to 10. Default: Plivo decides.
    pub speech_end_timeout_s: Option<u32>,
    /// How long to wait for the input to begin, in seconds. Default: as long as `execution_timeout_s`.
    pub start_input_timeout_s: Option<u32>,
    /// The key that ends the input and is not part of it. Default `#`.
    pub finish_on_key: Option<char>,
    /// Most keys taken: 1 to 32. Default 32.
    pub num_digits: u32,
    /// How often to ask when nothing comes. Default 1.
    pub retries: u32,
    /// `default`, `command_and_search`, `phone_call` or a newer one.
    pub speech_model: String,
    /// Phrases to expect, separated by commas: at most 500, 10,000 characters in all.
    pub hints: Option<String>,
    /// Default `en-US`.
    pub language: String,
    /// Default false.
    pub profanity_filter: bool,
    /// Who is told what is understood so far.
    pub interim_speech_results_callback: Option<String>,
    /// Default `POST`.
    pub interim_speech_results_callback_method: Method,
    /// Whether the call goes on with the document that `action` gives. Default true.
    pub redirect: bool,
    /// Whether Plivo may keep the input in its logs. Default true.
    pub log: bool,
}

impl Default for GetInput {
    fn default() -> GetInput {
        GetInput {
            prompts: Vec::new(),
            action: String::new(),
            method: Method::Post,
            input_type: InputType::DtmfOrSpeech,
            execution_timeout_s: 15,
            digit_end_timeout_s: None,
            speech_end_timeout_s: None,
            start_input_timeout_s: None,
            finish_on_key: Some('#'),
            num_digits: 32,
            retries: 1,
            speech_model: "default".to_owned(),
            hints: None,
            language: "en-US".to_owned(),
            profanity_filter: false,
            interim_speech_results_callback: None,
            interim_speech_results_callback_method: Method::Post,
            redirect: true,
            log: true,
        }
    }
}

/// What `GetInput` listens for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputType {
    /// Keys.
    Dtmf,
    /// Speech.
    Speech,
    /// Whichever comes first.
    DtmfOrSpeech,
}

/// Records the caller, or the whole call in the background, and posts where the recording is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Who is told when the recording ends.
    pub action: Option<String>,
    /// Default `POST`.
    pub method: Method,
    /// Default MP3.
    pub file_format: FileFormat,
    /// Whether the call goes on with the document that `action` gives. Default true.
    pub redirect: bool,
    /// The silence that ends the recording, in seconds. Default 15.
    pub timeout_s: u32,
    /// Longest recording, in seconds. Default 60.
    pub max_length_s: u32,
    /// Default true.
    pub play_beep: bool,
    /// The keys that end the recording, each by itself. Always written, because Plivo's documents
    /// disagree about the default (`#`, or all keys); ours is `#`.
    pub finish_on_keys: String,
    /// Records the whole call in the background. Default false.
    pub record_session: bool,
    /// Records in the background from the moment a `Dial` is answered. Default false.
    pub start_on_dial_answer: bool,
    /// Default stereo.
    pub channels: RecordChannels,
    /// `auto` or `hybrid`; nothing means no transcription.
    pub transcription_type: Option<String>,
    /// Who is told the transcription.
    pub transcription_url: Option<String>,
    /// Default `POST`.
    pub transcription_method: Method,
    /// Default `compact`.
    pub transcription_report_type: String,
    /// Who is told when the recording can be fetched.
    pub callback_url: Option<String>,
    /// Default `POST`.
    pub callback_method: Method,
}

impl Default for Record {
    fn default() -> Record {
        Record {
            action: None,
            method: Method::Post,
            file_format: FileFormat::Mp3,
            redirect: true,
            timeout_s: 15,
            max_length_s: 60,
            play_beep: true,
            finish_on_keys: "#".to_owned(),
            record_session: false,
            start_on_dial_answer: false,
            channels: RecordChannels::Stereo,
            transcription_type: None,
            transcription_url: None,
            transcription_method: Method::Post,
            transcription_report_type: "compact".to_owned(),
            callback_url: None,
            callback_method: Method::Post,
        }
    }
}

/// How a recording is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFormat {
    /// MP3.
    Mp3,
    /// WAV.
    Wav,
}

impl FileFormat {
    /// Plivo's word for it, which is also the ending of the file's name.
    pub fn as_str(self) -> &'static str {
        match self {
            FileFormat::Mp3 => "mp3",
            FileFormat::Wav => "wav",
        }
    }
}

/// Whether the two sides of a call are recorded apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordChannels {
    /// Each side on a channel of its own.
    Stereo,
    /// Both sides together.
    Mono,
}

impl RecordChannels {
    /// Plivo's word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            RecordChannels::Stereo => "stereo",
            RecordChannels::Mono => "mono",
        }
    }
}
