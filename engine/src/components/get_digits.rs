//! Asks for keys.
//!
//! ```flow
//! > incoming_call from +14155550100
//! < speak "Please enter your four-digit code."
//! < get_digits max 4 timeout 5s
//! > digits "2468"
//! -> digits
//! ? It.digits = 2468
//! < hang_up
//! > hung_up
//! = completed
//! ```
//!
//! Silence and wrong answers are asked again as often as `retries` says, then left by `no_input` or `invalid`.
//!
//! ```flow
//! config {"prompt": {"speak": "Code?"}, "min_digits": 4, "max_digits": 4, "retries": 1}
//! > incoming_call from +14155550100
//! < speak "Code?"
//! < get_digits max 4 timeout 5s
//! > no_input
//! < speak "Code?"
//! < get_digits max 4 timeout 5s
//! > no_input
//! -> no_input
//! < hang_up
//! ```
//!
//! ```flow
//! config {"prompt": {"speak": "Month and year?"}, "pattern": "(0[1-9]|1[0-2])[0-9]{2}", "max_digits": 4, "retries": 1}
//! > incoming_call from +14155550100
//! < speak "Month and year?"
//! < get_digits max 4 timeout 5s
//! > digits "1326"
//! < speak "Month and year?"
//! < get_digits max 4 timeout 5s
//! > digits "112"
//! -> invalid
//! ? It.input = 112
//! < hang_up
//! ```
//!
//! A secret is never shown.
//!
//! ```flow
//! config {"prompt": {"speak": "PIN?"}, "max_digits": 4, "sensitive": true}
//! > incoming_call from +14155550100
//! < speak "PIN?"
//! < get_digits max 4 timeout 5s
//! > digits "2468"
//! -> digits
//! ? It.digits = 2468
//! < hang_up
//! ```

use super::prompt::{self, Prompt};
use crate::component::{
    Component, Control, Field, Group, Problems, Spec, State, Step, Variable, leave,
};
use crate::{
    event::Event,
    pattern::Pattern,
    run::{Ctx, Then},
};
use serde::Deserialize;

/// The configuration of `get_digits`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GetDigits {
    prompt: Option<Prompt>,
    #[serde(default = "max_digits")]
    max_digits: u32,
    #[serde(default = "min_digits")]
    min_digits: u32,
    #[serde(default = "timeout_s")]
    timeout_s: u32,
    #[serde(default = "finish_on_key")]
    finish_on_key: String,
    #[serde(default)]
    retries: u32,
    #[serde(default)]
    valid_keys: String,
    pattern: Option<Pattern>,
    #[serde(default)]
    sensitive: bool,
}

fn max_digits() -> u32 {
    99
}

fn min_digits() -> u32 {
    1
}

pub(super) fn timeout_s() -> u32 {
    5
}

pub(super) fn finish_on_key() -> String {
    "#".to_owned()
}

/// What is said before the answer.
pub(super) const PROMPT: Field = Field::optional(
    "prompt",
    "Say first",
    "What callers hear; an answer cuts it short.",
    Control::Prompt,
);

/// How long to wait for a key.
pub(super) const TIMEOUT: Field = Field::optional(
    "timeout_s",
    "Wait for a key",
    "How long to wait for the first key, and then for each further one.",
    Control::Number { min: 1, max: 60, default: 5, unit: "seconds" },
);

/// How often silence is asked again.
pub(super) const RETRIES: Field = Field::optional(
    "retries",
    "Ask again after silence",
    "How many more times to ask when there is no answer.",
    Control::Number { min: 0, max: 10, default: 0, unit: "times" },
);

/// When nobody pressed anything.
pub(super) const NO_INPUT: State = State::new("no_input", "No input", "no key was pressed in time");

const DIGITS: &str = "digits";
const INVALID: &str = "invalid";

