//! Checks that know telephones: what callers would suffer from, and that one press mends it.

use engine::{Document, NodeDocument, NodeName, Problem, components, limits, workflow};
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;

fn document(nodes: Json) -> Document {
    let json = json!({ "format": 1, "id": "w", "name": "W", "nodes": nodes });
    workflow::read_value(json).expect("it is a workflow file")
}

/// Each problem as `code at pointer`, with ` → label` where it can be mended at once.
fn told(document: &Document) -> Vec<String> {
    let line = |problem: Problem| {
        let fix = problem.fix.map(|fix| format!(" → {}", fix.label)).unwrap_or_default();
        format!("{} at {}{fix}", problem.code, problem.pointer.replacen("/nodes/", "", 1))
    };
    workflow::check(document).into_iter().map(line).collect()
}

/// Checks what is told, and that nothing of it is told any more after everything that can be was mended, one after the other.
#[track_caller]
fn check(nodes: Json, expected: &[&str], left: &[&str]) -> Document {
    let mut document = document(nodes);
    assert_eq!(told(&document), expected);
    while let Some(fix) = workflow::check(&document).into_iter().find_map(|problem| problem.fix) {
        let before = document.clone();
        fix.apply(&mut document);
        assert_ne!(document, before, "{fix:?} changes nothing");
    }
    assert_eq!(told(&document), left);
    document
}

#[test]
fn whoever_says_nothing_or_presses_nonsense_is_not_cut_off() {
    let mended = check(
        json!({
            "Start": { "kind": "start", "next": { "incoming_call": "Menu" } },
            "Menu": { "kind": "ivr_menu", "config": { "prompt": { "speak": "For sales, press 1. For the time, press 2." }, "choices": [{ "key": "1" }, { "key": "2", "label": "Time" }] }, "next": { "1": "Sales" } },
            "Sales": { "kind": "speak", "config": { "text": "We call you back." } },
        }),
        &[
            "silence_unanswered at Menu/next/no_input → Say goodbye there",
            "ends_without_a_word at Menu/next/2 → Say goodbye there",
        ],
        &[],
    );
    assert_eq!(mended.nodes["Menu"].next["no_input"], NodeName::from("Goodbye"));
    assert_eq!(mended.nodes["Menu"].next["wrong_input"], NodeName::from("Goodbye"));
    assert_eq!(mended.nodes["Menu"].next["2"], NodeName::from("Goodbye2"));
    // No key is wrong where all are allowed and one is enough; and a goodbye may end.
    check(
        json!({
            "Start": { "kind": "start", "next": { "incoming_call": "Ask" } },
            "Ask": { "kind": "get_digits", "next": { "digits": "Bye", "no_input": "Bye" } },
            "Bye": { "kind": "speak", "config": { "text": "Goodbye." }, "next": { "completed": "Note" } },
            "Note": { "kind": "send_sms", "config": { "to": "+14155550100", "text": "Somebody called." } },
        }),
        &[],
        &[],
    );
}

#[test]
fn only_ends_that_leave_somebody_waiting_for_a_word_are_told() {
    check(
        json!({
            "Start": { "kind": "start", "next": { "incoming_call": "Ring", "api_request": "Ring" } },
            // Nobody waits after an API request; the incoming caller does, and so does whoever answers.
            "Ring": { "kind": "make_call", "config": { "to": "+14155550100" } },
        }),
        &["ends_without_a_word at Ring/next/answered → Say goodbye there"],
        &[],
    );
    check(
        json!({
            "Start": { "kind": "start", "next": { "incoming_call": "Room", "api_request": "Ring" } },
            "Ring": { "kind": "make_call", "config": { "to": "+14155550100", "machine_detection": true }, "next": { "answered": "Room", "voicemail": "Check" } },
            // A machine may be hung up on, whoever hung up is gone, and a room with a name cannot fail.
            "Room": { "kind": "conference", "config": { "name": "oncall" }, "next": { "hung_up": "Check" } },
            "Check": { "kind": "condition", "config": { "when": "Ring.to != ()" } },
        }),
        &[],
        &[],
    );
    check(
        json!({
            "Start": { "kind": "start", "next": { "incoming_call": "Check" } },
            "Check": { "kind": "condition", "config": { "when": "Start.request_type == 1" }, "next": { "true": "Off" } },
            "Off": { "kind": "hangup" },
        }),
        &["ends_without_a_word at Check/next/false → Say goodbye there"],
        &[],
    );
    // The same question where some are on the line and some are not asks who is.
    check(
        json!({
            "Start": { "kind": "start", "next": { "incoming_call": "Check", "api_request": "Check" } },
            "Check": { "kind": "condition", "config": { "when": "Start.request_type == \"call\"" }, "next": { "true": "Off" } },
            "Off": { "kind": "hangup" },
        }),
        &[],
        &[],
    );
}

