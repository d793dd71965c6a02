//! What a journal's entry begins with: what came from outside.

use super::{Line, change, in_parentheses, line, role, shortened};
use crate::{
    language::{t, tf, tn},
    words,
};
use engine::{
    Document, EndCause, Event, Trigger,
    event::{Command, DialEnd, DialOutcome, RecordingNews},
};
use serde_json::Value as Json;

/// What an entry begins with.
pub fn event_line(json: &Json, document: Option<&Document>) -> Line {
    let Ok(event) = serde_json::from_value::<Event>(json.clone()) else {
        let kind = json.get("type").and_then(Json::as_str).unwrap_or(t("Something happened"));
        return line("info", kind.replace('_', " "));
    };
    match event {
        Event::Started(trigger) => started(trigger),
        Event::PromptsDone { .. } => line("speak", t("The words were heard to their end")),
        Event::Digits { digits, .. } => {
            line("get_digits", tf("Pressed {digits}", &[("digits", &digits)]))
        }
        Event::NoInput { .. } => line("silence", t("Nothing was pressed or said in time")),
        Event::Speech { text, confidence, .. } => {
            let sure = confidence.map(|sure| tf("{n} % sure", &[("n", &(sure * 100.0).round())]));
            let sure = in_parentheses(&sure.unwrap_or_default());
            line(
                "get_speech",
                tf("Said “{text}”{sure}", &[("text", &shortened(&text)), ("sure", &sure)]),
            )
        }
        Event::Recorded { recording, .. } => recorded(t("Left a recording"), recording),
        Event::RecordingStored { recording, .. } => {
            recorded(t("The recording is ready"), recording)
        }
        Event::Transcribed { text, .. } => line(
            "record_audio",
            tf("It was written down: “{text}”", &[("text", &shortened(&text))]),
        ),
        Event::DialEnded { end, .. } => dialled(end),
        Event::ConferenceLeft { .. } => line("conference", t("Left the room")),
        Event::CallPlaced { .. } => line("make_call", t("The carrier took the call")),
        Event::CallAnswered { machine: Some(true), .. } => {
            line("phone", t("An answering machine answered"))
        }
        Event::CallAnswered { .. } => line("phone", t("The call was answered")),
        Event::CallEnded { cause, duration_s, .. } => ended(cause, duration_s),
        Event::CallAlive { .. } => line("phone", t("The carrier says that the call is still up")),
        Event::MessageAccepted { .. } => line("send_sms", t("The carrier took the text")),
        Event::MessageStatus { status, error_code, .. } => {
            message_status(&status, error_code.as_deref())
        }
        Event::MessageReceived { text, media_urls, .. } => {
            let text = shortened(&text);
            let words = match media_urls.len() {
                0 => tf("Answered “{text}”", &[("text", &text)]),
                count => tf(
                    "Answered “{text}”, with {files}",
                    &[
                        ("text", &text),
                        ("files", &tn(count, "{n} picture or file", "{n} pictures or files")),
                    ],
                ),
            };
            line("sms_menu", words)
        }
        Event::HttpAnswered { status, content_type, .. } => {
            let words = tf(
                "Answered with status {status}{type}",
                &[("status", &status), ("type", &in_parentheses(&content_type))],
            );
            let tone = if (200..300).contains(&status) { "" } else { "warn" };
            Line { tone, ..line("http_request", words) }
        }
        Event::EffectDone { .. } => line("check", t("It was done")),
        Event::Command { node, command } => {
            let node = document.map_or_else(
                || node.to_string(),
                |document| crate::edit::node_label(document, &node),
            );
            line(
                "bolt",
                tf(
                    "Somebody asked {step}: {order}",
                    &[("step", &node), ("order", &commanded(&command))],
                ),
            )
        }
        Event::EffectFailed { reason, .. } => {
            line("warning", tf("It was not done: {why}", &[("why", &reason)])).warn()
        }
        Event::EffectUnknown { reason, .. } => {
            let words = tf(
                "Nobody can tell whether it was done: {why}. It is not tried again.",
                &[("why", &reason)],
            );
            line("help", words).warn()
        }
        Event::Woke => line("clock", t("The time came")),
        Event::Cancelled { by } => line("stop", tf("Cancelled by {who}", &[("who", &by)])).warn(),
    }
}

fn started(trigger: Trigger) -> Line {
    match trigger {
        Trigger::ApiRequest { params } => line(
            "bolt",
            asked(
                t("A service asked for this run"),
                t("A service asked for this run, with {names}"),
                params.keys(),
            ),
        ),
        Trigger::RunWorkflow { params, .. } => line(
            "run_workflow",
            asked(
                t("Another workflow asked for this run"),
                t("Another workflow asked for this run, with {names}"),
                params.keys(),
            ),
        ),
        Trigger::IncomingCall { from, to, .. } => line(
            "phone",
            tf(
                "{caller} called {number}",
                &[("caller", &words::number(&from)), ("number", &words::number(&to))],
            ),
        ),
        Trigger::IncomingMessage { from, text, .. } => line(
            "send_sms",
            tf(
                "{sender} texted “{text}”",
                &[("sender", &words::number(&from)), ("text", &shortened(&text))],
            ),
        ),
        Trigger::Schedule { .. } => line("clock", t("Its time in the schedule came")),
        Trigger::Webhook { .. } => {
            line("http_request", t("Another system called its webhook address"))
        }
    }
}

