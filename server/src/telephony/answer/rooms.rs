//! Conferences and multi-party calls.

use super::{Place, file_format};
use crate::telephony::{
    Telephony,
    address::{CallKind, NewsKind},
};
use engine::Conference;
use plivo::xml::{self, Element, FileFormat};

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

/// Plivo's words for beeps when somebody comes or goes.
fn beeps(count: u32) -> Option<String> {
    (count > 0).then(|| format!("beep:{}", count.min(2)))
}
