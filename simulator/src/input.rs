//! Collecting keys and speech: `GetDigits` and `GetInput`.

use std::{collections::VecDeque, time::Instant};

use plivo::xml::{GetDigits, GetInput, InputType, Prompt};

use crate::{
    line::{Interruption, Line, Woken},
    phone::{Awaiting, AwaitingKind, Who, is_key},
    player::Next,
    webhook::{Family, Hook},
};

/// How an input is taken. Times are a person's seconds.
struct Rules {
    takes_keys: bool,
    takes_speech: bool,
    timeout_s: f64,
    digit_timeout_s: f64,
    finish_on_key: Option<char>,
    max_digits: usize,
}

/// What one try brought.
enum Taken {
    Digits(String),
    Speech(String),
    Nothing,
}

impl Line {
    pub(crate) async fn get_digits(&mut self, element: &GetDigits) -> Result<Next, Interruption> {
        let rules = Rules {
            takes_keys: true,
            takes_speech: false,
            timeout_s: f64::from(element.timeout_s),
            digit_timeout_s: f64::from(element.digit_timeout_s),
            finish_on_key: element.finish_on_key,
            max_digits: element.num_digits.max(1) as usize,
        };
        for _ in 0..element.retries.clamp(1, 100) {
            let Taken::Digits(digits) = self.take(&element.prompts, &rules).await? else {
                continue;
            };
            if digits.chars().all(|key| element.valid_digits.contains(key)) {
                let action = element.action.clone().map(|url| Hook { url, method: element.method });
                return self
                    .follow_action(action, element.redirect, vec![("Digits".to_owned(), digits)])
                    .await;
            }
            if let Some(url) = &element.invalid_digits_sound {
                self.hear(&Prompt::Play(plivo::xml::Play::new(url)), false).await?;
            }
        }
        Ok(Next::Continue)
    }

    pub(crate) async fn get_input(&mut self, element: &GetInput) -> Result<Next, Interruption> {
        let longest_s = f64::from(element.execution_timeout_s);
        let rules = Rules {
            takes_keys: matches!(element.input_type, InputType::Dtmf | InputType::DtmfOrSpeech),
            takes_speech: matches!(element.input_type, InputType::Speech | InputType::DtmfOrSpeech),
            timeout_s: element.start_input_timeout_s.map_or(longest_s, f64::from).min(longest_s),
            digit_timeout_s: element.digit_end_timeout_s.map_or(2.0, f64::from),
            finish_on_key: element.finish_on_key,
            max_digits: element.num_digits.max(1) as usize,
        };
        for _ in 0..element.retries.clamp(1, 100) {
            let (kind, digits, speech, confidence) =
                match self.take(&element.prompts, &rules).await? {
                    Taken::Digits(digits) => ("dtmf", digits, String::new(), ""),
                    Taken::Speech(speech) => ("speech", String::new(), speech, "0.95"),
                    Taken::Nothing => continue,
                };
            self.tell_interim(element, &speech);
            let extra = [
                ("InputType", kind),
                ("Digits", &digits),
                ("Speech", &speech),
                ("SpeechConfidenceScore", confidence),
                ("BilledAmount", "0.00000"),
            ];
            let extra = extra
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect();
            let action = Hook { url: element.action.clone(), method: element.method };
            return self.follow_action(Some(action), element.redirect, extra).await;
        }
        Ok(Next::Continue)
    }

    /// What would have been understood on the way: the first word, then all of it.
    fn tell_interim(&self, element: &GetInput, speech: &str) {
        let Some(url) = element.interim_speech_results_callback.clone() else { return };
        let method = element.interim_speech_results_callback_method;
        let hook = Hook { url, method };
        let Some((first, _)) =
            speech.split_once(' ').or((!speech.is_empty()).then_some((speech, "")))
        else {
            return;
        };
        for (number, (stable, unstable)) in [("", first), (speech, "")].into_iter().enumerate() {
            let mut params = self.params("InterimSpeech");
            let fields = [
                ("StableSpeech", stable),
                ("UnstableSpeech", unstable),
                ("Stability", if unstable.is_empty() { "0.9" } else { "0.1" }),
                ("SequenceNumber", if number == 0 { "0" } else { "1" }),
            ];
            params.extend(fields.map(|(name, value)| (name.to_owned(), value.to_owned())));
            self.network.notify(hook.clone(), params, Family::Voice);
        }
    }

