//! Virtual phones: what they do by script, and what the person holding one sees.

use std::{collections::VecDeque, time::Instant};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    address::Address,
    clock::At,
    limits::{CAPTIONS_MAX, PHONE_CALLS_MAX, PHONE_MESSAGES_MAX, SCRIPT_ENTRIES_MAX},
    magic::Magic,
};

/// What a phone does by itself. Times are in milliseconds of a person's time, so the simulator's speed divides them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Script {
    pub(crate) on_call: OnCall,
    /// How long it rings before it answers, is found busy or turns the call down.
    pub(crate) answer_after_ms: u64,
    /// Each entry answers one prompt for keys, on every call anew; an empty one is silence.
    pub(crate) keys: Vec<String>,
    /// Each entry answers one prompt for speech, on every call anew; an empty one is silence.
    pub(crate) speech: Vec<String>,
    /// Hangs up this long after the answer; null stays until the document ends the call.
    pub(crate) hang_up_after_ms: Option<u64>,
    /// Texts it answers; the first entry that fits is the one that counts.
    pub(crate) replies: Vec<Reply>,
}

/// What a phone does when it is rung.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OnCall {
    #[default]
    Answer,
    Machine,
    Busy,
    NoAnswer,
    Reject,
    /// Rings for a person at the web phone.
    Ring,
}

/// An automatic answer to a text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reply {
    /// Part of the text that is answered, in any case; empty fits every text.
    #[serde(default)]
    pub(crate) contains: String,
    #[serde(default)]
    pub(crate) text: String,
    /// Addresses of pictures that come with it.
    #[serde(default)]
    pub(crate) media: Vec<String>,
    #[serde(default)]
    pub(crate) after_ms: u64,
}

impl Script {
    /// Says what is wrong with a script, if anything is.
    pub(crate) fn problem(&self) -> Option<String> {
        let longest = self.keys.len().max(self.speech.len()).max(self.replies.len());
        if longest > SCRIPT_ENTRIES_MAX {
            return Some(format!("a script's list has at most {SCRIPT_ENTRIES_MAX} entries"));
        }
        let is_empty = |reply: &Reply| reply.text.is_empty() && reply.media.is_empty();
        if self.replies.iter().any(|reply| is_empty(reply) || reply.media.len() > 10) {
            return Some(
                "a reply has a `text`, or 1 to 10 addresses in `media`, or both".to_owned(),
            );
        }
        let strange = self.keys.iter().find(|entry| !entry.chars().all(is_key))?;
        Some(format!("`{strange}` in `keys` is not made of 0-9, *, # and A-D"))
    }

    /// The reply to a text, if one fits.
    pub(crate) fn reply_to(&self, text: &str) -> Option<&Reply> {
        let text = text.to_lowercase();
        self.replies.iter().find(|reply| text.contains(&reply.contains.to_lowercase()))
    }
}

/// True for what a telephone keypad can send.
pub(crate) fn is_key(key: char) -> bool {
    matches!(key, '0'..='9' | '*' | '#' | 'A'..='D')
}

/// A phone: its script and what it shows.
#[derive(Clone, Debug)]
pub(crate) struct Phone {
    pub(crate) number: Address,
    pub(crate) script: Script,
    /// True once somebody has given it a script; it is then never forgotten.
    pub(crate) is_scripted: bool,
    pub(crate) replies_sent: usize,
    pub(crate) calls: VecDeque<PhoneCall>,
    pub(crate) messages: VecDeque<PhoneMessage>,
}

