//! Stories: an application, the simulator and a few phones, over real HTTP on this machine.

#![expect(clippy::unwrap_used, reason = "a story that cannot be told has failed")]

mod calls;
mod client;
mod conferences;
mod dials;
mod faults;
mod messages;
mod multi_party;
mod phones;
mod recordings;
mod rest;
mod world;
