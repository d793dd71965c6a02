//! `MultiPartyCall`: a room whose members have roles.

use plivo::xml::{MultiPartyCall, Role};

use crate::{
    limits::MULTI_PARTY_MEMBERS_MAX,
    line::{Interruption, Line},
    player::Next,
    recording::format_name,
    room::{Admission, Key, Kind, RecordingWish},
    webhook::Hook,
};

impl Line {
    pub(crate) async fn join_multi_party(
        &mut self,
        element: &MultiPartyCall,
    ) -> Result<Next, Interruption> {
        self.meet(admission(element)).await
    }
}

fn admission(element: &MultiPartyCall) -> Admission {
    let hook = |url: &Option<String>, method| url.clone().map(|url| Hook { url, method });
    Admission {
        key: Key::new(Kind::MultiParty, &element.name),
        role: Some(element.role),
        is_muted: element.mute,
        is_on_hold: element.hold,
        coaches: element.coach_mode && element.role == Role::Supervisor,
        starts: element.start_mpc_on_enter,
        ends: element.end_mpc_on_exit,
        // Plivo ends a multi-party call with its last but one member; a lone first one waits for others.
        stays_alone: element.stay_alone,
        members_max: element.max_participants.clamp(2, MULTI_PARTY_MEMBERS_MAX) as usize,
        time_limit_s: f64::from(element.max_duration_s),
        enter_sound: Some(element.enter_sound.clone()),
        exit_sound: Some(element.exit_sound.clone()),
        wait_sound: hook(&element.wait_music_url, element.wait_music_method),
        hold_sound: match element.role {
            Role::Customer => {
                hook(&element.customer_hold_music_url, element.customer_hold_music_method)
            }
            _ => hook(&element.agent_hold_music_url, element.agent_hold_music_method),
        },
        recording: element.record.then(|| RecordingWish {
            format: format_name(element.record_file_format),
            callback: hook(&element.recording_callback_url, element.recording_callback_method),
            transcription: hook(&element.transcription_url, plivo::Method::Post)
                .filter(|_| element.transcript),
        }),
        digits_match: Vec::new(),
        leaves_on_star: false,
        status: hook(&element.status_callback_url, element.status_callback_method),
        action: hook(&element.on_exit_action_url, element.on_exit_action_method),
        follows_action: true,
    }
}