#[test]
fn nobody_can_be_spoken_to_who_is_not_on_the_line() {
    let mended = check(
        json!({
            "Start": { "kind": "start", "next": { "api_request": "First", "incoming_message": "Read" } },
            "First": { "kind": "set_variable", "config": { "values": { "a": "1" } }, "next": { "done": "Hello" } },
            "Hello": { "kind": "speak", "config": { "text": "Hello." }, "next": { "completed": "Off" } },
            "Read": { "kind": "speak", "config": { "text": "{{ Start.message.text }}" }, "next": { "completed": "Off" } },
            "Off": { "kind": "hangup" },
        }),
        &["no_call at Hello → Ring them first", "no_call at Read → Ring them first"],
        &[],
    );
    assert_eq!(mended.nodes["Ring"].config["to"], json!("{{ to }}"));
    assert_eq!(mended.nodes["Ring2"].config["to"], json!("{{ Start.message.from }}"));
    // Those who hung up are not rung by themselves, and callers are not rung who are there.
    check(
        json!({
            "Start": { "kind": "start", "next": { "incoming_call": "Hello", "api_request": "Hello" } },
            "Hello": { "kind": "speak", "config": { "text": "Hello." }, "next": { "hung_up": "More" } },
            "More": { "kind": "speak", "config": { "text": "Are you there?" } },
        }),
        &["no_call at Hello → Ring them first", "no_call at More"],
        &["no_call at More"],
    );
}

#[test]
fn rounds_need_something_from_outside() {
    let endless = document(json!({
        "Start": { "kind": "start", "next": { "api_request": "A" } },
        "A": { "kind": "set_variable", "config": { "values": { "a": "1" } }, "next": { "done": "B" } },
        "B": { "kind": "condition", "config": { "when": "a == 1" }, "next": { "true": "A", "false": "A" } },
    }));
    assert_eq!(told(&endless), ["endless_round at A"]);
    let mended = check(
        json!({
            "Start": { "kind": "start", "next": { "api_request": "A", "incoming_call": "Menu" } },
            "A": { "kind": "set_variable", "config": { "values": { "a": "{{ a | plus: 1 }}" } }, "next": { "done": "B" } },
            "B": { "kind": "condition", "config": { "when": "a < 10" }, "next": { "true": "A" } },
            // Asking waits; but nobody answers who hung up.
            "Menu": { "kind": "get_digits", "next": { "digits": "Menu", "no_input": "Menu", "hung_up": "Menu" } },
        }),
        &[
            "round_without_wait at A → Wait a second in each round",
            "round_without_wait at Menu → End it when they hang up",
        ],
        &[],
    );
    assert_eq!(mended.nodes["Wait"].next["done"], NodeName::from("A"));
    assert_eq!(mended.nodes["B"].next["true"], NodeName::from("Wait"));
}

#[test]
fn branches_take_the_call_along_and_bring_it_back() {
    check(
        json!({
            "Start": { "kind": "start", "next": { "incoming_call": "Both", "api_request": "Ring_two" } },
            "Both": { "kind": "parallel", "config": { "branches": ["talk", "text"] }, "next": { "talk": "Hello", "text": "Note", "joined": "Bye" } },
            "Hello": { "kind": "get_digits", "config": { "prompt": { "speak": "Press a key. {{ Note.message_uuid }}" } } },
            "Note": { "kind": "send_sms", "config": { "to": "+14155550100", "text": "{{ Start.call.from }}" }, "next": { "failed": "Wrong" } },
            "Wrong": { "kind": "speak", "config": { "text": "No text." } },
            "Bye": { "kind": "speak", "config": { "text": "{{ Hello.digits }} {{ Note.message_uuid }} {{ Ring.to }}" } },
            "Ring_two": { "kind": "parallel", "config": { "branches": ["one", "two"], "join": "first" }, "next": { "one": "Ring", "two": "Wait", "joined": "Again" } },
            "Ring": { "kind": "make_call", "config": { "to": "{{ to }}" } },
            "Wait": { "kind": "wait", "config": { "for_s": 60 } },
            // Whoever was rung in a branch is here; and a round of branches that wait is fine.
            "Again": { "kind": "get_digits", "config": { "prompt": { "speak": "{{ Bye }}" } }, "next": { "digits": "Ring_two", "no_input": "Ring_two" } },
        }),
        &[
            "no_call at Wrong",
            "read_too_early at Again/config/prompt/speak",
            "read_too_early at Bye/config/text",
        ],
        &[
            "no_call at Wrong",
            "read_too_early at Again/config/prompt/speak",
            "read_too_early at Bye/config/text",
        ],
    );
}

