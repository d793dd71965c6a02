//! Transcripts of workflows: each `.flow` file in a folder is played against the workflow it names.

use super::{Outcome, say};
use anyhow::Context;
use engine::{Workflow, transcript};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Folders inside folders that are looked into.
const DEPTH_MAX: usize = 8;

/// `phloem test`: plays every transcript; prints one line each.
pub(super) fn test(dir: &Path) -> anyhow::Result<Outcome> {
    let mut files = Vec::new();
    collect(dir, 0, &mut files)?;
    files.sort();
    if files.is_empty() {
        anyhow::bail!("{}: there is no .flow file here", dir.display());
    }
    let mut outcome = Outcome::Good;
    for file in &files {
        let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
        match transcript::play(&text, &mut |name| workflow(file, name)) {
            Ok(()) => say(&format!("{}: ok", file.display())),
            Err(failure) => {
                say(&format!("{}:{}: {}", file.display(), failure.line, failure.message));
                outcome = Outcome::Problems;
            }
        }
    }
    Ok(outcome)
}

fn collect(dir: &Path, depth: usize, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    for entry in fs::read_dir(dir).with_context(|| dir.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() && depth < DEPTH_MAX {
            collect(&path, depth + 1, files)?;
        } else if path.extension().is_some_and(|extension| extension == "flow") {
            files.push(path);
        }
    }
    Ok(())
}

/// The workflow a transcript names: beside it, or from where the command runs.
fn workflow(transcript: &Path, name: &str) -> Result<Workflow, String> {
    let beside = transcript.parent().unwrap_or(Path::new("")).join(name);
    let bare = Path::new(name).file_name().map(|file| transcript.with_file_name(file));
    let found = [Some(beside), Some(PathBuf::from(name)), bare]
        .into_iter()
        .flatten()
        .find(|path| path.is_file());
    let path = found.ok_or_else(|| format!("there is no file `{name}`"))?;
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let document = engine::workflow::read(&text).map_err(|problems| listed(&problems))?;
    Workflow::new(document).map_err(|problems| listed(&problems))
}

fn listed(problems: &[engine::Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}
