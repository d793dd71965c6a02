//! Messages: sending and looking them up.

use super::Client;
use super::record::Record;
use crate::number::Party;
use crate::webhook::{Direction, MessageState};
use crate::{Error, Method};
use serde_json::{Value, json};
use std::fmt;

/// A message to one receiver.
#[derive(Clone, PartialEq, Eq)]
pub struct SendMessage {
    /// The number or name it comes from. Not sent with a Powerpack.
    pub from: Party,
    /// The Powerpack that chooses the number it comes from, instead of `from`.
    pub powerpack_uuid: Option<String>,
    /// Who gets it.
    pub to: Party,
    /// What it says: at most 1600 characters, or 737 with characters outside the GSM alphabet.
    pub text: String,
    /// How it travels.
    pub message_type: MessageType,
    /// Pictures and other files, at most ten; for MMS and WhatsApp.
    pub media_urls: Vec<String>,
    /// A template that WhatsApp has approved, as Plivo's `template` object.
    pub template: Option<Value>,
    /// Buttons or a list for WhatsApp, as Plivo's `interactive` object.
    pub interactive: Option<Value>,
    /// A place on the map for WhatsApp, as Plivo's `location` object (`latitude`, `longitude`, `name`, `address`, all texts).
    pub location: Option<Value>,
    /// Is told what becomes of it. It is posted to.
    pub status_url: Option<String>,
    /// Whether Plivo may keep text and receiver in its logs. Plivo's default is true.
    pub log: bool,
}

/// How a message travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MessageType {
    /// Text.
    #[default]
    Sms,
    /// Text and files.
    Mms,
    /// Over the internet, to WhatsApp.
    Whatsapp,
}

impl MessageType {
    /// Plivo's word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            MessageType::Sms => "sms",
            MessageType::Mms => "mms",
            MessageType::Whatsapp => "whatsapp",
        }
    }
}

impl SendMessage {
    /// A text message.
    pub fn new(
        from: impl Into<Party>,
        to: impl Into<Party>,
        text: impl Into<String>,
    ) -> SendMessage {
        SendMessage {
            from: from.into(),
            powerpack_uuid: None,
            to: to.into(),
            text: text.into(),
            message_type: MessageType::Sms,
            media_urls: Vec::new(),
            template: None,
            interactive: None,
            location: None,
            status_url: None,
            log: true,
        }
    }

    fn body(&self) -> Value {
        let mut body = json!({
            "dst": self.to.on_the_wire(),
            "type": self.message_type.as_str(),
        });
        match &self.powerpack_uuid {
            Some(powerpack_uuid) => body["powerpack_uuid"] = json!(powerpack_uuid),
            None => body["src"] = json!(self.from.on_the_wire()),
        }
        let objects = [
            ("template", &self.template),
            ("interactive", &self.interactive),
            ("location", &self.location),
        ];
        if objects.iter().all(|(_, object)| object.is_none()) {
            body["text"] = json!(self.text);
        }
        for (field, object) in objects {
            if let Some(object) = object {
                body[field] = object.clone();
            }
        }
        if !self.media_urls.is_empty() {
            body["media_urls"] = json!(self.media_urls);
        }
        if let Some(status_url) = &self.status_url {
            body["url"] = json!(status_url);
            body["method"] = json!(Method::Post.as_str());
        }
        if !self.log {
            body["log"] = json!("false");
        }
        body
    }
}

/// Without the text, because debug output ends up in logs.
impl fmt::Debug for SendMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendMessage")
            .field("from", &self.from)
            .field("to", &self.to)
            .field("message_type", &self.message_type)
            .finish_non_exhaustive()
    }
}

/// A message as Plivo keeps it. The text is not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageRecord {
    /// The message.
    pub message_uuid: String,
    /// Where it is.
    pub state: MessageState,
    /// Whether they sent it or we.
    pub direction: Option<Direction>,
    /// Who sent it.
    pub from: Option<Party>,
    /// Who gets it.
    pub to: Option<Party>,
    /// `sms`, `mms` or `whatsapp`.
    pub message_type: Option<String>,
    /// When it was accepted, as Plivo writes it (`2017-05-22 21:36:14+05:30`, in the account's time zone).
    pub message_time: Option<String>,
    /// Why it could not be delivered; nothing when all is well.
    pub error_code: Option<String>,
    /// How many parts are charged.
    pub units: Option<u32>,
    /// What it cost, in US dollars, as a decimal number.
    pub total_amount: Option<String>,
}

