//! What a run made of what came: where it went, what it gave its calls to hear.

use super::{Line, line, shortened};
use crate::{
    language::{t, tf},
    words,
};
use engine::{
    Document, Instruction, NodeName, Note, Prompt, RunStatus, StateName, Then,
    run::{Dial, GetSpeech},
};
use serde_json::Value as Json;
use std::fmt::Display;

/// What the run made of it; nothing for what another line says already.
pub fn note_line(json: &Json, document: Option<&Document>) -> Option<Line> {
    let of = |node: &NodeName, line: Line| Line { node: Some(node.to_string()), ..line };
    Some(match serde_json::from_value::<Note>(json.clone()).ok()? {
        Note::Entered { node, .. } => of(&node, line("arrow-right", label(document, &node))),
        Note::Left { node, state, .. } => {
            let words =
                format!("{}: {}", label(document, &node), state_label(document, &node, &state));
            of(&node, line("chevron-right", words))
        }
        Note::Instructed { instruction, .. } => instructed(&instruction)?,
        Note::Asked { .. } => return None,
        Note::Warning { node, text } => {
            of(&node, line("warning", format!("{}: {text}", label(document, &node))).warn())
        }
        Note::Ignored { text } => {
            line("info", tf("This changed nothing: {what}", &[("what", &text)]))
        }
        Note::LineEnded { node, .. } => {
            let words = tf("{step} was the last step here", &[("step", &label(document, &node))]);
            of(&node, line("check", words))
        }
        Note::Ended { status, problem } => match (status, problem) {
            (RunStatus::Failed, problem) => {
                let words = match problem {
                    Some(why) => tf("The run failed: {why}", &[("why", &why)]),
                    None => t("The run failed").to_owned(),
                };
                Line { tone: "bad", ..line("error", words) }
            }
            (RunStatus::Cancelled, _) => line("stop", t("The run is cancelled")).warn(),
            _ => line("check", t("The run is complete")),
        },
    })
}

fn instructed(instruction: &Instruction) -> Option<Line> {
    let before = said(&instruction.before_answer)
        .map(|said| tf("before answering says {said}", &[("said", &said)]));
    let now = said(&instruction.prompts).map(|said| tf("says {said}", &[("said", &said)]));
    let words = [before, now, follows(&instruction.then)]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(t(", then "));
    (!words.is_empty()).then(|| line("sound", crate::list::capital(&words)))
}

fn said(prompts: &[Prompt]) -> Option<String> {
    let said: Vec<String> = prompts
        .iter()
        .filter_map(|prompt| match prompt {
            Prompt::Speak { text, .. } => Some(format!("“{}”", shortened(text))),
            Prompt::Play { url, .. } => {
                Some(tf("the recording {address}", &[("address", &shortened(url))]))
            }
            Prompt::Quiet { .. } => None,
        })
        .collect();
    (!said.is_empty()).then(|| said.join(", "))
}

fn follows(then: &Then) -> Option<String> {
    Some(match then {
        Then::Continue => return None,
        Then::GetDigits { max_digits: 1, timeout_s, .. } => {
            tf("waits {s} s for a key", &[("s", timeout_s)])
        }
        Then::GetDigits { max_digits, timeout_s, .. } => {
            tf("waits {s} s for up to {n} keys", &[("s", timeout_s), ("n", max_digits)])
        }
        Then::GetSpeech(speech) => {
            let GetSpeech { takes_digits, timeout_s, .. } = &**speech;
            if *takes_digits {
                tf("listens {s} s for words or keys", &[("s", timeout_s)])
            } else {
                tf("listens {s} s for words", &[("s", timeout_s)])
            }
        }
        Then::Record(record) => tf("records for up to {s} s", &[("s", &record.max_length_s)]),
        Then::Dial(dial) => dials(dial),
        Then::Conference(conference) => {
            tf("leads into the conference “{name}”", &[("name", &conference.name)])
        }
        Then::MultiParty(call) => tf(
            "leads into the call “{name}” as {role}",
            &[("name", &call.name), ("role", &super::role(call.role))],
        ),
        Then::Hold { .. } => t("lets the caller wait").to_owned(),
        Then::HangUp { .. } => t("hangs up").to_owned(),
    })
}

fn dials(dial: &Dial) -> String {
    let targets =
        dial.targets.iter().map(|target| words::number(target)).collect::<Vec<_>>().join(", ");
    let values: &[(&str, &dyn Display)] = &[("numbers", &targets), ("s", &dial.ring_timeout_s)];
    if dial.targets.len() > 1 {
        tf("rings {numbers} at once for {s} s", values)
    } else {
        tf("rings {numbers} for {s} s", values)
    }
}

fn label(document: Option<&Document>, node: &NodeName) -> String {
    document.map_or_else(|| node.to_string(), |document| crate::edit::node_label(document, node))
}

fn state_label(document: Option<&Document>, node: &NodeName, state: &StateName) -> String {
    let node = document.and_then(|document| document.nodes.get(node));
    node.map_or_else(
        || state.to_string(),
        |node| crate::drawing::file::way_label(&node.kind, &node.config, state),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instruction_is_one_sentence() {
        let prompt =
            Prompt::Speak { text: "Press 1.".to_owned(), voice: None, language: None, times: 1 };
        let then =
            Then::GetDigits { max_digits: 1, timeout_s: 5, finish_on_key: None, sensitive: false };
        let instruction = Instruction::new(vec![prompt], then);
        assert_eq!(
            instructed(&instruction).map(|line| line.words).as_deref(),
            Some("Says “Press 1.”, then waits 5 s for a key")
        );
    }
}
