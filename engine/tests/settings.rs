//! What each component finds wrong with its own settings, and what it hands over where a transcript does not show it.

use engine::{
    Document, Effect, Event, HttpAuth, Input, Run, RunId, RunStatus, Secret, Time, Trigger,
    Workflow, limits, workflow,
};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

fn document(kind: &str, config: Json) -> Document {
    let nodes = json!({
        "Start": { "kind": "start", "next": { "api_request": "It" } },
        "It": { "kind": kind, "config": config },
    });
    let nodes = if kind == "start" {
        json!({ "Start": { "kind": "start", "config": config, "next": { "api_request": "It" } }, "It": { "kind": "wait", "config": { "for_s": 1 } } })
    } else {
        nodes
    };
    let document = json!({ "format": 1, "id": "w", "name": "W", "nodes": nodes });
    workflow::read_value(document).expect("it can be read")
}

/// The codes of a component's settings and their fields, without what is wrong with the workflow around it.
fn wrong(kind: &str, config: Json) -> Vec<String> {
    let of_settings = workflow::check(&document(kind, config)).into_iter().filter_map(|problem| {
        // What is missing around it is not the matter here.
        if problem.code == "unknown_variable" {
            return None;
        }
        let field = problem.pointer.split_once("/config/")?.1.replace('/', ".");
        Some(format!("{} {field}", problem.code))
    });
    of_settings.collect()
}

