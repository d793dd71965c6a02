//! What listens: keys, speech, a recording. Where nothing comes, Plivo goes on with the next element, which tells us so.

use super::{Place, input_prompt, redirect};
use crate::telephony::{Telephony, address::CallKind};
use engine::{
    Instruction, Prompt, Then,
    run::{GetSpeech, Record},
};
use plivo::xml::{self, Element, InputType};

/// Plivo's bounds on hints: phrases, and characters of them all.
const HINTS_MAX: usize = 500;
const HINT_CHARACTERS_MAX: usize = 10_000;

/// Any of them ends a recording where no key was chosen.
const ALL_KEYS: &str = "1234567890*#";

impl Telephony {
    pub(super) fn get_digits(&self, place: Place<'_>, instruction: &Instruction) -> Vec<Element> {
        let Then::GetDigits { max_digits, timeout_s, finish_on_key, sensitive } = &instruction.then
        else {
            return Vec::new();
        };
        let question = xml::GetDigits {
            prompts: instruction.prompts.iter().filter_map(input_prompt).collect(),
            action: Some(self.url_at(place, CallKind::Digits)),
            timeout_s: *timeout_s,
            // PHLO has one timeout for both; Plivo's own second one, 2 s, would cut slow people off.
            digit_timeout_s: *timeout_s,
            finish_on_key: *finish_on_key,
            num_digits: *max_digits,
            log: !sensitive,
            ..xml::GetDigits::default()
        };
        vec![Element::GetDigits(question), redirect(self.url_at(place, CallKind::Silence))]
    }

    pub(super) fn get_speech(
        &self,
        place: Place<'_>,
        prompts: &[Prompt],
        speech: &GetSpeech,
    ) -> [Element; 2] {
        let default = xml::GetInput::default();
        let question = xml::GetInput {
            prompts: prompts.iter().filter_map(input_prompt).collect(),
            action: self.url_at(place, CallKind::Speech),
            input_type: if speech.takes_digits {
                InputType::DtmfOrSpeech
            } else {
                InputType::Speech
            },
            execution_timeout_s: speech.timeout_s.clamp(5, 60),
            speech_end_timeout_s: speech.pause_s.map(|pause_s| pause_s.clamp(2, 10)),
            finish_on_key: speech.finish_on_key,
            num_digits: speech.max_digits.clamp(1, 32),
            speech_model: speech.model.clone().unwrap_or(default.speech_model),
            hints: hints(&speech.hints),
            language: speech.language.clone().unwrap_or(default.language),
            profanity_filter: speech.filters_profanity,
            log: !speech.sensitive,
            ..xml::GetInput::default()
        };
        [Element::GetInput(question), redirect(self.url_at(place, CallKind::Silence))]
    }

    pub(super) fn record(&self, place: Place<'_>, record: &Record) -> [Element; 2] {
        let element = xml::Record {
            action: Some(self.url_at(place, CallKind::Recorded)),
            timeout_s: record.silence_timeout_s,
            max_length_s: record.max_length_s,
            play_beep: record.beeps,
            finish_on_keys: record.finish_on_key.map_or_else(|| ALL_KEYS.to_owned(), String::from),
            ..self.recording(place.run_id, record.recording)
        };
        [Element::Record(element), redirect(self.url_at(place, CallKind::Silence))]
    }
}

/// Phrases as Plivo takes them: separated by commas, as many as it takes.
fn hints(phrases: &[String]) -> Option<String> {
    let mut text = String::new();
    for phrase in phrases.iter().take(HINTS_MAX) {
        let phrase = phrase.replace(',', " ").split_whitespace().collect::<Vec<_>>().join(" ");
        if text.chars().count() + phrase.chars().count() >= HINT_CHARACTERS_MAX {
            break;
        }
        if !text.is_empty() {
            text.push(',');
        }
        text.push_str(&phrase);
    }
    (!text.is_empty()).then_some(text)
}
