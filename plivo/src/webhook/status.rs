//! Plivo's words about calls: which way they go, how far they are, and what just happened.

use std::fmt;

/// Who placed a call or sent a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// They to us.
    Inbound,
    /// We to them.
    Outbound,
}

impl Direction {
    /// Reads Plivo's word for it.
    pub fn new(text: &str) -> Option<Direction> {
        match text {
            "inbound" => Some(Direction::Inbound),
            "outbound" | "outbound-api" => Some(Direction::Outbound),
            _ => None,
        }
    }

    /// Plivo's word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Direction::Inbound => "inbound",
            Direction::Outbound => "outbound",
        }
    }
}

/// How far a call is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallStatus {
    /// Waits for its turn to be placed.
    Queued,
    /// Not answered yet.
    Ringing,
    /// Answered.
    InProgress,
    /// Was answered, and is over.
    Completed,
    /// The line was busy.
    Busy,
    /// Could not be placed, or was rejected.
    Failed,
    /// Rang as long as it may, and nobody answered.
    Timeout,
    /// Nobody answered.
    NoAnswer,
    /// We gave up before anybody answered.
    Cancel,
    /// A word that Plivo did not use when this was written.
    Other(String),
}

impl CallStatus {
    /// Reads Plivo's word for it.
    pub fn new(text: &str) -> CallStatus {
        match text {
            "queued" => CallStatus::Queued,
            "ringing" | "early-media" => CallStatus::Ringing,
            "in-progress" => CallStatus::InProgress,
            "completed" => CallStatus::Completed,
            "busy" => CallStatus::Busy,
            "failed" => CallStatus::Failed,
            "timeout" => CallStatus::Timeout,
            "no-answer" => CallStatus::NoAnswer,
            "cancel" | "canceled" | "cancelled" => CallStatus::Cancel,
            other => CallStatus::Other(other.to_owned()),
        }
    }

    /// Plivo's word for it.
    pub fn as_str(&self) -> &str {
        match self {
            CallStatus::Queued => "queued",
            CallStatus::Ringing => "ringing",
            CallStatus::InProgress => "in-progress",
            CallStatus::Completed => "completed",
            CallStatus::Busy => "busy",
            CallStatus::Failed => "failed",
            CallStatus::Timeout => "timeout",
            CallStatus::NoAnswer => "no-answer",
            CallStatus::Cancel => "cancel",
            CallStatus::Other(other) => other,
        }
    }

    /// Whether the call is over.
    pub fn is_final(&self) -> bool {
        match self {
            CallStatus::Completed
            | CallStatus::Busy
            | CallStatus::Failed
            | CallStatus::Timeout
            | CallStatus::NoAnswer
            | CallStatus::Cancel => true,
            CallStatus::Queued
            | CallStatus::Ringing
            | CallStatus::InProgress
            | CallStatus::Other(_) => false,
        }
    }
}

impl fmt::Display for CallStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a webhook of a call is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VoiceEvent {
    /// The call wants its first document.
    StartApp,
    /// The phone we call is ringing.
    Ring,
    /// The call wants its next document.
    Redirect,
    /// It is known whether a person or a machine answered.
    MachineDetection,
    /// The call is over.
    Hangup,
    /// A word of another callback, or a new one.
    Other(String),
}

impl VoiceEvent {
    /// Reads Plivo's word for it.
    pub fn new(text: &str) -> VoiceEvent {
        match text {
            "StartApp" => VoiceEvent::StartApp,
            "Ring" => VoiceEvent::Ring,
            "Redirect" => VoiceEvent::Redirect,
            "MachineDetection" => VoiceEvent::MachineDetection,
            "Hangup" => VoiceEvent::Hangup,
            other => VoiceEvent::Other(other.to_owned()),
        }
    }

    /// Plivo's word for it.
    pub fn as_str(&self) -> &str {
        match self {
            VoiceEvent::StartApp => "StartApp",
            VoiceEvent::Ring => "Ring",
            VoiceEvent::Redirect => "Redirect",
            VoiceEvent::MachineDetection => "MachineDetection",
            VoiceEvent::Hangup => "Hangup",
            VoiceEvent::Other(other) => other,
        }
    }
}
