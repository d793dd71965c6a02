//! What the webhooks of a text carry.

use uuid::Uuid;

use super::Text;
use crate::ledger::{MessageEntry, MessageState};

/// What becomes of a text we send.
pub(super) fn status_params(entry: &MessageEntry) -> Vec<(String, String)> {
    let mut fields = vec![
        ("MessageUUID", entry.message_uuid.to_string()),
        ("ParentMessageUUID", entry.message_uuid.to_string()),
        ("From", entry.from.wire().to_owned()),
        ("To", entry.to.wire().to_owned()),
        ("Type", entry.kind.to_owned()),
        ("Status", entry.state.as_str().to_owned()),
        ("Units", entry.units.to_string()),
        ("PartInfo", format!("1 of {}", entry.units.max(1))),
        ("Sequence", "1".to_owned()),
        ("TotalRate", "0.00500".to_owned()),
        ("TotalAmount", format!("{:.5}", 0.005 * f64::from(entry.units))),
        ("MCC", "310".to_owned()),
        ("MNC", "004".to_owned()),
        ("MessageTime", entry.at.message()),
        ("QueuedTime", entry.at.message()),
    ];
    if let Some(sent_at) = entry.sent_at {
        fields.push(("SentTime", sent_at.message()));
    }
    if matches!(entry.state, MessageState::Delivered | MessageState::Undelivered) {
        fields.push(("DeliveryReportTime", entry.updated_at.message()));
    }
    if let Some(powerpack_uuid) = &entry.powerpack_uuid {
        fields.push(("PowerpackUUID", powerpack_uuid.clone()));
    }
    if let Some(error_code) = entry.error_code {
        fields.push(("ErrorCode", error_code.to_string()));
    }
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// A text that arrives.
pub(super) fn inbound_params(message_uuid: Uuid, text: &Text) -> Vec<(String, String)> {
    // A text is in `Text`; the words of a picture message and of WhatsApp are in `Body`.
    let body_name = if text.kind == "sms" { "Text" } else { "Body" };
    let mut params: Vec<(String, String)> = [
        ("MessageUUID", message_uuid.to_string()),
        ("From", text.from.wire().to_owned()),
        ("To", text.to.wire().to_owned()),
        (body_name, text.text.clone()),
        ("Type", text.kind.to_owned()),
        ("Units", units(&text.text).to_string()),
        ("TotalRate", "0.00000".to_owned()),
        ("TotalAmount", "0.00000".to_owned()),
        ("MessageIntent", intent(&text.text).to_owned()),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect();
    if text.kind == "whatsapp" {
        let content_type = match (text.is_button, text.media_urls.is_empty()) {
            (true, _) => "button",
            (false, false) => "media",
            (false, true) => "text",
        };
        params.push(("ContentType".to_owned(), content_type.to_owned()));
    }
    if !text.media_urls.is_empty() {
        params.push(("MediaCount".to_owned(), text.media_urls.len().to_string()));
        params.extend(
            text.media_urls
                .iter()
                .enumerate()
                .map(|(place, url)| (format!("Media{}", place + 1), url.clone())),
        );
    }
    params
}

/// The words that carriers everywhere take as a wish not to be texted, to be texted again, or to be told how.
fn intent(text: &str) -> &'static str {
    match text.trim().to_uppercase().as_str() {
        "STOP" | "STOPALL" | "UNSUBSCRIBE" | "CANCEL" | "END" | "QUIT" => "optout",
        "START" | "YES" | "UNSTOP" => "optin",
        "HELP" | "INFO" => "help",
        _ => "",
    }
}

/// How many parts a text is sent and charged as: 160 characters of the GSM alphabet (153 in each of several), or 70 (67) of any other.
pub(super) fn units(text: &str) -> u32 {
    const GSM: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
    // These take an escape character as well.
    const GSM_EXTENDED: &str = "^{}\\[~]|€";
    let is_gsm = text.chars().all(|c| GSM.contains(c) || GSM_EXTENDED.contains(c));
    let (length, single, part) = if is_gsm {
        let length: usize =
            text.chars().map(|c| if GSM_EXTENDED.contains(c) { 2 } else { 1 }).sum();
        (length, 160, 153)
    } else {
        (text.encode_utf16().count(), 70, 67)
    };
    if length <= single { 1 } else { u32::try_from(length.div_ceil(part)).unwrap_or(u32::MAX) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_counted_in_the_parts_they_are_charged_as() {
        assert_eq!(units("Hello"), 1);
        assert_eq!(units(&"a".repeat(160)), 1);
        assert_eq!(units(&"a".repeat(161)), 2);
        assert_eq!(units(&"€".repeat(81)), 2);
        assert_eq!(units(&"ж".repeat(70)), 1);
        assert_eq!(units(&"ж".repeat(71)), 2);
    }
}
