//! What stands in a journal, said the way a colleague would.

use crate::words;
use engine::{
    Document, Effect, EndCause, Event, Instruction, NodeName, Note, Prompt, RunStatus, StateName,
    Then, Trigger,
};
use serde_json::Value as Json;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Its picture.
    pub icon: &'static str,
    /// What happened.
    pub words: String,
    /// `""`, `warn` or `bad`.
    pub tone: &'static str,
    /// The node it is about.
    pub node: Option<String>,
}

fn line(icon: &'static str, words: impl Into<String>) -> Line {
    Line { icon, words: words.into(), tone: "", node: None }
}

/// What an entry begins with.
pub fn event_line(json: &Json, _document: Option<&Document>) -> Line {
    let Ok(event) = serde_json::from_value::<Event>(json.clone()) else {
        return line(
            "info",
            json.get("type")
                .and_then(Json::as_str)
                .unwrap_or("Something happened")
                .replace('_', " "),
        );
    };
    match event {
        Event::Started(trigger) => started(trigger),
        Event::PromptsDone { .. } => line("speak", "The words were heard to their end"),
        Event::Digits { digits, .. } => line("get_digits", format!("Pressed {digits}")),
        Event::NoInput { .. } => line("silence", "No key was pressed in time"),
        Event::ConferenceLeft { .. } => line("conference", "Left the conference"),
        Event::CallPlaced { .. } => line("make_call", "The carrier took the call"),
        Event::CallAnswered { machine: Some(true), .. } => {
            line("phone", "An answering machine answered")
        }
        Event::CallAnswered { .. } => line("phone", "The call was answered"),
        Event::CallEnded { cause, duration_s, .. } => ended(cause, duration_s),
        Event::CallAlive { .. } => line("phone", "The carrier says that the call is still up"),
        Event::MessageAccepted { .. } => line("send_sms", "The carrier took the text"),
        Event::MessageStatus { status, error_code, .. } => {
            message_status(&status, error_code.as_deref())
        }
        Event::HttpAnswered { status, content_type, .. } => {
            let tone = if (200..300).contains(&status) { "" } else { "warn" };
            Line {
                tone,
                ..line(
                    "http_request",
                    format!("Answered with status {status}{}", in_parentheses(&content_type)),
                )
            }
        }
        Event::EffectFailed { reason, .. } => {
            Line { tone: "warn", ..line("warning", format!("It was not done: {reason}")) }
        }
        Event::EffectUnknown { reason, .. } => Line {
            tone: "warn",
            ..line(
                "help",
                format!("Nobody can tell whether it was done: {reason}. It is not tried again."),
            )
        },
        Event::Woke => line("clock", "The time came"),
        Event::Cancelled { by } => {
            Line { tone: "warn", ..line("stop", format!("Cancelled by {by}")) }
        }
    }
}

fn started(trigger: Trigger) -> Line {
    match trigger {
        Trigger::ApiRequest { params } if params.is_empty() => {
            line("bolt", "A service asked for this run")
        }
        Trigger::ApiRequest { params } => {
            let names = params.keys().cloned().collect::<Vec<_>>().join(", ");
            line("bolt", format!("A service asked for this run, with {names}"))
        }
        Trigger::IncomingCall { from, to, .. } => {
            line("phone", format!("{} called {}", words::number(&from), words::number(&to)))
        }
        Trigger::IncomingMessage { from, text, .. } => {
            line("send_sms", format!("{} texted “{}”", words::number(&from), shortened(&text)))
        }
    }
}

fn ended(cause: EndCause, duration_s: u32) -> Line {
    let (words, tone) = match cause {
        EndCause::Completed => {
            (format!("The call ended after {}", words::duration(f64::from(duration_s))), "")
        }
        EndCause::Busy => ("The line was busy".to_owned(), "warn"),
        EndCause::NoAnswer => ("Nobody answered".to_owned(), "warn"),
        EndCause::Cancelled => ("The call was taken back before anybody answered".to_owned(), ""),
        EndCause::Failed => ("The number could not be reached".to_owned(), "warn"),
        EndCause::Lost => ("The carrier no longer knows the call".to_owned(), "warn"),
    };
    Line { tone, ..line("hangup", words) }
}

fn message_status(status: &str, error_code: Option<&str>) -> Line {
    let (words, tone) = match status {
        "delivered" => ("The text was delivered".to_owned(), ""),
        "undelivered" | "failed" => (
            format!("The text was not delivered{}", in_parentheses(error_code.unwrap_or_default())),
            "warn",
        ),
        "sent" => ("The text was sent".to_owned(), ""),
        other => (format!("The text is {other}"), ""),
    };
    Line { tone, ..line("send_sms", words) }
}

