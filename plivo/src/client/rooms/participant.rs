//! Participants of multi-party calls: rung into them, and changed.

use crate::client::body::Body;
use crate::number::Party;
use crate::xml::{FileFormat, Role};
use serde_json::Value;

/// Somebody to ring into a multi-party call. Only what differs from Plivo's defaults is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddParticipant {
    /// The number shown.
    pub from: Party,
    /// Whom to ring.
    pub to: Party,
    /// What they are in it.
    pub role: Role,
    /// How long to ring, in seconds. Plivo's default is 45.
    pub ring_timeout_s: Option<u32>,
    /// The name shown, at most 50 characters.
    pub caller_name: Option<String>,
    /// Keys to send once it is answered.
    pub send_digits: Option<String>,
    /// The key with which they accept.
    pub confirm_key: Option<String>,
    /// Gives the document that says so.
    pub confirm_key_sound_url: Option<String>,
    /// What those who are there hear meanwhile: `Real` for the ringing, `None`, or the address of a document. Plivo's default is `Real`.
    pub dial_music: Option<String>,
    /// `key=value,key=value`.
    pub sip_headers: Option<String>,
    /// Is told what becomes of their call.
    pub call_status_callback_url: Option<String>,
    /// Is told what happens in the multi-party call.
    pub status_callback_url: Option<String>,
    /// What it is told of. Plivo's default is `mpc-state-changes,participant-state-changes`.
    pub status_callback_events: Option<String>,
    /// Gives the document with which their call goes on when they have left.
    pub on_exit_action_url: Option<String>,
    /// Longest multi-party call, in seconds, 300 to 28800. Plivo's default is 14400.
    pub max_duration_s: Option<u32>,
    /// Most participants, 2 to 10. Plivo's default is 10.
    pub max_participants: Option<u32>,
    /// Gives the document for those who wait for the start.
    pub wait_music_url: Option<String>,
    /// Gives the document for agents on hold.
    pub agent_hold_music_url: Option<String>,
    /// Gives the document for customers on hold.
    pub customer_hold_music_url: Option<String>,
    /// What the others hear when they come: `none`, `beep:1`, `beep:2` or an address. Plivo's default is `beep:1`.
    pub enter_sound: Option<String>,
    /// What the others hear when they go. Plivo's default is `beep:2`.
    pub exit_sound: Option<String>,
    /// Whether it begins when they enter. Plivo's default is true.
    pub start_mpc_on_enter: bool,
    /// Whether it ends when they leave. Plivo's default is false.
    pub end_mpc_on_exit: bool,
    /// Whether they may be there alone. Plivo's default is false.
    pub stay_alone: bool,
    /// Whether nobody hears them. Plivo's default is false.
    pub mute: bool,
    /// Whether they begin on hold. Plivo's default is false.
    pub hold: bool,
    /// Whether only agents hear them; for supervisors. Plivo's default is true.
    pub coach_mode: bool,
    /// Whether the multi-party call is recorded. Plivo's default is false.
    pub record: bool,
    /// How the recording is stored. Plivo's default is MP3.
    pub record_file_format: FileFormat,
    /// Is told of the recording.
    pub recording_callback_url: Option<String>,
}

impl AddParticipant {
    /// Rings a phone, with Plivo's defaults.
    pub fn new(from: impl Into<Party>, to: impl Into<Party>, role: Role) -> AddParticipant {
        AddParticipant {
            from: from.into(),
            to: to.into(),
            role,
            ring_timeout_s: None,
            caller_name: None,
            send_digits: None,
            confirm_key: None,
            confirm_key_sound_url: None,
            dial_music: None,
            sip_headers: None,
            call_status_callback_url: None,
            status_callback_url: None,
            status_callback_events: None,
            on_exit_action_url: None,
            max_duration_s: None,
            max_participants: None,
            wait_music_url: None,
            agent_hold_music_url: None,
            customer_hold_music_url: None,
            enter_sound: None,
            exit_sound: None,
            start_mpc_on_enter: true,
            end_mpc_on_exit: false,
            stay_alone: false,
            mute: false,
            hold: false,
            coach_mode: true,
            record: false,
            record_file_format: FileFormat::Mp3,
            recording_callback_url: None,
        }
    }

    pub(super) fn body(&self) -> Value {
        let mut body = Body::new();
        // The API writes roles without a capital letter, documents with one.
        body.set("role", self.role.as_str().to_ascii_lowercase())
            .set("from", self.from.on_the_wire())
            .set("to", self.to.on_the_wire());
        for (field, text) in [
            ("caller_name", &self.caller_name),
            ("send_digits", &self.send_digits),
            ("confirm_key", &self.confirm_key),
            ("dial_music", &self.dial_music),
            ("sip_headers", &self.sip_headers),
            ("status_callback_events", &self.status_callback_events),
            ("enter_sound", &self.enter_sound),
            ("exit_sound", &self.exit_sound),
        ] {
            body.some(field, text);
        }
        for (field, number) in [
            ("ring_timeout", self.ring_timeout_s),
            ("max_duration", self.max_duration_s),
            ("max_participants", self.max_participants),
        ] {
            body.some(field, &number);
        }
        for (name, url) in [
            ("confirm_key_sound", &self.confirm_key_sound_url),
            ("call_status_callback", &self.call_status_callback_url),
            ("status_callback", &self.status_callback_url),
            ("on_exit_action", &self.on_exit_action_url),
            ("wait_music", &self.wait_music_url),
            ("agent_hold_music", &self.agent_hold_music_url),
            ("customer_hold_music", &self.customer_hold_music_url),
            ("recording_callback", &self.recording_callback_url),
        ] {
            body.hook(name, url);
        }
        for (field, value, default) in [
            ("start_mpc_on_enter", self.start_mpc_on_enter, true),
            ("end_mpc_on_exit", self.end_mpc_on_exit, false),
            ("stay_alone", self.stay_alone, false),
            ("mute", self.mute, false),
            ("hold", self.hold, false),
            ("coach_mode", self.coach_mode, true),
            ("record", self.record, false),
        ] {
            body.unless(field, value, default);
        }
        let format = self.record_file_format;
        body.unless("record_file_format", format.as_str(), FileFormat::Mp3.as_str());
        body.json()
    }
}

/// What can be changed of somebody in a multi-party call; what is `None` stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ChangeParticipant {
    /// Whether nobody hears them.
    pub mute: Option<bool>,
    /// Whether they are on hold.
    pub hold: Option<bool>,
    /// Whether only the agent hears them.
    pub coach_mode: Option<bool>,
}

impl ChangeParticipant {
    pub(super) fn body(self) -> Value {
        let mut body = Body::new();
        body.some("mute", &self.mute)
            .some("hold", &self.hold)
            .some("coach_mode", &self.coach_mode)
            .json()
    }
}
