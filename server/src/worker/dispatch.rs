//! Takes effects out of the outbox and has them carried out, many at a time, each by one task.

use super::{
    LOOK_EVERY, carrier, children, database, email, http_request, lanes::Lanes, participant,
    recording, recovery, redirect, rooms,
};
use crate::{
    app::App,
    clock,
    error::Error,
    seal,
    store::{
        Connection, opt_outs,
        outbox::{self, OutboxRow},
    },
};
use engine::{Effect, EffectId, Event, SendMessage, Time};
use plivo::number::Number;
use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tracing::{error, warn};

/// Kinds of effects, and how many of each are carried out at the same time: slow services must not keep a call from being hung up.
const KINDS: &[(&str, usize)] = &[
    ("hang_up", 64),
    ("redirect", 64),
    ("check_call", 64),
    ("place_call", 128),
    ("send_message", 128),
    ("http_request", 256),
    ("start_run", 64),
    ("send_email", 16),
    ("query_database", 16),
    ("start_recording", 64),
    ("stop_recording", 64),
    ("add_participant", 128),
    ("change_member", 64),
    ("drop_message", 64),
];

/// Longest pause between attempts to write an outcome down.
const RECORD_PAUSE_MAX: Duration = Duration::from_secs(5);

/// How long an effect waits that was sealed with another key.
const SEALED_PAUSE: Duration = Duration::from_secs(60);

/// Run and effect, and of which kind it is.
type UnderWay = HashMap<(String, i64), &'static str>;

/// What the tasks of the dispatcher share.
#[derive(Clone)]
pub(super) struct Desk {
    pub(super) app: App,
    pub(super) lanes: Lanes,
    under_way: Arc<Mutex<UnderWay>>,
}