/// What the run made of it; nothing for what another line says already.
pub fn note_line(json: &Json, document: Option<&Document>) -> Option<Line> {
    let node_of = |node: &NodeName| Some(node.to_string());
    Some(match serde_json::from_value::<Note>(json.clone()).ok()? {
        Note::Entered { node, .. } => {
            Line { node: node_of(&node), ..line("arrow-right", label(document, &node)) }
        }
        Note::Left { node, state, .. } => {
            let words =
                format!("{}: {}", label(document, &node), state_label(document, &node, &state));
            Line { node: node_of(&node), ..line("chevron-right", words) }
        }
        Note::Instructed { instruction, .. } => instructed(&instruction)?,
        Note::Asked { .. } => return None,
        Note::Warning { node, text } => Line {
            tone: "warn",
            node: node_of(&node),
            ..line("warning", format!("{}: {text}", label(document, &node)))
        },
        Note::Ignored { text } => line("info", format!("This changed nothing: {text}")),
        Note::LineEnded { node, .. } => Line {
            node: node_of(&node),
            ..line("check", format!("{} was the last step here", label(document, &node)))
        },
        Note::Ended { status, problem } => match (status, problem) {
            (RunStatus::Failed, problem) => Line {
                tone: "bad",
                ..line(
                    "error",
                    format!(
                        "The run failed{}",
                        problem.map(|problem| format!(": {problem}")).unwrap_or_default()
                    ),
                )
            },
            (RunStatus::Cancelled, _) => {
                Line { tone: "warn", ..line("stop", "The run is cancelled") }
            }
            _ => line("check", "The run is complete"),
        },
    })
}

fn instructed(instruction: &Instruction) -> Option<Line> {
    let said: Vec<String> = instruction
        .prompts
        .iter()
        .map(|prompt| match prompt {
            Prompt::Speak { text, .. } => format!("“{}”", shortened(text)),
            Prompt::Play { url, .. } => format!("the recording {}", shortened(url)),
        })
        .collect();
    let said = (!said.is_empty()).then(|| format!("Says {}", said.join(", ")));
    let then = match &instruction.then {
        Then::Continue => None,
        Then::GetDigits { max_digits: 1, timeout_s, .. } => {
            Some(format!("waits {timeout_s} s for a key"))
        }
        Then::GetDigits { max_digits, timeout_s, .. } => {
            Some(format!("waits {timeout_s} s for up to {max_digits} keys"))
        }
        Then::Conference(conference) => {
            Some(format!("leads into the conference “{}”", conference.name))
        }
        Then::Hold => Some("lets the caller wait".to_owned()),
        Then::HangUp { .. } => Some("hangs up".to_owned()),
    };
    let words = [said, then].into_iter().flatten().collect::<Vec<_>>().join(", then ");
    (!words.is_empty()).then(|| line("sound", crate::list::capital(&words)))
}

/// What the run asked for.
pub fn effect_line(json: &Json) -> Line {
    match serde_json::from_value::<Effect>(json.clone()) {
        Ok(Effect::PlaceCall(call)) => {
            line("make_call", format!("Calls {}", words::number(&call.to)))
        }
        Ok(Effect::HangUp { .. }) => line("hangup", "Hangs up"),
        Ok(Effect::CheckCall { .. }) => {
            line("help", "Asks the carrier whether the call is still up")
        }
        Ok(Effect::SendMessage(message)) => line(
            "send_sms",
            format!("Texts {}: “{}”", words::number(&message.to), shortened(&message.text)),
        ),
        Ok(Effect::HttpRequest(request)) => {
            line("http_request", format!("{} {}", request.method, shortened(&request.url)))
        }
        Err(_) => line(
            "info",
            json.get("type").and_then(Json::as_str).unwrap_or("Something").replace('_', " "),
        ),
    }
}

fn label(document: Option<&Document>, node: &NodeName) -> String {
    document.map_or_else(|| node.to_string(), |document| crate::edit::node_label(document, node))
}

fn state_label(document: Option<&Document>, node: &NodeName, state: &StateName) -> String {
    let node = document.and_then(|document| document.nodes.get(node));
    node.map_or_else(
        || state.to_string(),
        |node| engine::components::state_label(&node.kind, &node.config, state),
    )
}

fn in_parentheses(words: &str) -> String {
    if words.is_empty() { String::new() } else { format!(" ({words})") }
}

fn shortened(text: &str) -> String {
    const CHARACTERS_MAX: usize = 90;
    if text.chars().count() <= CHARACTERS_MAX {
        return text.to_owned();
    }
    text.chars().take(CHARACTERS_MAX).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn events_are_said_in_words() {
        let said = |json: Json| event_line(&json, None).words;
        assert_eq!(
            said(json!({ "type": "digits", "leg": 1, "turn": 2, "digits": "1" })),
            "Pressed 1"
        );
        assert_eq!(
            said(
                json!({ "type": "started", "trigger": "incoming_call", "call_uuid": "c", "from": "+15550199001", "to": "+15550100000" })
            ),
            "+1 555 019 9001 called +1 555 010 0000"
        );
        assert_eq!(said(json!({ "type": "from_the_future" })), "from the future");
    }

    #[test]
    fn an_instruction_is_one_sentence() {
        let instruction = Instruction {
            prompts: vec![Prompt::Speak {
                text: "Press 1.".to_owned(),
                voice: None,
                language: None,
                times: 1,
            }],
            then: Then::GetDigits {
                max_digits: 1,
                timeout_s: 5,
                finish_on_key: None,
                sensitive: false,
            },
        };
        assert_eq!(
            instructed(&instruction).map(|line| line.words).as_deref(),
            Some("Says “Press 1.”, then waits 5 s for a key")
        );
    }
}
