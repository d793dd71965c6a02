//! Answer documents: what is written is read back, what Plivo would refuse is refused with its place, and nothing panics.

mod random;

use plivo::Method;
use plivo::xml::{
    Conference, Dial, DialNumber, Dtmf, GetDigits, GetInput, Hangup, HangupReason, MultiPartyCall,
    Play, Prompt, Record, Redirect, Response, Role, Speak, Wait,
};
use proptest::prelude::{any, proptest};

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
        MultiPartyCall::new("support", Role::Agent).into(),
        Dial { targets: vec![DialNumber::new("15550100000").into()], ..Dial::default() }.into(),
        Wait::default().into(),
        Dtmf { digits: "1w2".to_owned(), ..Dtmf::default() }.into(),
        Redirect::new("https://a.example/next").into(),
    ]);
    assert_eq!(
        response.to_xml(),
        "<Response><Speak>Hi</Speak><GetInput action=\"https://a.example\" inputType=\"dtmf speech\"/>\
         <Record finishOnKey=\"#\"/><Conference>room</Conference><MultiPartyCall role=\"Agent\">support</MultiPartyCall><Dial><Number>15550100000</Number></Dial>\
         <Wait/><DTMF>1w2</DTMF><Redirect>https://a.example/next</Redirect></Response>"
    );
    assert_eq!(Response::default().to_xml(), "<Response></Response>");
}

#[test]
fn a_multi_party_call_is_read_in_either_spelling_of_its_role() {
    let xml = "<Response><MultiPartyCall role=\"supervisor\" maxDuration=\"600\" coachMode=\"false\" enterSound=\"none\"
        statusCallbackUrl=\"https://a.example/s\" statusCallbackMethod=\"POST\" relayDTMFInputs=\"true\"> support </MultiPartyCall></Response>";
    let expected = MultiPartyCall {
        max_duration_s: 600,
        coach_mode: false,
        enter_sound: "none".to_owned(),
        status_callback_url: Some("https://a.example/s".to_owned()),
        status_callback_method: Method::Post,
        relay_dtmf_inputs: true,
        ..MultiPartyCall::new("support", Role::Supervisor)
    };
    let read = Response::parse(xml).unwrap();
    assert_eq!(read, Response::new([expected.into()]));
    assert!(read.to_xml().contains("role=\"Supervisor\""));
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
             Conference, MultiPartyCall, Redirect, Hangup, Wait, PreAnswer, DTMF and Message",
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
            "<Response><MultiPartyCall>support</MultiPartyCall></Response>",
            "line 1, column 11: `<MultiPartyCall>` needs the attribute `role`",
        ),
        (
            "<Response><MultiPartyCall role=\"guest\">support</MultiPartyCall></Response>",
            "line 1, column 11: `role=\"guest\"` of `<MultiPartyCall>` is not `Agent`, `Supervisor`, `Customer` or `ai-agent`",
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
    fn what_is_written_is_read_back(elements in proptest::collection::vec(random::element(), 0..4)) {
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
