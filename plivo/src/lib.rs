//! The dialect of the phone company: everything Phloem knows about Plivo, and nothing about workflows.
//!
//! A call moves between two HTTP servers, and this crate has a type for each thing that crosses.
//! In reading order:
//!
//! 1. [`number`]: who is called: a [`Number`](number::Number) in E.164, or another [`Party`](number::Party).
//! 2. [`client`]: what we ask of Plivo over REST: place and end calls, send messages, look both up.
//! 3. [`webhook`]: what Plivo tells us: typed views of the form fields it posts.
//! 4. [`signature`]: how a webhook proves that it comes from Plivo.
//! 5. [`xml`]: what we answer: the document that tells a live call what to do next.
//! 6. [`Error`]: why a request failed, sorted by what the caller may do about it.
//!
//! The simulator reads the documents that the server writes with the same types,
//! and takes the requests that the client sends, so the two cannot drift apart unnoticed.
//! Facts about Plivo were checked against its official SDKs and its public documentation.

pub mod client;
pub mod error;
pub mod number;
pub mod signature;
pub mod webhook;
pub mod xml;

pub use error::Error;
pub use signature::Method;
