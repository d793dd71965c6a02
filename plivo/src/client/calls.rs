//! Calls: placing, ending, moving and looking them up.

use super::Client;
use super::record::Record;
use crate::number::Party;
use crate::webhook::{CallStatus, Direction};
use crate::{Error, Method};
use serde_json::{Value, json};

/// A call to place. Only what differs from Plivo's defaults is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MakeCall {
    /// The number shown to whom we call.
    pub from: Party,
    /// Whom we call: a number or a SIP address.
    pub to: Party,
    /// Gives the first document once the call is answered. It is posted to, as are all the others.
    pub answer_url: String,
    /// Is told when it rings.
    pub ring_url: Option<String>,
    /// Is told when the call is over.
    pub hangup_url: Option<String>,
    /// Gives the first document when `answer_url` does not.
    pub fallback_url: Option<String>,
    /// The name shown to whom we call, at most 50 characters.
    pub caller_name: Option<String>,
    /// How long it may ring, in seconds. Plivo's default is 120.
    pub ring_timeout_s: Option<u32>,
    /// Longest call, in seconds. Plivo's default is 14400.
    pub time_limit_s: Option<u32>,
    /// Keys to send once it is answered; `w` and `W` wait half a second and a second.
    pub send_digits: Option<String>,
    /// Whether and how to find out if a machine answers.
    pub machine_detection: Option<MachineDetection>,
    /// How long that may take, in milliseconds, 2000 to 10000. Plivo's default is 5000.
    pub machine_detection_time_ms: Option<u32>,
    /// Is told the result while the call goes on. Without it, the first document waits for the result.
    pub machine_detection_url: Option<String>,
    /// `key=value,key=value`, which come back as `X-PH-key` in every webhook of the call.
    pub sip_headers: Option<String>,
    /// The call this one belongs to, for the bill.
    pub parent_call_uuid: Option<String>,
}

/// What to do when a machine answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MachineDetection {
    /// Tell us, and go on.
    Continue,
    /// Hang up.
    Hangup,
}

impl MakeCall {
    /// A call with Plivo's defaults.
    pub fn new(
        from: impl Into<Party>,
        to: impl Into<Party>,
        answer_url: impl Into<String>,
    ) -> MakeCall {
        MakeCall {
            from: from.into(),
            to: to.into(),
            answer_url: answer_url.into(),
            ring_url: None,
            hangup_url: None,
            fallback_url: None,
            caller_name: None,
            ring_timeout_s: None,
            time_limit_s: None,
            send_digits: None,
            machine_detection: None,
            machine_detection_time_ms: None,
            machine_detection_url: None,
            sip_headers: None,
            parent_call_uuid: None,
        }
    }

    fn body(&self) -> Value {
        let mut body = json!({
            "from": self.from.on_the_wire(),
            "to": self.to.on_the_wire(),
            "answer_url": self.answer_url,
            "answer_method": Method::Post.as_str(),
        });
        let mut set = |field: &str, value: Option<Value>| {
            if let Some(value) = value {
                body[field] = value;
            }
        };
        let text = |text: &Option<String>| text.clone().map(Value::String);
        for (field, method, url) in [
            ("ring_url", "ring_method", &self.ring_url),
            ("hangup_url", "hangup_method", &self.hangup_url),
            ("fallback_url", "fallback_method", &self.fallback_url),
            ("machine_detection_url", "machine_detection_method", &self.machine_detection_url),
        ] {
            set(field, text(url));
            set(method, url.as_ref().map(|_| json!(Method::Post.as_str())));
        }
        set("caller_name", text(&self.caller_name));
        set("ring_timeout", self.ring_timeout_s.map(Value::from));
        set("time_limit", self.time_limit_s.map(Value::from));
        set("send_digits", text(&self.send_digits));
        set(
            "machine_detection",
            self.machine_detection.map(|detection| match detection {
                MachineDetection::Continue => json!("true"),
                MachineDetection::Hangup => json!("hangup"),
            }),
        );
        set("machine_detection_time", self.machine_detection_time_ms.map(Value::from));
        set("sip_headers", text(&self.sip_headers));
        set("parent_call_uuid", text(&self.parent_call_uuid));
        body
    }
}