fn asked<'a>(
    words: &'static str,
    with_names: &'static str,
    names: impl Iterator<Item = &'a String>,
) -> String {
    let names = names.map(String::as_str).collect::<Vec<_>>().join(", ");
    if names.is_empty() { words.to_owned() } else { tf(with_names, &[("names", &names)]) }
}

fn recorded(words: &str, recording: RecordingNews) -> Line {
    #[expect(
        clippy::cast_precision_loss,
        reason = "no recording is so long that a millisecond counts"
    )]
    let length = recording.duration_ms.map(|ms| words::duration(ms as f64 / 1000.0));
    Line {
        audio: Some(recording.url).filter(|url| url.starts_with("http")),
        ..line("record_audio", format!("{words}{}", in_parentheses(&length.unwrap_or_default())))
    }
}

fn dialled(end: DialEnd) -> Line {
    let who = end.answered_by.as_deref().map(words::number);
    match end.outcome {
        DialOutcome::Completed => {
            let time = words::duration(f64::from(end.duration_s));
            let words = match who {
                Some(who) => {
                    tf("They talked with {who} for {time}", &[("who", &who), ("time", &time)])
                }
                None => tf("They talked for {time}", &[("time", &time)]),
            };
            line("call_forward", words)
        }
        DialOutcome::Busy => {
            line("call_forward", t("The line was busy, or the call was not taken")).warn()
        }
        DialOutcome::NoAnswer => line("call_forward", t("Nobody answered")).warn(),
        DialOutcome::Failed => {
            let cause = in_parentheses(end.cause.as_deref().unwrap_or_default());
            line("call_forward", format!("{}{cause}", t("The number could not be reached"))).warn()
        }
    }
}

fn ended(cause: EndCause, duration_s: u32) -> Line {
    let (words, is_good) = match cause {
        EndCause::Completed => (
            tf("The call ended after {time}", &[("time", &words::duration(f64::from(duration_s)))]),
            true,
        ),
        EndCause::Busy => (t("The line was busy").to_owned(), false),
        EndCause::NoAnswer => (t("Nobody answered").to_owned(), false),
        EndCause::Cancelled => {
            (t("The call was taken back before anybody answered").to_owned(), true)
        }
        EndCause::Failed => (t("The number could not be reached").to_owned(), false),
        EndCause::Machine => {
            (t("An answering machine took it and was hung up on").to_owned(), true)
        }
        EndCause::Lost => (t("The carrier no longer knows the call").to_owned(), false),
    };
    let line = line("hangup", words);
    if is_good { line } else { line.warn() }
}

fn message_status(status: &str, error_code: Option<&str>) -> Line {
    let words = match status {
        "delivered" => t("The text was delivered").to_owned(),
        "undelivered" | "failed" => {
            let code = in_parentheses(error_code.unwrap_or_default());
            return line("send_sms", format!("{}{code}", t("The text was not delivered"))).warn();
        }
        "sent" => t("The text was sent").to_owned(),
        "read" => t("The message was read").to_owned(),
        other => tf("The text is {status}", &[("status", &other)]),
    };
    line("send_sms", words)
}

fn commanded(command: &Command) -> String {
    match command {
        Command::Call { to, role: of } => {
            tf("ring {number} as {role}", &[("number", &words::number(to)), ("role", &role(*of))])
        }
        Command::WarmTransfer { to, .. } => tf(
            "talk to {number} first, then bring them together",
            &[("number", &words::number(to))],
        ),
        Command::ColdTransfer { to, .. } => {
            tf("leave the call to {number}", &[("number", &words::number(to))])
        }
        Command::AbortTransfer => t("take the transfer back").to_owned(),
        Command::VoicemailDrop { member } => tf(
            "leave {number} the message for answering machines",
            &[("number", &words::number(member))],
        ),
        Command::Member { member, change: how } => change(*how, &words::number(member)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn said(json: Json) -> String {
        event_line(&json, None).words
    }

    #[test]
    fn events_are_said_in_words() {
        assert_eq!(
            said(json!({ "type": "digits", "leg": 1, "turn": 2, "digits": "1" })),
            "Pressed 1"
        );
        assert_eq!(
            said(
                json!({ "type": "speech", "leg": 1, "turn": 2, "text": "Sales", "confidence": 0.874 })
            ),
            "Said “Sales” (87 % sure)"
        );
        assert_eq!(
            said(
                json!({ "type": "started", "trigger": "incoming_call", "call_uuid": "c", "from": "+15550199001", "to": "+15550100000" })
            ),
            "+1 555 019 9001 called +1 555 010 0000"
        );
        assert_eq!(
            said(
                json!({ "type": "command", "node": "Room", "command": { "action": "member", "member": "+15550199001", "change": "mute" } })
            ),
            "Somebody asked Room: mute +1 555 019 9001"
        );
        assert_eq!(said(json!({ "type": "from_the_future" })), "from the future");
    }

    #[test]
    fn a_recording_can_be_listened_to() {
        let recording = json!({ "recording_id": "r", "url": "https://media.example/r.mp3", "duration_ms": 4200 });
        let line = event_line(
            &json!({ "type": "recorded", "leg": 1, "turn": 2, "recording": recording }),
            None,
        );
        assert_eq!(line.words, "Left a recording (4 s)");
        assert_eq!(line.audio.as_deref(), Some("https://media.example/r.mp3"));
    }
}
