//! What is said before an answer is awaited: a text or a file. Shared by every component that asks.

use crate::{
    component::Step,
    limits,
    run::{self, Ctx, Then},
    template::Template,
};
use serde::Deserialize;

/// `{ "speak": … }` or `{ "play": … }`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Prompt {
    speak: Option<Template>,
    play: Option<Template>,
    voice: Option<Template>,
    language: Option<Template>,
}

/// Says the prompt, if there is one, and waits for what follows it.
pub(super) fn ask(ctx: &mut Ctx<'_>, prompt: Option<&Prompt>, then: Then) -> Step {
    queue(ctx, prompt);
    ctx.instruct(then);
    Step::Wait
}

/// Queues the prompt, if there is one.
pub(super) fn queue(ctx: &mut Ctx<'_>, prompt: Option<&Prompt>) {
    for words in render(ctx, prompt) {
        ctx.queue(words);
    }
}

/// What is to be heard of the prompt, if there is one.
pub(super) fn render(ctx: &mut Ctx<'_>, prompt: Option<&Prompt>) -> Vec<run::Prompt> {
    prompt.map(|prompt| prompt.render(ctx)).unwrap_or_default()
}

/// What an answering machine is to record: the prompt, once its greeting is over; nothing if there is no prompt.
pub(super) fn for_machine(ctx: &mut Ctx<'_>, prompt: Option<&Prompt>) -> Vec<run::Prompt> {
    let mut words = render(ctx, prompt);
    if !words.is_empty() {
        words.insert(0, run::Prompt::Quiet { at_most_s: limits::GREETING_S_MAX });
    }
    words
}

impl Prompt {
    fn render(&self, ctx: &mut Ctx<'_>) -> Vec<run::Prompt> {
        let mut words = Vec::new();
        if let Some(text) = ctx.render_some(self.speak.as_ref()) {
            let voice = ctx.render_some(self.voice.as_ref());
            let language = ctx.render_some(self.language.as_ref());
            words.push(run::Prompt::Speak { text, voice, language, times: 1 });
        }
        if let Some(url) = ctx.render_some(self.play.as_ref()) {
            words.push(run::Prompt::Play { url, times: 1 });
        }
        words
    }

    /// How a card shows it.
    pub(super) fn summary(&self) -> String {
        match (&self.speak, &self.play) {
            (Some(text), _) => quoted(text.source()),
            (None, Some(url)) => url.source().to_owned(),
            (None, None) => String::new(),
        }
    }
}

/// A text in quotation marks, on one line.
pub(super) fn quoted(text: &str) -> String {
    format!("“{}”", text.split_whitespace().collect::<Vec<_>>().join(" "))
}
