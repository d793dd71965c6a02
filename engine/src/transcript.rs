//! Transcripts: `.flow` files that play a workflow and say what it must do. They are the tests of components, examples and users' own workflows.
//!
//! A line begins with a mark:
//!
//! | mark | what |
//! |---|---|
//! | `#` | a remark |
//! | `play FILE` | which workflow; the caller of [`play`] reads it |
//! | `config JSON` | in a component's own transcript: the node's configuration instead of its example |
//! | `>` | something happens: `incoming_call from N`, `incoming_message from N text "…"`, `api_request {…}`, `digits "…"`, `no_input`, `prompts_done`, `left_conference`, `answered [machine]`, `busy`, `no_answer`, `failed`, `hung_up`, `message_accepted "…"`, `message_status WORD`, `http_answered STATUS BODY`, `not_done [EFFECT] "reason"`, `not_known "reason"`, `cancelled "who"` |
//! | `@ +5s` | time passes (`ms`, `s`, `m`, `h`) |
//! | `<` | what the run does: everything since the last `>` or `@`, in order |
//! | `-> STATE` | the state by which a node was left, among those since the last `>` or `@` |
//! | `? PATH = TEXT` | what a variable holds now |
//! | `= STATUS` | where the run is now |
//!
//! Events of a call mean the leg that was rung or told something last; `(leg 2)` names another. Answers of effects mean the oldest unanswered one of their kind.

use crate::{
    effect::{Effect, EffectId},
    event::{Event, Input, Trigger},
    name::StateName,
    run::{EndCause, Instruction, LegId, Note, Output, Prompt, Run, RunId, Then},
    template::Template,
    time::Time,
    value::Value,
    workflow::{Document, NodeDocument, Workflow},
};
use std::{collections::BTreeMap, fmt::Write};

/// When every transcript begins: 2026-01-05, a Monday, 09:00 UTC.
pub const BEGINS_AT: Time = Time(1_767_603_600_000);

/// Why a transcript does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct Failure {
    /// Which line of the transcript, from 1.
    pub line: usize,
    /// What was expected and what happened.
    pub message: String,
}

/// Plays a transcript whose workflow is named by its `play` line.
///
/// # Errors
/// The first line that does not hold.
pub fn play(
    text: &str,
    read_workflow: &mut dyn FnMut(&str) -> Result<Workflow, String>,
) -> Result<(), Failure> {
    let mut player = Player::default();
    for (index, line) in text.lines().enumerate() {
        player
            .line(line.trim(), read_workflow)
            .map_err(|message| Failure { line: index + 1, message })?;
    }
    player.nothing_is_left().map_err(|message| Failure { line: text.lines().count(), message })
}

/// Plays a component's own transcript: a start, and one node `It` of the component with its example's configuration.
///
/// # Errors
/// The first line that does not hold.
pub fn play_component(kind: &str, text: &str) -> Result<(), Failure> {
    let spec = crate::components::spec(kind)
        .ok_or_else(|| Failure { line: 0, message: format!("there is no component `{kind}`") })?;
    let config =
        text.lines().find_map(|line| line.trim().strip_prefix("config ")).unwrap_or(spec.example);
    let workflow = sole(kind, config).map_err(|message| Failure { line: 0, message })?;
    let mut workflow = Some(workflow);
    let text = format!("play it\n{text}");
    play(&text, &mut |_| {
        workflow.take().ok_or_else(|| "a transcript plays one workflow".to_owned())
    })
    .map_err(|failure| Failure { line: failure.line.saturating_sub(1), ..failure })
}

fn sole(kind: &str, config: &str) -> Result<Workflow, String> {
    let config = serde_json::from_str(config).map_err(|error| error.to_string())?;
    let mut document = Document::empty("it", "It");
    if let Some(start) = document.nodes.get_mut("Start") {
        if kind == "start" {
            start.config = config;
        } else {
            start.next = ["incoming_call", "incoming_message", "api_request"]
                .into_iter()
                .map(|state| (StateName::from(state), "It".into()))
                .collect();
            document.nodes.insert(
                "It".into(),
                NodeDocument { kind: kind.to_owned(), config, ..NodeDocument::default() },
            );
        }
    }
    Workflow::new(document)
        .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
}

