//! What rings when there is work, so that workers need not look all the time.

use engine::Time;
use std::sync::atomic::{AtomicI64, Ordering};
use tokio::sync::Notify;

/// Rings when there is work.
#[derive(Debug)]
pub struct Bells {
    /// New effects.
    pub outbox: Notify,
    /// The end of a run has to be told.
    pub completions: Notify,
    timers: Notify,
    /// When the timers' worker looks next anyway.
    next_look_at: AtomicI64,
}

impl Default for Bells {
    fn default() -> Bells {
        Bells {
            outbox: Notify::new(),
            completions: Notify::new(),
            timers: Notify::new(),
            next_look_at: AtomicI64::new(i64::MAX),
        }
    }
}

impl Bells {
    /// A run wants to be woken. Rings only if that is before the worker looks anyway: most events move a far moment to another far moment.
    pub fn ring_timers(&self, wake_at: Time) {
        if wake_at.0 < self.next_look_at.load(Ordering::Relaxed) {
            self.timers.notify_one();
        }
    }

    /// Waits for a wake-up before the moment at which the worker looks anyway.
    pub async fn timers(&self, next_look_at: Time) {
        self.next_look_at.store(next_look_at.0, Ordering::Relaxed);
        self.timers.notified().await;
    }
}
