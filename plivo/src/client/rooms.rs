//! Conferences and multi-party calls, which exist as long as somebody is in them: who is there, and what can be done to members.
//!
//! A multi-party call is a conference with roles, hold and coaching. A conference is named by its document, a multi-party call also by the first request to
//! ring somebody into it.

mod participant;

pub use participant::{AddParticipant, ChangeParticipant};

use super::body::Body;
use super::record::Record;
use super::{Client, Recording, StartRecording};
use crate::Error;
use crate::number::Party;
use crate::xml::Role;
use serde_json::Value;

/// Somebody in a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its id in the room.
    pub member_id: String,
    /// Its call.
    pub call_uuid: String,
    /// Who calls and who is called, or of a multi-party call the member's own address.
    pub parties: Vec<Party>,
    /// What it is in a multi-party call.
    pub role: Option<Role>,
    /// Whether nobody hears it.
    pub is_muted: bool,
    /// Whether it hears nobody (conferences).
    pub is_deaf: bool,
    /// Whether it is on hold (multi-party calls).
    pub is_on_hold: bool,
    /// Whether only agents hear it (supervisors in multi-party calls).
    pub coaches: bool,
}

impl Member {
    fn read(object: &Value) -> Result<Member, Error> {
        let record = Record(object);
        // Either spelling, since the two kinds of room write the same thing differently; null is no.
        let flag =
            |names: &[&str]| names.iter().find_map(|name| record.flag(name)).unwrap_or(false);
        let parties = ["from", "to", "member_address"];
        Ok(Member {
            member_id: record.needed("member_id")?,
            call_uuid: record.needed("call_uuid")?,
            parties: parties.iter().filter_map(|field| record.party(field)).collect(),
            role: record.text("role").as_deref().and_then(Role::new),
            is_muted: flag(&["muted", "mute"]),
            is_deaf: flag(&["deaf"]),
            is_on_hold: flag(&["hold"]),
            coaches: flag(&["coach_mode"]),
        })
    }
}

/// A multi-party call, going on or over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MultiPartyCallRecord {
    /// Its id.
    pub mpc_uuid: String,
    /// Its name.
    pub friendly_name: Option<String>,
    /// `initialized` (people wait for its start), `active` or `ended`.
    pub status: String,
    /// How long it was or is, in seconds.
    pub duration_s: Option<u32>,
}

impl Client {
    /// Who is in a conference; empty if there is none of that name.
    pub async fn conference_members(&self, name: &str) -> Result<Vec<Member>, Error> {
        let answer = self.get(&["Conference", name], &[]).await?;
        let Some(answer) = answer else { return Ok(Vec::new()) };
        Record(&answer).list("members")?.iter().map(Member::read).collect()
    }

    /// Lets nobody hear a member of a conference, or everybody again. `member` is an id, several separated by commas, or `all`, here and below.
    /// False means that there is no such member.
    pub async fn mute_member(
        &self,
        conference: &str,
        member: &str,
        is_muted: bool,
    ) -> Result<bool, Error> {
        self.switch_member(conference, member, "Mute", is_muted).await
    }

    /// Lets a member of a conference hear nobody, or everybody again. False means that there is no such member.
    pub async fn deafen_member(
        &self,
        conference: &str,
        member: &str,
        is_deaf: bool,
    ) -> Result<bool, Error> {
        self.switch_member(conference, member, "Deaf", is_deaf).await
    }

    async fn switch_member(
        &self,
        conference: &str,
        member: &str,
        what: &str,
        is_on: bool,
    ) -> Result<bool, Error> {
        let path = ["Conference", conference, "Member", member, what];
        if is_on {
            self.post_done(&path, &Body::new().json()).await
        } else {
            self.delete(&path).await
        }
    }

    /// Sends a member out of a conference; its call goes on with its document. False means that there is no such member.
    pub async fn kick_member(&self, conference: &str, member: &str) -> Result<bool, Error> {
        let path = ["Conference", conference, "Member", member, "Kick"];
        self.post_done(&path, &Body::new().json()).await
    }

    /// Ends the call of a member of a conference. False means that there is no such member.
    pub async fn hang_up_member(&self, conference: &str, member: &str) -> Result<bool, Error> {
        self.delete(&["Conference", conference, "Member", member]).await
    }

    /// Plays an audio file to a member of a conference. False means that there is no such member.
    pub async fn play_to_member(
        &self,
        conference: &str,
        member: &str,
        url: &str,
    ) -> Result<bool, Error> {
        let path = ["Conference", conference, "Member", member, "Play"];
        self.post_done(&path, &Body::new().set("url", url).json()).await
    }

    /// Stops what is played to a member of a conference. False means that there is no such member.
    pub async fn stop_playing_to_member(
        &self,
        conference: &str,
        member: &str,
    ) -> Result<bool, Error> {
        self.delete(&["Conference", conference, "Member", member, "Play"]).await
    }

