//! Rooms: who is in them, who comes and goes, and whom that is told to.

use std::{sync::Arc, time::Instant};

use plivo::xml::Conference;
use uuid::Uuid;

use crate::{
    address::Address,
    clock::At,
    ledger::{ConferenceEntry, Direction, MemberEntry, RecordingEntry},
    limits::CONFERENCE_MEMBERS_MAX,
    line::{Command, Interruption, Line, Woken},
    network::Network,
    phone::Who,
    player::Next,
    recording::{self, Subject},
    webhook::{Family, Hook},
};

/// A conference; it exists as long as somebody is in it.
pub(crate) struct Room {
    pub(crate) uuid: Uuid,
    pub(crate) begun: At,
    pub(crate) members: Vec<Member>,
    pub(crate) recording_id: Option<Uuid>,
    next_member_id: u64,
}

/// A call in a room.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    /// What it is in a multi-party call.
    pub(crate) role: Option<String>,
    pub(crate) is_on_hold: bool,
    pub(crate) is_coaching: bool,
    pub(crate) member_id: u64,
    pub(crate) call_uuid: Uuid,
    pub(crate) phone: Address,
    pub(crate) from: Address,
    pub(crate) to: Address,
    pub(crate) direction: Direction,
    pub(crate) caller_name: String,
    pub(crate) joined: At,
    pub(crate) is_muted: bool,
    pub(crate) is_deaf: bool,
    stays_alone: bool,
}

/// How a call comes into a room.
pub(crate) enum Entrance {
    /// By `Conference`.
    Conference,
    /// By `MultiPartyCall`, in this role.
    MultiParty { role: String, is_on_hold: bool, is_coaching: bool },
}

/// The name under which a multi-party call stands among the rooms; no conference can have it.
pub(crate) fn multi_party_key(name: &str) -> String {
    format!("\u{1}{}", name.trim())
}

/// What a member knows about its stay.
struct Stay {
    /// Under which the room stands among the others.
    key: String,
    role: Option<String>,
    name: String,
    uuid: Uuid,
    member_id: u64,
    is_first: bool,
}

impl Line {
    pub(crate) async fn confer(&mut self, element: &Conference) -> Result<Next, Interruption> {
        self.meet(element, Entrance::Conference).await
    }

    /// In a room from entering to leaving.
    pub(crate) async fn meet(
        &mut self,
        element: &Conference,
        entrance: Entrance,
    ) -> Result<Next, Interruption> {
        let Some(stay) = self.enter(element, entrance) else {
            self.caption(Who::Note, format!("The conference {} is full.", element.name.trim()));
            return Ok(Next::Continue);
        };
        self.tell_room(
            element,
            &stay,
            "enter",
            "ConferenceEnter",
            &[("ConferenceFirstMember", stay.is_first.to_string())],
        );
        let outcome = self.stay(element, &stay).await;
        let recording = self.recording_of(&stay);
        let is_last = self.leave(element, &stay);
        self.tell_room(
            element,
            &stay,
            "exit",
            "ConferenceExit",
            &[("ConferenceLastMember", is_last.to_string())],
        );
        let action = element.action.clone().map(|url| Hook { url, method: element.method });
        let mut extra = match &stay.role {
            None => vec![
                ("ConferenceName".to_owned(), stay.name.clone()),
                ("ConferenceUUID".to_owned(), stay.uuid.to_string()),
                ("ConferenceMemberID".to_owned(), stay.member_id.to_string()),
            ],
            Some(role) => vec![
                ("MPCFriendlyName".to_owned(), stay.name.clone()),
                ("MPCUUID".to_owned(), stay.uuid.to_string()),
                ("MemberID".to_owned(), stay.member_id.to_string()),
                ("ParticipantCallUUID".to_owned(), self.call_uuid.to_string()),
                ("ParticipantRole".to_owned(), role.clone()),
            ],
        };
        if let Some(recording) = recording {
            extra.push(("RecordUrl".to_owned(), recording.url));
            extra.push(("RecordingID".to_owned(), recording.recording_id.to_string()));
        }
        match outcome {
            Ok(()) => self.follow_action(action, element.redirect, extra).await,
            Err(Interruption::Ended(hangup)) => {
                self.notify_action(action, extra);
                Err(Interruption::Ended(hangup))
            }
            Err(transferred) => Err(transferred),
        }
    }

