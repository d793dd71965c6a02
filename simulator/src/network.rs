//! The simulated telephone network: everything that is shared between calls, texts and the two APIs.

use std::{
    collections::{BTreeMap, HashMap},
    future::Future,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::sync::{broadcast, mpsc};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    address::Address,
    application::Application,
    config::{Config, NumberUrls},
    faults::{Dice, Faults},
    ledger::{CallEntry, Ledger},
    limits::{PHONES_MAX, SPEED_MAX, SPEED_MIN},
    line::Command,
    phone::{Phone, PhoneCall},
    room::{Key, Room},
    webhook::Courier,
};

/// One network, shared by everything that happens in it.
pub(crate) struct Network {
    pub(crate) config: Config,
    pub(crate) courier: Courier,
    speed_bits: AtomicU64,
    state: Mutex<State>,
    /// The number of a phone, whenever what it shows has changed.
    changes: broadcast::Sender<Address>,
    stopped: CancellationToken,
}

/// What the network knows at a moment. Locked shortly, never across an await.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) numbers: BTreeMap<Address, Owned>,
    pub(crate) applications: BTreeMap<String, Application>,
    pub(crate) phones: HashMap<Address, Phone>,
    /// The calls that can still be told something.
    pub(crate) live: HashMap<Uuid, Live>,
    pub(crate) rooms: BTreeMap<Key, Room>,
    pub(crate) ledger: Ledger,
    pub(crate) faults: Faults,
    pub(crate) dice: Dice,
}

/// One of our own numbers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Owned {
    pub(crate) urls: NumberUrls,
    pub(crate) app_id: Option<String>,
    pub(crate) alias: String,
}

/// A call that has not ended, and how to tell it things.
pub(crate) struct Live {
    pub(crate) commands: mpsc::Sender<Command>,
    /// Recordings that run beside the document, to be closed with the call.
    pub(crate) recordings: Vec<Uuid>,
}

impl Network {
    pub(crate) fn new(config: Config) -> Arc<Network> {
        let (changes, _) = broadcast::channel(1024);
        Arc::new(Network {
            courier: Courier::new(&config),
            speed_bits: AtomicU64::new(bounded(config.speed).to_bits()),
            config,
            state: Mutex::new(State::default()),
            changes,
            stopped: CancellationToken::new(),
        })
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        // A panic while holding the lock leaves at worst one entry half told; the network goes on.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn speed(&self) -> f64 {
        f64::from_bits(self.speed_bits.load(Ordering::Relaxed))
    }

    pub(crate) fn set_speed(&self, speed: f64) {
        self.speed_bits.store(bounded(speed).to_bits(), Ordering::Relaxed);
    }

    /// A person's time in our time.
    pub(crate) fn pace(&self, duration: Duration) -> Duration {
        duration.div_f64(self.speed())
    }

    /// A person's seconds in our time; what no clock could wait for is a day.
    pub(crate) fn pace_s(&self, seconds: f64) -> Duration {
        let seconds = if seconds.is_finite() { seconds.clamp(0.0, 86_400.0) } else { 86_400.0 };
        self.pace(Duration::from_secs_f64(seconds))
    }

    /// Runs something beside everything else until it is done or the network stops.
    pub(crate) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let stopped = self.stopped.clone();
        tokio::spawn(async move {
            stopped.run_until_cancelled(work).await;
        });
    }

    /// Ends everything that is under way, without telling anybody.
    pub(crate) fn stop(&self) {
        self.stopped.cancel();
    }

    pub(crate) fn stopped(&self) -> CancellationToken {
        self.stopped.clone()
    }

    /// Tells a live call something. False when it has already ended.
    pub(crate) fn tell(&self, call_uuid: Uuid, command: Command) -> bool {
        let state = self.state();
        state.live.get(&call_uuid).is_some_and(|live| live.commands.try_send(command).is_ok())
    }

    /// Changes a call's ledger entry.
    pub(crate) fn note_call(&self, call_uuid: Uuid, change: impl FnOnce(&mut CallEntry)) {
        if let Some(entry) = self.state().ledger.calls.find_mut(call_uuid) {
            change(entry);
        }
    }

    /// Changes what a phone shows of a call, and tells whoever looks at it.
    pub(crate) fn show(
        &self,
        number: &Address,
        call_uuid: Uuid,
        change: impl FnOnce(&mut PhoneCall),
    ) {
        if let Some(call) = self.state().phone(number).call_mut(call_uuid) {
            change(call);
        }
        self.changed(number);
    }

    pub(crate) fn changed(&self, number: &Address) {
        // Nobody looking is no error.
        let _ = self.changes.send(number.clone());
    }

    pub(crate) fn changes(&self) -> broadcast::Receiver<Address> {
        self.changes.subscribe()
    }
}

/// A speed that people can have: what is not a number is real time.
fn bounded(speed: f64) -> f64 {
    if speed.is_finite() { speed.clamp(SPEED_MIN, SPEED_MAX) } else { 1.0 }
}

impl State {
    /// The phone with this number; there always is one.
    pub(crate) fn phone(&mut self, number: &Address) -> &mut Phone {
        if !self.phones.contains_key(number) && self.phones.len() >= PHONES_MAX {
            let forgotten = self
                .phones
                .values()
                .find(|phone| !phone.is_scripted && phone.is_idle())
                .map(|phone| phone.number.clone());
            if let Some(forgotten) = forgotten {
                self.phones.remove(&forgotten);
            }
        }
        self.phones.entry(number.clone()).or_insert_with(|| Phone::new(number.clone()))
    }
}
