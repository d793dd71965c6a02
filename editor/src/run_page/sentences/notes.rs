//! What a run made of what came: where it went, what it gave its calls to hear.

use super::{Line, line, shortened};
use crate::words;
use engine::{
    Document, Instruction, NodeName, Note, Prompt, RunStatus, StateName, Then,
    run::{Dial, GetSpeech},
};
use serde_json::Value as Json;

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
        Note::Ignored { text } => line("info", format!("This changed nothing: {text}")),
        Note::LineEnded { node, .. } => {
            let words = format!("{} was the last step here", label(document, &node));
            of(&node, line("check", words))
        }
        Note::Ended { status, problem } => match (status, problem) {
            (RunStatus::Failed, problem) => {
                let why = problem.map(|problem| format!(": {problem}")).unwrap_or_default();
                Line { tone: "bad", ..line("error", format!("The run failed{why}")) }
            }
            (RunStatus::Cancelled, _) => line("stop", "The run is cancelled").warn(),
            _ => line("check", "The run is complete"),
        },
    })
}

fn instructed(instruction: &Instruction) -> Option<Line> {
    let before =
        said(&instruction.before_answer).map(|said| format!("before answering says {said}"));
    let now = said(&instruction.prompts).map(|said| format!("says {said}"));
    let words = [before, now, follows(&instruction.then)]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", then ");
    (!words.is_empty()).then(|| line("sound", crate::list::capital(&words)))
}

fn said(prompts: &[Prompt]) -> Option<String> {
    let said: Vec<String> = prompts
        .iter()
        .filter_map(|prompt| match prompt {
            Prompt::Speak { text, .. } => Some(format!("“{}”", shortened(text))),
            Prompt::Play { url, .. } => Some(format!("the recording {}", shortened(url))),
            Prompt::Quiet { .. } => None,
        })
        .collect();
    (!said.is_empty()).then(|| said.join(", "))
}

fn follows(then: &Then) -> Option<String> {
    Some(match then {
        Then::Continue => return None,
        Then::GetDigits { max_digits: 1, timeout_s, .. } => {
            format!("waits {timeout_s} s for a key")
        }
        Then::GetDigits { max_digits, timeout_s, .. } => {
            format!("waits {timeout_s} s for up to {max_digits} keys")
        }
        Then::GetSpeech(speech) => {
            let GetSpeech { takes_digits, timeout_s, .. } = &**speech;
            let what = if *takes_digits { "words or keys" } else { "words" };
            format!("listens {timeout_s} s for {what}")
        }
        Then::Record(record) => format!("records for up to {} s", record.max_length_s),
        Then::Dial(dial) => dials(dial),
        Then::Conference(conference) => format!("leads into the conference “{}”", conference.name),
        Then::MultiParty(call) => {
            format!("leads into the call “{}” as {}", call.name, super::role(call.role))
        }
        Then::Hold { .. } => "lets the caller wait".to_owned(),
        Then::HangUp { .. } => "hangs up".to_owned(),
    })
}

fn dials(dial: &Dial) -> String {
    let targets =
        dial.targets.iter().map(|target| words::number(target)).collect::<Vec<_>>().join(", ");
    let at_once = if dial.targets.len() > 1 { " at once" } else { "" };
    format!("rings {targets}{at_once} for {} s", dial.ring_timeout_s)
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
