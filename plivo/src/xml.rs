//! Answer documents: the XML that tells a live call what to do next.
//!
//! A [`Response`] is a list of [`Element`]s that Plivo carries out from top to bottom; when it runs out of them, it hangs up.
//! [`Response::to_xml`] and [`Response::parse`] are inverse to each other, because both are driven by one table of attributes.
//! The public fields hold Plivo's defaults until changed, and what equals its default is not written.
//!
//! ```
//! use plivo::xml::{GetDigits, Hangup, Prompt, Response, Speak};
//!
//! let ask = GetDigits {
//!     prompts: vec![Prompt::Speak(Speak::new("For sales, press 1."))],
//!     action: Some("https://phloem.example/digits".to_owned()),
//!     num_digits: 1,
//!     ..GetDigits::default()
//! };
//! let response = Response::new([ask.into(), Speak::new("Goodbye.").into(), Hangup::default().into()]);
//! assert_eq!(
//!     response.to_xml(),
//!     "<Response><GetDigits action=\"https://phloem.example/digits\" numDigits=\"1\"><Speak>For sales, press 1.</Speak></GetDigits>\
//!      <Speak>Goodbye.</Speak><Hangup/></Response>"
//! );
//! assert_eq!(Response::parse(&response.to_xml()), Ok(response));
//! ```

mod attributes;
mod elements;
mod error;
mod input;
mod multi_party;
mod read;
mod rooms;
mod tree;
mod value;
mod write;

pub use elements::{Dtmf, Hangup, HangupReason, Message, Play, Prompt, Redirect, Speak, Wait};
pub use error::{Error, Place};
pub use input::{FileFormat, GetDigits, GetInput, InputType, Record, RecordChannels};
pub use multi_party::{MultiPartyCall, Role};
pub use rooms::{Conference, Dial, DialNumber, DialUser, Target};

/// The content type of an answer document.
pub const CONTENT_TYPE: &str = "application/xml";

/// Plivo takes documents of up to 100 KB.
pub const DOCUMENT_BYTES_MAX: usize = 100 * 1024;

/// An answer document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Response {
    /// What Plivo does, one after the other. After the last one it hangs up.
    pub elements: Vec<Element>,
}

impl Response {
    /// A document of these elements.
    pub fn new(elements: impl IntoIterator<Item = Element>) -> Response {
        Response { elements: elements.into_iter().collect() }
    }

    /// Writes the document on one line, without an XML declaration.
    ///
    /// Characters that XML cannot carry (control characters other than tab and line ends) are dropped.
    pub fn to_xml(&self) -> String {
        write::document(self)
    }

    /// Reads a document as Plivo does, but less forgiving: unknown elements, elements in the wrong place and values that make no
    /// sense are errors, so that they show up in the simulator and not on a phone. Unknown attributes are passed over.
    ///
    /// White space around the text of an element does not count. Speech markup (SSML) in a `<Speak>` is read as its words.
    ///
    /// # Errors
    /// Names the line, the column and what would be right.
    pub fn parse(xml: &str) -> Result<Response, Error> {
        read::document(xml)
    }
}

/// One instruction of an answer document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Element {
    /// Says a text.
    Speak(Speak),
    /// Plays an audio file.
    Play(Play),
    /// Collects keys.
    GetDigits(GetDigits),
    /// Collects keys or speech.
    GetInput(GetInput),
    /// Records the caller or the whole call.
    Record(Record),
    /// Connects the call to other parties.
    Dial(Dial),
    /// Puts the call into a room.
    Conference(Conference),
    /// Puts the call into a multi-party call.
    MultiPartyCall(Box<MultiPartyCall>),
    /// Goes on with another document.
    Redirect(Redirect),
    /// Ends the call.
    Hangup(Hangup),
    /// Waits.
    Wait(Wait),
    /// Does this before the call counts as answered. May hold `Speak`, `Play` and `Wait`.
    PreAnswer(Vec<Element>),
    /// Sends key tones.
    Dtmf(Dtmf),
    /// Sends a text message.
    Message(Message),
}

impl Element {
    /// The name Plivo gives it.
    pub fn name(&self) -> &'static str {
        match self {
            Element::Speak(_) => "Speak",
            Element::Play(_) => "Play",
            Element::GetDigits(_) => "GetDigits",
            Element::GetInput(_) => "GetInput",
            Element::Record(_) => "Record",
            Element::Dial(_) => "Dial",
            Element::Conference(_) => "Conference",
            Element::MultiPartyCall(_) => "MultiPartyCall",
            Element::Redirect(_) => "Redirect",
            Element::Hangup(_) => "Hangup",
            Element::Wait(_) => "Wait",
            Element::PreAnswer(_) => "PreAnswer",
            Element::Dtmf(_) => "DTMF",
            Element::Message(_) => "Message",
        }
    }
}

impl From<Speak> for Element {
    fn from(speak: Speak) -> Element {
        Element::Speak(speak)
    }
}

impl From<Play> for Element {
    fn from(play: Play) -> Element {
        Element::Play(play)
    }
}

impl From<Prompt> for Element {
    fn from(prompt: Prompt) -> Element {
        match prompt {
            Prompt::Speak(speak) => Element::Speak(speak),
            Prompt::Play(play) => Element::Play(play),
        }
    }
}

impl From<GetDigits> for Element {
    fn from(get_digits: GetDigits) -> Element {
        Element::GetDigits(get_digits)
    }
}

impl From<GetInput> for Element {
    fn from(get_input: GetInput) -> Element {
        Element::GetInput(get_input)
    }
}

impl From<Record> for Element {
    fn from(record: Record) -> Element {
        Element::Record(record)
    }
}

impl From<Dial> for Element {
    fn from(dial: Dial) -> Element {
        Element::Dial(dial)
    }
}

impl From<Conference> for Element {
    fn from(conference: Conference) -> Element {
        Element::Conference(conference)
    }
}

impl From<MultiPartyCall> for Element {
    fn from(multi_party_call: MultiPartyCall) -> Element {
        Element::MultiPartyCall(Box::new(multi_party_call))
    }
}

impl From<Redirect> for Element {
    fn from(redirect: Redirect) -> Element {
        Element::Redirect(redirect)
    }
}

impl From<Hangup> for Element {
    fn from(hangup: Hangup) -> Element {
        Element::Hangup(hangup)
    }
}

impl From<Wait> for Element {
    fn from(wait: Wait) -> Element {
        Element::Wait(wait)
    }
}

impl From<Dtmf> for Element {
    fn from(dtmf: Dtmf) -> Element {
        Element::Dtmf(dtmf)
    }
}

impl From<Message> for Element {
    fn from(message: Message) -> Element {
        Element::Message(message)
    }
}
