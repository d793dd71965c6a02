//! A call in a room, from entering to leaving.

use std::time::Instant;

use uuid::Uuid;

use super::{Admission, Farewell, Key, Kind, Member, Room, Step, tell};
use crate::{
    clock::At,
    hangup::Hangup,
    ledger::{ConferenceEntry, MemberEntry, RecordingEntry},
    line::{Command, Interruption, Line, Woken},
    phone::Who,
    player::Next,
    recording,
};

/// What a member knows about its stay.
pub(super) struct Stay {
    pub(super) uuid: Uuid,
    pub(super) member_id: u64,
    pub(super) joined: At,
}

impl Line {
    /// In a room from entering to leaving.
    pub(crate) async fn meet(&mut self, admission: Admission) -> Result<Next, Interruption> {
        let Some(stay) = self.enter(&admission) else {
            self.caption(Who::Note, format!("The room {} is full.", admission.key.name));
            return Ok(Next::Continue);
        };
        let outcome = self.stay(&admission, &stay).await;
        let recording = self.recording_of(&admission.key);
        self.leave(&admission, &stay);
        let mut extra = self.farewell_fields(&admission, &stay);
        if let Some(recording) = recording {
            extra.push(("RecordUrl".to_owned(), recording.url));
            extra.push(("RecordingID".to_owned(), recording.recording_id.to_string()));
        }
        match outcome {
            Ok(Some(hangup)) if admission.action.is_none() => Ok(Next::HangUp(hangup)),
            Ok(_) => self.follow_action(admission.action, admission.follows_action, extra).await,
            Err(Interruption::Ended(hangup)) => {
                self.notify_action(admission.action, extra);
                Err(Interruption::Ended(hangup))
            }
            Err(transferred) => Err(transferred),
        }
    }

    /// Makes the call a member; nothing if the room is full.
    fn enter(&mut self, admission: &Admission) -> Option<Stay> {
        let key = &admission.key;
        let (stay, member, others, is_new, begins) = {
            let mut guard = self.network.state();
            let state = &mut *guard;
            let is_new = !state.rooms.contains_key(key);
            let room = state.rooms.entry(key.clone()).or_insert_with(Room::new);
            if is_new {
                state.ledger.conferences.add(room.uuid, ConferenceEntry::new(key, room));
            }
            let entry = state.ledger.conferences.find_mut(room.uuid);
            if room.members.len() >= admission.members_max {
                if let Some(entry) = entry {
                    entry.refused.push(self.call_uuid);
                }
                return None;
            }
            let others = room.members.clone();
            let member = self.member(admission, room.next_member_id);
            room.next_member_id += 1;
            room.members.push(member.clone());
            if room.status.is_none() {
                room.status.clone_from(&admission.status);
            }
            let begins = admission.starts && !room.is_started;
            room.is_started |= admission.starts;
            if let Some(entry) = entry {
                entry.members.push(MemberEntry::new(&member));
                if begins {
                    entry.started_at = Some(member.joined);
                }
            }
            if let Some(call) = state.ledger.calls.find_mut(self.call_uuid) {
                call.conference_uuid = Some(room.uuid);
            }
            let (uuid, joined) = (room.uuid, member.joined);
            let stay = Stay { uuid, member_id: member.member_id, joined };
            (stay, member, others, is_new, begins)
        };
        if let Some(wish) = admission.recording.clone() {
            // A room that is recorded already stays so.
            super::record(&self.network, key, wish, None);
        }
        self.show_company(admission, &others);
        if is_new {
            tell::step(&self.network, key, None, Step::Initialized);
        }
        if begins {
            tell::step(&self.network, key, None, Step::Start);
        }
        tell::step(&self.network, key, Some(&member), Step::Join);
        let first = [("ConferenceFirstMember", others.is_empty().to_string())];
        self.tell_conference(admission, &stay, "enter", &first);
        tell::sound(&self.network, stay.uuid, admission.enter_sound.as_deref(), &member, &others);
        let is_started = self.network.state().rooms.get(key).is_some_and(|room| room.is_started);
        let sound = if member.is_on_hold {
            &admission.hold_sound
        } else if others.is_empty() || !is_started {
            &admission.wait_sound
        } else {
            &None
        };
        if let Some(hook) = sound.clone() {
            self.network.hear_beside(hook, self.params("Redirect"), vec![member.hears()]);
        }
        Some(stay)
    }