impl MessageRecord {
    fn read(object: &Value) -> Result<MessageRecord, Error> {
        let record = Record(object);
        Ok(MessageRecord {
            message_uuid: record.needed("message_uuid")?,
            state: MessageState::new(&record.needed("message_state")?),
            direction: record.text("message_direction").as_deref().and_then(Direction::new),
            from: record.party("from_number"),
            to: record.party("to_number"),
            message_type: record.text("message_type"),
            message_time: record.text("message_time"),
            error_code: record.text("error_code").filter(|code| code != "000"),
            units: record.number("units"),
            total_amount: record.text("total_amount"),
        })
    }
}

/// Which messages to list; what is not given does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MessageFilter {
    /// Who sent it.
    pub from: Option<Party>,
    /// The Powerpack that it came from.
    pub powerpack_uuid: Option<String>,
    /// Who gets it.
    pub to: Option<Party>,
    /// Whether they sent it or we.
    pub direction: Option<Direction>,
    /// Where it is.
    pub state: Option<MessageState>,
    /// Only messages accepted then or later: `YYYY-MM-DD HH:MM:SS`, in the account's time zone.
    pub accepted_at_least: Option<String>,
    /// Most messages to list: 1 to 20. Default 20.
    pub limit: Option<u32>,
    /// How many to pass over. Default 0.
    pub offset: u32,
}

impl MessageFilter {
    fn query(&self) -> Vec<(&'static str, String)> {
        let party =
            |party: &Option<Party>| party.as_ref().map(|party| party.on_the_wire().to_owned());
        let fields = [
            ("from_number", party(&self.from)),
            ("powerpack_id", self.powerpack_uuid.clone()),
            ("to_number", party(&self.to)),
            ("message_direction", self.direction.map(|direction| direction.as_str().to_owned())),
            ("message_state", self.state.as_ref().map(|state| state.as_str().to_owned())),
            ("message_time__gte", self.accepted_at_least.clone()),
            ("limit", self.limit.map(|limit| limit.to_string())),
            ("offset", (self.offset > 0).then(|| self.offset.to_string())),
        ];
        fields.into_iter().filter_map(|(field, value)| Some((field, value?))).collect()
    }
}

impl Client {
    /// Sends a message and returns its id, under which its status webhooks come back.
    ///
    /// # Errors
    /// After [`Error::Unknown`] the message may be on its way.
    pub async fn send_message(&self, message: &SendMessage) -> Result<String, Error> {
        let answer = self.post(&["Message"], &message.body()).await?;
        let record = Record(&answer);
        match record.first("message_uuid") {
            Some(message_uuid) => Ok(message_uuid),
            // In a list of receivers, Plivo takes the good ones and names the others; of one receiver, that leaves none.
            None if record.first("invalid_number").is_some() => Err(Error::Refused {
                status: 400,
                message: "the receiver is not a valid number".to_owned(),
            }),
            None => Err(Error::Unknown("its answer lacks `message_uuid`".to_owned())),
        }
    }

    /// A message; nothing if there is none of that id.
    pub async fn message(&self, message_uuid: &str) -> Result<Option<MessageRecord>, Error> {
        let answer = self.get(&["Message", message_uuid], &[]).await?;
        answer.as_ref().map(MessageRecord::read).transpose()
    }

    /// Messages, the newest first.
    pub async fn list_messages(&self, filter: &MessageFilter) -> Result<Vec<MessageRecord>, Error> {
        let answer = self.get(&["Message"], &filter.query()).await?.unwrap_or_default();
        Record(&answer).objects()?.iter().map(MessageRecord::read).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_powerpack_stands_instead_of_the_sender_and_a_template_instead_of_the_text() {
        let plain = SendMessage::new("+15550100000", "+15550100001", "hi").body();
        assert_eq!(
            plain,
            json!({ "src": "15550100000", "dst": "15550100001", "text": "hi", "type": "sms" })
        );
        let template = json!({ "name": "welcome", "language": "en" });
        let message = SendMessage {
            powerpack_uuid: Some("p-1".to_owned()),
            message_type: MessageType::Whatsapp,
            template: Some(template.clone()),
            ..SendMessage::new("+15550100000", "+15550100001", "")
        };
        assert_eq!(
            message.body(),
            json!({ "powerpack_uuid": "p-1", "dst": "15550100001", "type": "whatsapp", "template": template })
        );
    }
}
