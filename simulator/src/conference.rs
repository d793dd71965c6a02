//! `Conference`: a room for everybody who names it.

use plivo::xml::Conference;

use crate::{
    limits::CONFERENCE_MEMBERS_MAX,
    line::{Interruption, Line},
    player::Next,
    recording::format_name,
    room::{Admission, Key, Kind, RecordingWish},
    webhook::Hook,
};

impl Line {
    pub(crate) async fn confer(&mut self, element: &Conference) -> Result<Next, Interruption> {
        self.meet(admission(element)).await
    }
}

fn admission(element: &Conference) -> Admission {
    let callback =
        element.callback_url.clone().map(|url| Hook { url, method: element.callback_method });
    let transcription = element
        .transcription_url
        .clone()
        .map(|url| Hook { url, method: element.transcription_method });
    let patterns = element.digits_match.iter().flat_map(|patterns| patterns.split(','));
    Admission {
        key: Key::new(Kind::Conference, &element.name),
        role: None,
        is_muted: element.muted,
        is_on_hold: false,
        coaches: false,
        starts: element.start_conference_on_enter,
        ends: element.end_conference_on_exit,
        stays_alone: element.stay_alone,
        members_max: element.max_members.clamp(1, CONFERENCE_MEMBERS_MAX) as usize,
        time_limit_s: f64::from(element.time_limit_s),
        enter_sound: element.enter_sound.clone(),
        exit_sound: element.exit_sound.clone(),
        wait_sound: element.wait_sound.clone().map(Hook::post),
        hold_sound: None,
        recording: element.record.then(|| RecordingWish {
            format: format_name(element.record_file_format),
            callback: callback.clone(),
            transcription,
        }),
        digits_match: patterns.map(|pattern| pattern.trim().to_owned()).collect(),
        leaves_on_star: element.hangup_on_star,
        status: callback,
        action: element.action.clone().map(|url| Hook { url, method: element.method }),
        follows_action: element.redirect,
    }
}
