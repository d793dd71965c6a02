//! The webhooks of calls: answer, ring, redirect, input, recording, dial, conference, machine detection and hang-up.

use super::{Error, Params};
use crate::number::Party;
use std::fmt;

/// Whatever a webhook says about a call.
///
/// One type serves all of them, since Plivo sends the same basic fields everywhere and adds to them.
/// Only `CallUUID` is always there: conference and recording callbacks leave out most of the rest.
#[derive(Clone, PartialEq)]
pub struct Voice {
    /// The call, or rather this leg of it.
    pub call_uuid: String,
    /// The request that made the call, for calls we made.
    pub request_uuid: Option<String>,
    /// The call that dialled this one, for the far leg of a `Dial`.
    pub parent_call_uuid: Option<String>,
    /// Who calls.
    pub from: Option<Party>,
    /// Who is called.
    pub to: Option<Party>,
    /// The caller's name, where the carrier knows it.
    pub caller_name: Option<String>,
    /// Who was called before the call was forwarded here.
    pub forwarded_from: Option<Party>,
    /// Whether they call us or we them.
    pub direction: Option<Direction>,
    /// How far the call is.
    pub status: Option<CallStatus>,
    /// What happened. Some callbacks say it only by the fields they bring along.
    pub event: Option<VoiceEvent>,
    /// The keys that were pressed, without the one that ended the input.
    pub digits: Option<String>,
    /// What was said, for `GetInput`.
    pub speech: Option<String>,
    /// How sure Plivo is of `speech`, from 0 to 1.
    pub speech_confidence: Option<f64>,
    /// Whether a machine answered, with machine detection.
    pub machine: Option<bool>,
    /// Why the call ended, in SIP's words: `NORMAL_CLEARING`, `USER_BUSY`, …
    pub hangup_cause: Option<String>,
    /// Why the call ended, in Plivo's words: `End Of XML Instructions`, …
    pub hangup_cause_name: Option<String>,
    /// Plivo's number for it: 4000 is a normal end, 3010 is busy, …
    pub hangup_cause_code: Option<u32>,
    /// Who ended it: `Caller`, `Callee`, `API Request`, `Answer XML`, `Plivo`, `Carrier`, …
    pub hangup_source: Option<String>,
    /// How long the call was, in seconds.
    pub duration_s: Option<u32>,
    /// What of it is charged, in seconds.
    pub bill_duration_s: Option<u32>,
    /// What it cost, in US dollars, as a decimal number.
    pub total_cost: Option<String>,
    /// When it was answered, as Plivo writes it.
    pub answer_time: Option<String>,
    /// When it ended, as Plivo writes it.
    pub end_time: Option<String>,
    /// What became of a recording.
    pub recording: Option<Recording>,
    /// What became of a `Dial`.
    pub dial: Option<DialEvent>,
    /// What happened in a conference.
    pub conference: Option<ConferenceEvent>,
}

impl Voice {
    /// Reads what is there.
    ///
    /// # Errors
    /// When there is no `CallUUID`.
    pub fn from_params(params: &Params) -> Result<Voice, Error> {
        Ok(Voice {
            call_uuid: params.needed("CallUUID")?.to_owned(),
            request_uuid: params.text("RequestUUID").or_else(|| params.text("ALegRequestUUID")),
            parent_call_uuid: params.text("ParentCallUUID"),
            from: params.party("From"),
            to: params.party("To"),
            caller_name: params.text("CallerName"),
            forwarded_from: params.party("ForwardedFrom"),
            direction: params.get("Direction").and_then(Direction::new),
            status: params.get("CallStatus").map(CallStatus::new),
            event: params.get("Event").map(VoiceEvent::new),
            digits: params.text("Digits"),
            speech: params.text("Speech"),
            speech_confidence: params.number("SpeechConfidenceScore"),
            machine: params.flag("Machine"),
            hangup_cause: params.text("HangupCause"),
            hangup_cause_name: params.text("HangupCauseName"),
            hangup_cause_code: params.number("HangupCauseCode"),
            hangup_source: params.text("HangupSource"),
            duration_s: params.number("Duration"),
            bill_duration_s: params.number("BillDuration"),
            total_cost: params.text("TotalCost"),
            answer_time: params.text("AnswerTime"),
            end_time: params.text("EndTime"),
            recording: Recording::from_params(params),
            dial: DialEvent::from_params(params),
            conference: ConferenceEvent::from_params(params),
        })
    }

