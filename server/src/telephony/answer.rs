//! What a leg is to hear, written as Plivo's answer document.
//!
//! - `input`: what listens: keys, speech, a recording
//! - `dial`: dialling others for a leg
//! - `rooms`: conferences and multi-party calls

mod dial;
mod input;
mod rooms;

use super::{
    Telephony,
    address::{CallAddress, CallKind, NewsKind},
};
use engine::{Instruction, LegId, Prompt, Then, effect::Recording};
use plivo::xml::{self, Element, FileFormat, Response};

/// How long a caller who was not answered yet hears it ring before we are asked again, in seconds: Plivo's shortest wait.
const RING_S: u32 = 1;

/// To what length texts are cut when a document is above Plivo's bound, in characters: 50 of them fit then.
const TEXT_CHARACTERS_MAX: usize = 1_000;

/// Longest recording of a whole call, in seconds: as long as Plivo lets a call last.
const RECORDING_S_MAX: u32 = 14_400;

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
        for prompt in shorter.prompts.iter_mut().chain(&mut shorter.before_answer) {
            if let Prompt::Speak { text, .. } = prompt {
                *text = text.chars().take(TEXT_CHARACTERS_MAX).collect();
            }
        }
        self.whole_document(place, &shorter)
    }

    fn whole_document(&self, place: Place<'_>, instruction: &Instruction) -> Response {
        let url = |kind| self.url_at(place, kind);
        let mut elements = Vec::new();
        if !instruction.before_answer.is_empty() {
            elements.push(Element::PreAnswer(elements_of(&instruction.before_answer)));
        }
        if !matches!(instruction.then, Then::GetDigits { .. } | Then::GetSpeech(_)) {
            elements.extend(elements_of(&instruction.prompts));
        }
        match &instruction.then {
            Then::GetDigits { .. } => elements.extend(self.get_digits(place, instruction)),
            Then::GetSpeech(speech) => {
                elements.extend(self.get_speech(place, &instruction.prompts, speech));
            }
            Then::Record(record) => elements.extend(self.record(place, record)),
            Then::Dial(dial) => elements.extend(self.dial(place, dial)),
            Then::Conference(conference) => elements.push(self.conference(place, conference)),
            Then::MultiParty(multi_party) => elements.push(self.multi_party(place, multi_party)),
            Then::Continue => elements.push(redirect(url(CallKind::Done))),
            Then::Hold { audio } => {
                let audio = audio.clone().unwrap_or_else(|| self.audio_url("hold"));
                elements.extend([play(audio, 1), redirect(url(CallKind::Poll))]);
            }
            Then::HangUp { reason } => elements.push(hang_up(reason.as_deref())),
        }
        Response::new(elements)
    }

    /// The document of a leg that is to wait a moment and come back. One that was not answered yet goes on ringing.
    pub fn park(&self, place: Place<'_>, is_ringing: bool) -> Response {
        let moment = if is_ringing {
            let wait = xml::Wait { length_s: RING_S, ..xml::Wait::default() };
            Element::PreAnswer(vec![Element::Wait(wait)])
        } else {
            play(self.audio_url("moment"), 1)
        };
        Response::new([moment, redirect(self.url_at(place, CallKind::Poll))])
    }

    /// The document of a sound that belongs to an instruction: what a leg hears while others are rung, or while it waits in a room, or what a dialled party hears
    /// first. `None`: that kind of webhook asks for no sound.
    pub fn sound(&self, kind: CallKind, instruction: Option<&Instruction>) -> Option<Response> {
        let then = instruction.map(|instruction| &instruction.then);
        let audio = match (kind, then) {
            (CallKind::Screening, Some(Then::Dial(dial))) => {
                let prompts = dial.screening.as_ref().map(|screening| &screening.prompts[..]);
                return Some(Response::new(elements_of(prompts.unwrap_or_default())));
            }
            (CallKind::WaitSound, Some(Then::Conference(conference))) => &conference.wait_audio,
            (CallKind::WaitSound, Some(Then::MultiParty(room))) => &room.wait_audio,
            (CallKind::AgentHoldSound, Some(Then::MultiParty(room))) => &room.agent_hold_audio,
            (CallKind::CustomerHoldSound, Some(Then::MultiParty(room))) => {
                &room.customer_hold_audio
            }
            (CallKind::RingSound, Some(Then::Dial(dial))) => &dial.ring_audio,
            (
                CallKind::Screening
                | CallKind::WaitSound
                | CallKind::AgentHoldSound
                | CallKind::CustomerHoldSound
                | CallKind::RingSound,
                _,
            ) => &None,
            _ => return None,
        };
        // Who is put on hold by others hears something in any case.
        let is_hold = matches!(kind, CallKind::AgentHoldSound | CallKind::CustomerHoldSound);
        let own = || (is_hold && instruction.is_some()).then(|| self.audio_url("hold"));
        // Again and again, until the carrier needs it no more.
        Some(Response::new(audio.clone().or_else(own).map(|url| play(url, 0))))
    }

    /// The same document for a call that is to be recorded from its beginning.
    pub fn recorded(&self, run_id: &str, recording: Recording, response: Response) -> Response {
        let record = xml::Record { record_session: true, ..self.background(run_id, recording) };
        Response::new([Element::Record(record)].into_iter().chain(response.elements))
    }

    /// A recording that goes on in the background.
    fn background(&self, run_id: &str, recording: Recording) -> xml::Record {
        xml::Record {
            redirect: false,
            max_length_s: RECORDING_S_MAX,
            play_beep: false,
            ..self.recording(run_id, recording)
        }
    }

    /// A recording, and whom to tell of it.
    fn recording(&self, run_id: &str, recording: Recording) -> xml::Record {
        let (transcription_type, transcription_url) = self.transcription(run_id, recording);
        xml::Record {
            file_format: file_format(recording),
            callback_url: Some(self.news_url(NewsKind::Recording, run_id, recording.id)),
            transcription_type,
            transcription_url,
            ..xml::Record::default()
        }
    }

    /// How a recording is to be written down, and whom to tell of that.
    fn transcription(
        &self,
        run_id: &str,
        recording: Recording,
    ) -> (Option<String>, Option<String>) {
        let url = recording
            .transcribe
            .then(|| self.news_url(NewsKind::Transcription, run_id, recording.id));
        (url.as_ref().map(|_| "auto".to_owned()), url)
    }

    /// The address of a piece of our own audio.
    pub fn audio_url(&self, name: &str) -> String {
        format!("{}/audio/{name}.wav", self.public_url)
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

/// The document of what somebody hears last.
pub fn last_words(prompts: &[Prompt]) -> Response {
    Response::new(elements_of(prompts).into_iter().chain([hang_up(None)]))
}

/// The document that ends a call.
pub fn hang_up_document(reason: Option<&str>) -> Response {
    Response::new([hang_up(reason)])
}

fn file_format(recording: Recording) -> FileFormat {
    if recording.as_wav { FileFormat::Wav } else { FileFormat::Mp3 }
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

fn play(url: String, loop_count: u32) -> Element {
    Element::Play(xml::Play { url, loop_count })
}

fn elements_of(prompts: &[Prompt]) -> Vec<Element> {
    prompts
        .iter()
        .filter_map(|prompt| match prompt {
            Prompt::Quiet { at_most_s } => Some(Element::Wait(xml::Wait {
                silence: true,
                min_silence_ms: 2_000,
                ..xml::Wait::new(*at_most_s)
            })),
            _ => input_prompt(prompt).map(Element::from),
        })
        .collect()
}

/// What can be heard while an answer is awaited; silence is not.
fn input_prompt(prompt: &Prompt) -> Option<xml::Prompt> {
    Some(match prompt {
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
        Prompt::Quiet { .. } => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::Place;
    use crate::{
        keys::PathKey,
        telephony::{Telephony, address::CallKind},
    };
    use engine::{
        Conference, Instruction, LegId, Prompt, Then,
        effect::Recording,
        run::{Dial, GetSpeech, Record, Screening},
    };
    use plivo::{number::Number, xml::Response};

    const PLACE: Place<'static> = Place { run_id: "r", leg: LegId(1), turn: 2 };

    fn telephony() -> Telephony {
        Telephony::new(
            "https://p",
            PathKey::new("key".to_owned()),
            "token".into(),
            Number::parse("+15550100000").unwrap(),
        )
    }

    fn speak(text: &str) -> Prompt {
        Prompt::Speak { text: text.to_owned(), voice: None, language: None, times: 1 }
    }

    fn recording(transcribe: bool) -> Recording {
        Recording { id: engine::EffectId(7), as_wav: true, transcribe }
    }

    fn written(prompts: &[&str], then: Then) -> String {
        let prompts = prompts.iter().map(|text| speak(text)).collect();
        shown(&telephony().document(PLACE, &Instruction::new(prompts, then)))
    }

    /// A document as a reader of these tests wants it: the codes in addresses say nothing to him.
    fn shown(response: &Response) -> String {
        let xml = response.to_xml();
        assert_eq!(&Response::parse(&xml).unwrap(), response, "what is written can be read");
        let mut shown = String::new();
        for (position, piece) in xml.split("https://p/plivo/").enumerate() {
            if position == 0 {
                shown.push_str(piece);
                continue;
            }
            let end = piece.find(['"', '<']).unwrap();
            let (path, _) = piece[..end].rsplit_once('/').unwrap();
            let path = path.strip_prefix("call/r/1/2").unwrap_or(path);
            shown.push_str(path);
            shown.push_str(&piece[end..]);
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
            recording: Some(recording(true)),
            enter_beeps: 1,
            exit_beeps: 2,
            muted: false,
            start_on_enter: true,
            end_on_exit: true,
            wait_audio: Some("https://a.example/m.mp3".to_owned()),
            max_members: 10,
        };
        insta::assert_snapshot!(written(&["Joining."], Then::Conference(Box::new(conference))));
    }

    #[test]
    fn speech_or_keys_are_one_question() {
        let speech = GetSpeech {
            takes_digits: true,
            max_digits: 40,
            finish_on_key: Some('*'),
            timeout_s: 90,
            pause_s: Some(3),
            language: Some("de-DE".to_owned()),
            hints: vec!["sales, please".to_owned(), "support".to_owned()],
            model: Some("phone_call".to_owned()),
            filters_profanity: true,
            sensitive: true,
        };
        insta::assert_snapshot!(written(&["Say a name."], Then::GetSpeech(Box::new(speech))));
    }

    #[test]
    fn a_message_is_recorded_and_silence_is_told() {
        let record = Record {
            recording: recording(true),
            max_length_s: 30,
            silence_timeout_s: 4,
            finish_on_key: None,
            beeps: false,
        };
        insta::assert_snapshot!(written(&["After the tone."], Then::Record(Box::new(record))));
    }

    #[test]
    fn dialled_people_are_asked_first_and_recorded_from_the_answer_on() {
        let then = Then::Dial(Box::new(Dial {
            targets: vec!["+15550100001".to_owned(), "sip:ann@example.com".to_owned()],
            from: None,
            ring_timeout_s: 20,
            time_limit_s: Some(600),
            screening: Some(Screening { prompts: vec![speak("A call.")], key: Some('1') }),
            send_digits: Some("ww12".to_owned()),
            ring_audio: Some("https://a.example/r.mp3".to_owned()),
            recording: Some(recording(false)),
            sip_headers: [("Ticket".to_owned(), "a=7,b".to_owned())].into(),
        }));
        insta::assert_snapshot!(written(&["Connecting."], then.clone()));
        let instruction = Instruction::new(Vec::new(), then);
        let sound = |kind| telephony().sound(kind, Some(&instruction)).map(|sound| shown(&sound));
        insta::assert_snapshot!(sound(CallKind::Screening).unwrap(), @"<Response><Speak>A call.</Speak></Response>");
        insta::assert_snapshot!(sound(CallKind::RingSound).unwrap(), @r#"<Response><Play loop="0">https://a.example/r.mp3</Play></Response>"#);
        assert_eq!(sound(CallKind::Poll), None);
        // A straggler that asks for the sound of an instruction that was replaced gets nothing to play.
        let late = telephony().sound(CallKind::Screening, None).unwrap();
        assert_eq!(late, Response::new([]));
    }

    #[test]
    fn what_is_heard_before_the_answer_does_not_answer() {
        let mut instruction =
            Instruction::new(Vec::new(), Then::HangUp { reason: Some("busy".to_owned()) });
        instruction.before_answer.push(speak("All lines are busy."));
        insta::assert_snapshot!(shown(&telephony().document(PLACE, &instruction)), @r#"<Response><PreAnswer><Speak>All lines are busy.</Speak></PreAnswer><Hangup reason="busy"/></Response>"#);
        insta::assert_snapshot!(shown(&telephony().park(PLACE, true)), @"<Response><PreAnswer><Wait/></PreAnswer><Redirect>/poll</Redirect></Response>");
        insta::assert_snapshot!(shown(&telephony().park(PLACE, false)), @"<Response><Play>https://p/audio/moment.wav</Play><Redirect>/poll</Redirect></Response>");
    }

    #[test]
    fn a_recorded_call_begins_with_its_recording() {
        let response = telephony().recorded("r", recording(true), Response::new([]));
        insta::assert_snapshot!(shown(&response));
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
