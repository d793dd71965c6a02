//! Legs: one party's side of a call, and what it is to hear next.

use crate::{
    effect::{Recording, Role},
    limits,
    text::Text,
};
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
    pub from: Option<Text>,
    /// Who is called, E.164 or SIP.
    pub to: Text,
    /// Plivo's id of the call, once known.
    pub call_uuid: Option<String>,
    /// Plivo's id of the request that asked for the call, once known; a call that rings has no other.
    pub request_uuid: Option<String>,
    /// Counts instructions: a webhook that answers an older one changes nothing and is given the present one again.
    pub turn: u32,
    /// What the party hears now; `None` before the first and while the run has nothing to say yet.
    pub instruction: Option<Instruction>,
}

impl Leg {
    /// Gives back the room that was kept for more words.
    pub(super) fn shrink(&mut self) {
        let Some(instruction) = &mut self.instruction else { return };
        instruction.prompts.shrink_to_fit();
        for prompt in &mut instruction.prompts {
            if let Prompt::Speak { text, .. } | Prompt::Play { url: text, .. } = prompt {
                text.shrink_to_fit();
            }
        }
    }
}

/// What a leg is to hear and do next, as data; the server writes it as an answer document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Instruction {
    /// What is played to somebody who rings us before their call is answered, so that it costs them nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub before_answer: Vec<Prompt>,
    /// What is played first. In [`Then::GetDigits`] a key press cuts it short.
    pub prompts: Vec<Prompt>,
    /// What follows.
    pub then: Then,
}

impl Instruction {
    /// What is played, and what follows.
    pub fn new(prompts: Vec<Prompt>, then: Then) -> Instruction {
        Instruction { before_answer: Vec::new(), prompts, then }
    }
}

impl Then {
    /// How long nothing may be heard of it before the carrier is asked whether the call is still up, in seconds.
    pub(super) fn silence_s(&self) -> u64 {
        match self {
            Then::Conference(_) | Then::MultiParty(_) | Then::Dial(_) => {
                limits::CONFERENCE_SILENCE_S_MAX
            }
            Then::Record(record) => limits::LEG_SILENCE_S_MAX + u64::from(record.max_length_s),
            _ => limits::LEG_SILENCE_S_MAX,
        }
    }
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
    /// Nothing, until the other side has been silent for two seconds: an answering machine's greeting is over then.
    Quiet {
        /// How long to wait at most, in seconds.
        at_most_s: u32,
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
    /// Wait for speech, or for whichever comes first of speech and keys; tells `Speech`, `Digits` or `NoInput`.
    GetSpeech(Box<GetSpeech>),
    /// Record what the party says; tells `Recorded` or `NoInput`.
    Record(Box<Record>),
    /// Dial others and connect whoever answers; tells `DialEnded`.
    Dial(Box<Dial>),
    /// Join a room; tells `ConferenceLeft` when out of it with the call still up.
    Conference(Box<Conference>),
    /// Join a multi-party call; tells `ConferenceLeft` when out of it with the call still up.
    MultiParty(Box<MultiParty>),
    /// Hear the hold audio until there is something new.
    Hold {
        /// Address of the audio; `None`: the server's own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        audio: Option<String>,
    },
    /// End the call.
    HangUp {
        /// How a call that was not answered yet is refused: `busy` or `rejected`.
        reason: Option<String>,
    },
}

/// How speech is listened for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GetSpeech {
    /// Whether keys are taken as well; the first of the two counts.
    pub takes_digits: bool,
    /// How many keys at most, 1 to 32.
    pub max_digits: u32,
    /// The key that ends the keys early; `None`: no key does.
    pub finish_on_key: Option<char>,
    /// How long to wait for a first word or key after the prompt, 5 to 60 seconds.
    pub timeout_s: u32,
    /// How long a pause ends the answer, 2 to 10 seconds; `None`: as the carrier finds best.
    pub pause_s: Option<u32>,
    /// The language spoken, for example `en-US`, which is Plivo's default.
    pub language: Option<String>,
    /// Words and phrases to expect; at most 500 of together 10,000 characters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hints: Vec<String>,
    /// `default`, `command_and_search`, `phone_call` or `telephony`.
    pub model: Option<String>,
    /// Whether rude words are left out.
    pub filters_profanity: bool,
    /// Whether the answer is secret and must not be logged by the carrier.
    pub sensitive: bool,
}

/// How a message of the party is recorded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The recording.
    pub recording: Recording,
    /// How long it may be, in seconds.
    pub max_length_s: u32,
    /// How long a silence ends it, in seconds.
    pub silence_timeout_s: u32,
    /// The key that ends it; `None`: any key.
    pub finish_on_key: Option<char>,
    /// Whether a beep says that it begins.
    pub beeps: bool,
}

/// Whom to dial for a leg, and how.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dial {
    /// Numbers or SIP addresses; all ring at once and the first to answer is connected.
    pub targets: Vec<String>,
    /// The number shown; `None`: the server's own.
    pub from: Option<String>,
    /// How long they ring, in seconds.
    pub ring_timeout_s: u32,
    /// How long the conversation may last, in seconds; `None`: Plivo's four hours.
    pub time_limit_s: Option<u32>,
    /// What whoever answers hears before being connected, and the key that takes the call.
    pub screening: Option<Screening>,
    /// Keys to send once somebody answers, for an extension.
    pub send_digits: Option<String>,
    /// Address of audio for the leg while it rings; `None`: the ringing tone.
    pub ring_audio: Option<String>,
    /// The recording of the conversation, if it is to be recorded.
    pub recording: Option<Recording>,
    /// SIP headers for the dialled party, without `X-PH-`.
    #[serde(default, skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub sip_headers: std::collections::BTreeMap<String, String>,
}

/// What a dialled party hears before being connected.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Screening {
    /// What they hear.
    pub prompts: Vec<Prompt>,
    /// The key that takes the call; `None`: no key is asked for.
    pub key: Option<char>,
}

/// A multi-party call and how this leg enters it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MultiParty {
    /// Its name.
    pub name: String,
    /// What this leg is in it.
    pub role: Role,
    /// Whether nobody hears this leg.
    pub muted: bool,
    /// Whether this leg begins on hold.
    pub on_hold: bool,
    /// Whether only the agent hears this leg (supervisors).
    pub coaches: bool,
    /// Whether it begins when this leg enters.
    pub start_on_enter: bool,
    /// Whether it ends for all when this leg leaves.
    pub end_on_exit: bool,
    /// Address of audio for those who wait for its beginning.
    pub wait_audio: Option<String>,
    /// Address of audio for agents on hold.
    pub agent_hold_audio: Option<String>,
    /// Address of audio for customers on hold.
    pub customer_hold_audio: Option<String>,
    /// The recording of it, if it is to be recorded.
    pub recording: Option<Recording>,
    /// How many may be in it, 2 to 10 (Plivo's bound).
    pub max_members: u32,
}

/// A room and how this leg enters it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conference {
    /// The room's name; everybody who names it is in the same room.
    pub name: String,
    /// The recording of the room, if it is to be recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording: Option<Recording>,
    /// Beeps that the others hear when somebody enters, 0 to 2.
    #[serde(default)]
    pub enter_beeps: u32,
    /// Beeps that the others hear when somebody leaves, 0 to 2.
    #[serde(default)]
    pub exit_beeps: u32,
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
    /// An answering machine took it and was hung up on, as was asked for.
    Machine,
    /// The carrier no longer knows the call.
    Lost,
}
