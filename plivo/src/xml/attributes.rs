//! What Plivo calls each attribute: the one table that both the writer and the reader go through.

mod multi_party;

use super::value::Value;
use super::{
    Conference, Dial, DialNumber, DialUser, Dtmf, GetDigits, GetInput, Hangup, Message, Play,
    Record, Redirect, Speak, Wait,
};

/// An element whose attributes can be walked through. `Default` says which values need not be written.
pub(super) trait Attributes: Default + Clone {
    /// Shows every attribute to `walk`.
    fn walk(&mut self, walk: &mut impl Walk);
}

/// What is done at each attribute.
pub(super) trait Walk {
    /// An attribute that is left out when it equals its default.
    fn optional<V: Value>(&mut self, name: &'static str, value: &mut V, default: &V);
    /// An attribute that is always written, though it may be missing when read.
    fn always<V: Value>(&mut self, name: &'static str, value: &mut V);
    /// An attribute without which the element makes no sense.
    fn required(&mut self, name: &'static str, value: &mut String);
}

impl Attributes for Speak {
    fn walk(&mut self, walk: &mut impl Walk) {
        let default = Self::default();
        walk.optional("voice", &mut self.voice, &default.voice);
        walk.optional("language", &mut self.language, &default.language);
        walk.optional("loop", &mut self.loop_count, &default.loop_count);
    }
}

impl Attributes for Play {
    fn walk(&mut self, walk: &mut impl Walk) {
        walk.optional("loop", &mut self.loop_count, &Self::default().loop_count);
    }
}

impl Attributes for GetDigits {
    fn walk(&mut self, walk: &mut impl Walk) {
        let default = Self::default();
        walk.optional("action", &mut self.action, &default.action);
        walk.optional("method", &mut self.method, &default.method);
        walk.optional("timeout", &mut self.timeout_s, &default.timeout_s);
        walk.optional("digitTimeout", &mut self.digit_timeout_s, &default.digit_timeout_s);
        walk.optional("finishOnKey", &mut self.finish_on_key, &default.finish_on_key);
        walk.optional("numDigits", &mut self.num_digits, &default.num_digits);
        walk.optional("retries", &mut self.retries, &default.retries);
        walk.optional("redirect", &mut self.redirect, &default.redirect);
        walk.optional("playBeep", &mut self.play_beep, &default.play_beep);
        walk.optional("validDigits", &mut self.valid_digits, &default.valid_digits);
        walk.optional(
            "invalidDigitsSound",
            &mut self.invalid_digits_sound,
            &default.invalid_digits_sound,
        );
        walk.optional("log", &mut self.log, &default.log);
    }
}

impl Attributes for GetInput {
    fn walk(&mut self, walk: &mut impl Walk) {
        let default = Self::default();
        walk.required("action", &mut self.action);
        walk.optional("method", &mut self.method, &default.method);
        walk.always("inputType", &mut self.input_type);
        walk.optional(
            "executionTimeout",
            &mut self.execution_timeout_s,
            &default.execution_timeout_s,
        );
        walk.optional(
            "digitEndTimeout",
            &mut self.digit_end_timeout_s,
            &default.digit_end_timeout_s,
        );
        walk.optional(
            "speechEndTimeout",
            &mut self.speech_end_timeout_s,
            &default.speech_end_timeout_s,
        );
        walk.optional(
            "startInputTimeout",
            &mut self.start_input_timeout_s,
            &default.start_input_timeout_s,
        );
        walk.optional("finishOnKey", &mut self.finish_on_key, &default.finish_on_key);
        walk.optional("numDigits", &mut self.num_digits, &default.num_digits);
        walk.optional("retries", &mut self.retries, &default.retries);
        walk.optional("speechModel", &mut self.speech_model, &default.speech_model);
        walk.optional("hints", &mut self.hints, &default.hints);
        walk.optional("language", &mut self.language, &default.language);
        walk.optional("profanityFilter", &mut self.profanity_filter, &default.profanity_filter);
        walk.optional(
            "interimSpeechResultsCallback",
            &mut self.interim_speech_results_callback,
            &default.interim_speech_results_callback,
        );
        walk.optional(
            "interimSpeechResultsCallbackMethod",
            &mut self.interim_speech_results_callback_method,
            &default.interim_speech_results_callback_method,
        );
        walk.optional("redirect", &mut self.redirect, &default.redirect);
        walk.optional("log", &mut self.log, &default.log);
    }
}

impl Attributes for Record {
    fn walk(&mut self, walk: &mut impl Walk) {
        let default = Self::default();
        walk.optional("action", &mut self.action, &default.action);
        walk.optional("method", &mut self.method, &default.method);
        walk.optional("fileFormat", &mut self.file_format, &default.file_format);
        walk.optional("redirect", &mut self.redirect, &default.redirect);
        walk.optional("timeout", &mut self.timeout_s, &default.timeout_s);
        walk.optional("maxLength", &mut self.max_length_s, &default.max_length_s);
        walk.optional("playBeep", &mut self.play_beep, &default.play_beep);
        walk.always("finishOnKey", &mut self.finish_on_keys);
        walk.optional("recordSession", &mut self.record_session, &default.record_session);
        walk.optional(
            "startOnDialAnswer",
            &mut self.start_on_dial_answer,
            &default.start_on_dial_answer,
        );
        walk.optional("recordChannelType", &mut self.channels, &default.channels);
        walk.optional(
            "transcriptionType",
            &mut self.transcription_type,
            &default.transcription_type,
        );
        walk.optional("transcriptionUrl", &mut self.transcription_url, &default.transcription_url);
        walk.optional(
            "transcriptionMethod",
            &mut self.transcription_method,
            &default.transcription_method,
        );
        walk.optional(
            "transcriptionReportType",
            &mut self.transcription_report_type,
            &default.transcription_report_type,
        );
        walk.optional("callbackUrl", &mut self.callback_url, &default.callback_url);
        walk.optional("callbackMethod", &mut self.callback_method, &default.callback_method);
    }
}

impl Attributes for Dial {
    fn walk(&mut self, walk: &mut impl Walk) {
        let default = Self::default();
        walk.optional("action", &mut self.action, &default.action);
        walk.optional("method", &mut self.method, &default.method);
        walk.optional("hangupOnStar", &mut self.hangup_on_star, &default.hangup_on_star);
        walk.optional("timeLimit", &mut self.time_limit_s, &default.time_limit_s);
        walk.optional("timeout", &mut self.timeout_s, &default.timeout_s);
        walk.optional("callerId", &mut self.caller_id, &default.caller_id);
        walk.optional("callerName", &mut self.caller_name, &default.caller_name);
        walk.optional("confirmSound", &mut self.confirm_sound, &default.confirm_sound);
        walk.optional("confirmKey", &mut self.confirm_key, &default.confirm_key);
        walk.optional("confirmTimeout", &mut self.confirm_timeout_s, &default.confirm_timeout_s);
        walk.optional("dialMusic", &mut self.dial_music, &default.dial_music);
        walk.optional("callbackUrl", &mut self.callback_url, &default.callback_url);
        walk.optional("callbackMethod", &mut self.callback_method, &default.callback_method);
        walk.optional("redirect", &mut self.redirect, &default.redirect);
        walk.optional("digitsMatch", &mut self.digits_match, &default.digits_match);
        walk.optional("digitsMatchBLeg", &mut self.digits_match_b_leg, &default.digits_match_b_leg);
        walk.optional("sipHeaders", &mut self.sip_headers, &default.sip_headers);
        walk.optional("callType", &mut self.call_type, &default.call_type);
    }
}

impl Attributes for DialNumber {
    fn walk(&mut self, walk: &mut impl Walk) {
        let default = Self::default();
        walk.optional("sendDigits", &mut self.send_digits, &default.send_digits);
        walk.optional("sendOnPreanswer", &mut self.send_on_preanswer, &default.send_on_preanswer);
        walk.optional("sendDigitsMode", &mut self.send_digits_mode, &default.send_digits_mode);
        walk.optional("sipHeaders", &mut self.sip_headers, &default.sip_headers);
    }
}

impl Attributes for DialUser {
    fn walk(&mut self, walk: &mut impl Walk) {
        let default = Self::default();
        walk.optional("sendDigits", &mut self.send_digits, &default.send_digits);
        walk.optional("sendOnPreanswer", &mut self.send_on_preanswer, &default.send_on_preanswer);
        walk.optional("sipHeaders", &mut self.sip_headers, &default.sip_headers);
        walk.optional("sipAuthUsername", &mut self.sip_auth_username, &default.sip_auth_username);
        walk.optional("sipAuthPassword", &mut self.sip_auth_password, &default.sip_auth_password);
    }
}

impl Attributes for Conference {
    fn walk(&mut self, walk: &mut impl Walk) {
        let default = Self::default();
        walk.optional("muted", &mut self.muted, &default.muted);
        walk.optional("enterSound", &mut self.enter_sound, &default.enter_sound);
        walk.optional("exitSound", &mut self.exit_sound, &default.exit_sound);
        walk.optional(
            "startConferenceOnEnter",
            &mut self.start_conference_on_enter,
            &default.start_conference_on_enter,
        );
        walk.optional(
            "endConferenceOnExit",
            &mut self.end_conference_on_exit,
            &default.end_conference_on_exit,
        );
        walk.optional("stayAlone", &mut self.stay_alone, &default.stay_alone);
        walk.optional("waitSound", &mut self.wait_sound, &default.wait_sound);
        walk.optional("maxMembers", &mut self.max_members, &default.max_members);
        walk.optional("record", &mut self.record, &default.record);
        walk.optional(
            "recordFileFormat",
            &mut self.record_file_format,
            &default.record_file_format,
        );
        walk.optional("recordWhenAlone", &mut self.record_when_alone, &default.record_when_alone);
        walk.optional("timeLimit", &mut self.time_limit_s, &default.time_limit_s);
        walk.optional("hangupOnStar", &mut self.hangup_on_star, &default.hangup_on_star);
        walk.optional("action", &mut self.action, &default.action);
        walk.optional("method", &mut self.method, &default.method);
        walk.optional("callbackUrl", &mut self.callback_url, &default.callback_url);
        walk.optional("callbackMethod", &mut self.callback_method, &default.callback_method);
        walk.optional("digitsMatch", &mut self.digits_match, &default.digits_match);
        walk.optional("floorEvent", &mut self.floor_event, &default.floor_event);
        walk.optional("redirect", &mut self.redirect, &default.redirect);
        walk.optional("relayDTMF", &mut self.relay_dtmf, &default.relay_dtmf);
        walk.optional("sendDigits", &mut self.send_digits, &default.send_digits);
        walk.optional(
            "transcriptionType",
            &mut self.transcription_type,
            &default.transcription_type,
        );
        walk.optional("transcriptionUrl", &mut self.transcription_url, &default.transcription_url);
        walk.optional(
            "transcriptionMethod",
            &mut self.transcription_method,
            &default.transcription_method,
        );
    }
}

impl Attributes for Redirect {
    fn walk(&mut self, walk: &mut impl Walk) {
        walk.optional("method", &mut self.method, &Self::default().method);
    }
}

impl Attributes for Hangup {
    fn walk(&mut self, walk: &mut impl Walk) {
        let default = Self::default();
        walk.optional("reason", &mut self.reason, &default.reason);
        walk.optional("schedule", &mut self.schedule_s, &default.schedule_s);
    }
}

impl Attributes for Wait {
    fn walk(&mut self, walk: &mut impl Walk) {
        let default = Self::default();
        walk.optional("length", &mut self.length_s, &default.length_s);
        walk.optional("silence", &mut self.silence, &default.silence);
        walk.optional("minSilence", &mut self.min_silence_ms, &default.min_silence_ms);
        walk.optional("beep", &mut self.beep, &default.beep);
    }
}

impl Attributes for Dtmf {
    fn walk(&mut self, walk: &mut impl Walk) {
        walk.optional("async", &mut self.is_async, &Self::default().is_async);
    }
}

impl Attributes for Message {
    fn walk(&mut self, walk: &mut impl Walk) {
        let default = Self::default();
        walk.required("src", &mut self.src);
        walk.required("dst", &mut self.dst);
        walk.optional("type", &mut self.message_type, &default.message_type);
        walk.optional("callbackUrl", &mut self.callback_url, &default.callback_url);
        walk.optional("callbackMethod", &mut self.callback_method, &default.callback_method);
    }
}
