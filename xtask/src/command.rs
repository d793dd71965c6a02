//! Running other programs: what is run is shown when it fails, and a failure says which program it was.

use anyhow::{Context as _, Result, bail};
use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::{Command, Stdio};

/// A program with its arguments, about to be run.
pub(crate) struct Cmd {
    command: Command,
}

impl Cmd {
    pub(crate) fn new<S: AsRef<OsStr>>(
        program: &str,
        arguments: impl IntoIterator<Item = S>,
    ) -> Cmd {
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::null());
        Cmd { command }
    }

    /// The cargo that started this xtask, without the variables cargo set for this very run.
    pub(crate) fn cargo<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Cmd {
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
        let mut cmd = Cmd::new(&cargo, arguments);
        let from_cargo_run =
            |name: &str| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_");
        for (name, _) in std::env::vars_os() {
            if name.to_str().is_some_and(from_cargo_run) {
                cmd.command.env_remove(name);
            }
        }
        cmd
    }

    pub(crate) fn in_dir(mut self, dir: &Path) -> Cmd {
        self.command.current_dir(dir);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Cmd {
        self.command.env(name, value);
        self
    }

    /// Runs it with its output shown; an error unless it succeeds.
    pub(crate) fn run(mut self) -> Result<()> {
        let status =
            self.command.status().with_context(|| format!("cannot start `{}`", self.line()))?;
        if !status.success() {
            bail!("`{}` failed with {status}", self.line());
        }
        Ok(())
    }

    /// Runs it and gives what it printed; an error, with what it complained of, unless it succeeds.
    pub(crate) fn read(mut self) -> Result<String> {
        let output =
            self.command.output().with_context(|| format!("cannot start `{}`", self.line()))?;
        if !output.status.success() {
            bail!(
                "`{}` failed with {}\n{}",
                self.line(),
                output.status,
                String::from_utf8_lossy(&output.stderr).trim_end()
            );
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Whether it can be run and succeeds; prints nothing.
    pub(crate) fn succeeds(mut self) -> bool {
        self.command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    }

    /// Becomes that program, with this one's terminal; returns only when that is impossible.
    pub(crate) fn become_it(mut self) -> anyhow::Error {
        use std::os::unix::process::CommandExt as _;
        let line = self.line();
        let error = self.command.stdin(Stdio::inherit()).exec();
        anyhow::Error::new(error).context(format!("cannot start `{line}`"))
    }

    fn line(&self) -> String {
        let mut words: Vec<OsString> = vec![self.command.get_program().to_owned()];
        words.extend(self.command.get_args().map(OsStr::to_owned));
        words.iter().map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
    }
}