#[test]
fn variables_are_read_when_they_can_have_a_value() {
    let mended = check(
        json!({
            "Start": { "kind": "start", "config": { "params": { "severity": {} } }, "next": { "api_request": "Text" } },
            "Text": { "kind": "send_sms", "config": { "to": "{{ to }}", "text": "{{ severty }} {{ Ask.response.a }} {{ later }} {{ customer }}" }, "next": { "sent": "Ask" } },
            "Ask": { "kind": "http_request", "config": { "url": "https://example.com/{{ Text.message_uid }}/{{ Start.call.from }}" }, "next": { "success": "Set" } },
            "Set": { "kind": "set_variable", "config": { "values": { "later": "{{ Set.later }}", "Ask": "{{ Ask.response.status | default: Aks.response }}" } }, "next": { "done": "End" } },
            "End": { "kind": "condition", "config": { "when": "Set.later == 1 && to_int(later) > 1 && reason != ()" } },
        }),
        &[
            "name_clash at Set/config/values/Ask",
            "unknown_variable at Ask/config/url → Write Text.message_uuid",
            "read_too_early at Ask/config/url",
            "unknown_variable at End/config/when → Write later",
            "unknown_variable at Set/config/values/later → Write later",
            "unknown_variable at Text/config/text → Write severity",
            "read_too_early at Text/config/text",
            "read_too_early at Text/config/text",
            "unknown_variable at Text/config/text → Make customer a parameter",
        ],
        &[
            "name_clash at Set/config/values/Ask",
            "read_too_early at Ask/config/url",
            "read_too_early at Text/config/text",
            "read_too_early at Text/config/text",
        ],
    );
    assert_eq!(mended.nodes["Start"].config["params"], json!({ "customer": {}, "severity": {} }));
    assert_eq!(
        mended.nodes["End"].config["when"],
        json!("later == 1 && to_int(later) > 1 && reason != ()")
    );
    assert_eq!(mended.nodes["Set"].config["values"]["later"], json!("{{ later }}"));
}

#[test]
fn comparisons_that_never_hold_are_told() {
    let mended = check(
        json!({
            "Start": { "kind": "start", "config": { "params": { "count": { "type": "number" }, "urgent": { "type": "yes_no" } } }, "next": { "incoming_call": "Menu" } },
            "Menu": { "kind": "get_digits", "next": { "digits": "Key", "no_input": "Off" } },
            "Key": { "kind": "switch", "config": { "value": "{{ Menu.digits }}", "cases": [
                { "name": "One", "equals": "one" }, { "name": "Two", "in": ["2", "TWO"] }, { "name": "Many", "at_least": "many" }, { "name": "More", "when": "Menu.digits > \"3\" && Menu.digits <= \"12\"" },
            ] }, "next": { "One": "Off", "Two": "Count", "Many": "Off", "More": "Urgent", "no_match": "Off" } },
            "Count": { "kind": "switch", "config": { "value": "{{ count }}", "cases": [{ "name": "A", "equals": "few" }, { "name": "B", "equals": "3" }, { "name": "C", "equals": "{{ Menu.digits }}" }] },
                "next": { "A": "Off", "B": "Off", "C": "Off", "no_match": "Off" } },
            "Urgent": { "kind": "switch", "config": { "value": "{{ Start.http.params.urgent }}", "cases": [{ "name": "Yes", "equals": "yes" }] }, "next": { "Yes": "Off", "no_match": "Off" } },
            "Off": { "kind": "hangup" },
        }),
        &[
            "read_too_early at Urgent/config/value",
            "text_and_number at Count/config/cases/0/equals",
            "text_and_number at Key/config/cases/0/equals → Compare with 1",
            "text_and_number at Key/config/cases/1/in/1 → Compare with 2",
            "text_and_number at Key/config/cases/2/at_least",
            "text_and_number at Key/config/cases/3/when → Compare as number",
            "text_and_number at Urgent/config/cases/0/equals → Compare with true",
        ],
        &[
            "read_too_early at Urgent/config/value",
            "text_and_number at Count/config/cases/0/equals",
            "text_and_number at Key/config/cases/2/at_least",
        ],
    );
    let cases = &mended.nodes["Key"].config["cases"];
    assert_eq!(cases[1]["in"], json!(["2", "2"]));
    assert_eq!(cases[3]["when"], json!("Menu.digits > 3 && Menu.digits <= 12"));
}