#[derive(Default)]
struct Player {
    workflow: Option<Workflow>,
    run: Option<Run>,
    now_ms: i64,
    /// What the run did since the last event and is not accounted for yet.
    done: std::collections::VecDeque<String>,
    left: Vec<StateName>,
    last_leg: Option<LegId>,
    unanswered: Vec<(EffectId, &'static str)>,
    accepted: Vec<EffectId>,
}

impl Player {
    fn line(
        &mut self,
        line: &str,
        read_workflow: &mut dyn FnMut(&str) -> Result<Workflow, String>,
    ) -> Result<(), String> {
        let (mark, rest) =
            line.split_once(' ').map_or((line, ""), |(mark, rest)| (mark, rest.trim()));
        match mark {
            "" | "#" | "config" => Ok(()),
            _ if line.starts_with('#') => Ok(()),
            "play" => {
                self.workflow = Some(read_workflow(rest)?);
                Ok(())
            }
            ">" => {
                self.nothing_is_left()?;
                let event = self.event(rest)?;
                self.tell(event)
            }
            "@" => {
                self.nothing_is_left()?;
                self.now_ms += duration_ms(rest.trim_start_matches('+'))?;
                self.tell(Event::Woke)
            }
            "<" => match self.done.pop_front() {
                Some(done) if done == rest => Ok(()),
                Some(done) => Err(format!("expected `< {rest}`, but the run did `< {done}`")),
                None => Err(format!("expected `< {rest}`, but the run did nothing more")),
            },
            "->" => {
                let names: Vec<&str> = self.left.iter().map(StateName::as_str).collect();
                if names.contains(&rest) {
                    Ok(())
                } else {
                    Err(format!("expected to leave by `{rest}`, but left by: {}", names.join(", ")))
                }
            }
            "?" => self.variable(rest),
            "=" => self.status(rest),
            _ => Err(format!(
                "a line begins with play, config, #, >, @, <, ->, ? or =, not `{mark}`"
            )),
        }
    }

    fn nothing_is_left(&self) -> Result<(), String> {
        match self.done.front() {
            Some(done) => {
                Err(format!("the run also did `< {done}`, which the transcript does not expect"))
            }
            None => Ok(()),
        }
    }

    fn tell(&mut self, event: Event) -> Result<(), String> {
        let workflow = self.workflow.as_ref().ok_or("begin with `play FILE`")?;
        let input = Input { at: BEGINS_AT.plus_ms(self.now_ms), event };
        let output = match &mut self.run {
            Some(run) => run.handle(workflow, input),
            None => {
                if !matches!(input.event, Event::Started(_)) {
                    return Err(
                        "begin with incoming_call, incoming_message or api_request".to_owned()
                    );
                }
                let (run, output) = Run::start(workflow, RunId("transcript".to_owned()), input);
                self.run = Some(run);
                output
            }
        };
        self.left.clear();
        self.note(&output);
        Ok(())
    }

    fn note(&mut self, output: &Output) {
        for note in &output.notes {
            match note {
                Note::Left { state, .. } => self.left.push(state.clone()),
                Note::Instructed { leg, instruction, .. } => {
                    self.last_leg = Some(*leg);
                    self.done.extend(
                        instruction_lines(instruction)
                            .into_iter()
                            .map(|line| format!("{line}{}", of_leg(*leg))),
                    );
                }
                Note::Asked { effect } => {
                    let Some((id, effect)) = output.effects.iter().find(|(id, _)| id == effect)
                    else {
                        continue;
                    };
                    if let Effect::PlaceCall(call) = effect {
                        self.last_leg = Some(call.leg);
                    }
                    self.unanswered.extend(answer_kind(effect).map(|kind| (*id, kind)));
                    self.done.push_back(effect_line(effect));
                }
                _ => {}
            }
        }
    }

