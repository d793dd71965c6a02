//! What the components that speak, listen and ring hand over where a transcript does not show it, what they find wrong with their own settings, and what they keep to
//! themselves.

use engine::{
    Conference, Effect, EffectId, Event, Input, Instruction, LegId, Prompt, Run, RunId, Then, Time,
    Trigger, Workflow,
    effect::{MachineDetection, PlaceCall, Recording, Role},
    limits,
    run::{Dial, GetSpeech, MultiParty, Record, Screening},
    workflow,
};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

fn workflow_of(kind: &str, config: Json) -> Workflow {
    let start = json!({ "kind": "start", "next": { "api_request": "It", "incoming_call": "It" }, "config": { "params": { "vip": { "default": "yes" } } } });
    let nodes = json!({ "Start": start, "It": { "kind": kind, "config": config } });
    let document = json!({ "format": 1, "id": "w", "name": "W", "nodes": nodes });
    let document = workflow::read_value(document).expect("it can be read");
    Workflow::new(document).expect("it has no errors")
}

fn begin(workflow: &Workflow, trigger: Trigger) -> (Run, Vec<Effect>) {
    let input = Input { at: Time(0), event: Event::Started(trigger) };
    let (run, output) = Run::start(workflow, RunId("r".to_owned()), input);
    (run, output.effects.into_iter().map(|(_, effect)| effect).collect())
}

fn call() -> Trigger {
    Trigger::IncomingCall {
        call_uuid: "c".to_owned(),
        from: "+14155550100".to_owned(),
        to: "+15550100000".to_owned(),
    }
}

/// What a caller is told by a node.
fn told(kind: &str, config: Json) -> Instruction {
    let (run, _) = begin(&workflow_of(kind, config), call());
    let leg = run.leg(LegId::FIRST).expect("the caller has a leg");
    leg.instruction.clone().expect("the caller is told something")
}

/// The call that a node asks for.
fn placed(config: Json) -> PlaceCall {
    let trigger = Trigger::ApiRequest { params: BTreeMap::new() };
    match begin(&workflow_of("make_call", config), trigger).1.as_slice() {
        [Effect::PlaceCall(call)] => call.clone(),
        effects => panic!("one call is placed, not {effects:?}"),
    }
}

fn speak(text: &str) -> Prompt {
    Prompt::Speak { text: text.to_owned(), voice: None, language: None, times: 1 }
}

