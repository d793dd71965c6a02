//! `Dial`: rings other phones, and connects the call with the first that answers.

use std::time::Instant;

use plivo::xml::{Dial, Element, Prompt, Response, Target};
use uuid::Uuid;

use crate::{
    address::Address,
    call::Order,
    hangup::{CallStatus, Hangup},
    ledger::Direction,
    limits::CALL_S_MAX,
    line::{Command, Interruption, Line, Woken},
    phone::{Awaiting, AwaitingKind, Who},
    player::{Next, Page},
    webhook::{Family, Hook},
};

/// What a dialled leg tells the call that dialled it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum LegNews {
    Answered(Uuid),
    Ended(Uuid, Hangup),
}

/// How a `Dial` ended.
struct Outcome {
    status: CallStatus,
    hangup: Hangup,
    connected: Option<Uuid>,
}

/// Most targets of one `Dial`: more would be a campaign, not a call.
const TARGETS_MAX: usize = 20;

impl Line {
    pub(crate) async fn dial(&mut self, element: &Dial) -> Result<Next, Interruption> {
        let legs: Vec<Uuid> = element
            .targets
            .iter()
            .take(TARGETS_MAX)
            .filter_map(|target| self.dial_leg(element, target))
            .collect();
        let mut pending = legs.clone();
        let outcome = self.connect(element, &mut pending).await;
        let end = if matches!(outcome, Err(Interruption::Ended(_))) {
            Hangup::OTHER_PARTY
        } else {
            Hangup::RING_TIMEOUT
        };
        for leg in pending {
            self.network.tell(leg, Command::End(end));
        }
        let (ended, interruption) = match outcome {
            Ok(ended) => (ended, None),
            Err(interruption) => {
                let ended = Outcome {
                    status: CallStatus::Completed,
                    hangup: Hangup::OTHER_PARTY,
                    connected: legs.first().copied(),
                };
                (ended, Some(interruption))
            }
        };
        let leg = ended
            .connected
            .or(legs.first().copied())
            .map(|leg| leg.to_string())
            .unwrap_or_default();
        let extra: Vec<(String, String)> = [
            ("DialStatus", ended.status.as_str().to_owned()),
            ("DialRingStatus", (!legs.is_empty()).to_string()),
            ("DialHangupCause", ended.hangup.cause.to_owned()),
            ("DialALegUUID", self.call_uuid.to_string()),
            ("DialBLegUUID", leg),
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
        let address = match target {
            Target::Number(number) => &number.number,
            Target::User(user) => &user.uri,
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
        let leg = Line::open(&self.network, order).ok()?;
        let leg_uuid = leg.call_uuid;
        self.caption(Who::Note, format!("Ringing {to}."));
        self.network.spawn(leg.live_as_leg(self.call_uuid, Confirmation::of(element)));
        Some(leg_uuid)
    }

    /// Until the first leg answers and its conversation ends, or nobody is left to answer.
    async fn connect(
        &mut self,
        element: &Dial,
        pending: &mut Vec<Uuid>,
    ) -> Result<Outcome, Interruption> {
        let patience = element
            .timeout_s
            .map(|timeout_s| Instant::now() + self.network.pace_s(f64::from(timeout_s)));
        let mut last = Hangup::INVALID_NUMBER;
        while !pending.is_empty() {
            match self.next(patience).await? {
                Woken::Leg(LegNews::Answered(leg)) => {
                    pending.retain(|other| *other != leg);
                    for loser in pending.drain(..) {
                        self.network.tell(loser, Command::End(Hangup::LOST_RACE));
                    }
                    pending.push(leg);
                    let outcome = self.converse(element, leg).await?;
                    pending.clear();
                    return Ok(outcome);
                }
                Woken::Leg(LegNews::Ended(leg, hangup)) => {
                    pending.retain(|other| *other != leg);
                    last = hangup;
                }
                Woken::Elapsed => {
                    return Ok(Outcome {
                        status: CallStatus::NoAnswer,
                        hangup: Hangup::NO_ANSWER,
                        connected: None,
                    });
                }
                _ => {}
            }
        }
        let status = match last.status {
            CallStatus::Timeout => CallStatus::NoAnswer,
            CallStatus::Completed => CallStatus::Failed,
            status => status,
        };
        Ok(Outcome { status, hangup: last, connected: None })
    }

    /// The two are connected until one of them hangs up.
    async fn converse(&mut self, element: &Dial, leg: Uuid) -> Result<Outcome, Interruption> {
        let other = self.network.state().ledger.calls.find(leg).map(|call| call.to.clone());
        let name = other.as_ref().map(ToString::to_string).unwrap_or_default();
        self.caption(Who::Note, format!("Connected with {name}."));
        self.tell_dial(element, leg, "answer", CallStatus::InProgress);
        let until = Instant::now() + self.network.pace_s(f64::from(element.time_limit_s));
        let completed = Outcome {
            status: CallStatus::Completed,
            hangup: Hangup::OTHER_PARTY,
            connected: Some(leg),
        };
        let outcome = loop {
            match self.next(Some(until)).await {
                Ok(Woken::Leg(LegNews::Ended(ended, hangup))) if ended == leg => {
                    break Ok(Outcome { hangup, ..completed });
                }
                Ok(Woken::Elapsed) => {
                    self.network.tell(leg, Command::End(Hangup::TIME_LIMIT));
                    break Ok(completed);
                }
                Ok(Woken::Keys(keys)) => {
                    self.caption(Who::Me, &*keys);
                    if element.hangup_on_star && keys.contains('*') {
                        self.network.tell(leg, Command::End(Hangup::BY_CALLER));
                        break Ok(completed);
                    }
                }
                Ok(Woken::Speech(speech)) => {
                    self.caption(Who::Me, &*speech);
                    if let Some(other) = &other {
                        self.network.show(other, leg, |call| call.caption(Who::Them, speech));
                    }
                }
                Ok(_) => {}
                Err(interruption) => break Err(interruption),
            }
        };
        self.tell_dial(element, leg, "hangup", CallStatus::Completed);
        outcome
    }

    fn tell_dial(&self, element: &Dial, leg: Uuid, action: &str, status: CallStatus) {
        let Some(url) = element.callback_url.clone() else { return };
        let entry = self.network.state().ledger.calls.find(leg).cloned();
        let mut params = self.params(if action == "answer" { "DialAnswer" } else { "DialHangup" });
        let mut fields = vec![
            ("DialAction", action.to_owned()),
            ("DialBLegStatus", status.as_str().to_owned()),
            ("DialALegUUID", self.call_uuid.to_string()),
            ("DialBLegUUID", leg.to_string()),
        ];
        if let Some(entry) = entry {
            fields.push(("DialBLegFrom", entry.from.wire().to_owned()));
            fields.push(("DialBLegTo", entry.to.wire().to_owned()));
            if action == "hangup" {
                fields.push(("DialBLegDuration", entry.duration_s().to_string()));
                fields.push(("DialBLegBillDuration", entry.bill_duration_s().to_string()));
                fields.push((
                    "DialBLegHangupCauseName",
                    entry.hangup_cause_name.unwrap_or_default().to_owned(),
                ));
                fields.push((
                    "DialBLegHangupCauseCode",
                    entry.hangup_cause_code.unwrap_or_default().to_string(),
                ));
                fields.push((
                    "DialBLegHangupSource",
                    entry.hangup_source.unwrap_or_default().to_owned(),
                ));
            }
        }
        params.extend(fields.into_iter().map(|(name, value)| (name.to_owned(), value)));
        self.network.notify(Hook { url, method: element.callback_method }, params, Family::Voice);
    }

    /// A dialled leg: rings, is asked to accept where that is wanted, and stays until either side hangs up.
    async fn live_as_leg(mut self, parent: Uuid, confirmation: Confirmation) {
        let hangup = match self.ring(self.order.ring_timeout_s).await {
            Err(hangup) => hangup,
            Ok(()) => {
                self.answered();
                self.talk(parent, &confirmation).await
            }
        };
        self.finish(hangup);
        self.network.tell(parent, Command::Leg(LegNews::Ended(self.call_uuid, hangup)));
    }

    async fn talk(&mut self, parent: Uuid, confirmation: &Confirmation) -> Hangup {
        let interruption = match self.confirm(confirmation).await {
            Ok(false) => return Hangup::NOT_CONFIRMED,
            Err(interruption) => interruption,
            Ok(true) => {
                self.network.tell(parent, Command::Leg(LegNews::Answered(self.call_uuid)));
                loop {
                    if let Err(interruption) = self.next(None).await {
                        break interruption;
                    }
                }
            }
        };
        match interruption {
            Interruption::Ended(hangup) => hangup,
            Interruption::Transferred(hook) => {
                self.network.tell(
                    parent,
                    Command::Leg(LegNews::Ended(self.call_uuid, Hangup::OTHER_PARTY)),
                );
                self.perform(Page::transfer(hook)).await
            }
        }
    }

    /// Plays the confirmation sound and, where a key is asked for, waits for it.
    async fn confirm(&mut self, confirmation: &Confirmation) -> Result<bool, Interruption> {
        if let Some(hook) = &confirmation.sound {
            let params = self.params("Redirect");
            let document = self
                .ask(hook, params)
                .await?
                .ok()
                .and_then(|xml| Response::parse(&xml).ok())
                .unwrap_or_default();
            for element in document.elements {
                match element {
                    Element::Speak(speak) => drop(self.hear(&Prompt::Speak(speak), false).await?),
                    Element::Play(play) => drop(self.hear(&Prompt::Play(play), false).await?),
                    _ => {}
                }
            }
        }
        let Some(key) = confirmation.key else { return Ok(true) };
        if let Some(keys) = self.keys.pop_front() {
            return Ok(keys.contains(key));
        }
        self.show_awaiting(Some(Awaiting {
            kind: AwaitingKind::Digits,
            max_digits: 1,
            timeout_s: confirmation.timeout_s,
            finish_on_key: None,
        }));
        let until = Instant::now() + self.network.pace_s(confirmation.timeout_s);
        let is_confirmed = loop {
            match self.next(Some(until)).await? {
                Woken::Keys(keys) => break keys.contains(key),
                Woken::Elapsed | Woken::Silence => break false,
                _ => {}
            }
        };
        self.show_awaiting(None);
        Ok(is_confirmed)
    }
}

/// What a dialled person must hear and press before being connected.
struct Confirmation {
    sound: Option<Hook>,
    key: Option<char>,
    timeout_s: f64,
}

impl Confirmation {
    fn of(element: &Dial) -> Confirmation {
        Confirmation {
            sound: element.confirm_sound.clone().map(Hook::post).filter(Hook::is_askable),
            key: element.confirm_key.as_deref().and_then(|key| key.chars().next()),
            timeout_s: f64::from(element.confirm_timeout_s),
        }
    }
}

impl Hangup {
    /// The dialled person did not press the key that accepts.
    const NOT_CONFIRMED: Hangup = Hangup {
        status: CallStatus::Completed,
        cause: "NORMAL_CLEARING",
        name: "Confirm Key Challenge Failed",
        code: 9110,
        source: "Plivo",
    };
}
