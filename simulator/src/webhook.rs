//! Requests to our own addresses: signed, timed out, retried and recorded as Plivo does it.
//!
//! How patient a request is can be written into the address's fragment, which is neither sent nor signed:
//! `#ct=2000&rt=3000&rc=3&rp=ct,rt,5xx&tt=55000` (connect and read time-outs in ms, retries, what is retried, total in ms).

mod courier;
mod patience;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use plivo::Method;
use url::Url;
use uuid::Uuid;

pub(crate) use self::courier::Courier;
use self::patience::Patience;
use crate::{
    clock::At,
    faults::Faults,
    ledger::{Params, WebhookEntry},
    limits::DOCUMENT_BYTES_MAX,
    network::Network,
};

/// An address of ours and how it is asked.
#[derive(Clone, Debug)]
pub(crate) struct Hook {
    pub(crate) url: String,
    pub(crate) method: Method,
}

impl Hook {
    pub(crate) fn post(url: impl Into<String>) -> Hook {
        Hook { url: url.into(), method: Method::Post }
    }

    /// True for an absolute http(s) address, the only kind Plivo asks.
    pub(crate) fn is_askable(&self) -> bool {
        Url::parse(&self.url)
            .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.host().is_some())
    }
}

/// Which signatures a webhook carries: those about texts still have the older kind as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    Voice,
    Message,
}

/// What came back.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
}

/// Why nothing usable came back.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("not an http address")]
    Address,
    #[error("could not connect")]
    Connect,
    #[error("no answer in time")]
    Timeout,
    #[error("answered {0}")]
    Status(u16),
    #[error("answered more than {DOCUMENT_BYTES_MAX} bytes")]
    TooLong,
    #[error("the connection broke")]
    Broken,
}

impl Network {
    /// Asks an address and waits for what it says.
    pub(crate) async fn ask(
        self: &Arc<Self>,
        hook: &Hook,
        params: Vec<(String, String)>,
        family: Family,
    ) -> Result<Answer, Failure> {
        let (faults, is_slow, is_doubled) = {
            let mut state = self.state();
            let faults = state.faults.clone();
            let is_slow = state.dice.hit(faults.slow_webhook);
            let is_doubled = state.dice.hit(faults.duplicate_webhook);
            (faults, is_slow, is_doubled)
        };
        if is_slow {
            tokio::time::sleep(Duration::from_millis(faults.slow_ms)).await;
        }
        if is_doubled {
            let (network, hook, params) = (Arc::clone(self), hook.clone(), params.clone());
            self.spawn(async move {
                // The answer to a duplicate is nobody's business; the ledger has its status.
                let _ = network.carry(&hook, params, family, true).await;
            });
        }
        self.carry(hook, params, family, false).await
    }

    /// Tells an address something, without waiting. With `Reorder` faults a later notice may arrive first.
    pub(crate) fn notify(
        self: &Arc<Self>,
        hook: Hook,
        params: Vec<(String, String)>,
        family: Family,
    ) {
        let (is_dropped, delay) = {
            let mut state = self.state();
            let Faults { drop_webhook, reorder_webhook, .. } = state.faults.clone();
            let is_dropped = state.dice.hit(drop_webhook);
            let is_late = state.dice.hit(reorder_webhook);
            (is_dropped, is_late.then(|| Duration::from_millis(50 + state.dice.below(450))))
        };
        if is_dropped {
            return;
        }
        let network = Arc::clone(self);
        self.spawn(async move {
            if let Some(delay) = delay {
                tokio::time::sleep(delay).await;
            }
            if let Err(failure) = network.ask(&hook, params, family).await {
                tracing::debug!(%failure, "a webhook was not taken");
            }
        });
    }

    /// One request with its retries, and its line in the ledger.
    async fn carry(
        self: &Arc<Self>,
        hook: &Hook,
        params: Vec<(String, String)>,
        family: Family,
        is_duplicate: bool,
    ) -> Result<Answer, Failure> {
        let id = Uuid::new_v4();
        let entry = WebhookEntry {
            url: hook.url.clone(),
            method: hook.method.as_str(),
            params: Params(params.clone()),
            status: None,
            problem: None,
            attempts: 0,
            is_duplicate,
            at: At::now(),
            answered_at: None,
        };
        self.state().ledger.webhooks.add(id, entry);
        let patience = Patience::of(&hook.url);
        let started = Instant::now();
        let total = Duration::from_millis(patience.total_ms);
        let mut attempts = 0;
        let outcome = loop {
            attempts += 1;
            let left = total.saturating_sub(started.elapsed());
            let attempt = self.courier.attempt(hook, &params, family, &patience);
            let outcome =
                tokio::time::timeout(left, attempt).await.unwrap_or(Err(Failure::Timeout));
            let Err(failure) = &outcome else { break outcome };
            // The pause doubles: one second, two, four, eight, sixteen.
            let pause = Duration::from_secs(1 << (attempts - 1).min(4));
            if attempts > patience.retries
                || !patience.retries(failure)
                || started.elapsed() + pause >= total
            {
                break outcome;
            }
            tokio::time::sleep(pause).await;
        };
        if let Some(entry) = self.state().ledger.webhooks.find_mut(id) {
            entry.attempts = attempts;
            entry.answered_at = Some(At::now());
            match &outcome {
                Ok(answer) => entry.status = Some(answer.status),
                Err(failure) => {
                    entry.problem = Some(failure.to_string());
                    if let Failure::Status(status) = failure {
                        entry.status = Some(*status);
                    }
                }
            }
        }
        outcome
    }
}
