//! What can happen in a transcript, read into events.

use super::{BEGINS_AT, player::Player};
use crate::{
    effect::EffectId,
    event::{DialEnd, DialOutcome, Event, RecordingNews, Trigger},
    run::{EndCause, LegId, RunId},
    value::Value,
};
use std::collections::BTreeMap;

impl Player {
    /// What a line says happened.
    pub(super) fn event(&mut self, text: &str) -> Result<Event, String> {
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
            "said" => {
                let mut words = words(rest).into_iter();
                let text = words.next().ok_or("say what: said \"…\"")?;
                let confidence = words.next().and_then(|word| word.parse().ok());
                Ok(Event::Speech { leg, turn, text, confidence })
            }
            "recorded" => {
                let recording = recording("recording-1", rest)?;
                Ok(Event::Recorded { leg, turn, recording })
            }
            "dial_ended" => dial_end(rest).map(|end| Event::DialEnded { leg, turn, end }),
            "recording_stored" => {
                let (id, rest) = rest.split_once(' ').ok_or("say which: \"ID\" \"URL\" 12s")?;
                let recording = recording(&unquoted(id), rest)?;
                Ok(Event::RecordingStored { effect: self.recording()?, recording })
            }
            "transcribed" => {
                Ok(Event::Transcribed { effect: self.recording()?, text: unquoted(rest) })
            }
            "reply" => {
                let run = self.run.as_ref().ok_or("nothing runs yet")?;
                let awaited = run.awaited();
                let question = awaited.first().ok_or("the run waits for no answer")?.question;
                Ok(Event::MessageReceived {
                    question,
                    message_uuid: "message-in".to_owned(),
                    text: unquoted(rest),
                    media_urls: Vec::new(),
                })
            }
            "done" => {
                let rest = if rest.is_empty() { "{}" } else { rest };
                let values = serde_json::from_str(rest).map_err(|error| error.to_string())?;
                Ok(Event::EffectDone { effect: self.answered("done", None)?, values })
            }
            "command" => {
                let (node, command) = rest.split_once(' ').ok_or("command NODE {…}")?;
                let command = serde_json::from_str(command).map_err(|error| error.to_string())?;
                Ok(Event::Command { node: node.into(), command })
            }
            "digits" => Ok(Event::Digits { leg, turn, digits: unquoted(rest) }),
            "no_input" => Ok(Event::NoInput { leg, turn }),
            "prompts_done" => Ok(Event::PromptsDone { leg, turn }),
            "left_conference" => Ok(Event::ConferenceLeft { leg, turn }),
            "answered" => Ok(Event::CallAnswered {
                leg,
                call_uuid: format!("call-{leg}"),
                machine: Some(rest == "machine"),
            }),
            "machine" => ended(EndCause::Machine),
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
                let (retry_after_s, body) = match body.strip_prefix("retry_after ") {
                    Some(seconds) => {
                        let seconds = seconds.trim().parse();
                        (
                            Some(seconds.map_err(|_| format!("`{body}` is no number of seconds"))?),
                            "",
                        )
                    }
                    None => (None, body),
                };
                let content_type =
                    if body.starts_with(['{', '[']) { "application/json" } else { "text/plain" };
                Ok(Event::HttpAnswered {
                    effect: self.answered("http", None)?,
                    status,
                    content_type: content_type.to_owned(),
                    retry_after_s,
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
            "api_request" => Ok(Trigger::ApiRequest { params: self.params(rest)? }),
            "run_workflow" => Ok(Trigger::RunWorkflow {
                params: self.params(rest)?,
                parent: RunId("parent".to_owned()),
                depth: 1,
            }),
            "schedule" => Ok(Trigger::Schedule { planned_at: BEGINS_AT }),
            "webhook" => {
                let body: serde_json::Value =
                    serde_json::from_str(rest).map_err(|error| error.to_string())?;
                Ok(Trigger::Webhook { body: body.into() })
            }
            _ => Err(format!(
                "a run begins with incoming_call, incoming_message, api_request, run_workflow, schedule or webhook, not `{word}`"
            )),
        }
    }

    fn params(&self, text: &str) -> Result<BTreeMap<String, Value>, String> {
        let given = serde_json::from_str(if text.is_empty() { "{}" } else { text })
            .map_err(|error| error.to_string())?;
        let workflow = self.workflow.as_ref().ok_or("begin with `play FILE`")?;
        workflow.accept_params(given).map_err(|problems| {
            problems.into_iter().map(|problem| problem.message).collect::<Vec<_>>().join(" ")
        })
    }

    /// The recording that was asked for last.
    fn recording(&self) -> Result<EffectId, String> {
        self.last_recording.ok_or_else(|| "nothing was recorded".to_owned())
    }

    fn answered(&mut self, kind: &str, id: Option<EffectId>) -> Result<EffectId, String> {
        let position = self.unanswered.iter().position(|(other, of_kind)| {
            (kind.is_empty() || kind == *of_kind) && id.is_none_or(|id| id == *other)
        });
        position
            .map(|position| self.unanswered.remove(position).0)
            .ok_or_else(|| "nothing waits for that answer".to_owned())
    }
}

fn recording(id: &str, rest: &str) -> Result<RecordingNews, String> {
    let words = words(rest);
    let url = words.first().cloned().ok_or("say where it is: \"URL\" 12s")?;
    let duration_ms = words.get(1).map(|word| duration_ms(word)).transpose()?;
    Ok(RecordingNews {
        recording_id: id.to_owned(),
        url,
        duration_ms: duration_ms.map(i64::unsigned_abs),
        digits: String::new(),
    })
}

fn dial_end(rest: &str) -> Result<DialEnd, String> {
    let words = words(rest);
    let outcome = match words.first().map(String::as_str) {
        Some("completed") => DialOutcome::Completed,
        Some("busy") => DialOutcome::Busy,
        Some("no_answer") => DialOutcome::NoAnswer,
        Some("failed") => DialOutcome::Failed,
        _ => return Err("dial_ended is completed, busy, no_answer or failed".to_owned()),
    };
    let answered_by = words.get(1).cloned();
    Ok(DialEnd {
        outcome,
        call_uuid: answered_by.as_ref().map(|_| "call-b".to_owned()),
        answered_by,
        duration_s: if outcome == DialOutcome::Completed { 60 } else { 0 },
        cause: None,
    })
}

/// A time such as `5s`, in milliseconds.
pub(super) fn duration_ms(text: &str) -> Result<i64, String> {
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
