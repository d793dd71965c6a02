//! Random elements of answer documents.

use plivo::Method;
use plivo::xml::{
    Conference, Dial, DialNumber, DialUser, Dtmf, Element, FileFormat, GetDigits, GetInput, Hangup,
    HangupReason, InputType, Message, MultiPartyCall, Play, Prompt, Record, RecordChannels,
    Redirect, Role, Speak, Target, Wait,
};
use proptest::option::of;
use proptest::prelude::{BoxedStrategy, Just, Strategy, any, prop_oneof};

/// Text as it survives: some, no white space around it, nothing that XML cannot carry.
fn text() -> impl Strategy<Value = String> {
    "[!-~éü中👋][ -~éü中👋\t\r\n]{0,12}[!-~éü中👋]"
}

fn method() -> impl Strategy<Value = Method> {
    prop_oneof![Just(Method::Get), Just(Method::Post)]
}

fn key() -> impl Strategy<Value = Option<char>> {
    of(prop_oneof![Just('#'), Just('*'), Just('0'), Just('7')])
}

fn speak() -> impl Strategy<Value = Speak> {
    (prop_oneof![Just(String::new()), text()], text(), text(), any::<u32>())
        .prop_map(|(text, voice, language, loop_count)| Speak { text, voice, language, loop_count })
}

fn play() -> impl Strategy<Value = Play> {
    (text(), any::<u32>()).prop_map(|(url, loop_count)| Play { url, loop_count })
}

fn prompts() -> impl Strategy<Value = Vec<Prompt>> {
    proptest::collection::vec(
        prop_oneof![speak().prop_map(Prompt::Speak), play().prop_map(Prompt::Play)],
        0..3,
    )
}

fn get_digits() -> impl Strategy<Value = GetDigits> {
    let where_to = (prompts(), of(text()), method(), of(text()));
    let numbers = (any::<u32>(), any::<u32>(), any::<u32>(), any::<u32>());
    let rest = (key(), text(), any::<[bool; 3]>());
    (where_to, numbers, rest).prop_map(
        |(
            (prompts, action, method, invalid_digits_sound),
            (timeout_s, digit_timeout_s, num_digits, retries),
            (finish_on_key, valid_digits, [redirect, play_beep, log]),
        )| GetDigits {
            prompts,
            action,
            method,
            timeout_s,
            digit_timeout_s,
            finish_on_key,
            num_digits,
            retries,
            redirect,
            play_beep,
            valid_digits,
            invalid_digits_sound,
            log,
        },
    )
}

fn get_input() -> impl Strategy<Value = GetInput> {
    let input_type =
        prop_oneof![Just(InputType::Dtmf), Just(InputType::Speech), Just(InputType::DtmfOrSpeech)];
    let where_to = (prompts(), text(), method(), input_type, of(text()), method());
    let numbers = (
        any::<u32>(),
        of(any::<u32>()),
        of(any::<u32>()),
        of(any::<u32>()),
        any::<u32>(),
        any::<u32>(),
    );
    let rest = (key(), text(), of(text()), text(), any::<[bool; 3]>());
    (where_to, numbers, rest).prop_map(
        |(
            (
                prompts,
                action,
                method,
                input_type,
                interim_speech_results_callback,
                interim_speech_results_callback_method,
            ),
            (
                execution_timeout_s,
                digit_end_timeout_s,
                speech_end_timeout_s,
                start_input_timeout_s,
                num_digits,
                retries,
            ),
            (finish_on_key, speech_model, hints, language, [profanity_filter, redirect, log]),
        )| GetInput {
            prompts,
            action,
            method,
            input_type,
            execution_timeout_s,
            digit_end_timeout_s,
            speech_end_timeout_s,
            start_input_timeout_s,
            finish_on_key,
            num_digits,
            retries,
            speech_model,
            hints,
            language,
            profanity_filter,
            interim_speech_results_callback,
            interim_speech_results_callback_method,
            redirect,
            log,
        },
    )
}

