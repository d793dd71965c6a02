//! The service: HTTP in, database, effects out.
//!
//! In reading order:
//!
//! 1. [`config`]: every setting
//! 2. [`http`]: the router, the whole URL space on one screen
//! 3. [`runs`]: the hub through which every event of every run goes; [`workflows`]: drafts and versions
//! 4. [`store`]: all SQL
//! 5. [`telephony`]: the translator between runs and Plivo
//! 6. [`worker`]: effects, timers, recovery; [`egress`]: requests of workflows to the outside
//! 7. [`cli`]: the commands beside `serve`
//!
//! Invariant: an effect leaves only after the event that caused it is committed, and what it led to comes back as an event.

pub mod access;
pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod databases;
pub mod egress;
pub mod email;
mod error;
mod examples;
mod hold_audio;
pub mod http;
pub mod keys;
pub mod keywords;
pub mod numbers;
pub mod runs;
pub mod schedule;
pub mod seal;
mod serve;
pub mod store;
pub mod telemetry;
pub mod telephony;
pub mod worker;
pub mod workflows;

pub use error::Error;
pub use serve::Server;
