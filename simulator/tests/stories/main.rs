//! Stories: an application, the simulator and a few phones, over real HTTP on this machine.

#![expect(clippy::unwrap_used, reason = "a story that cannot be told has failed")]

mod calls;
mod client;
mod conferences;
mod faults;
mod messages;
mod phones;
mod rest;
mod rooms;
mod world;
