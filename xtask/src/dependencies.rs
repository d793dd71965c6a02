//! Who may depend on whom. The shape of the code rests on this, so it is checked and not only drawn.

use crate::command::Cmd;
use crate::workspace::Workspace;
use anyhow::{Result, bail};

/// Each package and those of ours it may need; a package that is not listed may not exist.
const ALLOWED: &[(&str, &[&str])] = &[
    ("api", &["engine"]),
    ("diagram", &[]),
    ("editor", &["api", "diagram", "engine"]),
    ("engine", &[]),
    ("plivo", &[]),
    ("server", &["api", "engine", "plivo", "simulator"]),
    ("simulator", &["plivo"]),
    ("xtask", &["engine"]),
];

/// What the pure packages must not reach, however indirectly: clocks that wait, networks, databases, browsers, the phone company.
const ABSENT: &[(&str, &[&str])] = &[
    ("engine", &["tokio", "reqwest", "hyper", "sqlx", "web-sys", "plivo", "getrandom"]),
    ("diagram", &["tokio", "reqwest", "web-sys", "js-sys", "leptos", "engine"]),
    ("plivo", &["sqlx", "axum", "engine"]),
];

pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let mut wrong = forbidden(workspace);
    for (package, absent) in ABSENT {
        for dependency in *absent {
            let tree = [
                "tree", "--quiet", "-p", package, "-e", "normal", "--target", "all", "-i",
                dependency,
            ];
            // `cargo tree -i` fails when there is no such package in the tree: that is the good case.
            if let Ok(path) = Cmd::cargo(tree).in_dir(workspace.root()).read()
                && !path.trim().is_empty()
            {
                wrong.push(format!("`{package}` must not reach `{dependency}`, and does:\n{path}"));
            }
        }
    }
    if !wrong.is_empty() {
        bail!("{}", wrong.join("\n"));
    }
    Ok(())
}

/// Dependencies between our own packages that the table does not list.
pub(crate) fn forbidden(workspace: &Workspace) -> Vec<String> {
    let mut wrong = Vec::new();
    for (package, dependencies) in workspace.own_dependencies() {
        let Some((_, allowed)) = ALLOWED.iter().find(|(name, _)| *name == package) else {
            wrong.push(format!("package `{package}` is not listed in xtask/src/dependencies.rs"));
            continue;
        };
        for dependency in dependencies {
            if !allowed.contains(&dependency.as_str()) {
                wrong.push(format!(
                    "`{package}` must not depend on `{dependency}`; see ARCHITECTURE.md"
                ));
            }
        }
    }
    wrong
}
