//! Answer documents: what is written is read back, what Plivo would refuse is refused with its place, and nothing panics.

use plivo::Method;
use plivo::xml::{
    Conference, Dial, DialNumber, DialUser, Dtmf, Element, FileFormat, GetDigits, GetInput, Hangup,
    HangupReason, InputType, Message, Play, Prompt, Record, RecordChannels, Redirect, Response,
    Speak, Target, Wait,
};
use proptest::option::of;
use proptest::prelude::{BoxedStrategy, Just, Strategy, any, prop_oneof, proptest};

#[test]
fn an_ivr_menu_reads_as_in_plivos_manual() {
    let xml = "<?xml version=\"1.0\" encoding=\"utf-8\"?>
        <!-- a menu -->
        <Response>
            <GetDigits action='https://a.example/menu?a=1&amp;b=2' method=\"GET\" timeout=\"7\" numDigits=\"1\"
                       retries=\"2\" finishOnKey=\"none\" redirect=\"True\" unknown=\"x\">
                <Speak voice=\"Polly.Amy\" language=\"en-GB\">Press <emphasis level=\"strong\">1</emphasis><break time=\"1s\"/>now &#38; here.</Speak>
                <Play loop=\"0\">
                    https://a.example/beep.mp3
                </Play>
            </GetDigits>
            <Speak><![CDATA[We did <not> hear you.]]></Speak>
            <Hangup reason=\"busy\"></Hangup>
        </Response>";
    let menu = GetDigits {
        prompts: vec![
            Prompt::Speak(Speak {
                voice: "Polly.Amy".to_owned(),
                language: "en-GB".to_owned(),
                ..Speak::new("Press 1 now & here.")
            }),
            Prompt::Play(Play { loop_count: 0, ..Play::new("https://a.example/beep.mp3") }),
        ],
        action: Some("https://a.example/menu?a=1&b=2".to_owned()),
        method: Method::Get,
        timeout_s: 7,
        num_digits: 1,
        retries: 2,
        finish_on_key: None,
        ..GetDigits::default()
    };
    let hangup = Hangup { reason: Some(HangupReason::Busy), schedule_s: None };
    let expected =
        Response::new([menu.into(), Speak::new("We did <not> hear you.").into(), hangup.into()]);
    assert_eq!(Response::parse(xml), Ok(expected));
}

#[test]
fn defaults_are_not_written() {
    let response = Response::new([
        Speak::new("Hi").into(),
        GetInput { action: "https://a.example".to_owned(), ..GetInput::default() }.into(),
        Record::default().into(),
        Conference::new("room").into(),
        Dial { targets: vec![DialNumber::new("15550100000").into()], ..Dial::default() }.into(),
        Wait::default().into(),
        Dtmf { digits: "1w2".to_owned(), ..Dtmf::default() }.into(),
        Redirect::new("https://a.example/next").into(),
    ]);
    assert_eq!(
        response.to_xml(),
        "<Response><Speak>Hi</Speak><GetInput action=\"https://a.example\" inputType=\"dtmf speech\"/>\
         <Record finishOnKey=\"#\"/><Conference>room</Conference><Dial><Number>15550100000</Number></Dial>\
         <Wait/><DTMF>1w2</DTMF><Redirect>https://a.example/next</Redirect></Response>"
    );
    assert_eq!(Response::default().to_xml(), "<Response></Response>");
}

#[test]
fn text_cannot_break_out_of_its_element() {
    let spoken = "</Speak><Hangup/> \"it's\" \u{0}\u{7}\u{85}]]> & so\ton";
    let response =
        Response::new(
            [Speak { voice: "\"><Hangup/>\r\n".to_owned(), ..Speak::new(spoken) }.into()],
        );
    let xml = response.to_xml();
    assert_eq!(
        xml,
        "<Response><Speak voice=\"&quot;&gt;&lt;Hangup/&gt;&#13;&#10;\">\
         &lt;/Speak&gt;&lt;Hangup/&gt; \"it's\" ]]&gt; &amp; so\ton</Speak></Response>"
    );
    let read = Response::parse(&xml).unwrap();
    assert_eq!(read.elements.len(), 1);
    assert_eq!(read.to_xml(), xml);
}

