//! What became of an attempt whose answer was lost: the webhook of the effect's own address is its receipt, and the carrier's lists are asked as well.

use super::{
    dispatch::{Desk, tried_at},
    patience::patiently,
    pause,
};
use crate::{
    clock,
    error::Error,
    store::outbox::{self, OutboxRow},
};
use engine::{EffectId, Event, Time};
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use plivo::{
    client::{AddParticipant, CallFilter, Client, MakeCall, MessageFilter, SendMessage},
    number::Party,
    webhook::Direction,
};
use std::time::Duration;
use tracing::info;

/// How much earlier than our own clock the carrier's may place an attempt.
const CLOCK_SKEW_MS: i64 = 5_000;

/// How long before an attempt the one before it was made, at most.
const EARLIER_MS: i64 = 120_000;

/// How often the lists are asked again when they cannot be read, after the usual times.
const EXTRA_LOOKS: usize = 5;

/// What is asked of the carrier once, and looked for if nobody knows what became of it.
pub(super) enum Sought {
    /// A call.
    Call(MakeCall),
    /// A text.
    Message(SendMessage),
    /// Somebody rung into a multi-party call of this name.
    Participant(String, AddParticipant),
}

/// What the search found.
pub(super) enum Found {
    /// The carrier has it, under this id.
    Is(String),
    /// The carrier had time enough to list it, and does not.
    IsNot,
    /// The lists cannot be read.
    CannotTell(String),
    /// A webhook has settled it meanwhile.
    Settled,
    /// The server stops; the next one goes on.
    Stopping,
}

impl Sought {
    /// The lane of its parties.
    pub(super) fn lane(&self) -> String {
        match self {
            Sought::Call(call) => format!("call {} {}", call.from, call.to),
            Sought::Participant(_, add) => format!("call {} {}", add.from, add.to),
            Sought::Message(message) => {
                let from = message.powerpack_uuid.as_deref().unwrap_or(message.from.as_str());
                format!("message {from} {}", message.to)
            }
        }
    }

    /// Asks for it; gives the carrier's id of it.
    pub(super) async fn send(&self, plivo: &Client) -> Result<String, plivo::Error> {
        match self {
            Sought::Call(call) => plivo.make_call(call).await,
            Sought::Message(message) => plivo.send_message(message).await,
            Sought::Participant(room, add) => plivo.add_participant(room, add).await,
        }
    }

    /// What the run is told when the carrier has it.
    pub(super) fn accepted(&self, effect: EffectId, uuid: &str) -> Event {
        match self {
            Sought::Call(_) => Event::CallPlaced { effect, request_uuid: uuid.to_owned() },
            Sought::Message(_) => Event::MessageAccepted { effect, message_uuid: uuid.to_owned() },
            Sought::Participant(..) => {
                Event::EffectDone { effect, values: [("call_uuid".to_owned(), uuid.into())].into() }
            }
        }
    }
}

/// Looks for an attempt until it is found or the lists have had time to show it.
pub(super) async fn find(desk: &Desk, row: &OutboxRow, sought: &Sought) -> Result<Found, Error> {
    let looks = desk.app.config.pace.reconcile.clone();
    let last = looks.last().copied().unwrap_or(Duration::from_secs(10));
    let mut reason = String::new();
    for look in looks.iter().copied().chain(
        std::iter::repeat_n(last, EXTRA_LOOKS)
            .enumerate()
            .map(|(extra, last)| last * (extra as u32 + 2)),
    ) {
        if !wait_until(desk, row, look).await {
            return Ok(Found::Stopping);
        }
        if desk.present(row).await?.is_none() {
            return Ok(Found::Settled);
        }
        match search(desk, row, sought).await {
            Ok(Some(uuid)) => return Ok(Found::Is(uuid)),
            Ok(None) if look >= last => return Ok(Found::IsNot),
            Ok(None) => {}
            Err(Error::Carrier(error)) => {
                info!(run.id = %row.run_id, effect.id = row.effect_id, %error, "the carrier's list cannot be read");
                reason = error.to_string();
            }
            Err(error) => return Err(error),
        }
    }
    Ok(Found::CannotTell(format!(
        "the request's answer was lost, and so are the carrier's lists: {reason}"
    )))
}