#[test]
fn people_are_told_before_they_are_recorded() {
    let mended = check(
        json!({
            "Start": { "kind": "start", "next": { "incoming_call": "Room", "api_request": "Ring" } },
            "Ring": { "kind": "make_call", "config": { "to": "{{ to }}", "record": true }, "next": { "answered": "Hello" } },
            "Hello": { "kind": "speak", "config": { "text": "Good morning." }, "next": { "completed": "Room" } },
            "Room": { "kind": "conference", "config": { "name": "oncall", "record": true } },
        }),
        &[
            "unannounced_recording at Ring/config/record → Say it first",
            "unannounced_recording at Room/config/record → Say it first",
        ],
        &[],
    );
    assert_eq!(mended.nodes["Ring"].next["answered"], NodeName::from("Announcement"));
    for words in [
        json!({ "kind": "speak", "config": { "text": "Dieser Anruf wird aufgezeichnet." }, "next": { "completed": "Room" } }),
        json!({ "kind": "speak", "config": { "text": "通話は録音されます。", "language": "ja-JP" }, "next": { "completed": "Room" } }),
        json!({ "kind": "play_audio", "config": { "url": "https://example.com/legal.mp3" }, "next": { "completed": "Room" } }),
    ] {
        let nodes = json!({
            "Start": { "kind": "start", "next": { "incoming_call": "Say" } },
            "Say": words,
            "Room": { "kind": "conference", "config": { "name": "oncall", "record": true } },
        });
        check(nodes, &[], &[]);
    }
}

