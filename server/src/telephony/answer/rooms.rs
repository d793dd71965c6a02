//! Conferences and multi-party calls.

use super::{Place, file_format};
use crate::telephony::{
    Telephony,
    address::{CallKind, NewsKind},
    request::role,
};
use engine::{Conference, run::MultiParty};
use plivo::{
    Method,
    xml::{self, Element, FileFormat},
};

impl Telephony {
    pub(super) fn conference(&self, place: Place<'_>, conference: &Conference) -> Element {
        let url = |kind| Some(self.url_at(place, kind));
        let recording = conference.recording;
        let transcription = recording.map(|recording| self.transcription(place.run_id, recording));
        let (transcription_type, transcription_url) = transcription.unwrap_or_default();
        Element::Conference(xml::Conference {
            name: conference.name.clone(),
            muted: conference.muted,
            enter_sound: beeps(conference.enter_beeps),
            exit_sound: beeps(conference.exit_beeps),
            record: recording.is_some(),
            record_file_format: recording.map_or(FileFormat::Mp3, file_format),
            transcription_type,
            transcription_url,
            // The room tells of its recording at the address for everything that happens in it.
            callback_url: recording
                .map(|recording| self.news_url(NewsKind::Recording, place.run_id, recording.id)),
            start_conference_on_enter: conference.start_on_enter,
            end_conference_on_exit: conference.end_on_exit,
            // Plivo asks this address for a document instead of playing it.
            wait_sound: conference.wait_audio.as_ref().and_then(|_| url(CallKind::WaitSound)),
            max_members: conference.max_members,
            action: url(CallKind::Left),
            ..xml::Conference::default()
        })
    }
}

impl Telephony {
    pub(super) fn multi_party(&self, place: Place<'_>, room: &MultiParty) -> Element {
        let url = |kind| Some(self.url_at(place, kind));
        let recording = room.recording;
        Element::from(xml::MultiPartyCall {
            max_participants: room.max_members,
            mute: room.muted,
            hold: room.on_hold,
            coach_mode: room.coaches,
            start_mpc_on_enter: room.start_on_enter,
            end_mpc_on_exit: room.end_on_exit,
            wait_music_url: room.wait_audio.as_ref().and_then(|_| url(CallKind::WaitSound)),
            wait_music_method: Method::Post,
            agent_hold_music_url: url(CallKind::AgentHoldSound),
            agent_hold_music_method: Method::Post,
            customer_hold_music_url: url(CallKind::CustomerHoldSound),
            customer_hold_music_method: Method::Post,
            record: recording.is_some(),
            record_file_format: recording.map_or(FileFormat::Mp3, file_format),
            recording_callback_url: recording
                .map(|recording| self.news_url(NewsKind::Recording, place.run_id, recording.id)),
            recording_callback_method: Method::Post,
            on_exit_action_url: url(CallKind::Left),
            ..xml::MultiPartyCall::new(room.name.clone(), role(room.role))
        })
    }
}

/// Plivo's words for beeps when somebody comes or goes.
fn beeps(count: u32) -> Option<String> {
    (count > 0).then(|| format!("beep:{}", count.min(2)))
}
