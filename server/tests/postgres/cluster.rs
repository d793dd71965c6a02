//! A PostgreSQL server of the test's own.
//!
//! `cargo xtask test` installs PostgreSQL and names its programs in `PHLOEM_POSTGRES_BIN`; without that variable there is nothing to ask.

use sqlx::{Connection, PgConnection, postgres::PgConnectOptions};
use std::{
    fs,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// A database of its own in a folder that goes away, reached by a socket in it.
pub(crate) struct Cluster {
    folder: tempfile::TempDir,
    server: Child,
}

impl Cluster {
    /// Starts one; nothing where no PostgreSQL is installed.
    #[expect(clippy::print_stderr, reason = "whoever runs the tests has to know what was left out")]
    pub(crate) fn start() -> Option<Cluster> {
        let Some(programs) = std::env::var_os("PHLOEM_POSTGRES_BIN").map(PathBuf::from) else {
            eprintln!("PHLOEM_POSTGRES_BIN is not set; `cargo xtask test` sets it");
            return None;
        };
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let data = folder.path().join("data");
        // PostgreSQL does not run as root; its package brings a user of its own.
        let is_root = fs::metadata("/proc/self")
            .is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
        let command = |program: &str| {
            let program = programs.join(program);
            if is_root {
                let mut command = Command::new("runuser");
                command.args(["-u", "postgres", "--"]).arg(program);
                command
            } else {
                Command::new(program)
            }
        };
        if is_root {
            let chown = Command::new("chown").arg("postgres").arg(folder.path()).status();
            assert!(
                chown.is_ok_and(|status| status.success()),
                "the package's user `postgres` exists"
            );
        }
        let made = command("initdb")
            .args(["--no-sync", "--auth=trust", "--username=phloem", "-D"])
            .arg(&data)
            .stdout(Stdio::null())
            .status();
        assert!(made.is_ok_and(|status| status.success()), "initdb makes a cluster");
        let server = command("postgres")
            .args(["-c", "listen_addresses=", "-c", "fsync=off", "-k"])
            .arg(folder.path())
            .arg("-D")
            .arg(&data)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("postgres starts");
        Some(Cluster { folder, server })
    }

    /// Its address.
    pub(crate) fn address(&self) -> String {
        format!("postgres://phloem@localhost/postgres?host={}", self.folder.path().display())
    }

    /// Waits until it takes connections.
    pub(crate) async fn connect(&self) -> PgConnection {
        let options = PgConnectOptions::new()
            .socket(self.folder.path())
            .username("phloem")
            .database("postgres");
        let begun = Instant::now();
        loop {
            match PgConnection::connect_with(&options).await {
                Ok(connection) => return connection,
                Err(error) => assert!(
                    begun.elapsed() < Duration::from_secs(30),
                    "postgres takes connections: {error}"
                ),
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // The server's own process id: `runuser` does not pass signals on.
        let id =
            fs::read_to_string(self.folder.path().join("data/postmaster.pid")).unwrap_or_default();
        let _ =
            Command::new("kill").args(["-QUIT", id.lines().next().unwrap_or_default()]).status();
        let _ = self.server.wait();
    }
}