    /// Whether the call is over, by its status or because this is the hang-up webhook.
    pub fn is_over(&self) -> bool {
        self.event == Some(VoiceEvent::Hangup)
            || self.status.as_ref().is_some_and(CallStatus::is_final)
    }
}

/// Without digits, speech and names, because debug output ends up in logs.
impl fmt::Debug for Voice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Voice")
            .field("call_uuid", &self.call_uuid)
            .field("request_uuid", &self.request_uuid)
            .field("direction", &self.direction)
            .field("status", &self.status)
            .field("event", &self.event)
            .field("hangup_cause_code", &self.hangup_cause_code)
            .finish_non_exhaustive()
    }
}

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

/// A recording that is done, or that just began in the background.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    /// Plivo's name for it.
    pub id: Option<String>,
    /// Where to fetch it.
    pub url: Option<String>,
    /// How long it is, in milliseconds; nothing while it goes on in the background.
    pub duration_ms: Option<u64>,
    /// Why it ended: `RecordingTimeout`, `maxLength`, `FinishedOnKey` or `HungUp`.
    pub end_reason: Option<String>,
}

impl Recording {
    fn from_params(params: &Params) -> Option<Recording> {
        let (id, url) = (params.text("RecordingID"), params.text("RecordUrl"));
        if id.is_none() && url.is_none() {
            return None;
        }
        // Seconds are there where milliseconds are not, and -1 means that it goes on.
        let duration_ms = params.number::<f64>("RecordingDurationMs");
        let duration_ms = duration_ms
            .or_else(|| params.number::<f64>("RecordingDuration").map(|seconds| seconds * 1000.0));
        let duration_ms = duration_ms
            .filter(|duration_ms| *duration_ms >= 0.0)
            .map(|duration_ms| duration_ms.round() as u64);
        Some(Recording { id, url, duration_ms, end_reason: params.text("RecordingEndReason") })
    }
}

/// What happened to a `Dial`: how it ended (its `action`), or a step on the way (its `callbackUrl`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DialEvent {
    /// How it ended; only in the request to `action`.
    pub status: Option<CallStatus>,
    /// The step: `answer`, `connected`, `hangup` or `digits`; only in the request to `callbackUrl`.
    pub action: Option<String>,
    /// Why it ended, in SIP's words.
    pub hangup_cause: Option<String>,
    /// The caller's leg.
    pub a_leg_uuid: Option<String>,
    /// The dialled leg.
    pub b_leg_uuid: Option<String>,
    /// The keys of `digitsMatch` that were pressed.
    pub digits: Option<String>,
}

impl DialEvent {
    fn from_params(params: &Params) -> Option<DialEvent> {
        let (status, action) =
            (params.get("DialStatus").map(CallStatus::new), params.text("DialAction"));
        if status.is_none() && action.is_none() {
            return None;
        }
        Some(DialEvent {
            status,
            action,
            hangup_cause: params
                .text("DialHangupCause")
                .or_else(|| params.text("DialBLegHangupCauseName")),
            a_leg_uuid: params.text("DialALegUUID"),
            b_leg_uuid: params.text("DialBLegUUID"),
            digits: params.text("DialDigitsMatch"),
        })
    }
}

/// What happened in a conference: a step (its `callbackUrl`), or that the member left (its `action`, without a step).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConferenceEvent {
    /// The room's name.
    pub name: String,
    /// This meeting in the room.
    pub uuid: Option<String>,
    /// The member.
    pub member_id: Option<String>,
    /// The step: `enter`, `exit`, `digits`, `floor`, `record`, …
    pub action: Option<String>,
    /// The keys of `digitsMatch` that were pressed.
    pub digits: Option<String>,
}

