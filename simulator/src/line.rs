//! A call in the hands of its task: what it can be told, what it waits for, what it shows.
//!
//! Whatever others want of a call (keys, a hang-up, a transfer) reaches it as a [`Command`], and [`Line::next`] is the only place where
//! a call waits.

mod params;

use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, Instant},
};

use plivo::xml::Response;
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::{
    address::Address,
    call::{Crowded, Order},
    clock::At,
    dial::LegNews,
    hangup::{CallStatus, Hangup},
    ledger::{CallEntry, Direction, Params},
    limits::{COMMANDS_WAITING_MAX, LIVE_CALLS_MAX},
    network::{Live, Network},
    phone::{Awaiting, OnCall, PhoneCall, PhoneCallState, PhoneDirection, Script, Who},
    recording,
    room::Farewell,
    webhook::{Family, Hook},
};

/// What a live call can be told.
#[derive(Debug)]
pub(crate) enum Command {
    /// The person picks up.
    Answer,
    /// The person turns the call down.
    Reject,
    /// The person hangs up.
    HangUp,
    /// The person presses keys.
    Keys(String),
    /// The person says something.
    Speech(String),
    /// Whatever is waited for will not come.
    Silence,
    /// Whatever is being spoken has been heard.
    Skip,
    /// Somebody else ends the call.
    End(Hangup),
    /// The REST API sends the call to another document.
    Transfer(Destination),
    /// The call leaves the room it is in; it ends with that if nothing says how it goes on.
    LeaveRoom { room: Uuid, farewell: Farewell },
    /// A dialled leg has something to say.
    Leg(LegNews),
}

/// What a waiting call woke up to.
#[derive(Debug)]
pub(crate) enum Woken {
    Elapsed,
    Answer,
    Reject,
    Keys(String),
    Speech(String),
    Silence,
    Skip,
    LeaveRoom { room: Uuid, farewell: Farewell },
    Leg(LegNews),
}

/// What takes a call out of its document.
#[derive(Debug)]
pub(crate) enum Interruption {
    Ended(Hangup),
    Transferred(Destination),
}

/// Where a call goes on.
#[derive(Clone, Debug)]
pub(crate) enum Destination {
    /// With the document that an address gives.
    Address(Hook),
    /// With a document of the carrier's own.
    Document(Response),
}

/// A call under way, in the hands of its task.
pub(crate) struct Line {
    pub(crate) network: Arc<Network>,
    pub(crate) order: Arc<Order>,
    pub(crate) call_uuid: Uuid,
    /// The phone at the other end.
    pub(crate) phone: Address,
    pub(crate) is_person: bool,
    pub(crate) is_answered: bool,
    pub(crate) script: Script,
    pub(crate) keys: VecDeque<String>,
    pub(crate) speech: VecDeque<String>,
    pub(crate) documents_fetched: usize,
    pub(crate) transfers: usize,
    pub(crate) started: At,
    curfews: Vec<(Instant, Hangup)>,
    commands: mpsc::Receiver<Command>,
}

impl Line {
    /// Writes the call into the ledger, onto the phone and into the list of live calls.
    pub(crate) fn open(network: &Arc<Network>, order: Order) -> Result<Line, Crowded> {
        let call_uuid = Uuid::new_v4();
        let (sender, commands) = mpsc::channel(COMMANDS_WAITING_MAX);
        let (phone, other, direction) = match order.direction {
            Direction::Outbound => (order.to.clone(), order.from.clone(), PhoneDirection::Incoming),
            Direction::Inbound => (order.from.clone(), order.to.clone(), PhoneDirection::Outgoing),
        };
        let started = At::now();
        let script = {
            let mut state = network.state();
            if state.live.len() >= LIVE_CALLS_MAX {
                return Err(Crowded);
            }
            state.live.insert(call_uuid, Live { commands: sender, recordings: Vec::new() });
            state.ledger.calls.add(call_uuid, CallEntry::new(call_uuid, &order, started));
            let phone = state.phone(&phone);
            phone.add_call(PhoneCall {
                call_uuid,
                direction,
                other,
                state: PhoneCallState::Ringing,
                started_at: started,
                captions: VecDeque::new(),
                awaiting: None,
                conference: None,
                started: Instant::now(),
            });
            phone.script.clone()
        };
        network.changed(&phone);
        tracing::debug!(call.uuid = %call_uuid, phone = %phone.masked(), "a call begins");
        Ok(Line {
            network: Arc::clone(network),
            call_uuid,
            is_person: script.on_call == OnCall::Ring,
            is_answered: false,
            keys: script.keys.iter().cloned().collect(),
            speech: script.speech.iter().cloned().collect(),
            script,
            phone,
            documents_fetched: 0,
            transfers: 0,
            started,
            curfews: Vec::new(),
            commands,
            order: Arc::new(order),
        })
    }

    /// The call is answered: the clocks of its length start.
    pub(crate) fn answered(&mut self) {
        if self.is_answered {
            return;
        }
        self.is_answered = true;
        let now = Instant::now();
        self.network.note_call(self.call_uuid, |call| {
            call.status = CallStatus::InProgress;
            call.answered_at = Some(At::now());
        });
        self.network.show(&self.phone, self.call_uuid, |call| call.state = PhoneCallState::InCall);
        if let Some(hang_up_after_ms) = self.script.hang_up_after_ms {
            let hung_up = self.hung_up_by_person();
            self.add_curfew(now + self.network.pace_s(hang_up_after_ms as f64 / 1_000.0), hung_up);
        }
        self.add_curfew(now + self.network.pace_s(self.order.time_limit_s), Hangup::TIME_LIMIT);
    }

