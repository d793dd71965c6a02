//! Listens to what callers say, and takes keys as well.
//!
//! ```flow
//! > incoming_call from +14155550100
//! < speak "Which department would you like to speak to?"
//! < get_speech or digits timeout 15s
//! > said "sales please" 0.93
//! -> speech
//! ? It.speech = sales please
//! ? It.confidence = 0.93
//! ? It.input_type = speech
//! < hang_up
//! > hung_up
//! = completed
//! ```
//!
//! Whichever comes first counts: here the caller presses a key.
//!
//! ```flow
//! > incoming_call from +14155550100
//! < speak "Which department would you like to speak to?"
//! < get_speech or digits timeout 15s
//! > digits "2"
//! -> digits
//! ? It.input = 2
//! ? It.speech =
//! < hang_up
//! ```
//!
//! Silence is asked again as often as `retries` says.
//!
//! ```flow
//! config {"prompt": {"speak": "Your name?"}, "listen_for": "speech", "timeout_s": 8, "retries": 1}
//! > incoming_call from +14155550100
//! < speak "Your name?"
//! < get_speech timeout 8s
//! > no_input
//! < speak "Your name?"
//! < get_speech timeout 8s
//! > said ""
//! -> no_input
//! < hang_up
//! ```

use super::{
    get_digits::{PROMPT, RETRIES, finish_on_key},
    prompt::{self, Prompt},
};
use crate::component::{
    Component, Control, Field, Group, Problems, Spec, State, Step, Variable, leave,
};
use crate::{
    event::Event,
    limits,
    name::StateName,
    run::{self, Ctx, Then},
    template::Template,
    value::Value,
};
use serde::Deserialize;
use serde_json::{Map, Value as Json};

