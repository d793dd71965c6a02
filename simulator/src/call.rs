//! One call's life: ordered, ringing, answered, played, ended, and told about at each step.
//!
//! Every call is a task that owns a [`Line`]. Whatever others want of a call (keys, a hang-up, a transfer) reaches it as a [`Command`],
//! and [`Line::next`] is the only place where a call waits.

use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::sync::mpsc;
use uuid::Uuid;

use crate::{
    address::Address,
    clock::At,
    dial::LegNews,
    hangup::{CallStatus, Hangup},
    ledger::{CallEntry, Direction},
    limits::{CALL_S_MAX, CARRIER_RINGS_S, COMMANDS_WAITING_MAX, LIVE_CALLS_MAX},
    magic::Magic,
    network::{Live, Network},
    phone::{Awaiting, OnCall, PhoneCall, PhoneCallState, PhoneDirection, Script, Who},
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
    pub(crate) detection: Option<Detection>,
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
            detection: None,
        }
    }
}

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
    Transfer(Hook),
    /// The call leaves the conference it is in.
    LeaveRoom,
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
    LeaveRoom,
    Leg(LegNews),
}

/// What takes a call out of its document.
#[derive(Debug)]
pub(crate) enum Interruption {
    Ended(Hangup),
    Transferred(Hook),
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
        self.curfews.retain(|(_, hangup)| *hangup != Hangup::RANG_LONG_ENOUGH);
        rung
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

    fn hung_up_by_person(&self) -> Hangup {
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
                Some(Command::Transfer(hook)) => Err(Interruption::Transferred(hook)),
                Some(Command::Answer) => Ok(Woken::Answer),
                Some(Command::Reject) => Ok(Woken::Reject),
                Some(Command::Keys(keys)) => Ok(Woken::Keys(keys)),
                Some(Command::Speech(speech)) => Ok(Woken::Speech(speech)),
                Some(Command::Silence) => Ok(Woken::Silence),
                Some(Command::Skip) => Ok(Woken::Skip),
                Some(Command::LeaveRoom) => Ok(Woken::LeaveRoom),
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
            crate::recording::close(&self.network, recording_id);
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

    fn set_status(&mut self, status: CallStatus) {
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

    pub(crate) fn show_awaiting(&self, awaiting: Option<Awaiting>) {
        self.network.show(&self.phone, self.call_uuid, |call| call.awaiting = awaiting);
    }

    /// The fields every voice webhook carries.
    pub(crate) fn params(&self, event: &str) -> Vec<(String, String)> {
        let status = match (self.is_answered, self.order.direction) {
            (true, _) => CallStatus::InProgress,
            (false, _) => CallStatus::Ringing,
        };
        let order = &self.order;
        let call_uuid = self.call_uuid.to_string();
        let mut params: Vec<(String, String)> = [
            ("CallUUID", call_uuid.clone()),
            ("From", order.from.wire().to_owned()),
            ("To", order.to.wire().to_owned()),
            ("Direction", order.direction.as_str().to_owned()),
            ("CallStatus", status.as_str().to_owned()),
            ("Event", event.to_owned()),
            (
                "CallerName",
                if order.caller_name.is_empty() {
                    order.from.to_string()
                } else {
                    order.caller_name.clone()
                },
            ),
            ("ParentAuthID", self.network.config.auth_id.clone()),
            ("SessionStart", self.started.message()),
            ("BillRate", "0.0085".to_owned()),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
        if order.direction == Direction::Outbound {
            let leg = order.parent.map_or(call_uuid.clone(), |parent| parent.to_string());
            params.push(("RequestUUID".to_owned(), call_uuid));
            params.push(("ALegUUID".to_owned(), leg.clone()));
            params.push(("ALegRequestUUID".to_owned(), leg));
        }
        params
    }

    fn hangup_params(&self, hangup: Hangup) -> Vec<(String, String)> {
        let mut params = self.params("Hangup");
        if let Some((_, status)) = params.iter_mut().find(|(name, _)| name == "CallStatus") {
            *status = hangup.status.as_str().to_owned();
        }
        let entry = self.network.state().ledger.calls.find(self.call_uuid).cloned();
        let Some(entry) = entry else { return params };
        let bill_s = entry.bill_duration_s();
        let cost = bill_s.div_ceil(60) as f64 * 0.0085;
        let voice = |at: Option<At>| at.map(At::voice).unwrap_or_default();
        let fields = [
            ("HangupCause", hangup.cause.to_owned()),
            ("HangupCauseName", hangup.name.to_owned()),
            ("HangupCauseCode", hangup.code.to_string()),
            ("HangupSource", hangup.source.to_owned()),
            ("Duration", entry.duration_s().to_string()),
            ("BillDuration", bill_s.to_string()),
            ("TotalCost", format!("{cost:.5}")),
            ("StartTime", entry.at.voice()),
            ("AnswerTime", voice(entry.answered_at)),
            ("EndTime", voice(entry.ended_at)),
        ];
        params.extend(fields.into_iter().map(|(name, value)| (name.to_owned(), value)));
        params
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
            document_bytes: 0,
            conference_uuid: None,
        }
    }
}
