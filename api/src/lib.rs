//! Wire types between the server and its clients: what stands in request and answer bodies of `/api/v1` and of the run API.
//!
//! They are not domain types: the server converts by hand at its border. The one exception is [`engine::Document`], which *is* the public file format.
//!
//! - [`workflows`]: drafts, versions, problems
//! - [`runs`]: runs and their journals
//! - [`live`]: what a running run tells its watchers
//! - [`numbers`], [`access`]: numbers, tokens, the signed-in person
//! - [`try_out`]: trying one step by itself
//! - [`problem`]: the error envelope
//! - [`plivo_compat`]: the run API in both its shapes

pub mod access;
pub mod live;
pub mod numbers;
pub mod plivo_compat;
pub mod problem;
pub mod runs;
pub mod try_out;
pub mod workflows;
