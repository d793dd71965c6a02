//! `cargo xtask codegen`: writes what is a view of the engine, the workflow file's JSON schema and the component manual.

use crate::report;
use crate::workspace::Workspace;
use anyhow::{Result, bail};
use std::fs;
use std::path::PathBuf;

#[derive(clap::Args, Clone, Copy)]
pub(crate) struct Options {
    /// Write nothing; fail if something is out of date
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(workspace: &Workspace, options: Options) -> Result<()> {
    let stale = stale(workspace)?;
    if options.check && !stale.is_empty() {
        let names: Vec<_> = stale.iter().map(|(path, _)| path.display().to_string()).collect();
        bail!("out of date, run `cargo xtask codegen`: {}", names.join(", "));
    }
    for (path, text) in stale {
        report::line(&format!("    writes {}", path.display()));
        if let Some(dir) = path.parent() {
            fs::create_dir_all(dir)?;
        }
        fs::write(path, text)?;
    }
    Ok(())
}

/// The generated files that are missing or differ from what the engine says now.
pub(crate) fn stale(workspace: &Workspace) -> Result<Vec<(PathBuf, String)>> {
    let mut stale = generated(workspace)?;
    stale.retain(|(path, text)| !fs::read_to_string(path).is_ok_and(|old| old == *text));
    Ok(stale)
}

fn generated(_workspace: &Workspace) -> Result<Vec<(PathBuf, String)>> {
    Ok(Vec::new())
}
