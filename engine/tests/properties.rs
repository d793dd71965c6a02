//! Random workflows and random events: a run never panics, always stays within its bounds, and its replay is the same run.

use engine::{
    Document, EffectId, EndCause, Event, Input, LegId, LegState, NodeDocument, NodeName, Run,
    RunId, RunStatus, Time, Trigger, Workflow,
    components::{self, LIBRARY},
    effect::{MemberChange, Role},
    event::{Command, DialEnd, DialOutcome, RecordingNews},
    limits, workflow,
};
use proptest::prelude::*;
use std::collections::BTreeMap;

const NODES_MAX: usize = 12;

/// A node of a random component with its example's configuration, and edges to random nodes.
fn node() -> impl Strategy<Value = (usize, Vec<Option<usize>>)> {
    (1..LIBRARY.len(), prop::collection::vec(prop::option::weighted(0.8, 0..NODES_MAX), 8))
}

fn workflow() -> impl Strategy<Value = Workflow> {
    prop::collection::vec(node(), 1..NODES_MAX).prop_map(|nodes| {
        let name = |index: usize| NodeName::from(format!("N{}", index % nodes.len()));
        let mut document = Document::empty("random", "Random");
        for (index, (component, targets)) in nodes.iter().enumerate() {
            let spec = LIBRARY[*component];
            let config = serde_json::from_str(spec.example).expect("examples are JSON");
            let mut states = components::states(spec.kind, &config);
            if spec.is_voice {
                states.push("hung_up".into());
            }
            let next = states
                .into_iter()
                .zip(targets)
                .filter_map(|(state, target)| Some((state, name((*target)?))))
                .collect();
            document.nodes.insert(
                name(index),
                NodeDocument { kind: spec.kind.to_owned(), label: None, config, next },
            );
        }
        let start = document.nodes.get_mut("Start").expect("an empty document has a start");
        start.next = ["incoming_call", "incoming_message", "api_request"]
            .into_iter()
            .map(|state| (state.into(), name(0)))
            .collect();
        Workflow::new(document).expect("a workflow of examples has no errors")
    })
}

