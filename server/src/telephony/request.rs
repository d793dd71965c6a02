//! Effects, written as requests to Plivo.

use super::{
    Telephony,
    address::{CallAddress, CallKind, NewsKind},
};
use engine::{EffectId, PlaceCall, SendMessage, effect};
use plivo::{
    client::{AddParticipant, MachineDetection, MakeCall, MessageType, StartRecording},
    number::Party,
    xml::Role,
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

    /// A recording of a call to begin.
    pub fn start_recording(
        &self,
        run_id: &str,
        how: effect::Recording,
        time_limit_s: u32,
    ) -> StartRecording {
        StartRecording {
            as_wav: how.as_wav,
            time_limit_s: Some(time_limit_s),
            callback_url: Some(self.news_url(NewsKind::Recording, run_id, how.id)),
            transcription_url: how
                .transcribe
                .then(|| self.news_url(NewsKind::Transcription, run_id, how.id)),
        }
    }

    /// Somebody to ring into a multi-party call, and its name.
    pub fn add_participant(&self, add: &effect::AddParticipant) -> (String, AddParticipant) {
        let from = self.sender(add.from.as_deref());
        let request = AddParticipant {
            ring_timeout_s: Some(add.ring_timeout_s),
            ..AddParticipant::new(from, Party::new(&add.to), role(add.role))
        };
        (add.room.clone(), request)
    }

    /// A text to send.
    pub fn send_message(
        &self,
        run_id: &str,
        effect: EffectId,
        message: &SendMessage,
    ) -> plivo::client::SendMessage {
        let powerpack_uuid = message.from.clone().filter(|from| is_powerpack(from));
        let (template, interactive) = match &message.channel {
            effect::Channel::Sms | effect::Channel::WhatsApp => (None, None),
            effect::Channel::WhatsAppTemplate(template) => (Some(template.clone()), None),
            effect::Channel::WhatsAppInteractive(object) => (None, Some(object.clone())),
        };
        let message_type = match &message.channel {
            effect::Channel::Sms if message.media_urls.is_empty() => MessageType::Sms,
            effect::Channel::Sms => MessageType::Mms,
            _ => MessageType::Whatsapp,
        };
        plivo::client::SendMessage {
            powerpack_uuid,
            message_type,
            media_urls: message.media_urls.clone(),
            template,
            interactive,
            status_url: Some(self.news_url(NewsKind::Message, run_id, effect)),
            ..plivo::client::SendMessage::new(
                self.sender(message.from.as_deref()),
                Party::new(&message.to),
                message.text.clone(),
            )
        }
    }
}

/// Plivo's word for a role.
pub(super) fn role(role: effect::Role) -> Role {
    match role {
        effect::Role::Agent => Role::Agent,
        effect::Role::Customer => Role::Customer,
        effect::Role::Supervisor => Role::Supervisor,
    }
}

/// Whether a sender is a Powerpack's id: those are UUIDs, and no number or name is one.
fn is_powerpack(from: &str) -> bool {
    uuid::Uuid::try_parse(from.trim()).is_ok()
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

#[cfg(test)]
mod tests {
    use crate::{keys::PathKey, telephony::Telephony};
    use engine::{
        EffectId, LegId, PlaceCall, SendMessage, Time,
        effect::{Channel, MachineDetection},
    };
    use plivo::{client::MessageType, number::Number};
    use serde_json::json;

    fn telephony() -> Telephony {
        Telephony::new(
            "https://p",
            PathKey::new("key".to_owned()),
            "token".into(),
            Number::parse("+15550100000").unwrap(),
        )
    }

    fn sent(from: Option<&str>, channel: Channel, media: &[&str]) -> plivo::client::SendMessage {
        let message = SendMessage {
            from: from.map(str::to_owned),
            to: "+1 555 010 0001".to_owned(),
            channel,
            text: "hi".to_owned(),
            media_urls: media.iter().map(|url| (*url).to_owned()).collect(),
            asked_at: Time(0),
        };
        telephony().send_message("r", EffectId(3), &message)
    }

    #[test]
    fn the_channel_decides_how_a_message_travels() {
        let plain = sent(None, Channel::Sms, &[]);
        assert_eq!((plain.message_type, plain.from.as_str()), (MessageType::Sms, "+15550100000"));
        assert_eq!(plain.to.as_str(), "+15550100001");
        assert_eq!(sent(None, Channel::Sms, &["https://m"]).message_type, MessageType::Mms);
        let named = sent(Some("Acme"), Channel::Sms, &[]);
        assert_eq!((named.from.as_str(), named.powerpack_uuid), ("Acme", None));
        let pack = "5ec4c8c9-cd74-42b5-9e41-0d7670d6bb46";
        assert_eq!(sent(Some(pack), Channel::Sms, &[]).powerpack_uuid.as_deref(), Some(pack));
        assert_eq!(sent(None, Channel::WhatsApp, &[]).message_type, MessageType::Whatsapp);
        let template = json!({ "name": "welcome" });
        let sent = sent(None, Channel::WhatsAppTemplate(template.clone()), &[]);
        assert_eq!((sent.message_type, sent.template), (MessageType::Whatsapp, Some(template)));
    }

    #[test]
    fn a_call_carries_what_the_node_asked_for() {
        let call = PlaceCall {
            leg: LegId(2),
            from: None,
            to: "sip:ann@example.com".to_owned(),
            ring_timeout_s: 20,
            machine_detection: MachineDetection::HangUp,
            recording: None,
            time_limit_s: Some(60),
            caller_name: Some("n".repeat(60)),
            send_digits: Some("ww12".to_owned()),
            sip_headers: [("Ticket".to_owned(), "a=7".to_owned())].into(),
        };
        let made = telephony().make_call("r", &call);
        assert_eq!(made.fallback_url.as_deref(), Some(made.answer_url.as_str()));
        assert_eq!((made.time_limit_s, made.sip_headers.as_deref()), (Some(60), Some("Ticket=a7")));
        assert_eq!(made.caller_name.map(|name| name.len()), Some(50));
        assert_eq!(made.machine_detection, Some(plivo::client::MachineDetection::Hangup));
        assert_eq!(made.machine_detection_url, None, "the answer waits for the detection");
    }
}
