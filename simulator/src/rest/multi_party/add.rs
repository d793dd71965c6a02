//! Taking people into a multi-party call: by ringing them, or out of a call that goes on.

use std::sync::Arc;

use axum::http::StatusCode;
use plivo::{
    Method,
    xml::{FileFormat, MultiPartyCall, Response, Role},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::key;
use crate::{
    address::Address,
    call::{self, Crowded, Order, Race, sip_headers},
    dial::Confirmation,
    ledger::Direction,
    line::{Command, Destination},
    network::Network,
    rest::{fields::Fields, reply::Reply},
    webhook::Hook,
};

/// How long a participant rings by default, in seconds.
const RING_S: f64 = 45.0;

/// Most phones rung for one agent.
const RECEIVERS_MAX: usize = 20;

/// Whoever answers enters by the document that is written here, as the carrier itself would put them in.
pub(crate) fn add(network: &Arc<Network>, id: &str, fields: &Fields) -> Result<Reply, Reply> {
    let key = key(network, id)?;
    let role = Role::new(&fields.required("role")?)
        .ok_or_else(|| Reply::bad("the parameter `role` is agent, supervisor or customer"))?;
    let document = Response::new([element(fields, &key.name, role)?.into()]);
    if let Some(call_uuid) = fields.text("call_uuid") {
        if fields.text("from").is_some() || fields.text("to").is_some() {
            return Err(Reply::bad("`call_uuid` excludes `from` and `to`"));
        }
        let call_uuid = Uuid::parse_str(&call_uuid).map_err(|_| Reply::not_found())?;
        let transfer = Command::Transfer(Destination::Document(document));
        if !network.tell(call_uuid, transfer) {
            return Err(Reply::not_found());
        }
        return Ok(added(Uuid::new_v4(), Vec::new()));
    }
    let from = Address::parse_sender(&fields.required("from")?)
        .ok_or_else(|| Reply::bad("the parameter `from` is not a valid number"))?;
    fields.required("to")?;
    let receivers = fields.list("to");
    if receivers.len() > RECEIVERS_MAX || (receivers.len() > 1 && role != Role::Agent) {
        return Err(Reply::bad("only an agent can be rung at several numbers, at most 20"));
    }
    let receivers = receivers.iter().map(|receiver| {
        Address::parse(receiver)
            .ok_or_else(|| Reply::bad(format!("{receiver} is not a valid phone number")))
    });
    let receivers = receivers.collect::<Result<Vec<Address>, Reply>>()?;
    let race = Arc::new(Race::default());
    let template = order(fields, from.clone(), receivers[0].clone(), document, &race)?;
    let mut calls = Vec::new();
    let mut request_uuid = Uuid::new_v4();
    for to in receivers {
        let order = Order { to: to.clone(), ..template.clone() };
        let call_uuid = call::place(network, order).map_err(|Crowded| {
            Reply::error(StatusCode::TOO_MANY_REQUESTS, "too many calls at once".to_owned())
        })?;
        race.enter(network, call_uuid);
        if calls.is_empty() {
            request_uuid = call_uuid;
        }
        calls.push(json!({ "to": to.wire(), "from": from.wire(), "call_uuid": call_uuid }));
    }
    Ok(added(request_uuid, calls))
}

fn added(request_uuid: Uuid, calls: Vec<Value>) -> Reply {
    let message = "add participant action initiated";
    let body = json!({ "message": message, "request_uuid": request_uuid, "calls": calls });
    Reply::new(StatusCode::CREATED, body)
}

fn order(
    fields: &Fields,
    from: Address,
    to: Address,
    document: Response,
    race: &Arc<Race>,
) -> Result<Order, Reply> {
    let news = fields.hook("call_status_callback_url", "call_status_callback_method")?;
    let key = fields.text("confirm_key").and_then(|key| key.chars().next());
    let sound = fields.hook_by_get("confirm_key_sound_url", "confirm_key_sound_method")?;
    Ok(Order {
        enters: Some(document),
        race: Some(Arc::clone(race)),
        confirmation: key.map(|key| Confirmation { sound, key: Some(key), timeout_s: 120.0 }),
        ring_timeout_s: fields.number("ring_timeout")?.unwrap_or(RING_S),
        caller_name: fields.text("caller_name").unwrap_or_default(),
        send_digits: fields.text("send_digits"),
        sip_headers: sip_headers(&fields.text("sip_headers").unwrap_or_default()),
        ring: news.clone(),
        hangup: news,
        ..Order::new(from, to, Direction::Outbound)
    })
}

fn element(fields: &Fields, name: &str, role: Role) -> Result<MultiPartyCall, Reply> {
    let default = MultiPartyCall::new(name, role);
    let whole = |field: &str, default: u32| {
        Ok::<u32, Reply>(fields.number(field)?.map_or(default, |number| number as u32))
    };
    let flag = |field: &str, default: bool| match fields.text(field) {
        Some(_) => fields.flag(field),
        None => default,
    };
    let (wait_music_url, wait_music_method) =
        pair(fields.hook_by_get("wait_music_url", "wait_music_method")?);
    let (agent_hold_music_url, agent_hold_music_method) =
        pair(fields.hook_by_get("agent_hold_music_url", "agent_hold_music_method")?);
    let (customer_hold_music_url, customer_hold_music_method) =
        pair(fields.hook_by_get("customer_hold_music_url", "customer_hold_music_method")?);
    let (recording_callback_url, recording_callback_method) =
        pair(fields.hook_by_get("recording_callback_url", "recording_callback_method")?);
    let (status_callback_url, status_callback_method) =
        pair(fields.hook_by_get("status_callback_url", "status_callback_method")?);
    let (on_exit_action_url, on_exit_action_method) =
        pair(fields.hook("on_exit_action_url", "on_exit_action_method")?);
    Ok(MultiPartyCall {
        max_duration_s: whole("max_duration", default.max_duration_s)?,
        max_participants: whole("max_participants", default.max_participants)?,
        wait_music_url,
        wait_music_method,
        agent_hold_music_url,
        agent_hold_music_method,
        customer_hold_music_url,
        customer_hold_music_method,
        record: flag("record", default.record),
        record_file_format: match fields.file_format() {
            "wav" => FileFormat::Wav,
            _ => FileFormat::Mp3,
        },
        recording_callback_url,
        recording_callback_method,
        status_callback_url,
        status_callback_method,
        stay_alone: flag("stay_alone", default.stay_alone),
        coach_mode: flag("coach_mode", default.coach_mode),
        mute: flag("mute", default.mute),
        hold: flag("hold", default.hold),
        start_mpc_on_enter: flag("start_mpc_on_enter", default.start_mpc_on_enter),
        end_mpc_on_exit: flag("end_mpc_on_exit", default.end_mpc_on_exit),
        enter_sound: fields.text("enter_sound").unwrap_or_else(|| default.enter_sound.clone()),
        exit_sound: fields.text("exit_sound").unwrap_or_else(|| default.exit_sound.clone()),
        on_exit_action_url,
        on_exit_action_method,
        ..default
    })
}

fn pair(hook: Option<Hook>) -> (Option<String>, Method) {
    match hook {
        Some(Hook { url, method }) => (Some(url), method),
        None => (None, Method::Get),
    }
}
