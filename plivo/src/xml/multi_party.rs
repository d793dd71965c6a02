//! The element for multi-party calls: conferences with roles, hold and coaching.

use super::FileFormat;
use crate::Method;

/// Puts the call into a multi-party call, which exists as long as somebody is in it.
///
/// Addresses of music give documents (`Play`, `Speak`, `Wait`). Unlike everywhere else, Plivo asks most addresses here by `GET` unless told otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MultiPartyCall {
    /// Its name; whoever names the same one in the same account meets there.
    pub name: String,
    /// What this call is in it. Needed.
    pub role: Role,
    /// Longest it may last, in seconds, 300 to 28800. Default 14400.
    pub max_duration_s: u32,
    /// Most participants, 2 to 10. Default 10.
    pub max_participants: u32,
    /// How many must be there for the recording to run, 1 or 2. Default 1.
    pub record_min_member_count: u32,
    /// Gives what those hear who wait for the start.
    pub wait_music_url: Option<String>,
    /// Default `GET`.
    pub wait_music_method: Method,
    /// How long they wait for the start at most, in seconds, up to 1800. Default: as long as it takes.
    pub wait_time_s: Option<u32>,
    /// Gives what agents on hold hear.
    pub agent_hold_music_url: Option<String>,
    /// Default `GET`.
    pub agent_hold_music_method: Method,
    /// Gives what customers on hold hear.
    pub customer_hold_music_url: Option<String>,
    /// Default `GET`.
    pub customer_hold_music_method: Method,
    /// Whether it is recorded. Default false.
    pub record: bool,
    /// Whether this participant is also recorded apart. Default false.
    pub record_participant_track: bool,
    /// Default MP3.
    pub record_file_format: FileFormat,
    /// Who is told of the recording.
    pub recording_callback_url: Option<String>,
    /// Default `GET`.
    pub recording_callback_method: Method,
    /// Who is told what happens while it happens.
    pub status_callback_url: Option<String>,
    /// Default `GET`.
    pub status_callback_method: Method,
    /// Which groups of events are told. Default `mpc-state-changes,participant-state-changes`.
    pub status_callback_events: String,
    /// Whether this participant may be there alone. Default false.
    pub stay_alone: bool,
    /// Whether only agents hear this participant; for supervisors. Default true.
    pub coach_mode: bool,
    /// Whether nobody hears this participant. Default false.
    pub mute: bool,
    /// Whether this participant begins on hold. Default false.
    pub hold: bool,
    /// Whether it begins when this participant enters. Default true.
    pub start_mpc_on_enter: bool,
    /// Whether it ends for all when this participant leaves. Default false.
    pub end_mpc_on_exit: bool,
    /// What the others hear when this participant comes: `none`, `beep:1`, `beep:2`, or the address of a document. Default `beep:1`.
    pub enter_sound: String,
    /// Default `GET`.
    pub enter_sound_method: Method,
    /// What the others hear when this participant goes. Default `beep:2`.
    pub exit_sound: String,
    /// Default `GET`.
    pub exit_sound_method: Method,
    /// Gives the document with which the call goes on when it has left; without it, the next element is carried out.
    pub on_exit_action_url: Option<String>,
    /// Default `POST`.
    pub on_exit_action_method: Method,
    /// Whether the others hear this participant's keys. Default false.
    pub relay_dtmf_inputs: bool,
    /// Gives what everybody hears when the recording begins.
    pub start_recording_audio: Option<String>,
    /// Default `GET`.
    pub start_recording_audio_method: Method,
    /// Gives what everybody hears when the recording ends.
    pub stop_recording_audio: Option<String>,
    /// Default `GET`.
    pub stop_recording_audio_method: Method,
    /// Whether what is said is written down. Default false.
    pub transcript: bool,
    /// Who is told the transcription.
    pub transcription_url: Option<String>,
}

impl MultiPartyCall {
    /// The multi-party call of that name, entered in that role, with Plivo's defaults.
    pub fn new(name: impl Into<String>, role: Role) -> MultiPartyCall {
        MultiPartyCall { name: name.into(), role, ..MultiPartyCall::default() }
    }
}

impl Default for MultiPartyCall {
    fn default() -> MultiPartyCall {
        MultiPartyCall {
            name: String::new(),
            role: Role::Customer,
            max_duration_s: 14_400,
            max_participants: 10,
            record_min_member_count: 1,
            wait_music_url: None,
            wait_music_method: Method::Get,
            wait_time_s: None,
            agent_hold_music_url: None,
            agent_hold_music_method: Method::Get,
            customer_hold_music_url: None,
            customer_hold_music_method: Method::Get,
            record: false,
            record_participant_track: false,
            record_file_format: FileFormat::Mp3,
            recording_callback_url: None,
            recording_callback_method: Method::Get,
            status_callback_url: None,
            status_callback_method: Method::Get,
            status_callback_events: "mpc-state-changes,participant-state-changes".to_owned(),
            stay_alone: false,
            coach_mode: true,
            mute: false,
            hold: false,
            start_mpc_on_enter: true,
            end_mpc_on_exit: false,
            enter_sound: "beep:1".to_owned(),
            enter_sound_method: Method::Get,
            exit_sound: "beep:2".to_owned(),
            exit_sound_method: Method::Get,
            on_exit_action_url: None,
            on_exit_action_method: Method::Post,
            relay_dtmf_inputs: false,
            start_recording_audio: None,
            start_recording_audio_method: Method::Get,
            stop_recording_audio: None,
            stop_recording_audio_method: Method::Get,
            transcript: false,
            transcription_url: None,
        }
    }
}

/// What somebody is in a multi-party call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Serves the customer.
    Agent,
    /// Listens, and may coach agents.
    Supervisor,
    /// Is served.
    Customer,
    /// A program that listens and speaks.
    AiAgent,
}

impl Role {
    /// Reads Plivo's word for it. Its documents write it with a capital letter, its API without; both are taken.
    pub fn new(text: &str) -> Option<Role> {
        [Role::Agent, Role::Supervisor, Role::Customer, Role::AiAgent]
            .into_iter()
            .find(|role| text.eq_ignore_ascii_case(role.as_str()))
    }

    /// Plivo's word for it in documents.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Agent => "Agent",
            Role::Supervisor => "Supervisor",
            Role::Customer => "Customer",
            Role::AiAgent => "ai-agent",
        }
    }
}