#[test]
fn what_plivo_would_refuse_is_refused_with_its_place_and_a_remedy() {
    for (xml, message) in [
        ("", "line 1, column 1: the document is empty; it must be a `<Response>`"),
        ("{\"a\": 1}", "line 1, column 1: text outside `<Response>`"),
        (
            "<html></html>",
            "line 1, column 1: the document begins with `<html>` instead of `<Response>`",
        ),
        (
            "<Response>\n  <Say>Hi</Say></Response>",
            "line 2, column 3: `<Response>` cannot hold `<Say>`; it can hold Speak, Play, GetDigits, GetInput, Record, Dial, \
             Conference, Redirect, Hangup, Wait, PreAnswer, DTMF and Message",
        ),
        (
            "<Response><GetDigits>\n<Hangup/></GetDigits></Response>",
            "line 2, column 1: `<GetDigits>` cannot hold `<Hangup>`; it can hold Speak and Play",
        ),
        (
            "<Response><Speak>é<Play>x</Play></Speak></Response>",
            "line 1, column 19: `<Speak>` cannot hold `<Play>`; it can hold text and break, emphasis, lang, p, phoneme, prosody, s, say-as, sub and w",
        ),
        (
            "<Response><Hangup>now</Hangup></Response>",
            "line 1, column 11: `<Hangup>` cannot hold the text `now`",
        ),
        (
            "<Response><PreAnswer><Hangup/></PreAnswer></Response>",
            "line 1, column 22: `<PreAnswer>` cannot hold `<Hangup>`; it can hold Speak, Play and Wait",
        ),
        (
            "<Response><GetDigits timeout=\"5s\"/></Response>",
            "line 1, column 11: `timeout=\"5s\"` of `<GetDigits>` is not a whole number",
        ),
        (
            "<Response><GetDigits finishOnKey=\"##\"/></Response>",
            "line 1, column 11: `finishOnKey=\"##\"` of `<GetDigits>` is not one of the keys 0 to 9, * and #, or `none`",
        ),
        (
            "<Response><GetInput/></Response>",
            "line 1, column 11: `<GetInput>` needs the attribute `action`",
        ),
        (
            "<Response><Dial/></Response>",
            "line 1, column 11: `<Dial>` needs a `<Number>` or a `<User>`",
        ),
        (
            "<Response><Dial><Number> </Number></Dial></Response>",
            "line 1, column 17: `<Number>` needs a phone number",
        ),
        ("<Response/><Response/>", "line 1, column 12: a document has only one outermost element"),
        ("<Response>&nbsp;</Response>", "line 1, column 11: `&nbsp;` is not a character"),
        ("<Response><Speak>hi</Speak>", "line 1, column 28: `<Response>` is not closed"),
        (
            "<!DOCTYPE x [<!ENTITY a \"b\">]><Response/>",
            "line 1, column 1: a document type declaration is not allowed",
        ),
    ] {
        let error = Response::parse(xml).unwrap_err();
        assert_eq!(error.to_string(), message, "{xml}");
    }
    let unescaped =
        Response::parse("<Response><Redirect>https://a.example/?a=1&b=2</Redirect></Response>");
    assert!(unescaped.unwrap_err().to_string().contains("not well-formed XML"));
    let crossed = Response::parse("<Response><Speak></Response></Speak>");
    assert!(crossed.unwrap_err().to_string().starts_with("line 1, column 18: not well-formed XML"));
    let deep = format!("<Response><Speak>{}", "<p>".repeat(50_000));
    assert!(
        Response::parse(&deep[..60_000])
            .unwrap_err()
            .to_string()
            .contains("nested more than 16 deep")
    );
    assert!(
        Response::parse(&" ".repeat(200_000)).unwrap_err().to_string().contains("at most 102400")
    );
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(elements in proptest::collection::vec(element(), 0..4)) {
        let response = Response::new(elements);
        let xml = response.to_xml();
        assert_eq!(Response::parse(&xml), Ok(response), "{xml}");
    }

    #[test]
    fn any_text_at_all_is_written_so_that_it_can_be_read(said in any::<String>(), voice in any::<String>()) {
        let response = Response::new([Speak { voice, ..Speak::new(said) }.into()]);
        let xml = response.to_xml();
        let read = Response::parse(&xml).unwrap_or_else(|error| panic!("{error}: {xml}"));
        assert_eq!(read.elements.len(), 1);
    }

    #[test]
    fn reading_never_panics(xml in "(<|>|/|\"|=|&|;|#|é|\n| |Response|Speak|GetDigits|Dial|Number|action|<!--|-->|<!\\[CDATA\\[|\\]\\]>|<\\?|\\?>|x|1){0,40}") {
        let _ = Response::parse(&xml);
        let _ = Response::parse(&format!("<Response>{xml}</Response>"));
    }
}

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

fn wait() -> impl Strategy<Value = Wait> {
    any::<(u32, bool, u32, bool)>().prop_map(|(length_s, silence, min_silence_ms, beep)| Wait {
        length_s,
        silence,
        min_silence_ms,
        beep,
    })
}

fn element() -> BoxedStrategy<Element> {
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
