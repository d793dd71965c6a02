//! How fast a run moves from node to node, and what a waiting one weighs. `cargo xtask bench` runs it; docs/benchmarks.md says how and why.

#![expect(clippy::print_stdout, reason = "its result is what it prints")]

use engine::{Event, Input, Note, Run, RunId, RunStatus, Time, Trigger, Value, Workflow, workflow};
use serde_json::{Map, Value as Json, json};
use std::{collections::BTreeMap, fs};

/// Processor time of one measurement, in nanoseconds.
const MEASURED_NS: u64 = 1_000_000_000;

/// Nodes between two waits: a run may not visit more than a thousand before something happens outside.
const NODES: usize = 90;

/// Waiting runs that are weighed together.
const RUNS: usize = 100_000;

fn main() {
    let what = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    match what.as_deref() {
        Some("values") => println!("{:.0}", visits_per_s(&values())),
        Some("formulas") => println!("{:.0}", visits_per_s(&formulas())),
        Some("memory") => println!("{:.0}", waiting_bytes()),
        _ => println!("say which: values, formulas or memory"),
    }
}

/// A third of the nodes each: decide by a value, fill in a text, copy a value.
fn values() -> Workflow {
    ring(|place| match place % 3 {
        0 => (
            "switch",
            json!({ "value": "{{ choice }}", "cases": [
                { "name": "Sales", "equals": "1" },
                { "name": "Support", "equals": "2" },
                { "name": "Billing", "equals": "3" },
            ] }),
            &["Sales", "Support", "Billing", "no_match"] as &[_],
        ),
        1 => (
            "set_variable",
            json!({ "values": { "greeting": "Hello {{ customer }}, you are number {{ count }}." } }),
            &["done"],
        ),
        _ => ("set_variable", json!({ "values": { "last": "{{ choice }}" } }), &["done"]),
    })
}

/// Every node works a formula out.
fn formulas() -> Workflow {
    ring(|place| {
        let when = match place % 3 {
            0 => "choice == \"2\"",
            1 => "choice == 2 && count >= 2",
            _ => "severity.to_lower() == \"high\" || count > 5",
        };
        ("condition", json!({ "when": when }), &["true", "false"])
    })
}

