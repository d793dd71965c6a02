//! What a drawing of a workflow is and how it may be edited, without a browser.
//!
//! In reading order: [`document`] is the drawing itself, with its [`marks`] for people; [`command`] is every edit there is and
//! [`history`] remembers them; [`geometry`], [`routing`] and [`hit`] say where things are, as pure
//! functions of the data (nothing is ever measured on the screen); [`viewport`] is the camera;
//! [`layout`] arranges; [`gesture`] turns a pointer's way over the canvas into intents.
//!
//! Invariant: nothing here knows what a component means. Which states a node has and whether it can
//! be entered is told from outside, as a [`document::Shape`].

pub mod clipboard;
pub mod command;
pub mod compare;
pub mod document;
pub mod find;
pub mod fuzzy;
pub mod geometry;
pub mod gesture;
pub mod history;
pub mod hit;
pub mod layout;
pub mod marks;
pub mod merge;
pub mod preview;
pub mod reference;
pub mod replace;
pub mod routing;
pub mod search;
pub mod selection;
pub mod viewport;
pub mod walk;

pub use command::{Command, Refusal};
pub use document::{Document, Edge, Node, Port, PortId, Position, Shape};
pub use geometry::{Point, Rect};
pub use history::{Change, History};
pub use marks::{Colour, Comment, Group, Note, Topic};
