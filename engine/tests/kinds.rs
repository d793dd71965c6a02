//! The library against a table that people keep by hand, so that no kind, no state and no name by which a file knows it can vanish; and against its own transcripts.

use engine::components::{self, LIBRARY};
use serde_json::{Map, Value as Json};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

/// A row of `kinds.txt`.
struct Row {
    kind: String,
    group: String,
    aliases: BTreeSet<String>,
    states: BTreeSet<String>,
    phlo: Vec<String>,
}

fn table() -> Vec<Row> {
    let text = fs::read_to_string("tests/kinds.txt").expect("the table stands beside this file");
    let rows = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    rows.map(|line| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [kind, group, aliases, states, phlo] = cells.as_slice() else {
            panic!("`{line}` has not five cells");
        };
        let words = |cell: &str| cell.split_whitespace().map(str::to_owned).collect();
        Row {
            kind: (*kind).to_owned(),
            group: (*group).to_owned(),
            aliases: words(aliases),
            states: words(states),
            phlo: phlo
                .split(',')
                .map(|name| name.trim().to_owned())
                .filter(|name| !name.is_empty())
                .collect(),
        }
    })
    .collect()
}

/// The ways out of a kind as its example has it, and those that it can have besides.
fn states(kind: &str) -> BTreeSet<String> {
    let spec = components::spec(kind).expect("the kind is one of the library");
    let example: Map<String, Json> = serde_json::from_str(spec.example).expect("examples are JSON");
    let of_example = components::states(kind, &example).into_iter().map(|state| state.to_string());
    of_example.chain(spec.states.iter().map(|state| state.name.to_owned())).collect()
}

#[test]
fn no_kind_state_or_other_name_has_vanished() {
    let mut wrong = Vec::new();
    let table = table();
    for row in &table {
        let Some(spec) = components::spec(&row.kind).filter(|spec| spec.kind == row.kind) else {
            wrong.push(format!("the library has no `{}`", row.kind));
            continue;
        };
        if spec.group.as_str() != row.group {
            wrong.push(format!("`{}` is in the group {}", row.kind, spec.group.as_str()));
        }
        for alias in &row.aliases {
            let found = components::spec(alias).map(|spec| spec.kind);
            if found != Some(spec.kind) {
                wrong.push(format!("`{alias}` means {found:?}, not `{}`", row.kind));
            }
        }
        for name in &row.phlo {
            let word = name.to_lowercase().replace([' ', '-'], "_");
            if components::spec(&word).map(|spec| spec.kind) != Some(spec.kind) {
                wrong.push(format!("PHLO's {name} does not load as `{}`", row.kind));
            }
        }
        let states = states(&row.kind);
        if states != row.states {
            wrong.push(format!("`{}` has the states {states:?}", row.kind));
        }
    }
    // What is new is added to the table, so that it cannot vanish either.
    for spec in LIBRARY {
        let row = table.iter().find(|row| row.kind == spec.kind);
        let aliases: BTreeSet<String> =
            spec.aliases.iter().map(|alias| (*alias).to_owned()).collect();
        if row.is_none_or(|row| !row.aliases.is_superset(&aliases)) {
            let words =
                |words: &BTreeSet<String>| words.iter().cloned().collect::<Vec<_>>().join(" ");
            wrong.push(format!(
                "the table lacks: {} | {} | {} | {} | {}",
                spec.kind,
                spec.group.as_str(),
                words(&aliases),
                words(&states(spec.kind)),
                row.map(|row| row.phlo.join(", ")).unwrap_or_default(),
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_state_of_every_kind_is_left_in_a_transcript_of_its_own() {
    let mut missing: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for spec in LIBRARY {
        let kind = spec.kind;
        let source = fs::read_to_string(format!("src/components/{kind}.rs"))
            .expect("a component's file has the name of its kind");
        let docs = source.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim);
        let left: BTreeSet<&str> = docs.filter_map(|line| line.strip_prefix("-> ")).collect();
        let fixed: BTreeSet<&str> = spec.states.iter().map(|state| state.name).collect();
        let mut states = states(kind);
        // Of the ways out that the author of a workflow names, one stands for all.
        let is_one_left = left.iter().any(|state| !fixed.contains(state));
        states.retain(|state| {
            !left.contains(state.as_str()) && (fixed.contains(state.as_str()) || !is_one_left)
        });
        if !states.is_empty() {
            missing.insert(kind, states);
        }
    }
    assert!(missing.is_empty(), "no transcript leaves by: {missing:#?}");
}
