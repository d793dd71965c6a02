//! Makes a call leave what it is doing and fetch its newest document. Doing it twice does no harm: the document is the same.

use super::{
    carrier::{gone_or_later, remove, try_later},
    dispatch::Desk,
};
use crate::{
    error::Error,
    store::outbox::OutboxRow,
    telephony::{
        address::{CallAddress, CallKind},
        memory::Calling,
    },
};
use engine::{LegId, LegState};
use tracing::{info, warn};

/// How often it is tried; after that, the leg hears of it when it comes back by itself.
const ATTEMPTS_MAX: i64 = 10;

/// Moves a leg to a turn, unless it has that turn's document already.
pub(super) async fn redirect(
    desk: &Desk,
    row: OutboxRow,
    leg: LegId,
    turn: u32,
) -> Result<(), Error> {
    let app = &desk.app;
    let view = app.runs.leg(&row.run_id, leg).await?;
    let Some(view) = view.filter(|view| view.state == LegState::Live) else {
        return remove(desk, &row).await;
    };
    // A newer turn has an effect of its own, or was asked for by the leg itself.
    if view.turn > turn {
        return remove(desk, &row).await;
    }
    let Some(uuid) = view.call_uuid.or(view.request_uuid) else {
        return remove(desk, &row).await;
    };
    match app.calls.call_away(&row.run_id, leg, turn) {
        Calling::Done => return remove(desk, &row).await,
        Calling::UnderWay => return try_later(desk, &row, ATTEMPTS_MAX).await,
        Calling::Needed => {}
    }
    let url = app.telephony.call_url(&CallAddress {
        run_id: row.run_id.clone(),
        leg,
        turn: turn.saturating_sub(1),
        kind: CallKind::Called,
    });
    let outcome = app.plivo.transfer(&uuid, &url).await;
    if matches!(outcome, Ok(false))
        || outcome.as_ref().is_err_and(|error| !error.may_have_happened())
    {
        app.calls.stop_calling(&row.run_id, leg);
    }
    match outcome {
        Ok(true) => remove(desk, &row).await,
        Ok(false) => gone_or_later(desk, &row, leg, ATTEMPTS_MAX).await,
        Err(error) if error.is_passing() => {
            info!(run.id = %row.run_id, effect.id = row.effect_id, %error, "a call is not called away yet");
            try_later(desk, &row, ATTEMPTS_MAX).await
        }
        Err(error) => {
            warn!(run.id = %row.run_id, effect.id = row.effect_id, %error, "a call cannot be called away");
            remove(desk, &row).await
        }
    }
}
