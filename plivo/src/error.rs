//! Why a request to Plivo failed, sorted by what the caller may do about it.

use crate::number;

/// What became of a request that did not succeed.
///
/// The question that matters before any second try is whether the first one may have rung a phone:
/// [`may_have_happened`](Error::may_have_happened) answers it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Plivo said no (a 4xx status): certainly not done, and the same request will be refused again.
    #[error("plivo refused with status {status}: {message}")]
    Refused {
        /// The HTTP status, 400 to 499; or 300 to 399, because redirects are not followed.
        status: u16,
        /// Plivo's own words, shortened.
        message: String,
    },
    /// Too many requests (429): certainly not done; ask again later.
    #[error("plivo takes no more requests for now; ask again in {} s", retry_after_s.unwrap_or(RETRY_AFTER_S_DEFAULT))]
    RateLimited {
        /// What Plivo's `Retry-After` header says, if it sent one.
        retry_after_s: Option<u64>,
    },
    /// No connection could be made: certainly not done; trying again is safe.
    #[error("plivo could not be reached: {0}")]
    NotSent(String),
    /// The request left, and no usable answer came back (time-out, broken connection, 5xx): it may have been done.
    #[error("no usable answer from plivo, so the request may have been carried out: {0}")]
    Unknown(String),
    /// The request cannot be right, so it was not sent.
    #[error("{0}")]
    Invalid(String),
}

/// Plivo counts requests over five seconds.
pub(crate) const RETRY_AFTER_S_DEFAULT: u64 = 5;

impl Error {
    /// Whether the request may have taken effect all the same, so that repeating it might do it twice.
    pub fn may_have_happened(&self) -> bool {
        matches!(self, Error::Unknown(_))
    }

    /// Whether the same request might succeed later without anybody changing anything.
    pub fn is_passing(&self) -> bool {
        matches!(self, Error::RateLimited { .. } | Error::NotSent(_) | Error::Unknown(_))
    }
}

impl From<number::Error> for Error {
    fn from(error: number::Error) -> Error {
        Error::Invalid(error.to_string())
    }
}
