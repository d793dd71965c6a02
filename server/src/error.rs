//! What can go wrong inside the server, sorted by what the one who asked can do about it.

use engine::Problem;

/// Why the server did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing.
    #[error("{0}")]
    NotFound(String),
    /// The thing is not in a state that allows this.
    #[error("{0}")]
    Conflict(String),
    /// The request cannot be right.
    #[error("{0}")]
    Invalid(String),
    /// The workflow has errors; all of them.
    #[error("the workflow has {} problem(s)", .0.len())]
    Problems(Vec<Problem>),
    /// Parameters of a run are missing or wrong; all of them, as sentences.
    #[error("{}", .0.join(" "))]
    Params(Vec<String>),
    /// The same idempotency key came with another request.
    #[error("this Idempotency-Key was used with another request; use a new key for a new run")]
    KeyReused,
    /// The draft was changed by somebody else since it was read.
    #[error(
        "the draft has changed since it was read (it is at revision {0}); read it again and put your change on top"
    )]
    Stale(u64),
    /// A new thing was to be made, and there is one already.
    #[error("{0}")]
    Exists(String),
    /// The run's journal cannot be read; the run is parked.
    #[error("{0}")]
    Parked(String),
    /// The database did not answer as it should.
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
    /// The database's tables could not be brought up to date.
    #[error("the database could not be brought up to date: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The carrier refused or did not answer.
    #[error("the carrier: {0}")]
    Carrier(#[from] plivo::Error),
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    File {
        /// Which file.
        path: String,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// A setting is missing or wrong.
    #[error("{0}")]
    Setting(String),
}

impl Error {
    /// Whether a unique key stood in the way.
    pub(crate) fn is_unique_violation(&self) -> bool {
        matches!(self, Error::Database(sqlx::Error::Database(database)) if database.is_unique_violation())
    }
}
