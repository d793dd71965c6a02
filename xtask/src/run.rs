//! `cargo xtask run`: a working Phloem on this machine, with the simulator for a telephone network.

use crate::command::Cmd;
use crate::workspace::Workspace;
use crate::{editor, report};
use anyhow::Result;
use std::time::Instant;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Passed on to `phloem serve`, for example `--listen 127.0.0.1:9000`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    serve: Vec<String>,
}

pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let started = Instant::now();
    editor::build(workspace)?;
    report::step("Building the server", || build_server(workspace))?;
    report::line(&format!("    Ready to start after {}", report::seconds(started.elapsed())));

    let mut arguments = vec!["serve".to_owned()];
    for (flag, default) in [("--listen", "127.0.0.1:8080"), ("--data", "./data")] {
        let is_given =
            |argument: &String| argument == flag || argument.starts_with(&format!("{flag}="));
        if !options.serve.iter().any(is_given) {
            arguments.extend([flag.to_owned(), default.to_owned()]);
        }
    }
    arguments.extend(options.serve.iter().cloned());
    let phloem = workspace.target_dir().join("debug/phloem");
    Err(Cmd::new(&phloem.to_string_lossy(), arguments).in_dir(workspace.root()).become_it())
}

/// `target/debug/phloem`: it reads the editor from the disk, so a rebuilt editor needs no rebuilt server.
pub(crate) fn build_server(workspace: &Workspace) -> Result<()> {
    Cmd::cargo(["build", "--bin", "phloem"]).in_dir(workspace.root()).run()
}
