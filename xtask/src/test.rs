//! `cargo xtask test`: every check there is, in order, each under a heading with its time.

use crate::command::Cmd;
use crate::workspace::Workspace;
use crate::{dependencies, editor, report, run, setup, tidy};
use anyhow::{Result, bail};
use std::time::Instant;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Run only these checks (by name, comma-separated or repeated)
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    only: Vec<String>,
    /// Run all but these
    #[arg(long, value_name = "NAME", value_delimiter = ',', conflicts_with = "only")]
    skip: Vec<String>,
    /// Passed on to Playwright, for example a file name or `--headed`
    #[arg(last = true)]
    playwright: Vec<String>,
}

/// One check: the name to choose it by, the heading, and what it does.
struct Check {
    name: &'static str,
    heading: &'static str,
    work: fn(&Workspace, &Options) -> Result<()>,
}

/// Quick ones first, so that a slip is found in seconds.
const CHECKS: &[Check] = &[
    Check { name: "fmt", heading: "Format", work: fmt },
    Check {
        name: "deps",
        heading: "Dependency directions",
        work: |workspace, _| dependencies::check(workspace),
    },
    Check { name: "tidy", heading: "Tidy", work: |workspace, _| tidy::check(workspace) },
    Check { name: "clippy", heading: "Clippy", work: clippy },
    Check { name: "unit", heading: "Unit, transcript and server tests", work: unit },
    Check { name: "doc", heading: "Documentation", work: doc },
    Check { name: "wasm", heading: "Engine in the browser", work: wasm },
    Check { name: "deny", heading: "Licences and advisories", work: deny },
    Check { name: "editor", heading: "Editor", work: |workspace, _| editor::build(workspace) },
    Check { name: "e2e", heading: "Browser tests", work: e2e },
];

pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    for name in options.only.iter().chain(&options.skip) {
        if !CHECKS.iter().any(|check| check.name == name) {
            let names: Vec<_> = CHECKS.iter().map(|check| check.name).collect();
            bail!("there is no check `{name}`; there are {}", names.join(", "));
        }
    }
    let is_named = |names: &[String], check: &Check| names.iter().any(|name| name == check.name);
    let chosen = |check: &&Check| {
        if options.only.is_empty() {
            !is_named(&options.skip, check)
        } else {
            is_named(&options.only, check)
        }
    };
    let started = Instant::now();
    for check in CHECKS.iter().filter(chosen) {
        report::step(check.heading, || (check.work)(workspace, options)).map_err(|error| {
            error.context(format!(
                "check `{0}` failed; to repeat it alone: cargo xtask test --only {0}",
                check.name
            ))
        })?;
    }
    report::line(&format!("All good after {}", report::seconds(started.elapsed())));
    Ok(())
}

fn fmt(workspace: &Workspace, _: &Options) -> Result<()> {
    Cmd::cargo(["fmt", "--all", "--check"]).in_dir(workspace.root()).run()
}

fn clippy(workspace: &Workspace, _: &Options) -> Result<()> {
    setup::wasm_target(workspace)?;
    let host = ["clippy", "--quiet", "--all-targets", "--", "-D", "warnings"];
    Cmd::cargo(host).in_dir(workspace.root()).run()?;
    let browser = [
        "clippy",
        "--quiet",
        "-p",
        "editor",
        "--target",
        setup::WASM_TARGET,
        "--",
        "-D",
        "warnings",
    ];
    Cmd::cargo(browser).in_dir(workspace.root()).run()
}

fn unit(workspace: &Workspace, _: &Options) -> Result<()> {
    let mut tests = Cmd::cargo(["test"]).in_dir(workspace.root());
    if workspace.path("migrations/postgres").is_dir() {
        tests = tests.env("PHLOEM_POSTGRES_BIN", setup::postgres_bin()?);
    }
    tests.run()?;
    // Apart from the rest, so that its many packages are built for this machine only here.
    Cmd::cargo(["test", "-p", "editor"]).in_dir(workspace.root()).run()
}

fn doc(workspace: &Workspace, _: &Options) -> Result<()> {
    setup::wasm_target(workspace)?;
    // The documentation is for people who change the code, so it shows private items and may link to them.
    let flags = "-D warnings -A rustdoc::private_intra_doc_links";
    let doc = ["doc", "--quiet", "--no-deps", "--document-private-items"];
    for packages in [&[] as &[&str], &["-p", "editor", "--target", setup::WASM_TARGET]] {
        let arguments = doc.iter().chain(packages);
        Cmd::cargo(arguments).env("RUSTDOCFLAGS", flags).in_dir(workspace.root()).run()?;
    }
    Ok(())
}

fn wasm(workspace: &Workspace, _: &Options) -> Result<()> {
    setup::wasm_target(workspace)?;
    Cmd::cargo([
        "check",
        "--quiet",
        "-p",
        "engine",
        "--no-default-features",
        "--target",
        setup::WASM_TARGET,
    ])
    .in_dir(workspace.root())
    .run()
}

fn deny(workspace: &Workspace, _: &Options) -> Result<()> {
    if !Cmd::cargo(["deny", "--version"]).in_dir(workspace.root()).succeeds() {
        report::line(
            "    cargo-deny is not installed, so licences and advisories go unchecked here: cargo install cargo-deny",
        );
        return Ok(());
    }
    Cmd::cargo(["deny", "check", "licenses", "bans", "sources"]).in_dir(workspace.root()).run()
}

fn e2e(workspace: &Workspace, options: &Options) -> Result<()> {
    setup::npm_packages(
        &workspace.path("e2e"),
        "the browser tests",
        "or leave them out: cargo xtask test --skip e2e",
    )?;
    let chromium = setup::chromium()?;
    editor::build(workspace)?;
    run::build_server(workspace)?;
    let mut arguments = vec!["playwright".to_owned(), "test".to_owned()];
    arguments.extend(options.playwright.iter().cloned());
    Cmd::new("npx", ["--no-install"].into_iter().map(str::to_owned).chain(arguments))
        .env("PHLOEM_CHROMIUM", chromium)
        .env("PHLOEM_BINARY", workspace.target_dir().join("debug/phloem"))
        .in_dir(&workspace.path("e2e"))
        .run()
}