    /// One try: the prompts, then whatever the phone's script or its person gives.
    async fn take(&mut self, prompts: &[Prompt], rules: &Rules) -> Result<Taken, Interruption> {
        self.show_awaiting(Some(Awaiting {
            kind: if rules.takes_keys { AwaitingKind::Digits } else { AwaitingKind::Speech },
            takes_speech: rules.takes_speech,
            max_digits: u32::try_from(rules.max_digits).unwrap_or(u32::MAX),
            timeout_s: rules.timeout_s,
            finish_on_key: rules.finish_on_key.map(String::from),
        }));
        let taken = self.listen(prompts, rules).await;
        self.show_awaiting(None);
        match taken? {
            Taken::Digits(digits) => {
                self.network.note_call(self.call_uuid, |call| call.add_digits(&digits));
                self.caption(Who::Me, &*digits);
                Ok(Taken::Digits(digits))
            }
            Taken::Speech(speech) => {
                self.network.note_call(self.call_uuid, |call| call.add_speech(&speech));
                self.caption(Who::Me, &*speech);
                Ok(Taken::Speech(speech))
            }
            Taken::Nothing => {
                self.caption(Who::Note, "Nothing was entered.");
                Ok(Taken::Nothing)
            }
        }
    }

    async fn listen(&mut self, prompts: &[Prompt], rules: &Rules) -> Result<Taken, Interruption> {
        let mut early = None;
        for prompt in prompts {
            early = self.hear(prompt, true).await?;
            if early.is_some() {
                break;
            }
        }
        let mut pressed: VecDeque<char> = VecDeque::new();
        let mut digits = String::new();
        if early.is_none() {
            early = self.scripted(rules);
        }
        loop {
            match early.take() {
                Some(Woken::Keys(keys)) if rules.takes_keys => {
                    pressed.extend(keys.chars().filter(|key| is_key(*key)))
                }
                Some(Woken::Speech(speech)) if rules.takes_speech => {
                    return Ok(Taken::Speech(speech));
                }
                Some(Woken::Silence | Woken::Elapsed) => return Ok(Taken::of(digits)),
                _ => {}
            }
            while let Some(key) = pressed.pop_front() {
                if Some(key) == rules.finish_on_key {
                    return Ok(Taken::of(digits));
                }
                digits.push(key);
                if digits.len() >= rules.max_digits {
                    return Ok(Taken::of(digits));
                }
            }
            let wait_s = if digits.is_empty() { rules.timeout_s } else { rules.digit_timeout_s };
            let until = Instant::now() + self.network.pace_s(wait_s);
            // Only what is listened for starts the clock anew.
            early = Some(loop {
                match self.next(Some(until)).await? {
                    Woken::Keys(keys) if rules.takes_keys => break Woken::Keys(keys),
                    Woken::Speech(speech) if rules.takes_speech => break Woken::Speech(speech),
                    woken @ (Woken::Silence | Woken::Elapsed) => break woken,
                    _ => {}
                }
            });
        }
    }

    /// What the script answers this prompt with; nothing means silence.
    fn scripted(&mut self, rules: &Rules) -> Option<Woken> {
        if rules.takes_keys
            && let Some(keys) = self.keys.pop_front()
            && !keys.is_empty()
        {
            return Some(Woken::Keys(keys));
        }
        if rules.takes_speech
            && let Some(speech) = self.speech.pop_front()
            && !speech.is_empty()
        {
            return Some(Woken::Speech(speech));
        }
        None
    }
}

impl Taken {
    fn of(digits: String) -> Taken {
        if digits.is_empty() { Taken::Nothing } else { Taken::Digits(digits) }
    }
}
