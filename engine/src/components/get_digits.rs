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
//! Silence is asked again as often as `retries` says, then left by `no_input`; too few or wrong keys leave by `invalid`.
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
//! config {"prompt": {"speak": "Code?"}, "min_digits": 4, "max_digits": 4}
//! > incoming_call from +14155550100
//! < speak "Code?"
//! < get_digits max 4 timeout 5s
//! > digits "12"
//! -> invalid
//! < hang_up
//! ```

use super::prompt::{self, Prompt};
use crate::component::{
    Component, Control, Field, Group, Problems, Spec, State, Step, Variable, leave,
};
use crate::{
    event::Event,
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
pub(super) const PROMPT: Field = Field {
    key: "prompt",
    label: "Say first",
    help: "What callers hear; a key press cuts it short.",
    control: Control::Prompt,
    is_required: false,
};

/// How long to wait for a key.
pub(super) const TIMEOUT: Field = Field {
    key: "timeout_s",
    label: "Wait for a key",
    help: "How long to wait for the first key, and then for each further one.",
    control: Control::Number { min: 1, max: 60, default: 5, unit: "seconds" },
    is_required: false,
};

/// How often silence is asked again.
pub(super) const RETRIES: Field = Field {
    key: "retries",
    label: "Ask again after silence",
    help: "How many more times to ask when no key is pressed.",
    control: Control::Number { min: 0, max: 10, default: 0, unit: "times" },
    is_required: false,
};

/// When nobody pressed anything.
pub(super) const NO_INPUT: State =
    State { name: "no_input", label: "No input", help: "no key was pressed in time" };

impl Component for GetDigits {
    const SPEC: Spec = Spec {
        kind: "get_digits",
        label: "Get digits",
        summary: "Asks the caller for keys and waits for them.",
        group: Group::Listen,
        aliases: &["get_input"],
        help: "Callers may press keys while the text is still being said. Give silence and wrong keys a way out, or the call ends there. \
               Mark codes and PINs as sensitive: the phone company then does not log them.",
        example: r#"{ "prompt": { "speak": "Please enter your four-digit code." }, "max_digits": 4 }"#,
        fields: &[
            PROMPT,
            Field {
                key: "max_digits",
                label: "Most keys",
                help: "The answer is complete when that many keys were pressed.",
                control: Control::Number { min: 1, max: 99, default: 99, unit: "keys" },
                is_required: false,
            },
            Field {
                key: "min_digits",
                label: "Fewest keys",
                help: "Fewer than that count as a wrong answer.",
                control: Control::Number { min: 1, max: 99, default: 1, unit: "keys" },
                is_required: false,
            },
            TIMEOUT,
            Field {
                key: "finish_on_key",
                label: "Key that finishes",
                help: "This key ends the answer early; empty for none. Without it in the file, it is #.",
                control: Control::Key,
                is_required: false,
            },
            RETRIES,
            Field {
                key: "valid_keys",
                label: "Keys callers may press",
                help: "Any other key counts as a wrong answer; empty allows all.",
                control: Control::Keys,
                is_required: false,
            },
            Field {
                key: "sensitive",
                label: "Sensitive",
                help: "The keys are a secret, such as a PIN.",
                control: Control::Toggle { default: false },
                is_required: false,
            },
        ],
        states: &[
            State { name: "digits", label: "Digits", help: "keys were pressed" },
            NO_INPUT,
            State { name: "invalid", label: "Invalid", help: "too few or wrong keys were pressed" },
        ],
        variables: &[Variable { name: "digits", help: "the keys that were pressed" }],
        is_voice: true,
        joins_prompts: true,
        gives_call_by: &[],
        waits: true,
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
        match event {
            Event::Digits { digits, .. } => {
                ctx.set("digits", digits.as_str());
                let is_long_enough = digits.chars().count() >= self.min_digits as usize;
                let is_allowed = self.valid_keys.is_empty()
                    || digits.chars().all(|key| self.valid_keys.contains(key));
                leave(if is_long_enough && is_allowed { "digits" } else { "invalid" })
            }
            Event::NoInput { .. } if ctx.count("silences") <= i64::from(self.retries) => {
                self.ask(ctx)
            }
            Event::NoInput { .. } => {
                ctx.set("digits", "");
                leave(NO_INPUT.name)
            }
            _ => Step::Wait,
        }
    }
}

impl GetDigits {
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
