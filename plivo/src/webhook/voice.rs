//! The webhooks of calls: answer, ring, redirect, input, recording, dial, conference, machine detection and hang-up.

use super::dial::DialEvent;
use super::recording::Recording;
use super::rooms::{ConferenceEvent, MultiPartyEvent};
use super::status::{CallStatus, Direction, VoiceEvent};
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
    /// What is understood of speech that goes on; asks for nothing, and is not yet an answer.
    pub interim_speech: Option<InterimSpeech>,
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
    /// What happened in a multi-party call.
    pub multi_party: Option<MultiPartyEvent>,
}

/// What is understood so far while somebody speaks (`interimSpeechResultsCallback`).
#[derive(Clone, PartialEq)]
pub struct InterimSpeech {
    /// Counts the results of one answer.
    pub sequence_number: Option<u32>,
    /// What will not change any more.
    pub stable: String,
    /// What may.
    pub unstable: String,
    /// How likely the latter will stay, from 0 to 1.
    pub stability: Option<f64>,
}

impl InterimSpeech {
    /// An answer has an `InputType`; what is only on the way has none.
    fn from_params(params: &Params) -> Option<InterimSpeech> {
        let is_interim = ["SequenceNumber", "StableSpeech", "UnstableSpeech"]
            .iter()
            .any(|field| params.get(field).is_some());
        (is_interim && params.get("InputType").is_none()).then(|| InterimSpeech {
            sequence_number: params.number("SequenceNumber"),
            stable: params.text("StableSpeech").unwrap_or_default(),
            unstable: params.text("UnstableSpeech").unwrap_or_default(),
            stability: params.number("Stability"),
        })
    }
}

impl Voice {
    /// Reads what is there.
    ///
    /// # Errors
    /// When there is no `CallUUID`.
    pub fn from_params(params: &Params) -> Result<Voice, Error> {
        Ok(Voice {
            // Multi-party calls name the call only as their participant's.
            call_uuid: match params.text("ParticipantCallUUID") {
                Some(call_uuid) if params.get("CallUUID").is_none() => call_uuid,
                _ => params.needed("CallUUID")?.to_owned(),
            },
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
            interim_speech: InterimSpeech::from_params(params),
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
            multi_party: MultiPartyEvent::from_params(params).ok(),
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
    fn speech_on_its_way_is_no_answer() {
        let said =
            voice("CallUUID=c-1&StableSpeech=&UnstableSpeech=sal&Stability=0.1&SequenceNumber=0");
        let interim = said.interim_speech.unwrap();
        assert_eq!((interim.unstable.as_str(), interim.sequence_number), ("sal", Some(0)));
        assert_eq!((said.speech, said.digits), (None, None));
        assert!(voice("CallUUID=c-1&InputType=speech&Speech=sales").interim_speech.is_none());
    }

    #[test]
    fn participants_of_multi_party_calls_are_known_by_their_calls() {
        let left = voice("MPCUUID=m&MPCFriendlyName=support&MemberID=49&ParticipantCallUUID=c-1");
        assert_eq!(left.call_uuid, "c-1");
        assert_eq!(left.multi_party.unwrap().member_id.as_deref(), Some("49"));
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
        let dial = voice("CallUUID=c-1&DialAction=hangup&DialBLegUUID=b-1&DialBLegTo=15550100001&DialBLegDuration=12&DialBLegHangupCauseCode=9110").dial.unwrap();
        assert_eq!(dial.b_leg_to.unwrap().as_str(), "+15550100001");
        assert_eq!((dial.b_leg_duration_s, dial.b_leg_hangup_cause_code), (Some(12), Some(9110)));
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
