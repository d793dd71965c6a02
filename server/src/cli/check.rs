//! Workflow files, checked and put into their canonical form.

use super::{Outcome, complain, say};
use anyhow::Context;
use engine::{Document, Problem, Severity, workflow};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// `phloem validate`: prints `file:line:column: error: …` for every problem. With `mends`, what can be mended without asking is, and the file is written anew.
pub(super) fn validate(files: &[PathBuf], mends: bool) -> anyhow::Result<Outcome> {
    let mut outcome = Outcome::Good;
    for file in files {
        let mut text = read(file)?;
        let problems = match workflow::read(&text) {
            Ok(mut document) => {
                if mends {
                    text = mend(file, text, &mut document)?;
                }
                workflow::check(&document)
            }
            Err(problems) => problems,
        };
        for problem in &problems {
            say(&explained(file, &text, problem));
        }
        if problems.iter().any(Problem::is_error) {
            outcome = Outcome::Problems;
        }
    }
    Ok(outcome)
}

/// Mends a document and its file; gives back the file's text.
fn mend(file: &Path, text: String, document: &mut Document) -> anyhow::Result<String> {
    let mended = workflow::mend(document);
    if mended.is_empty() {
        return Ok(text);
    }
    for problem in &mended {
        let label = problem.fix.as_ref().map_or("", |fix| &fix.label);
        let place = nearest(&text, &problem.pointer);
        let at = format!("{}:{}:{}", file.display(), place.line, place.column);
        say(&format!("{at}: mended: {} {label}. [{}]", problem.message, problem.code));
    }
    let canonical = workflow::canonical(document);
    fs::write(file, &canonical).with_context(|| file.display().to_string())?;
    Ok(canonical)
}

/// A problem with its place, its code and the page that explains it.
fn explained(file: &Path, text: &str, problem: &Problem) -> String {
    let mends = match &problem.fix {
        Some(fix) if fix.is_safe => "; --fix mends it",
        _ => "",
    };
    let (code, page) = (&problem.code, problem.help_page());
    format!("{} [{code}: {page}{mends}]", located(file, text, problem))
}

/// `phloem fmt`.
pub(super) fn format(files: &[PathBuf], only_check: bool) -> anyhow::Result<Outcome> {
    let mut outcome = Outcome::Good;
    for file in files {
        let text = read(file)?;
        let document = match workflow::read(&text) {
            Ok(document) => document,
            Err(problems) => {
                for problem in &problems {
                    complain(&located(file, &text, problem));
                }
                outcome = Outcome::Problems;
                continue;
            }
        };
        let canonical = workflow::canonical(&document);
        if canonical == text {
            continue;
        }
        if only_check {
            say(&format!("{}: not in canonical form; run `phloem fmt`", file.display()));
            outcome = Outcome::Problems;
        } else {
            fs::write(file, canonical).with_context(|| file.display().to_string())?;
            say(&format!("{}: written anew", file.display()));
        }
    }
    Ok(outcome)
}

/// A file's text.
pub(super) fn read(file: &Path) -> anyhow::Result<String> {
    fs::read_to_string(file).with_context(|| file.display().to_string())
}

/// A problem with its place, as compilers write it.
pub(super) fn located(file: &Path, text: &str, problem: &Problem) -> String {
    let place = nearest(text, &problem.pointer);
    let severity = match problem.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    format!("{}:{}:{}: {severity}: {problem}", file.display(), place.line, place.column)
}

/// Where a pointer leads; if what it names is missing, where it should be.
fn nearest(text: &str, pointer: &str) -> workflow::Position {
    if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(text) {
        // Not JSON at all: no pointer leads anywhere.
        return workflow::Position { line: error.line().max(1), column: error.column().max(1) };
    }
    let mut pointer = pointer;
    loop {
        if let Some(position) = workflow::locate(text, pointer) {
            return position;
        }
        match pointer.rfind('/') {
            Some(end) => pointer = &pointer[..end],
            None => return workflow::Position { line: 1, column: 1 },
        }
    }
}
