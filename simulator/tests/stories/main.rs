//! Stories: an application, the simulator and a few phones, over real HTTP on this machine.

mod calls;
mod conferences;
mod faults;
mod messages;
mod phones;
mod rest;
mod world;
