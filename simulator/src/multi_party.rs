//! `MultiPartyCall`: a conference whose members have roles.

use plivo::xml::{Conference, MultiPartyCall, Role};

use crate::{
    conference::Entrance,
    line::{Interruption, Line},
    player::Next,
};

impl Line {
    pub(crate) async fn join_multi_party(
        &mut self,
        element: &MultiPartyCall,
    ) -> Result<Next, Interruption> {
        let entrance = Entrance::MultiParty {
            role: element.role.as_str().to_ascii_lowercase(),
            is_on_hold: element.hold,
            is_coaching: element.coach_mode && element.role == Role::Supervisor,
        };
        let room = Conference {
            name: element.name.clone(),
            muted: element.mute,
            enter_sound: Some(element.enter_sound.clone()),
            exit_sound: Some(element.exit_sound.clone()),
            start_conference_on_enter: element.start_mpc_on_enter,
            end_conference_on_exit: element.end_mpc_on_exit,
            // Plivo ends a multi-party call with its last but one member; a lone first one waits for others.
            stay_alone: element.stay_alone,
            wait_sound: element.wait_music_url.clone(),
            max_members: element.max_participants,
            record: element.record,
            record_file_format: element.record_file_format,
            time_limit_s: element.max_duration_s,
            action: element.on_exit_action_url.clone(),
            method: element.on_exit_action_method,
            callback_url: element
                .recording_callback_url
                .clone()
                .or_else(|| element.status_callback_url.clone()),
            callback_method: if element.recording_callback_url.is_some() {
                element.recording_callback_method
            } else {
                element.status_callback_method
            },
            ..Conference::default()
        };
        self.meet(&room, entrance).await
    }
}