    /// Ends the call at `at` at the latest.
    pub(crate) fn add_curfew(&mut self, at: Instant, hangup: Hangup) {
        self.curfews.push((at, hangup));
    }

    /// Takes such an end back.
    pub(crate) fn lift_curfew(&mut self, hangup: Hangup) {
        self.curfews.retain(|(_, other)| *other != hangup);
    }

    /// The end of the call if the person at the other end hangs up.
    pub(crate) fn hung_up_by_person(&self) -> Hangup {
        match self.order.direction {
            Direction::Outbound => Hangup::BY_CALLEE,
            Direction::Inbound => Hangup::BY_CALLER,
        }
    }

    /// Waits until `until` (or for ever), unless something happens first.
    pub(crate) async fn next(&mut self, until: Option<Instant>) -> Result<Woken, Interruption> {
        let curfew = self.curfews.iter().min_by_key(|(at, _)| *at).copied();
        let far = Instant::now() + Duration::from_secs(86_400);
        let until = until.unwrap_or(far);
        let wake_at = curfew.map_or(until, |(at, _)| at.min(until));
        tokio::select! {
            biased;
            command = self.commands.recv() => match command {
                None => Err(Interruption::Ended(Hangup::OTHER_PARTY)),
                Some(Command::End(hangup)) => Err(Interruption::Ended(hangup)),
                Some(Command::HangUp) => Err(Interruption::Ended(self.hung_up_by_person())),
                Some(Command::Transfer(to)) => Err(Interruption::Transferred(to)),
                Some(Command::Answer) => Ok(Woken::Answer),
                Some(Command::Reject) => Ok(Woken::Reject),
                Some(Command::Keys(keys)) => Ok(Woken::Keys(keys)),
                Some(Command::Speech(speech)) => Ok(Woken::Speech(speech)),
                Some(Command::Silence) => Ok(Woken::Silence),
                Some(Command::Skip) => Ok(Woken::Skip),
                Some(Command::LeaveRoom { room, farewell }) => {
                    Ok(Woken::LeaveRoom { room, farewell })
                }
                Some(Command::Leg(news)) => Ok(Woken::Leg(news)),
            },
            () = tokio::time::sleep_until(wake_at.into()) => match curfew {
                Some((at, hangup)) if at <= until => Err(Interruption::Ended(hangup)),
                _ => Ok(Woken::Elapsed),
            },
        }
    }

    /// Waits this long, whatever keys are pressed meanwhile.
    pub(crate) async fn pause(&mut self, duration: Duration) -> Result<(), Interruption> {
        let until = Instant::now() + duration;
        loop {
            match self.next(Some(until)).await? {
                Woken::Elapsed | Woken::Skip => return Ok(()),
                _ => {}
            }
        }
    }

    /// Closes the books on the call and tells the hang-up address.
    pub(crate) fn finish(&mut self, hangup: Hangup) {
        let hangup = if self.is_answered { hangup } else { hangup.before_answer() };
        let recordings = {
            let mut state = self.network.state();
            let recordings =
                state.live.remove(&self.call_uuid).map(|live| live.recordings).unwrap_or_default();
            if let Some(call) = state.ledger.calls.find_mut(self.call_uuid) {
                call.end(hangup);
            }
            recordings
        };
        for recording_id in recordings {
            recording::close(&self.network, recording_id);
        }
        self.network.show(&self.phone, self.call_uuid, |call| {
            call.state = PhoneCallState::Ended;
            call.awaiting = None;
            call.conference = None;
            call.caption(Who::Note, format!("The call has ended: {}.", hangup.name.to_lowercase()));
        });
        if let Some(hook) = self.order.hangup.clone() {
            let params = self.hangup_params(hangup);
            self.network.notify(hook, params, Family::Voice);
        }
        tracing::debug!(call.uuid = %self.call_uuid, cause = hangup.name, "a call ended");
    }

    pub(crate) fn set_status(&mut self, status: CallStatus) {
        self.network.note_call(self.call_uuid, |call| {
            call.status = status;
            if status == CallStatus::Ringing {
                call.ringing_at = Some(At::now());
            }
        });
        self.network.changed(&self.phone);
    }

    pub(crate) fn caption(&self, who: Who, text: impl Into<String>) {
        let text = text.into();
        self.network.show(&self.phone, self.call_uuid, |call| call.caption(who, text));
    }

    /// Key tones that the call sends.
    pub(crate) fn send_keys(&self, digits: &str) {
        self.network.note_call(self.call_uuid, |call| call.add_sent_digits(digits));
        self.caption(Who::Note, format!("Key tones: {digits}"));
    }

    pub(crate) fn show_awaiting(&self, awaiting: Option<Awaiting>) {
        self.network.show(&self.phone, self.call_uuid, |call| call.awaiting = awaiting);
    }
}

impl CallEntry {
    fn new(call_uuid: Uuid, order: &Order, at: At) -> CallEntry {
        CallEntry {
            call_uuid,
            request_uuid: (order.direction == Direction::Outbound).then_some(call_uuid),
            parent_call_uuid: order.parent,
            from: order.from.clone(),
            to: order.to.clone(),
            direction: order.direction,
            status: CallStatus::Queued,
            hangup_cause: None,
            hangup_cause_name: None,
            hangup_cause_code: None,
            hangup_source: None,
            machine: None,
            at,
            ringing_at: None,
            answered_at: None,
            ended_at: None,
            documents: Vec::new(),
            spoken: Vec::new(),
            played: Vec::new(),
            digits: Vec::new(),
            speech: Vec::new(),
            caller_name: order.caller_name.clone(),
            sip_headers: Params(order.sip_headers.clone()),
            sent_digits: Vec::new(),
            document_bytes: 0,
            conference_uuid: None,
        }
    }
}
