//! Texts: accepted, sent, delivered and reported; and those that phones send to our numbers.

mod params;

use std::{sync::Arc, time::Duration};

use tokio::sync::mpsc;
use uuid::Uuid;

use self::params::{inbound_params, status_params, units};
use crate::{
    address::Address,
    clock::At,
    ledger::{Direction, MessageEntry, MessageState, Rich},
    limits::{RECEIVERS_MAX, REPLIES_PER_SCRIPT_MAX, TEXT_CHARACTERS_MAX},
    magic::Magic,
    network::Network,
    phone::{PhoneMessage, PhoneMessageDirection},
    webhook::{Failure, Family, Hook},
};

/// "Destination temporarily unavailable", from Plivo's page on message error codes.
const UNDELIVERED_CODE: u32 = 80;

/// From acceptance to the carrier, and from there to the phone, in a person's time.
const SENDING: Duration = Duration::from_millis(100);
const DELIVERING: Duration = Duration::from_millis(200);

/// Pauses between deliveries of a text to a number's address, in a person's seconds.
const INBOUND_RETRIES_S: [f64; 3] = [60.0, 120.0, 240.0];

/// A text to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    pub(crate) from: Address,
    pub(crate) to: Address,
    pub(crate) text: String,
    pub(crate) kind: &'static str,
    pub(crate) media_urls: Vec<String>,
    pub(crate) rich: Rich,
    /// Somebody pressed a button instead of writing.
    pub(crate) is_button: bool,
    pub(crate) powerpack_uuid: Option<String>,
    pub(crate) hook: Option<Hook>,
}

impl Text {
    /// A plain text.
    pub(crate) fn new(from: Address, to: Address, text: impl Into<String>) -> Text {
        Text {
            from,
            to,
            text: text.into(),
            kind: "sms",
            media_urls: Vec::new(),
            rich: Rich::default(),
            is_button: false,
            powerpack_uuid: None,
            hook: None,
        }
    }

    /// What a phone shows of it.
    fn shown(&self) -> String {
        if self.rich.is_empty() { self.text.clone() } else { self.rich.words() }
    }
}

/// Accepts a text and sends it on its way.
pub(crate) fn send(network: &Arc<Network>, text: Text) -> Uuid {
    let message_uuid = add_entry(network, &text, Direction::Outbound, MessageState::Queued);
    let reports = text.hook.clone().map(|hook| reporter(network, hook));
    let carried = Arc::clone(network);
    network.spawn(async move { deliver(&carried, message_uuid, text, reports).await });
    message_uuid
}

/// What a `<Message>` element sends; a receiver that cannot be reached is passed over, as Plivo does.
pub(crate) fn send_element(
    network: &Arc<Network>,
    element: &plivo::xml::Message,
    default_from: &Address,
) {
    let from = Address::parse_sender(&element.src).unwrap_or_else(|| default_from.clone());
    let hook =
        element.callback_url.clone().map(|url| Hook { url, method: element.callback_method });
    for to in element.dst.split('<').take(RECEIVERS_MAX).filter_map(Address::parse) {
        if Magic::of(&to) != Some(Magic::Invalid) {
            let text: String = element.text.chars().take(TEXT_CHARACTERS_MAX).collect();
            send(network, Text { hook: hook.clone(), ..Text::new(from.clone(), to, text) });
        }
    }
}

/// Somebody texts one of our numbers.
pub(crate) fn receive(network: &Arc<Network>, text: Text) -> Uuid {
    let message_uuid = add_entry(network, &text, Direction::Inbound, MessageState::Received);
    show(network, &text.from, PhoneMessageDirection::Out, &text.to, &text);
    let carried = Arc::clone(network);
    network.spawn(async move { hand_in(&carried, message_uuid, text).await });
    message_uuid
}

fn add_entry(network: &Network, text: &Text, direction: Direction, state: MessageState) -> Uuid {
    let message_uuid = Uuid::new_v4();
    let at = At::now();
    let entry = MessageEntry {
        message_uuid,
        from: text.from.clone(),
        to: text.to.clone(),
        text: text.text.clone(),
        kind: text.kind,
        media_urls: text.media_urls.clone(),
        rich: text.rich.clone(),
        powerpack_uuid: text.powerpack_uuid.clone(),
        direction,
        state,
        error_code: None,
        units: units(&text.text),
        at,
        sent_at: None,
        updated_at: at,
    };
    network.state().ledger.messages.add(message_uuid, entry);
    message_uuid
}

fn show(
    network: &Network,
    phone: &Address,
    direction: PhoneMessageDirection,
    other: &Address,
    text: &Text,
) {
    let message = PhoneMessage {
        direction,
        other: other.clone(),
        text: text.shown(),
        channel: (text.kind == "whatsapp").then_some(text.kind),
        buttons: text.rich.buttons().map(str::to_owned).collect(),
        media_urls: text.media_urls.clone(),
        at: At::now(),
    };
    network.state().phone(phone).add_message(message);
    network.changed(phone);
}

