//! What stands in a journal, said the way a colleague would.

mod effects;
mod events;
mod notes;

pub use effects::effect_line;
pub use events::event_line;
pub use notes::note_line;

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
        Role::Agent => "an agent",
        Role::Customer => "a customer",
        Role::Supervisor => "a supervisor",
    }
}

fn room(room: &Room) -> String {
    match room {
        Room::Conference(name) => format!("the conference “{name}”"),
        Room::MultiParty(name) => format!("the call “{name}”"),
    }
}

/// What is done to somebody in a room, as an order.
fn change(change: MemberChange, who: &str) -> String {
    match change {
        MemberChange::Mute => format!("mute {who}"),
        MemberChange::Unmute => format!("let {who} speak again"),
        MemberChange::Hold => format!("put {who} on hold"),
        MemberChange::Unhold => format!("bring {who} back from hold"),
        MemberChange::Coach => format!("let only the agent hear {who}"),
        MemberChange::Uncoach => format!("let everybody hear {who}"),
        MemberChange::HangUp => format!("take {who} out"),
    }
}
