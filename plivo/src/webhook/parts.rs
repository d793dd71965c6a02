//! What a call can be in the middle of: a recording, a `Dial`, a conference.

use super::{CallStatus, Params};
use crate::number::Party;

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
    pub(super) fn from_params(params: &Params) -> Option<Recording> {
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
    /// Whom the dialled leg rang; only in the request to `callbackUrl`.
    pub b_leg_to: Option<Party>,
    /// How long the dialled leg was up, in seconds; only once it is over.
    pub b_leg_duration_s: Option<u32>,
    /// Plivo's number for why the dialled leg ended.
    pub b_leg_hangup_cause_code: Option<u32>,
    /// The keys of `digitsMatch` that were pressed.
    pub digits: Option<String>,
}

impl DialEvent {
    pub(super) fn from_params(params: &Params) -> Option<DialEvent> {
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
            b_leg_to: params.party("DialBLegTo"),
            b_leg_duration_s: params.number("DialBLegDuration"),
            b_leg_hangup_cause_code: params.number("DialBLegHangupCauseCode"),
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
    pub(super) fn from_params(params: &Params) -> Option<ConferenceEvent> {
        Some(ConferenceEvent {
            name: params.text("ConferenceName")?,
            uuid: params.text("ConferenceUUID"),
            member_id: params.text("ConferenceMemberID"),
            action: params.text("ConferenceAction"),
            digits: params.text("ConferenceDigitsMatch"),
        })
    }
}
