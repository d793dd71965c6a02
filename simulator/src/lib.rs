//! A Plivo that runs on your desk: no account, no cost, no telephone.
//!
//! The simulator answers Plivo's REST API, fetches and plays answer documents, posts signed webhooks, and has a virtual phone behind
//! every number, which answers, presses keys, speaks, hangs up or texts back by script, or is held by a person in a browser.
//! What it did stands in a ledger, so that a test can ask what really left the building.
//!
//! In reading order:
//!
//! 1. [`Config`]: whose account it plays and how fast its people are.
//! 2. `network`: what everything shares; `ledger`: what it remembers; `limits`: every bound.
//! 3. `call`: one call's life; `line`: the call as its task holds it.
//!    `player`: what its documents say, element by element, with `input`, `record`, `dial`, `conference` and `multi_party`;
//!    the latter two put calls into a `room`.
//! 4. `message`: texts in both directions.
//! 5. `webhook`: requests to the application, signed, timed out and retried as Plivo does; `faults`: what can go wrong on purpose.
//! 6. `rest`: Plivo's API; `control`: ours, for tests and for the web phone (`phone`).
//!
//! Times of people (ringing, speaking, silence) are divided by [`Config::speed`]; times of machines (time-outs, retries) are not.

mod address;
mod application;
mod call;
mod clock;
mod conference;
mod config;
mod control;
mod dial;
mod faults;
mod hangup;
mod input;
mod ledger;
pub mod limits;
mod line;
mod magic;
mod message;
mod multi_party;
mod network;
mod phone;
mod player;
mod record;
mod recording;
mod rest;
mod room;
mod webhook;

use std::sync::Arc;

use axum::{Router, routing::any};

pub use config::{Config, NumberUrls};

use uuid::Uuid;

use crate::{address::Address, clock::At, ledger::EmailEntry, network::Network};

/// A simulated telephone company. Clones are the same one.
#[derive(Clone)]
pub struct Simulator {
    network: Arc<Network>,
}

/// An e-mail that a server without a mail server hands to the simulator instead.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Email {
    /// Its id, as in its header.
    pub message_id: String,
    /// The sender.
    pub from: String,
    /// The receivers.
    pub to: Vec<String>,
    /// Where answers go.
    pub reply_to: Option<String>,
    /// The subject.
    pub subject: String,
    /// What it says.
    pub text: String,
    /// Names and sizes of what is attached, in bytes.
    pub attachments: Vec<(String, usize)>,
}

/// A request extension with which the host application vouches for a request to the control API, for example because a person is signed in.
#[derive(Clone, Copy, Debug)]
pub struct Vouched;

impl Simulator {
    /// Starts one. Calls and texts run on the current tokio runtime.
    ///
    /// It owns `+15550100000` to `+15550100009`, which nobody answers until [`set_number`](Simulator::set_number).
    pub fn new(config: Config) -> Simulator {
        let network = Network::new(config);
        {
            let mut state = network.state();
            for last in 0..10 {
                if let Some(number) = Address::parse(&format!("+1555010000{last}")) {
                    state.numbers.entry(number).or_default();
                }
            }
        }
        Simulator { network }
    }

    /// `/v1/Account/{auth_id}/…` (Plivo's API) and `/control/…` (ours); nest it wherever it should live.
    ///
    /// `/v1` asks for Basic credentials.
    /// `/control` takes these too, or a peer on this machine (where the server gives `ConnectInfo<SocketAddr>`), or [`Vouched`].
    pub fn router(&self) -> Router {
        Router::new()
            .route("/v1/{*path}", any(rest::answer))
            .with_state(Arc::clone(&self.network))
            .nest("/control", control::router(Arc::clone(&self.network)))
    }

    /// What one of our own numbers does when it is rung or texted; a number we do not own yet becomes ours.
    ///
    /// Returns false, and changes nothing, if `number` is not one.
    pub fn set_number(&self, number: &str, urls: NumberUrls) -> bool {
        let Some(number) = Address::parse(number) else { return false };
        self.network.state().numbers.entry(number).or_default().urls = urls;
        true
    }

    /// Keeps an e-mail that would have been sent, so that it can be read in the ledger.
    pub fn keep_email(&self, email: Email) {
        let Email { message_id, from, to, reply_to, subject, text, attachments } = email;
        let entry = EmailEntry {
            message_id,
            from,
            to,
            reply_to,
            subject,
            text,
            attachments,
            at: At::now(),
        };
        self.network.state().ledger.emails.add(Uuid::new_v4(), entry);
    }

    /// How fast people are from now on; 1.0 is real time. Waits that have begun keep their pace.
    pub fn set_speed(&self, speed: f64) {
        self.network.set_speed(speed);
    }

    /// Ends all calls and texts on the spot, without telling anybody, as if the building had lost power.
    pub fn stop(&self) {
        self.network.stop();
    }
}
