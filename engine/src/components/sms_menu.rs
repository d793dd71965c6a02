//! Asks somebody by text and goes a way of its own for each answer; or waits for a text without asking.
//!
//! ```flow
//! > incoming_message from +14155550100 text "Hi"
//! < send_sms to "+14155550100" text "Can you come at 9 am tomorrow? Answer YES or NO."
//! > message_accepted "m-1"
//! = waiting
//! > reply "YES!"
//! -> Yes
//! ? It.input = Yes
//! ? It.reply = YES!
//! = completed
//! ```
//!
//! The number of a row is understood as well. What fits no row is asked again, as often as it is said, then leaves by `other`.
//!
//! ```flow
//! config {"to": "+14155550100", "text": "1 for yes, 2 for no.", "choices": [{"name": "Yes", "accepts": ["sure", "ok"]}, {"name": "No"}], "retries": 1, "retry_text": "Please answer YES or NO."}
//! > api_request {}
//! < send_sms to "+14155550100" text "1 for yes, 2 for no."
//! > message_accepted "m-1"
//! > reply "perhaps"
//! < send_sms to "+14155550100" text "Please answer YES or NO."
//! > message_accepted "m-2"
//! > reply "2."
//! -> No
//! = completed
//! ```
//!
//! ```flow
//! > incoming_message from +14155550100 text "Hi"
//! < send_sms to "+14155550100" text "Can you come at 9 am tomorrow? Answer YES or NO."
//! > message_accepted "m-1"
//! > reply "Who are you?"
//! -> other
//! ? It.reply = Who are you?
//! ? It.input =
//! = completed
//! ```
//!
//! ```flow
//! > incoming_message from +14155550100 text "Hi"
//! < send_sms to "+14155550100" text "Can you come at 9 am tomorrow? Answer YES or NO."
//! > message_accepted "m-1"
//! @ +59m
//! = waiting
//! @ +1m
//! -> no_reply
//! = completed
//! ```
//!
//! ```flow
//! config {"to": "{{ phone }}", "text": "Your name, please."}
//! > api_request {"phone": "+14155550100"}
//! < send_sms to "+14155550100" text "Your name, please."
//! > not_done "the number is blocked"
//! -> failed
//! ? It.error = the number is blocked
//! = completed
//! ```
//!
//! Without a text it only waits; without choices whatever comes leaves by `other`. A caller hears the hold audio meanwhile.
//!
//! ```flow
//! config {"timeout_s": 120}
//! > incoming_call from +14155550100
//! < hold
//! > reply "12 Elm Street"
//! -> other
//! ? It.reply = 12 Elm Street
//! < end_call
//! > hung_up
//! = completed
//! ```

use super::{
    prompt::quoted,
    sender::{self, Sender},
};
use crate::component::{
    Component, Control, Field, Group, Problems, Spec, State, Step, Variable, leave,
};
use crate::{
    effect::Channel,
    event::Event,
    limits,
    name::StateName,
    reply::plain,
    run::{Ctx, HUNG_UP, Then},
    template::Template,
    value::Value,
};
use serde::Deserialize;
use serde_json::{Map, Value as Json};

/// The configuration of `sms_menu`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SmsMenu {
    to: Option<Template>,
    from: Option<Template>,
    text: Option<Template>,
    #[serde(default)]
    choices: Vec<Choice>,
    #[serde(default = "timeout_s")]
    timeout_s: u64,
    #[serde(default)]
    retries: u32,
    retry_text: Option<Template>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Choice {
    name: String,
    #[serde(default)]
    accepts: Vec<Template>,
}

fn timeout_s() -> u64 {
    3_600
}

const OTHER: State =
    State::new("other", "Other answer", "the answer fits no row, or there are no rows");
const NO_REPLY: State = State::new("no_reply", "No reply", "nobody answered in time");
const FAILED: State = State::new("failed", "Failed", "the text could not be sent");

/// Whether the question is on its way to the phone company.
const SENDING: &str = "sending";

