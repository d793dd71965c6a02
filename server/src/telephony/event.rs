//! Webhooks, read as what happened to a run.

use super::{
    address::{CallAddress, CallKind},
    memory::DialNews,
};
use engine::{
    EndCause, Event, LegId,
    event::{DialEnd, DialOutcome, RecordingNews},
};
use plivo::{
    client::CallRecord,
    webhook::{CallStatus, Recording, Voice},
};

/// Plivo's hangup cause for a machine that was hung up on, as `machine_detection=hangup` asks.
const MACHINE: u32 = 9100;

/// Plivo's hangup causes that mean "no, thank you": rejected, declined, blocked as spam.
const REJECTED: [u32; 3] = [3020, 3110, 3130];

/// Plivo's hangup cause for a dialled party who did not press the key that takes the call.
const NOT_TAKEN: u32 = 9110;

/// Shorter recordings hold nothing, in milliseconds: somebody hung up at the tone, or pressed the key at once.
const RECORDING_MS_MIN: u64 = 1_000;

/// What a call's webhook says happened; nothing where it only asks what to do. The end of dialling is told by [`dialled`].
pub fn of_call(address: &CallAddress, voice: &Voice) -> Option<Event> {
    let (leg, turn) = (address.leg, address.turn);
    let no_input = Event::NoInput { leg, turn };
    // An action of a call that has gone down says nothing that the hangup webhook does not say better, but for a message that ended by hanging up.
    let is_over = voice.is_over() || ended_by_hanging_up(voice);
    match address.kind {
        CallKind::Hangup => Some(ended(leg, voice)),
        CallKind::Recorded => match recorded(voice) {
            Some(recording) => Some(Event::Recorded { leg, turn, recording }),
            None => (!is_over).then_some(no_input),
        },
        _ if is_over => None,
        CallKind::Answer | CallKind::AnswerRecorded(_) => Some(Event::CallAnswered {
            leg,
            call_uuid: voice.call_uuid.clone(),
            machine: voice.machine,
        }),
        CallKind::Done => Some(Event::PromptsDone { leg, turn }),
        CallKind::Digits | CallKind::Speech => Some(match (&voice.speech, &voice.digits) {
            (Some(speech), _) if address.kind == CallKind::Speech => Event::Speech {
                leg,
                turn,
                text: speech.clone(),
                confidence: voice.speech_confidence,
            },
            (_, Some(digits)) => Event::Digits { leg, turn, digits: digits.clone() },
            _ => no_input,
        }),
        CallKind::Silence => Some(no_input),
        CallKind::Left => Some(Event::ConferenceLeft { leg, turn }),
        CallKind::Poll
        | CallKind::Called
        | CallKind::Dialled
        | CallKind::DialNews
        | CallKind::Screening
        | CallKind::RingSound
        | CallKind::WaitSound
        | CallKind::AgentHoldSound
        | CallKind::CustomerHoldSound => None,
    }
}

/// Whether a recording ended because its call did.
fn ended_by_hanging_up(voice: &Voice) -> bool {
    let reason = voice.recording.as_ref().and_then(|recording| recording.end_reason.as_deref());
    reason == Some("HungUp")
}

/// The end of dialling others for a leg, with what was told while it went on. `asks_for_key`: whoever answered had to press one.
pub fn dialled(
    address: &CallAddress,
    voice: &Voice,
    news: Option<&DialNews>,
    asks_for_key: bool,
) -> Option<Event> {
    let dial = voice.dial.as_ref().filter(|_| !voice.is_over())?;
    let answered = news.filter(|news| news.answered_by.is_some());
    let code = news.and_then(|news| news.hangup_cause_code);
    let was_refused = code.is_some_and(|code| REJECTED.contains(&code) || code == NOT_TAKEN)
        || match dial.hangup_cause.as_deref() {
            Some("CALL_REJECTED") => true,
            // They answered, and that was all.
            Some("NORMAL_CLEARING") => asks_for_key && answered.is_none(),
            _ => false,
        };
    let outcome = match dial.status.as_ref()? {
        CallStatus::Completed => DialOutcome::Completed,
        CallStatus::Busy => DialOutcome::Busy,
        CallStatus::NoAnswer | CallStatus::Timeout | CallStatus::Cancel => DialOutcome::NoAnswer,
        _ if was_refused => DialOutcome::Busy,
        _ => DialOutcome::Failed,
    };
    let end = DialEnd {
        outcome,
        answered_by: answered.and_then(|news| news.answered_by.clone()),
        call_uuid: dial.b_leg_uuid.clone(),
        duration_s: answered.and_then(DialNews::talked_s).unwrap_or(0),
        cause: dial.hangup_cause.clone(),
    };
    Some(Event::DialEnded { leg: address.leg, turn: address.turn, end })
}

