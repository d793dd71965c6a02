//! What is known of calls only while the server runs: comfort, never truth. A server that has forgotten it does something harmless twice, or knows a little less.

use engine::LegId;
use plivo::webhook::DialEvent;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};
use tokio::sync::Notify;

/// Legs that are remembered; beyond, all are forgotten. A busy server has a few thousand at once, and ended ones are forgotten one by one.
const LEGS_MAX: usize = 100_000;

/// How soon a leg that is called away asks for its document; later, it may have it however it asks.
const CALLED_WITHIN: Duration = Duration::from_secs(5);

/// What is remembered of calls. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct CallMemory(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    legs: Mutex<HashMap<(String, LegId), Remembered>>,
    changed: Notify,
}

/// What is remembered of a leg.
#[derive(Clone, Debug, Default)]
struct Remembered {
    /// The newest turn whose document was handed out.
    handed_out: u32,
    /// Since when the carrier was asked to call it away from what it does.
    called_away_at: Option<Instant>,
    /// The newest turn whose recording was reported, good or not.
    recorded: u32,
    /// Whether the call has to be answered although there is nothing to hear yet.
    is_wanted_answered: bool,
    dial: Option<DialNews>,
}

impl Remembered {
    fn is_called_away(&self) -> bool {
        self.called_away_at.is_some_and(|since| since.elapsed() < CALLED_WITHIN)
    }
}

/// Whether a leg has to be called away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Calling {
    /// It has its document.
    Done,
    /// It is being called already.
    UnderWay,
    /// Nobody calls it yet.
    Needed,
}

/// What was told of dialling somebody while it went on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DialNews {
    /// The turn of the instruction that dialled.
    turn: u32,
    /// Who answered.
    pub answered_by: Option<String>,
    /// Plivo's id of the dialled call.
    pub call_uuid: Option<String>,
    /// How long they talked, in seconds, once that is known.
    pub duration_s: Option<u32>,
    /// Plivo's number for why the dialled call ended.
    pub hangup_cause_code: Option<u32>,
    answered_at: Option<Instant>,
}

impl DialNews {
    /// How long they talked, in seconds: as the carrier says, else since we heard of the answer.
    pub fn talked_s(&self) -> Option<u32> {
        let measured = || u32::try_from(self.answered_at?.elapsed().as_secs()).ok();
        self.duration_s.or_else(measured)
    }
}

impl CallMemory {
    /// Whether the document of a turn may be handed out to whoever asks; if so, it counts as handed out. While a leg is being called away, nobody else gets it: it
    /// would be interrupted at once, and whoever is interrupted on entering a room has left it.
    pub fn may_have(&self, run_id: &str, leg: LegId, turn: u32, was_called: bool) -> bool {
        let mut may = true;
        self.note(run_id, leg, |known| {
            may = was_called || !known.is_called_away();
            if may {
                known.called_away_at = None;
                known.handed_out = known.handed_out.max(turn);
            }
        });
        may
    }

    /// Whether a leg has to be called away from what it does, to hear a turn; from then on it counts as being called.
    pub fn call_away(&self, run_id: &str, leg: LegId, turn: u32) -> Calling {
        let mut calling = Calling::Needed;
        self.note(run_id, leg, |known| {
            if known.handed_out >= turn {
                calling = Calling::Done;
            } else if known.is_called_away() {
                calling = Calling::UnderWay;
            } else {
                known.called_away_at = Some(Instant::now());
            }
        });
        calling
    }

    /// A leg was not called away after all.
    pub fn stop_calling(&self, run_id: &str, leg: LegId) {
        self.note(run_id, leg, |known| known.called_away_at = None);
    }

    /// Notes that a ringing call has to be answered although there is nothing to hear yet.
    pub fn want_answered(&self, run_id: &str, leg: LegId) {
        self.note(run_id, leg, |known| known.is_wanted_answered = true);
    }

    /// Whether a ringing call has to be answered although there is nothing to hear yet.
    pub fn is_wanted_answered(&self, run_id: &str, leg: LegId) -> bool {
        self.of(run_id, leg).is_some_and(|known| known.is_wanted_answered)
    }

    /// Notes that the recording of a turn was reported.
    pub fn note_recorded(&self, run_id: &str, leg: LegId, turn: u32) {
        self.note(run_id, leg, |known| known.recorded = known.recorded.max(turn));
    }

    /// Waits until the recording of a turn was reported, so long.
    pub async fn until_recorded(&self, run_id: &str, leg: LegId, turn: u32, longest: Duration) {
        self.until(longest, || {
            self.of(run_id, leg).filter(|known| known.recorded >= turn).map(|_| ())
        })
        .await;
    }

    /// Notes a step of dialling somebody.
    pub fn note_dial(&self, run_id: &str, leg: LegId, turn: u32, step: &DialEvent) {
        self.note(run_id, leg, |known| {
            let news = known.dial.get_or_insert_default();
            if news.turn != turn {
                *news = DialNews { turn, ..DialNews::default() };
            }
            news.take(step);
        });
    }

    /// What was told of dialling somebody. Where they talked, the last step is waited for, so long.
    pub async fn dial(
        &self,
        run_id: &str,
        leg: LegId,
        turn: u32,
        longest: Duration,
    ) -> Option<DialNews> {
        let news = || self.of(run_id, leg)?.dial.filter(|news| news.turn == turn);
        let whole =
            || news().filter(|news| news.answered_by.is_none() || news.duration_s.is_some());
        match self.until(longest, whole).await {
            Some(whole) => Some(whole),
            None => news(),
        }
    }