/// A call that is going on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveCall {
    /// The call.
    pub call_uuid: String,
    /// The request that made it, for calls we made.
    pub request_uuid: Option<String>,
    /// How far it is.
    pub status: CallStatus,
    /// Whether they call us or we them.
    pub direction: Option<Direction>,
    /// Who calls.
    pub from: Option<Party>,
    /// Who is called.
    pub to: Option<Party>,
}

impl LiveCall {
    fn read(answer: &Value) -> Result<LiveCall, Error> {
        let record = Record(answer);
        Ok(LiveCall {
            call_uuid: record.needed("call_uuid")?,
            request_uuid: record.text("request_uuid"),
            status: CallStatus::new(&record.needed("call_status")?),
            direction: record.text("direction").as_deref().and_then(Direction::new),
            from: record.party("from"),
            to: record.party("to"),
        })
    }
}

/// A call that is over, as Plivo keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallRecord {
    /// The call.
    pub call_uuid: String,
    /// The call that dialled it, for the far leg of a `Dial`.
    pub parent_call_uuid: Option<String>,
    /// Whether they called us or we them.
    pub direction: Option<Direction>,
    /// Who called.
    pub from: Option<Party>,
    /// Who was called.
    pub to: Option<Party>,
    /// When it began, as Plivo writes it (`2022-06-28 19:39:05+05:30`, in the account's time zone).
    pub initiation_time: Option<String>,
    /// When it was answered; nothing if it was not.
    pub answer_time: Option<String>,
    /// When it ended.
    pub end_time: Option<String>,
    /// How long it was, in seconds.
    pub duration_s: Option<u32>,
    /// What of it is charged, in seconds.
    pub bill_duration_s: Option<u32>,
    /// Plivo's number for why it ended: 4000 is a normal end, 3010 is busy, …
    pub hangup_cause_code: Option<u32>,
    /// Why it ended, in Plivo's words.
    pub hangup_cause_name: Option<String>,
    /// Who ended it.
    pub hangup_source: Option<String>,
    /// What it cost, in US dollars, as a decimal number.
    pub total_amount: Option<String>,
}

impl CallRecord {
    /// How the call came out, in the words of the hang-up webhook.
    ///
    /// Plivo's records do not say it so; it follows from whether the call was answered and why it ended.
    pub fn status(&self) -> CallStatus {
        if self.answer_time.is_some() {
            return CallStatus::Completed;
        }
        match self.hangup_cause_code {
            Some(3010 | 3100) => CallStatus::Busy,
            Some(3000) => CallStatus::NoAnswer,
            Some(6010) => CallStatus::Timeout,
            Some(1000) => CallStatus::Cancel,
            Some(_) => CallStatus::Failed,
            None if self.bill_duration_s.unwrap_or(0) > 0 => CallStatus::Completed,
            None => CallStatus::Failed,
        }
    }

    fn read(object: &Value) -> Result<CallRecord, Error> {
        let record = Record(object);
        Ok(CallRecord {
            call_uuid: record.needed("call_uuid")?,
            parent_call_uuid: record.text("parent_call_uuid"),
            direction: record.text("call_direction").as_deref().and_then(Direction::new),
            from: record.party("from_number"),
            to: record.party("to_number"),
            initiation_time: record.text("initiation_time"),
            answer_time: record.text("answer_time"),
            end_time: record.text("end_time"),
            duration_s: record.number("call_duration"),
            bill_duration_s: record.number("bill_duration"),
            hangup_cause_code: record.number("hangup_cause_code"),
            hangup_cause_name: record.text("hangup_cause_name"),
            hangup_source: record.text("hangup_source"),
            total_amount: record.text("total_amount"),
        })
    }
}

