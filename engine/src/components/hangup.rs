//! Ends the call, and this line of the run with it.
//!
//! ```flow
//! > incoming_call from +14155550100
//! < hang_up
//! > hung_up
//! = completed
//! ```
//!
//! An incoming call that nothing has spoken to yet can be refused, so that the caller hears the busy tone.
//!
//! ```flow
//! config {"reason": "busy"}
//! > incoming_call from +14155550100
//! < hang_up busy
//! > hung_up
//! = completed
//! ```
//!
//! With `hung_up` connected, the line goes on without the call.
//!
//! ```flow
//! next {"hung_up": "Text"}
//! nodes {"Text": {"kind": "send_sms", "config": {"to": "+14155550111", "text": "They are gone."}}}
//! > incoming_call from +14155550100
//! < hang_up
//! > hung_up
//! -> hung_up
//! < send_sms to "+14155550111" text "They are gone."
//! ```

use crate::component::{Component, Control, Field, Group, Spec, Step};
use crate::run::Ctx;
use serde::Deserialize;

/// The configuration of `hangup`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Hangup {
    #[serde(default)]
    reason: Reason,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Reason {
    #[default]
    Normal,
    Busy,
    Rejected,
}

impl Component for Hangup {
    const SPEC: Spec = Spec {
        kind: "hangup",
        label: "Hang up",
        summary: "Ends the call.",
        group: Group::Call,
        aliases: &["hang_up", "end_call", "disconnect", "end", "reject_call"],
        help: "What was to be said just before is heard to its end. A call that was not answered yet can be refused as busy or rejected. \
               Connect Hung up to go on without the call, for example to ring the next person.",
        example: "{}",
        fields: &[Field::optional(
            "reason",
            "How",
            "How a call is refused that nothing was said to yet.",
            Control::Choice(&[
                ("normal", "Hang up"),
                ("busy", "As busy"),
                ("rejected", "As rejected"),
            ]),
        )],
        is_voice: true,
        joins_prompts: true,
        ..Spec::BASE
    };

    fn summary(&self) -> String {
        match self.reason {
            Reason::Normal => "Ends the call".to_owned(),
            Reason::Busy => "Refuses the call as busy".to_owned(),
            Reason::Rejected => "Rejects the call".to_owned(),
        }
    }

    fn enter(&self, _ctx: &mut Ctx<'_>) -> Step {
        Step::HangUp(match self.reason {
            Reason::Normal => None,
            Reason::Busy => Some("busy".to_owned()),
            Reason::Rejected => Some("rejected".to_owned()),
        })
    }
}
