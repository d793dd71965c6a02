//! Webhooks, read as what happened to a run.

use super::address::{CallAddress, CallKind};
use engine::{EndCause, Event, LegId};
use plivo::{
    client::CallRecord,
    webhook::{CallStatus, Voice},
};

/// Plivo's hangup causes that mean "no, thank you": rejected, declined, blocked as spam.
const REJECTED: [u32; 3] = [3020, 3110, 3130];

/// What a call's webhook says happened; nothing where it only asks what to do.
pub fn of_call(address: &CallAddress, voice: &Voice) -> Option<Event> {
    let (leg, turn) = (address.leg, address.turn);
    if address.kind != CallKind::Hangup && voice.is_over() {
        // An action of a call that has gone down; the hangup webhook says so with cause and duration.
        return None;
    }
    match address.kind {
        CallKind::Answer | CallKind::AnswerRecorded => Some(Event::CallAnswered {
            leg,
            call_uuid: voice.call_uuid.clone(),
            machine: voice.machine,
        }),
        CallKind::Hangup => Some(ended(leg, voice)),
        CallKind::Done => Some(Event::PromptsDone { leg, turn }),
        CallKind::Digits => Some(match &voice.digits {
            Some(digits) => Event::Digits { leg, turn, digits: digits.clone() },
            None => Event::NoInput { leg, turn },
        }),
        CallKind::Silence => Some(Event::NoInput { leg, turn }),
        CallKind::Left => Some(Event::ConferenceLeft { leg, turn }),
        CallKind::Poll | CallKind::Fallback | CallKind::WaitSound => None,
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
    use super::{CallAddress, CallKind, of_call};
    use engine::{EndCause, Event, LegId};
    use plivo::webhook::{Params, Voice};

    fn read(kind: CallKind, form: &str) -> Option<Event> {
        let voice = Voice::from_params(&Params::parse(form.as_bytes())).unwrap();
        of_call(&CallAddress { run_id: "r".to_owned(), leg: LegId(1), turn: 3, kind }, &voice)
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
        assert_eq!(cause("CallUUID=c&CallStatus=busy"), EndCause::Busy);
        assert_eq!(cause("CallUUID=c&CallStatus=no-answer"), EndCause::NoAnswer);
        assert_eq!(cause("CallUUID=c&CallStatus=failed&HangupCauseCode=3020"), EndCause::Busy);
        assert_eq!(cause("CallUUID=c&CallStatus=failed&HangupCauseCode=2000"), EndCause::Failed);
    }
}
