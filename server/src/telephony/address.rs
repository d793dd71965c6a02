//! The webhook addresses we hand out. Each carries a code in its path, made with a key that only this server has.
//!
//! Plivo's own signature does not cover the bodies of message webhooks and leaves room in those of voice; the code makes an address unguessable and binds
//! it to one run, leg, turn and meaning, so that a webhook can say nothing about anything else.

use super::Telephony;
use engine::{EffectId, LegId, effect::Recording};
use plivo::signature::{self, Method};

/// Asks Plivo to try a voice webhook again when it cannot connect, times out, or is answered by a 5xx. The fragment is neither sent nor signed.
const RETRIES: &str = "#rc=3&rp=ct,rt,5xx";

/// What a webhook of a call is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallKind {
    /// A call we placed was answered.
    Answer,
    /// The same, and the call is to be recorded.
    AnswerRecorded(Recording),
    /// The call is over.
    Hangup,
    /// The prompts were played.
    Done,
    /// Keys were pressed.
    Digits,
    /// Nothing was pressed, said or recorded.
    Silence,
    /// Something was said, or keys were pressed instead.
    Speech,
    /// The party left a recording.
    Recorded,
    /// Dialling others is over; the caller is still there.
    Dialled,
    /// A step of dialling others: one of them answered, or hung up.
    DialNews,
    /// What somebody who was dialled hears before being connected.
    Screening,
    /// What a caller hears while others are rung.
    RingSound,
    /// The party left the conference or multi-party call.
    Left,
    /// A parked leg comes back.
    Poll,
    /// A leg was called away from what it did.
    Called,
    /// What those hear who wait for a conference or multi-party call to begin.
    WaitSound,
    /// What agents on hold in a multi-party call hear.
    AgentHoldSound,
    /// What customers on hold in a multi-party call hear.
    CustomerHoldSound,
}

impl CallKind {
    /// All but [`CallKind::AnswerRecorded`], which is many.
    const ALL: [CallKind; 17] = [
        CallKind::Answer,
        CallKind::Hangup,
        CallKind::Done,
        CallKind::Digits,
        CallKind::Silence,
        CallKind::Speech,
        CallKind::Recorded,
        CallKind::Dialled,
        CallKind::DialNews,
        CallKind::Screening,
        CallKind::RingSound,
        CallKind::Left,
        CallKind::Poll,
        CallKind::Called,
        CallKind::WaitSound,
        CallKind::AgentHoldSound,
        CallKind::CustomerHoldSound,
    ];

    /// The word in measurements, and the beginning of the one in the address.
    pub fn as_str(self) -> &'static str {
        match self {
            CallKind::Answer => "answer",
            CallKind::AnswerRecorded(_) => "answer-recorded",
            CallKind::Hangup => "hangup",
            CallKind::Done => "done",
            CallKind::Digits => "digits",
            CallKind::Silence => "silence",
            CallKind::Speech => "speech",
            CallKind::Recorded => "recorded",
            CallKind::Dialled => "dialled",
            CallKind::DialNews => "dial-news",
            CallKind::Screening => "screening",
            CallKind::RingSound => "ring-sound",
            CallKind::Left => "left",
            CallKind::Poll => "poll",
            CallKind::Called => "called",
            CallKind::WaitSound => "wait-sound",
            CallKind::AgentHoldSound => "agent-hold-sound",
            CallKind::CustomerHoldSound => "customer-hold-sound",
        }
    }

    /// The word in the address.
    fn word(self) -> String {
        let CallKind::AnswerRecorded(recording) = self else { return self.as_str().to_owned() };
        let format = if recording.as_wav { "-wav" } else { "" };
        let transcribed = if recording.transcribe { "-transcribed" } else { "" };
        format!("{}-{}{format}{transcribed}", self.as_str(), recording.id)
    }

    fn parse(word: &str) -> Option<CallKind> {
        let recorded = word.strip_prefix("answer-recorded-");
        let Some(rest) = recorded else {
            return CallKind::ALL.into_iter().find(|kind| kind.as_str() == word);
        };
        let (id, flags) = rest.split_once('-').unwrap_or((rest, ""));
        Some(CallKind::AnswerRecorded(Recording {
            id: EffectId(id.parse().ok()?),
            as_wav: flags.contains("wav"),
            transcribe: flags.contains("transcribed"),
        }))
    }
}

/// What a webhook of one of our numbers is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberKind {
    /// Somebody rings.
    Answer,
    /// Somebody wrote.
    Message,
    /// A call to the number is over.
    Hangup,
}

impl NumberKind {
    /// The word in the address.
    pub fn as_str(self) -> &'static str {
        match self {
            NumberKind::Answer => "answer",
            NumberKind::Message => "message",
            NumberKind::Hangup => "hangup",
        }
    }

    fn parse(word: &str) -> Option<NumberKind> {
        [NumberKind::Answer, NumberKind::Message, NumberKind::Hangup]
            .into_iter()
            .find(|kind| kind.as_str() == word)
    }
}