    fn event(&mut self, text: &str) -> Result<Event, String> {
        let (text, leg) = match text
            .rsplit_once(" (leg ")
            .and_then(|(text, leg)| Some((text, leg.strip_suffix(')')?)))
        {
            Some((text, leg)) => {
                (text, Some(LegId(leg.parse().map_err(|_| format!("`{leg}` is no leg"))?)))
            }
            None => (text, None),
        };
        let (word, rest) =
            text.split_once(' ').map_or((text, ""), |(word, rest)| (word, rest.trim()));
        if self.run.is_none() {
            return self.trigger(word, rest).map(Event::Started);
        }
        let leg = leg.or(self.last_leg).unwrap_or(LegId::FIRST);
        let turn = self.run.as_ref().and_then(|run| run.leg(leg)).map_or(0, |leg| leg.turn);
        let ended = |cause| Ok(Event::CallEnded { leg, cause, duration_s: 0 });
        match word {
            "digits" => Ok(Event::Digits { leg, turn, digits: unquoted(rest) }),
            "no_input" => Ok(Event::NoInput { leg, turn }),
            "prompts_done" => Ok(Event::PromptsDone { leg, turn }),
            "left_conference" => Ok(Event::ConferenceLeft { leg, turn }),
            "answered" => Ok(Event::CallAnswered {
                leg,
                call_uuid: format!("call-{leg}"),
                machine: Some(rest == "machine"),
            }),
            "busy" => ended(EndCause::Busy),
            "no_answer" => ended(EndCause::NoAnswer),
            "failed" => ended(EndCause::Failed),
            "hung_up" => ended(EndCause::Completed),
            "lost" => ended(EndCause::Lost),
            "message_accepted" => {
                let effect = self.answered("message", None)?;
                self.accepted.push(effect);
                Ok(Event::MessageAccepted { effect, message_uuid: unquoted(rest) })
            }
            "message_status" => {
                let effect = if self.accepted.is_empty() {
                    return Err("no message was accepted".to_owned());
                } else {
                    self.accepted.remove(0)
                };
                let error_code = matches!(rest, "undelivered" | "failed").then(|| "30".to_owned());
                Ok(Event::MessageStatus { effect, status: rest.to_owned(), error_code })
            }
            "http_answered" => {
                let (status, body) = rest.split_once(' ').unwrap_or((rest, ""));
                let status = status.parse().map_err(|_| format!("`{status}` is no HTTP status"))?;
                let content_type =
                    if body.starts_with(['{', '[']) { "application/json" } else { "text/plain" };
                Ok(Event::HttpAnswered {
                    effect: self.answered("http", None)?,
                    status,
                    content_type: content_type.to_owned(),
                    body: body.to_owned(),
                })
            }
            "not_done" => {
                let named = rest
                    .split_once(' ')
                    .and_then(|(number, reason)| Some((number.parse().ok()?, reason)));
                let (id, reason) =
                    named.map_or((None, rest), |(id, reason)| (Some(EffectId(id)), reason));
                Ok(Event::EffectFailed { effect: self.answered("", id)?, reason: unquoted(reason) })
            }
            "not_known" => Ok(Event::EffectUnknown {
                effect: self.answered("", None)?,
                reason: unquoted(rest),
            }),
            "cancelled" => Ok(Event::Cancelled { by: unquoted(rest) }),
            _ => Err(format!("nothing is called `{word}`")),
        }
    }

    fn trigger(&self, word: &str, rest: &str) -> Result<Trigger, String> {
        let field = |name: &str| {
            words(rest).windows(2).find(|pair| pair[0] == name).map(|pair| pair[1].clone())
        };
        let to = field("to").unwrap_or_else(|| "+15550100000".to_owned());
        let from = || field("from").ok_or("say who: from +14155550100");
        match word {
            "incoming_call" => {
                Ok(Trigger::IncomingCall { call_uuid: "call-1".to_owned(), from: from()?, to })
            }
            "incoming_message" => {
                let text = field("text").ok_or("say what: text \"…\"")?;
                Ok(Trigger::IncomingMessage {
                    message_uuid: "message-in".to_owned(),
                    from: from()?,
                    to,
                    text,
                    media_urls: Vec::new(),
                })
            }
            "api_request" => {
                let json: BTreeMap<String, serde_json::Value> =
                    serde_json::from_str(if rest.is_empty() { "{}" } else { rest })
                        .map_err(|error| error.to_string())?;
                let given =
                    json.into_iter().map(|(key, value)| (key, Value::from(value))).collect();
                let workflow = self.workflow.as_ref().ok_or("begin with `play FILE`")?;
                let params = workflow.accept_params(given).map_err(|problems| {
                    problems
                        .into_iter()
                        .map(|problem| problem.message)
                        .collect::<Vec<_>>()
                        .join(" ")
                })?;
                Ok(Trigger::ApiRequest { params })
            }
            _ => Err(format!(
                "a run begins with incoming_call, incoming_message or api_request, not `{word}`"
            )),
        }
    }