impl Component for SmsMenu {
    const SPEC: Spec = Spec {
        kind: "sms_menu",
        label: "SMS menu",
        summary: "Asks somebody by text, waits for the answer, and goes a way of its own for each.",
        group: Group::Message,
        aliases: &["wait_for_reply", "ask_by_sms", "sms_question", "send_and_wait_for_reply"],
        help: "Each row is a way out; an answer fits if it is the row's name, one of its other words, or its number, whatever the case and punctuation. \
               Without rows every answer leaves by Other answer, and {{ Name.reply }} holds it. Without a text nothing is sent and the next text is waited for. \
               STOP, START and HELP are answered before any workflow sees them.",
        example: r#"{ "text": "Can you come at 9 am tomorrow? Answer YES or NO.", "choices": [{ "name": "Yes", "accepts": ["y", "ok"] }, { "name": "No", "accepts": ["n"] }] }"#,
        fields: &[
            Field::optional(
                "to",
                "To",
                "Who is asked; empty for whoever called or wrote.",
                Control::Receiver,
            ),
            Field::optional(
                "from",
                "From",
                "The number that asks and that the answer comes to; empty for the one that was called or written to, else the server's own.",
                Control::Sender,
            ),
            Field::optional(
                "text",
                "Question",
                "What it says; empty to wait without asking.",
                Control::LongTemplate,
            ),
            Field::optional(
                "choices",
                "Answers",
                "Each a way out, with other words that mean the same.",
                Control::Replies,
            ),
            Field::optional(
                "timeout_s",
                "Wait for",
                "How long to wait for the answer; up to 30 days.",
                Control::Number { min: 1, max: 2_592_000, default: 3_600, unit: "seconds" },
            ),
            Field::optional(
                "retries",
                "Ask again",
                "How often to ask again after an answer that fits no row.",
                Control::Number { min: 0, max: 10, default: 0, unit: "times" },
            ),
            Field::optional(
                "retry_text",
                "Asking again",
                "What to say then; empty for the question again.",
                Control::LongTemplate,
            ),
        ],
        states: &[OTHER, NO_REPLY, FAILED],
        variables: &[
            Variable::new("reply", "the answer as it was written"),
            Variable::new("input", "the name of the row that it fits"),
            Variable::new("message_uuid", "Plivo's id of the answer"),
            Variable::new("media_urls", "addresses of pictures that came with it"),
            Variable::new("error", "why the text could not be sent"),
        ],
        waits: true,
        ..Spec::BASE
    };

    fn states(config: &Map<String, Json>) -> Vec<StateName> {
        let rows = config.get("choices").and_then(Json::as_array).into_iter().flatten();
        let mut states: Vec<StateName> = Vec::new();
        for name in rows
            .filter_map(|row| row.get("name").and_then(Json::as_str))
            .filter(|name| !name.trim().is_empty() && !is_taken(name))
        {
            if !states.contains(&name.into()) {
                states.push(name.into());
            }
        }
        states.extend(const { Self::SPEC.states }.iter().map(|state| StateName::from(state.name)));
        states
    }

    fn check(&self, problems: &mut Problems<'_>) {
        sender::check(self.from.as_ref(), problems);
        if Sender::of_template(self.from.as_ref()) == Some(Sender::Name) {
            problems.error(
                "bad_sender",
                "from",
                "Nobody can answer a text that comes from a name.",
                "Use a number, or leave it empty.",
            );
        }
        let mut words: Vec<String> = Vec::new();
        for (index, choice) in self.choices.iter().enumerate() {
            let field = format!("choices[{index}].name");
            if is_taken(&choice.name) {
                let message = format!("Another way out is called {} already.", choice.name);
                problems.error("name_taken", &field, message, "Give this one another name.");
                continue;
            }
            if self.choices[..index].iter().any(|other| other.name == choice.name) {
                let message = format!("There is another answer called {}.", choice.name);
                problems.error("name_twice", &field, message, "Give each answer its own name.");
                continue;
            }
            for word in choice.fixed_words() {
                if words.contains(&word) {
                    let message =
                        format!("The answer `{word}` fits an earlier row as well, which wins.");
                    problems.warning(
                        "answer_twice",
                        &field,
                        message,
                        "Remove it from one of the two.",
                    );
                }
                words.push(word);
            }
        }
        if self.retries > 0 && self.choices.is_empty() {
            problems.warning(
                "retries_of_nothing",
                "retries",
                "Without rows every answer is taken, so nothing is ever asked again.",
                "Add rows, or remove this.",
            );
        }
    }

    fn summary(&self) -> String {
        match self.text.as_ref().filter(|text| !text.is_empty()) {
            Some(text) => quoted(text.source()),
            None => "Waits for a text".to_owned(),
        }
    }

    fn enter(&self, ctx: &mut Ctx<'_>) -> Step {
        ctx.set("error", "");
        ctx.set("reply", "");
        ctx.set("input", "");
        if ctx.has_leg() {
            ctx.instruct(Then::Hold { audio: None });
        }
        self.ask(ctx, self.text.as_ref())
    }

