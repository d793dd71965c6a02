//! How calls end: Plivo's statuses, causes and sources.
//!
//! Codes and names are those of Plivo's page on hangup causes; the SIP words (`NORMAL_CLEARING`) are what its webhooks carry in `HangupCause`.

use serde::Serialize;

/// Where a call is in its life, in Plivo's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum CallStatus {
    Queued,
    Ringing,
    InProgress,
    Completed,
    Busy,
    Failed,
    Timeout,
    NoAnswer,
    Cancel,
}

impl CallStatus {
    pub(crate) fn as_str(self) -> &'static str {
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
        }
    }

    /// True until the call has ended.
    pub(crate) fn is_live(self) -> bool {
        matches!(self, CallStatus::Queued | CallStatus::Ringing | CallStatus::InProgress)
    }
}

/// Why a call ended and on whose account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hangup {
    pub(crate) status: CallStatus,
    pub(crate) cause: &'static str,
    pub(crate) name: &'static str,
    pub(crate) code: u32,
    pub(crate) source: &'static str,
}

const fn ended(cause: &'static str, name: &'static str, code: u32, source: &'static str) -> Hangup {
    Hangup { status: CallStatus::Completed, cause, name, code, source }
}

const fn unanswered(
    status: CallStatus,
    cause: &'static str,
    name: &'static str,
    code: u32,
    source: &'static str,
) -> Hangup {
    Hangup { status, cause, name, code, source }
}

impl Hangup {
    pub(crate) const BY_CALLER: Hangup = ended("NORMAL_CLEARING", "Normal Hangup", 4000, "Caller");
    pub(crate) const BY_CALLEE: Hangup = ended("NORMAL_CLEARING", "Normal Hangup", 4000, "Callee");
    pub(crate) const BY_XML: Hangup = ended("NORMAL_CLEARING", "Normal Hangup", 4000, "Answer XML");
    pub(crate) const BY_API: Hangup =
        ended("NORMAL_CLEARING", "Normal Hangup", 4000, "API Request");
    pub(crate) const END_OF_XML: Hangup =
        ended("NORMAL_CLEARING", "End Of XML Instructions", 4010, "Plivo");
    pub(crate) const TIME_LIMIT: Hangup =
        ended("ALLOTTED_TIMEOUT", "Scheduled Hangup", 6000, "Plivo");
    pub(crate) const MACHINE: Hangup = ended("NORMAL_CLEARING", "Machine Detected", 9100, "Plivo");
    /// The dialled person did not press the key that accepts.
    pub(crate) const NOT_CONFIRMED: Hangup =
        ended("NORMAL_CLEARING", "Confirm Key Challenge Failed", 9110, "Plivo");
    pub(crate) const LOOP: Hangup = ended("EXCHANGE_ROUTING_ERROR", "Loop Detected", 2060, "Plivo");
    pub(crate) const MULTI_PARTY_ENDED: Hangup =
        ended("NORMAL_CLEARING", "Multiparty Call Ended", 4020, "Plivo");
    pub(crate) const KICKED: Hangup =
        ended("NORMAL_CLEARING", "Kicked Out Of Multiparty Call", 4030, "API Request");
    pub(crate) const OTHER_PARTY: Hangup = ended("NORMAL_CLEARING", "Normal Hangup", 4000, "Plivo");

    pub(crate) const BUSY: Hangup =
        unanswered(CallStatus::Busy, "USER_BUSY", "Busy Line", 3010, "Callee");
    pub(crate) const REJECTED: Hangup =
        unanswered(CallStatus::Failed, "CALL_REJECTED", "Rejected", 3020, "Callee");
    pub(crate) const NO_ANSWER: Hangup =
        unanswered(CallStatus::NoAnswer, "NO_ANSWER", "No Answer", 3000, "Carrier");
    pub(crate) const RING_TIMEOUT: Hangup =
        unanswered(CallStatus::Timeout, "NO_ANSWER", "Ring Timeout Reached", 6010, "Plivo");
    pub(crate) const INVALID_NUMBER: Hangup = unanswered(
        CallStatus::Failed,
        "UNALLOCATED_NUMBER",
        "Invalid Destination Address",
        2000,
        "Carrier",
    );
    pub(crate) const CANCELLED: Hangup =
        unanswered(CallStatus::Cancel, "ORIGINATOR_CANCEL", "Cancelled", 1000, "API Request");
    pub(crate) const CANCELLED_BY_CALLER: Hangup =
        unanswered(CallStatus::Cancel, "ORIGINATOR_CANCEL", "Cancelled", 1000, "Caller");
    pub(crate) const LOST_RACE: Hangup =
        unanswered(CallStatus::Cancel, "LOSE_RACE", "Lost Race", 9000, "Plivo");
    pub(crate) const XML_BUSY: Hangup =
        unanswered(CallStatus::Busy, "USER_BUSY", "Busy Line", 3010, "Answer XML");
    pub(crate) const XML_REJECTED: Hangup =
        unanswered(CallStatus::Failed, "CALL_REJECTED", "Rejected", 3020, "Answer XML");
    pub(crate) const RANG_LONG_ENOUGH: Hangup = unanswered(
        CallStatus::Cancel,
        "ORIGINATOR_CANCEL",
        "Scheduled Hangup",
        6000,
        "API Request",
    );

    /// The cause for a document that could not be fetched, or could be but is not Plivo XML.
    pub(crate) const fn document(kind: DocumentKind, trouble: DocumentTrouble) -> Hangup {
        let (code, name) = match (kind, trouble) {
            (DocumentKind::Answer, DocumentTrouble::Unreachable) => {
                (7011, "Error Reaching Answer URL")
            }
            (DocumentKind::Action, DocumentTrouble::Unreachable) => {
                (7012, "Error Reaching Action URL")
            }
            (DocumentKind::Transfer, DocumentTrouble::Unreachable) => {
                (7013, "Error Reaching Transfer URL")
            }
            (DocumentKind::Redirect, DocumentTrouble::Unreachable) => {
                (7014, "Error Reaching Redirect URL")
            }
            (DocumentKind::Answer, DocumentTrouble::Address) => (7011, "Error Reaching Answer URL"),
            (DocumentKind::Action, DocumentTrouble::Address) => (7022, "Invalid Action URL"),
            (DocumentKind::Transfer, DocumentTrouble::Address) => (7023, "Invalid Transfer URL"),
            (DocumentKind::Redirect, DocumentTrouble::Address) => (7024, "Invalid Redirect URL"),
            (DocumentKind::Answer, DocumentTrouble::Xml) => (8011, "Invalid Answer XML"),
            (DocumentKind::Action, DocumentTrouble::Xml) => (8012, "Invalid Action XML"),
            (DocumentKind::Transfer, DocumentTrouble::Xml) => (8013, "Invalid Transfer XML"),
            (DocumentKind::Redirect, DocumentTrouble::Xml) => (8014, "Invalid Redirect XML"),
        };
        ended("NORMAL_CLEARING", name, code, "Error")
    }

    /// The same end for a call that nobody had answered yet: a call that fails before the answer has not been completed.
    pub(crate) fn before_answer(self) -> Hangup {
        match self.status {
            CallStatus::Completed => match self.source {
                "API Request" => Hangup::CANCELLED,
                "Caller" => Hangup::CANCELLED_BY_CALLER,
                _ => Hangup { status: CallStatus::Failed, ..self },
            },
            _ => self,
        }
    }
}

/// Which kind of address a document was asked from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DocumentKind {
    Answer,
    Action,
    Transfer,
    Redirect,
}

/// What was wrong with a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DocumentTrouble {
    Unreachable,
    Address,
    Xml,
}
