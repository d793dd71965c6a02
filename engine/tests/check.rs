//! What is wrong with a workflow is told at once, each with its place and its remedy.

use engine::{Problem, Workflow, components, workflow};
use serde_json::{Value as Json, json};

/// Codes with the pointer of each problem, and a check that all say something to do.
fn problems(document: Json) -> Vec<(String, String)> {
    let found = match workflow::read_value(document) {
        Ok(document) => workflow::check(&document),
        Err(problems) => problems,
    };
    for problem in &found {
        assert!(problem.message.ends_with(['.', '?']) && !problem.remedy.is_empty(), "{problem:?}");
    }
    found.into_iter().map(|problem| (problem.code, problem.pointer)).collect()
}

fn expect(found: &[(String, String)], expected: &[(&str, &str)]) {
    let found: Vec<(&str, &str)> =
        found.iter().map(|(code, pointer)| (code.as_str(), pointer.as_str())).collect();
    assert_eq!(found, expected);
}

fn document(nodes: Json) -> Json {
    json!({ "format": 1, "id": "w", "name": "W", "nodes": nodes })
}

#[test]
fn everything_is_told_at_once() {
    let found = problems(document(json!({
        "Start": { "kind": "start", "next": { "incoming_call": "Menu", "api_request": "Nowhere", "later": "Menu" } },
        "Second": { "kind": "start" },
        "Menu": { "kind": "get_digits", "config": { "prompt": { "speak": "{{ a b }}" }, "max_digits": "four", "colour": 1 }, "next": { "digits": "Check" } },
        "Check": { "kind": "condition", "config": { "when": "1 +" }, "next": { "true": "Text", "false": "Odd" } },
        "Text": { "kind": "send_sms", "config": { "text": "{{ x | shout }}" } },
        "Odd": { "kind": "get_digit" },
        "not a name": { "kind": "hangup" },
    })));
    expect(
        &found,
        &[
            ("bad_expression", "/nodes/Check/config/when"),
            ("bad_template", "/nodes/Menu/config/prompt/speak"),
            ("wrong_value", "/nodes/Menu/config/max_digits"),
            ("unknown_field", "/nodes/Menu/config/colour"),
            ("unknown_kind", "/nodes/Odd/kind"),
            ("edge_to_nowhere", "/nodes/Start/next/api_request"),
            ("unknown_state", "/nodes/Start/next/later"),
            ("missing_field", "/nodes/Text/config/to"),
            ("bad_template", "/nodes/Text/config/text"),
            ("bad_node_name", "/nodes/not a name"),
            ("two_starts", "/nodes/Start"),
            ("unreachable", "/nodes/not a name"),
            ("silence_unanswered", "/nodes/Menu/next/no_input"),
            ("ends_without_a_word", "/nodes/Text/next/failed"),
        ],
    );
}

#[test]
fn rows_that_clash_are_told() {
    let found = problems(document(json!({
        "Start": { "kind": "start", "config": { "params": { "a b": {}, "n": { "type": "number", "default": "x" } } }, "next": { "api_request": "Switch" } },
        "Switch": { "kind": "switch", "config": { "value": "{{ n }}", "cases": [{ "name": "A", "equals": "1" }, { "name": "A", "equals": "2", "when": "true" }] }, "next": { "A": "Menu" } },
        "Menu": { "kind": "ivr_menu", "config": { "choices": [{ "key": "1" }, { "key": "1" }] }, "next": { "1": "Wait" } },
        "Wait": { "kind": "wait", "next": { "done": "Start" } },
    })));
    expect(
        &found,
        &[
            ("choice_twice", "/nodes/Menu/config/choices/1/key"),
            ("bad_param_name", "/nodes/Start/config/params/a b"),
            ("bad_default", "/nodes/Start/config/params/n"),
            ("case_twice", "/nodes/Switch/config/cases/1/name"),
            ("case_tests", "/nodes/Switch/config/cases/1/name"),
            ("missing_field", "/nodes/Wait/config/for_s"),
            ("edge_to_start", "/nodes/Wait/next/done"),
            ("no_call", "/nodes/Menu"),
        ],
    );
}

#[test]
fn warnings_do_not_keep_a_workflow_from_running() {
    let lone = document(json!({
        "Start": { "kind": "start", "next": { "incoming_call": "Hello" } },
        "Hello": { "kind": "speak", "config": { "text": "Hello {name}." } },
        "Lost": { "kind": "hangup" },
    }));
    expect(
        &problems(lone.clone()),
        &[("single_braces", "/nodes/Hello/config/text"), ("unreachable", "/nodes/Lost")],
    );
    assert!(Workflow::new(workflow::read_value(lone).expect("it can be read")).is_ok());
}

