//! Says a text.
//!
//! ```flow
//! > incoming_call from +14155550100
//! -> completed
//! < speak "Thank you for calling."
//! < hang_up
//! > hung_up
//! = completed
//! ```
//!
//! A caller can be told something before the call is answered: it costs them nothing, and the call can still be refused.
//!
//! ```flow
//! config {"text": "We are closed today.", "before_answer": true}
//! next {"completed": "Refuse"}
//! nodes {"Refuse": {"kind": "hangup", "config": {"reason": "busy"}}}
//! > incoming_call from +14155550100
//! < before_answer speak "We are closed today."
//! < hang_up busy
//! ```
//!
//! Several of these follow each other.
//!
//! ```flow
//! config {"text": "Hello.", "before_answer": true}
//! next {"completed": "Again"}
//! nodes {"Again": {"kind": "speak", "config": {"text": "Hello again.", "before_answer": true}}}
//! > incoming_call from +14155550100
//! < before_answer speak "Hello."
//! < before_answer speak "Hello again."
//! < hang_up
//! ```

use super::prompt::quoted;
use crate::component::{Component, Control, Field, Group, Problems, Spec, State, Step};
use crate::{
    run::{Ctx, Prompt},
    template::Template,
};
use serde::Deserialize;

/// The configuration of `speak`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Speak {
    text: Template,
    voice: Option<Template>,
    language: Option<Template>,
    #[serde(rename = "loop", default = "once")]
    times: u32,
    #[serde(default)]
    before_answer: bool,
}

/// How often a prompt is heard where nothing is said of it.
pub(super) fn once() -> u32 {
    1
}

/// How often a prompt is heard; Plivo's default is once, 0 is until the call ends.
pub(super) const LOOP: Field = Field::optional(
    "loop",
    "How often",
    "How often it is heard; 0 repeats it until the call ends.",
    Control::Number { min: 0, max: 100, default: 1, unit: "times" },
);

/// Whether a caller hears it before the call is answered.
pub(super) const BEFORE_ANSWER: Field = Field::optional(
    "before_answer",
    "Before answering",
    "Somebody who rings us hears it before the call counts as answered, at no cost; at most half a minute. Once something else was said, it is said as usual.",
    Control::Toggle { default: false },
);

/// Lets it be heard, before the call is answered if that is wanted and can still be.
pub(super) fn hear(ctx: &mut Ctx<'_>, prompt: Prompt, before_answer: bool) {
    if before_answer && ctx.is_unanswered() {
        ctx.queue_before_answer(prompt);
    } else {
        ctx.queue(prompt);
    }
}

/// Reports a prompt that would be repeated for ever before the call is answered.
pub(super) fn check_before_answer(times: u32, before_answer: bool, problems: &mut Problems<'_>) {
    if times == 0 && before_answer {
        let message = "It is repeated until the call ends, so the call is never answered.";
        let remedy = "Let it be heard once, or after answering.";
        problems.error("loop_before_answer", "loop", message, remedy);
    }
}

/// When a prompt is over.
pub(super) const COMPLETED: State = State::new("completed", "Completed", "it was heard to its end");

impl Component for Speak {
    const SPEC: Spec = Spec {
        kind: "speak",
        label: "Speak",
        summary: "Says a text to the caller.",
        group: Group::Talk,
        aliases: &["say", "text_to_speech", "speak_text", "tts", "announce"],
        help: "Write as people speak: short sentences, numbers as words where it matters. Texts that follow each other are said without a pause.",
        example: r#"{ "text": "Thank you for calling." }"#,
        fields: &[
            Field::required(
                "text",
                "Text",
                "What is said; {{ }} fills in values.",
                Control::LongTemplate,
            ),
            Field::optional("voice", "Voice", "Who says it.", Control::Voice),
            Field::optional("language", "Language", "The language of the text.", Control::Language),
            LOOP,
            BEFORE_ANSWER,
        ],
        states: &[COMPLETED],
        is_voice: true,
        joins_prompts: true,
        ..Spec::BASE
    };

    fn check(&self, problems: &mut Problems<'_>) {
        check_before_answer(self.times, self.before_answer, problems);
    }

    fn summary(&self) -> String {
        quoted(self.text.source())
    }

    fn enter(&self, ctx: &mut Ctx<'_>) -> Step {
        let text = ctx.render(&self.text);
        let voice = ctx.render_some(self.voice.as_ref());
        let language = ctx.render_some(self.language.as_ref());
        if text.trim().is_empty() {
            ctx.warn("There is nothing to say: the text is empty once it is filled in.");
        } else {
            let prompt = Prompt::Speak { text, voice, language, times: self.times };
            hear(ctx, prompt, self.before_answer);
        }
        Step::LeaveAfterPrompts(COMPLETED.name.into())
    }
}