    fn enter(&mut self, element: &Conference, entrance: Entrance) -> Option<Stay> {
        let name = element.name.trim().to_owned();
        let (key, kind) = match &entrance {
            Entrance::Conference => (name.clone(), "conference"),
            Entrance::MultiParty { .. } => (multi_party_key(&name), "multi_party_call"),
        };
        let (role, is_on_hold, is_coaching) = match entrance {
            Entrance::Conference => (None, false, false),
            Entrance::MultiParty { role, is_on_hold, is_coaching } => {
                (Some(role), is_on_hold, is_coaching)
            }
        };
        let mut guard = self.network.state();
        let state = &mut *guard;
        let room = state.rooms.entry(key.clone()).or_insert_with(|| {
            let uuid = Uuid::new_v4();
            let begun = At::now();
            let entry = ConferenceEntry {
                conference_uuid: uuid,
                name: name.clone(),
                kind,
                members: Vec::new(),
                at: begun,
                ended_at: None,
            };
            state.ledger.conferences.add(uuid, entry);
            Room { uuid, begun, members: Vec::new(), recording_id: None, next_member_id: 1 }
        });
        let members_max = element.max_members.clamp(1, CONFERENCE_MEMBERS_MAX) as usize;
        if room.members.len() >= members_max {
            return None;
        }
        let member = Member {
            role: role.clone(),
            is_on_hold,
            is_coaching,
            member_id: room.next_member_id,
            call_uuid: self.call_uuid,
            phone: self.phone.clone(),
            from: self.order.from.clone(),
            to: self.order.to.clone(),
            direction: self.order.direction,
            caller_name: self.order.caller_name.clone(),
            joined: At::now(),
            is_muted: element.muted,
            is_deaf: false,
            stays_alone: element.stay_alone,
        };
        room.next_member_id += 1;
        let stay = Stay {
            key: key.clone(),
            role: role.clone(),
            name: name.clone(),
            uuid: room.uuid,
            member_id: member.member_id,
            is_first: room.members.is_empty(),
        };
        let others: Vec<Member> = room.members.clone();
        let is_recorded = element.record && room.recording_id.is_none();
        room.members.push(member);
        if let Some(entry) = state.ledger.conferences.find_mut(stay.uuid) {
            entry.members.push(MemberEntry {
                call_uuid: self.call_uuid,
                number: self.phone.clone(),
                member_id: stay.member_id,
                role,
                changes: Vec::new(),
                entered_at: At::now(),
                left_at: None,
            });
        }
        if let Some(call) = state.ledger.calls.find_mut(self.call_uuid) {
            call.conference_uuid = Some(stay.uuid);
        }
        drop(guard);
        if is_recorded {
            let format = recording::format_name(element.record_file_format);
            let subject = Subject {
                call_uuid: None,
                conference_name: Some(name.clone()),
                kind: "conference",
                format,
                callback: element
                    .callback_url
                    .clone()
                    .map(|url| Hook { url, method: element.callback_method }),
                transcription: element
                    .transcription_url
                    .clone()
                    .map(|url| Hook { url, method: element.transcription_method }),
            };
            let (recording_id, _) = recording::open(&self.network, subject);
            if let Some(room) = self.network.state().rooms.get_mut(&key) {
                room.recording_id = Some(recording_id);
            }
        }
        let company = match others.len() {
            0 if element.start_conference_on_enter => "nobody else is there yet".to_owned(),
            0 => "it has not begun yet".to_owned(),
            1 => format!("{} is there", others[0].phone),
            more => format!("{more} others are there"),
        };
        self.network.show(&self.phone, self.call_uuid, |call| {
            call.conference = Some(name.clone());
            call.caption(Who::Note, format!("In the conference {name}; {company}."));
        });
        for other in others {
            let text = format!("{} has joined.", self.phone);
            self.network.show(&other.phone, other.call_uuid, |call| call.caption(Who::Note, text));
        }
        Some(stay)
    }

    /// In the room until the time is over, somebody sends the member away, or the call is interrupted.
    async fn stay(&mut self, element: &Conference, stay: &Stay) -> Result<(), Interruption> {
        let until = Instant::now() + self.network.pace_s(f64::from(element.time_limit_s));
        let patterns: Vec<&str> = element
            .digits_match
            .iter()
            .flat_map(|patterns| patterns.split(','))
            .map(str::trim)
            .collect();
        loop {
            match self.next(Some(until)).await? {
                Woken::Elapsed | Woken::LeaveRoom => return Ok(()),
                Woken::Keys(keys) => {
                    self.network.note_call(self.call_uuid, |call| call.add_digits(&keys));
                    self.caption(Who::Me, &*keys);
                    if element.hangup_on_star && keys.contains('*') {
                        return Ok(());
                    }
                    if let Some(pattern) = patterns.iter().find(|pattern| **pattern == keys) {
                        let matched = [("ConferenceDigitsMatch", (*pattern).to_owned())];
                        self.tell_room(element, stay, "digits", "ConferenceDigitsMatch", &matched);
                    }
                }
                Woken::Speech(speech) => self.say_to_room(stay, &speech),
                _ => {}
            }
        }
    }

