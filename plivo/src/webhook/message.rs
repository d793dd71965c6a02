//! The webhooks of messages: what became of one we sent, and one that somebody sent to us.

use super::{Error, Params};
use crate::number::Party;
use std::fmt;

/// What became of a message we sent. Plivo may send these late, twice or out of order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageStatus {
    /// The message.
    pub message_uuid: String,
    /// Where it is now.
    pub state: MessageState,
    /// Who sent it.
    pub from: Option<Party>,
    /// Who gets it.
    pub to: Option<Party>,
    /// Why it could not be delivered: `50` is a number that does not exist, …; nothing when all is well.
    pub error_code: Option<String>,
    /// How many parts are charged.
    pub units: Option<u32>,
    /// What it cost, in US dollars, as a decimal number.
    pub total_amount: Option<String>,
}

impl MessageStatus {
    /// Reads what is there.
    ///
    /// # Errors
    /// When `MessageUUID` or `Status` is missing.
    pub fn from_params(params: &Params) -> Result<MessageStatus, Error> {
        Ok(MessageStatus {
            message_uuid: params.needed("MessageUUID")?.to_owned(),
            state: MessageState::new(params.needed("Status")?),
            from: params.party("From"),
            to: params.party("To"),
            // Plivo also writes 000 for a message that was delivered.
            error_code: params.text("ErrorCode").filter(|code| code != "000"),
            units: params.number("Units"),
            total_amount: params.text("TotalAmount"),
        })
    }
}

/// Where a message is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MessageState {
    /// Accepted, and waits for its turn.
    Queued,
    /// Handed to the carrier. Some carriers never report more.
    Sent,
    /// On the phone.
    Delivered,
    /// The carrier could not deliver it.
    Undelivered,
    /// Plivo could not send it.
    Failed,
    /// Plivo would not send it.
    Rejected,
    /// Somebody read it (WhatsApp).
    Read,
    /// It came in.
    Received,
    /// A word that Plivo did not use when this was written.
    Other(String),
}

impl MessageState {
    /// Reads Plivo's word for it.
    pub fn new(text: &str) -> MessageState {
        match text {
            "queued" => MessageState::Queued,
            "sent" => MessageState::Sent,
            "delivered" => MessageState::Delivered,
            "undelivered" => MessageState::Undelivered,
            "failed" => MessageState::Failed,
            "rejected" => MessageState::Rejected,
            "read" => MessageState::Read,
            "received" => MessageState::Received,
            other => MessageState::Other(other.to_owned()),
        }
    }

    /// Plivo's word for it.
    pub fn as_str(&self) -> &str {
        match self {
            MessageState::Queued => "queued",
            MessageState::Sent => "sent",
            MessageState::Delivered => "delivered",
            MessageState::Undelivered => "undelivered",
            MessageState::Failed => "failed",
            MessageState::Rejected => "rejected",
            MessageState::Read => "read",
            MessageState::Received => "received",
            MessageState::Other(other) => other,
        }
    }

    /// Whether it certainly did not arrive.
    pub fn is_failure(&self) -> bool {
        matches!(self, MessageState::Undelivered | MessageState::Failed | MessageState::Rejected)
    }

    /// Whether it certainly arrived.
    pub fn is_delivered(&self) -> bool {
        matches!(self, MessageState::Delivered | MessageState::Read)
    }
}

impl fmt::Display for MessageState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A message that somebody sent to one of our numbers.
#[derive(Clone, PartialEq, Eq)]
pub struct InboundMessage {
    /// The message.
    pub message_uuid: String,
    /// Who sent it.
    pub from: Party,
    /// Which of our numbers it was sent to.
    pub to: Party,
    /// What it says; empty where it is only a picture.
    pub text: String,
    /// `sms`, `mms` or `whatsapp`.
    pub message_type: Option<String>,
    /// Pictures and other files, in their order.
    pub media_urls: Vec<String>,
    /// What WhatsApp says it is: `text`, `media`, `button` (whose words are the text), …
    pub content_type: Option<String>,
    /// The type of the file, such as `image/jpeg` (WhatsApp).
    pub mime_type: Option<String>,
    /// The Powerpack that the number belongs to.
    pub powerpack_uuid: Option<String>,
    /// `optout`, `optin` or `help`, where Plivo took it for one of these.
    pub intent: Option<String>,
}

/// How many files a message can have: Plivo takes ten, and numbers them from 0 or from 1.
const MEDIA_MAX: usize = 10;

impl InboundMessage {
    /// Reads what is there.
    ///
    /// # Errors
    /// When `MessageUUID`, `From` or `To` is missing.
    pub fn from_params(params: &Params) -> Result<InboundMessage, Error> {
        Ok(InboundMessage {
            message_uuid: params.needed("MessageUUID")?.to_owned(),
            from: Party::new(params.needed("From")?),
            to: Party::new(params.needed("To")?),
            // A plain text comes in `Text`, one with pictures or over WhatsApp in `Body`.
            text: params.text("Text").or_else(|| params.text("Body")).unwrap_or_default(),
            message_type: params.text("Type"),
            media_urls: (0..=MEDIA_MAX)
                .filter_map(|index| params.text(&format!("Media{index}")))
                .collect(),
            content_type: params.text("ContentType"),
            mime_type: params.text("MimeType"),
            powerpack_uuid: params.text("PowerpackUUID"),
            intent: params.text("MessageIntent"),
        })
    }
}

/// Without the text, because debug output ends up in logs.
impl fmt::Debug for InboundMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InboundMessage")
            .field("message_uuid", &self.message_uuid)
            .field("from", &self.from)
            .field("to", &self.to)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_says_what_became_of_which_message() {
        let params = Params::parse(b"MessageUUID=m-1&Status=undelivered&From=15550100000&To=15550100001&ErrorCode=80&Units=2&TotalAmount=0.01");
        let status = MessageStatus::from_params(&params).unwrap();
        assert_eq!(status.state, MessageState::Undelivered);
        assert_eq!((status.error_code.as_deref(), status.units), (Some("80"), Some(2)));
        let params = Params::parse(b"MessageUUID=m-1&Status=delivered&ErrorCode=000");
        assert_eq!(MessageStatus::from_params(&params).unwrap().error_code, None);
        let error = MessageStatus::from_params(&Params::parse(b"MessageUUID=m-1")).unwrap_err();
        assert_eq!(error, Error::Missing { field: "Status" });
    }

    #[test]
    fn texts_pictures_and_short_codes_come_in() {
        let params = Params::parse(b"MessageUUID=m-1&From=15550100001&To=15550100000&Text=help+me&Type=sms&MessageIntent=help");
        let message = InboundMessage::from_params(&params).unwrap();
        assert_eq!((message.text.as_str(), message.intent.as_deref()), ("help me", Some("help")));
        let params = Params::parse(b"MessageUUID=m-2&From=12345&To=15550100000&Body=look&Type=mms&Media1=https://m.example/1&Media2=https://m.example/2&MediaCount=2");
        let message = InboundMessage::from_params(&params).unwrap();
        assert_eq!((message.text.as_str(), message.from.as_str()), ("look", "12345"));
        assert_eq!(message.media_urls, ["https://m.example/1", "https://m.example/2"]);
        assert!(!format!("{message:?}").contains("look"));
        let params = Params::parse(b"MessageUUID=m-3&From=15550100001&To=15550100000&Body=Yes&Type=whatsapp&ContentType=button");
        let message = InboundMessage::from_params(&params).unwrap();
        assert_eq!(
            (message.text.as_str(), message.content_type.as_deref()),
            ("Yes", Some("button"))
        );
    }
}
