//! The server from outside: real HTTP, a real database, and the simulated telephone network. One binary, since linking is what takes time.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod api;
mod beginnings;
mod calls;
mod children;
mod command_line;
mod coverage;
mod guard;
mod harness;
mod incident;
mod mail;
mod outside;
mod recordings;
mod recovery;
mod rooms;
mod secrets;
mod texting;
mod voice;