#[test]
fn what_is_no_workflow_file_is_refused_with_its_place() {
    expect(&problems(json!([])), &[("wrong_shape", "")]);
    expect(&problems(json!({})), &[("missing_format", "/format")]);
    expect(&problems(json!({ "format": 2 })), &[("newer_format", "/format")]);
    expect(&problems(json!({ "format": 1, "id": "w", "name": "W" })), &[("wrong_shape", "/nodes")]);
    expect(
        &problems(json!({ "format": 1, "id": "w", "name": "W", "nodes": {}, "colour": 1 })),
        &[("wrong_shape", "/colour")],
    );
    expect(
        &problems(document(json!({ "A": { "kind": 1 }, "B": { "next": [] } }))),
        &[("wrong_shape", "/nodes/A/kind"), ("wrong_shape", "/nodes/B/next")],
    );
    let broken = workflow::read("{\n  \"format\": 1,,\n}").expect_err("two commas are no JSON");
    assert_eq!(broken[0].code, "not_json");
    assert!(broken[0].message.contains("line 2, column 15"), "{}", broken[0].message);
    let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
    assert_eq!(workflow::read(&deep).expect_err("it is too deep")[0].code, "too_deep");
}

#[test]
fn names_of_other_products_are_read_as_ours() {
    let read = workflow::read_value(document(json!({ "Start": { "kind": "start" }, "Menu": { "kind": "get_input" }, "B": { "kind": "branch" } }))).expect("it can be read");
    let kinds: Vec<&str> = read.nodes.values().map(|node| node.kind.as_str()).collect();
    assert_eq!(kinds, ["switch", "get_digits", "start"]);
}

#[test]
fn every_component_is_described_completely() {
    let mut seen = Vec::new();
    for spec in components::LIBRARY {
        let example: serde_json::Map<String, Json> = serde_json::from_str(spec.example)
            .unwrap_or_else(|error| panic!("{}: {error}", spec.kind));
        assert!(spec.summary.ends_with('.') && spec.help.ends_with('.'), "{}", spec.kind);
        assert!(
            example.keys().all(|key| spec.fields.iter().any(|field| field.key == key)),
            "{}",
            spec.kind
        );
        for name in spec.aliases.iter().chain([&spec.kind]) {
            assert!(!seen.contains(name), "`{name}` is used twice");
            seen.push(name);
        }
        // Every field that the spec names is one the component reads: a null for each is taken as left out, an unknown key is not.
        let mut whole = example.clone();
        for field in spec.fields {
            whole.entry(field.key).or_insert(Json::Null);
        }
        let nodes = json!({ "Start": { "kind": "start", "next": { "api_request": "It" } }, "It": { "kind": spec.kind, "config": whole } });
        if spec.kind != "start" {
            let read = workflow::read_value(document(nodes)).expect("it can be read");
            let errors = workflow::check(&read).into_iter().filter(Problem::is_error);
            assert_eq!(errors.map(|error| error.to_string()).collect::<Vec<_>>(), [""; 0]);
            assert!(!components::summary(spec.kind, &example).is_empty(), "{}", spec.kind);
        }
    }
}

#[test]
fn the_canonical_text_is_stable_and_leaves_defaults_out() {
    let text = r#"{"nodes":{"Start":{"next":{"incoming_call":"Menu"},"kind":"start","config":{"params":{}}},"Menu":{"label":"","kind":"get_input","config":{"timeout_s":5,"max_digits":1,"retries":0,"finish_on_key":""}}},"layout":{"Menu":[3,-4]},"name":"Ü","id":"u","format":1,"description":""}"#;
    let once = workflow::canonical(&workflow::read(text).expect("it can be read"));
    let expected = r#"{
  "format": 1,
  "id": "u",
  "layout": {
    "Menu": [3, -4]
  },
  "name": "Ü",
  "nodes": {
    "Menu": {
      "config": {
        "finish_on_key": "",
        "max_digits": 1
      },
      "kind": "get_digits"
    },
    "Start": {
      "kind": "start",
      "next": {
        "incoming_call": "Menu"
      }
    }
  }
}
"#;
    assert_eq!(once, expected);
    assert_eq!(workflow::canonical(&workflow::read(&once).expect("it can be read again")), once);
}

#[test]
fn the_examples_deserve_no_warning() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../workflows");
    let files = std::fs::read_dir(folder).expect("there are examples");
    for path in files.map(|file| file.expect("it can be listed").path()) {
        if path.extension().is_some_and(|extension| extension == "json") {
            let text = std::fs::read_to_string(&path).expect("it can be read");
            let document = workflow::read(&text).expect("it is a workflow");
            let problems = workflow::check(&document);
            assert!(problems.is_empty(), "{}: {problems:#?}", path.display());
        }
    }
}
