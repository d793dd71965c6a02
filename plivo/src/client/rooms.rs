//! Conferences and multi-party calls: who is in them, and what can be done to members.

use super::{Client, record::Record};
use crate::{Error, Method, number::Party};
use serde_json::{Value, json};

/// Somebody in a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its id in the room.
    pub member_id: String,
    /// Its call.
    pub call_uuid: String,
    /// Who calls and who is called, or of a multi-party call the member's own address.
    pub parties: Vec<Party>,
}

/// Somebody to ring into a multi-party call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddParticipant {
    /// The number shown.
    pub from: Party,
    /// Whom to ring.
    pub to: Party,
    /// `agent`, `supervisor` or `customer`.
    pub role: String,
    /// How long to ring, in seconds. Plivo's default is 45.
    pub ring_timeout_s: Option<u32>,
}

/// What can be changed of somebody in a multi-party call; what is `None` stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ChangeParticipant {
    /// Whether nobody hears them.
    pub mute: Option<bool>,
    /// Whether they are on hold.
    pub hold: Option<bool>,
    /// Whether only the agent hears them.
    pub coach_mode: Option<bool>,
}

impl Client {
    /// Who is in a conference; empty if there is none of that name.
    pub async fn conference_members(&self, name: &str) -> Result<Vec<Member>, Error> {
        let Some(answer) = self.get(&["Conference", name], &[]).await? else {
            return Ok(Vec::new());
        };
        let member = |row: &Value| {
            let row = Record(row);
            Ok(Member {
                member_id: row.needed("member_id")?,
                call_uuid: row.needed("call_uuid")?,
                parties: [row.party("from"), row.party("to")].into_iter().flatten().collect(),
            })
        };
        Record(&answer).list("members")?.iter().map(member).collect()
    }

    /// Lets nobody hear a member of a conference, or everybody again. False means that there is no such member.
    pub async fn mute_member(
        &self,
        conference: &str,
        member_id: &str,
        is_muted: bool,
    ) -> Result<bool, Error> {
        let path = ["Conference", conference, "Member", member_id, "Mute"];
        if is_muted { self.posted(&path, &json!({})).await } else { self.delete(&path).await }
    }

    /// Ends the call of a member of a conference. False means that there is no such member.
    pub async fn hang_up_member(&self, conference: &str, member_id: &str) -> Result<bool, Error> {
        self.delete(&["Conference", conference, "Member", member_id]).await
    }

    /// Who is in a multi-party call; empty if there is none of that name.
    pub async fn participants(&self, name: &str) -> Result<Vec<Member>, Error> {
        let room = room(name);
        let Some(answer) = self.get(&["MultiPartyCall", &room, "Participant"], &[]).await? else {
            return Ok(Vec::new());
        };
        let member = |row: &Value| {
            let row = Record(row);
            Ok(Member {
                member_id: row.needed("member_id")?,
                call_uuid: row.needed("call_uuid")?,
                parties: row.party("member_address").into_iter().collect(),
            })
        };
        Record(&answer).objects()?.iter().map(member).collect()
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
        let mut body = json!({
            "from": participant.from.on_the_wire(),
            "to": participant.to.on_the_wire(),
            "role": participant.role,
            "status_callback_method": Method::Post.as_str(),
        });
        if let Some(ring_timeout_s) = participant.ring_timeout_s {
            body["ring_timeout"] = json!(ring_timeout_s);
        }
        let room = room(name);
        let answer = self.post(&["MultiPartyCall", &room, "Participant"], &body).await?;
        let call = answer["calls"].as_array().and_then(|calls| calls.first()).map(Record);
        call.and_then(|call| call.text("call_uuid"))
            .or_else(|| Record(&answer).first("request_uuid"))
            .ok_or_else(|| Error::Unknown("its answer lacks `calls` and `request_uuid`".to_owned()))
    }

    /// Changes somebody in a multi-party call. False means that there is no such member.
    pub async fn change_participant(
        &self,
        name: &str,
        member_id: &str,
        change: ChangeParticipant,
    ) -> Result<bool, Error> {
        let mut body = json!({});
        let fields =
            [("mute", change.mute), ("hold", change.hold), ("coach_mode", change.coach_mode)];
        for (field, value) in fields {
            if let Some(value) = value {
                body[field] = json!(value);
            }
        }
        self.posted(&["MultiPartyCall", &room(name), "Participant", member_id], &body).await
    }

    /// Takes somebody out of a multi-party call, which ends their call. False means that there is no such member.
    pub async fn kick_participant(&self, name: &str, member_id: &str) -> Result<bool, Error> {
        self.delete(&["MultiPartyCall", &room(name), "Participant", member_id]).await
    }

    /// Posts; false means that Plivo does not know it.
    async fn posted(&self, path: &[&str], body: &Value) -> Result<bool, Error> {
        match self.post(path, body).await {
            Ok(_) => Ok(true),
            Err(Error::Refused { status: 404, .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// How a path names a multi-party call by its friendly name.
fn room(name: &str) -> String {
    format!("name_{name}")
}