/// Waits until so long after the attempt. False when the server stops.
async fn wait_until(desk: &Desk, row: &OutboxRow, after: Duration) -> bool {
    let since = Duration::from_millis((clock::now().0 - tried_at(row).0).max(0).unsigned_abs());
    pause(&desk.app, after.saturating_sub(since)).await
}

async fn search(desk: &Desk, row: &OutboxRow, sought: &Sought) -> Result<Option<String>, Error> {
    // An earlier attempt may show up late.
    let since = Time(tried_at(row).0 - CLOCK_SKEW_MS - (row.attempt - 1).max(0) * EARLIER_MS);
    let mut candidates = match sought {
        Sought::Call(call) => calls(desk, &call.from, &call.to, since).await?,
        Sought::Message(message) => messages(desk, message, since).await?,
        Sought::Participant(_, add) => calls(desk, &add.from, &add.to, since).await?,
    };
    // The oldest first: what was asked first is found first.
    candidates.reverse();
    for uuid in candidates {
        if !is_known(desk, &uuid).await? {
            return Ok(Some(uuid));
        }
    }
    Ok(None)
}

async fn is_known(desk: &Desk, uuid: &str) -> Result<bool, Error> {
    outbox::is_carrier_id_known(&mut *desk.app.store.reader().await?, uuid).await
}

async fn calls(desk: &Desk, from: &Party, to: &Party, since: Time) -> Result<Vec<String>, Error> {
    let plivo = &desk.app.plivo;
    let filter = CallFilter {
        from: Some(from.clone()),
        to: Some(to.clone()),
        direction: Some(Direction::Outbound),
        ..CallFilter::default()
    };
    let over = patiently(|| plivo.list_calls(&filter)).await?;
    let mut found: Vec<String> = Vec::new();
    for uuid in patiently(|| plivo.live_calls()).await? {
        if is_known(desk, &uuid).await? {
            continue;
        }
        let Some(call) = patiently(|| plivo.live_call(&uuid)).await? else { continue };
        if call.direction != Some(Direction::Inbound)
            && call.to.as_ref() == Some(to)
            && call.from.as_ref() == Some(from)
        {
            found.push(call.request_uuid.unwrap_or(call.call_uuid));
        }
    }
    found.extend(
        over.into_iter()
            .filter(|call| is_since(call.initiation_time.as_deref(), since))
            .map(|call| call.call_uuid),
    );
    Ok(found)
}

async fn messages(desk: &Desk, message: &SendMessage, since: Time) -> Result<Vec<String>, Error> {
    let filter = MessageFilter {
        // Which number a Powerpack chose is not known.
        from: Some(message.from.clone()).filter(|_| message.powerpack_uuid.is_none()),
        powerpack_uuid: message.powerpack_uuid.clone(),
        to: Some(message.to.clone()),
        direction: Some(Direction::Outbound),
        ..MessageFilter::default()
    };
    let listed = patiently(|| desk.app.plivo.list_messages(&filter)).await?;
    Ok(listed
        .into_iter()
        .filter(|message| is_since(message.message_time.as_deref(), since))
        .map(|message| message.message_uuid)
        .collect())
}

/// Whether a time as Plivo writes it (`2022-06-28 19:39:05+05:30`, or without a zone, which is then UTC) is not before a moment. One that cannot be read might be.
fn is_since(time: Option<&str>, since: Time) -> bool {
    let Some(text) = time else { return true };
    let text = text.trim().replacen(' ', "T", 1);
    let read = text
        .parse::<Timestamp>()
        .ok()
        .or_else(|| Some(text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp()));
    // Plivo writes whole seconds.
    read.is_none_or(|at| at.as_millisecond() + 999 >= since.0)
}

#[cfg(test)]
mod tests {
    use super::is_since;
    use engine::Time;

    #[test]
    fn times_are_read_with_and_without_a_zone() {
        let noon = Time(1_656_417_600_000);
        assert!(is_since(Some("2022-06-28 12:00:00+00:00"), noon));
        assert!(is_since(Some("2022-06-28 17:30:00+05:30"), noon));
        assert!(!is_since(Some("2022-06-28 17:29:50+05:30"), noon));
        assert!(is_since(Some("2022-06-28 12:00:00"), noon));
        assert!(!is_since(Some("2022-06-28 11:59:50.123456"), noon));
        assert!(is_since(Some("yesterday"), noon));
        assert!(is_since(None, noon));
    }
}
