//! What a leg is to hear next. While the run has nothing to say, the webhook is held for a while, and then the leg is parked.

use crate::{
    app::App,
    error::Error,
    telephony::{
        address::CallKind,
        answer::{Place, hang_up_document},
    },
};
use engine::{LegId, LegState, Then};
use plivo::xml;
use std::time::Duration;

/// How long a leg that has heard its hold audio to the end waits for news before hearing it again: too short to be noticed as a gap.
const HOLD_GAP: Duration = Duration::from_millis(200);

/// Who asks for a document.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asking<'a> {
    pub(super) run_id: &'a str,
    pub(super) leg: LegId,
    /// The turn that the leg has heard.
    pub(super) turn: u32,
    pub(super) kind: CallKind,
    /// Whether the call was not answered yet, so that waiting must not answer it.
    pub(super) is_ringing: bool,
}

/// The leg's document.
pub(super) async fn document(app: &App, asking: Asking<'_>) -> Result<xml::Response, Error> {
    let Asking { run_id, leg, turn, .. } = asking;
    let begun = tokio::time::Instant::now();
    let mut changes = app.runs.changes(run_id);
    loop {
        changes.mark_unchanged();
        let Some(view) = app.runs.leg(run_id, leg).await? else {
            return Ok(hang_up_document(None));
        };
        let place = Place { run_id, leg, turn: view.turn };
        // A leg on hold comes back at the end of the audio; all it waits for is to be called away.
        let hold = view.instruction.as_ref().filter(|instruction| {
            matches!(instruction.then, Then::Hold { .. })
                && view.turn == turn
                && asking.kind == CallKind::Poll
        });
        match &view.instruction {
            Some(instruction)
                if view.turn > turn
                    && app.calls.may_have(
                        run_id,
                        leg,
                        view.turn,
                        asking.kind == CallKind::Called,
                    ) =>
            {
                return Ok(app.telephony.document(place, instruction));
            }
            _ if view.state == LegState::Ended || view.run_is_over => {
                return Ok(hang_up_document(None));
            }
            _ => {}
        }
        let pace = app.config.pace.hold;
        let deadline = begun + if hold.is_some() { HOLD_GAP.min(pace) } else { pace };
        let is_changed = tokio::select! {
            changed = changes.changed() => changed.is_ok(),
            () = tokio::time::sleep_until(deadline) => false,
            // The next server answers the poll.
            () = app.stopping.cancelled() => false,
        };
        if !is_changed {
            return Ok(match hold {
                Some(hold) => app.telephony.document(place, hold),
                None => {
                    let rings_on = asking.is_ringing && !app.calls.is_wanted_answered(run_id, leg);
                    app.telephony.park(Place { run_id, leg, turn }, rings_on)
                }
            });
        }
    }
}
