//! What Plivo calls the attributes of a multi-party call.

use super::{Attributes, Walk};
use crate::xml::MultiPartyCall;

impl Attributes for MultiPartyCall {
    fn walk(&mut self, walk: &mut impl Walk) {
        let default = Self::default();
        walk.always("role", &mut self.role);
        walk.optional("maxDuration", &mut self.max_duration_s, &default.max_duration_s);
        walk.optional("maxParticipants", &mut self.max_participants, &default.max_participants);
        walk.optional(
            "recordMinMemberCount",
            &mut self.record_min_member_count,
            &default.record_min_member_count,
        );
        walk.optional("waitMusicUrl", &mut self.wait_music_url, &default.wait_music_url);
        walk.optional("waitMusicMethod", &mut self.wait_music_method, &default.wait_music_method);
        walk.optional("waitTime", &mut self.wait_time_s, &default.wait_time_s);
        walk.optional(
            "agentHoldMusicUrl",
            &mut self.agent_hold_music_url,
            &default.agent_hold_music_url,
        );
        walk.optional(
            "agentHoldMusicMethod",
            &mut self.agent_hold_music_method,
            &default.agent_hold_music_method,
        );
        walk.optional(
            "customerHoldMusicUrl",
            &mut self.customer_hold_music_url,
            &default.customer_hold_music_url,
        );
        walk.optional(
            "customerHoldMusicMethod",
            &mut self.customer_hold_music_method,
            &default.customer_hold_music_method,
        );
        walk.optional("record", &mut self.record, &default.record);
        walk.optional(
            "recordParticipantTrack",
            &mut self.record_participant_track,
            &default.record_participant_track,
        );
        walk.optional(
            "recordFileFormat",
            &mut self.record_file_format,
            &default.record_file_format,
        );
        walk.optional(
            "recordingCallbackUrl",
            &mut self.recording_callback_url,
            &default.recording_callback_url,
        );
        walk.optional(
            "recordingCallbackMethod",
            &mut self.recording_callback_method,
            &default.recording_callback_method,
        );
        walk.optional(
            "statusCallbackUrl",
            &mut self.status_callback_url,
            &default.status_callback_url,
        );
        walk.optional(
            "statusCallbackMethod",
            &mut self.status_callback_method,
            &default.status_callback_method,
        );
        walk.optional(
            "statusCallbackEvents",
            &mut self.status_callback_events,
            &default.status_callback_events,
        );
        walk.optional("stayAlone", &mut self.stay_alone, &default.stay_alone);
        walk.optional("coachMode", &mut self.coach_mode, &default.coach_mode);
        walk.optional("mute", &mut self.mute, &default.mute);
        walk.optional("hold", &mut self.hold, &default.hold);
        walk.optional("startMpcOnEnter", &mut self.start_mpc_on_enter, &default.start_mpc_on_enter);
        walk.optional("endMpcOnExit", &mut self.end_mpc_on_exit, &default.end_mpc_on_exit);
        walk.optional("enterSound", &mut self.enter_sound, &default.enter_sound);
        walk.optional(
            "enterSoundMethod",
            &mut self.enter_sound_method,
            &default.enter_sound_method,
        );
        walk.optional("exitSound", &mut self.exit_sound, &default.exit_sound);
        walk.optional("exitSoundMethod", &mut self.exit_sound_method, &default.exit_sound_method);
        walk.optional("onExitActionUrl", &mut self.on_exit_action_url, &default.on_exit_action_url);
        walk.optional(
            "onExitActionMethod",
            &mut self.on_exit_action_method,
            &default.on_exit_action_method,
        );
        walk.optional("relayDTMFInputs", &mut self.relay_dtmf_inputs, &default.relay_dtmf_inputs);
        walk.optional(
            "startRecordingAudio",
            &mut self.start_recording_audio,
            &default.start_recording_audio,
        );
        walk.optional(
            "startRecordingAudioMethod",
            &mut self.start_recording_audio_method,
            &default.start_recording_audio_method,
        );
        walk.optional(
            "stopRecordingAudio",
            &mut self.stop_recording_audio,
            &default.stop_recording_audio,
        );
        walk.optional(
            "stopRecordingAudioMethod",
            &mut self.stop_recording_audio_method,
            &default.stop_recording_audio_method,
        );
        walk.optional("transcript", &mut self.transcript, &default.transcript);
        walk.optional("transcriptionUrl", &mut self.transcription_url, &default.transcription_url);
    }
}
