//! `Dial`: rings other phones, and connects the call with the first that answers. `leg` is the side of those who are rung.

mod leg;

use std::time::Instant;

use plivo::xml::{Dial, Target};
use uuid::Uuid;

use self::leg::Bridge;
pub(crate) use self::leg::Confirmation;
use crate::{
    address::Address,
    call::{Order, sip_headers},
    hangup::{CallStatus, Hangup},
    ledger::Direction,
    limits::CALL_S_MAX,
    line::{Command, Interruption, Line, Woken},
    phone::Who,
    player::Next,
    webhook::Hook,
};

/// What a dialled leg tells the call that dialled it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum LegNews {
    Answered(Uuid),
    Ended(Uuid, Hangup),
}

/// The legs of a `Dial` and how far they are.
struct Legs {
    /// All that were rung, in order.
    all: Vec<Uuid>,
    /// Those that have not ended.
    pending: Vec<Uuid>,
    connected: Option<Uuid>,
    /// Whether any phone rang.
    has_rung: bool,
}

/// How a `Dial` ended.
struct Outcome {
    status: CallStatus,
    hangup: Hangup,
}

/// Most targets of one `Dial`: more would be a campaign, not a call.
const TARGETS_MAX: usize = 20;

impl Line {
    pub(crate) async fn dial(&mut self, element: &Dial) -> Result<Next, Interruption> {
        let targets = element.targets.iter().take(TARGETS_MAX);
        let all: Vec<Uuid> = targets.filter_map(|target| self.dial_leg(element, target)).collect();
        let mut legs =
            Legs { pending: all.clone(), has_rung: !all.is_empty(), connected: None, all };
        self.play_dial_music(element);
        let outcome = self.connect(element, &mut legs).await;
        let end = match (&outcome, legs.connected) {
            (_, Some(_)) | (Err(Interruption::Ended(_)), None) => Hangup::OTHER_PARTY,
            _ => Hangup::RING_TIMEOUT,
        };
        for leg in &legs.pending {
            self.network.tell(*leg, Command::End(end));
        }
        let (ended, interruption) = match outcome {
            Ok(ended) => (ended, None),
            Err(interruption) => {
                let ended = match legs.connected {
                    Some(_) => Outcome { status: CallStatus::Completed, hangup: end },
                    None => Outcome { status: CallStatus::Cancel, hangup: Hangup::CANCELLED },
                };
                (ended, Some(interruption))
            }
        };
        let leg = legs.connected.or(legs.all.first().copied());
        let extra: Vec<(String, String)> = [
            ("DialStatus", ended.status.as_str().to_owned()),
            ("DialRingStatus", legs.has_rung.to_string()),
            ("DialHangupCause", ended.hangup.cause.to_owned()),
            ("DialALegUUID", self.call_uuid.to_string()),
            ("DialBLegUUID", leg.map(|leg| leg.to_string()).unwrap_or_default()),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
        let action = element.action.clone().map(|url| Hook { url, method: element.method });
        match interruption {
            None => self.follow_action(action, element.redirect, extra).await,
            Some(Interruption::Ended(hangup)) => {
                self.notify_action(action, extra);
                Err(Interruption::Ended(hangup))
            }
            Some(transferred) => Err(transferred),
        }
    }

    fn dial_leg(&mut self, element: &Dial, target: &Target) -> Option<Uuid> {
        let (address, send_digits, headers) = match target {
            Target::Number(number) => (&number.number, &number.send_digits, &number.sip_headers),
            Target::User(user) => (&user.uri, &user.send_digits, &user.sip_headers),
        };
        let Some(to) = Address::parse(address) else {
            self.caption(Who::Note, format!("{address} cannot be dialled."));
            return None;
        };
        let from = element
            .caller_id
            .as_deref()
            .and_then(Address::parse_sender)
            .unwrap_or_else(|| self.order.from.clone());
        let mut order = Order::new(from, to.clone(), Direction::Outbound);
        order.parent = Some(self.call_uuid);
        order.caller_name =
            element.caller_name.clone().unwrap_or_else(|| self.order.caller_name.clone());
        order.ring_timeout_s = element.timeout_s.map_or(CALL_S_MAX, f64::from);
        order.send_digits.clone_from(send_digits);
        // A target's own headers stand beside those of the whole element.
        order.sip_headers = [&element.sip_headers, headers]
            .into_iter()
            .flatten()
            .flat_map(|headers| sip_headers(headers))
            .collect();
        let leg = Line::open(&self.network, order).ok()?;
        let leg_uuid = leg.call_uuid;
        self.caption(Who::Note, format!("Ringing {to}."));
        self.network.spawn(leg.live_as_leg(Bridge::of(self, element)));
        Some(leg_uuid)
    }

    /// What the caller hears while others are rung.
    fn play_dial_music(&self, element: &Dial) {
        let Some(music) = element.dial_music.as_deref() else { return };
        if music.eq_ignore_ascii_case("real") {
            self.caption(Who::Note, "It rings.");
            return;
        }
        let listener = vec![(self.phone.clone(), self.call_uuid)];
        self.network.hear_beside(Hook::post(music), self.params("Redirect"), listener);
    }

    /// Until the first leg answers and its conversation ends, or nobody is left to answer.
    async fn connect(&mut self, element: &Dial, legs: &mut Legs) -> Result<Outcome, Interruption> {
        let patience = element
            .timeout_s
            .map(|timeout_s| Instant::now() + self.network.pace_s(f64::from(timeout_s)));
        let mut last = Hangup::INVALID_NUMBER;
        let mut unreachable = 0;
        while !legs.pending.is_empty() {
            match self.next(patience).await? {
                Woken::Leg(LegNews::Answered(leg)) => {
                    legs.pending.retain(|other| *other != leg);
                    for loser in legs.pending.drain(..) {
                        self.network.tell(loser, Command::End(Hangup::LOST_RACE));
                    }
                    legs.pending.push(leg);
                    legs.connected = Some(leg);
                    let outcome = self.converse(element, leg).await?;
                    legs.pending.clear();
                    return Ok(outcome);
                }
                Woken::Leg(LegNews::Ended(leg, hangup)) => {
                    legs.pending.retain(|other| *other != leg);
                    unreachable += usize::from(hangup == Hangup::INVALID_NUMBER);
                    legs.has_rung = unreachable < legs.all.len();
                    last = hangup;
                }
                Woken::Elapsed => {
                    return Ok(Outcome { status: CallStatus::NoAnswer, hangup: Hangup::NO_ANSWER });
                }
                _ => {}
            }
        }
        let status = match last.status {
            CallStatus::Timeout => CallStatus::NoAnswer,
            CallStatus::Completed => CallStatus::Failed,
            status => status,
        };
        Ok(Outcome { status, hangup: last })
    }

    /// The two are connected until one of them hangs up.
    async fn converse(&mut self, element: &Dial, leg: Uuid) -> Result<Outcome, Interruption> {
        let other = self.network.state().ledger.calls.find(leg).map(|call| call.to.clone());
        let name = other.as_ref().map(ToString::to_string).unwrap_or_default();
        self.caption(Who::Note, format!("Connected with {name}."));
        let bridge = Bridge::of(self, element);
        for action in ["answer", "connected"] {
            bridge.tell(&self.network, leg, action, CallStatus::InProgress, &[]);
        }
        let until = Instant::now() + self.network.pace_s(f64::from(element.time_limit_s));
        let completed = Outcome { status: CallStatus::Completed, hangup: Hangup::OTHER_PARTY };
        loop {
            match self.next(Some(until)).await? {
                Woken::Leg(LegNews::Ended(ended, hangup)) if ended == leg => {
                    return Ok(Outcome { hangup, ..completed });
                }
                Woken::Elapsed => {
                    self.network.tell(leg, Command::End(Hangup::TIME_LIMIT));
                    return Ok(completed);
                }
                Woken::Keys(keys) => {
                    self.network.note_call(self.call_uuid, |call| call.add_digits(&keys));
                    self.caption(Who::Me, &*keys);
                    if element.hangup_on_star && keys.contains('*') {
                        self.network.tell(leg, Command::End(Hangup::BY_CALLER));
                        return Ok(completed);
                    }
                    bridge.tell_digits(&self.network, leg, &element.digits_match, &keys, "ALeg");
                }
                Woken::Speech(speech) => {
                    self.network.note_call(self.call_uuid, |call| call.add_speech(&speech));
                    self.caption(Who::Me, &*speech);
                    if let Some(other) = &other {
                        self.network.show(other, leg, |call| call.caption(Who::Them, speech));
                    }
                }
                _ => {}
            }
        }
    }
}
