//! Dialling others for a leg, who is connected with the first of them that answers.

use super::{Place, file_format};
use crate::telephony::{Telephony, address::CallKind, request::sip_headers};
use engine::run::Dial;
use plivo::{
    number::Party,
    xml::{self, DialNumber, DialUser, Element, Target},
};

impl Telephony {
    pub(super) fn dial(&self, place: Place<'_>, dial: &Dial) -> Vec<Element> {
        let url = |kind| Some(self.url_at(place, kind));
        let default = xml::Dial::default();
        let element = xml::Dial {
            targets: dial.targets.iter().map(|to| target(to, dial)).collect(),
            action: url(CallKind::Dialled),
            timeout_s: Some(dial.ring_timeout_s),
            time_limit_s: dial.time_limit_s.unwrap_or(default.time_limit_s),
            caller_id: Some(self.sender(dial.from.as_deref()).on_the_wire().to_owned()),
            confirm_sound: dial.screening.as_ref().and_then(|_| url(CallKind::Screening)),
            confirm_key: dial
                .screening
                .as_ref()
                .and_then(|screening| screening.key)
                .map(String::from),
            dial_music: dial.ring_audio.as_ref().and_then(|_| url(CallKind::RingSound)),
            callback_url: url(CallKind::DialNews),
            sip_headers: sip_headers(&dial.sip_headers),
            ..default
        };
        let recorded = dial.recording.map(|recording| {
            Element::Record(xml::Record {
                start_on_dial_answer: true,
                file_format: file_format(recording),
                ..self.background(place.run_id, recording)
            })
        });
        recorded.into_iter().chain([Element::Dial(element)]).collect()
    }
}

fn target(to: &str, dial: &Dial) -> Target {
    let send_digits = dial.send_digits.clone().filter(|keys| !keys.is_empty());
    match Party::new(to) {
        Party::Other(uri) if uri.starts_with("sip:") || uri.starts_with("sips:") => {
            Target::User(DialUser { uri, send_digits, ..DialUser::default() })
        }
        other => Target::Number(DialNumber {
            number: other.on_the_wire().to_owned(),
            send_digits,
            ..DialNumber::default()
        }),
    }
}
