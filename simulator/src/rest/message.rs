//! Texts by REST: sent to one or many, looked up, listed.

use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{fields::Fields, page, reply::Reply};
use crate::{
    address::Address,
    clock::At,
    ledger::{MessageEntry, Rich},
    limits::{RECEIVERS_MAX, TEXT_CHARACTERS_MAX},
    magic::Magic,
    message::{self, Text},
    network::Network,
};

/// Pictures of one message: Plivo's own limit.
const MEDIA_MAX: usize = 10;

pub(crate) fn send(network: &Arc<Network>, fields: &Fields) -> Result<Reply, Reply> {
    let src = match (fields.text("src"), fields.text("powerpack_uuid")) {
        (Some(_), Some(_)) => {
            return Err(Reply::bad("the parameters `src` and `powerpack_uuid` exclude each other"));
        }
        (Some(src), None) => src,
        // Any Powerpack will do: it sends from the first number of the account.
        (None, Some(_)) => network
            .state()
            .numbers
            .keys()
            .next()
            .map(|number| number.wire().to_owned())
            .ok_or_else(|| Reply::bad("the Powerpack has no number"))?,
        (None, None) => return Err(Reply::bad("the parameter `src` is missing")),
    };
    let from = Address::parse_sender(&src)
        .ok_or_else(|| Reply::bad("the parameter `src` is not a valid sender"))?;
    let kind = match fields.text("type").as_deref() {
        None | Some("sms") => "sms",
        Some("mms") => "mms",
        Some("whatsapp") => "whatsapp",
        Some(_) => return Err(Reply::bad("the parameter `type` is sms, mms or whatsapp")),
    };
    let media_urls = fields.list("media_urls");
    if media_urls.len() > MEDIA_MAX {
        return Err(Reply::bad(format!(
            "the parameter `media_urls` has more than {MEDIA_MAX} entries"
        )));
    }
    let text = fields.verbatim("text").unwrap_or_default().to_owned();
    if text.chars().count() > if kind == "whatsapp" { 4_096 } else { TEXT_CHARACTERS_MAX } {
        return Err(Reply::bad(format!(
            "the parameter `text` has more than {TEXT_CHARACTERS_MAX} characters"
        )));
    }
    let rich = rich(fields, kind)?;
    let has_media = kind != "sms" && !media_urls.is_empty();
    if text.is_empty() && !has_media && rich.is_empty() {
        return Err(Reply::bad("the parameter `text` is missing"));
    }
    let hook = fields.hook("url", "method")?;
    fields.required("dst")?;
    let receivers = fields.list("dst");
    if receivers.len() > RECEIVERS_MAX {
        return Err(Reply::bad(format!(
            "the parameter `dst` has more than {RECEIVERS_MAX} receivers"
        )));
    }
    let mut valid: Vec<Address> = Vec::new();
    let mut invalid_number: Vec<String> = Vec::new();
    for receiver in receivers {
        match Address::parse(&receiver).filter(|to| Magic::of(to) != Some(Magic::Invalid)) {
            Some(to) if to == from => {
                return Err(Reply::bad("the parameters `src` and `dst` are the same"));
            }
            Some(to) if valid.contains(&to) => {}
            Some(to) => valid.push(to),
            None => invalid_number.push(receiver),
        }
    }
    if valid.is_empty() {
        return Err(Reply::bad(format!(
            "{} is not a valid phone number",
            invalid_number.join(", ")
        )));
    }
    let send_to = |to| {
        let text = Text {
            kind,
            media_urls: media_urls.clone(),
            rich: rich.clone(),
            powerpack_uuid: fields.text("powerpack_uuid"),
            hook: hook.clone(),
            ..Text::new(from.clone(), to, text.clone())
        };
        message::send(network, text)
    };
    let message_uuid: Vec<Uuid> = valid.into_iter().map(send_to).collect();
    let mut body = json!({ "message": "message(s) queued", "message_uuid": message_uuid });
    if !invalid_number.is_empty() {
        body["invalid_number"] = invalid_number.into();
    }
    Ok(Reply::new(StatusCode::ACCEPTED, body))
}

