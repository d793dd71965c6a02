//! One call's life: ordered, ringing, answered, played, ended.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use plivo::xml::Response;
use uuid::Uuid;

use crate::{
    address::Address,
    dial::Confirmation,
    hangup::{CallStatus, Hangup},
    ledger::Direction,
    limits::{CALL_S_MAX, CARRIER_RINGS_S, SIP_HEADERS_MAX},
    line::{Command, Interruption, Line, Woken},
    magic::Magic,
    network::Network,
    phone::OnCall,
    player::Page,
    webhook::{Family, Hook},
};

/// What a call was ordered to be.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) from: Address,
    pub(crate) to: Address,
    pub(crate) direction: Direction,
    pub(crate) caller_name: String,
    pub(crate) parent: Option<Uuid>,
    pub(crate) answer: Option<Hook>,
    pub(crate) fallback: Option<Hook>,
    pub(crate) ring: Option<Hook>,
    pub(crate) hangup: Option<Hook>,
    pub(crate) ring_timeout_s: f64,
    pub(crate) time_limit_s: f64,
    pub(crate) hangup_on_ring_s: Option<f64>,
    /// Keys the call sends once it is answered.
    pub(crate) send_digits: Option<String>,
    /// Come back in every webhook of the call as `X-PH-…`.
    pub(crate) sip_headers: Vec<(String, String)>,
    pub(crate) detection: Option<Detection>,
    /// The document that the carrier itself gives it once it is answered, instead of asking `answer`.
    pub(crate) enters: Option<Response>,
    /// What whoever answers must hear and press first.
    pub(crate) confirmation: Option<Confirmation>,
    /// The other phones that ring for the same purpose; the first to be answered wins.
    pub(crate) race: Option<Arc<Race>>,
}

/// Answering-machine detection.
#[derive(Clone, Debug)]
pub(crate) struct Detection {
    /// Ends the call when a machine answers.
    pub(crate) hangs_up: bool,
    /// Told in the background; without it the answer webhook carries the result.
    pub(crate) hook: Option<Hook>,
}

impl Order {
    /// An order with Plivo's defaults.
    pub(crate) fn new(from: Address, to: Address, direction: Direction) -> Order {
        Order {
            from,
            to,
            direction,
            caller_name: String::new(),
            parent: None,
            answer: None,
            fallback: None,
            ring: None,
            hangup: None,
            ring_timeout_s: 120.0,
            time_limit_s: 14_400.0,
            hangup_on_ring_s: None,
            send_digits: None,
            sip_headers: Vec::new(),
            detection: None,
            enters: None,
            confirmation: None,
            race: None,
        }
    }
}

/// Calls of which only one is wanted.
#[derive(Debug, Default)]
pub(crate) struct Race {
    runners: Mutex<Vec<Uuid>>,
    is_won: AtomicBool,
}

impl Race {
    /// Another call; it ends at once if the race is over.
    pub(crate) fn enter(&self, network: &Network, call_uuid: Uuid) {
        let mut runners = self.runners.lock().unwrap_or_else(PoisonError::into_inner);
        if self.is_won.load(Ordering::Relaxed) {
            network.tell(call_uuid, Command::End(Hangup::LOST_RACE));
        } else {
            runners.push(call_uuid);
        }
    }

    /// Ends all others. False if somebody else has won.
    fn win(&self, network: &Network, call_uuid: Uuid) -> bool {
        let mut runners = self.runners.lock().unwrap_or_else(PoisonError::into_inner);
        if self.is_won.swap(true, Ordering::Relaxed) {
            return false;
        }
        for other in runners.drain(..) {
            if other != call_uuid {
                network.tell(other, Command::End(Hangup::LOST_RACE));
            }
        }
        true
    }
}

/// `key=value,key=value`; Plivo takes letters and digits only, and passes over the rest.
pub(crate) fn sip_headers(text: &str) -> Vec<(String, String)> {
    let is_plain = |text: &str| {
        !text.is_empty()
            && text.len() <= 120
            && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
    };
    text.split(',')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.trim(), value.trim()))
        .filter(|(name, value)| is_plain(name) && is_plain(value))
        .take(SIP_HEADERS_MAX)
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// Too many calls at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Crowded;

/// Starts a call and returns its id; for calls we place, that is the request's id too.
pub(crate) fn place(network: &Arc<Network>, order: Order) -> Result<Uuid, Crowded> {
    let line = Line::open(network, order)?;
    let call_uuid = line.call_uuid;
    network.spawn(line.live());
    Ok(call_uuid)
}

impl Line {
    async fn live(mut self) {
        let hangup = match self.order.direction {
            Direction::Outbound => self.outbound().await,
            Direction::Inbound => self.inbound().await,
        };
        self.finish(hangup);
    }