fn record() -> impl Strategy<Value = Record> {
    let file_format = prop_oneof![Just(FileFormat::Mp3), Just(FileFormat::Wav)];
    let channels = prop_oneof![Just(RecordChannels::Stereo), Just(RecordChannels::Mono)];
    let transcription = (of(text()), of(text()), method(), text());
    (
        (of(text()), method(), file_format, channels),
        any::<(u32, u32)>(),
        text(),
        any::<[bool; 4]>(),
        transcription,
        (of(text()), method()),
    )
        .prop_map(
            |(
                (action, method, file_format, channels),
                (timeout_s, max_length_s),
                finish_on_keys,
                [redirect, play_beep, record_session, start_on_dial_answer],
                (
                    transcription_type,
                    transcription_url,
                    transcription_method,
                    transcription_report_type,
                ),
                (callback_url, callback_method),
            )| Record {
                action,
                method,
                file_format,
                redirect,
                timeout_s,
                max_length_s,
                play_beep,
                finish_on_keys,
                record_session,
                start_on_dial_answer,
                channels,
                transcription_type,
                transcription_url,
                transcription_method,
                transcription_report_type,
                callback_url,
                callback_method,
            },
        )
}

fn target() -> impl Strategy<Value = Target> {
    let number = (text(), of(text()), any::<bool>(), of(text()), of(text())).prop_map(
        |(number, send_digits, send_on_preanswer, send_digits_mode, sip_headers)| {
            Target::Number(DialNumber {
                number,
                send_digits,
                send_on_preanswer,
                send_digits_mode,
                sip_headers,
            })
        },
    );
    let user = (text(), of(text()), any::<bool>(), of(text()), of(text()), of(text())).prop_map(
        |(
            uri,
            send_digits,
            send_on_preanswer,
            sip_headers,
            sip_auth_username,
            sip_auth_password,
        )| {
            Target::User(DialUser {
                uri,
                send_digits,
                send_on_preanswer,
                sip_headers,
                sip_auth_username,
                sip_auth_password,
            })
        },
    );
    prop_oneof![number, user]
}

fn dial() -> impl Strategy<Value = Dial> {
    let texts = proptest::collection::vec(of(text()), 10);
    let numbers = (any::<u32>(), of(any::<u32>()), any::<u32>());
    (
        proptest::collection::vec(target(), 1..3),
        texts,
        numbers,
        method(),
        method(),
        any::<[bool; 2]>(),
        text(),
    )
        .prop_map(
            |(
                targets,
                mut texts,
                (time_limit_s, timeout_s, confirm_timeout_s),
                method,
                callback_method,
                [hangup_on_star, redirect],
                call_type,
            )| {
                let mut next = || texts.pop().flatten();
                Dial {
                    targets,
                    action: next(),
                    method,
                    hangup_on_star,
                    time_limit_s,
                    timeout_s,
                    caller_id: next(),
                    caller_name: next(),
                    confirm_sound: next(),
                    confirm_key: next(),
                    confirm_timeout_s,
                    dial_music: next(),
                    callback_url: next(),
                    callback_method,
                    redirect,
                    digits_match: next(),
                    digits_match_b_leg: next(),
                    sip_headers: next(),
                    call_type,
                }
            },
        )
}

fn conference() -> impl Strategy<Value = Conference> {
    let texts = proptest::collection::vec(of(text()), 9);
    let methods = (method(), method(), method());
    (text(), texts, any::<(u32, u32)>(), methods, any::<[bool; 10]>()).prop_map(
        |(
            name,
            mut texts,
            (max_members, time_limit_s),
            (method, callback_method, transcription_method),
            flags,
        )| {
            let mut next = || texts.pop().flatten();
            let [
                muted,
                start_conference_on_enter,
                end_conference_on_exit,
                stay_alone,
                record,
                record_when_alone,
                hangup_on_star,
                floor_event,
                redirect,
                relay_dtmf,
            ] = flags;
            Conference {
                name,
                muted,
                enter_sound: next(),
                exit_sound: next(),
                start_conference_on_enter,
                end_conference_on_exit,
                stay_alone,
                wait_sound: next(),
                max_members,
                record,
                record_file_format: FileFormat::Wav,
                record_when_alone,
                time_limit_s,
                hangup_on_star,
                action: next(),
                method,
                callback_url: next(),
                callback_method,
                digits_match: next(),
                floor_event,
                redirect,
                relay_dtmf,
                send_digits: next(),
                transcription_type: next(),
                transcription_url: next(),
                transcription_method,
            }
        },
    )
}

