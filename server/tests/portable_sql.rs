//! Nothing the store says may need rewriting for PostgreSQL: its tables are made there, and every statement in `src/store` is prepared against them.
//!
//! `cargo xtask test` installs PostgreSQL and names its programs in `PHLOEM_POSTGRES_BIN`; without that variable there is nothing to ask.

use sqlx::{
    Connection, Executor, PgConnection, SqlSafeStr, migrate::Migrator, postgres::PgConnectOptions,
};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

static MIGRATIONS: Migrator = sqlx::migrate!("../migrations/postgres");

#[tokio::test]
async fn every_statement_of_the_store_is_understood_by_postgresql() {
    let Some(programs) = std::env::var_os("PHLOEM_POSTGRES_BIN").map(PathBuf::from) else {
        return eprintln!("PHLOEM_POSTGRES_BIN is not set; `cargo xtask test` sets it");
    };
    let cluster = Cluster::start(&programs);
    let mut connection = cluster.connect().await;
    MIGRATIONS.run(&mut connection).await.expect("the tables are made");
    let statements = statements();
    assert!(
        statements.len() > 40,
        "only {} statements were found; the store looks different now",
        statements.len()
    );
    let mut failures = Vec::new();
    for (place, statement) in statements {
        let sql = sqlx::AssertSqlSafe(statement.clone()).into_sql_str();
        if let Err(error) = connection.prepare(sql).await {
            failures.push(format!("{place}: {error}\n    {statement}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Every text in the store's sources that begins like a statement, with its file.
fn statements() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for file in fs::read_dir("src/store").expect("the store is a folder").flatten() {
        let source = fs::read_to_string(file.path()).expect("sources are text");
        let code = source.split("#[cfg(test)]").next().unwrap_or_default();
        for text in code.split('"').skip(1).step_by(2) {
            let statement =
                text.replace("\\\n", " ").split_whitespace().collect::<Vec<_>>().join(" ");
            if ["select ", "insert ", "update ", "delete "]
                .iter()
                .any(|verb| statement.starts_with(verb))
            {
                found.push((file.file_name().to_string_lossy().into_owned(), statement));
            }
        }
    }
    found
}

/// A database of its own in a folder that goes away, reached by a socket in it.
struct Cluster {
    folder: tempfile::TempDir,
    server: Child,
}

impl Cluster {
    fn start(programs: &Path) -> Cluster {
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
        Cluster { folder, server }
    }

    async fn connect(&self) -> PgConnection {
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