fn trigger() -> impl Strategy<Value = Trigger> {
    let (from, to) = ("+14155550100".to_owned(), "+15550100000".to_owned());
    prop_oneof![
        Just(Trigger::IncomingCall { call_uuid: "c".into(), from: from.clone(), to: to.clone() }),
        Just(Trigger::IncomingMessage {
            message_uuid: "m".into(),
            from,
            to,
            text: "Help".into(),
            media_urls: vec![]
        }),
        Just(Trigger::Schedule { planned_at: Time(0) }),
        Just(Trigger::Webhook { body: "x".into() }),
        Just(Trigger::ApiRequest {
            params: BTreeMap::from([
                ("customer".to_owned(), "Ada".into()),
                ("choice".to_owned(), "1".into())
            ])
        }),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    let effect = || (1_u32..12).prop_map(EffectId);
    let cause = prop_oneof![
        Just(EndCause::Completed),
        Just(EndCause::Busy),
        Just(EndCause::NoAnswer),
        Just(EndCause::Failed),
        Just(EndCause::Lost)
    ];
    prop_oneof![
        (leg(), 0_u32..6).prop_map(|(leg, turn)| Event::PromptsDone { leg, turn }),
        (leg(), 0_u32..6, "[0-9*#]{0,5}").prop_map(|(leg, turn, digits)| Event::Digits {
            leg,
            turn,
            digits
        }),
        (leg(), 0_u32..6).prop_map(|(leg, turn)| Event::NoInput { leg, turn }),
        (leg(), 0_u32..6).prop_map(|(leg, turn)| Event::ConferenceLeft { leg, turn }),
        effect().prop_map(|effect| Event::CallPlaced { effect, request_uuid: "r".into() }),
        (leg(), prop::option::of(any::<bool>())).prop_map(|(leg, machine)| Event::CallAnswered {
            leg,
            call_uuid: "c".into(),
            machine
        }),
        (leg(), cause).prop_map(|(leg, cause)| Event::CallEnded { leg, cause, duration_s: 1 }),
        leg().prop_map(|leg| Event::CallAlive { leg }),
        Just(Event::Woke),
        effect().prop_map(|effect| Event::MessageAccepted { effect, message_uuid: "m".into() }),
        (effect(), prop_oneof![Just("sent"), Just("delivered"), Just("undelivered")]).prop_map(
            |(effect, status)| Event::MessageStatus {
                effect,
                status: status.into(),
                error_code: None
            }
        ),
        (effect(), 100_u16..600, ".{0,40}").prop_map(|(effect, status, body)| {
            Event::HttpAnswered {
                effect,
                status,
                content_type: "application/json".into(),
                retry_after_s: (status == 429).then_some(30),
                body,
            }
        }),
        effect().prop_map(|effect| Event::EffectFailed { effect, reason: "refused".into() }),
        effect().prop_map(|effect| Event::EffectUnknown { effect, reason: "no answer".into() }),
        of_rooms_and_recordings(),
        of_other_effects(),
        Just(Event::Woke),
        Just(Event::Cancelled { by: "test".into() }),
    ]
}

fn leg() -> impl Strategy<Value = LegId> {
    (1_u32..5).prop_map(LegId)
}

fn recording() -> impl Strategy<Value = RecordingNews> {
    prop::option::of(0_u64..90_000).prop_map(|duration_ms| RecordingNews {
        recording_id: "rec".into(),
        url: "https://media.example/rec.mp3".into(),
        duration_ms,
        digits: String::new(),
    })
}

fn of_rooms_and_recordings() -> impl Strategy<Value = Event> {
    let outcome = prop_oneof![
        Just(DialOutcome::Completed),
        Just(DialOutcome::Busy),
        Just(DialOutcome::NoAnswer),
        Just(DialOutcome::Failed)
    ];
    let to = || "+14155550199".to_owned();
    let command = prop_oneof![
        Just(Command::Call { to: to(), role: Role::Agent }),
        Just(Command::WarmTransfer { to: to(), role: Role::Agent }),
        Just(Command::ColdTransfer { to: to(), role: Role::Customer }),
        Just(Command::AbortTransfer),
        Just(Command::VoicemailDrop { member: to() }),
        Just(Command::Member { member: to(), change: MemberChange::Hold }),
        Just(Command::Member { member: to(), change: MemberChange::Mute }),
    ];
    prop_oneof![
        (leg(), 0_u32..6, ".{0,20}").prop_map(|(leg, turn, text)| Event::Speech {
            leg,
            turn,
            text,
            confidence: Some(0.5)
        }),
        (leg(), 0_u32..6, recording()).prop_map(|(leg, turn, recording)| Event::Recorded {
            leg,
            turn,
            recording
        }),
        (leg(), 0_u32..6, outcome).prop_map(|(leg, turn, outcome)| Event::DialEnded {
            leg,
            turn,
            end: DialEnd {
                outcome,
                answered_by: None,
                call_uuid: None,
                duration_s: 3,
                cause: None
            }
        }),
        ((1_u32..12), recording()).prop_map(|(effect, recording)| Event::RecordingStored {
            effect: EffectId(effect),
            recording
        }),
        (1_u32..12).prop_map(|effect| Event::Transcribed {
            effect: EffectId(effect),
            text: "Hello".into()
        }),
        (0..NODES_MAX, command).prop_map(|(node, command)| Event::Command {
            node: NodeName::from(format!("N{node}")),
            command
        }),
    ]
}

fn of_other_effects() -> impl Strategy<Value = Event> {
    let values = prop_oneof![
        Just("{}"),
        Just(r#"{"recording_id":"r","recording_url":"https://x"}"#),
        Just(r#"{"rows":[{"name":"Ada"}],"row_count":1}"#),
        Just(r#"{"rows":[],"row_count":0}"#),
        Just(r#"{"run_id":"c","status":"completed","result":{"a":1}}"#),
        Just(r#"{"run_id":"c","status":"failed","problem":"why"}"#),
    ];
    prop_oneof![
        ((1_u32..12), values).prop_map(|(effect, values)| Event::EffectDone {
            effect: EffectId(effect),
            values: serde_json::from_str(values).expect("values are JSON")
        }),
        ((1_u32..12), prop_oneof![Just("yes"), Just("1"), Just("what?"), Just("")]).prop_map(
            |(question, text)| Event::MessageReceived {
                question: EffectId(question),
                message_uuid: "m".into(),
                text: text.into(),
                media_urls: Vec::new()
            }
        ),
    ]
}

/// The event as it would come if the world were kind: the turn of the leg as it is, so that runs get far.
fn fitted(run: &Run, event: Event) -> Event {
    let turn_of = |leg: LegId| run.leg(leg).map_or(0, |leg| leg.turn);
    match event {
        Event::PromptsDone { leg, turn } if turn < 5 => {
            Event::PromptsDone { leg, turn: turn_of(leg) }
        }
        Event::Digits { leg, turn, digits } if turn < 5 => {
            Event::Digits { leg, turn: turn_of(leg), digits }
        }
        Event::NoInput { leg, turn } if turn < 5 => Event::NoInput { leg, turn: turn_of(leg) },
        Event::ConferenceLeft { leg, turn } if turn < 5 => {
            Event::ConferenceLeft { leg, turn: turn_of(leg) }
        }
        Event::Speech { leg, turn, text, confidence } if turn < 5 => {
            Event::Speech { leg, turn: turn_of(leg), text, confidence }
        }
        Event::Recorded { leg, turn, recording } if turn < 5 => {
            Event::Recorded { leg, turn: turn_of(leg), recording }
        }
        Event::DialEnded { leg, turn, end } if turn < 5 => {
            Event::DialEnded { leg, turn: turn_of(leg), end }
        }
        Event::MessageReceived { message_uuid, text, media_urls, .. }
            if !run.awaited().is_empty() =>
        {
            let question = run.awaited()[0].question;
            Event::MessageReceived { question, message_uuid, text, media_urls }
        }
        other => other,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, ..ProptestConfig::default() })]

    #[test]
    fn any_events_in_any_order_leave_a_run_within_its_bounds_and_replayable(
        workflow in workflow(),
        trigger in trigger(),
        events in prop::collection::vec((event(), 0_i64..400_000, any::<bool>()), 0..60),
    ) {
        let mut at = Time(1_000);
        let mut inputs = vec![Input { at, event: Event::Started(trigger) }];
        let (mut run, _) = Run::start(&workflow, RunId("r".into()), inputs[0].clone());
        for (event, pause_ms, twice) in events {
            at = at.plus_ms(pause_ms);
            let input = Input { at, event: fitted(&run, event) };
            for _ in 0..=i32::from(twice) {
                let was_final = run.status().is_final();
                // Whether it rested meanwhile must make no difference.
                if pause_ms % 2 == 0 {
                    run.rest();
                }
                let output = run.handle(&workflow, input.clone());
                inputs.push(input.clone());
                prop_assert_eq!(output.status, run.status());
                prop_assert!(output.notes.len() <= 10 * limits::VISITS_PER_EVENT_MAX as usize);
                if was_final {
                    prop_assert!(output.effects.is_empty(), "a run that is over asks for nothing");
                }
                prop_assert!(run.positions().count() <= limits::LINES_MAX, "lines are bounded");
                if run.status() == RunStatus::Completed {
                    prop_assert!(run.legs().all(|leg| leg.state == LegState::Ended), "a completed run has no call left");
                }
                if run.status().is_final() {
                    prop_assert!(run.wake_at().is_none() && run.ended_at().is_some());
                    prop_assert_eq!(run.status() == RunStatus::Failed, run.problem().is_some());
                } else {
                    prop_assert!(run.wake_at().is_some(), "a run that goes on is woken some day");
                }
            }
        }
        let journal: Vec<Input> = inputs.iter().map(|input| serde_json::from_str(&serde_json::to_string(input).unwrap()).unwrap()).collect();
        let mut replayed = Run::replay(&workflow, RunId("r".into()), journal).unwrap();
        run.rest();
        prop_assert_eq!(replayed.variables_json(), run.variables_json());
        replayed.rest();
        prop_assert_eq!(replayed, run);
    }

}

proptest! {
    // A loop through a wait goes on to the last allowed visit, so each case may be long.
    #![proptest_config(ProptestConfig { cases: 20, ..ProptestConfig::default() })]

    #[test]
    fn a_run_ends_once_its_calls_are_down_and_time_passes(workflow in workflow(), trigger in trigger()) {
        let mut at = Time(0);
        let (mut run, _) = Run::start(&workflow, RunId("r".into()), Input { at, event: Event::Started(trigger) });
        for _ in 0..limits::STEPS_MAX {
            if run.status().is_final() {
                break;
            }
            let legs: Vec<LegId> = run.legs().filter(|leg| leg.state != LegState::Ended).map(|leg| leg.id).collect();
            for leg in legs {
                run.handle(&workflow, Input { at, event: Event::CallEnded { leg, cause: EndCause::NoAnswer, duration_s: 0 } });
            }
            at = run.wake_at().unwrap_or(at).max(at);
            run.handle(&workflow, Input { at, event: Event::Woke });
        }
        prop_assert!(run.status().is_final());
    }
}

proptest! {

    #[test]
    fn any_text_is_read_without_panic_and_canonical_text_stays(text in ".{0,200}", name in "[A-Za-z_]{1,8}", label in ".{0,20}") {
        let _ = workflow::read(&text);
        let mut document = Document::empty("any", "Any");
        document.nodes.insert(name.as_str().into(), NodeDocument { kind: "speak".into(), label: Some(label), ..NodeDocument::default() });
        let once = workflow::canonical(&document);
        prop_assert_eq!(workflow::canonical(&workflow::read(&once).unwrap()), once);
    }
}
