//! Rooms, which exist as long as somebody is in them: conferences, and multi-party calls, whose members have roles.
//!
//! `stay` is a call in a room from entering to leaving; `tell` is what the room's owner and its members hear of it.

mod stay;
mod tell;

use std::sync::Arc;

use plivo::xml::Role;
use uuid::Uuid;

pub(crate) use self::tell::Step;
use crate::{
    address::Address,
    clock::At,
    hangup::Hangup,
    ledger::Direction,
    network::Network,
    recording::{self, RoomOf, Subject},
    webhook::Hook,
};

/// What a room is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Conference,
    MultiParty,
}

impl Kind {
    /// The word for it in the ledger.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Kind::Conference => "conference",
            Kind::MultiParty => "multi_party_call",
        }
    }
}

/// Which room: a conference and a multi-party call may have the same name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) kind: Kind,
    pub(crate) name: String,
}

impl Key {
    pub(crate) fn new(kind: Kind, name: &str) -> Key {
        Key { kind, name: name.trim().to_owned() }
    }
}

/// A room with its members.
pub(crate) struct Room {
    pub(crate) uuid: Uuid,
    pub(crate) begun: At,
    /// False while its first members wait for somebody with whom it begins.
    pub(crate) is_started: bool,
    pub(crate) members: Vec<Member>,
    pub(crate) recording_id: Option<Uuid>,
    /// Who is told of the steps of a multi-party call.
    pub(crate) status: Option<Hook>,
    next_member_id: u64,
}

/// A call in a room.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) member_id: u64,
    pub(crate) call_uuid: Uuid,
    pub(crate) phone: Address,
    pub(crate) from: Address,
    pub(crate) to: Address,
    pub(crate) direction: Direction,
    pub(crate) caller_name: String,
    pub(crate) joined: At,
    /// What it is in a multi-party call.
    pub(crate) role: Option<Role>,
    pub(crate) is_muted: bool,
    pub(crate) is_deaf: bool,
    pub(crate) is_on_hold: bool,
    /// Only agents hear it.
    pub(crate) coaches: bool,
    /// Who is told of its steps; without it, the room's.
    status: Option<Hook>,
    /// Gives what it hears on hold.
    hold_sound: Option<Hook>,
    /// The fields of its webhooks, without an event.
    params: Vec<(String, String)>,
    stays_alone: bool,
}

impl Member {
    /// Whether another member hears it.
    fn is_heard_by(&self, other: &Member) -> bool {
        let is_silent = self.is_muted || self.is_on_hold || self.call_uuid == other.call_uuid;
        let is_closed = other.is_deaf || other.is_on_hold;
        let is_for_others = self.coaches && other.role != Some(Role::Agent);
        !is_silent && !is_closed && !is_for_others
    }
}

/// How a call enters a room, whichever element says so.
pub(crate) struct Admission {
    pub(crate) key: Key,
    pub(crate) role: Option<Role>,
    pub(crate) is_muted: bool,
    pub(crate) is_on_hold: bool,
    pub(crate) coaches: bool,
    /// The conversation begins with this member.
    pub(crate) starts: bool,
    /// The conversation ends with this member.
    pub(crate) ends: bool,
    pub(crate) stays_alone: bool,
    pub(crate) members_max: usize,
    pub(crate) time_limit_s: f64,
    /// `beep:1`, `beep:2`, `none` or the address of a document.
    pub(crate) enter_sound: Option<String>,
    pub(crate) exit_sound: Option<String>,
    /// Gives what it hears until the conversation begins, or while it is alone.
    pub(crate) wait_sound: Option<Hook>,
    pub(crate) hold_sound: Option<Hook>,
    pub(crate) recording: Option<RecordingWish>,
    /// Key sequences that are told.
    pub(crate) digits_match: Vec<String>,
    pub(crate) leaves_on_star: bool,
    /// Who is told of the member's steps.
    pub(crate) status: Option<Hook>,
    /// Who is asked, or told, how the call goes on.
    pub(crate) action: Option<Hook>,
    pub(crate) follows_action: bool,
}

/// How a room is to be recorded.
#[derive(Clone)]
pub(crate) struct RecordingWish {
    pub(crate) format: &'static str,
    pub(crate) callback: Option<Hook>,
    pub(crate) transcription: Option<Hook>,
}

/// A change that an API request makes to members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    Mute(bool),
    Deafen(bool),
    Hold(bool),
    Coach(bool),
}