/// Works until the server stops.
pub(super) async fn work(app: App) {
    let desk = Desk { app: app.clone(), lanes: Lanes::default(), under_way: Arc::default() };
    while !app.stopping.is_cancelled() {
        if let Err(error) = desk.look().await {
            error!(%error, "the outbox cannot be read");
        }
        tokio::select! {
            () = app.stopping.cancelled() => return,
            () = app.runs.bells().outbox.notified() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

impl Desk {
    /// Begins whatever is due.
    async fn look(&self) -> Result<(), Error> {
        // One connection for all questions: taking one from the pool costs more than a question.
        let mut reader = self.app.store.reader().await?;
        for (kind, at_once_max) in KINDS.iter().copied() {
            for row in self.take_due(&mut reader, kind, at_once_max).await? {
                self.begin(row);
            }
        }
        self.app.load.set_outbox_depth(outbox::depth(&mut reader).await?);
        Ok(())
    }

    /// What is due of a kind and not under way, as many as may be carried out at once.
    async fn take_due(
        &self,
        reader: &mut Connection,
        kind: &'static str,
        at_once_max: usize,
    ) -> Result<Vec<OutboxRow>, Error> {
        // Those under way are listed as well, so as many more are asked for as there may be of them.
        let limit = i64::try_from(at_once_max * 2).unwrap_or(i64::MAX);
        let seal = self.app.store.seal();
        let rows = outbox::due(reader, seal, kind, clock::now(), limit).await?;
        let mut under_way = self.under_way();
        let busy = under_way.values().filter(|other| **other == kind).count();
        let mut taken = Vec::new();
        for row in rows {
            if busy + taken.len() >= at_once_max {
                break;
            }
            let key = (row.run_id.clone(), row.effect_id);
            if let Entry::Vacant(vacant) = under_way.entry(key) {
                vacant.insert(kind);
                taken.push(row);
            }
        }
        Ok(taken)
    }

    /// Has an effect carried out by a task of its own.
    fn begin(&self, row: OutboxRow) {
        let desk = self.clone();
        self.app.tasks.spawn(async move {
            let key = (row.run_id.clone(), row.effect_id);
            if let Err(error) = desk.act(row).await {
                warn!(run.id = %key.0, effect.id = key.1, %error, "an effect was not carried out now; it stays in the outbox");
            }
            desk.under_way().remove(&key);
            // There may be more than could be carried out at once.
            desk.app.runs.bells().outbox.notify_one();
        });
    }

    fn under_way(&self) -> MutexGuard<'_, UnderWay> {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn act(&self, row: OutboxRow) -> Result<(), Error> {
        // What was read from the list may be old by now.
        let Some(row) = self.present(&row).await?.filter(|row| row.due_at <= clock::now().0) else {
            return Ok(());
        };
        if row.phase == outbox::SENDING {
            // Nobody has it under way here: an attempt whose end could not be written down.
            return recovery::resume(&self.app, &row).await;
        }
        if seal::is_sealed(&row.effect) {
            warn!(run.id = %row.run_id, effect.id = row.effect_id, "an effect is sealed with another key; set PHLOEM_SEAL_KEY to that one");
            return self.put_off(&row, &row.phase, SEALED_PAUSE).await;
        }
        let effect: Effect = match serde_json::from_str(&row.effect) {
            Ok(effect) => effect,
            Err(error) => {
                return self
                    .settle(
                        &row,
                        failed(&row, format!("the effect cannot be read by this release: {error}")),
                        None,
                    )
                    .await;
            }
        };
        match effect {
            Effect::PlaceCall(call) => carrier::place_call(self, row, call).await,
            Effect::SendMessage(message) => match self.refusal(&row, &message).await? {
                Some(reason) => self.settle(&row, failed(&row, reason), None).await,
                None => carrier::send_message(self, row, message).await,
            },
            Effect::HangUp { leg } => carrier::hang_up(self, row, leg).await,
            Effect::CheckCall { leg } => carrier::check_call(self, row, leg).await,
            Effect::HttpRequest(request) => http_request::send(self, row, request).await,
            Effect::SendEmail(mail) => email::send(self, row, mail).await,
            Effect::QueryDatabase(query) => database::ask(self, row, query).await,
            Effect::StartRun(wanted) => children::start(self, row, wanted).await,
            Effect::Redirect { leg, turn } => redirect::redirect(self, row, leg, turn).await,
            Effect::StartRecording { leg, how, time_limit_s } => {
                recording::start(self, row, leg, how, time_limit_s).await
            }
            Effect::StopRecording { leg } => recording::stop(self, row, leg).await,
            Effect::AddParticipant(add) => participant::add(self, row, add).await,
            Effect::ChangeMember { room, member, change } => {
                rooms::change(self, row, room, member, change).await
            }
            // What they hear is told when the carrier asks for it.
            Effect::DropMessage { room, member, .. } => {
                rooms::drop_message(self, row, room, member).await
            }
        }
    }

    /// Why a text must not be sent: its receiver has said so. One that may be on its way already is not taken back.
    async fn refusal(
        &self,
        row: &OutboxRow,
        message: &SendMessage,
    ) -> Result<Option<String>, Error> {
        if row.phase != outbox::PENDING {
            return Ok(None);
        }
        // A sender that is no number stands for any of ours.
        let ours = match &message.from {
            Some(from) => Number::parse(from).ok(),
            None => Some(self.app.telephony.from_number().clone()),
        };
        let Ok(theirs) = Number::parse(&message.to) else { return Ok(None) };
        let mut reader = self.app.store.reader().await?;
        let ours = ours.as_ref().map_or("", Number::as_str);
        let is_refused = opt_outs::is_in_force(&mut reader, ours, theirs.as_str()).await?;
        Ok(is_refused.then(|| {
            "the receiver has written STOP and wants no texts from this number; they can write START"
                .to_owned()
        }))
    }

    /// Marks the beginning of an attempt; on disk before anything is sent. False when somebody else has it.
    pub(super) async fn claim(&self, row: &OutboxRow) -> Result<bool, Error> {
        let mut tx = self.app.store.begin().await?;
        let is_ours = outbox::claim(&mut tx, &row.run_id, row.effect_id, clock::now()).await?;
        tx.commit().await?;
        Ok(is_ours)
    }

    /// Sets what is to happen to an effect next.
    pub(super) async fn put_off(
        &self,
        row: &OutboxRow,
        phase: &str,
        after: Duration,
    ) -> Result<(), Error> {
        let due_at = clock::now().plus_ms(i64::try_from(after.as_millis()).unwrap_or(i64::MAX));
        let mut tx = self.app.store.begin().await?;
        outbox::set_phase(&mut tx, &row.run_id, row.effect_id, phase, due_at).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The effect's row now; nothing if it was settled meanwhile, for example by a webhook that is its receipt.
    pub(super) async fn present(&self, row: &OutboxRow) -> Result<Option<OutboxRow>, Error> {
        let store = &self.app.store;
        outbox::get(&mut *store.reader().await?, store.seal(), &row.run_id, row.effect_id).await
    }

    /// Writes down what became of an effect. It was carried out, so this is tried until it is on disk or the server stops.
    pub(super) async fn settle(
        &self,
        row: &OutboxRow,
        event: Event,
        carrier_id: Option<&str>,
    ) -> Result<(), Error> {
        let mut pause = Duration::from_millis(100);
        loop {
            match self.app.runs.settle(&row.run_id, effect_id(row), event.clone(), carrier_id).await
            {
                Ok(_) => return Ok(()),
                Err(Error::Database(error)) if !self.app.stopping.is_cancelled() => {
                    warn!(run.id = %row.run_id, effect.id = row.effect_id, %error, "an outcome cannot be written down yet");
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(RECORD_PAUSE_MAX);
                }
                Err(error @ (Error::Parked(_) | Error::NotFound(_))) => {
                    // The run cannot hear of it; trying again would only repeat the effect.
                    warn!(run.id = %row.run_id, effect.id = row.effect_id, %error, "an outcome has nobody to hear it");
                    let mut tx = self.app.store.begin().await?;
                    outbox::remove(&mut tx, &row.run_id, row.effect_id).await?;
                    tx.commit().await?;
                    return Ok(());
                }
                Err(error) => return Err(error),
            }
        }
    }
}

/// The effect's number in its run.
pub(super) fn effect_id(row: &OutboxRow) -> EffectId {
    EffectId(u32::try_from(row.effect_id).unwrap_or(u32::MAX))
}

/// It was certainly not carried out.
pub(super) fn failed(row: &OutboxRow, reason: impl Into<String>) -> Event {
    Event::EffectFailed { effect: effect_id(row), reason: reason.into() }
}

/// When an attempt was made; the beginning of a search for it.
pub(super) fn tried_at(row: &OutboxRow) -> Time {
    Time(row.tried_at.unwrap_or(row.due_at))
}
