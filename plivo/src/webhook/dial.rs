//! What becomes of a `Dial`.

use super::{CallStatus, Params};
use crate::number::Party;

/// What happened to a `Dial`: how it ended (its `action`), or a step on the way (its `callbackUrl`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DialEvent {
    /// How it ended; only in the request to `action`.
    pub status: Option<CallStatus>,
    /// The step: `answer`, `connected`, `hangup` or `digits`; only in the request to `callbackUrl`.
    pub action: Option<String>,
    /// Whether anybody's phone rang; only in the request to `action`.
    pub has_rung: Option<bool>,
    /// Why it ended, in SIP's words.
    pub hangup_cause: Option<String>,
    /// The caller's leg.
    pub a_leg_uuid: Option<String>,
    /// The dialled leg.
    pub b_leg_uuid: Option<String>,
    /// How far the dialled leg is; only in the request to `callbackUrl`.
    pub b_leg_status: Option<CallStatus>,
    /// The number shown to whom the dialled leg rang.
    pub b_leg_from: Option<Party>,
    /// Whom the dialled leg rang; only in the request to `callbackUrl`.
    pub b_leg_to: Option<Party>,
    /// How long the dialled leg was up, in seconds; only once it is over.
    pub b_leg_duration_s: Option<u32>,
    /// Plivo's number for why the dialled leg ended.
    pub b_leg_hangup_cause_code: Option<u32>,
    /// Plivo's words for why the dialled leg ended.
    pub b_leg_hangup_cause_name: Option<String>,
    /// Who ended the dialled leg.
    pub b_leg_hangup_source: Option<String>,
    /// The keys of `digitsMatch` that were pressed.
    pub digits: Option<String>,
    /// Who pressed them.
    pub digits_by: Option<Leg>,
}

/// A side of a dialled call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leg {
    /// The call that dialled.
    A,
    /// Whom it dialled.
    B,
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
            has_rung: params.flag("DialRingStatus"),
            hangup_cause: params
                .text("DialHangupCause")
                .or_else(|| params.text("DialBLegHangupCauseName")),
            a_leg_uuid: params.text("DialALegUUID"),
            b_leg_uuid: params.text("DialBLegUUID"),
            b_leg_status: params.get("DialBLegStatus").map(CallStatus::new),
            b_leg_from: params.party("DialBLegFrom"),
            b_leg_to: params.party("DialBLegTo"),
            b_leg_duration_s: params.number("DialBLegDuration"),
            b_leg_hangup_cause_code: params.number("DialBLegHangupCauseCode"),
            b_leg_hangup_cause_name: params.text("DialBLegHangupCauseName"),
            b_leg_hangup_source: params.text("DialBLegHangupSource"),
            digits: params.text("DialDigitsMatch"),
            digits_by: match params.get("DialDigitsPressedBy") {
                Some("ALeg") => Some(Leg::A),
                Some("BLeg") => Some(Leg::B),
                _ => None,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(form: &str) -> DialEvent {
        DialEvent::from_params(&Params::parse(form.as_bytes())).unwrap()
    }

    #[test]
    fn the_end_and_the_steps_of_a_dial_are_told_apart() {
        let end = event(
            "DialStatus=busy&DialRingStatus=true&DialHangupCause=USER_BUSY&DialALegUUID=a&DialBLegUUID=b",
        );
        assert_eq!(
            (end.status, end.action, end.has_rung),
            (Some(CallStatus::Busy), None, Some(true))
        );
        let step = event(
            "DialAction=hangup&DialBLegStatus=completed&DialBLegFrom=15550100000&DialBLegTo=15550100001&DialBLegHangupSource=Callee",
        );
        assert_eq!((step.status, step.b_leg_status), (None, Some(CallStatus::Completed)));
        assert_eq!(step.b_leg_from.unwrap().as_str(), "+15550100000");
        let keys = event("DialAction=digits&DialDigitsMatch=*1&DialDigitsPressedBy=BLeg");
        assert_eq!((keys.digits.as_deref(), keys.digits_by), (Some("*1"), Some(Leg::B)));
        assert_eq!(DialEvent::from_params(&Params::parse(b"DialALegUUID=a")), None);
    }
}