    /// Forgets a leg that is over.
    pub fn forget(&self, run_id: &str, leg: LegId) {
        self.legs().remove(&(run_id.to_owned(), leg));
    }

    fn of(&self, run_id: &str, leg: LegId) -> Option<Remembered> {
        self.legs().get(&(run_id.to_owned(), leg)).cloned()
    }

    fn note(&self, run_id: &str, leg: LegId, change: impl FnOnce(&mut Remembered)) {
        let mut legs = self.legs();
        if legs.len() >= LEGS_MAX {
            legs.clear();
        }
        change(legs.entry((run_id.to_owned(), leg)).or_default());
        drop(legs);
        self.0.changed.notify_waiters();
    }

    async fn until<T>(&self, longest: Duration, look: impl Fn() -> Option<T>) -> Option<T> {
        let deadline = tokio::time::Instant::now() + longest;
        loop {
            let changed = self.0.changed.notified();
            tokio::pin!(changed);
            // What is noted from here on is not missed.
            changed.as_mut().enable();
            if let Some(found) = look() {
                return Some(found);
            }
            tokio::time::timeout_at(deadline, changed).await.ok()?;
        }
    }

    fn legs(&self) -> MutexGuard<'_, HashMap<(String, LegId), Remembered>> {
        self.0.legs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl DialNews {
    fn take(&mut self, step: &DialEvent) {
        let is_end = step.action.as_deref() == Some("hangup");
        let is_answer = matches!(step.action.as_deref(), Some("answer" | "connected"));
        if is_answer && self.answered_at.is_none() {
            self.answered_at = Some(Instant::now());
        }
        // Others that were rung at the same time may hang up as well; the one who answered counts.
        let is_other = self.answered_by.is_some() && self.call_uuid != step.b_leg_uuid;
        if is_other && is_end {
            return;
        }
        if is_answer {
            self.answered_by = step.b_leg_to.as_ref().map(|to| to.as_str().to_owned());
        }
        self.call_uuid = step.b_leg_uuid.clone().or(self.call_uuid.take());
        self.duration_s = step.b_leg_duration_s.or(self.duration_s);
        self.hangup_cause_code = step.b_leg_hangup_cause_code.or(self.hangup_cause_code);
    }
}

#[cfg(test)]
mod tests {
    use super::{CallMemory, Calling};
    use engine::LegId;
    use plivo::webhook::{DialEvent, Params, Voice};
    use std::time::Duration;

    const NO_TIME: Duration = Duration::ZERO;

    fn step(form: &str) -> DialEvent {
        let form = format!("CallUUID=a&{form}");
        Voice::from_params(&Params::parse(form.as_bytes())).unwrap().dial.unwrap()
    }

    #[tokio::test]
    async fn who_answered_is_known_whatever_becomes_of_the_others() {
        let memory = CallMemory::default();
        let note = |form: &str| memory.note_dial("r", LegId::FIRST, 4, &step(form));
        note("DialAction=answer&DialBLegUUID=b&DialBLegTo=15550100001");
        note("DialAction=hangup&DialBLegUUID=c&DialBLegTo=15550100002&DialBLegDuration=0");
        let early = memory.dial("r", LegId::FIRST, 4, NO_TIME).await.unwrap();
        assert_eq!(early.duration_s, None, "the conversation goes on");
        note("DialAction=hangup&DialBLegUUID=b&DialBLegTo=15550100001&DialBLegDuration=12");
        let news = memory.dial("r", LegId::FIRST, 4, NO_TIME).await.unwrap();
        assert_eq!(news.answered_by.as_deref(), Some("+15550100001"));
        assert_eq!((news.call_uuid.as_deref(), news.talked_s()), (Some("b"), Some(12)));
        assert_eq!(memory.dial("r", LegId::FIRST, 5, NO_TIME).await, None);
    }

    #[tokio::test]
    async fn a_recording_is_waited_for_and_a_leg_is_forgotten() {
        let memory = CallMemory::default();
        let waiting = memory.until_recorded("r", LegId::FIRST, 2, Duration::from_secs(60));
        let other = memory.clone();
        let noting = async move { other.note_recorded("r", LegId::FIRST, 2) };
        tokio::join!(waiting, noting);
        assert!(memory.may_have("r", LegId::FIRST, 3, false));
        assert_eq!(memory.call_away("r", LegId::FIRST, 3), Calling::Done);
        memory.forget("r", LegId::FIRST);
        assert_eq!(memory.call_away("r", LegId::FIRST, 3), Calling::Needed);
    }

    #[test]
    fn only_the_call_itself_gets_the_document_that_a_leg_is_called_away_for() {
        let memory = CallMemory::default();
        let may_have = |was_called| memory.may_have("r", LegId::FIRST, 2, was_called);
        let call_away = |turn| memory.call_away("r", LegId::FIRST, turn);
        assert_eq!(call_away(2), Calling::Needed);
        assert!(!may_have(false), "the end of the hold audio comes too late");
        assert_eq!(call_away(3), Calling::UnderWay);
        assert!(may_have(true));
        assert!(may_have(false), "a double gets the same");
        assert_eq!((call_away(2), call_away(3)), (Calling::Done, Calling::Needed));
        memory.stop_calling("r", LegId::FIRST);
        assert!(may_have(false));
    }
}
