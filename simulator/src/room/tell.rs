//! What is told of a room: to its owner by webhooks, to its members by captions and sounds.

use std::sync::Arc;

use plivo::xml::Role;
use uuid::Uuid;

use super::{Admission, Key, Kind, Member, stay::Stay};
use crate::{
    address::Address,
    clock::At,
    ledger::SoundEntry,
    limits::SOUNDS_PER_ROOM_MAX,
    line::Line,
    network::Network,
    webhook::{Family, Hook},
};

/// A step of a multi-party call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Initialized,
    Start,
    End,
    Join,
    Exit,
    Mute,
    Unmute,
    Hold,
    Unhold,
    Coach,
    Uncoach,
}

impl Step {
    /// Plivo's word for it.
    fn as_str(self) -> &'static str {
        match self {
            Step::Initialized => "MPCInitialized",
            Step::Start => "MPCStart",
            Step::End => "MPCEnd",
            Step::Join => "ParticipantJoin",
            Step::Exit => "ParticipantExit",
            Step::Mute => "ParticipantMute",
            Step::Unmute => "ParticipantUnmute",
            Step::Hold => "ParticipantHold",
            Step::Unhold => "ParticipantUnhold",
            Step::Coach => "ParticipantCoachModeStart",
            Step::Uncoach => "ParticipantCoachModeStop",
        }
    }
}

/// Tells a step of a multi-party call; of a conference, nothing is told this way.
pub(super) fn step(network: &Arc<Network>, key: &Key, member: Option<&Member>, step: Step) {
    let (uuid, status) = {
        let state = network.state();
        let Some(room) = state.rooms.get(key) else { return };
        (room.uuid, room.status.clone())
    };
    step_of(network, key, uuid, status, member, step);
}

/// The same for a room that may have ended.
pub(super) fn step_of(
    network: &Arc<Network>,
    key: &Key,
    uuid: Uuid,
    status: Option<Hook>,
    member: Option<&Member>,
    step: Step,
) {
    let hook = member.and_then(|member| member.status.clone()).or(status);
    let Some(hook) = hook.filter(|_| key.kind == Kind::MultiParty) else { return };
    let mut fields = vec![
        ("EventName", step.as_str().to_owned()),
        ("EventTimestamp", At::now().message()),
        ("MPCUUID", uuid.to_string()),
        ("MPCName", key.name.clone()),
    ];
    if let Some(member) = member {
        fields.extend(member.fields());
    }
    if step == Step::End
        && let Some(entry) = network.state().ledger.conferences.find(uuid)
    {
        let seconds = entry.ended_at.unwrap_or_else(At::now).seconds_since(entry.at).ceil() as u64;
        fields.push(("MPCDuration", seconds.to_string()));
        fields.push(("MPCBilledDuration", (seconds.div_ceil(60) * 60).to_string()));
        fields.push(("MPCBilledAmount", "0.00000".to_owned()));
    }
    network.notify(hook, owned(fields), Family::Voice);
}

impl Member {
    /// The fields that are about a participant of a multi-party call.
    fn fields(&self) -> Vec<(&'static str, String)> {
        vec![
            ("MemberID", self.member_id.to_string()),
            ("ParticipantRole", self.role.map(Role::as_str).unwrap_or_default().to_owned()),
            ("ParticipantCallUUID", self.call_uuid.to_string()),
            ("ParticipantCoachMode", self.coaches.to_string()),
        ]
    }

    /// The fields of its webhooks about an event.
    pub(crate) fn params(&self, event: &str) -> Vec<(String, String)> {
        let mut params = self.params.clone();
        params.push(("Event".to_owned(), event.to_owned()));
        params
    }

    /// Its phone and call, for what it is to hear.
    pub(crate) fn hears(&self) -> (Address, Uuid) {
        (self.phone.clone(), self.call_uuid)
    }
}

impl Line {
    /// Tells a conference's address of a step of this member.
    pub(super) fn tell_conference(
        &self,
        admission: &Admission,
        stay: &Stay,
        action: &str,
        more: &[(&'static str, String)],
    ) {
        if admission.key.kind != Kind::Conference {
            return;
        }
        let Some(hook) = admission.status.clone() else { return };
        let event = match action {
            "enter" => "ConferenceEnter",
            "exit" => "ConferenceExit",
            _ => "ConferenceDigitsMatch",
        };
        let mut params = self.params(event);
        params.push(("ConferenceAction".to_owned(), action.to_owned()));
        params.extend(conference_fields(&admission.key, stay));
        params.extend(owned(more.to_vec()));
        self.network.notify(hook, params, Family::Voice);
    }

    /// What the address is told that says how a call goes on which has left.
    pub(super) fn farewell_fields(
        &self,
        admission: &Admission,
        stay: &Stay,
    ) -> Vec<(String, String)> {
        let Key { kind, name } = &admission.key;
        if *kind == Kind::Conference {
            return conference_fields(&admission.key, stay);
        }
        owned(vec![
            ("MPCUUID", stay.uuid.to_string()),
            ("MPCFriendlyName", name.clone()),
            ("MemberID", stay.member_id.to_string()),
            ("ParticipantCallUUID", self.call_uuid.to_string()),
            ("ParticipantJoinTime", stay.joined.record()),
            ("ParticipantEndTime", At::now().record()),
            ("ParticipantRole", admission.role.map(Role::as_str).unwrap_or_default().to_owned()),
        ])
    }
}

fn conference_fields(key: &Key, stay: &Stay) -> Vec<(String, String)> {
    owned(vec![
        ("ConferenceName", key.name.clone()),
        ("ConferenceUUID", stay.uuid.to_string()),
        ("ConferenceMemberID", stay.member_id.to_string()),
    ])
}

/// Lets members hear that somebody comes or goes, and writes it down.
pub(super) fn sound(
    network: &Arc<Network>,
    uuid: Uuid,
    sound: Option<&str>,
    by: &Member,
    listeners: &[Member],
) {
    let Some(sound) = sound.filter(|sound| !sound.is_empty() && *sound != "none") else { return };
    if listeners.is_empty() {
        return;
    }
    if let Some(entry) = network.state().ledger.conferences.find_mut(uuid)
        && entry.sounds.len() < SOUNDS_PER_ROOM_MAX
    {
        let heard = SoundEntry { sound: sound.to_owned(), member_id: by.member_id, at: At::now() };
        entry.sounds.push(heard);
    }
    let hook = Hook::post(sound);
    if hook.is_askable() {
        let listeners = listeners.iter().map(Member::hears).collect();
        network.hear_beside(hook, by.params("Redirect"), listeners);
    }
}

pub(super) fn owned(fields: Vec<(&'static str, String)>) -> Vec<(String, String)> {
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