/// Reports of one message go out one after the other, however slow the receiver is; only a fault makes them overtake each other.
fn reporter(network: &Arc<Network>, hook: Hook) -> mpsc::UnboundedSender<Vec<(String, String)>> {
    let (sender, mut reports) = mpsc::unbounded_channel();
    let courier = Arc::clone(network);
    network.spawn(async move {
        while let Some(params) = reports.recv().await {
            let is_disturbed = {
                let state = courier.state();
                state.faults.reorder_webhook > 0.0 || state.faults.drop_webhook > 0.0
            };
            if is_disturbed {
                courier.notify(hook.clone(), params, Family::Message);
            } else if let Err(failure) = courier.ask(&hook, params, Family::Message).await {
                tracing::debug!(%failure, "a message report was not taken");
            }
        }
    });
    sender
}

async fn deliver(
    network: &Arc<Network>,
    message_uuid: Uuid,
    text: Text,
    reports: Option<mpsc::UnboundedSender<Vec<(String, String)>>>,
) {
    let report = |state: MessageState, error_code: Option<u32>| {
        let entry = {
            let mut guard = network.state();
            let Some(entry) = guard.ledger.messages.find_mut(message_uuid) else { return };
            entry.state = state;
            entry.error_code = error_code;
            entry.updated_at = At::now();
            if state == MessageState::Sent {
                entry.sent_at = Some(entry.updated_at);
            }
            entry.clone()
        };
        if let Some(reports) = &reports {
            // The reporter only stops with the network.
            let _ = reports.send(status_params(&entry));
        }
    };
    report(MessageState::Queued, None);
    tokio::time::sleep(network.pace(SENDING)).await;
    report(MessageState::Sent, None);
    tokio::time::sleep(network.pace(DELIVERING)).await;
    if Magic::of(&text.to) == Some(Magic::Undelivered) {
        report(MessageState::Undelivered, Some(UNDELIVERED_CODE));
        return;
    }
    show(network, &text.to, PhoneMessageDirection::In, &text.from, &text);
    report(MessageState::Delivered, None);
    reply(network, &text).await;
}

/// The phone's script answers the text, if an entry fits.
async fn reply(network: &Arc<Network>, text: &Text) {
    let reply = {
        let mut state = network.state();
        let phone = state.phone(&text.to);
        let reply = phone.script.reply_to(&text.shown()).cloned();
        if reply.is_some() {
            phone.replies_sent += 1;
        }
        reply.filter(|_| phone.replies_sent <= REPLIES_PER_SCRIPT_MAX)
    };
    let Some(reply) = reply else { return };
    tokio::time::sleep(network.pace_s(reply.after_ms as f64 / 1_000.0)).await;
    let is_ours = network.state().numbers.contains_key(&text.from);
    if is_ours {
        let is_button = text.rich.buttons().any(|title| title == reply.text);
        let kind = match text.kind {
            "whatsapp" => "whatsapp",
            _ if reply.media.is_empty() => "sms",
            _ => "mms",
        };
        let answer = Text {
            kind,
            is_button,
            media_urls: reply.media,
            ..Text::new(text.to.clone(), text.from.clone(), reply.text)
        };
        receive(network, answer);
    }
}

/// Hands a received text to the number's address, again and again where that fails, and does what the answer says.
async fn hand_in(network: &Arc<Network>, message_uuid: Uuid, text: Text) {
    let hook = network
        .state()
        .numbers
        .get(&text.to)
        .and_then(|owned| owned.urls.message_url.clone())
        .map(Hook::post);
    let set = |state: MessageState| {
        if let Some(entry) = network.state().ledger.messages.find_mut(message_uuid) {
            entry.state = state;
            entry.updated_at = At::now();
        }
    };
    let Some(hook) = hook else { return set(MessageState::Undelivered) };
    for pause_s in INBOUND_RETRIES_S.into_iter().map(Some).chain([None]) {
        let params = inbound_params(message_uuid, &text);
        match network.ask(&hook, params, Family::Message).await {
            Ok(answer) => {
                set(MessageState::Delivered);
                return carry_out(network, &answer.body, &text.to);
            }
            Err(
                Failure::Connect | Failure::Timeout | Failure::Broken | Failure::Status(500..=599),
            ) => {}
            Err(_) => return set(MessageState::Undelivered),
        }
        match pause_s {
            Some(pause_s) => tokio::time::sleep(network.pace_s(pause_s)).await,
            None => return set(MessageState::Undelivered),
        }
    }
}

/// The answer to a received text may hold `<Message>` elements and nothing else.
fn carry_out(network: &Arc<Network>, body: &str, from: &Address) {
    let Ok(response) = plivo::xml::Response::parse(body) else { return };
    for element in &response.elements {
        if let plivo::xml::Element::Message(message) = element {
            send_element(network, message, from);
        }
    }
}
