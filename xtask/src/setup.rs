//! Installs what the commands need and the machine lacks; where it cannot, says what to type.

use crate::command::Cmd;
use crate::report;
use crate::workspace::Workspace;
use anyhow::{Result, bail};
use std::fs;
use std::path::{Path, PathBuf};

pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The compiler's standard library for the browser.
pub(crate) fn wasm_target(workspace: &Workspace) -> Result<()> {
    let sysroot = Cmd::new("rustc", ["--print", "sysroot"]).in_dir(workspace.root()).read()?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(WASM_TARGET).is_dir() {
        return Ok(());
    }
    report::step("Adding the wasm32 target", || {
        if Cmd::new("rustup", ["target", "add", WASM_TARGET])
            .in_dir(workspace.root())
            .run()
            .is_err()
        {
            bail!(
                "the editor needs Rust's {WASM_TARGET} target and it could not be added\n\
                 with rustup: rustup target add {WASM_TARGET}\n\
                 with a Rust from elsewhere: install its package for {WASM_TARGET}"
            );
        }
        Ok(())
    })
}

/// The npm packages of a folder, exactly as locked.
pub(crate) fn npm_packages(dir: &Path, whose: &str, otherwise: &str) -> Result<()> {
    let lock = fs::read(dir.join("package-lock.json"))?;
    let installed = dir.join("node_modules/.installed-lock.json");
    if fs::read(&installed).is_ok_and(|text| text == lock) {
        return Ok(());
    }
    if !Cmd::new("npm", ["--version"]).succeeds() {
        bail!(
            "{whose} need Node.js 20 or newer with npm, and there is none\n\
             on Debian: apt-get install nodejs npm\n\
             {otherwise}"
        );
    }
    report::step(&format!("Installing npm packages for {whose}"), || {
        // Playwright's own browsers are never used: Chromium comes from the package manager.
        Cmd::new("npm", ["ci", "--no-audit", "--no-fund"])
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
            .in_dir(dir)
            .run()?;
        fs::write(&installed, &lock)?;
        Ok(())
    })
}

/// A Chromium for the browser tests; `PHLOEM_CHROMIUM` names another one.
pub(crate) fn chromium() -> Result<PathBuf> {
    if let Some(path) = std::env::var_os("PHLOEM_CHROMIUM") {
        return Ok(PathBuf::from(path));
    }
    let find = || {
        on_path("chromium")
            .or_else(|| on_path("chromium-browser"))
            .or_else(|| on_path("google-chrome"))
    };
    if let Some(path) = find() {
        return Ok(path);
    }
    // A server has no fonts, and without any a page has no words.
    apt_install(
        &["chromium", "fonts-liberation"],
        "the browser tests need Chromium",
        "or name the one you have: PHLOEM_CHROMIUM=/path/to/chrome; or leave them out: cargo xtask test --skip e2e",
    )?;
    find().ok_or_else(|| {
        anyhow::anyhow!("chromium was installed but is not on the PATH; set PHLOEM_CHROMIUM")
    })
}

/// The folder with PostgreSQL's server programs; a test starts one of its own in a temporary folder.
pub(crate) fn postgres_bin() -> Result<PathBuf> {
    if let Some(path) = std::env::var_os("PHLOEM_POSTGRES_BIN") {
        return Ok(PathBuf::from(path));
    }
    if let Some(path) = newest_postgres() {
        return Ok(path);
    }
    apt_install(
        &["postgresql"],
        "the server is tested on PostgreSQL too, which needs its server programs",
        "or name the folder with `initdb` and `postgres`: PHLOEM_POSTGRES_BIN=/path/to/bin",
    )?;
    newest_postgres().ok_or_else(|| {
        anyhow::anyhow!("postgresql was installed but /usr/lib/postgresql/*/bin is missing; set PHLOEM_POSTGRES_BIN")
    })
}

fn newest_postgres() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    versions
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let version: u32 = entry.file_name().to_str()?.parse().ok()?;
            let bin = entry.path().join("bin");
            bin.join("initdb").is_file().then_some((version, bin))
        })
        .max()
        .map(|(_, bin)| bin)
        .or_else(|| {
            on_path("initdb")
                .and_then(|path| Some(path.canonicalize().ok()?.parent()?.to_path_buf()))
        })
}

fn apt_install(packages: &[&str], why: &str, otherwise: &str) -> Result<()> {
    let names = packages.join(" ");
    let Some(apt) = on_path("apt-get") else {
        bail!(
            "{why}, and there is no apt-get here to install it\ninstall {names} with your package manager\n{otherwise}"
        );
    };
    let is_root = Cmd::new("id", ["-u"]).read().is_ok_and(|id| id.trim() == "0");
    let by_sudo = !is_root && Cmd::new("sudo", ["-n", "true"]).succeeds();
    if !is_root && !by_sudo {
        bail!("{why}, and installing it takes root\nsudo apt-get install {names}\n{otherwise}");
    }
    report::step(&format!("Installing {names} by apt-get"), || {
        let apt = apt.to_string_lossy().into_owned();
        let install = |arguments: &[&str]| {
            let mut words = Vec::new();
            if by_sudo {
                words.extend(["sudo", "-n", "env", "DEBIAN_FRONTEND=noninteractive"]);
            }
            words.push(apt.as_str());
            words.extend(arguments);
            Cmd::new(words[0], &words[1..]).env("DEBIAN_FRONTEND", "noninteractive").run()
        };
        let packages_install =
            [&["install", "-y", "-q", "--no-install-recommends"], packages].concat();
        // A list that is out of date or missing is the usual reason for a failure, so it is renewed first;
        // that one mirror in it is dead need not matter.
        let _ = install(&["update", "-q"]);
        if install(&packages_install).is_err() {
            bail!(
                "{why}, and apt-get could not install it\nsudo apt-get update && sudo apt-get install {names}\n{otherwise}"
            );
        }
        Ok(())
    })
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|dir| dir.join(program)).find(|file| file.is_file())
}