    /// Records a conference from now on; nothing if there is none of that name.
    pub async fn record_conference(
        &self,
        name: &str,
        how: &StartRecording,
    ) -> Result<Option<Recording>, Error> {
        self.start_recording(&["Conference", name, "Record"], &how.body()).await
    }

    /// Stops recording a conference. False means that there is none of that name.
    pub async fn stop_recording_conference(&self, name: &str) -> Result<bool, Error> {
        self.delete(&["Conference", name, "Record"]).await
    }

    /// Ends a conference and the calls in it. False means that there is none of that name.
    pub async fn end_conference(&self, name: &str) -> Result<bool, Error> {
        self.delete(&["Conference", name]).await
    }

    /// A multi-party call; nothing if there is none of that name.
    pub async fn multi_party_call(
        &self,
        name: &str,
    ) -> Result<Option<MultiPartyCallRecord>, Error> {
        let answer = self.get(&["MultiPartyCall", &room(name)], &[]).await?;
        let read = |answer: &Value| {
            let record = Record(answer);
            Ok(MultiPartyCallRecord {
                mpc_uuid: record.needed("mpc_uuid")?,
                friendly_name: record.text("friendly_name"),
                status: record.needed("status")?.to_ascii_lowercase(),
                duration_s: record.number("duration"),
            })
        };
        answer.as_ref().map(read).transpose()
    }

    /// Who is in a multi-party call; empty if there is none of that name. Those who have left are not listed.
    pub async fn participants(&self, name: &str) -> Result<Vec<Member>, Error> {
        let answer = self.get(&["MultiPartyCall", &room(name), "Participant"], &[]).await?;
        let Some(answer) = answer else { return Ok(Vec::new()) };
        let objects = Record(&answer).objects()?.iter();
        objects.filter(|row| Record(row).text("exit_time").is_none()).map(Member::read).collect()
    }

    /// Rings somebody into a multi-party call, which need not exist yet. Gives the id of their call.
    ///
    /// # Errors
    /// After [`Error::Unknown`] the phone may be ringing.
    pub async fn add_participant(
        &self,
        name: &str,
        participant: &AddParticipant,
    ) -> Result<String, Error> {
        let path = ["MultiPartyCall", &room(name), "Participant"];
        let answer = self.post(&path, &participant.body()).await?;
        let call = answer["calls"].as_array().and_then(|calls| calls.first()).map(Record);
        call.and_then(|call| call.text("call_uuid"))
            .or_else(|| Record(&answer).first("request_uuid"))
            .ok_or_else(|| Error::Unknown("its answer lacks `calls` and `request_uuid`".to_owned()))
    }

    /// Changes somebody in a multi-party call. `member` is a member's id, or `all` (not for coaching). False means that there is no such member.
    pub async fn change_participant(
        &self,
        name: &str,
        member: &str,
        change: ChangeParticipant,
    ) -> Result<bool, Error> {
        self.post_done(&["MultiPartyCall", &room(name), "Participant", member], &change.body())
            .await
    }

    /// Takes somebody out of a multi-party call, which ends their call unless an address is given to go on with. False means that there is no such member.
    pub async fn kick_participant(&self, name: &str, member: &str) -> Result<bool, Error> {
        self.delete(&["MultiPartyCall", &room(name), "Participant", member]).await
    }

    /// Begins a multi-party call whose members wait for its start. False means that there is none of that name.
    pub async fn start_multi_party_call(&self, name: &str) -> Result<bool, Error> {
        let body = Body::new().set("status", "active").json();
        self.post_done(&["MultiPartyCall", &room(name)], &body).await
    }

    /// Ends a multi-party call for all. False means that there is none of that name.
    pub async fn end_multi_party_call(&self, name: &str) -> Result<bool, Error> {
        self.delete(&["MultiPartyCall", &room(name)]).await
    }

    /// Records a multi-party call from now on; nothing if there is none of that name.
    /// Of `how`, the format and the callback count: Plivo takes nothing else here.
    pub async fn record_multi_party_call(
        &self,
        name: &str,
        how: &StartRecording,
    ) -> Result<Option<Recording>, Error> {
        let mut body = Body::new();
        body.set("file_format", how.format()).hook("recording_callback", &how.callback_url);
        self.start_recording(&["MultiPartyCall", &room(name), "Record"], &body.json()).await
    }

    /// Stops recording a multi-party call. False means that there is none of that name.
    pub async fn stop_recording_multi_party_call(&self, name: &str) -> Result<bool, Error> {
        self.delete(&["MultiPartyCall", &room(name), "Record"]).await
    }
}

/// How a path names a multi-party call by its friendly name.
fn room(name: &str) -> String {
    format!("name_{name}")
}
