//! The control API: the hands and ears at the other end of the line, for tests and for the web phone.

mod guard;
mod live;

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, FromRequest, Path, State, rejection::JsonRejection},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post, put},
};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    address::Address,
    call::{self, Order},
    config::NumberUrls,
    faults::{Dice, Faults},
    ledger::Direction,
    limits::{
        NUMBERS_MAX, PHONES_MAX, REQUEST_BYTES_MAX, SIP_HEADERS_MAX, SPEED_MAX, SPEED_MIN,
        TEXT_CHARACTERS_MAX,
    },
    line::Command,
    message::{self, Text},
    network::Network,
    phone::{PhoneCallState, Script, is_key},
    webhook::Hook,
};

/// Everything below `/control`, behind its guard.
pub(crate) fn router(network: Arc<Network>) -> Router {
    Router::new()
        .route("/phones/{number}", get(live::phone).put(set_script).delete(forget_script))
        .route("/phones/{number}/events", get(live::events))
        .route("/phones/{number}/call", post(call))
        .route("/phones/{number}/message", post(text))
        .route("/phones/{number}/{button}", post(press))
        .route("/numbers", get(numbers))
        .route("/numbers/{number}", put(set_number))
        .route("/ledger", get(ledger))
        .route("/faults", get(faults).put(set_faults))
        .route("/speed", get(speed).put(set_speed))
        .route("/account", get(account))
        .fallback(async || Refusal::NotFound("there is nothing here".to_owned()))
        .layer(DefaultBodyLimit::max(REQUEST_BYTES_MAX))
        .layer(axum::middleware::from_fn_with_state(Arc::clone(&network), guard::check))
        .with_state(network)
}

/// Why a wish was not carried out.
#[derive(Debug)]
pub(crate) enum Refusal {
    Bad(String),
    NotFound(String),
    Conflict(String),
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, error) = match self {
            Refusal::Bad(error) => (StatusCode::BAD_REQUEST, error),
            Refusal::NotFound(error) => (StatusCode::NOT_FOUND, error),
            Refusal::Conflict(error) => (StatusCode::CONFLICT, error),
        };
        (status, Json(json!({ "error": error }))).into_response()
    }
}

impl From<JsonRejection> for Refusal {
    fn from(rejection: JsonRejection) -> Refusal {
        Refusal::Bad(rejection.body_text())
    }
}

/// A JSON body; what cannot be read is refused in JSON too.
#[derive(FromRequest)]
#[from_request(via(Json), rejection(Refusal))]
struct Wish<T>(T);

type Answer = Result<Json<Value>, Refusal>;
type Net = State<Arc<Network>>;

pub(crate) fn address(text: &str) -> Result<Address, Refusal> {
    Address::parse(text).ok_or_else(|| Refusal::Bad(format!("`{text}` is not a phone number")))
}

async fn set_script(
    State(network): Net,
    Path(number): Path<String>,
    Wish(script): Wish<Script>,
) -> Answer {
    let number = address(&number)?;
    if let Some(problem) = script.problem() {
        return Err(Refusal::Bad(problem));
    }
    {
        let mut state = network.state();
        let is_full = state.phones.len() >= PHONES_MAX
            && state.phones.values().all(|phone| phone.is_scripted);
        if is_full && !state.phones.contains_key(&number) {
            return Err(Refusal::Conflict(format!(
                "there are {PHONES_MAX} scripted phones already; forget one with DELETE"
            )));
        }
        let phone = state.phone(&number);
        phone.script = script;
        phone.is_scripted = true;
        phone.replies_sent = 0;
    }
    network.changed(&number);
    Ok(Json(live::view(&network, &number)))
}