    /// We ring somebody.
    async fn outbound(&mut self) -> Hangup {
        if let Err(hangup) = self.ring(self.order.ring_timeout_s).await {
            return hangup;
        }
        self.answered();
        if let Some(send_digits) = self.order.send_digits.clone() {
            self.send_keys(&send_digits);
        }
        let mut extra = Vec::new();
        if let Some(detection) = self.order.detection.clone() {
            let is_machine = self.script.on_call == OnCall::Machine;
            self.network.note_call(self.call_uuid, |call| call.machine = Some(is_machine));
            match detection.hook {
                None => extra.push(("Machine".to_owned(), is_machine.to_string())),
                Some(hook) => {
                    let wish = if detection.hangs_up { "hangup" } else { "continue" };
                    let mut params = self.params("MachineDetection");
                    params.push(("Machine".to_owned(), is_machine.to_string()));
                    params.push(("IfMachine".to_owned(), wish.to_owned()));
                    self.network.notify(hook, params, Family::Voice);
                }
            }
            if is_machine && detection.hangs_up {
                return Hangup::MACHINE;
            }
        }
        if let Some(confirmation) = self.order.confirmation.clone() {
            match self.confirm(&confirmation).await {
                Ok(true) => {}
                Ok(false) => return Hangup::NOT_CONFIRMED,
                Err(Interruption::Ended(hangup)) => return hangup,
                Err(Interruption::Transferred(to)) => return self.perform_at(to).await,
            }
        }
        if let Some(race) = self.order.race.clone()
            && !race.win(&self.network, self.call_uuid)
        {
            return Hangup::LOST_RACE;
        }
        if let Some(document) = self.order.enters.clone() {
            return self.perform_document(&document).await;
        }
        match self.order.answer.clone() {
            Some(answer) => self.perform(Page::answer(answer, extra)).await,
            None => Hangup::END_OF_XML,
        }
    }

    /// Somebody rings one of our numbers; the first element of its document answers.
    async fn inbound(&mut self) -> Hangup {
        self.set_status(CallStatus::Ringing);
        match self.order.answer.clone() {
            Some(answer) => self.perform(Page::answer(answer, Vec::new())).await,
            None => Hangup::INVALID_NUMBER,
        }
    }

    /// Rings until the phone does what its script, its magic or its person wants.
    pub(crate) async fn ring(&mut self, timeout_s: f64) -> Result<(), Hangup> {
        self.set_status(CallStatus::Ringing);
        if let Some(ring) = self.order.ring.clone() {
            self.network.notify(ring, self.params("Ring"), Family::Voice);
        }
        let is_scripted = self.network.state().phone(&self.phone).is_scripted;
        if Magic::of(&self.phone) == Some(Magic::Invalid) && !is_scripted {
            return Err(Hangup::INVALID_NUMBER);
        }
        let begun = Instant::now();
        if let Some(hangup_s) = self.order.hangup_on_ring_s {
            self.add_curfew(begun + self.network.pace_s(hangup_s), Hangup::RANG_LONG_ENOUGH);
        }
        let patience = self.network.pace_s(timeout_s.min(CALL_S_MAX));
        let reaction =
            self.network.pace(Duration::from_millis(self.script.answer_after_ms.min(600_000)));
        let carrier = self.network.pace_s(CARRIER_RINGS_S);
        let (after, outcome) = match self.script.on_call {
            OnCall::Answer | OnCall::Machine => (reaction, Ok(())),
            OnCall::Busy => (reaction, Err(Hangup::BUSY)),
            OnCall::Reject => (reaction, Err(Hangup::REJECTED)),
            OnCall::NoAnswer => (carrier, Err(Hangup::NO_ANSWER)),
            OnCall::Ring => (patience, Err(Hangup::RING_TIMEOUT)),
        };
        let (after, outcome) = if after >= patience && !after.is_zero() {
            (patience, Err(Hangup::RING_TIMEOUT))
        } else {
            (after, outcome)
        };
        let rung = loop {
            match self.next(Some(begun + after)).await {
                Ok(Woken::Elapsed) => break outcome,
                Ok(Woken::Answer) => break Ok(()),
                Ok(Woken::Reject) => break Err(Hangup::REJECTED),
                Ok(_) => {}
                // Before the answer there is no document to leave: a transfer of a ringing call is not possible at Plivo either.
                Err(Interruption::Transferred(_)) => {}
                Err(Interruption::Ended(hangup)) if hangup == self.hung_up_by_person() => {
                    break Err(Hangup::REJECTED);
                }
                Err(Interruption::Ended(hangup)) => break Err(hangup.before_answer()),
            }
        };
        self.lift_curfew(Hangup::RANG_LONG_ENOUGH);
        rung
    }
}
