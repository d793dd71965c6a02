//! Builds the editor: Rust to wasm, wasm-bindgen as a library, one folder of files that browsers may keep forever.
//!
//! What comes out, always in `<workspace>/target/editor`, wherever cargo builds:
//! ```text
//! index.html               asked for every time; names the files below
//! assets/<hash>/…          never changes under its name: start.js editor.js editor_bg.wasm style.css snippets/, and what arrives later: parts.js split_*.wasm
//!                          chunk_*.wasm
//! …                        editor/public as it is (icons)
//! ```
//! Beside each file that shrinks lie `.br` and `.gz`, so that the server compresses nothing while somebody waits.

mod bundle;
mod compress;

use crate::command::Cmd;
use crate::workspace::Workspace;
use crate::{report, setup};
use anyhow::{Context as _, Result, bail};
use compress::Sizes;
use sha2::{Digest as _, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use wasm_bindgen_cli_support::Bindgen;

/// People on a phone's connection open the editor too. This is what the canvas needs; see docs/decisions/what_keeps_the_editor_small.md.
const FIRST_LOAD_BYTES_MAX: u64 = 450 * 1024;

/// The parts that arrive behind the canvas: forms, phone, lists, and the engine with its parsers and checks.
const LATER_BYTES_MAX: u64 = 1536 * 1024;

/// Everything the built editor is made from; nothing else may be read by its build.
const INPUTS: &[&str] = &[
    "editor",
    "engine",
    "api",
    "workflows",
    "Cargo.toml",
    "Cargo.lock",
    "rust-toolchain.toml",
    "xtask/src/editor.rs",
    "xtask/src/editor",
];

/// What the editor is built for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// For people's browsers: small, compressed, within the budget.
    Release,
    /// For whoever works on it: large, but there within seconds of a change.
    Quick,
}

impl Purpose {
    fn profile(self) -> &'static str {
        match self {
            Purpose::Release => "web",
            Purpose::Quick => "web-quick",
        }
    }
}

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Build what whoever works on the editor wants: seconds after a change, but large and not compressed
    #[arg(long)]
    quick: bool,
}

pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    build_for(workspace, if options.quick { Purpose::Quick } else { Purpose::Release })
}

/// Builds the editor, unless what is there was built from the same inputs.
pub(crate) fn build(workspace: &Workspace) -> Result<()> {
    build_for(workspace, Purpose::Release)
}

fn build_for(workspace: &Workspace, purpose: Purpose) -> Result<()> {
    let profile = purpose.profile();
    let stamp_file = workspace.path("target/editor.stamp");
    let stamp = format!("{profile} {}", fingerprint(workspace)?);
    let is_fresh = workspace.editor_dir().join("index.html").is_file()
        && fs::read_to_string(&stamp_file).is_ok_and(|text| text == stamp);
    if is_fresh {
        report::line("    The editor is built already");
        return Ok(());
    }
    setup::wasm_target(workspace)?;
    report::step("Compiling the editor to wasm", || {
        let target = setup::WASM_TARGET;
        Cmd::cargo(["build", "-p", "editor", "--target", target, "--profile", profile])
            .in_dir(workspace.root())
            .run()
    })?;
    let sizes = report::step("Bundling the editor", || bundle(workspace, purpose))?;
    if purpose == Purpose::Release {
        keep_within_budget("Before the canvas can be used", sizes.first, FIRST_LOAD_BYTES_MAX)?;
        keep_within_budget("Behind it", sizes.later, LATER_BYTES_MAX)?;
    }
    fs::write(stamp_file, stamp)?;
    Ok(())
}

fn keep_within_budget(what: &str, bytes: u64, bytes_max: u64) -> Result<()> {
    let (kib, kib_max) = (bytes.div_ceil(1024), bytes_max / 1024);
    report::line(&format!("    {what}: {kib} KiB brotli of {kib_max} KiB allowed"));
    if bytes > bytes_max {
        bail!(
            "the editor is too large: look for a new dependency with `cargo tree -p editor`, cut a feature of one, or let something arrive later (editor/src/parts.rs)"
        );
    }
    Ok(())
}

/// Makes the folder anew beside the old one and swaps them, so that a running server never sees half of it.
fn bundle(workspace: &Workspace, purpose: Purpose) -> Result<Sizes> {
    let built = workspace.target_dir().join(setup::WASM_TARGET).join(purpose.profile());
    let wasm = built.join("editor.wasm");
    let dir = workspace.editor_dir();
    let (new, old) = (dir.with_extension("new"), dir.with_extension("old"));
    remove_dir(&new)?;
    remove_dir(&old)?;
    let bound = new.join("assets/bound");
    fs::create_dir_all(&bound)?;
    let first = split(&wasm, &bound)?;
    Bindgen::new()
        .input_path(&first)
        .out_name("editor")
        .web(true)?
        .typescript(false)
        // The other parts share the first one's memory and tables.
        .keep_lld_exports(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(&bound)
        .with_context(|| format!("wasm-bindgen refused {}", wasm.display()))?;
    bundle::assemble(&workspace.path("editor"), &new, &bound)?;
    let sizes = match purpose {
        Purpose::Release => compress::all(&new)?,
        Purpose::Quick => Sizes::default(),
    };
    if dir.exists() {
        fs::rename(&dir, &old)?;
    }
    fs::rename(&new, &dir)?;
    remove_dir(&old)?;
    Ok(sizes)
}

/// Cuts the program at the functions of editor/src/parts.rs: what they lead to goes into files of their own in `dir`, and the rest, whose path is given back,
/// is what a first visit loads.
fn split(wasm: &Path, dir: &Path) -> Result<PathBuf> {
    let program = fs::read(wasm).with_context(|| format!("cannot read {}", wasm.display()))?;
    let first = wasm.with_file_name("editor_first.wasm");
    let mut options = wasm_split_cli_support::Options::new(&program);
    options.output_dir = dir;
    options.main_out_path = &first;
    options.main_module = "./editor.js";
    options.link_name = "./parts.js";
    wasm_split_cli_support::transform(options)
        .map_err(|error| anyhow::anyhow!("cannot cut {} into parts: {error:#}", wasm.display()))?;
    Ok(first)
}

/// One hash over the names and contents of all inputs.
fn fingerprint(workspace: &Workspace) -> Result<String> {
    let mut hash = Sha256::new();
    for input in INPUTS {
        for file in files(&workspace.path(input))? {
            hash.update(file.to_string_lossy().as_bytes());
            hash.update([0]);
            hash.update(fs::read(&file)?);
            hash.update([0]);
        }
    }
    Ok(hex(&hash.finalize()))
}

/// All files below a folder, or the file itself, in a stable order; build products and npm packages left out.
pub(crate) fn files(path: &Path) -> Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_path_buf()]);
    }
    if !path.is_dir() {
        return Ok(Vec::new());
    }
    let mut entries =
        fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    entries.sort();
    let mut found = Vec::new();
    for entry in entries {
        let name = entry.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if !matches!(name, "target" | "node_modules" | ".git") {
            found.extend(files(&entry)?);
        }
    }
    Ok(found)
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn remove_dir(dir: &Path) -> Result<()> {
    if dir.exists() {
        fs::remove_dir_all(dir).with_context(|| format!("cannot remove {}", dir.display()))?;
    }
    Ok(())
}
