//! The elements that bring people together: `Dial` and `Conference`.

use super::FileFormat;
use crate::Method;

/// Connects the call to other parties. Several targets ring at once, and the first to answer is connected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dial {
    /// Who is called; at least one.
    pub targets: Vec<Target>,
    /// Who is told how it ended.
    pub action: Option<String>,
    /// Default `POST`.
    pub method: Method,
    /// Whether the caller's `*` hangs up the other side. Default false.
    pub hangup_on_star: bool,
    /// Longest conversation, in seconds. Default 14400.
    pub time_limit_s: u32,
    /// How long to ring, in seconds. Default: until the carrier gives up.
    pub timeout_s: Option<u32>,
    /// The number shown to the other side. Default the caller's.
    pub caller_id: Option<String>,
    /// The name shown to the other side. Default the caller's.
    pub caller_name: Option<String>,
    /// Gives the document that the other side hears before it is connected.
    pub confirm_sound: Option<String>,
    /// The key with which the other side accepts.
    pub confirm_key: Option<String>,
    /// How long to wait for that key, in seconds. Default 120.
    pub confirm_timeout_s: u32,
    /// Gives the document that the caller hears meanwhile, or `real` for the carrier's own ringing.
    pub dial_music: Option<String>,
    /// Who is told what happens while it happens.
    pub callback_url: Option<String>,
    /// Default `POST`.
    pub callback_method: Method,
    /// Whether the call goes on with the document that `action` gives. Default true.
    pub redirect: bool,
    /// Key sequences of the caller to tell `callback_url` about, separated by commas.
    pub digits_match: Option<String>,
    /// Key sequences of the other side to tell `callback_url` about, separated by commas.
    pub digits_match_b_leg: Option<String>,
    /// `key=value,key=value`.
    pub sip_headers: Option<String>,
    /// `voice` or `whatsapp`. Default `voice`.
    pub call_type: String,
}

impl Default for Dial {
    fn default() -> Dial {
        Dial {
            targets: Vec::new(),
            action: None,
            method: Method::Post,
            hangup_on_star: false,
            time_limit_s: 14_400,
            timeout_s: None,
            caller_id: None,
            caller_name: None,
            confirm_sound: None,
            confirm_key: None,
            confirm_timeout_s: 120,
            dial_music: None,
            callback_url: None,
            callback_method: Method::Post,
            redirect: true,
            digits_match: None,
            digits_match_b_leg: None,
            sip_headers: None,
            call_type: "voice".to_owned(),
        }
    }
}

/// Who a `Dial` calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A phone.
    Number(DialNumber),
    /// A SIP address.
    User(DialUser),
}

impl From<DialNumber> for Target {
    fn from(number: DialNumber) -> Target {
        Target::Number(number)
    }
}

impl From<DialUser> for Target {
    fn from(user: DialUser) -> Target {
        Target::User(user)
    }
}

/// A phone that a `Dial` calls.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DialNumber {
    /// The number, with its country code.
    pub number: String,
    /// Keys to send once it is answered, with `w` for half a second.
    pub send_digits: Option<String>,
    /// Whether to send them before it is answered. Default false.
    pub send_on_preanswer: bool,
    /// `rfc2833` sends events instead of tones.
    pub send_digits_mode: Option<String>,
    /// `key=value,key=value`.
    pub sip_headers: Option<String>,
}

impl DialNumber {
    /// Just this number.
    pub fn new(number: impl Into<String>) -> DialNumber {
        DialNumber { number: number.into(), ..DialNumber::default() }
    }
}

/// A SIP address that a `Dial` calls.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct DialUser {
    /// `sip:name@host`.
    pub uri: String,
    /// Keys to send once it is answered, with `w` for half a second.
    pub send_digits: Option<String>,
    /// Whether to send them before it is answered. Default false.
    pub send_on_preanswer: bool,
    /// `key=value,key=value`.
    pub sip_headers: Option<String>,
    /// For a SIP server that asks who is calling.
    pub sip_auth_username: Option<String>,
    /// 8 to 128 characters; needed with a user name.
    pub sip_auth_password: Option<String>,
}

/// Without the password.
impl std::fmt::Debug for DialUser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DialUser")
            .field("uri", &self.uri)
            .field("sip_auth_username", &self.sip_auth_username)
            .finish_non_exhaustive()
    }
}

/// Puts the call into a room, which exists as long as somebody is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conference {
    /// The room's name; whoever names the same room in the same account meets there.
    pub name: String,
    /// Whether this member is heard not at all. Default false.
    pub muted: bool,
    /// What the room hears when this member comes: `beep:1`, `beep:2`, or the address of a document.
    pub enter_sound: Option<String>,
    /// What the room hears when this member goes: `beep:1`, `beep:2`, or the address of a document.
    pub exit_sound: Option<String>,
    /// Whether the conversation begins with this member. Default true.
    pub start_conference_on_enter: bool,
    /// Whether the conversation ends for all when this member goes. Default false.
    pub end_conference_on_exit: bool,
    /// Whether this member may be in the room alone. Default true.
    pub stay_alone: bool,
    /// Gives the document with what the member hears until the conversation begins.
    pub wait_sound: Option<String>,
    /// Most members, at most 20. Default 20.
    pub max_members: u32,
    /// Whether the room is recorded. Default false.
    pub record: bool,
    /// Default MP3.
    pub record_file_format: FileFormat,
    /// Whether to record while only one member is there. Default false.
    pub record_when_alone: bool,
    /// Longest conversation, in seconds. Default 86400.
    pub time_limit_s: u32,
    /// Whether the member's `*` leaves the room. Default false.
    pub hangup_on_star: bool,
    /// Who is told when the member has left.
    pub action: Option<String>,
    /// Default `POST`.
    pub method: Method,
    /// Who is told what happens while it happens.
    pub callback_url: Option<String>,
    /// Default `POST`.
    pub callback_method: Method,
    /// Key sequences to tell `callback_url` about, separated by commas.
    pub digits_match: Option<String>,
    /// Whether to tell `callback_url` who is speaking. Default false.
    pub floor_event: bool,
    /// Whether the call goes on with the document that `action` gives. Default true.
    pub redirect: bool,
    /// Whether the others hear this member's keys. Default true.
    pub relay_dtmf: bool,
    /// Keys to send into the room on entering.
    pub send_digits: Option<String>,
    /// `auto` or `hybrid`; nothing means no transcription.
    pub transcription_type: Option<String>,
    /// Who is told the transcription.
    pub transcription_url: Option<String>,
    /// Default `POST`.
    pub transcription_method: Method,
}

impl Conference {
    /// The room of that name, with Plivo's defaults.
    pub fn new(name: impl Into<String>) -> Conference {
        Conference { name: name.into(), ..Conference::default() }
    }
}

impl Default for Conference {
    fn default() -> Conference {
        Conference {
            name: String::new(),
            muted: false,
            enter_sound: None,
            exit_sound: None,
            start_conference_on_enter: true,
            end_conference_on_exit: false,
            stay_alone: true,
            wait_sound: None,
            max_members: 20,
            record: false,
            record_file_format: FileFormat::Mp3,
            record_when_alone: false,
            time_limit_s: 86_400,
            hangup_on_star: false,
            action: None,
            method: Method::Post,
            callback_url: None,
            callback_method: Method::Post,
            digits_match: None,
            floor_event: false,
            redirect: true,
            relay_dtmf: true,
            send_digits: None,
            transcription_type: None,
            transcription_url: None,
            transcription_method: Method::Post,
        }
    }
}
