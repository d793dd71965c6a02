//! Plays the lines of a transcript against a run.

use super::{
    BEGINS_AT,
    happens::duration_ms,
    told::{answer_kind, effect_line, instruction_lines, of_leg},
};
use crate::{
    effect::{Effect, EffectId, Recording},
    event::{Event, Input},
    name::StateName,
    run::{LegId, Note, Output, Run, RunId, Then},
    template::Template,
    workflow::Workflow,
};

/// A run on its way through a transcript.
#[derive(Default)]
pub(super) struct Player {
    pub(super) workflow: Option<Workflow>,
    pub(super) run: Option<Run>,
    now_ms: i64,
    /// What the run did since the last event and is not accounted for yet.
    done: std::collections::VecDeque<String>,
    left: Vec<StateName>,
    pub(super) last_leg: Option<LegId>,
    pub(super) unanswered: Vec<(EffectId, &'static str)>,
    pub(super) accepted: Vec<EffectId>,
    pub(super) last_recording: Option<EffectId>,
}

impl Player {
    /// Plays one line.
    pub(super) fn line(
        &mut self,
        line: &str,
        read_workflow: &mut dyn FnMut(&str) -> Result<Workflow, String>,
    ) -> Result<(), String> {
        let (mark, rest) =
            line.split_once(' ').map_or((line, ""), |(mark, rest)| (mark, rest.trim()));
        match mark {
            "" | "#" | "config" | "next" | "nodes" => Ok(()),
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

    /// Whether all that the run did is accounted for.
    pub(super) fn nothing_is_left(&self) -> Result<(), String> {
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
                    return Err("begin with what starts a run, such as incoming_call".to_owned());
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
                    if let Some(recording) = recording_of(&instruction.then) {
                        self.last_recording = Some(recording.id);
                    }
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
                    match effect {
                        Effect::PlaceCall(call) => {
                            self.last_leg = Some(call.leg);
                            if let Some(recording) = call.recording {
                                self.last_recording = Some(recording.id);
                            }
                        }
                        Effect::StartRecording { how, .. } => self.last_recording = Some(how.id),
                        _ => {}
                    }
                    self.unanswered.extend(answer_kind(effect).map(|kind| (*id, kind)));
                    self.done.push_back(effect_line(effect));
                }
                _ => {}
            }
        }
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

fn recording_of(then: &Then) -> Option<Recording> {
    match then {
        Then::Record(record) => Some(record.recording),
        Then::Dial(dial) => dial.recording,
        Then::Conference(conference) => conference.recording,
        Then::MultiParty(party) => party.recording,
        _ => None,
    }
}