    fn member(&self, admission: &Admission, member_id: u64) -> Member {
        let mut params = self.params("");
        params.retain(|(name, _)| name != "Event");
        Member {
            member_id,
            call_uuid: self.call_uuid,
            phone: self.phone.clone(),
            from: self.order.from.clone(),
            to: self.order.to.clone(),
            direction: self.order.direction,
            caller_name: self.order.caller_name.clone(),
            joined: At::now(),
            role: admission.role,
            is_muted: admission.is_muted,
            is_deaf: false,
            is_on_hold: admission.is_on_hold,
            coaches: admission.coaches,
            status: admission.status.clone(),
            hold_sound: admission.hold_sound.clone(),
            params,
            stays_alone: admission.stays_alone,
        }
    }

    fn show_company(&self, admission: &Admission, others: &[Member]) {
        let name = admission.key.name.clone();
        let company = match others {
            [] if admission.starts => "nobody else is there yet".to_owned(),
            [] => "it has not begun yet".to_owned(),
            [other] => format!("{} is there", other.phone),
            more => format!("{} others are there", more.len()),
        };
        self.network.show(&self.phone, self.call_uuid, |call| {
            call.conference = Some(name.clone());
            call.caption(Who::Note, format!("In the conference {name}; {company}."));
        });
        self.tell_others(others, &format!("{} has joined.", self.phone));
    }

    fn tell_others(&self, others: &[Member], text: &str) {
        for other in others {
            self.network.show(&other.phone, other.call_uuid, |call| call.caption(Who::Note, text));
        }
    }

    /// In the room until the time is over, somebody sends the member away, or the call is interrupted.
    async fn stay(&mut self, admission: &Admission, stay: &Stay) -> Result<Farewell, Interruption> {
        let until = Instant::now() + self.network.pace_s(admission.time_limit_s);
        let is_conference = admission.key.kind == Kind::Conference;
        loop {
            match self.next(Some(until)).await? {
                Woken::Elapsed => return Ok((!is_conference).then_some(Hangup::MULTI_PARTY_ENDED)),
                // A second farewell may come late, in the next room.
                Woken::LeaveRoom { room, farewell } if room == stay.uuid => return Ok(farewell),
                Woken::Keys(keys) => {
                    self.network.note_call(self.call_uuid, |call| call.add_digits(&keys));
                    self.caption(Who::Me, &*keys);
                    if admission.leaves_on_star && keys.contains('*') {
                        return Ok(None);
                    }
                    if admission.digits_match.contains(&keys) {
                        let matched = [("ConferenceDigitsMatch", keys)];
                        self.tell_conference(admission, stay, "digits", &matched);
                    }
                }
                Woken::Speech(speech) => self.say_to_room(&admission.key, stay, &speech),
                _ => {}
            }
        }
    }

    /// What a person says is shown to everyone in the room who can hear it, and goes into its recording.
    fn say_to_room(&self, key: &Key, stay: &Stay, speech: &str) {
        self.caption(Who::Me, speech);
        let listeners: Vec<Member> = {
            let mut guard = self.network.state();
            let state = &mut *guard;
            let Some(room) = state.rooms.get(key).filter(|room| room.is_started) else { return };
            let Some(me) = room.members.iter().find(|member| member.member_id == stay.member_id)
            else {
                return;
            };
            let listeners: Vec<Member> =
                room.members.iter().filter(|other| me.is_heard_by(other)).cloned().collect();
            let is_heard = !me.is_muted && !me.is_on_hold;
            let recording = room.recording_id.filter(|_| is_heard);
            if let Some(entry) = recording.and_then(|id| state.ledger.recordings.find_mut(id)) {
                entry.said.push(speech.to_owned());
            }
            listeners
        };
        for other in listeners {
            self.network
                .show(&other.phone, other.call_uuid, |call| call.caption(Who::Them, speech));
        }
    }