async fn forget_script(State(network): Net, Path(number): Path<String>) -> Answer {
    let number = address(&number)?;
    {
        let mut state = network.state();
        let fresh = crate::phone::Phone::new(number.clone());
        let phone = state.phone(&number);
        phone.script = fresh.script;
        phone.is_scripted = false;
    }
    network.changed(&number);
    Ok(Json(live::view(&network, &number)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CallWish {
    to: String,
    /// The caller's name, where its network passes it on.
    #[serde(default)]
    caller_name: String,
    /// Come to us as `X-PH-…`, as from a SIP endpoint.
    #[serde(default)]
    sip_headers: BTreeMap<String, String>,
}

/// Somebody rings one of our numbers.
async fn call(
    State(network): Net,
    Path(number): Path<String>,
    Wish(wish): Wish<CallWish>,
) -> Answer {
    let (from, to) = (address(&number)?, address(&wish.to)?);
    if from == to {
        return Err(Refusal::Bad("a phone cannot ring itself".to_owned()));
    }
    let urls = owned(&network, &to)?;
    let mut order = Order::new(from, to, Direction::Inbound);
    order.caller_name = wish.caller_name;
    order.sip_headers = wish.sip_headers.into_iter().take(SIP_HEADERS_MAX).collect();
    order.answer = urls.answer_url.map(Hook::post);
    order.hangup = urls.hangup_url.map(Hook::post);
    let call_uuid = call::place(&network, order)
        .map_err(|_| Refusal::Conflict("too many calls at once".to_owned()))?;
    Ok(Json(json!({ "call_uuid": call_uuid })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TextWish {
    to: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    media_urls: Vec<String>,
    /// By WhatsApp instead of the telephone network. If it is not said, as the last message from there came.
    whatsapp: Option<bool>,
}

/// Somebody texts one of our numbers.
async fn text(
    State(network): Net,
    Path(number): Path<String>,
    Wish(wish): Wish<TextWish>,
) -> Answer {
    let (from, to) = (address(&number)?, address(&wish.to)?);
    owned(&network, &to)?;
    if wish.text.chars().count() > TEXT_CHARACTERS_MAX || wish.media_urls.len() > 10 {
        return Err(Refusal::Bad(format!(
            "a text has at most {TEXT_CHARACTERS_MAX} characters and 10 pictures"
        )));
    }
    let last = network.state().phone(&from).last_from(&to).cloned();
    let is_whatsapp = last.as_ref().is_some_and(|last| last.channel.is_some());
    let kind = match (wish.whatsapp.unwrap_or(is_whatsapp), wish.media_urls.is_empty()) {
        (true, _) => "whatsapp",
        (false, true) => "sms",
        (false, false) => "mms",
    };
    let text = Text {
        kind,
        is_button: last.is_some_and(|last| last.buttons.contains(&wish.text)),
        media_urls: wish.media_urls,
        ..Text::new(from, to, wish.text)
    };
    let message_uuid = message::receive(&network, text);
    Ok(Json(json!({ "message_uuid": message_uuid })))
}

fn owned(network: &Network, number: &Address) -> Result<NumberUrls, Refusal> {
    let owned = network.state().numbers.get(number).map(|owned| owned.urls.clone());
    owned.ok_or_else(|| {
        Refusal::NotFound(format!(
            "{number} is not one of our numbers; `GET /control/numbers` lists them"
        ))
    })
}

/// What a button on the phone may say besides being pressed.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Press {
    /// Which call is meant; without it, the newest that fits.
    call_uuid: Option<Uuid>,
    keys: String,
    text: String,
}

/// A person at the web phone does something: `answer`, `reject`, `hang_up`, `keys`, `speech`, `silence` or `skip`.
async fn press(
    State(network): Net,
    Path((number, button)): Path<(String, String)>,
    body: axum::body::Bytes,
) -> Answer {
    let number = address(&number)?;
    let press: Press = if body.is_empty() {
        Press::default()
    } else {
        serde_json::from_slice(&body).map_err(|error| {
            Refusal::Bad(format!("the body is not what `{button}` wants: {error}"))
        })?
    };
    let fits: fn(PhoneCallState) -> bool = match button.as_str() {
        "answer" | "reject" => |state| state == PhoneCallState::Ringing,
        "hang_up" => |state| state != PhoneCallState::Ended,
        "keys" | "speech" | "silence" | "skip" => |state| state == PhoneCallState::InCall,
        _ => return Err(Refusal::NotFound(format!("a phone has no button `{button}`"))),
    };
    let call_uuid = network.state().phone(&number).call_for(press.call_uuid, fits);
    let call_uuid = call_uuid.ok_or_else(|| {
        Refusal::Conflict(format!("{number} has no call that `{button}` could be about"))
    })?;
    let command = match button.as_str() {
        "answer" => Command::Answer,
        "reject" => Command::Reject,
        "hang_up" => Command::HangUp,
        "keys"
            if !press.keys.is_empty()
                && press.keys.len() <= 100
                && press.keys.chars().all(is_key) =>
        {
            Command::Keys(press.keys)
        }
        "keys" => return Err(Refusal::Bad("`keys` is 1 to 100 of 0-9, *, # and A-D".to_owned())),
        "speech" if !press.text.is_empty() && press.text.chars().count() <= TEXT_CHARACTERS_MAX => {
            Command::Speech(press.text)
        }
        "speech" => {
            return Err(Refusal::Bad(format!("`text` has 1 to {TEXT_CHARACTERS_MAX} characters")));
        }
        "silence" => Command::Silence,
        _ => Command::Skip,
    };
    if !network.tell(call_uuid, command) {
        return Err(Refusal::Conflict("the call has just ended".to_owned()));
    }
    Ok(Json(json!({ "call_uuid": call_uuid })))
}

async fn numbers(State(network): Net) -> Json<Value> {
    let state = network.state();
    let numbers: BTreeMap<&str, &NumberUrls> =
        state.numbers.iter().map(|(number, owned)| (number.as_str(), &owned.urls)).collect();
    Json(json!({ "numbers": numbers }))
}

async fn set_number(
    State(network): Net,
    Path(number): Path<String>,
    Wish(urls): Wish<NumberUrls>,
) -> Answer {
    let number = address(&number)?;
    let given = [&urls.answer_url, &urls.message_url, &urls.hangup_url];
    if let Some(url) = given.into_iter().flatten().find(|url| !Hook::post(*url).is_askable()) {
        return Err(Refusal::Bad(format!("`{url}` is not an http address")));
    }
    {
        let mut state = network.state();
        if state.numbers.len() >= NUMBERS_MAX && !state.numbers.contains_key(&number) {
            return Err(Refusal::Conflict(format!("we own {NUMBERS_MAX} numbers already")));
        }
        state.numbers.entry(number.clone()).or_default().urls = urls.clone();
    }
    Ok(Json(
        json!({ "number": number, "answer_url": urls.answer_url, "message_url": urls.message_url, "hangup_url": urls.hangup_url }),
    ))
}

async fn ledger(State(network): Net) -> Response {
    // Written out under the lock: one consistent picture.
    let body = serde_json::to_vec(&network.state().ledger);
    match body {
        Ok(body) => {
            ([(axum::http::header::CONTENT_TYPE, "application/json")], body).into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn faults(State(network): Net) -> Json<Faults> {
    Json(network.state().faults.clone())
}

async fn set_faults(
    State(network): Net,
    Wish(faults): Wish<Faults>,
) -> Result<Json<Faults>, Refusal> {
    if let Some(problem) = faults.problem() {
        return Err(Refusal::Bad(problem));
    }
    let mut state = network.state();
    state.dice = Dice::new(faults.seed);
    state.faults = faults.clone();
    Ok(Json(faults))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pace {
    speed: f64,
}

async fn speed(State(network): Net) -> Json<Value> {
    Json(json!({ "speed": network.speed() }))
}

/// Takes effect for waits that begin from now on.
async fn set_speed(State(network): Net, Wish(pace): Wish<Pace>) -> Answer {
    if !(SPEED_MIN..=SPEED_MAX).contains(&pace.speed) {
        return Err(Refusal::Bad(format!("`speed` is from {SPEED_MIN} to {SPEED_MAX}")));
    }
    network.set_speed(pace.speed);
    Ok(Json(json!({ "speed": pace.speed })))
}

async fn account(State(network): Net) -> Json<Value> {
    Json(
        json!({ "auth_id": network.config.auth_id, "auth_token": network.config.auth_token, "base_url": network.config.public_base }),
    )
}