/// A message that somebody has left, if there is anything in it.
fn recorded(voice: &Voice) -> Option<RecordingNews> {
    let recording = voice.recording.as_ref().map(|recording| recording_news(recording, voice))?;
    let has_sound = recording.duration_ms.is_none_or(|duration_ms| duration_ms >= RECORDING_MS_MIN);
    (has_sound && !recording.url.is_empty()).then_some(recording)
}

/// A recording, as a webhook tells of it.
pub fn recording_news(recording: &Recording, voice: &Voice) -> RecordingNews {
    RecordingNews {
        recording_id: recording.id.clone().unwrap_or_default(),
        url: recording.url.clone().unwrap_or_default(),
        duration_ms: recording.duration_ms,
        digits: voice.digits.clone().unwrap_or_default(),
    }
}

/// The end of a call, from its hangup webhook.
pub fn ended(leg: LegId, voice: &Voice) -> Event {
    let cause = voice
        .status
        .as_ref()
        .map_or(EndCause::Failed, |status| cause(status, voice.hangup_cause_code));
    Event::CallEnded { leg, cause, duration_s: voice.duration_s.unwrap_or(0) }
}

/// The end of a call, from the carrier's records.
pub fn ended_by_record(leg: LegId, record: &CallRecord) -> Event {
    let cause = cause(&record.status(), record.hangup_cause_code);
    Event::CallEnded { leg, cause, duration_s: record.duration_s.unwrap_or(0) }
}

fn cause(status: &CallStatus, code: Option<u32>) -> EndCause {
    match status {
        _ if code == Some(MACHINE) => EndCause::Machine,
        CallStatus::Completed => EndCause::Completed,
        CallStatus::Busy => EndCause::Busy,
        CallStatus::NoAnswer | CallStatus::Timeout => EndCause::NoAnswer,
        CallStatus::Cancel => EndCause::Cancelled,
        CallStatus::Failed if code.is_some_and(|code| REJECTED.contains(&code)) => EndCause::Busy,
        CallStatus::Failed
        | CallStatus::Queued
        | CallStatus::Ringing
        | CallStatus::InProgress
        | CallStatus::Other(_) => EndCause::Failed,
    }
}

#[cfg(test)]
mod tests {
    use super::{CallAddress, CallKind, dialled, of_call};
    use engine::{EndCause, Event, LegId, event::DialOutcome};
    use plivo::webhook::{Params, Voice};

    fn read(kind: CallKind, form: &str) -> Option<Event> {
        let voice = Voice::from_params(&Params::parse(form.as_bytes())).unwrap();
        let address = CallAddress { run_id: "r".to_owned(), leg: LegId(1), turn: 3, kind };
        if kind == CallKind::Dialled {
            return dialled(&address, &voice, None, true);
        }
        of_call(&address, &voice)
    }

    #[test]
    fn keys_and_their_absence_are_told_with_the_turn_they_answer() {
        let leg = LegId(1);
        let digits = Event::Digits { leg, turn: 3, digits: "1".to_owned() };
        assert_eq!(
            read(CallKind::Digits, "CallUUID=c&CallStatus=in-progress&Digits=1"),
            Some(digits)
        );
        assert_eq!(
            read(CallKind::Digits, "CallUUID=c&Digits="),
            Some(Event::NoInput { leg, turn: 3 })
        );
        assert_eq!(read(CallKind::Silence, "CallUUID=c"), Some(Event::NoInput { leg, turn: 3 }));
        assert_eq!(read(CallKind::Poll, "CallUUID=c"), None);
    }