    fn resume(&self, ctx: &mut Ctx<'_>, event: &Event) -> Step {
        match event {
            Event::MessageAccepted { .. } | Event::EffectUnknown { .. } => {
                // Where nobody knows whether the question went out, an answer may come all the same.
                ctx.remember(SENDING, false);
                ctx.wake_at(ctx.at().plus_s(self.timeout_s));
                Step::Wait
            }
            Event::EffectFailed { reason, .. } => fail(ctx, reason),
            Event::MessageReceived { message_uuid, text, media_urls, .. } => {
                ctx.set("reply", text.as_str());
                ctx.set("message_uuid", message_uuid.as_str());
                let media: Vec<Value> = media_urls.iter().map(|url| url.as_str().into()).collect();
                ctx.set("media_urls", media);
                self.take(ctx, text)
            }
            Event::Woke if ctx.remembered(SENDING) == Some(&Value::Bool(true)) => {
                fail(ctx, "nobody said in time whether the text was sent")
            }
            Event::Woke => leave(NO_REPLY.name),
            _ => Step::Wait,
        }
    }
}

fn is_taken(name: &str) -> bool {
    [OTHER.name, NO_REPLY.name, FAILED.name, HUNG_UP].contains(&name)
}

fn fail(ctx: &mut Ctx<'_>, reason: &str) -> Step {
    ctx.set("error", reason);
    leave(FAILED.name)
}

impl SmsMenu {
    fn take(&self, ctx: &mut Ctx<'_>, text: &str) -> Step {
        let answer = plain(text);
        let words: Vec<Vec<String>> = self.choices.iter().map(|choice| choice.words(ctx)).collect();
        let by_word = words.iter().position(|words| words.contains(&answer));
        let by_number = || answer.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        if let Some(choice) = by_word.or_else(by_number).and_then(|index| self.choices.get(index)) {
            ctx.set("input", choice.name.as_str());
            return leave(&choice.name);
        }
        if self.choices.is_empty() || ctx.count("misunderstandings") > i64::from(self.retries) {
            return leave(OTHER.name);
        }
        let again = self.retry_text.as_ref().filter(|text| !text.is_empty());
        self.ask(ctx, again.or(self.text.as_ref()))
    }

    /// Sends the question, if there is one, and waits for the answer.
    fn ask(&self, ctx: &mut Ctx<'_>, text: Option<&Template>) -> Step {
        let (theirs, from) = self.parties(ctx);
        let Some(theirs) = theirs else {
            ctx.warn(
                "It is not clear who is to be asked: nobody called or wrote, and To is empty.",
            );
            return fail(ctx, "there is nobody to ask");
        };
        let mut accepts: Vec<String> =
            self.choices.iter().flat_map(|choice| choice.words(ctx)).collect();
        accepts.extend((1..=self.choices.len()).map(|number| number.to_string()));
        // Answers to a Powerpack come to whichever of its numbers asked.
        let ours = from.clone().filter(|from| Sender::of(from) == Some(Sender::Number));
        ctx.await_reply(ours, theirs.clone(), accepts);
        let wait_s = match ctx.render_some(text) {
            Some(text) => {
                ctx.send_message(from, theirs, Channel::Sms, text, Vec::new());
                ctx.remember(SENDING, true);
                limits::MESSAGE_SILENCE_S_MAX
            }
            None => self.timeout_s,
        };
        ctx.wake_at(ctx.at().plus_s(wait_s));
        Step::Wait
    }

    /// Who is asked, and by which number.
    fn parties(&self, ctx: &mut Ctx<'_>) -> (Option<String>, Option<String>) {
        let (them, us) = ctx.began_between().unzip();
        (ctx.render_some(self.to.as_ref()).or(them), ctx.render_some(self.from.as_ref()).or(us))
    }
}

impl Choice {
    /// What fits it, but for its number.
    fn words(&self, ctx: &mut Ctx<'_>) -> Vec<String> {
        let more = self.accepts.iter().map(|word| plain(&ctx.render(word)));
        std::iter::once(plain(&self.name)).chain(more).filter(|word| !word.is_empty()).collect()
    }

    /// The same, as far as it does not depend on the run.
    fn fixed_words(&self) -> Vec<String> {
        let more = self.accepts.iter().map(Template::source).filter(|word| !word.contains("{{"));
        let mut words: Vec<String> =
            std::iter::once(self.name.as_str()).chain(more).map(plain).collect();
        words.sort();
        words.dedup();
        words
    }
}
