//! Legs: one party's side of a call, and what it is to hear next.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Names a leg within its run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LegId(pub u32);

impl LegId {
    /// The caller's leg of a run that an incoming call started.
    pub const FIRST: LegId = LegId(1);
}

impl fmt::Display for LegId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.0)
    }
}

/// Where a leg is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LegState {
    /// It was asked for or rings.
    Dialling,
    /// It was answered.
    Live,
    /// It is over.
    Ended,
}

/// One party's side of a call.
#[derive(Clone, Debug, PartialEq)]
pub struct Leg {
    /// Its name in the run.
    pub id: LegId,
    /// Where it is in its life.
    pub state: LegState,
    /// Who calls, E.164; `None`: the server's own number.
    pub from: Option<String>,
    /// Who is called, E.164 or SIP.
    pub to: String,
    /// Plivo's id of the call, once known.
    pub call_uuid: Option<String>,
    /// Plivo's id of the request that asked for the call, once known; a call that rings has no other.
    pub request_uuid: Option<String>,
    /// Counts instructions: a webhook that answers an older one changes nothing and is given the present one again.
    pub turn: u32,
    /// What the party hears now; `None` before the first and while the run has nothing to say yet.
    pub instruction: Option<Instruction>,
}

/// What a leg is to hear and do next, as data; the server writes it as an answer document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Instruction {
    /// What is played first. In [`Then::GetDigits`] a key press cuts it short.
    pub prompts: Vec<Prompt>,
    /// What follows.
    pub then: Then,
}

/// One thing to hear.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prompt {
    /// Text to speech.
    Speak {
        /// What is said.
        text: String,
        /// `WOMAN`, `MAN` or `Polly.…`; `None`: Plivo's default, `WOMAN`.
        voice: Option<String>,
        /// For example `en-US`, which is Plivo's default.
        language: Option<String>,
        /// How often; 0 is until the call ends.
        times: u32,
    },
    /// An audio file.
    Play {
        /// Its address, MP3 or WAV.
        url: String,
        /// How often; 0 is until the call ends.
        times: u32,
    },
}

/// What follows the prompts of an instruction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Then {
    /// Tell the run that the prompts are done.
    Continue,
    /// Wait for keys; tells `Digits` or `NoInput`.
    GetDigits {
        /// How many keys at most.
        max_digits: u32,
        /// How long to wait for the first key, and for each further one, in seconds.
        timeout_s: u32,
        /// The key that ends the input early; `None`: no key does.
        finish_on_key: Option<char>,
        /// Whether the keys are secret and must not be logged by the carrier.
        sensitive: bool,
    },
    /// Join a room; tells `ConferenceLeft` when out of it with the call still up.
    Conference(Conference),
    /// Hear the hold audio until there is something new.
    Hold,
    /// End the call.
    HangUp {
        /// How a call that was not answered yet is refused: `busy` or `rejected`.
        reason: Option<String>,
    },
}

/// A room and how this leg enters it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conference {
    /// The room's name; everybody who names it is in the same room.
    pub name: String,
    /// Whether to record.
    pub record: bool,
    /// Whether this leg only listens.
    pub muted: bool,
    /// Whether the room opens when this leg enters.
    pub start_on_enter: bool,
    /// Whether the room closes when this leg leaves.
    pub end_on_exit: bool,
    /// Address of audio for those who wait; `None`: the carrier's silence.
    pub wait_audio: Option<String>,
    /// How many may be in it, 2 to 20 (Plivo's bound).
    pub max_members: u32,
}

/// Why a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndCause {
    /// It was answered and somebody hung up.
    Completed,
    /// The line was busy, or the call was rejected.
    Busy,
    /// Nobody answered in time.
    NoAnswer,
    /// It was taken back before it was answered.
    Cancelled,
    /// The number cannot be reached, or the network failed.
    Failed,
    /// The carrier no longer knows the call.
    Lost,
}
