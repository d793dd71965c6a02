//! Transcripts: `.flow` files that play a workflow and say what it must do. They are the tests of components, examples and users' own workflows.
//!
//! A line begins with a mark:
//!
//! | mark | what |
//! |---|---|
//! | `#` | a remark |
//! | `play FILE` | which workflow; the caller of [`play`] reads it |
//! | `config JSON` | in a component's own transcript: the configuration of its node `It` instead of its example |
//! | `next JSON`, `nodes JSON` | likewise: where the states of `It` lead, and the nodes they lead to |
//! | `>` | something happens: `incoming_call from N`, `incoming_message from N text "…"`, `api_request {…}`, `schedule`, `webhook JSON`, `run_workflow {…}`, `digits "…"`, `said "…" [0.9]`, `no_input`, `prompts_done`, `recorded "URL" 12s`, `dial_ended completed\|busy\|no_answer\|failed ["who"]`, `left_conference`, `answered [machine]`, `machine` (hung up on), `busy`, `no_answer`, `failed`, `hung_up`, `message_accepted "…"`, `message_status WORD`, `reply "…"`, `http_answered STATUS BODY`, `http_answered STATUS retry_after 30`, `recording_stored "ID" "URL" 12s`, `transcribed "…"`, `done {…}`, `not_done [EFFECT] "reason"`, `not_known "reason"`, `command NODE {…}`, `cancelled "who"` |
//! | `@ +5s` | time passes (`ms`, `s`, `m`, `h`) |
//! | `<` | what the run does: everything since the last `>` or `@`, in order |
//! | `-> STATE` | the state by which a node was left, among those since the last `>` or `@` |
//! | `? PATH = TEXT` | what a variable holds now |
//! | `= STATUS` | where the run is now |
//!
//! Events of a call mean the leg that was rung or told something last; `(leg 2)` names another. Answers of effects mean the oldest unanswered one of their kind.

mod happens;
mod player;
mod told;

use crate::{
    time::Time,
    workflow::{Document, NodeDocument, Workflow},
};
use player::Player;

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
    let given = |key: &str| {
        let mut lines = text.lines().filter_map(|line| line.trim().strip_prefix(key));
        lines.find_map(|rest| rest.strip_prefix(' '))
    };
    let config = given("config").unwrap_or(spec.example);
    let (next, nodes) = (given("next").unwrap_or("{}"), given("nodes").unwrap_or("{}"));
    let workflow =
        sole(kind, config, next, nodes).map_err(|message| Failure { line: 0, message })?;
    let mut workflow = Some(workflow);
    let text = format!("play it\n{text}");
    play(&text, &mut |_| {
        workflow.take().ok_or_else(|| "a transcript plays one workflow".to_owned())
    })
    .map_err(|failure| Failure { line: failure.line.saturating_sub(1), ..failure })
}

fn sole(kind: &str, config: &str, next: &str, nodes: &str) -> Result<Workflow, String> {
    let json = |error: serde_json::Error| error.to_string();
    let config = serde_json::from_str(config).map_err(json)?;
    let mut document = Document::empty("it", "It");
    if let Some(start) = document.nodes.get_mut("Start") {
        if kind == "start" {
            start.config = config;
        } else {
            start.next = crate::components::states("start", &start.config)
                .into_iter()
                .map(|state| (state, "It".into()))
                .collect();
            let nodes: std::collections::BTreeMap<_, _> =
                serde_json::from_str(nodes).map_err(json)?;
            document.nodes.extend(nodes);
            let next = serde_json::from_str(next).map_err(json)?;
            document.nodes.insert(
                "It".into(),
                NodeDocument { kind: kind.to_owned(), config, next, ..NodeDocument::default() },
            );
        }
    }
    Workflow::new(document)
        .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
}