/// The configuration of `get_speech`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GetSpeech {
    prompt: Option<Prompt>,
    #[serde(default)]
    listen_for: ListenFor,
    language: Option<Template>,
    #[serde(default)]
    hints: Vec<Template>,
    #[serde(default = "timeout_s")]
    timeout_s: u32,
    #[serde(default)]
    pause_s: u32,
    #[serde(default = "max_digits")]
    max_digits: u32,
    #[serde(default = "finish_on_key")]
    finish_on_key: String,
    #[serde(default)]
    model: Model,
    #[serde(default)]
    filter_profanity: bool,
    #[serde(default)]
    retries: u32,
    #[serde(default)]
    sensitive: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ListenFor {
    #[default]
    Both,
    Speech,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Model {
    #[default]
    Default,
    CommandAndSearch,
    PhoneCall,
    Telephony,
}

fn timeout_s() -> u32 {
    15
}

fn max_digits() -> u32 {
    32
}

const DIGITS: &str = "digits";

impl Component for GetSpeech {
    const SPEC: Spec = Spec {
        kind: "get_speech",
        label: "Get speech",
        summary: "Listens to what the caller says.",
        group: Group::Listen,
        aliases: &[
            "speech_input",
            "speech_recognition",
            "recognize_speech",
            "get_voice_input",
            "gather_speech",
            "listen",
        ],
        help: "What was understood is text; compare it with contains, since people say whole sentences. List rare words and names as hints. \
               Keys work as well, unless only speech is wanted. Give silence a way out, or the call ends there.",
        example: r#"{ "prompt": { "speak": "Which department would you like to speak to?" }, "hints": ["sales", "support"] }"#,
        fields: &[
            PROMPT,
            Field::optional(
                "listen_for",
                "Listen for",
                "Whether keys are taken as well; what comes first counts.",
                Control::Choice(&[("both", "Speech or keys"), ("speech", "Speech only")]),
            ),
            Field::optional(
                "language",
                "Language spoken",
                "The language that callers answer in; American English if left out.",
                Control::Language,
            ),
            Field::optional(
                "hints",
                "Words to expect",
                "Names and rare words that callers may say, to understand them better.",
                Control::Texts,
            ),
            Field::optional(
                "timeout_s",
                "Wait for an answer",
                "How long to wait for a first word or key, once everything is said.",
                Control::Number { min: 5, max: 60, default: 15, unit: "seconds" },
            ),
            Field::optional(
                "pause_s",
                "Pause that ends the answer",
                "2 to 10 seconds of silence; 0 leaves it to the phone company.",
                Control::Number { min: 0, max: 10, default: 0, unit: "seconds" },
            ),
            Field::optional(
                "max_digits",
                "Most keys",
                "An answer in keys is complete when that many were pressed.",
                Control::Number { min: 1, max: 32, default: 32, unit: "keys" },
            ),
            Field::optional(
                "finish_on_key",
                "Key that finishes",
                "This key ends an answer in keys early; empty for none. Without it in the file, it is #.",
                Control::Key,
            ),
            Field::optional(
                "model",
                "Kind of speech",
                "What the recognition is tuned to.",
                Control::Choice(&[
                    ("default", "Anything"),
                    ("command_and_search", "Short answers and commands"),
                    ("phone_call", "Talking on the phone"),
                    ("telephony", "Talking on the phone, newer"),
                ]),
            ),
            Field::optional(
                "filter_profanity",
                "Leave out rude words",
                "Whether rude words become asterisks.",
                Control::Toggle { default: false },
            ),
            RETRIES,
            Field::optional(
                "sensitive",
                "Sensitive",
                "The answer is a secret, such as a password.",
                Control::Toggle { default: false },
            ),
        ],
        states: &[
            State::new("speech", "Speech", "something was said and understood"),
            State::new(DIGITS, "Digits", "keys were pressed instead"),
            State::new("no_input", "No input", "nothing was said in time, or not understood"),
        ],
        variables: &[
            Variable::new("speech", "what was said"),
            Variable::new("confidence", "how sure the recognition is, from 0 to 1"),
            Variable::new(DIGITS, "the keys that were pressed"),
            Variable::new("input", "the answer, said or pressed"),
            Variable::new("input_type", "`speech` or `digits`; empty after silence"),
        ],
        is_voice: true,
        joins_prompts: true,
        waits: true,
        ..Spec::BASE
    };

    fn states(config: &Map<String, Json>) -> Vec<StateName> {
        let speech_only = config.get("listen_for").and_then(Json::as_str) == Some("speech");
        let names = const { Self::SPEC.states }.iter().map(|state| state.name);
        names.filter(|name| !(speech_only && *name == DIGITS)).map(StateName::from).collect()
    }

    fn check(&self, problems: &mut Problems<'_>) {
        if self.pause_s == 1 {
            let message = "A pause of one second cannot be told from a breath.";
            let remedy = "Take 2 to 10 seconds, or 0 to leave it to the phone company.";
            problems.error("pause_too_short", "pause_s", message, remedy);
        }
        let characters: usize = self.hints.iter().map(|hint| hint.source().chars().count()).sum();
        if self.hints.len() > limits::HINTS_MAX || characters > limits::HINT_CHARACTERS_MAX {
            let message = "These are more words than the phone company takes.";
            let remedy = format!(
                "Keep at most {} of together {} characters; the rest is left out.",
                limits::HINTS_MAX,
                limits::HINT_CHARACTERS_MAX
            );
            problems.warning("too_many_hints", "hints", message, remedy);
        }
    }

    fn summary(&self) -> String {
        self.prompt.as_ref().map_or_else(|| "Listens".to_owned(), Prompt::summary)
    }

    fn enter(&self, ctx: &mut Ctx<'_>) -> Step {
        self.ask(ctx)
    }

    fn resume(&self, ctx: &mut Ctx<'_>, event: &Event) -> Step {
        match event {
            Event::Speech { text, confidence, .. } if !text.trim().is_empty() => {
                let confidence = confidence.map_or(Value::Null, Value::Float);
                self.answer(ctx, text.trim(), "", confidence);
                leave("speech")
            }
            Event::Digits { digits, .. } if !digits.is_empty() => {
                self.answer(ctx, "", digits, Value::Null);
                leave(DIGITS)
            }
            Event::NoInput { .. } | Event::Speech { .. } | Event::Digits { .. } => {
                if ctx.count("silences") <= i64::from(self.retries) {
                    return self.ask(ctx);
                }
                self.answer(ctx, "", "", Value::Null);
                leave("no_input")
            }
            _ => Step::Wait,
        }
    }
}

impl GetSpeech {
    fn ask(&self, ctx: &mut Ctx<'_>) -> Step {
        let then = Then::GetSpeech(Box::new(run::GetSpeech {
            takes_digits: self.listen_for == ListenFor::Both,
            max_digits: self.max_digits,
            finish_on_key: self.finish_on_key.chars().next(),
            timeout_s: self.timeout_s,
            pause_s: (self.pause_s > 0).then_some(self.pause_s),
            language: ctx.render_some(self.language.as_ref()),
            hints: self.hints(ctx),
            model: match self.model {
                Model::Default => None,
                Model::CommandAndSearch => Some("command_and_search".to_owned()),
                Model::PhoneCall => Some("phone_call".to_owned()),
                Model::Telephony => Some("telephony".to_owned()),
            },
            filters_profanity: self.filter_profanity,
            sensitive: self.sensitive,
        }));
        prompt::ask(ctx, self.prompt.as_ref(), then)
    }

    /// The words to expect, each once, as many as the carrier takes. One row may hold several, with commas.
    fn hints(&self, ctx: &mut Ctx<'_>) -> Vec<String> {
        let mut hints: Vec<String> = Vec::new();
        let mut characters = 0;
        for row in &self.hints {
            let row = ctx.render(row);
            for hint in row.split([',', '\n']).map(str::trim).filter(|hint| !hint.is_empty()) {
                if hints.iter().any(|other| other == hint) {
                    continue;
                }
                // The comma that parts them counts.
                characters += hint.chars().count() + 1;
                if hints.len() == limits::HINTS_MAX || characters > limits::HINT_CHARACTERS_MAX {
                    ctx.warn(
                        "More words to expect than the phone company takes; the rest is left out.",
                    );
                    return hints;
                }
                hints.push(hint.to_owned());
            }
        }
        hints
    }

    fn answer(&self, ctx: &mut Ctx<'_>, speech: &str, digits: &str, confidence: Value) {
        let (input, input_type) = match (speech, digits) {
            ("", "") => ("", ""),
            ("", digits) => (digits, DIGITS),
            (speech, _) => (speech, "speech"),
        };
        for (name, value) in [("speech", speech), (DIGITS, digits), ("input", input)] {
            if self.sensitive {
                ctx.set_sensitive(name, value);
            } else {
                ctx.set(name, value);
            }
        }
        ctx.set("input_type", input_type);
        ctx.set("confidence", confidence);
    }
}