impl ConferenceEvent {
    fn from_params(params: &Params) -> Option<ConferenceEvent> {
        Some(ConferenceEvent {
            name: params.text("ConferenceName")?,
            uuid: params.text("ConferenceUUID"),
            member_id: params.text("ConferenceMemberID"),
            action: params.text("ConferenceAction"),
            digits: params.text("ConferenceDigitsMatch"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn voice(form: &str) -> Voice {
        Voice::from_params(&Params::parse(form.as_bytes())).unwrap()
    }

    #[test]
    fn the_answer_request_of_an_incoming_call_says_who_calls() {
        let voice = voice(
            "CallUUID=c-1&From=15550100001&To=15550100000&CallStatus=ringing&Direction=inbound&Event=StartApp&CallerName=Ann",
        );
        assert_eq!(voice.from.unwrap().as_str(), "+15550100001");
        assert_eq!(voice.to.unwrap().as_str(), "+15550100000");
        assert_eq!(voice.direction, Some(Direction::Inbound));
        assert_eq!(voice.status, Some(CallStatus::Ringing));
        assert_eq!(voice.event, Some(VoiceEvent::StartApp));
        assert_eq!(
            (voice.digits, voice.recording, voice.dial, voice.conference),
            (None, None, None, None)
        );
    }

    #[test]
    fn keys_and_speech_are_told_apart() {
        let keys = voice("CallUUID=c-1&InputType=dtmf&Digits=12&Speech=&SpeechConfidenceScore=");
        assert_eq!((keys.digits.as_deref(), keys.speech), (Some("12"), None));
        let speech = voice(
            "CallUUID=c-1&InputType=speech&Digits=&Speech=sales+please&SpeechConfidenceScore=0.93",
        );
        assert_eq!(
            (speech.digits, speech.speech.as_deref(), speech.speech_confidence),
            (None, Some("sales please"), Some(0.93))
        );
    }

    #[test]
    fn a_hang_up_says_why_and_the_request_it_belongs_to() {
        let voice = voice(
            "CallUUID=c-1&ALegRequestUUID=r-1&CallStatus=busy&Event=Hangup&HangupCause=USER_BUSY&HangupCauseName=Busy+Line\
             &HangupCauseCode=3010&HangupSource=Callee&Duration=0&BillDuration=0&TotalCost=0.00000",
        );
        assert!(voice.is_over());
        assert_eq!(voice.request_uuid.as_deref(), Some("r-1"));
        assert_eq!((voice.hangup_cause_code, voice.duration_s), (Some(3010), Some(0)));
    }

    #[test]
    fn recordings_dials_and_conferences_are_found_by_their_fields() {
        let recording = voice(
            "CallUUID=c-1&RecordUrl=https%3A%2F%2Fmedia.example%2Fr.mp3&RecordingID=r-1&RecordingDuration=3&RecordingDurationMs=2760",
        );
        assert_eq!(recording.recording.unwrap().duration_ms, Some(2760));
        let background =
            voice("CallUUID=c-1&RecordingID=r-1&RecordingDuration=-1&RecordingDurationMs=-1");
        assert_eq!(background.recording.unwrap().duration_ms, None);
        let dial =
            voice("CallUUID=c-1&DialStatus=no-answer&DialHangupCause=NO_ANSWER&DialBLegUUID=b-1")
                .dial
                .unwrap();
        assert_eq!(
            (dial.status, dial.b_leg_uuid.as_deref()),
            (Some(CallStatus::NoAnswer), Some("b-1"))
        );
        let conference = voice(
            "CallUUID=c-1&ConferenceName=war+room&ConferenceAction=enter&ConferenceMemberID=10",
        )
        .conference
        .unwrap();
        assert_eq!(
            (conference.name.as_str(), conference.action.as_deref()),
            ("war room", Some("enter"))
        );
    }

    #[test]
    fn unknown_words_are_kept_and_a_missing_call_is_an_error() {
        let voice = voice(
            "CallUUID=c-1&CallStatus=levitating&Event=Teleport&Direction=sideways&From=anonymous&HangupCauseCode=soon",
        );
        assert_eq!(voice.status, Some(CallStatus::Other("levitating".to_owned())));
        assert_eq!(voice.event, Some(VoiceEvent::Other("Teleport".to_owned())));
        assert_eq!((voice.direction, voice.hangup_cause_code), (None, None));
        assert_eq!(voice.from.unwrap(), Party::Other("anonymous".to_owned()));
        let error = Voice::from_params(&Params::parse(b"CallUUID=&From=1")).unwrap_err();
        assert_eq!(error.to_string(), "the webhook lacks the field `CallUUID`");
    }
}
