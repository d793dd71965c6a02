//! Effects, written as requests to Plivo.

use super::{
    Telephony,
    address::{CallAddress, CallKind, NewsKind},
};
use engine::{EffectId, PlaceCall, SendMessage, effect};
use plivo::{
    client::{MachineDetection, MakeCall, MessageType},
    number::Party,
};
use std::collections::BTreeMap;

/// Longest name that Plivo shows to a called party.
const CALLER_NAME_CHARACTERS_MAX: usize = 50;

impl Telephony {
    /// Who calls or writes.
    pub fn sender(&self, from: Option<&str>) -> Party {
        from.map_or_else(|| Party::from(self.from_number.clone()), Party::new)
    }

    /// A call to place. Its addresses are its receipts: a webhook at one of them proves that this very effect was carried out.
    pub fn make_call(&self, run_id: &str, call: &PlaceCall) -> MakeCall {
        let url = |kind| {
            self.call_url(&CallAddress { run_id: run_id.to_owned(), leg: call.leg, turn: 0, kind })
        };
        let answer = url(call.recording.map_or(CallKind::Answer, CallKind::AnswerRecorded));
        MakeCall {
            hangup_url: Some(url(CallKind::Hangup)),
            // A first document that could not be fetched is asked for once more.
            fallback_url: Some(answer.clone()),
            ring_timeout_s: Some(call.ring_timeout_s),
            time_limit_s: call.time_limit_s,
            caller_name: call
                .caller_name
                .as_ref()
                .map(|name| cut(name, CALLER_NAME_CHARACTERS_MAX)),
            send_digits: call.send_digits.clone(),
            // Without an address of its own for the result, Plivo answers only once it is known, which for a machine is at the end of its greeting.
            machine_detection: match call.machine_detection {
                effect::MachineDetection::Off => None,
                effect::MachineDetection::Detect => Some(MachineDetection::Continue),
                effect::MachineDetection::HangUp => Some(MachineDetection::Hangup),
            },
            sip_headers: sip_headers(&call.sip_headers),
            ..MakeCall::new(self.sender(call.from.as_deref()), Party::new(&call.to), answer)
        }
    }

    /// A text to send.
    pub fn send_message(
        &self,
        run_id: &str,
        effect: EffectId,
        message: &SendMessage,
    ) -> plivo::client::SendMessage {
        let to = Party::new(&message.to);
        plivo::client::SendMessage {
            message_type: if message.media_urls.is_empty() {
                MessageType::Sms
            } else {
                MessageType::Mms
            },
            media_urls: message.media_urls.clone(),
            status_url: Some(self.news_url(NewsKind::Message, run_id, effect)),
            ..plivo::client::SendMessage::new(
                self.sender(message.from.as_deref()),
                to,
                message.text.clone(),
            )
        }
    }
}

/// SIP headers as Plivo takes them: `key=value,key=value`. What would break that is left out.
pub(super) fn sip_headers(headers: &BTreeMap<String, String>) -> Option<String> {
    let plain = |text: &str| text.chars().filter(|c| !matches!(c, ',' | '=')).collect::<String>();
    let pairs: Vec<String> =
        headers.iter().map(|(name, value)| format!("{}={}", plain(name), plain(value))).collect();
    (!pairs.is_empty()).then(|| pairs.join(","))
}

fn cut(text: &str, characters_max: usize) -> String {
    text.chars().take(characters_max).collect()
}