    /// What a person says is shown to everyone else in the room.
    fn say_to_room(&self, stay: &Stay, speech: &str) {
        self.caption(Who::Me, speech);
        let others: Vec<Member> = self
            .network
            .state()
            .rooms
            .get(&stay.key)
            .map(|room| room.members.clone())
            .unwrap_or_default();
        let is_silent = |member: &Member| member.is_muted || member.is_on_hold;
        if others.iter().any(|member| member.call_uuid == self.call_uuid && is_silent(member)) {
            return;
        }
        for other in others.iter().filter(|other| {
            other.call_uuid != self.call_uuid && !other.is_deaf && !other.is_on_hold
        }) {
            self.network
                .show(&other.phone, other.call_uuid, |call| call.caption(Who::Them, speech));
        }
    }

    /// Takes the member out; true if the room is empty now.
    fn leave(&mut self, element: &Conference, stay: &Stay) -> bool {
        let (left_behind, recording_id) = {
            let mut guard = self.network.state();
            let state = &mut *guard;
            if let Some(entry) = state.ledger.conferences.find_mut(stay.uuid) {
                let member =
                    entry.members.iter_mut().find(|member| member.member_id == stay.member_id);
                if let Some(member) = member {
                    member.left_at = Some(At::now());
                }
            }
            let Some(room) = state.rooms.get_mut(&stay.key).filter(|room| room.uuid == stay.uuid)
            else {
                return true;
            };
            room.members.retain(|member| member.member_id != stay.member_id);
            if room.members.is_empty() {
                let recording_id = room.recording_id;
                state.rooms.remove(&stay.key);
                if let Some(entry) = state.ledger.conferences.find_mut(stay.uuid) {
                    entry.ended_at = Some(At::now());
                }
                (Vec::new(), recording_id)
            } else {
                (room.members.clone(), None)
            }
        };
        if let Some(recording_id) = recording_id {
            recording::close(&self.network, recording_id);
        }
        self.network.show(&self.phone, self.call_uuid, |call| call.conference = None);
        let is_alone = left_behind.len() == 1;
        for other in &left_behind {
            let text = format!("{} has left.", self.phone);
            self.network.show(&other.phone, other.call_uuid, |call| call.caption(Who::Note, text));
            if element.end_conference_on_exit || (is_alone && !other.stays_alone) {
                self.network.tell(other.call_uuid, Command::LeaveRoom);
            }
        }
        left_behind.is_empty()
    }

    fn recording_of(&self, stay: &Stay) -> Option<RecordingEntry> {
        let state = self.network.state();
        let recording_id = state.rooms.get(&stay.key)?.recording_id?;
        state.ledger.recordings.find(recording_id).cloned()
    }

    fn tell_room(
        &self,
        element: &Conference,
        stay: &Stay,
        action: &str,
        event: &str,
        more: &[(&str, String)],
    ) {
        let Some(url) = element.callback_url.clone() else { return };
        let mut params = self.params(event);
        if let Some(role) = &stay.role {
            let name = match action {
                "enter" => "ParticipantJoined",
                "exit" => "ParticipantLeft",
                _ => "ParticipantUpdated",
            };
            let fields = [
                ("EventName", name.to_owned()),
                ("MPCName", stay.name.clone()),
                ("MPCUUID", stay.uuid.to_string()),
                ("MemberID", stay.member_id.to_string()),
                ("ParticipantCallUUID", self.call_uuid.to_string()),
                ("ParticipantRole", role.clone()),
            ];
            params.extend(fields.map(|(name, value)| (name.to_owned(), value)));
            let hook = Hook { url, method: element.callback_method };
            return self.network.notify(hook, params, Family::Voice);
        }
        let fields = [
            ("ConferenceAction", action.to_owned()),
            ("ConferenceName", stay.name.clone()),
            ("ConferenceUUID", stay.uuid.to_string()),
            ("ConferenceMemberID", stay.member_id.to_string()),
        ];
        params.extend(
            fields.iter().chain(more).map(|(name, value)| ((*name).to_owned(), value.clone())),
        );
        self.network.notify(Hook { url, method: element.callback_method }, params, Family::Voice);
    }
}

/// The members an API request means by an id, a comma list or `all`.
pub(crate) fn chosen(network: &Arc<Network>, name: &str, which: &str) -> Option<Vec<Member>> {
    let state = network.state();
    let room = state.rooms.get(name)?;
    let is_chosen = |member: &Member| {
        which == "all" || which.split(',').any(|id| id.trim() == member.member_id.to_string())
    };
    let members: Vec<Member> =
        room.members.iter().filter(|member| is_chosen(member)).cloned().collect();
    (!members.is_empty()).then_some(members)
}