fn multi_party_call() -> impl Strategy<Value = MultiPartyCall> {
    let role = prop_oneof![
        Just(Role::Agent),
        Just(Role::Supervisor),
        Just(Role::Customer),
        Just(Role::AiAgent)
    ];
    let lists = (
        proptest::collection::vec(of(text()), 12),
        proptest::collection::vec(method(), 10),
        proptest::collection::vec(any::<bool>(), 10),
        proptest::collection::vec(any::<u32>(), 3),
    );
    (text(), role, of(any::<u32>()), lists).prop_map(
        |(name, role, wait_time_s, (mut texts, mut methods, mut flags, mut numbers))| {
            let mut next = || texts.pop().flatten();
            let mut method = || methods.pop().unwrap_or_default();
            let mut flag = || flags.pop().unwrap_or_default();
            let mut number = || numbers.pop().unwrap_or_default();
            MultiPartyCall {
                name,
                role,
                max_duration_s: number(),
                max_participants: number(),
                record_min_member_count: number(),
                wait_music_url: next(),
                wait_music_method: method(),
                wait_time_s,
                agent_hold_music_url: next(),
                agent_hold_music_method: method(),
                customer_hold_music_url: next(),
                customer_hold_music_method: method(),
                record: flag(),
                record_participant_track: flag(),
                record_file_format: FileFormat::Wav,
                recording_callback_url: next(),
                recording_callback_method: method(),
                status_callback_url: next(),
                status_callback_method: method(),
                status_callback_events: next().unwrap_or_default(),
                stay_alone: flag(),
                coach_mode: flag(),
                mute: flag(),
                hold: flag(),
                start_mpc_on_enter: flag(),
                end_mpc_on_exit: flag(),
                enter_sound: next().unwrap_or_default(),
                enter_sound_method: method(),
                exit_sound: next().unwrap_or_default(),
                exit_sound_method: method(),
                on_exit_action_url: next(),
                on_exit_action_method: method(),
                relay_dtmf_inputs: flag(),
                start_recording_audio: next(),
                start_recording_audio_method: method(),
                stop_recording_audio: next(),
                stop_recording_audio_method: method(),
                transcript: flag(),
                transcription_url: next(),
            }
        },
    )
}

fn wait() -> impl Strategy<Value = Wait> {
    any::<(u32, bool, u32, bool)>().prop_map(|(length_s, silence, min_silence_ms, beep)| Wait {
        length_s,
        silence,
        min_silence_ms,
        beep,
    })
}

/// Any element, with any values.
pub(crate) fn element() -> BoxedStrategy<Element> {
    let before_answer = prop_oneof![
        speak().prop_map(Element::from),
        play().prop_map(Element::from),
        wait().prop_map(Element::from)
    ];
    let reason = of(prop_oneof![Just(HangupReason::Busy), Just(HangupReason::Rejected)]);
    let message = (text(), text(), text(), text(), of(text()), method());
    prop_oneof![
        speak().prop_map(Element::from),
        play().prop_map(Element::from),
        get_digits().prop_map(Element::from),
        get_input().prop_map(Element::from),
        record().prop_map(Element::from),
        dial().prop_map(Element::from),
        conference().prop_map(Element::from),
        multi_party_call().prop_map(Element::from),
        (text(), method()).prop_map(|(url, method)| Redirect { url, method }.into()),
        (reason, of(any::<u32>()))
            .prop_map(|(reason, schedule_s)| Hangup { reason, schedule_s }.into()),
        wait().prop_map(Element::from),
        proptest::collection::vec(before_answer, 0..3).prop_map(Element::PreAnswer),
        (text(), any::<bool>()).prop_map(|(digits, is_async)| Dtmf { digits, is_async }.into()),
        message.prop_map(|(text, src, dst, message_type, callback_url, callback_method)| {
            Message { text, src, dst, message_type, callback_url, callback_method }.into()
        }),
    ]
    .boxed()
}