impl Component for GetDigits {
    const SPEC: Spec = Spec {
        kind: "get_digits",
        label: "Get digits",
        summary: "Asks the caller for keys and waits for them.",
        group: Group::Listen,
        aliases: &[
            "get_input",
            "gather",
            "collect_digits",
            "get_dtmf",
            "dtmf_input",
            "ask_for_keys",
        ],
        help: "Callers may press keys while the text is still being said. Give silence and wrong keys a way out, or the call ends there. \
               Mark codes and PINs as sensitive: nobody gets to see them then, not even in the run's journal.",
        example: r#"{ "prompt": { "speak": "Please enter your four-digit code." }, "max_digits": 4 }"#,
        fields: &[
            PROMPT,
            Field::optional(
                "max_digits",
                "Most keys",
                "The answer is complete when that many keys were pressed.",
                Control::Number { min: 1, max: 99, default: 99, unit: "keys" },
            ),
            Field::optional(
                "min_digits",
                "Fewest keys",
                "Fewer than that count as a wrong answer.",
                Control::Number { min: 1, max: 99, default: 1, unit: "keys" },
            ),
            TIMEOUT,
            Field::optional(
                "finish_on_key",
                "Key that finishes",
                "This key ends the answer early; empty for none. Without it in the file, it is #.",
                Control::Key,
            ),
            Field::optional(
                "retries",
                "Ask again",
                "How many more times to ask after silence or a wrong answer.",
                Control::Number { min: 0, max: 10, default: 0, unit: "times" },
            ),
            Field::optional(
                "valid_keys",
                "Keys callers may press",
                "Any other key counts as a wrong answer; empty allows all.",
                Control::Keys,
            ),
            Field::optional(
                "pattern",
                "Form of the answer",
                "A regular expression that the whole answer must fit, for example [1-9][0-9]{4}.",
                Control::Pattern,
            ),
            Field::optional(
                "sensitive",
                "Sensitive",
                "The keys are a secret, such as a PIN.",
                Control::Toggle { default: false },
            ),
        ],
        states: &[
            State::new(DIGITS, "Digits", "keys were pressed, and they fit"),
            NO_INPUT,
            State::new(INVALID, "Invalid", "too few or wrong keys were pressed"),
        ],
        variables: &[
            Variable::new(DIGITS, "the keys that were pressed"),
            Variable::new("input", "the same, by PHLO's name"),
            Variable::new("input_type", "`digits`; empty after silence"),
        ],
        is_voice: true,
        joins_prompts: true,
        waits: true,
        ..Spec::BASE
    };

    fn check(&self, problems: &mut Problems<'_>) {
        if self.min_digits > self.max_digits {
            let message = "The fewest keys are more than the most.";
            problems.error(
                "bounds_clash",
                "min_digits",
                message,
                "Lower the one or raise the other.",
            );
        }
        if !self.finish_on_key.is_empty() && self.valid_keys.contains(&self.finish_on_key) {
            let message = format!(
                "{} finishes the answer, so it can never be part of it.",
                self.finish_on_key
            );
            problems.warning(
                "finish_key_is_valid",
                "valid_keys",
                message,
                "Choose another key that finishes, or none.",
            );
        }
    }

    fn summary(&self) -> String {
        self.prompt
            .as_ref()
            .map_or_else(|| format!("Up to {} keys", self.max_digits), Prompt::summary)
    }

    fn enter(&self, ctx: &mut Ctx<'_>) -> Step {
        self.ask(ctx)
    }

    fn resume(&self, ctx: &mut Ctx<'_>, event: &Event) -> Step {
        let (digits, state) = match event {
            Event::Digits { digits, .. } if self.fits(digits) => (digits.as_str(), DIGITS),
            Event::Digits { digits, .. } => (digits.as_str(), INVALID),
            Event::NoInput { .. } => ("", NO_INPUT.name),
            _ => return Step::Wait,
        };
        if state != DIGITS && ctx.count("tries") <= i64::from(self.retries) {
            return self.ask(ctx);
        }
        keep(ctx, digits, self.sensitive);
        leave(state)
    }
}

/// Keeps an answer in keys.
pub(super) fn keep(ctx: &mut Ctx<'_>, digits: &str, is_sensitive: bool) {
    for name in [DIGITS, "input"] {
        if is_sensitive {
            ctx.set_sensitive(name, digits);
        } else {
            ctx.set(name, digits);
        }
    }
    ctx.set("input_type", if digits.is_empty() { "" } else { DIGITS });
}

impl GetDigits {
    fn fits(&self, digits: &str) -> bool {
        digits.chars().count() >= self.min_digits as usize
            && (self.valid_keys.is_empty()
                || digits.chars().all(|key| self.valid_keys.contains(key)))
            && self.pattern.as_ref().is_none_or(|pattern| pattern.fits(digits))
    }

    fn ask(&self, ctx: &mut Ctx<'_>) -> Step {
        let then = Then::GetDigits {
            max_digits: self.max_digits,
            timeout_s: self.timeout_s,
            finish_on_key: self.finish_on_key.chars().next(),
            sensitive: self.sensitive,
        };
        prompt::ask(ctx, self.prompt.as_ref(), then)
    }
}
