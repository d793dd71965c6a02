//! Asks for one of a few keys and goes a way of its own for each.
//!
//! ```flow
//! > incoming_call from +14155550100
//! < speak "For sales, press 1. For support, press 2."
//! < get_digits max 1 timeout 5s
//! > digits "2"
//! -> 2
//! < hang_up
//! > hung_up
//! = completed
//! ```
//!
//! ```flow
//! > incoming_call from +14155550100
//! < speak "For sales, press 1. For support, press 2."
//! < get_digits max 1 timeout 5s
//! > digits "7"
//! -> wrong_input
//! < hang_up
//! ```
//!
//! ```flow
//! > incoming_call from +14155550100
//! < speak "For sales, press 1. For support, press 2."
//! < get_digits max 1 timeout 5s
//! > no_input
//! -> no_input
//! < hang_up
//! ```

use super::{
    get_digits::{NO_INPUT, PROMPT, RETRIES, TIMEOUT, keep, timeout_s},
    prompt::{self, Prompt},
};
use crate::component::{
    Component, Control, Field, Group, Problems, Spec, State, Step, Variable, leave,
};
use crate::{
    event::Event,
    name::StateName,
    run::{Ctx, Then},
};
use serde::Deserialize;
use serde_json::{Map, Value as Json};

/// The configuration of `ivr_menu`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IvrMenu {
    prompt: Option<Prompt>,
    choices: Vec<Choice>,
    #[serde(default = "timeout_s")]
    timeout_s: u32,
    #[serde(default)]
    retries: u32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Choice {
    key: String,
    #[serde(default)]
    label: String,
}

const WRONG_INPUT: &str = "wrong_input";

impl Component for IvrMenu {
    const SPEC: Spec = Spec {
        kind: "ivr_menu",
        label: "IVR menu",
        summary: "Offers a few keys and goes a way of its own for each.",
        group: Group::Listen,
        aliases: &["phone_menu", "menu", "ivr", "phone_system", "voice_menu"],
        help: "Say the choice before the key: \"For sales, press 1\". More than five choices are hard to remember. Any other key leaves by Wrong input.",
        example: r#"{
            "prompt": { "speak": "For sales, press 1. For support, press 2." },
            "choices": [{ "key": "1", "label": "Sales" }, { "key": "2", "label": "Support" }]
        }"#,
        fields: &[
            PROMPT,
            Field::required(
                "choices",
                "Choices",
                "The keys, and what each stands for.",
                Control::Choices,
            ),
            TIMEOUT,
            RETRIES,
        ],
        states: &[
            NO_INPUT,
            State::new(WRONG_INPUT, "Wrong input", "a key was pressed that is no choice"),
        ],
        variables: &[
            Variable::new("digits", "the key that was pressed"),
            Variable::new("input", "the same, by PHLO's name"),
            Variable::new("input_type", "`digits`; empty after silence"),
        ],
        is_voice: true,
        joins_prompts: true,
        waits: true,
        ..Spec::BASE
    };

    fn states(config: &Map<String, Json>) -> Vec<StateName> {
        let rows = config.get("choices").and_then(Json::as_array).into_iter().flatten();
        let mut states: Vec<StateName> = Vec::new();
        for key in rows
            .filter_map(|row| row.get("key").and_then(Json::as_str))
            .filter(|key| !key.is_empty())
        {
            if !states.contains(&key.into()) {
                states.push(key.into());
            }
        }
        states.extend(const { Self::SPEC.states }.iter().map(|state| StateName::from(state.name)));
        states
    }

    fn state_label(config: &Map<String, Json>, state: &str) -> Option<String> {
        let rows = config.get("choices")?.as_array()?;
        let row = rows.iter().find(|row| row.get("key").and_then(Json::as_str) == Some(state))?;
        match row.get("label").and_then(Json::as_str).filter(|label| !label.trim().is_empty()) {
            Some(label) => Some(format!("{state}: {label}")),
            None => Some(format!("Key {state}")),
        }
    }

    fn check(&self, problems: &mut Problems<'_>) {
        for (index, choice) in self.choices.iter().enumerate() {
            if self.choices[..index].iter().any(|other| other.key == choice.key) {
                let message = format!("The key {} is offered twice.", choice.key);
                problems.error(
                    "choice_twice",
                    &format!("choices[{index}].key"),
                    message,
                    "Give one of the two another key.",
                );
            }
        }
    }

    fn summary(&self) -> String {
        match &self.prompt {
            Some(prompt) => prompt.summary(),
            None => self
                .choices
                .iter()
                .map(|choice| format!("{} {}", choice.key, choice.label))
                .collect::<Vec<_>>()
                .join(", "),
        }
    }

    fn enter(&self, ctx: &mut Ctx<'_>) -> Step {
        self.ask(ctx)
    }

    fn resume(&self, ctx: &mut Ctx<'_>, event: &Event) -> Step {
        match event {
            Event::Digits { digits, .. } => {
                keep(ctx, digits, false);
                let is_choice = self.choices.iter().any(|choice| choice.key == *digits);
                leave(if is_choice { digits } else { WRONG_INPUT })
            }
            Event::NoInput { .. } if ctx.count("silences") <= i64::from(self.retries) => {
                self.ask(ctx)
            }
            Event::NoInput { .. } => {
                keep(ctx, "", false);
                leave(NO_INPUT.name)
            }
            _ => Step::Wait,
        }
    }
}

impl IvrMenu {
    fn ask(&self, ctx: &mut Ctx<'_>) -> Step {
        let then = Then::GetDigits {
            max_digits: 1,
            timeout_s: self.timeout_s,
            finish_on_key: None,
            sensitive: false,
        };
        prompt::ask(ctx, self.prompt.as_ref(), then)
    }
}
