//! What is done to people in conferences and multi-party calls. Muting somebody twice is like muting them once, so these are tried again.

use super::{
    carrier::{ATTEMPTS_MAX, try_later},
    dispatch::{Desk, effect_id, failed},
};
use crate::{error::Error, store::outbox::OutboxRow, telephony::address::NewsKind};
use engine::{
    Event,
    effect::{MemberChange, Room},
};
use plivo::{
    client::{ChangeParticipant, Client, Member},
    number::Party,
};
use std::collections::BTreeMap;
use tracing::info;

/// What is asked for, and certainly not done, with the reason for people.
type Refusal = String;

/// Changes a member of a room.
pub(super) async fn change(
    desk: &Desk,
    row: OutboxRow,
    room: Room,
    member: String,
    change: MemberChange,
) -> Result<(), Error> {
    let outcome = changed(&desk.app.plivo, &room, &member, change).await;
    settle(desk, row, outcome).await
}

/// Takes a member out of a room, to hear a message alone.
pub(super) async fn drop_message(
    desk: &Desk,
    row: OutboxRow,
    room: Room,
    member: String,
) -> Result<(), Error> {
    let url = desk.app.telephony.news_url(NewsKind::Drop, &row.run_id, effect_id(&row));
    let outcome = moved(&desk.app.plivo, &room, &member, &url).await;
    settle(desk, row, outcome).await
}

async fn settle(
    desk: &Desk,
    row: OutboxRow,
    outcome: Result<Result<(), Refusal>, plivo::Error>,
) -> Result<(), Error> {
    let event = match outcome {
        Ok(Ok(())) => Event::EffectDone { effect: effect_id(&row), values: BTreeMap::new() },
        Ok(Err(refusal)) => failed(&row, refusal),
        Err(error) if error.is_passing() && row.attempt < ATTEMPTS_MAX => {
            info!(run.id = %row.run_id, effect.id = row.effect_id, %error, "a member of a room is not changed yet");
            return try_later(desk, &row, ATTEMPTS_MAX).await;
        }
        Err(error) => failed(&row, error.to_string()),
    };
    desk.settle(&row, event, None).await
}

async fn changed(
    plivo: &Client,
    room: &Room,
    member: &str,
    change: MemberChange,
) -> Result<Result<(), Refusal>, plivo::Error> {
    let Some(found) = find(plivo, room, member).await? else { return Ok(Err(nobody(room))) };
    let id = &found.member_id;
    let none = ChangeParticipant::default();
    let is_done = match (room, change) {
        (_, MemberChange::HangUp) => plivo.hang_up(&found.call_uuid).await?,
        (Room::Conference(name), MemberChange::Mute) => plivo.mute_member(name, id, true).await?,
        (Room::Conference(name), MemberChange::Unmute) => {
            plivo.mute_member(name, id, false).await?
        }
        (Room::Conference(_), _) => {
            return Ok(Err("a conference knows no hold and no coaching".to_owned()));
        }
        (Room::MultiParty(name), change) => {
            let change = match change {
                MemberChange::Mute => ChangeParticipant { mute: Some(true), ..none },
                MemberChange::Unmute => ChangeParticipant { mute: Some(false), ..none },
                MemberChange::Hold => ChangeParticipant { hold: Some(true), ..none },
                MemberChange::Unhold => ChangeParticipant { hold: Some(false), ..none },
                MemberChange::Coach => ChangeParticipant { coach_mode: Some(true), ..none },
                MemberChange::Uncoach => ChangeParticipant { coach_mode: Some(false), ..none },
                MemberChange::HangUp => none,
            };
            plivo.change_participant(name, id, change).await?
        }
    };
    Ok(if is_done { Ok(()) } else { Err(nobody(room)) })
}

async fn moved(
    plivo: &Client,
    room: &Room,
    member: &str,
    url: &str,
) -> Result<Result<(), Refusal>, plivo::Error> {
    let Some(found) = find(plivo, room, member).await? else { return Ok(Err(nobody(room))) };
    let is_moved = plivo.transfer(&found.call_uuid, url).await?;
    Ok(if is_moved { Ok(()) } else { Err(nobody(room)) })
}

fn nobody(room: &Room) -> Refusal {
    format!("nobody of that name is in `{}`", room.name())
}

/// The member of a room that is known by this number, SIP address, call id or member id.
pub(crate) async fn find(
    plivo: &Client,
    room: &Room,
    member: &str,
) -> Result<Option<Member>, plivo::Error> {
    let members = match room {
        Room::Conference(name) => plivo.conference_members(name).await?,
        Room::MultiParty(name) => plivo.participants(name).await?,
    };
    let party = Party::new(member);
    let by_id = |found: &Member| found.call_uuid == member || found.member_id == member;
    // A short number may be somebody's id in the room; who is meant by a whole one is certain.
    let found = members.iter().find(|found| found.parties.contains(&party));
    Ok(found.or_else(|| members.iter().find(|found| by_id(found))).cloned())
}