impl Change {
    /// The word for it in the ledger.
    fn word(self) -> &'static str {
        match self {
            Change::Mute(true) => "muted",
            Change::Mute(false) => "unmuted",
            Change::Deafen(true) => "deafened",
            Change::Deafen(false) => "undeafened",
            Change::Hold(true) => "held",
            Change::Hold(false) => "unheld",
            Change::Coach(true) => "coaching",
            Change::Coach(false) => "heard by all",
        }
    }

    fn apply(self, member: &mut Member) {
        match self {
            Change::Mute(is_on) => member.is_muted = is_on,
            Change::Deafen(is_on) => member.is_deaf = is_on,
            Change::Hold(is_on) => member.is_on_hold = is_on,
            Change::Coach(is_on) => member.coaches = is_on,
        }
    }

    fn step(self) -> Option<Step> {
        match self {
            Change::Mute(true) => Some(Step::Mute),
            Change::Mute(false) => Some(Step::Unmute),
            Change::Hold(true) => Some(Step::Hold),
            Change::Hold(false) => Some(Step::Unhold),
            Change::Coach(true) => Some(Step::Coach),
            Change::Coach(false) => Some(Step::Uncoach),
            Change::Deafen(_) => None,
        }
    }
}

/// Changes members of a room and tells whoever wants to know. Nothing happens where there is no such room.
pub(crate) fn change(network: &Arc<Network>, key: &Key, member_ids: &[u64], change: Change) {
    let changed: Vec<Member> = {
        let mut guard = network.state();
        let state = &mut *guard;
        let Some(room) = state.rooms.get_mut(key) else { return };
        let uuid = room.uuid;
        let chosen =
            room.members.iter_mut().filter(|member| member_ids.contains(&member.member_id));
        let mut changed = Vec::new();
        for member in chosen {
            change.apply(member);
            if let Some(stay) = state.ledger.member_mut(uuid, member.member_id) {
                stay.changes.push(change.word());
            }
            changed.push(member.clone());
        }
        changed
    };
    for member in changed {
        if let Some(step) = change.step() {
            tell::step(network, key, Some(&member), step);
        }
        if change == Change::Hold(true)
            && let Some(hook) = member.hold_sound.clone()
        {
            network.hear_beside(hook, member.params("Redirect"), vec![member.hears()]);
        }
    }
}

/// Begins a conversation that members wait for. False if there is no such room.
pub(crate) fn begin(network: &Arc<Network>, key: &Key) -> bool {
    {
        let mut guard = network.state();
        let state = &mut *guard;
        let Some(room) = state.rooms.get_mut(key) else { return false };
        if room.is_started {
            return true;
        }
        room.is_started = true;
        if let Some(entry) = state.ledger.conferences.find_mut(room.uuid) {
            entry.started_at = Some(At::now());
        }
    }
    tell::step(network, key, None, Step::Start);
    true
}

/// Records a room from now on, or names the recording that goes on already. Nothing if there is no such room.
pub(crate) fn record(
    network: &Arc<Network>,
    key: &Key,
    wish: RecordingWish,
    time_limit_s: Option<f64>,
) -> Option<(Uuid, String)> {
    let (uuid, running) = {
        let state = network.state();
        let room = state.rooms.get(key)?;
        let running = room.recording_id.and_then(|id| state.ledger.recordings.find(id));
        let running = running.filter(|entry| entry.ended_at.is_none());
        (room.uuid, running.map(|entry| (entry.recording_id, entry.url.clone())))
    };
    if let Some(running) = running {
        return Some(running);
    }
    let subject = Subject {
        call_uuid: None,
        room: Some(RoomOf { kind: key.kind, name: key.name.clone(), uuid }),
        kind: "conference",
        format: wish.format,
        callback: wish.callback,
        transcription: wish.transcription,
    };
    let (recording_id, url) = recording::start(network, subject, time_limit_s);
    if let Some(room) = network.state().rooms.get_mut(key) {
        room.recording_id = Some(recording_id);
    }
    Some((recording_id, url))
}

/// Stops recording a room. False if there is no such room.
pub(crate) fn stop_recording(network: &Arc<Network>, key: &Key) -> bool {
    let recording_id = match network.state().rooms.get_mut(key) {
        Some(room) => room.recording_id.take(),
        None => return false,
    };
    if let Some(recording_id) = recording_id {
        recording::close(network, recording_id);
    }
    true
}

/// The members an API request means by an id, a call, a comma list or `all`.
pub(crate) fn chosen(network: &Network, key: &Key, which: &str) -> Option<Vec<Member>> {
    let state = network.state();
    let room = state.rooms.get(key)?;
    let is_chosen = |member: &Member| {
        which == "all"
            || which
                .split(',')
                .map(str::trim)
                .any(|id| id == member.member_id.to_string() || id == member.call_uuid.to_string())
    };
    let members: Vec<Member> =
        room.members.iter().filter(|member| is_chosen(member)).cloned().collect();
    (!members.is_empty()).then_some(members)
}

/// Why a member has to leave, if the call is to end with that.
pub(crate) type Farewell = Option<Hangup>;