/// Which calls to list; what is not given does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CallFilter {
    /// Who called.
    pub from: Option<Party>,
    /// Who was called.
    pub to: Option<Party>,
    /// Whether they called us or we them.
    pub direction: Option<Direction>,
    /// Only calls that ended then or later: `YYYY-MM-DD HH:MM:SS`, in the account's time zone.
    pub ended_at_least: Option<String>,
    /// Only calls that this one dialled.
    pub parent_call_uuid: Option<String>,
    /// Most calls to list: 1 to 20. Default 20.
    pub limit: Option<u32>,
    /// How many to pass over. Default 0.
    pub offset: u32,
}

impl CallFilter {
    fn query(&self) -> Vec<(&'static str, String)> {
        let party =
            |party: &Option<Party>| party.as_ref().map(|party| party.on_the_wire().to_owned());
        let fields = [
            ("from_number", party(&self.from)),
            ("to_number", party(&self.to)),
            ("call_direction", self.direction.map(|direction| direction.as_str().to_owned())),
            ("end_time__gte", self.ended_at_least.clone()),
            ("parent_call_uuid", self.parent_call_uuid.clone()),
            ("limit", self.limit.map(|limit| limit.to_string())),
            ("offset", (self.offset > 0).then(|| self.offset.to_string())),
        ];
        fields.into_iter().filter_map(|(field, value)| Some((field, value?))).collect()
    }
}

impl Client {
    /// Places a call and returns its request's id, under which its webhooks come back.
    ///
    /// # Errors
    /// After [`Error::Unknown`] the phone may be ringing.
    pub async fn make_call(&self, call: &MakeCall) -> Result<String, Error> {
        let answer = self.post(&["Call"], &call.body()).await?;
        Record(&answer)
            .first("request_uuid")
            .ok_or_else(|| Error::Unknown("its answer lacks `request_uuid`".to_owned()))
    }

    /// Ends a call that is going on. False means that there is none of that id, mostly because it is over.
    pub async fn hang_up(&self, call_uuid: &str) -> Result<bool, Error> {
        self.delete(&["Call", call_uuid]).await
    }

    /// Ends a call that nobody answered yet. False means that there is none of that id.
    pub async fn cancel_request(&self, request_uuid: &str) -> Result<bool, Error> {
        self.delete(&["Request", request_uuid]).await
    }

    /// Moves a call that is going on to the document at `url`, which is posted to. False means that there is none of that id.
    pub async fn transfer(&self, call_uuid: &str, url: &str) -> Result<bool, Error> {
        let body = json!({ "legs": "aleg", "aleg_url": url, "aleg_method": Method::Post.as_str() });
        self.post_done(&["Call", call_uuid], &body).await
    }

    /// A call that is going on; nothing if there is none of that id.
    pub async fn live_call(&self, call_uuid: &str) -> Result<Option<LiveCall>, Error> {
        let answer = self.get(&["Call", call_uuid], &[("status", "live".to_owned())]).await?;
        answer.as_ref().map(LiveCall::read).transpose()
    }

    /// A call that waits for its turn; nothing if there is none of that id.
    pub async fn queued_call(&self, call_uuid: &str) -> Result<Option<LiveCall>, Error> {
        let answer = self.get(&["Call", call_uuid], &[("status", "queued".to_owned())]).await?;
        answer.as_ref().map(LiveCall::read).transpose()
    }

    /// The ids of the calls that are going on, at most 20 of them.
    pub async fn live_calls(&self) -> Result<Vec<String>, Error> {
        let answer =
            self.get(&["Call"], &[("status", "live".to_owned())]).await?.unwrap_or_default();
        let calls = Record(&answer).list("calls")?;
        Ok(calls.iter().filter_map(Value::as_str).map(str::to_owned).collect())
    }

    /// A call that is over; nothing if there is none of that id, or if it is still going on.
    pub async fn call_record(&self, call_uuid: &str) -> Result<Option<CallRecord>, Error> {
        let answer = self.get(&["Call", call_uuid], &[]).await?;
        answer.as_ref().map(CallRecord::read).transpose()
    }

    /// Calls that are over, the newest first.
    pub async fn list_calls(&self, filter: &CallFilter) -> Result<Vec<CallRecord>, Error> {
        let answer = self.get(&["Call"], &filter.query()).await?.unwrap_or_default();
        Record(&answer).objects()?.iter().map(CallRecord::read).collect()
    }
}
