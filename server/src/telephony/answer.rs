//! What a leg is to hear, written as Plivo's answer document.

use super::{
    Telephony,
    address::{CallAddress, CallKind},
};
use engine::{Conference, Instruction, LegId, Prompt, Then};
use plivo::xml::{self, Element, Response};

/// How long a parked leg waits before it comes back, in seconds: Plivo's shortest wait.
const PARK_S: u32 = 1;

/// To what length texts are cut when a document is above Plivo's bound, in characters: 50 of them fit then.
const TEXT_CHARACTERS_MAX: usize = 1_000;

/// The leg and turn that a document is for.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The run.
    pub run_id: &'a str,
    /// Its leg.
    pub leg: LegId,
    /// The instruction's turn.
    pub turn: u32,
}

impl Telephony {
    /// The document of an instruction.
    pub fn document(&self, place: Place<'_>, instruction: &Instruction) -> Response {
        let response = self.whole_document(place, instruction);
        if response.to_xml().len() <= xml::DOCUMENT_BYTES_MAX {
            return response;
        }
        let mut shorter = instruction.clone();
        for prompt in &mut shorter.prompts {
            if let Prompt::Speak { text, .. } = prompt {
                *text = text.chars().take(TEXT_CHARACTERS_MAX).collect();
            }
        }
        self.whole_document(place, &shorter)
    }

    fn whole_document(&self, place: Place<'_>, instruction: &Instruction) -> Response {
        let url = |kind| self.url_at(place, kind);
        let mut elements = Vec::new();
        if let Then::GetDigits { max_digits, timeout_s, finish_on_key, sensitive } =
            &instruction.then
        {
            elements.push(Element::GetDigits(xml::GetDigits {
                prompts: instruction.prompts.iter().map(input_prompt).collect(),
                action: Some(url(CallKind::Digits)),
                timeout_s: *timeout_s,
                // PHLO has one timeout for both; Plivo's own second one, 2 s, would cut slow people off.
                digit_timeout_s: *timeout_s,
                finish_on_key: *finish_on_key,
                num_digits: *max_digits,
                log: !sensitive,
                ..xml::GetDigits::default()
            }));
            // Without keys Plivo goes on with the next element.
            elements.push(redirect(url(CallKind::Silence)));
            return Response::new(elements);
        }
        elements.extend(instruction.prompts.iter().map(prompt));
        match &instruction.then {
            Then::GetDigits { .. } => {}
            Then::GetSpeech(_) | Then::Record(_) | Then::Dial(_) | Then::MultiParty(_) => {
                elements.push(redirect(url(CallKind::Done)));
            }
            Then::Continue => elements.push(redirect(url(CallKind::Done))),
            Then::Conference(conference) => elements.push(self.conference(place, conference)),
            Then::Hold { .. } => elements.extend(self.hold(place)),
            Then::HangUp { reason } => elements.push(hang_up(reason.as_deref())),
        }
        Response::new(elements)
    }

    /// The document of a leg that is to wait a moment and come back.
    pub fn park(&self, place: Place<'_>) -> Response {
        Response::new(self.hold(place))
    }

    /// What those hear who wait in a conference: an endless loop of the audio at this address.
    pub fn wait_sound(url: &str) -> Response {
        Response::new([Element::Play(xml::Play { url: url.to_owned(), loop_count: 0 })])
    }

    /// The same, for the first document of a call that is to be recorded.
    pub fn recording(response: Response) -> Response {
        let record =
            xml::Record { record_session: true, redirect: false, ..xml::Record::default() };
        Response::new([Element::Record(record)].into_iter().chain(response.elements))
    }

    fn hold(&self, place: Place<'_>) -> [Element; 2] {
        [
            Element::Wait(xml::Wait { length_s: PARK_S, ..xml::Wait::default() }),
            redirect(self.url_at(place, CallKind::Poll)),
        ]
    }

    fn conference(&self, place: Place<'_>, conference: &Conference) -> Element {
        Element::Conference(xml::Conference {
            name: conference.name.clone(),
            muted: conference.muted,
            record: conference.recording.is_some(),
            start_conference_on_enter: conference.start_on_enter,
            end_conference_on_exit: conference.end_on_exit,
            // Plivo asks this address for a document instead of playing it.
            wait_sound: conference
                .wait_audio
                .as_ref()
                .map(|_| self.url_at(place, CallKind::WaitSound)),
            max_members: conference.max_members,
            action: Some(self.url_at(place, CallKind::Left)),
            ..xml::Conference::default()
        })
    }