    /// Takes the member out, and sends others away where nothing holds them.
    fn leave(&mut self, admission: &Admission, stay: &Stay) {
        let key = &admission.key;
        let (me, left_behind, ended) = {
            let mut guard = self.network.state();
            let state = &mut *guard;
            if let Some(member) = state.ledger.member_mut(stay.uuid, stay.member_id) {
                member.left_at = Some(At::now());
            }
            let Some(room) = state.rooms.get_mut(key).filter(|room| room.uuid == stay.uuid) else {
                return;
            };
            let place = room.members.iter().position(|member| member.member_id == stay.member_id);
            let Some(me) = place.map(|place| room.members.remove(place)) else { return };
            let left_behind = room.members.clone();
            let ended = if left_behind.is_empty() { state.rooms.remove(key) } else { None };
            if ended.is_some()
                && let Some(entry) = state.ledger.conferences.find_mut(stay.uuid)
            {
                entry.ended_at = Some(At::now());
            }
            (me, left_behind, ended)
        };
        self.network.show(&self.phone, self.call_uuid, |call| call.conference = None);
        let last = [("ConferenceLastMember", left_behind.is_empty().to_string())];
        self.tell_conference(admission, stay, "exit", &last);
        let status = match &ended {
            Some(room) => room.status.clone(),
            None => self.network.state().rooms.get(key).and_then(|room| room.status.clone()),
        };
        tell::step_of(&self.network, key, stay.uuid, status.clone(), Some(&me), Step::Exit);
        if let Some(room) = ended {
            if let Some(recording_id) = room.recording_id {
                recording::close(&self.network, recording_id);
            }
            tell::step_of(&self.network, key, stay.uuid, status, None, Step::End);
            return;
        }
        let exit_sound = admission.exit_sound.as_deref();
        tell::sound(&self.network, stay.uuid, exit_sound, &me, &left_behind);
        self.tell_others(&left_behind, &format!("{} has left.", self.phone));
        let is_alone = left_behind.len() == 1;
        let farewell = (key.kind == Kind::MultiParty).then_some(Hangup::MULTI_PARTY_ENDED);
        for other in left_behind {
            if admission.ends || (is_alone && !other.stays_alone) {
                let leave = Command::LeaveRoom { room: stay.uuid, farewell };
                self.network.tell(other.call_uuid, leave);
            }
        }
    }

    fn recording_of(&self, key: &Key) -> Option<RecordingEntry> {
        let state = self.network.state();
        let recording_id = state.rooms.get(key)?.recording_id?;
        state.ledger.recordings.find(recording_id).cloned()
    }
}

impl Room {
    fn new() -> Room {
        Room {
            uuid: Uuid::new_v4(),
            begun: At::now(),
            is_started: false,
            members: Vec::new(),
            recording_id: None,
            status: None,
            next_member_id: 1,
        }
    }
}

impl ConferenceEntry {
    fn new(key: &Key, room: &Room) -> ConferenceEntry {
        ConferenceEntry {
            conference_uuid: room.uuid,
            name: key.name.clone(),
            kind: key.kind.as_str(),
            members: Vec::new(),
            sounds: Vec::new(),
            refused: Vec::new(),
            at: room.begun,
            started_at: None,
            ended_at: None,
        }
    }
}

impl MemberEntry {
    fn new(member: &Member) -> MemberEntry {
        MemberEntry {
            call_uuid: member.call_uuid,
            number: member.phone.clone(),
            member_id: member.member_id,
            role: member.role.map(|role| role.as_str().to_ascii_lowercase()),
            changes: Vec::new(),
            entered_at: member.joined,
            left_at: None,
        }
    }
}
