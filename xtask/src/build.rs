//! `cargo xtask build`: one self-contained `phloem` with the editor inside.

use crate::command::Cmd;
use crate::workspace::Workspace;
use crate::{editor, report};
use anyhow::Result;
use std::fs;

pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    editor::build(workspace)?;
    report::step("Building the release binary", || {
        Cmd::cargo(["build", "--release", "-p", "server", "--bin", "phloem"])
            .in_dir(workspace.root())
            .run()
    })?;
    let binary = workspace.target_dir().join("release/phloem");
    let megabytes = fs::metadata(&binary)?.len() as f64 / 1e6;
    report::line(&format!("    {} ({megabytes:.1} MB)", binary.display()));
    Ok(())
}