    fn url_at(&self, place: Place<'_>, kind: CallKind) -> String {
        self.call_url(&CallAddress {
            run_id: place.run_id.to_owned(),
            leg: place.leg,
            turn: place.turn,
            kind,
        })
    }
}

/// The document that ends a call.
pub fn hang_up_document(reason: Option<&str>) -> Response {
    Response::new([hang_up(reason)])
}

fn hang_up(reason: Option<&str>) -> Element {
    let reason = match reason {
        Some("busy") => Some(xml::HangupReason::Busy),
        Some("rejected") => Some(xml::HangupReason::Rejected),
        _ => None,
    };
    Element::Hangup(xml::Hangup { reason, ..xml::Hangup::default() })
}

fn redirect(url: String) -> Element {
    Element::Redirect(xml::Redirect { url, ..xml::Redirect::default() })
}

fn prompt(prompt: &Prompt) -> Element {
    match input_prompt(prompt) {
        xml::Prompt::Speak(speak) => Element::Speak(speak),
        xml::Prompt::Play(play) => Element::Play(play),
    }
}

fn input_prompt(prompt: &Prompt) -> xml::Prompt {
    match prompt {
        Prompt::Speak { text, voice, language, times } => {
            let default = xml::Speak::default();
            xml::Prompt::Speak(xml::Speak {
                text: text.clone(),
                voice: voice.clone().unwrap_or(default.voice),
                language: language.clone().unwrap_or(default.language),
                loop_count: *times,
            })
        }
        Prompt::Play { url, times } => {
            xml::Prompt::Play(xml::Play { url: url.clone(), loop_count: *times })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Place;
    use crate::{keys::PathKey, telephony::Telephony};
    use engine::{Conference, Instruction, LegId, Prompt, Then};
    use plivo::{number::Number, xml::Response};

    fn written(prompts: &[&str], then: Then) -> String {
        let telephony = Telephony::new(
            "https://p",
            PathKey::new("key".to_owned()),
            "token".into(),
            Number::parse("+15550100000").unwrap(),
        );
        let speak = |text: &&str| Prompt::Speak {
            text: (*text).to_owned(),
            voice: None,
            language: None,
            times: 1,
        };
        let instruction = Instruction::new(prompts.iter().map(speak).collect(), then);
        let place = Place { run_id: "r", leg: LegId(1), turn: 2 };
        let response = telephony.document(place, &instruction);
        let xml = response.to_xml();
        assert_eq!(Response::parse(&xml).unwrap(), response, "what is written can be read");
        // The code in an address says nothing to a reader of this test.
        let mut shown = String::new();
        for (position, piece) in xml.split("/plivo/call/r/1/2/").enumerate() {
            let Some((kind, rest)) = piece.split_once('/').filter(|_| position > 0) else {
                shown.push_str(piece);
                continue;
            };
            let end = rest.find(['"', '<']).unwrap();
            shown.push_str(&format!("/{kind}{}", &rest[end..]));
        }
        shown
    }

    #[test]
    fn a_question_is_one_document_with_its_prompt_inside() {
        let then =
            Then::GetDigits { max_digits: 1, timeout_s: 5, finish_on_key: None, sensitive: true };
        insta::assert_snapshot!(written(&["Press 1 & wait."], then));
    }

    #[test]
    fn prompts_in_a_row_are_one_document() {
        insta::assert_snapshot!(written(&["One.", "Two."], Then::Continue));
    }

    #[test]
    fn a_room_asks_us_for_its_waiting_music() {
        let conference = Conference {
            name: "on-call".to_owned(),
            recording: Some(engine::effect::Recording {
                id: engine::EffectId(1),
                as_wav: false,
                transcribe: false,
            }),
            enter_beeps: 0,
            exit_beeps: 0,
            muted: false,
            start_on_enter: true,
            end_on_exit: true,
            wait_audio: Some("https://a.example/m.mp3".to_owned()),
            max_members: 10,
        };
        insta::assert_snapshot!(written(&["Joining."], Then::Conference(conference)));
    }

    #[test]
    fn a_held_leg_comes_back_and_a_refused_one_does_not() {
        insta::assert_snapshot!(written(&[], Then::Hold { audio: None }));
        insta::assert_snapshot!(written(&[], Then::HangUp { reason: Some("busy".to_owned()) }));
    }

    #[test]
    fn a_document_above_the_carriers_bound_is_cut() {
        let long = "x".repeat(60_000);
        assert!(written(&[&long, &long], Then::Continue).len() < 10_000);
    }
}
