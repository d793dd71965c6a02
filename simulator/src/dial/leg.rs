//! The side of those whom a `Dial` rings: asked to accept where that is wanted, and connected until either side hangs up.

use std::{sync::Arc, time::Instant};

use plivo::xml::{Dial, Element, Prompt, Response};
use uuid::Uuid;

use super::LegNews;
use crate::{
    address::Address,
    hangup::{CallStatus, Hangup},
    line::{Command, Interruption, Line, Woken},
    network::Network,
    phone::{Awaiting, AwaitingKind, Who},
    webhook::{Family, Hook},
};

/// What a dialled leg knows of the call that dialled it.
pub(super) struct Bridge {
    a_leg: Uuid,
    phone: Address,
    confirmation: Confirmation,
    digits_match: Option<String>,
    /// Who is told what happens, with the fields of the call that dialled.
    callback: Option<Hook>,
    params: Vec<(String, String)>,
}

/// What an answering person must hear and press before being connected.
#[derive(Clone, Debug)]
pub(crate) struct Confirmation {
    pub(crate) sound: Option<Hook>,
    pub(crate) key: Option<char>,
    pub(crate) timeout_s: f64,
}

impl Bridge {
    pub(super) fn of(line: &Line, element: &Dial) -> Bridge {
        let callback = element.callback_url.clone();
        let mut params = line.params("");
        params.retain(|(name, _)| name != "Event");
        Bridge {
            a_leg: line.call_uuid,
            phone: line.phone.clone(),
            confirmation: Confirmation {
                sound: element.confirm_sound.clone().map(Hook::post).filter(Hook::is_askable),
                key: element.confirm_key.as_deref().and_then(|key| key.chars().next()),
                timeout_s: f64::from(element.confirm_timeout_s),
            },
            digits_match: element.digits_match_b_leg.clone(),
            callback: callback.map(|url| Hook { url, method: element.callback_method }),
            params,
        }
    }

    /// Tells of keys, if they are one of the sequences asked for.
    pub(super) fn tell_digits(
        &self,
        network: &Arc<Network>,
        leg: Uuid,
        patterns: &Option<String>,
        keys: &str,
        by: &str,
    ) {
        let is_match =
            |patterns: &String| patterns.split(',').any(|pattern| pattern.trim() == keys);
        if patterns.as_ref().is_some_and(is_match) {
            let more =
                [("DialDigitsMatch", keys.to_owned()), ("DialDigitsPressedBy", by.to_owned())];
            self.tell(network, leg, "digits", CallStatus::InProgress, &more);
        }
    }

    /// Tells a step of the `Dial`.
    pub(super) fn tell(
        &self,
        network: &Arc<Network>,
        leg: Uuid,
        action: &str,
        status: CallStatus,
        more: &[(&str, String)],
    ) {
        let Some(hook) = self.callback.clone() else { return };
        let entry = network.state().ledger.calls.find(leg).cloned();
        let event = match action {
            "answer" => "DialAnswer",
            "connected" => "DialConnected",
            "digits" => "DialDigits",
            _ => "DialHangup",
        };
        let mut fields = vec![
            ("Event", event.to_owned()),
            ("DialAction", action.to_owned()),
            ("DialBLegStatus", status.as_str().to_owned()),
            ("DialALegUUID", self.a_leg.to_string()),
            ("DialBLegUUID", leg.to_string()),
        ];
        if let Some(entry) = entry {
            fields.push(("DialBLegFrom", entry.from.wire().to_owned()));
            fields.push(("DialBLegTo", entry.to.wire().to_owned()));
            if entry.ended_at.is_some() {
                let text = |text: Option<&'static str>| text.unwrap_or_default().to_owned();
                let code = entry.hangup_cause_code.unwrap_or_default().to_string();
                fields.extend([
                    ("DialBLegDuration", entry.duration_s().to_string()),
                    ("DialBLegBillDuration", entry.bill_duration_s().to_string()),
                    ("DialBLegHangupCauseName", text(entry.hangup_cause_name)),
                    ("DialBLegHangupCauseCode", code),
                    ("DialBLegHangupSource", text(entry.hangup_source)),
                ]);
            }
        }
        let mut params = self.params.clone();
        params.extend(
            fields.iter().chain(more).map(|(name, value)| ((*name).to_owned(), value.clone())),
        );
        network.notify(hook, params, Family::Voice);
    }
}