type Placed = (&'static str, Json, &'static [&'static str]);

/// A ring of nodes, in which a run has to wait once in a round.
fn ring(node: impl Fn(usize) -> Placed) -> Workflow {
    let mut nodes = Map::new();
    let params = json!({ "choice": {}, "customer": {}, "count": {}, "severity": {} });
    let start =
        json!({ "kind": "start", "config": { "params": params }, "next": { "api_request": "N0" } });
    nodes.insert("Start".to_owned(), start);
    for place in 0..NODES {
        let (kind, config, states) = node(place);
        let next = if place + 1 < NODES { format!("N{}", place + 1) } else { "Wait".to_owned() };
        let next: BTreeMap<_, _> = states.iter().map(|state| (*state, next.clone())).collect();
        nodes.insert(format!("N{place}"), json!({ "kind": kind, "config": config, "next": next }));
    }
    let wait = json!({ "kind": "wait", "config": { "for_s": 1 }, "next": { "done": "N0" } });
    nodes.insert("Wait".to_owned(), wait);
    published(Json::Object(nodes))
}

fn published(nodes: Json) -> Workflow {
    let file = json!({ "format": 1, "id": "bench", "name": "Bench", "nodes": nodes });
    let document = workflow::read(&file.to_string()).expect("the benchmark's file is readable");
    Workflow::new(document).expect("the benchmark's workflow is without errors")
}

/// Rounds of the ring, with a new run whenever the last one has used up its visits. All notes are made as in the server, counted once and thrown away.
fn visits_per_s(workflow: &Workflow) -> f64 {
    let (_, visits_of_run) = live(workflow);
    let mut visits = 0;
    // The first runs fill caches and are not counted.
    let warm_until = processor_ns() + MEASURED_NS / 10;
    while processor_ns() < warm_until {
        live(workflow);
    }
    let began = processor_ns();
    while processor_ns() < began + MEASURED_NS {
        live(workflow);
        visits += visits_of_run;
    }
    #[expect(clippy::cast_precision_loss, reason = "a quotient of two counts")]
    let per_s = visits as f64 * 1e9 / (processor_ns() - began) as f64;
    per_s
}

/// One run, as far as the bound on its visits lets it go. Gives how many nodes it visited.
fn live(workflow: &Workflow) -> (Run, usize) {
    let params = [
        ("choice", "2".into()),
        ("customer", "Ada Lovelace".into()),
        ("count", Value::Int(3)),
        ("severity", "High".into()),
    ];
    let params = params.map(|(name, value)| (name.to_owned(), value)).into_iter().collect();
    let mut at = Time(1_900_000_000_000);
    let event = Event::Started(Trigger::ApiRequest { params });
    let (mut run, mut output) =
        Run::start(workflow, RunId("bench".to_owned()), Input { at, event });
    let mut visits = 0;
    let rounds = engine::limits::STEPS_MAX as usize / (NODES + 1) - 1;
    for round in 0..=rounds {
        assert_eq!(output.status, RunStatus::Waiting, "{:?}", run.problem());
        visits += if round == 0 {
            output.notes.iter().filter(|note| matches!(note, Note::Entered { .. })).count()
        } else {
            NODES + 1
        };
        if round < rounds {
            at = output.wake_at.expect("a wait has its moment");
            output = run.handle(workflow, Input { at, event: Event::Woke });
        }
    }
    (run, visits)
}

/// What a run weighs that waits for the keys of its caller and holds eight variables of 200 bytes in all: the process's growth divided by their number, with whatever
/// the allocator adds.
fn waiting_bytes() -> f64 {
    let values = json!({
        "customer": "Ada Lovelace", "account": "{{ Start.call.from }}", "language": "en-GB", "severity": "critical", "ticket_id": "INC-{{ run.id | slice: 0, 8 }}",
        "attempts": "0", "queue_name": "support, second line of three", "callback_url": "https://example.com/hook/incidents?source=phone",
    });
    let workflow = published(json!({
        "Start": { "kind": "start", "next": { "incoming_call": "Prepare" } },
        "Prepare": { "kind": "set_variable", "config": { "values": values }, "next": { "done": "Menu" } },
        "Menu": { "kind": "get_digits", "config": { "prompt": { "speak": "Hello {{ customer }}, press 1 to take ticket {{ ticket_id }}." }, "max_digits": 1 } },
    }));
    let mut runs = Vec::with_capacity(RUNS);
    let before = resident_bytes();
    for number in 0..RUNS {
        let trigger = Trigger::IncomingCall {
            call_uuid: format!("{number:08x}-5f4e-4a3b-9c2d-1e0f{number:08x}"),
            from: format!("+1415555{number:06}"),
            to: "+14155550100".to_owned(),
        };
        let input = Input { at: Time(1_900_000_000_000), event: Event::Started(trigger) };
        let id = RunId(format!("{number:08x}-8f4e-7a3b-9c2d-1e0f{number:08x}"));
        let (mut run, output) = Run::start(&workflow, id, input);
        run.rest();
        assert_eq!(output.status, RunStatus::Waiting, "{:?}", run.problem());
        runs.push(run);
    }
    let after = resident_bytes();
    let payload: usize = runs[0]
        .variables_json()
        .iter()
        .filter(|(_, value)| !value.is_object())
        .map(|(name, value)| name.len() + value.as_str().map_or(8, str::len))
        .sum();
    assert!((190..=210).contains(&payload), "the eight variables have {payload} bytes");
    #[expect(clippy::cast_precision_loss, reason = "a mean of many")]
    let bytes = (after - before) as f64 / RUNS as f64;
    bytes
}

/// Time this program has had a processor for: other programs on the machine disturb it less than a clock.
fn processor_ns() -> u64 {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let first = text.split(' ').next().and_then(|number| number.parse().ok());
    first.expect("Linux tells a thread's processor time in /proc/thread-self/schedstat")
}

fn resident_bytes() -> usize {
    let text = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<usize>().ok());
    kib.expect("Linux tells a process's memory in /proc/self/status") * 1024
}
