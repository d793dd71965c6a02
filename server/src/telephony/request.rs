//! Effects, written as requests to Plivo.

use super::{
    Telephony,
    address::{CallAddress, CallKind},
};
use engine::{EffectId, PlaceCall, SendMessage};
use plivo::{
    client::{MachineDetection, MakeCall, MessageType},
    number::Party,
};

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
        let answer =
            if call.recording.is_some() { CallKind::AnswerRecorded } else { CallKind::Answer };
        MakeCall {
            hangup_url: Some(url(CallKind::Hangup)),
            fallback_url: Some(url(CallKind::Fallback)),
            ring_timeout_s: Some(call.ring_timeout_s),
            machine_detection: (call.machine_detection != engine::effect::MachineDetection::Off)
                .then_some(MachineDetection::Continue),
            ..MakeCall::new(self.sender(call.from.as_deref()), Party::new(&call.to), url(answer))
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
            status_url: Some(self.message_url(run_id, effect)),
            ..plivo::client::SendMessage::new(
                self.sender(message.from.as_deref()),
                to,
                message.text.clone(),
            )
        }
    }
}