/// Which turn of which leg of which run a call's webhook belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallAddress {
    /// The run.
    pub run_id: String,
    /// Its leg.
    pub leg: LegId,
    /// The turn of the instruction that the webhook answers; 0 before the first.
    pub turn: u32,
    /// What it is about.
    pub kind: CallKind,
}

/// What a webhook about an effect tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewsKind {
    /// What becomes of a message.
    Message,
    /// A recording can be fetched.
    Recording,
    /// What was said in a recording was written down.
    Transcription,
    /// Somebody who was taken out of a room asks what to hear.
    Drop,
}

impl NewsKind {
    /// The word in the address.
    pub fn as_str(self) -> &'static str {
        match self {
            NewsKind::Message => "message",
            NewsKind::Recording => "recording",
            NewsKind::Transcription => "transcription",
            NewsKind::Drop => "drop",
        }
    }
}

/// How a webhook has to be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// Calls: V3.
    Voice,
    /// Texts: V3, or V2, which is what Plivo documents for them.
    Message,
}

/// The headers that sign a webhook.
#[derive(Clone, Debug, Default)]
pub struct SignatureHeaders {
    /// `X-Plivo-Signature-V3` and `X-Plivo-Signature-Ma-V3`.
    pub v3: Vec<String>,
    /// `X-Plivo-Signature-V3-Nonce`.
    pub v3_nonce: Option<String>,
    /// `X-Plivo-Signature-V2` and `X-Plivo-Signature-Ma-V2`.
    pub v2: Vec<String>,
    /// `X-Plivo-Signature-V2-Nonce`.
    pub v2_nonce: Option<String>,
}

impl SignatureHeaders {
    /// Whether there is anything to verify; without it, a body need not even be read.
    pub fn can_verify(&self, channel: Channel) -> bool {
        let v3 = !self.v3.is_empty() && self.v3_nonce.is_some();
        let v2 = !self.v2.is_empty() && self.v2_nonce.is_some();
        v3 || (channel == Channel::Message && v2)
    }
}

impl Telephony {
    /// Where Plivo is to report about a leg.
    pub fn call_url(&self, address: &CallAddress) -> String {
        let CallAddress { run_id, leg, turn, kind } = address;
        let (leg, turn, kind) = (leg.to_string(), turn.to_string(), kind.word());
        let code = self.key.code(&["call", run_id, &leg, &turn, &kind]);
        format!("{}/plivo/call/{run_id}/{leg}/{turn}/{kind}/{code}{RETRIES}", self.public_url)
    }

    /// Reads the path of a call's webhook; nothing if it is not one of ours.
    pub fn read_call(
        &self,
        run_id: &str,
        leg: &str,
        turn: &str,
        kind: &str,
        code: &str,
    ) -> Option<CallAddress> {
        if !self.key.is_code_of(&["call", run_id, leg, turn, kind], code) {
            return None;
        }
        Some(CallAddress {
            run_id: run_id.to_owned(),
            leg: LegId(leg.parse().ok()?),
            turn: turn.parse().ok()?,
            kind: CallKind::parse(kind)?,
        })
    }

    /// Where Plivo is to report about what an effect became.
    pub fn news_url(&self, kind: NewsKind, run_id: &str, effect: EffectId) -> String {
        let (kind, effect) = (kind.as_str(), effect.to_string());
        let code = self.key.code(&[kind, run_id, &effect]);
        format!("{}/plivo/{kind}/{run_id}/{effect}/{code}{RETRIES}", self.public_url)
    }

    /// Reads the path of such a webhook; nothing if it is not one of ours.
    pub fn read_news(
        &self,
        kind: NewsKind,
        run_id: &str,
        effect: &str,
        code: &str,
    ) -> Option<EffectId> {
        let is_ours = self.key.is_code_of(&[kind.as_str(), run_id, effect], code);
        is_ours.then(|| effect.parse().ok().map(EffectId))?
    }

    /// What Plivo is to ask or tell about one of our numbers.
    pub fn number_url(&self, number: &str, kind: NumberKind) -> String {
        let digits = number.trim_start_matches('+');
        let code = self.key.code(&["number", digits, kind.as_str()]);
        format!("{}/plivo/number/{digits}/{}/{code}{RETRIES}", self.public_url, kind.as_str())
    }

    /// Reads the path of a number's webhook; nothing if it is not one of ours. Gives the number in E.164.
    pub fn read_number(
        &self,
        digits: &str,
        kind: &str,
        code: &str,
    ) -> Option<(String, NumberKind)> {
        if !self.key.is_code_of(&["number", digits, kind], code) {
            return None;
        }
        Some((format!("+{digits}"), NumberKind::parse(kind)?))
    }

