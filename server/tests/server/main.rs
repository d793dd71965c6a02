//! The server from outside: real HTTP, a real database, and the simulated telephone network. One binary, since linking is what takes time.

mod api;
mod guard;
mod harness;
mod recovery;
mod voice;
