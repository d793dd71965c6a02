//! `cargo xtask tidy`: the rules that no compiler checks; also an ordinary test.

mod migrations;

use crate::editor::files;
use crate::workspace::Workspace;
use crate::{codegen, dependencies};
use anyhow::{Result, bail};
use std::fs;
use std::path::{Path, PathBuf};

/// A longer file hides a second noun; split it by that.
const FILE_LINES_MAX: usize = 500;

/// Everything of ours that holds Rust.
const RUST: &[&str] = &["api", "editor", "engine", "plivo", "server", "simulator", "xtask"];

#[derive(clap::Args, Clone, Copy)]
pub(crate) struct Options {
    /// Record all migrations as shipped: from now on none of them may change
    #[arg(long)]
    ship_migrations: bool,
}

pub(crate) fn run(workspace: &Workspace, options: Options) -> Result<()> {
    if options.ship_migrations {
        migrations::ship(&workspace.path("migrations"))?;
    }
    check(workspace)
}

/// Fails with every broken rule, not just the first.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let problems = problems(workspace)?;
    if !problems.is_empty() {
        bail!("{} untidy:\n  {}", problems.len(), problems.join("\n  "));
    }
    Ok(())
}

fn problems(workspace: &Workspace) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    for dir in RUST {
        for file in files(&workspace.path(dir))?.iter().filter(|file| has_extension(file, "rs")) {
            problems.extend(source(&relative(workspace, file), &fs::read_to_string(file)?));
        }
    }
    for path in codegen::stale(workspace)?.keys() {
        problems
            .push(format!("{}: out of date; run `cargo xtask codegen`", relative(workspace, path)));
    }
    problems.extend(migrations::problems(&workspace.path("migrations"))?);
    problems.extend(untold_workflows(workspace)?);
    problems.extend(dependencies::forbidden(workspace));
    problems.extend(registry_hosts(workspace)?);
    Ok(problems)
}

/// What is wrong with one Rust file.
fn source(name: &str, text: &str) -> Vec<String> {
    let mut problems = Vec::new();
    if !text.starts_with("//!") && !name.contains("/tests/") {
        problems.push(format!("{name}: begin with `//!` and say what the module is for"));
    }
    if name.ends_with("/mod.rs") {
        problems.push(format!("{name}: name the file after the module, beside its folder"));
    }
    let lines = text.lines().count();
    if lines > FILE_LINES_MAX {
        problems.push(format!(
            "{name}: {lines} lines, {FILE_LINES_MAX} at most; is there a second noun in it?"
        ));
    }
    for (number, line) in text.lines().enumerate() {
        // Written apart, so that this file does not accuse itself.
        for word in [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("db", "g!(")] {
            if line.contains(word) {
                problems.push(format!("{name}:{}: `{word}`: do it, or write an issue", number + 1));
            }
        }
    }
    problems
}

/// Example workflows that no transcript plays.
fn untold_workflows(workspace: &Workspace) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    let dir = workspace.path("workflows");
    for file in files(&dir)?
        .iter()
        .filter(|file| file.parent() == Some(&dir) && has_extension(file, "json"))
    {
        if !file.with_extension("flow").is_file() {
            problems.push(format!(
                "{}: needs a transcript beside it, with the ending .flow",
                relative(workspace, file)
            ));
        }
    }
    Ok(problems)
}

/// A lock file that names a registry's host ties everybody to it.
fn registry_hosts(workspace: &Workspace) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    for dir in ["e2e", "bench/canvas", "bench/node-red"] {
        let lock = workspace.path(dir).join("package-lock.json");
        if fs::read_to_string(&lock).unwrap_or_default().contains("\"resolved\": \"http") {
            problems.push(format!(
                "{}: names a registry's host; write it with `npm install --omit-lockfile-registry-resolved`",
                relative(workspace, &lock)
            ));
        }
    }
    Ok(problems)
}

fn has_extension(file: &Path, extension: &str) -> bool {
    file.extension().is_some_and(|found| found == extension)
}

fn relative(workspace: &Workspace, file: &Path) -> String {
    let path: PathBuf = file.strip_prefix(workspace.root()).unwrap_or(file).to_path_buf();
    path.display().to_string()
}

#[cfg(test)]
mod tests {
    use super::{check, source};
    use crate::workspace::Workspace;

    #[test]
    fn this_repository_is_tidy() {
        let workspace = Workspace::find().unwrap();
        if let Err(untidy) = check(&workspace) {
            panic!("{untidy}");
        }
    }

    #[test]
    fn a_file_with_every_fault_is_told_each_of_them() {
        let text = format!("fn x() {{}} // {}{} later\n{}", "TO", "DO", "\n".repeat(500));
        let problems = source("engine/src/run/mod.rs", &text);
        assert_eq!(problems.len(), 4, "{problems:?}");
        assert_eq!(
            problems[3],
            format!("engine/src/run/mod.rs:1: `{}{}`: do it, or write an issue", "TO", "DO")
        );
    }
}