fn recording(id: u32) -> Recording {
    Recording { id: EffectId(id), as_wav: false, transcribe: false }
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn headers(name: &str, value: &str) -> BTreeMap<String, String> {
    BTreeMap::from([(name.to_owned(), value.to_owned())])
}

#[test]
fn everything_that_listening_can_be_told_is_handed_over() {
    let config = json!({
        "prompt": { "speak": "Who?", "voice": "Polly.Amy", "language": "en-GB" }, "listen_for": "speech", "language": "en-GB", "hints": ["Ada, Bo", "Ada", "{{ vip }}"],
        "timeout_s": 20, "pause_s": 3, "max_digits": 4, "finish_on_key": "*", "model": "phone_call", "filter_profanity": true, "sensitive": true,
    });
    let expected = Instruction::new(
        vec![Prompt::Speak {
            text: "Who?".to_owned(),
            voice: some("Polly.Amy"),
            language: some("en-GB"),
            times: 1,
        }],
        Then::GetSpeech(Box::new(GetSpeech {
            takes_digits: false,
            max_digits: 4,
            finish_on_key: Some('*'),
            timeout_s: 20,
            pause_s: Some(3),
            language: some("en-GB"),
            hints: ["Ada", "Bo", "yes"].map(str::to_owned).to_vec(),
            model: some("phone_call"),
            filters_profanity: true,
            sensitive: true,
        })),
    );
    assert_eq!(told("get_speech", config), expected);
    let config = json!({ "max_length_s": 90, "silence_timeout_s": 5, "finish_on_key": "", "beep": false, "format": "wav", "transcribe": true });
    let expected = Then::Record(Box::new(Record {
        recording: Recording { id: EffectId(1), as_wav: true, transcribe: true },
        max_length_s: 90,
        silence_timeout_s: 5,
        finish_on_key: None,
        beeps: false,
    }));
    assert_eq!(told("record_audio", config).then, expected);
}

#[test]
fn more_words_to_expect_than_the_carrier_takes_are_left_out() {
    let hints_of = |hints: Vec<String>| match told("get_speech", json!({ "hints": hints })).then {
        Then::GetSpeech(speech) => speech.hints,
        other => panic!("it listens, not {other:?}"),
    };
    let many = hints_of((0..2_000).map(|number| format!("{number}, ")).collect());
    assert_eq!(many.len(), limits::HINTS_MAX);
    let long = hints_of(vec!["x".repeat(6_000), "y".repeat(6_000), "z".to_owned()]);
    assert_eq!(long, ["x".repeat(6_000)]);
}

#[test]
fn everything_that_forwarding_can_be_told_is_handed_over() {
    let config = json!({
        "to": ["+14155550111", "sip:bo@example.com"], "from": "+15550100001", "order": "parallel", "ring_timeout_s": 20, "extension": "1, 2-3",
        "screening": { "speak": "A call." }, "confirm_key": "5", "ring_audio": "https://example.com/ring.mp3", "time_limit_s": 600, "record": true,
        "sip_headers": { "X-PH-customer": "{{ vip }}", "bad": "a,b=c" },
    });
    let expected = Then::Dial(Box::new(Dial {
        targets: ["+14155550111", "sip:bo@example.com"].map(str::to_owned).to_vec(),
        from: some("+15550100001"),
        ring_timeout_s: 20,
        time_limit_s: Some(600),
        screening: Some(Screening { prompts: vec![speak("A call.")], key: Some('5') }),
        send_digits: some("1W23"),
        ring_audio: some("https://example.com/ring.mp3"),
        recording: Some(recording(1)),
        sip_headers: headers("customer", "yes"),
    }));
    assert_eq!(told("call_forward", config).then, expected);
    let config = json!({ "to": "+14155550111", "from": "+15550100001", "ring_timeout_s": 20, "announcement": { "speak": "A call." }, "hold_audio": "https://example.com/hold.mp3" });
    let expected = Then::Dial(Box::new(Dial {
        targets: vec!["+14155550111".to_owned()],
        from: some("+15550100001"),
        ring_timeout_s: 20,
        time_limit_s: None,
        screening: Some(Screening { prompts: vec![speak("A call.")], key: None }),
        send_digits: None,
        ring_audio: some("https://example.com/hold.mp3"),
        recording: None,
        sip_headers: BTreeMap::new(),
    }));
    assert_eq!(told("transfer_call", config).then, expected);
}

#[test]
fn everything_that_a_call_can_be_told_is_handed_over() {
    let call = placed(json!({
        "to": "sip:ada@example.com", "from": "+15550100001", "ring_timeout_s": 45, "machine_detection": "hang_up", "record": true, "time_limit_s": 120,
        "caller_name": "Riverside Clinic ".repeat(9), "send_digits": "ww{{ 12 }}", "sip_headers": { "customer-id": "7" },
    }));
    let expected = PlaceCall {
        leg: LegId::FIRST,
        from: some("+15550100001"),
        to: "sip:ada@example.com".to_owned(),
        ring_timeout_s: 45,
        machine_detection: MachineDetection::HangUp,
        recording: Some(recording(1)),
        time_limit_s: Some(120),
        caller_name: some("Riverside Clinic Riverside Clinic Riverside Clinic"),
        send_digits: some("ww12"),
        sip_headers: headers("customer-id", "7"),
    };
    assert_eq!(call, expected);
    assert_eq!(
        placed(json!({ "to": "+14155550111", "send_digits": "ask for Ada" })).send_digits,
        None
    );
}

#[test]
fn files_from_before_answering_machines_had_choices_are_read_as_meant() {
    for (older, newer) in [(true, MachineDetection::Detect), (false, MachineDetection::Off)] {
        let config = json!({ "to": "+14155550111", "machine_detection": older });
        assert_eq!(placed(config).machine_detection, newer);
    }
}

#[test]
fn everything_that_rooms_can_be_told_is_handed_over() {
    let config = json!({
        "name": "board", "announcement": { "play": "https://example.com/welcome.mp3" }, "record": true, "muted": true, "start_on_enter": false, "end_on_exit": true,
        "enter_beeps": 1, "exit_beeps": 2, "wait_audio": "https://example.com/wait.mp3", "max_members": 5,
    });
    let expected = Instruction::new(
        vec![Prompt::Play { url: "https://example.com/welcome.mp3".to_owned(), times: 1 }],
        Then::Conference(Box::new(Conference {
            name: "board".to_owned(),
            recording: Some(recording(1)),
            enter_beeps: 1,
            exit_beeps: 2,
            muted: true,
            start_on_enter: false,
            end_on_exit: true,
            wait_audio: some("https://example.com/wait.mp3"),
            max_members: 5,
        })),
    );
    assert_eq!(told("conference", config), expected);
    let config = json!({
        "name": "case", "role": "supervisor", "coach": true, "muted": true, "on_hold": true, "start_on_enter": false, "end_on_exit": true, "record": true, "max_members": 4,
        "wait_audio": "https://example.com/w.mp3", "agent_hold_audio": "https://example.com/a.mp3", "customer_hold_audio": "https://example.com/c.mp3",
    });
    let expected = Then::MultiParty(Box::new(MultiParty {
        name: "case".to_owned(),
        role: Role::Supervisor,
        muted: true,
        on_hold: true,
        coaches: true,
        start_on_enter: false,
        end_on_exit: true,
        wait_audio: some("https://example.com/w.mp3"),
        agent_hold_audio: some("https://example.com/a.mp3"),
        customer_hold_audio: some("https://example.com/c.mp3"),
        recording: Some(recording(1)),
        max_members: 4,
    }));
    assert_eq!(told("multi_party_call", config).then, expected);
}

#[test]
fn a_recording_of_a_call_is_asked_for_as_wanted() {
    let workflow = workflow_of(
        "record_call",
        json!({ "format": "wav", "time_limit_s": 60, "transcribe": true }),
    );
    let how = Recording { id: EffectId(1), as_wav: true, transcribe: true };
    let effects = begin(&workflow, call()).1;
    assert_eq!(effects, [Effect::StartRecording { leg: LegId::FIRST, how, time_limit_s: 60 }]);
}

#[test]
fn a_room_without_its_pin_stays_shut() {
    for pin in ["{{ nothing }}", "{{ vip }}"] {
        let workflow = workflow_of("conference", json!({ "name": "board", "pin": pin }));
        let (run, _) = begin(&workflow, call());
        assert_eq!(run.variables_json()["It"]["error"], "the room has no PIN", "{pin}");
    }
}

#[test]
fn what_a_caller_is_asked_for_as_a_secret_is_shown_as_dots() {
    let leg = LegId::FIRST;
    let digits = || Event::Digits { leg, turn: 1, digits: "2468".to_owned() };
    let speech =
        Event::Speech { leg, turn: 1, text: "open sesame".to_owned(), confidence: Some(0.9) };
    let cases = [
        ("get_digits", digits(), "digits", "••••"),
        ("get_speech", digits(), "digits", "••••"),
        ("get_speech", speech, "speech", "•••••••••••"),
    ];
    for (kind, event, variable, shown) in cases {
        let workflow = workflow_of(kind, json!({ "sensitive": true, "max_digits": 4 }));
        let (mut run, _) = begin(&workflow, call());
        run.handle(&workflow, Input { at: Time(1), event });
        let variables = run.variables_json();
        assert_eq!(variables["It"][variable], shown, "{kind}");
        assert_eq!(variables["It"]["input"], shown, "{kind}");
        assert_eq!(run.secrets().len(), 1, "{kind}");
    }
}

#[test]
fn what_is_wrong_with_a_voice_node_is_told_at_its_field() {
    let cases: &[(&str, Json, &[&str])] = &[
        (
            "speak",
            json!({ "text": "Hi", "loop": 0, "before_answer": true }),
            &["loop_before_answer loop"],
        ),
        (
            "play_audio",
            json!({ "url": "https://example.com/a.mp3", "loop": 0, "before_answer": true }),
            &["loop_before_answer loop"],
        ),
        ("get_digits", json!({ "pattern": "[0-9" }), &["wrong_value pattern"]),
        ("get_speech", json!({ "pause_s": 1 }), &["pause_too_short pause_s"]),
        ("get_speech", json!({ "hints": vec!["x"; 501] }), &["too_many_hints hints"]),
        (
            "record_audio",
            json!({ "wait_for_transcription_s": 5 }),
            &["waits_for_nothing wait_for_transcription_s"],
        ),
        (
            "make_call",
            json!({ "to": "+1", "voicemail_message": { "speak": "Hi" } }),
            &["message_without_detection voicemail_message"],
        ),
        (
            "make_call",
            json!({ "to": "+1", "machine_detection": "perhaps" }),
            &["wrong_value machine_detection"],
        ),
        (
            "make_call",
            json!({ "to": "+1", "sip_headers": { "a b": "c" } }),
            &["bad_sip_header sip_headers.a b"],
        ),
        ("call_forward", json!({ "to": "+1", "confirm_key": "1" }), &["key_is_not_told screening"]),
        (
            "transfer_call",
            json!({ "to": "+1", "accept_key": "1" }),
            &["key_is_not_told announcement"],
        ),
        ("conference", json!({ "name": "r", "pin": "ada" }), &["bad_pin pin"]),
        (
            "conference",
            json!({ "name": "r", "pin_prompt": { "speak": "PIN?" } }),
            &["pin_is_missing pin"],
        ),
        ("conference", json!({ "name": "r", "pin": "{{ pin }}" }), &[]),
        (
            "multi_party_call",
            json!({ "name": "r", "coach": true }),
            &["coach_is_no_supervisor coach"],
        ),
    ];
    for (kind, config, expected) in cases {
        let nodes = json!({ "Start": { "kind": "start", "next": { "incoming_call": "It" } }, "It": { "kind": kind, "config": config } });
        let document = json!({ "format": 1, "id": "w", "name": "W", "nodes": nodes });
        let document = workflow::read_value(document).expect("it can be read");
        let found: Vec<String> = workflow::check(&document)
            .into_iter()
            .filter(|problem| problem.code != "unknown_variable")
            .filter_map(|problem| {
                let (_, field) = problem.pointer.split_once("/config/")?;
                Some(format!("{} {}", problem.code, field.replace('/', ".")))
            })
            .collect();
        assert_eq!(&found, expected, "{kind} {config}");
    }
}
