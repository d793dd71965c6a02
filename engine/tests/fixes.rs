//! One press mends a problem and breaks nothing, in any workflow.

use engine::{
    Document, NodeDocument, NodeName, Problem,
    components::{self, LIBRARY},
    workflow,
};
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;

const NODES_MAX: usize = 7;

/// Small workflows with what people really do wrong: loose ends, rounds, misspelt names, recordings, curly quotes.
fn random() -> impl Strategy<Value = Document> {
    let texts = prop::sample::select(vec![
        "Hello {name}.",
        "{{ N1.digits }} {{ N2.digit }}",
        "{{ sevrity }}",
        "{{ severity }}",
        "It’s “late” {{ N3.to }}",
        "This call is recorded.",
        "{{ a b",
    ]);
    let node = (
        0..LIBRARY.len(),
        prop::collection::vec(prop::option::weighted(0.6, 0..NODES_MAX + 1), 10),
        texts,
        any::<bool>(),
    );
    prop::collection::vec(node, 1..NODES_MAX).prop_map(|nodes| {
        let mut document = Document::empty("random", "Random");
        let start = document.nodes.get_mut("Start").expect("an empty document has a start");
        start.config.insert("params".to_owned(), json!({ "severity": { "type": "number" } }));
        for (index, state) in
            ["incoming_call", "incoming_message", "api_request"].into_iter().enumerate()
        {
            start.next.insert(state.into(), NodeName::from(format!("N{}", index % nodes.len())));
        }
        for (index, (component, targets, text, records)) in nodes.into_iter().enumerate() {
            let spec = LIBRARY[component];
            let mut config: serde_json::Map<String, Json> =
                serde_json::from_str(spec.example).expect("examples are JSON");
            for key in ["text", "name"].into_iter().filter(|_| spec.kind != "start") {
                if config.contains_key(key) {
                    config.insert(key.to_owned(), json!(text));
                }
            }
            if records && spec.fields.iter().any(|field| field.key == "record") {
                config.insert("record".to_owned(), json!(true));
            }
            let mut states = components::states(spec.kind, &config);
            states.extend(["hung_up".into(), "nonsense".into()]);
            let name = |index: usize| NodeName::from(format!("N{index}"));
            let next = states
                .into_iter()
                .zip(targets)
                .filter_map(|(state, target)| Some((state, name(target?))))
                .collect();
            document.nodes.insert(
                name(index),
                NodeDocument { kind: spec.kind.to_owned(), label: None, config, next },
            );
        }
        document
    })
}

fn key(problem: &Problem) -> (String, String, String) {
    (problem.code.clone(), problem.pointer.clone(), problem.message.clone())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_fix_mends_its_problem_and_breaks_nothing(document in random()) {
        let before = workflow::check(&document);
        let place = |problem: &Problem| (problem.code.clone(), problem.pointer.clone());
        let errors: BTreeSet<_> = before.iter().filter(|problem| problem.is_error()).map(place).collect();
        for problem in &before {
            prop_assert_eq!(&serde_json::from_value::<Problem>(json!(problem)).expect("a problem can be read back"), problem);
            let Some(fix) = &problem.fix else { continue };
            let mut mended = document.clone();
            fix.apply(&mut mended);
            let after = workflow::check(&mended);
            prop_assert!(!after.iter().any(|other| key(other) == key(problem)), "{:?} is still there after {:?}", problem, fix);
            for error in after.iter().filter(|other| other.is_error()) {
                prop_assert!(errors.contains(&place(error)), "{:?} came by {:?}", error, fix);
            }
        }
    }
}