/// One call as the phone shows it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct PhoneCall {
    pub(crate) call_uuid: Uuid,
    pub(crate) direction: PhoneDirection,
    pub(crate) other: Address,
    pub(crate) state: PhoneCallState,
    pub(crate) started_at: At,
    pub(crate) captions: VecDeque<Caption>,
    pub(crate) awaiting: Option<Awaiting>,
    pub(crate) conference: Option<String>,
    #[serde(skip)]
    pub(crate) started: Instant,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PhoneDirection {
    Incoming,
    Outgoing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PhoneCallState {
    Ringing,
    InCall,
    Ended,
}

/// Something heard, pressed or noted during a call.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Caption {
    pub(crate) at_ms: u64,
    pub(crate) who: Who,
    pub(crate) text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Who {
    /// The other end: what a document says.
    Them,
    /// The person (or script) at this phone.
    Me,
    /// The simulator, explaining what cannot be heard.
    Note,
}

/// What the call waits for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Awaiting {
    pub(crate) kind: AwaitingKind,
    /// Whether words count, beside keys or instead of them.
    pub(crate) takes_speech: bool,
    pub(crate) max_digits: u32,
    pub(crate) timeout_s: f64,
    pub(crate) finish_on_key: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AwaitingKind {
    Digits,
    Speech,
    Recording,
}

/// A text as the phone shows it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct PhoneMessage {
    pub(crate) direction: PhoneMessageDirection,
    pub(crate) other: Address,
    pub(crate) text: String,
    /// `whatsapp`; nothing for a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) channel: Option<&'static str>,
    /// What can be pressed below it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) buttons: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) media_urls: Vec<String>,
    pub(crate) at: At,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PhoneMessageDirection {
    In,
    Out,
}

impl Phone {
    /// A phone nobody has scripted: it follows its magic, or answers at once and stays silent.
    pub(crate) fn new(number: Address) -> Phone {
        let script = Magic::of(&number).map(Magic::script).unwrap_or_default();
        Phone {
            number,
            script,
            is_scripted: false,
            replies_sent: 0,
            calls: VecDeque::new(),
            messages: VecDeque::new(),
        }
    }

    pub(crate) fn is_idle(&self) -> bool {
        self.calls.iter().all(|call| call.state == PhoneCallState::Ended)
    }

    /// The call a button on the phone means: the named one, or else the newest in a fitting state.
    pub(crate) fn call_for(
        &self,
        call_uuid: Option<Uuid>,
        fits: impl Fn(PhoneCallState) -> bool,
    ) -> Option<Uuid> {
        let mut calls = self.calls.iter().rev().filter(|call| fits(call.state));
        match call_uuid {
            Some(wanted) => calls.find(|call| call.call_uuid == wanted),
            None => calls.next(),
        }
        .map(|call| call.call_uuid)
    }

    pub(crate) fn add_call(&mut self, call: PhoneCall) {
        if self.calls.len() >= PHONE_CALLS_MAX {
            // Calls that are over go first; a live one is hidden only when there is nothing but live ones.
            let over =
                self.calls.iter().position(|call| call.state == PhoneCallState::Ended).unwrap_or(0);
            self.calls.remove(over);
        }
        self.calls.push_back(call);
    }

    pub(crate) fn call_mut(&mut self, call_uuid: Uuid) -> Option<&mut PhoneCall> {
        self.calls.iter_mut().rev().find(|call| call.call_uuid == call_uuid)
    }

    /// The newest message that came from there.
    pub(crate) fn last_from(&self, other: &Address) -> Option<&PhoneMessage> {
        let is_from = |message: &&PhoneMessage| {
            message.direction == PhoneMessageDirection::In && message.other == *other
        };
        self.messages.iter().rev().find(is_from)
    }

    pub(crate) fn add_message(&mut self, message: PhoneMessage) {
        if self.messages.len() >= PHONE_MESSAGES_MAX {
            self.messages.pop_front();
        }
        self.messages.push_back(message);
    }
}

impl PhoneCall {
    pub(crate) fn caption(&mut self, who: Who, text: impl Into<String>) {
        if self.captions.len() >= CAPTIONS_MAX {
            self.captions.pop_front();
        }
        let at_ms = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.captions.push_back(Caption { at_ms, who, text: text.into() });
    }
}
