//! Plays every transcript: those in the components' own documentation, those beside this file, and those of the example workflows.

use engine::{Workflow, components::LIBRARY, transcript, workflow};
use std::{fs, path::Path};

#[test]
fn every_component_does_what_its_documentation_shows() {
    let mut failures = Vec::new();
    for spec in LIBRARY {
        let kind = spec.kind;
        let source = fs::read_to_string(format!("src/components/{kind}.rs"))
            .expect("a component's file has the name of its kind");
        let transcripts = flows_in_docs(&source);
        assert!(!transcripts.is_empty(), "`{kind}` has no transcript");
        for flow in transcripts {
            if let Err(failure) = transcript::play_component(kind, &flow) {
                failures.push(format!("{kind}, {failure}\n{flow}"));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn transcripts_hold() {
    let mut failures = Vec::new();
    for folder in ["tests/flows", "../workflows"] {
        for file in fs::read_dir(folder).expect("the folder is part of the repository").flatten() {
            let path = file.path();
            if path.extension().is_some_and(|extension| extension == "flow") {
                failures.extend(play(&path).err());
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn play(path: &Path) -> Result<(), String> {
    let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
    let folder = path.parent().expect("a file is in a folder");
    let mut read = |name: &str| {
        let text =
            fs::read_to_string(folder.join(name)).map_err(|error| format!("{name}: {error}"))?;
        workflow::read(&text).and_then(Workflow::new).map_err(|problems| {
            problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
        })
    };
    transcript::play(&text, &mut read).map_err(|failure| format!("{}, {failure}", path.display()))
}

fn flows_in_docs(source: &str) -> Vec<String> {
    let docs: Vec<&str> = source
        .lines()
        .map_while(|line| line.strip_prefix("//!"))
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .collect();
    let docs = docs.join("\n");
    docs.split("```flow\n")
        .skip(1)
        .filter_map(|block| block.split("```").next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn examples_are_in_the_canonical_form_and_free_of_problems() {
    for file in
        fs::read_dir("../workflows").expect("the folder is part of the repository").flatten()
    {
        let path = file.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let text = fs::read_to_string(&path).expect("the file is text");
            let document = workflow::read(&text).expect("an example can be read");
            assert_eq!(workflow::check(&document), [], "{}", path.display());
            assert_eq!(workflow::canonical(&document), text, "{}", path.display());
        }
    }
}
