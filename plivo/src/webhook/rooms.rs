//! What happens in rooms: conferences and multi-party calls.

use super::{Error, Params};
use crate::xml::Role;

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

/// What happened in a multi-party call: a step (its `statusCallbackUrl`, or its `recordingCallbackUrl`), or that the participant left (its `onExitActionUrl`,
/// without a step).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MultiPartyEvent {
    /// The step; nothing where the participant asks how to go on.
    pub step: Option<MultiPartyStep>,
    /// This multi-party call.
    pub mpc_uuid: String,
    /// Its name.
    pub name: Option<String>,
    /// The participant, where it is about one.
    pub member_id: Option<String>,
    /// What the participant is.
    pub role: Option<Role>,
    /// The participant's call.
    pub call_uuid: Option<String>,
    /// Whether only agents hear the participant.
    pub coaches: Option<bool>,
    /// How long it was, in seconds; only at its end.
    pub duration_s: Option<u32>,
}

impl MultiPartyEvent {
    /// Reads what is there. [`Voice`](super::Voice) has the same for those that name a call.
    ///
    /// # Errors
    /// When there is no `MPCUUID`.
    pub fn from_params(params: &Params) -> Result<MultiPartyEvent, Error> {
        Ok(MultiPartyEvent {
            step: params.get("EventName").map(MultiPartyStep::new),
            mpc_uuid: params.needed("MPCUUID")?.to_owned(),
            name: params.text("MPCName").or_else(|| params.text("MPCFriendlyName")),
            member_id: params.text("MemberID"),
            role: params.get("ParticipantRole").and_then(Role::new),
            call_uuid: params.text("ParticipantCallUUID"),
            coaches: params.flag("ParticipantCoachMode"),
            duration_s: params.number("MPCDuration"),
        })
    }
}

/// Plivo's words for the steps of a multi-party call, each with its name.
macro_rules! steps {
    ($($(#[$doc:meta])* $step:ident = $name:literal,)*) => {
        /// A step of a multi-party call.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum MultiPartyStep {
            $($(#[$doc])* $step,)*
            /// A word that Plivo did not use when this was written.
            Other(String),
        }

        impl MultiPartyStep {
            /// Reads Plivo's word for it.
            pub fn new(text: &str) -> MultiPartyStep {
                match text {
                    $($name => MultiPartyStep::$step,)*
                    other => MultiPartyStep::Other(other.to_owned()),
                }
            }

            /// Plivo's word for it.
            pub fn as_str(&self) -> &str {
                match self {
                    $(MultiPartyStep::$step => $name,)*
                    MultiPartyStep::Other(other) => other,
                }
            }
        }
    };
}

steps! {
    /// Somebody is there; it has not begun.
    Initialized = "MPCInitialized",
    /// It has begun.
    Started = "MPCStart",
    /// It is over.
    Ended = "MPCEnd",
    /// A participant came.
    Joined = "ParticipantJoin",
    /// A participant went.
    Left = "ParticipantExit",
    /// Nobody hears a participant.
    Muted = "ParticipantMute",
    /// Everybody hears a participant again.
    Unmuted = "ParticipantUnmute",
    /// A participant hears the hold music.
    Held = "ParticipantHold",
    /// A participant is back in the conversation.
    Unheld = "ParticipantUnhold",
    /// Only agents hear a participant.
    CoachingStarted = "ParticipantCoachModeStart",
    /// Everybody hears the participant again.
    CoachingStopped = "ParticipantCoachModeStop",
    /// A participant pressed keys.
    Digits = "ParticipantDigitInput",
    /// Somebody is being rung by request.
    Adding = "AddParticipantByAPIActionInitiated",
    /// It is known whether they came.
    Added = "AddParticipantByAPIActionCompleted",
    /// It is being recorded.
    RecordingStarted = "MPCRecordingInitiated",
    /// Its recording pauses.
    RecordingPaused = "MPCRecordingPaused",
    /// Its recording goes on.
    RecordingResumed = "MPCRecordingResumed",
    /// Its recording can be fetched.
    RecordingStored = "MPCRecordingCompleted",
    /// Its recording was lost.
    RecordingFailed = "MPCRecordingFailed",
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(form: &str) -> MultiPartyEvent {
        MultiPartyEvent::from_params(&Params::parse(form.as_bytes())).unwrap()
    }

    #[test]
    fn steps_of_a_multi_party_call_name_it_and_whom_they_are_about() {
        let joined = event(
            "EventName=ParticipantJoin&MPCUUID=m&MPCName=support&MemberID=49&ParticipantRole=Supervisor&ParticipantCallUUID=c&ParticipantCoachMode=True",
        );
        assert_eq!(
            (joined.step, joined.role),
            (Some(MultiPartyStep::Joined), Some(Role::Supervisor))
        );
        assert_eq!((joined.call_uuid.as_deref(), joined.coaches), (Some("c"), Some(true)));
        let ended = event("EventName=MPCEnd&MPCUUID=m&MPCName=support&MPCDuration=61");
        assert_eq!((ended.step, ended.member_id), (Some(MultiPartyStep::Ended), None));
        assert_eq!(ended.duration_s, Some(61));
        let left = event("MPCUUID=m&MPCFriendlyName=support&MemberID=49&ParticipantRole=customer");
        assert_eq!((left.step, left.name.as_deref()), (None, Some("support")));
        let new = event("EventName=ParticipantSang&MPCUUID=m").step.unwrap();
        assert_eq!(new.as_str(), "ParticipantSang");
        assert!(MultiPartyEvent::from_params(&Params::parse(b"EventName=MPCEnd")).is_err());
    }
}