    /// Whether a webhook comes from Plivo. What is signed is our public address, never what the request says about its host. Without a signature: no.
    pub fn is_genuine(
        &self,
        channel: Channel,
        method: Method,
        path_and_query: &str,
        params: &[(String, String)],
        headers: &SignatureHeaders,
    ) -> bool {
        let url = format!("{}{path_and_query}", self.public_url);
        let token = self.auth_token.expose();
        let is_v3 = headers.v3_nonce.as_deref().is_some_and(|nonce| {
            headers
                .v3
                .iter()
                .any(|header| signature::verify_v3(token, method, &url, params, nonce, header))
        });
        let is_v2 = || {
            headers.v2_nonce.as_deref().is_some_and(|nonce| {
                headers.v2.iter().any(|header| signature::verify_v2(token, &url, nonce, header))
            })
        };
        is_v3 || (channel == Channel::Message && is_v2())
    }
}

#[cfg(test)]
mod tests {
    use super::{CallAddress, CallKind, Channel, NewsKind, NumberKind, SignatureHeaders};
    use crate::{keys::PathKey, telephony::Telephony};
    use engine::{EffectId, LegId, effect::Recording};
    use plivo::{
        number::Number,
        signature::{self, Method},
    };

    fn telephony() -> Telephony {
        Telephony::new(
            "https://p.example/",
            PathKey::new("key".to_owned()),
            "token".into(),
            Number::parse("+15550100000").unwrap(),
        )
    }

    fn segments(url: &str) -> Vec<String> {
        let path = url.split('#').next().unwrap().strip_prefix("https://p.example/plivo/").unwrap();
        path.split('/').map(str::to_owned).collect()
    }

    #[test]
    fn an_address_is_read_back_and_any_change_is_noticed() {
        let telephony = telephony();
        let address =
            CallAddress { run_id: "r".to_owned(), leg: LegId(1), turn: 7, kind: CallKind::Digits };
        let parts = segments(&telephony.call_url(&address));
        assert_eq!(
            telephony.read_call(&parts[1], &parts[2], &parts[3], &parts[4], &parts[5]),
            Some(address)
        );
        assert_eq!(telephony.read_call(&parts[1], &parts[2], "8", &parts[4], &parts[5]), None);
        assert_eq!(telephony.read_call(&parts[1], &parts[2], &parts[3], "hangup", &parts[5]), None);

        let parts = segments(&telephony.news_url(NewsKind::Recording, "r", EffectId(3)));
        let read = |kind, effect: &str| telephony.read_news(kind, &parts[1], effect, &parts[3]);
        assert_eq!(read(NewsKind::Recording, "3"), Some(EffectId(3)));
        assert_eq!(read(NewsKind::Recording, "4"), None);
        assert_eq!(read(NewsKind::Transcription, "3"), None);

        let parts = segments(&telephony.number_url("+15550100001", NumberKind::Answer));
        assert_eq!(
            telephony.read_number(&parts[1], &parts[2], &parts[3]),
            Some(("+15550100001".to_owned(), NumberKind::Answer))
        );
        assert_eq!(telephony.read_number("15550100002", &parts[2], &parts[3]), None);
    }

    #[test]
    fn every_kind_is_read_back_with_its_recording() {
        let recorded = [(false, false), (true, false), (false, true), (true, true)].map(
            |(as_wav, transcribe)| {
                CallKind::AnswerRecorded(Recording { id: EffectId(12), as_wav, transcribe })
            },
        );
        for kind in CallKind::ALL.into_iter().chain(recorded) {
            assert_eq!(CallKind::parse(&kind.word()), Some(kind), "{}", kind.word());
        }
        assert_eq!(CallKind::parse("answer-recorded"), None);
    }

    #[test]
    fn voice_needs_a_v3_signature_of_our_public_address() {
        let telephony = telephony();
        let params = vec![("Digits".to_owned(), "1".to_owned())];
        let sign = |url: &str| SignatureHeaders {
            v3: vec![signature::v3("token", Method::Post, url, &params, "n")],
            v3_nonce: Some("n".to_owned()),
            v2: vec![signature::v2("token", url, "n")],
            v2_nonce: Some("n".to_owned()),
        };
        let genuine = sign("https://p.example/plivo/x");
        assert!(telephony.is_genuine(Channel::Voice, Method::Post, "/plivo/x", &params, &genuine));
        assert!(!telephony.is_genuine(Channel::Voice, Method::Post, "/plivo/y", &params, &genuine));
        assert!(!telephony.is_genuine(
            Channel::Voice,
            Method::Post,
            "/plivo/x",
            &params,
            &sign("https://other.example/plivo/x")
        ));
        assert!(!telephony.is_genuine(
            Channel::Voice,
            Method::Post,
            "/plivo/x",
            &params,
            &SignatureHeaders::default()
        ));

        let v2_only = SignatureHeaders { v3: Vec::new(), ..genuine };
        assert!(!telephony.is_genuine(Channel::Voice, Method::Post, "/plivo/x", &params, &v2_only));
        assert!(telephony.is_genuine(
            Channel::Message,
            Method::Post,
            "/plivo/x",
            &params,
            &v2_only
        ));
    }
}