impl Line {
    /// A dialled leg: rings, is asked to accept where that is wanted, and stays until either side hangs up.
    pub(super) async fn live_as_leg(mut self, bridge: Bridge) {
        let hangup = match self.ring(self.order.ring_timeout_s).await {
            Err(hangup) => hangup,
            Ok(()) => {
                self.answered();
                if let Some(send_digits) = self.order.send_digits.clone() {
                    self.send_keys(&send_digits);
                }
                self.talk(&bridge).await
            }
        };
        self.finish(hangup);
        bridge.tell(&self.network, self.call_uuid, "hangup", hangup.status, &[]);
        self.tell_parent(&bridge, LegNews::Ended(self.call_uuid, hangup));
    }

    fn tell_parent(&self, bridge: &Bridge, news: LegNews) {
        self.network.tell(bridge.a_leg, Command::Leg(news));
    }

    async fn talk(&mut self, bridge: &Bridge) -> Hangup {
        let interruption = match self.confirm(&bridge.confirmation).await {
            Ok(false) => return Hangup::NOT_CONFIRMED,
            Err(interruption) => interruption,
            Ok(true) => {
                self.tell_parent(bridge, LegNews::Answered(self.call_uuid));
                loop {
                    match self.next(None).await {
                        Ok(woken) => self.pass_on(bridge, woken),
                        Err(interruption) => break interruption,
                    }
                }
            }
        };
        match interruption {
            Interruption::Ended(hangup) => hangup,
            Interruption::Transferred(to) => {
                self.tell_parent(bridge, LegNews::Ended(self.call_uuid, Hangup::OTHER_PARTY));
                self.perform_at(to).await
            }
        }
    }

    /// What the dialled person presses and says reaches the other side.
    fn pass_on(&self, bridge: &Bridge, woken: Woken) {
        match woken {
            Woken::Keys(keys) => {
                self.network.note_call(self.call_uuid, |call| call.add_digits(&keys));
                self.caption(Who::Me, &*keys);
                let patterns = &bridge.digits_match;
                bridge.tell_digits(&self.network, self.call_uuid, patterns, &keys, "BLeg");
            }
            Woken::Speech(speech) => {
                self.network.note_call(self.call_uuid, |call| call.add_speech(&speech));
                self.caption(Who::Me, &*speech);
                self.network
                    .show(&bridge.phone, bridge.a_leg, |call| call.caption(Who::Them, speech));
            }
            _ => {}
        }
    }

    /// Plays the confirmation sound and, where a key is asked for, waits for it.
    pub(crate) async fn confirm(
        &mut self,
        confirmation: &Confirmation,
    ) -> Result<bool, Interruption> {
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
            self.network.note_call(self.call_uuid, |call| call.add_digits(&keys));
            self.caption(Who::Me, &*keys);
            return Ok(keys.contains(key));
        }
        self.show_awaiting(Some(Awaiting {
            kind: AwaitingKind::Digits,
            takes_speech: false,
            max_digits: 1,
            timeout_s: confirmation.timeout_s,
            finish_on_key: None,
        }));
        let until = Instant::now() + self.network.pace_s(confirmation.timeout_s);
        let is_confirmed = loop {
            match self.next(Some(until)).await? {
                Woken::Keys(keys) => {
                    self.network.note_call(self.call_uuid, |call| call.add_digits(&keys));
                    break keys.contains(key);
                }
                Woken::Elapsed | Woken::Silence => break false,
                _ => {}
            }
        };
        self.show_awaiting(None);
        Ok(is_confirmed)
    }
}
