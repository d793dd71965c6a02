//! `cargo xtask codegen`: writes what is a view of the engine, the workflow file's JSON schema and the component manual.

mod manual;

use crate::editor::files;
use crate::report;
use crate::workspace::Workspace;
use anyhow::{Context as _, Result, bail};
use engine::component::Spec;
use std::collections::BTreeMap;
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
        let names: Vec<_> = stale.keys().map(|path| path.display().to_string()).collect();
        bail!("out of date, run `cargo xtask codegen`: {}", names.join(", "));
    }
    for (path, text) in stale {
        match text {
            Some(text) => {
                report::line(&format!("    writes {}", path.display()));
                fs::create_dir_all(path.parent().context("a file lies in a folder")?)?;
                fs::write(path, text)?;
            }
            None => {
                report::line(&format!("    removes {}", path.display()));
                fs::remove_file(path)?;
            }
        }
    }
    Ok(())
}

/// The files that differ from what the engine says now, with the text they should have; none for one that should go.
pub(crate) fn stale(workspace: &Workspace) -> Result<BTreeMap<PathBuf, Option<String>>> {
    let mut stale: BTreeMap<_, _> =
        generated(workspace)?.into_iter().map(|(path, text)| (path, Some(text))).collect();
    for page in files(&workspace.path("docs/components"))? {
        stale.entry(page).or_insert(None);
    }
    stale.retain(|path, text| fs::read_to_string(path).ok() != *text);
    Ok(stale)
}

fn generated(workspace: &Workspace) -> Result<BTreeMap<PathBuf, String>> {
    let specs: Vec<&Spec> = engine::components::LIBRARY.to_vec();
    let mut generated = BTreeMap::new();
    for spec in &specs {
        let source = workspace.path(&format!("engine/src/components/{}.rs", spec.kind));
        let source = fs::read_to_string(&source).with_context(|| {
            format!("cannot read {}, where `{}` should be", source.display(), spec.kind)
        })?;
        generated.insert(
            workspace.path(&format!("docs/components/{}.md", spec.kind)),
            manual::page(spec, &source),
        );
    }
    generated.insert(workspace.path("docs/components/README.md"), manual::index(&specs));
    let schema = serde_json::to_string_pretty(&engine::schema::workflow_schema())?;
    generated.insert(workspace.path("workflows/schema/workflow.schema.json"), schema + "\n");
    Ok(generated)
}
