//! Requests to our own addresses: signed, timed out, retried and recorded as Plivo does it.
//!
//! How patient a request is can be written into the address's fragment, which is neither sent nor signed:
//! `#ct=2000&rt=3000&rc=3&rp=ct,rt,5xx&tt=55000` (connect and read time-outs in ms, retries, what is retried, total in ms).

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use plivo::signature::{self, Method};
use url::Url;
use uuid::Uuid;

use crate::{
    clock::At,
    config::Config,
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

/// Sends the requests.
pub(crate) struct Courier {
    auth_token: String,
    /// One client for each connect time-out in use; nearly always one.
    clients: Mutex<HashMap<u64, reqwest::Client>>,
}

impl Courier {
    pub(crate) fn new(config: &Config) -> Courier {
        // Somebody else may have chosen a provider already; theirs is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Courier { auth_token: config.auth_token.clone(), clients: Mutex::new(HashMap::new()) }
    }

    fn client(&self, connect_ms: u64) -> reqwest::Client {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        // Connect time-outs have four useful digits at most; a hundred clients is a plenty.
        if clients.len() > 100 {
            clients.clear();
        }
        clients
            .entry(connect_ms)
            .or_insert_with(|| {
                reqwest::Client::builder()
                    .connect_timeout(Duration::from_millis(connect_ms))
                    .redirect(reqwest::redirect::Policy::none())
                    .no_proxy()
                    .user_agent("PhloemSimulator")
                    .build()
                    .expect("a client without certificates of its own can be built")
            })
            .clone()
    }

    async fn attempt(
        &self,
        hook: &Hook,
        params: &[(String, String)],
        family: Family,
        patience: &Patience,
    ) -> Result<Answer, Failure> {
        let mut url = Url::parse(&hook.url).map_err(|_| Failure::Address)?;
        url.set_fragment(None);
        let nonce = Uuid::new_v4().simple().to_string();
        let signed_v3 = signature::v3(&self.auth_token, hook.method, url.as_str(), params, &nonce);
        let client = self.client(patience.connect_ms);
        let request = match hook.method {
            Method::Post => client.post(url.clone()).form(params),
            Method::Get => client.get(url.clone()).query(params),
        };
        let mut request = request
            .timeout(Duration::from_millis(patience.connect_ms + patience.read_ms))
            .header(signature::V3_HEADER, &signed_v3)
            .header(signature::V3_MAIN_ACCOUNT_HEADER, &signed_v3)
            .header(signature::V3_NONCE_HEADER, &nonce);
        if family == Family::Message {
            let signed_v2 = signature::v2(&self.auth_token, url.as_str(), &nonce);
            request = request
                .header(signature::V2_HEADER, &signed_v2)
                .header(signature::V2_MAIN_ACCOUNT_HEADER, &signed_v2)
                .header(signature::V2_NONCE_HEADER, &nonce);
        }
        let mut response = request.send().await.map_err(|error| {
            if error.is_connect() {
                Failure::Connect
            } else if error.is_timeout() {
                Failure::Timeout
            } else {
                Failure::Broken
            }
        })?;
        let status = response.status().as_u16();
        let mut body = Vec::new();
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| if error.is_timeout() { Failure::Timeout } else { Failure::Broken })?
        {
            if body.len() + chunk.len() > DOCUMENT_BYTES_MAX {
                return Err(Failure::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        if !(200..300).contains(&status) {
            return Err(Failure::Status(status));
        }
        Ok(Answer { status, body: String::from_utf8_lossy(&body).into_owned() })
    }
}

/// How long one address is waited for and how often it is asked.
#[derive(Clone, Debug, PartialEq)]
struct Patience {
    connect_ms: u64,
    read_ms: u64,
    total_ms: u64,
    retries: u32,
    retried: Vec<String>,
}

impl Patience {
    /// Plivo's defaults, changed by what the fragment says; what it says wrongly is ignored, as Plivo does.
    fn of(url: &str) -> Patience {
        let mut patience = Patience {
            connect_ms: 2_000,
            read_ms: 40_000,
            total_ms: 55_000,
            retries: 1,
            retried: vec!["ct".into(), "rt".into()],
        };
        let Some((_, fragment)) = url.split_once('#') else { return patience };
        for (name, value) in fragment.split('&').filter_map(|pair| pair.split_once('=')) {
            let in_range = |lowest: u64, highest: u64| {
                value.parse().ok().filter(|number| (lowest..=highest).contains(number))
            };
            match name {
                "ct" => patience.connect_ms = in_range(100, 10_000).unwrap_or(patience.connect_ms),
                "rt" => patience.read_ms = in_range(100, 40_000).unwrap_or(patience.read_ms),
                "tt" => patience.total_ms = in_range(100, 55_000).unwrap_or(patience.total_ms),
                "rc" => {
                    patience.retries =
                        in_range(0, 5).map_or(patience.retries, |retries| retries as u32)
                }
                "rp" => {
                    patience.retried =
                        value.split(',').map(|policy| policy.trim().to_owned()).collect()
                }
                _ => {}
            }
        }
        patience
    }

    fn retries(&self, failure: &Failure) -> bool {
        let wants =
            |policy: &str| self.retried.iter().any(|retried| retried == policy || retried == "all");
        match failure {
            Failure::Connect => wants("ct"),
            Failure::Timeout | Failure::Broken => wants("rt"),
            Failure::Status(400..=499) => wants("4xx"),
            Failure::Status(500..=599) => wants("5xx"),
            Failure::Status(_) | Failure::Address | Failure::TooLong => false,
        }
    }
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
            // The pause doubles: half a second, one, two, four, eight.
            let pause = Duration::from_millis(500 << (attempts - 1).min(4));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fragment_makes_an_address_more_patient_and_nonsense_in_it_is_ignored() {
        let patience = Patience::of(
            "http://a.example/x?y=1#ct=500&rt=1000&rc=5&rp=ct,5xx&tt=9999999&er=nearest",
        );
        assert_eq!(
            (patience.connect_ms, patience.read_ms, patience.total_ms, patience.retries),
            (500, 1_000, 55_000, 5)
        );
        assert!(patience.retries(&Failure::Connect) && patience.retries(&Failure::Status(503)));
        assert!(!patience.retries(&Failure::Timeout) && !patience.retries(&Failure::Status(404)));
        assert_eq!(Patience::of("http://a.example/").retries, 1);
    }
}