#[test]
fn menus_are_short_and_texts_cost_what_they_look_like() {
    let long = "a".repeat(100);
    let choices: Vec<Json> = (1..=6).map(|key| json!({ "key": key.to_string() })).collect();
    let next: serde_json::Map<String, Json> =
        ["1", "2", "3", "4", "5", "6", "no_input", "wrong_input"]
            .map(|state| (state.to_owned(), json!("Curly")))
            .into_iter()
            .collect();
    let send = |text: String| json!({ "kind": "send_sms", "config": { "to": "+14155550100", "text": text } });
    let mended = check(
        json!({
            "Start": { "kind": "start", "next": { "incoming_call": "Menu", "incoming_message": "Curly", "api_request": "Party" } },
            "Menu": { "kind": "ivr_menu", "config": { "prompt": { "play": "https://example.com/a.mp3" }, "choices": choices }, "next": next },
            "Curly": { "kind": "send_sms", "config": { "to": "+14155550100", "text": format!("It’s {long} {{{{ Start.message.text }}}}") }, "next": { "sent": "Bye", "failed": "Bye" } },
            "Bye": { "kind": "speak", "config": { "text": "Bye." } },
            "Party": { "kind": "send_sms", "config": { "to": "+14155550100", "text": format!("Party! {long} 🎉") }, "next": { "sent": "Short" } },
            "Short": { "kind": "send_sms", "config": { "to": "+14155550100", "text": "It’s 🎉!" }, "next": { "sent": "Long" } },
            "Long": { "kind": "send_sms", "config": { "to": "+14155550100", "text": long.repeat(5) }, "next": { "sent": "Russian" } },
            "Russian": send("Встреча переносится на завтра, на десять часов утра. Просим подтвердить участие.".to_owned()),
        }),
        &[
            "no_call at Bye",
            "text_longer_than_it_looks at Curly/config/text → Write ' instead",
            "long_text at Long/config/text",
            "too_many_choices at Menu/config/choices",
            "text_longer_than_it_looks at Party/config/text → Leave it out",
        ],
        &[
            "no_call at Bye",
            "long_text at Long/config/text",
            "too_many_choices at Menu/config/choices",
        ],
    );
    assert_eq!(mended.nodes["Party"].config["text"], json!(format!("Party! {long}")));
    assert!(mended.nodes["Curly"].config["text"].as_str().unwrap().starts_with("It's a"));
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the time that a check takes is what is measured")]
fn the_largest_workflow_is_checked_while_somebody_types() {
    // Everything leads to everything near it, everything reads what is far from it, and half of it branches or records.
    let name = |index: usize| NodeName::from(format!("N{}", index % limits::NODES_MAX));
    let mut document = Document::empty("large", "Large");
    document.nodes.get_mut("Start").expect("there is a start").next =
        ["api_request", "incoming_call", "incoming_message"]
            .map(|state| (state.into(), name(0)))
            .into();
    for index in 0..limits::NODES_MAX - 1 {
        let reads =
            format!("{{{{ N{}.digits }}}} {{{{ unknown{index} }}}}", index * 7 % limits::NODES_MAX);
        let (kind, config) = match index % 4 {
            0 => ("conference", json!({ "name": reads, "record": true })),
            1 => ("parallel", json!({ "branches": ["a", "b"] })),
            2 => ("set_variable", json!({ "values": { "v": reads } })),
            _ => ("get_digits", json!({ "prompt": { "speak": reads } })),
        };
        let config: serde_json::Map<String, Json> =
            serde_json::from_value(config).expect("it is an object");
        let mut states = components::states(kind, &config);
        states.push("hung_up".into());
        let next = states
            .into_iter()
            .enumerate()
            .map(|(step, state)| (state, name(index + 1 + step * 3)))
            .collect();
        document
            .nodes
            .insert(name(index), NodeDocument { kind: kind.to_owned(), label: None, config, next });
    }
    let begun = std::time::Instant::now();
    let problems = workflow::check(&document);
    let took = begun.elapsed();
    assert!(problems.len() > limits::NODES_MAX, "{}", problems.len());

    assert!(took.as_secs() < 10, "it took {took:?}, without optimization");
}

#[test]
fn every_code_has_a_page_and_every_page_a_code() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let mut codes = BTreeSet::new();
    collect_codes(std::path::Path::new(&format!("{root}/engine/src")), &mut codes);
    assert!(codes.len() > 40 && codes.contains("silence_unanswered"), "{codes:?}");
    let pages = std::fs::read_dir(format!("{root}/docs/problems")).expect("there are pages");
    let pages: BTreeSet<String> = pages
        .filter_map(|page| page.ok()?.file_name().to_str()?.strip_suffix(".md").map(str::to_owned))
        .filter(|page| page != "README")
        .collect();
    let missing: Vec<_> = codes.difference(&pages).collect();
    let needless: Vec<_> = pages.difference(&codes).collect();
    assert!(
        missing.is_empty() && needless.is_empty(),
        "no page: {missing:?}; no code: {needless:?}"
    );
    let index = std::fs::read_to_string(format!("{root}/docs/problems/README.md"))
        .expect("there is an index");
    for code in &codes {
        assert!(index.contains(&format!("({code}.md)")), "the index lacks {code}");
    }
}

/// Codes as they stand in the sources: the first argument of whatever makes a problem.
fn collect_codes(folder: &std::path::Path, codes: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).expect("sources can be listed").flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect_codes(&path, codes);
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("sources can be read");
        for maker in ["of_node(", "of_document(", ".error(", ".warning(", "Some(("] {
            for (at, _) in text.match_indices(maker) {
                let rest = text[at + maker.len()..].trim_start();
                let code = rest
                    .strip_prefix('"')
                    .and_then(|rest| rest.split_once("\","))
                    .map(|(code, _)| code);
                // A pair of texts is a problem's only if the first looks like a code.
                let is_code = |code: &&str| {
                    (code.contains('_') || !maker.starts_with("Some"))
                        && !code.is_empty()
                        && code.chars().all(|c| c.is_ascii_lowercase() || c == '_')
                };
                codes.extend(code.filter(is_code).map(str::to_owned));
            }
        }
    }
}