#[test]
fn each_component_tells_what_is_wrong_with_its_settings() {
    let cases: &[(&str, Json, &[&str])] = &[
        (
            "start",
            json!({ "schedule": { "cron": "0 9 * * mon-fri", "time_zone": "Europe/Berlin" } }),
            &[],
        ),
        ("start", json!({ "schedule": { "cron": "", "time_zone": "" } }), &[]),
        ("start", json!({ "schedule": { "cron": "0 25 * * *" } }), &["bad_schedule schedule.cron"]),
        (
            "start",
            json!({ "schedule": { "cron": "0 9 * * *", "time_zone": "CEST" } }),
            &["unknown_time_zone schedule.time_zone"],
        ),
        ("start", json!({ "webhook_secret": { "$secret": "shop" } }), &[]),
        ("start", json!({ "webhook_secret": "whsec_123" }), &["secret_in_file webhook_secret"]),
        (
            "send_sms",
            json!({ "to": "+1", "text": "Hi", "from": "Riverside Clinic" }),
            &["bad_sender from"],
        ),
        ("send_sms", json!({ "to": "+1", "text": "Hi", "from": "{{ sender }}" }), &[]),
        (
            "send_sms",
            json!({ "to": "+1", "text": "Hi", "media_urls": vec!["https://example.com/1.png"; 11] }),
            &["too_many_media media_urls"],
        ),
        ("send_whatsapp", json!({ "to": "+1" }), &["missing_field text"]),
        ("send_whatsapp", json!({ "to": "+1", "media_urls": ["https://example.com/1.png"] }), &[]),
        (
            "send_whatsapp",
            json!({ "to": "+1", "text": "Hi", "from": "Clinic" }),
            &["bad_sender from"],
        ),
        (
            "send_whatsapp",
            json!({ "to": "+1", "type": "template" }),
            &["missing_field template_name"],
        ),
        (
            "send_whatsapp",
            json!({ "to": "+1", "type": "interactive" }),
            &["missing_field text", "missing_field buttons"],
        ),
        (
            "send_whatsapp",
            json!({ "to": "+1", "type": "interactive", "text": "?", "buttons": ["a", "b", "c", "This is far too much to say"] }),
            &["too_many_buttons buttons", "button_too_long buttons.3"],
        ),
        (
            "sms_menu",
            json!({ "choices": [{ "name": "other" }, { "name": "A" }, { "name": "A" }, { "name": "B", "accepts": ["a!"] }] }),
            &[
                "name_taken choices.0.name",
                "name_twice choices.2.name",
                "answer_twice choices.3.name",
            ],
        ),
        (
            "sms_menu",
            json!({ "text": "?", "from": "Clinic", "retries": 1 }),
            &["bad_sender from", "retries_of_nothing retries"],
        ),
        (
            "email",
            json!({ "to": "team@example.com, Ada", "subject": "S", "text": "T", "reply_to": "a b@example.com" }),
            &["bad_address to", "bad_address reply_to"],
        ),
        ("email", json!({ "to": ["{{ people }}"], "subject": "S", "text": "T" }), &[]),
        ("loop", json!({}), &["missing_field over"]),
        ("loop", json!({ "over": "{{ a }}", "times": "3" }), &["missing_field over"]),
        ("loop", json!({ "times": "many" }), &["wrong_value times"]),
        ("loop", json!({ "times": 10_000 }), &[]),
        ("counter", json!({}), &["missing_field max_count"]),
        ("counter", json!({ "max_count": 0 }), &["missing_field max_count"]),
        ("script", json!({ "code": "let x = ;" }), &["bad_script code"]),
        ("script", json!({ "code": "import \"fs\" as fs; 1" }), &["bad_script code"]),
        ("wait", json!({ "until": "18:00", "time_zone": "Europe/Berlin" }), &[]),
        ("wait", json!({ "until": "2026-12-24 18:00" }), &[]),
        ("wait", json!({ "until": "tomorrow" }), &["bad_moment until"]),
        (
            "wait",
            json!({ "until": "18:00", "time_zone": "Berlin" }),
            &["unknown_time_zone time_zone"],
        ),
        (
            "business_hours",
            json!({ "time_zone": "Mars/Olympus", "hours": { "mon": ["09:00-17:00"] } }),
            &["unknown_time_zone time_zone"],
        ),
        (
            "business_hours",
            json!({ "time_zone": "UTC", "hours": { "mon": [] } }),
            &["never_open hours"],
        ),
        (
            "business_hours",
            json!({ "time_zone": "UTC", "hours": { "mon": ["09:00-17:00", "12:00-18:00"] }, "holidays": [{ "date": "12-25" }, { "date": "12-25" }] }),
            &["hours_overlap hours.mon", "holiday_twice holidays.1.date"],
        ),
        (
            "business_hours",
            json!({ "time_zone": "UTC", "hours": { "mon": ["nine to five"] } }),
            &["wrong_value hours.mon.0"],
        ),
        (
            "business_hours",
            json!({ "time_zone": "UTC", "hours": { "mon": ["09:00-17:00"] }, "holidays": [{ "date": "25.12." }] }),
            &["wrong_value holidays.0.date"],
        ),
        ("http_request", json!({ "url": "ftp://example.com" }), &["bad_url url"]),
        (
            "http_request",
            json!({ "url": "https://example.com", "method": "HEAD", "body": { "text": "x" } }),
            &["body_of_get body"],
        ),
        (
            "http_request",
            json!({ "url": "https://example.com", "save": { "run": "1" } }),
            &["bad_variable_name save.run"],
        ),
        (
            "http_request",
            json!({ "url": "https://example.com", "auth": { "client_credentials": { "token_url": "example.com", "client_id": "a", "client_secret": "b" } } }),
            &["bad_url auth.client_credentials.token_url"],
        ),
        (
            "database_query",
            json!({ "connection": "crm", "sql": "select {{ a }}" }),
            &["values_in_sql sql"],
        ),
        (
            "database_query",
            json!({ "connection": "crm", "sql": "delete from t where a = ?" }),
            &["bad_sql sql", "sql_params params"],
        ),
        (
            "database_query",
            json!({ "connection": "crm", "sql": "select '?'; select 1" }),
            &["bad_sql sql"],
        ),
    ];
    let mut differences = Vec::new();
    for (kind, config, expected) in cases {
        let found = wrong(kind, config.clone());
        if found != *expected {
            differences.push(format!("{kind} {config}: {found:?}, not {expected:?}"));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn a_way_in_is_told_that_needs_a_setting_and_a_setting_that_needs_its_way_in() {
    let found = |config: Json, next: Json| {
        let nodes = json!({
            "Start": { "kind": "start", "config": config, "next": next },
            "It": { "kind": "wait", "config": { "for_s": 1 } },
        });
        let document = json!({ "format": 1, "id": "w", "name": "W", "nodes": nodes });
        let problems = workflow::check(&workflow::read_value(document).expect("it can be read"));
        assert!(problems.iter().all(|problem| !problem.is_error()));
        problems.into_iter().map(|problem| problem.pointer).collect::<Vec<_>>()
    };
    let ways_in = json!({ "schedule": "It", "webhook": "It" });
    let set =
        json!({ "schedule": { "cron": "0 9 * * *" }, "webhook_secret": { "$secret": "shop" } });
    assert_eq!(
        found(json!({}), ways_in.clone()),
        ["/nodes/Start/config/schedule", "/nodes/Start/config/webhook_secret"]
    );
    assert_eq!(
        found(set.clone(), json!({ "api_request": "It" })),
        ["/nodes/Start/next/schedule", "/nodes/Start/next/webhook"]
    );
    assert!(found(set, ways_in).is_empty());
}

fn start(kind: &str, config: Json, trigger: Trigger) -> (Workflow, Run, Vec<Effect>) {
    let workflow = Workflow::new(document(kind, config)).expect("it has no errors");
    let input = Input { at: Time(0), event: Event::Started(trigger) };
    let (run, output) = Run::start(&workflow, RunId("r".into()), input);
    (workflow, run, output.effects.into_iter().map(|(_, effect)| effect).collect())
}

fn request() -> Trigger {
    Trigger::ApiRequest { params: BTreeMap::from([("id".to_owned(), "crm-7".into())]) }
}

#[test]
fn a_token_is_asked_for_with_a_secret_that_the_engine_never_sees() {
    let config = json!({
        "url": "https://example.com",
        "auth": { "client_credentials": { "token_url": "https://id.example.com/token", "client_id": "{{ id }}", "client_secret": { "$secret": "crm" }, "scope": "read" } },
    });
    let (_, _, effects) = start("http_request", config, request());
    let [Effect::HttpRequest(request)] = effects.as_slice() else { panic!("{effects:?}") };
    let expected = HttpAuth::ClientCredentials {
        token_url: "https://id.example.com/token".to_owned(),
        client_id: "crm-7".to_owned(),
        client_secret: Secret::Named { name: "crm".to_owned() },
        scope: "read".to_owned(),
    };
    assert_eq!(request.auth, Some(expected));
}

#[test]
fn a_text_is_asked_of_the_number_that_the_answer_comes_to() {
    let trigger = || Trigger::IncomingMessage {
        message_uuid: "m".into(),
        from: "+14155550100".into(),
        to: "+15550100000".into(),
        text: "Hi".into(),
        media_urls: Vec::new(),
    };
    let nodes = |config: Json| {
        json!({ "format": 1, "id": "w", "name": "W", "nodes": {
            "Start": { "kind": "start", "next": { "incoming_message": "Pause" } },
            "Pause": { "kind": "wait", "config": { "for_s": 1 }, "next": { "done": "It" } },
            "It": { "kind": "sms_menu", "config": config },
        } })
    };
    for (config, ours, sender) in [
        (json!({ "text": "?" }), Some("+15550100000"), Some("+15550100000")),
        (
            json!({ "text": "?", "from": "+15550100099" }),
            Some("+15550100099"),
            Some("+15550100099"),
        ),
        (
            json!({ "text": "?", "from": "5ec4c8c9-cd74-42b5-9e41-0d7670d6bb46" }),
            None,
            Some("5ec4c8c9-cd74-42b5-9e41-0d7670d6bb46"),
        ),
    ] {
        let document = workflow::read_value(nodes(config)).expect("it can be read");
        let workflow = Workflow::new(document).expect("it has no errors");
        let input = Input { at: Time(0), event: Event::Started(trigger()) };
        let (mut run, _) = Run::start(&workflow, RunId("r".into()), input);
        // Who wrote is still known after something else has happened.
        let output = run.handle(&workflow, Input { at: Time(1_000), event: Event::Woke });
        let [(_, Effect::SendMessage(message))] = output.effects.as_slice() else {
            panic!("{output:?}")
        };
        assert_eq!((message.to.as_str(), message.from.as_deref()), ("+14155550100", sender));
        let [awaited] = &run.awaited()[..] else { panic!("{run:?}") };
        assert_eq!((awaited.theirs.as_str(), awaited.ours.as_deref()), ("+14155550100", ours));
    }
}

#[test]
fn workflows_that_run_each_other_are_stopped_some_levels_down() {
    let at_depth = |depth| {
        let trigger =
            Trigger::RunWorkflow { params: BTreeMap::new(), parent: RunId("p".into()), depth };
        start("run_workflow", json!({ "workflow": "w" }), trigger)
    };
    let (_, _, effects) = at_depth(limits::RUN_DEPTH_MAX - 1);
    assert!(
        matches!(effects.as_slice(), [Effect::StartRun(start)] if start.depth == limits::RUN_DEPTH_MAX)
    );
    let (_, run, effects) = at_depth(limits::RUN_DEPTH_MAX);
    assert!(effects.is_empty() && run.status() == RunStatus::Completed);
    let error = run.variables_json()["It"]["error"].to_string();
    assert!(error.contains("runs itself"), "{error}");
}

#[test]
fn a_list_as_long_as_may_be_is_walked_to_its_end_and_begun_anew() {
    let document = workflow::read_value(json!({ "format": 1, "id": "w", "name": "W", "nodes": {
        "Start": { "kind": "start", "next": { "api_request": "All" } },
        "All": { "kind": "loop", "config": { "times": "2" }, "next": { "each": "Names" } },
        "Names": { "kind": "loop", "config": { "over": "{{ names }}" }, "next": { "each": "Pause", "done": "All" } },
        "Pause": { "kind": "wait", "config": { "for_s": 1 }, "next": { "done": "Names" } },
    } })).expect("it can be read");
    let workflow = Workflow::new(document).expect("it has no errors");
    let count = 1_000;
    let names: Vec<Json> = (0..count).map(Json::from).collect();
    let params = BTreeMap::from([("names".to_owned(), Json::from(names).into())]);
    let input = Input { at: Time(0), event: Event::Started(Trigger::ApiRequest { params }) };
    let (mut run, _) = Run::start(&workflow, RunId("r".into()), input);
    let mut seen = Vec::new();
    let mut at = Time(0);
    while !run.status().is_final() {
        seen.extend(run.variables_json()["Names"]["item"].as_i64());
        at = at.plus_s(1);
        run.handle(&workflow, Input { at, event: Event::Woke });
    }
    assert_eq!((run.status(), run.problem()), (RunStatus::Completed, None));
    assert_eq!(seen, (0..count).chain(0..count).collect::<Vec<i64>>());
}