    fn answered(&mut self, kind: &str, id: Option<EffectId>) -> Result<EffectId, String> {
        let position = self.unanswered.iter().position(|(other, of_kind)| {
            (kind.is_empty() || kind == *of_kind) && id.is_none_or(|id| id == *other)
        });
        position
            .map(|position| self.unanswered.remove(position).0)
            .ok_or_else(|| "nothing waits for that answer".to_owned())
    }

    fn variable(&self, rest: &str) -> Result<(), String> {
        let (path, expected) = rest
            .split_once(" = ")
            .or_else(|| rest.strip_suffix(" =").map(|path| (path, "")))
            .ok_or("write ? path = text")?;
        let run = self.run.as_ref().ok_or("nothing runs yet")?;
        let template = Template::parse(&format!("{{{{ {path} }}}}"))?;
        let found = run.render(&template);
        if found == expected {
            Ok(())
        } else {
            Err(format!("expected {path} to be `{expected}`, but it is `{found}`"))
        }
    }

    fn status(&self, expected: &str) -> Result<(), String> {
        let run = self.run.as_ref().ok_or("nothing runs yet")?;
        self.nothing_is_left()?;
        let status = run.status().as_str();
        if status == expected {
            return Ok(());
        }
        let why = run.problem().map(|problem| format!(" ({problem})")).unwrap_or_default();
        Err(format!("expected the run to be {expected}, but it is {status}{why}"))
    }
}

fn answer_kind(effect: &Effect) -> Option<&'static str> {
    match effect {
        Effect::PlaceCall(_) => Some("call"),
        Effect::SendMessage(_) => Some("message"),
        Effect::HttpRequest(_) => Some("http"),
        Effect::HangUp { .. } | Effect::CheckCall { .. } => None,
    }
}

fn of_leg(leg: LegId) -> String {
    if leg == LegId::FIRST { String::new() } else { format!(" (leg {leg})") }
}

fn effect_line(effect: &Effect) -> String {
    match effect {
        Effect::PlaceCall(call) => format!("make_call to \"{}\"{}", call.to, of_leg(call.leg)),
        Effect::HangUp { leg } => format!("end_call{}", of_leg(*leg)),
        Effect::CheckCall { leg } => format!("check_call{}", of_leg(*leg)),
        Effect::SendMessage(message) => {
            format!("send_sms to \"{}\" text \"{}\"", message.to, message.text)
        }
        Effect::HttpRequest(request) => {
            let body =
                request.body.as_ref().map(|body| format!(" body {body}")).unwrap_or_default();
            format!("http_request {} \"{}\"{body}", request.method, request.url)
        }
    }
}

fn instruction_lines(instruction: &Instruction) -> Vec<String> {
    let mut lines: Vec<String> = instruction
        .prompts
        .iter()
        .map(|prompt| match prompt {
            Prompt::Speak { text, .. } => format!("speak \"{text}\""),
            Prompt::Play { url, .. } => format!("play \"{url}\""),
        })
        .collect();
    lines.extend(match &instruction.then {
        Then::Continue => None,
        Then::GetDigits { max_digits, timeout_s, .. } => {
            Some(format!("get_digits max {max_digits} timeout {timeout_s}s"))
        }
        Then::Conference(conference) => Some(format!("conference \"{}\"", conference.name)),
        Then::Hold => Some("hold".to_owned()),
        Then::HangUp { reason } => {
            let mut line = "hang_up".to_owned();
            if let Some(reason) = reason {
                let _ = write!(line, " {reason}");
            }
            Some(line)
        }
    });
    lines
}

fn duration_ms(text: &str) -> Result<i64, String> {
    let digits = text.trim_end_matches(|character: char| character.is_ascii_alphabetic());
    let unit = match &text[digits.len()..] {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return Err(format!("`{text}` is no time such as 5s, 10m or 1h")),
    };
    digits
        .parse::<i64>()
        .map(|count| count * unit)
        .map_err(|_| format!("`{text}` is no time such as 5s"))
}

fn unquoted(text: &str) -> String {
    text.trim_matches('"').to_owned()
}

/// Words of a line; a text in quotes is one.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (word, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => rest.split_once(' ').unwrap_or((rest, "")),
        };
        words.push(word.to_owned());
        rest = after.trim_start();
    }
    words
}
