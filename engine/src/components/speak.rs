//! Says a text.
//!
//! ```flow
//! > incoming_call from +14155550100
//! < speak "Thank you for calling."
//! < hang_up
//! > hung_up
//! = completed
//! ```

use super::prompt::quoted;
use crate::component::{Component, Control, Field, Group, Spec, State, Step};
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
}

/// How often a prompt is heard where nothing is said of it.
pub(super) fn once() -> u32 {
    1
}

/// How often a prompt is heard; Plivo's default is once, 0 is until the call ends.
pub(super) const LOOP: Field = Field {
    key: "loop",
    label: "How often",
    help: "How often it is heard; 0 repeats it until the call ends.",
    control: Control::Number { min: 0, max: 100, default: 1, unit: "times" },
    is_required: false,
};

/// When a prompt is over.
pub(super) const COMPLETED: State =
    State { name: "completed", label: "Completed", help: "it was heard to its end" };

impl Component for Speak {
    const SPEC: Spec = Spec {
        kind: "speak",
        label: "Speak",
        summary: "Says a text to the caller.",
        group: Group::Talk,
        aliases: &["say", "text_to_speech"],
        help: "Write as people speak: short sentences, numbers as words where it matters. Texts that follow each other are said without a pause.",
        example: r#"{ "text": "Thank you for calling." }"#,
        fields: &[
            Field {
                key: "text",
                label: "Text",
                help: "What is said; {{ }} fills in values.",
                control: Control::LongTemplate,
                is_required: true,
            },
            Field {
                key: "voice",
                label: "Voice",
                help: "Who says it.",
                control: Control::Voice,
                is_required: false,
            },
            Field {
                key: "language",
                label: "Language",
                help: "The language of the text.",
                control: Control::Language,
                is_required: false,
            },
            LOOP,
        ],
        states: &[COMPLETED],
        variables: &[],
        is_voice: true,
        joins_prompts: true,
        gives_call_by: &[],
        waits: false,
    };

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
            ctx.queue(Prompt::Speak { text, voice, language, times: self.times });
        }
        Step::LeaveAfterPrompts(COMPLETED.name.into())
    }
}
