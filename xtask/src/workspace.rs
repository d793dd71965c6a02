//! Where things are: the repository's root, cargo's target folder, the built editor, the dependencies between our own packages.

use crate::command::Cmd;
use anyhow::{Context as _, Result};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub(crate) struct Workspace {
    root: PathBuf,
    metadata: Value,
}

impl Workspace {
    /// The workspace this xtask was started from.
    pub(crate) fn find() -> Result<Workspace> {
        // `cargo run` says where the package is; two checkouts that share a target folder would bake in each other's path.
        let package = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = package
            .parent()
            .context("the xtask package lies in the workspace's root")?
            .to_path_buf();
        let text = Cmd::cargo(["metadata", "--format-version", "1", "--no-deps", "--offline"])
            .in_dir(&root)
            .read()?;
        let metadata = serde_json::from_str(&text)
            .context("cargo metadata printed something that is not JSON")?;
        Ok(Workspace { root, metadata })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// Where cargo puts what it builds; honours `CARGO_TARGET_DIR` and cargo's configuration.
    pub(crate) fn target_dir(&self) -> PathBuf {
        self.metadata["target_directory"]
            .as_str()
            .map_or_else(|| self.path("target"), PathBuf::from)
    }

    /// The built editor. Always in the workspace, wherever cargo builds: the server embeds exactly this folder.
    pub(crate) fn editor_dir(&self) -> PathBuf {
        self.path("target/editor")
    }

    /// Each of our packages with those of our packages it needs outside its tests.
    pub(crate) fn own_dependencies(&self) -> BTreeMap<String, Vec<String>> {
        let packages = self.metadata["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
        packages
            .iter()
            .map(|package| {
                let dependencies =
                    package["dependencies"].as_array().map(Vec::as_slice).unwrap_or_default();
                let ours = dependencies
                    .iter()
                    .filter(|dependency| {
                        dependency["path"].is_string() && dependency["kind"] != "dev"
                    })
                    .map(name)
                    .collect();
                (name(package), ours)
            })
            .collect()
    }
}

fn name(value: &Value) -> String {
    value["name"].as_str().unwrap_or_default().to_owned()
}
