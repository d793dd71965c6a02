//! Everything the repository does to itself: `cargo xtask run | editor | build | test | bench | codegen | tidy`.

mod bench;
mod build;
mod codegen;
mod command;
mod dependencies;
mod editor;
mod report;
mod run;
mod setup;
mod test;
mod tidy;
mod workspace;

use clap::{Parser, Subcommand};
use std::process::ExitCode;
use workspace::Workspace;

/// The commands of this repository.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build the editor and the server and start them at http://127.0.0.1:8080 with SQLite and the simulator
    Run(run::Options),
    /// Build only the editor, into target/editor, from where a server of a debug build takes it at once
    Editor(editor::Options),
    /// Build target/release/phloem: one binary with the editor inside
    Build,
    /// Run every check there is, in order
    Test(test::Options),
    /// Measure speed and memory beside other programs, as docs/benchmarks.md says; prints a table
    Bench(bench::Options),
    /// Write what is generated from the engine: the JSON schema and the component manual
    Codegen(codegen::Options),
    /// Check the rules that no compiler checks
    Tidy(tidy::Options),
}

fn main() -> ExitCode {
    match carry_out(Arguments::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Causes, but no stack of this program: who reads this looks for what to do.
            let causes: Vec<_> = error.chain().map(ToString::to_string).collect();
            report::line(&format!("\nerror: {}", causes.join("\n  ")));
            ExitCode::FAILURE
        }
    }
}

fn carry_out(task: Task) -> anyhow::Result<()> {
    let workspace = Workspace::find()?;
    match task {
        Task::Run(options) => run::run(&workspace, &options),
        Task::Editor(options) => editor::run(&workspace, &options),
        Task::Build => build::run(&workspace),
        Task::Test(options) => test::run(&workspace, &options),
        Task::Bench(options) => bench::run(&workspace, &options),
        Task::Codegen(options) => codegen::run(&workspace, options),
        Task::Tidy(options) => tidy::run(&workspace, options),
    }
}
