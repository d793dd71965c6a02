//! What stands in a journal, said the way a colleague would.

mod effects;
mod events;
mod notes;

pub use effects::effect_line;
pub use events::event_line;
pub use notes::note_line;

use crate::language::{t, tf};
use engine::effect::{MemberChange, Role, Room};

/// One thing that happened.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// Its picture.
    pub icon: &'static str,
    /// What happened.
    pub words: String,
    /// `""`, `warn` or `bad`.
    pub tone: &'static str,
    /// The node it is about.
    pub node: Option<String>,
    /// The address of something to listen to.
    pub audio: Option<String>,
}

impl Line {
    fn warn(self) -> Line {
        Line { tone: "warn", ..self }
    }
}

fn line(icon: &'static str, words: impl Into<String>) -> Line {
    Line { icon, words: words.into(), ..Line::default() }
}

fn in_parentheses(words: &str) -> String {
    if words.is_empty() { String::new() } else { format!(" ({words})") }
}

fn shortened(text: &str) -> String {
    const CHARACTERS_MAX: usize = 90;
    if text.chars().count() <= CHARACTERS_MAX {
        return text.to_owned();
    }
    text.chars().take(CHARACTERS_MAX).chain(['…']).collect()
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Agent => t("an agent"),
        Role::Customer => t("a customer"),
        Role::Supervisor => t("a supervisor"),
    }
}

fn room(room: &Room) -> String {
    match room {
        Room::Conference(name) => tf("the conference “{name}”", &[("name", name)]),
        Room::MultiParty(name) => tf("the call “{name}”", &[("name", name)]),
    }
}

/// What is done to somebody in a room, as an order.
fn change(change: MemberChange, who: &str) -> String {
    match change {
        MemberChange::Mute => tf("mute {who}", &[("who", &who)]),
        MemberChange::Unmute => tf("let {who} speak again", &[("who", &who)]),
        MemberChange::Hold => tf("put {who} on hold", &[("who", &who)]),
        MemberChange::Unhold => tf("bring {who} back from hold", &[("who", &who)]),
        MemberChange::Coach => tf("let only the agent hear {who}", &[("who", &who)]),
        MemberChange::Uncoach => tf("let everybody hear {who}", &[("who", &who)]),
        MemberChange::HangUp => tf("take {who} out", &[("who", &who)]),
    }
}