/// What a WhatsApp message is instead of a text.
fn rich(fields: &Fields, kind: &str) -> Result<Rich, Reply> {
    let rich = Rich {
        template: fields.object("template"),
        interactive: fields.object("interactive"),
        location: fields.object("location"),
    };
    if kind != "whatsapp" && !rich.is_empty() {
        return Err(Reply::bad("`template`, `interactive` and `location` need the type whatsapp"));
    }
    for (name, object, field) in [
        ("template", &rich.template, "name"),
        ("template", &rich.template, "language"),
        ("interactive", &rich.interactive, "type"),
        ("location", &rich.location, "latitude"),
        ("location", &rich.location, "longitude"),
    ] {
        if object.as_ref().is_some_and(|object| !object[field].is_string()) {
            return Err(Reply::bad(format!("the parameter `{name}` has no `{field}`")));
        }
    }
    Ok(rich)
}

pub(crate) fn list(network: &Network, fields: &Fields) -> Result<Reply, Reply> {
    let state = network.state();
    let is_wanted = |message: &&MessageEntry| {
        fields.lets_through("message_time", &message.at.message())
            && fields.matches("message_state", message.state.as_str())
            && fields.matches("message_direction", message.direction.as_str())
            && fields.matches("message_type", message.kind)
            && fields.matches("powerpack_id", message.powerpack_uuid.as_deref().unwrap_or_default())
            && fields.matches(
                "error_code",
                &message.error_code.map(|code| code.to_string()).unwrap_or_default(),
            )
            && fields.matches_party("from_number", &message.from)
            && fields.matches_party("to_number", &message.to)
    };
    let records: Vec<&MessageEntry> =
        state.ledger.messages.iter().rev().filter(is_wanted).collect();
    page::answer(network, "Message", fields, &records, |message| record_of(network, message))
}

pub(crate) fn show(network: &Network, uuid: &str) -> Result<Reply, Reply> {
    find(network, uuid).map(|message| Reply::ok(record_of(network, &message)))
}

pub(crate) fn media(network: &Network, uuid: &str) -> Result<Reply, Reply> {
    let message = find(network, uuid)?;
    let objects: Vec<Value> = message
        .media_urls
        .iter()
        .map(|url| json!({ "content_type": "", "media_id": Uuid::new_v4(), "media_url": url, "message_uuid": message.message_uuid, "size": 0 }))
        .collect();
    Ok(Reply::ok(json!({ "message_uuid": message.message_uuid, "objects": objects })))
}

fn find(network: &Network, uuid: &str) -> Result<MessageEntry, Reply> {
    let uuid = Uuid::parse_str(uuid).map_err(|_| Reply::not_found())?;
    network.state().ledger.messages.find(uuid).cloned().ok_or_else(Reply::not_found)
}

fn record_of(network: &Network, message: &MessageEntry) -> Value {
    json!({
        "error_code": message.error_code.map(|code| code.to_string()),
        "error_message": message.error_code.map(|_| "Destination temporarily unavailable"),
        "from_number": message.from.wire(),
        "message_direction": message.direction.as_str(),
        "message_sent_time": message.sent_at.map(At::record),
        "message_state": message.state.as_str(),
        "message_time": message.at.record(),
        "message_type": message.kind,
        "message_updated_time": message.updated_at.record(),
        "message_uuid": message.message_uuid,
        "powerpack_id": message.powerpack_uuid,
        "requester_ip": "127.0.0.1",
        "resource_uri": format!("/v1/Account/{}/Message/{}/", network.config.auth_id, message.message_uuid),
        "to_number": message.to.wire(),
        "total_amount": format!("{:.5}", 0.005 * f64::from(message.units)),
        "total_rate": "0.00500",
        "units": message.units,
    })
}
