//! What the server keeps. All SQL is below this module: lower-case, portable between SQLite and PostgreSQL, one function for one question.
//!
//! Transactions are passed in, so that a reader of the calling code sees what commits together. Writing goes through one connection, which begins with
//! `begin immediate`: two writers of one SQLite file would only wait for each other. Reading has a pool of its own.

pub mod awaited;
pub mod completions;
pub mod idempotency;
pub mod journal;
pub mod numbers;
pub mod opt_outs;
pub mod outbox;
pub mod receipts;
pub mod runs;
pub mod schedules;
pub mod sessions;
pub mod settings;
pub mod timers;
pub mod tokens;
pub mod versions;
pub mod workflows;

use crate::{error::Error, seal::Seal};
use sqlx::{
    Sqlite, SqlitePool, Transaction,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{path::Path, time::Duration};

/// A connection inside or outside a transaction.
pub type Connection = sqlx::SqliteConnection;

/// A writing transaction. Dropped without `commit`, it changes nothing.
pub type Tx = Transaction<'static, Sqlite>;

/// The database's file in the data folder.
pub const FILE_NAME: &str = "phloem.db";

/// How many may read at once: more than the cores of a small machine gain nothing.
const READERS_MAX: u32 = 4;

/// How long to wait for another process that writes (the command line beside a running server).
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The database.
#[derive(Clone, Debug)]
pub struct Store {
    writer: SqlitePool,
    reader: SqlitePool,
    seal: Seal,
}

impl Store {
    /// Opens the database in a data folder, which is made if it is missing, and brings its tables up to date. What is sealed in it is sealed with the key that is
    /// given, else with the folder's own.
    ///
    /// # Errors
    /// The folder cannot be made, the file is no database, or a newer release has written it.
    pub async fn open(data: &Path, seal_key: Option<&str>) -> Result<Store, Error> {
        make_folder(data)?;
        let seal = Seal::of_folder(data, seal_key)?;
        // `full`: a run is acknowledged only after its row has reached the disk, not just the operating system.
        let options = SqliteConnectOptions::new()
            .filename(data.join(FILE_NAME))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY_TIMEOUT)
            .foreign_keys(true);
        let writer =
            SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
        sqlx::migrate!("../migrations/sqlite").run(&writer).await?;
        let reader =
            SqlitePoolOptions::new().max_connections(READERS_MAX).connect_with(options).await?;
        Ok(Store { writer, reader, seal })
    }

    /// Begins to write. What is read inside is what is there until the commit.
    ///
    /// # Errors
    /// The database is busy for too long, full, or gone.
    pub async fn begin(&self) -> Result<Tx, Error> {
        Ok(self.writer.begin_with("begin immediate").await?)
    }

    /// A connection for reading.
    ///
    /// # Errors
    /// The database is gone, or all readers are busy for too long.
    pub async fn reader(&self) -> Result<sqlx::pool::PoolConnection<Sqlite>, Error> {
        Ok(self.reader.acquire().await?)
    }

    /// What seals secrets in it.
    pub fn seal(&self) -> &Seal {
        &self.seal
    }

    /// Whether the database can be written now.
    ///
    /// # Errors
    /// It cannot: full, read-only, or gone.
    pub async fn check(&self) -> Result<(), Error> {
        let mut tx = self.begin().await?;
        settings::put(&mut tx, "last_check", "ok").await?;
        tx.commit().await?;
        Ok(())
    }

    /// Writes a whole copy of the database to a new file, also while it is in use.
    ///
    /// # Errors
    /// The file exists, or cannot be written.
    pub async fn copy_to(&self, file: &Path) -> Result<(), Error> {
        let file = file
            .to_str()
            .ok_or_else(|| Error::Invalid("the file's path has to be UTF-8".to_owned()))?;
        sqlx::query("vacuum into $1").bind(file).execute(&mut *self.reader().await?).await?;
        Ok(())
    }

    /// Waits for what is being written and closes the file.
    pub async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }
}

/// Makes the data folder for its owner alone: it holds calls and keys.
fn make_folder(data: &Path) -> Result<(), Error> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(data).map_err(|source| Error::File { path: data.display().to_string(), source })
}

/// Truth as the database keeps it.
pub(crate) fn truth(value: bool) -> i64 {
    i64::from(value)
}