    #[test]
    fn speech_and_keys_are_told_apart() {
        let leg = LegId(1);
        let said = "CallUUID=c&InputType=speech&Digits=&Speech=sales&SpeechConfidenceScore=0.5";
        let speech =
            Event::Speech { leg, turn: 3, text: "sales".to_owned(), confidence: Some(0.5) };
        assert_eq!(read(CallKind::Speech, said), Some(speech));
        let digits = Event::Digits { leg, turn: 3, digits: "2".to_owned() };
        assert_eq!(read(CallKind::Speech, "CallUUID=c&InputType=dtmf&Digits=2"), Some(digits));
        let nothing = Event::NoInput { leg, turn: 3 };
        assert_eq!(read(CallKind::Speech, "CallUUID=c&Speech="), Some(nothing));
    }

    #[test]
    fn a_message_counts_from_a_second_on_also_when_hanging_up_ended_it() {
        let message = "CallUUID=c&RecordUrl=https://m.example/r.mp3&RecordingID=r&Digits=";
        let length = |form: &str, ms: u32| {
            read(CallKind::Recorded, &format!("{form}&RecordingDurationMs={ms}"))
        };
        assert!(matches!(length(message, 2_000), Some(Event::Recorded { .. })));
        assert!(matches!(length(message, 400), Some(Event::NoInput { .. })));
        assert!(matches!(read(CallKind::Recorded, "CallUUID=c"), Some(Event::NoInput { .. })));
        let over = format!("{message}&CallStatus=completed");
        assert!(matches!(length(&over, 2_000), Some(Event::Recorded { .. })));
        assert_eq!(length(&over, 400), None);
        let hung_up = format!("{message}&CallStatus=in-progress&RecordingEndReason=HungUp");
        assert_eq!(length(&hung_up, 400), None, "the end of the call is told next");
    }

    #[test]
    fn what_became_of_dialling_is_told_in_a_word() {
        let outcome = |form: &str| match read(CallKind::Dialled, &format!("CallUUID=c&{form}")) {
            Some(Event::DialEnded { end, .. }) => Some(end.outcome),
            _ => None,
        };
        assert_eq!(outcome("DialStatus=completed"), Some(DialOutcome::Completed));
        assert_eq!(outcome("DialStatus=busy"), Some(DialOutcome::Busy));
        assert_eq!(outcome("DialStatus=timeout"), Some(DialOutcome::NoAnswer));
        assert_eq!(
            outcome("DialStatus=failed&DialHangupCause=CALL_REJECTED"),
            Some(DialOutcome::Busy)
        );
        // Whoever answered did not press the key that takes the call.
        assert_eq!(
            outcome("DialStatus=failed&DialHangupCause=NORMAL_CLEARING"),
            Some(DialOutcome::Busy)
        );
        assert_eq!(outcome("DialStatus=failed"), Some(DialOutcome::Failed));
        assert_eq!(outcome("DialStatus=completed&CallStatus=completed"), None);
    }

    #[test]
    fn the_action_of_a_call_that_went_down_is_no_step_of_the_conversation() {
        assert_eq!(read(CallKind::Left, "CallUUID=c&CallStatus=completed"), None);
    }

    #[test]
    fn ends_are_told_by_their_cause() {
        let cause = |form: &str| match read(CallKind::Hangup, form) {
            Some(Event::CallEnded { cause, .. }) => cause,
            other => panic!("{other:?}"),
        };
        assert_eq!(cause("CallUUID=c&CallStatus=completed&Duration=12"), EndCause::Completed);
        assert_eq!(
            cause("CallUUID=c&CallStatus=completed&HangupCauseCode=9100"),
            EndCause::Machine
        );
        assert_eq!(cause("CallUUID=c&CallStatus=busy"), EndCause::Busy);
        assert_eq!(cause("CallUUID=c&CallStatus=no-answer"), EndCause::NoAnswer);
        assert_eq!(cause("CallUUID=c&CallStatus=failed&HangupCauseCode=3020"), EndCause::Busy);
        assert_eq!(cause("CallUUID=c&CallStatus=failed&HangupCauseCode=2000"), EndCause::Failed);
    }
}
