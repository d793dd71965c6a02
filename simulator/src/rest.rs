//! Plivo's REST API: who may ask, what was asked, and which part of the network answers.
//!
//! Paths are matched as the official SDKs write them in all their variety: with or without the last slash, with doubled slashes,
//! `Account` or `account`. The whole API is on this screen; each resource is a file of its own.

mod account;
mod application;
mod call;
mod conference;
mod fields;
mod message;
mod multi_party;
mod number;
mod page;
mod recording;
mod reply;

use std::{sync::Arc, time::Duration};

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::Engine;
use subtle::ConstantTimeEq;
use url::form_urlencoded;

use self::{fields::Fields, reply::Reply};
use crate::{faults::Faults, limits::REQUEST_BYTES_MAX, network::Network};

/// Answers everything below `/v1`.
pub(crate) async fn answer(State(network): State<Arc<Network>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let segments = segments(parts.uri.path());
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let [account, auth_id, path @ ..] = segments.as_slice() else {
        return Reply::not_found().into_response();
    };
    if !account.eq_ignore_ascii_case("account") {
        return Reply::not_found().into_response();
    }
    if parts.method == Method::GET
        && let ["Recording", file] = path
        && let Some(sound) = recording::sound(&network, file)
    {
        // Recordings are addressed by names nobody can guess, and players in browsers cannot sign in.
        return sound;
    }
    if !is_authorised(&network, &parts.headers) || *auth_id != network.config.auth_id {
        return unauthorised();
    }
    let Ok(body) = axum::body::to_bytes(body, REQUEST_BYTES_MAX).await else {
        return Reply::error(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("the body is longer than {REQUEST_BYTES_MAX} bytes"),
        )
        .into_response();
    };
    let fields = match Fields::read(parts.uri.query(), &parts.headers, &body) {
        Ok(fields) => fields,
        // Bodies of deletions mean nothing, and SDKs send strange ones.
        Err(_) if parts.method == Method::DELETE => Fields::default(),
        Err(reply) => return reply.into_response(),
    };
    let faults = network.state().faults.clone();
    if let Some(refusal) = refuse(&network, &faults) {
        return refusal.into_response();
    }
    let reply = dispatch(&network, &parts.method, path, &fields).unwrap_or_else(|refusal| refusal);
    let (is_slow, is_dropped) = {
        let mut state = network.state();
        (state.dice.hit(faults.slow), state.dice.hit(faults.drop_response))
    };
    if is_slow {
        tokio::time::sleep(Duration::from_millis(faults.slow_ms)).await;
    }
    if is_dropped { broken_off() } else { reply.into_response() }
}

/// Every resource, as a table. `Err` is a refusal; it is a reply like any other.
fn dispatch(
    network: &Arc<Network>,
    method: &Method,
    path: &[&str],
    fields: &Fields,
) -> Result<Reply, Reply> {
    let (get, post, delete) =
        (method == Method::GET, method == Method::POST, method == Method::DELETE);
    match path {
        [] if get => Ok(account::show(network)),
        [] if post => Ok(Reply::accepted("changed")),

        ["Call"] if post => call::make(network, fields),
        ["Call"] if get => call::list(network, fields),
        ["Call", uuid] if get => call::show(network, uuid, fields),
        ["Call", uuid] if post => call::transfer(network, uuid, fields),
        ["Call", uuid] if delete => call::hang_up(network, uuid),
        ["Call", uuid, "Record"] if post => call::record(network, uuid, fields),
        ["Call", uuid, "Record"] if delete => call::stop_recording(network, uuid, fields),
        ["Call", uuid, "Speak"] if post => call::speak(network, uuid, fields),
        ["Call", uuid, "Play"] if post => call::play(network, uuid, fields),
        ["Call", uuid, "Speak" | "Play"] if delete => call::stop_sound(network, uuid),
        ["Call", uuid, "DTMF"] if post => call::send_digits(network, uuid, fields),
        ["Request", uuid] if delete => call::hang_up(network, uuid),

        ["Message"] if post => message::send(network, fields),
        ["Message"] if get => message::list(network, fields),
        ["Message", uuid] if get => message::show(network, uuid),
        ["Message", uuid, "Media"] if get => message::media(network, uuid),

        ["Conference"] if get => Ok(conference::list(network)),
        ["Conference"] if delete => Ok(conference::end_all(network)),
        ["Conference", name] if get => conference::show(network, name),
        ["Conference", name] if delete => conference::end(network, name),
        ["Conference", name, "Record"] if post => conference::record(network, name, fields),
        ["Conference", name, "Record"] if delete => conference::stop_recording(network, name),
        ["Conference", name, "Member", who] if delete => conference::hang_up(network, name, who),
        ["Conference", name, "Member", who, what] if post => {
            conference::start(network, name, who, what, fields)
        }
        ["Conference", name, "Member", who, what] if delete => {
            conference::stop(network, name, who, what)
        }

        ["MultiPartyCall"] if get => Ok(multi_party::list(network, fields)),
        ["MultiPartyCall", id] if get => multi_party::show(network, id),
        ["MultiPartyCall", id] if post => multi_party::start(network, id, fields),
        ["MultiPartyCall", id] if delete => multi_party::end(network, id),
        ["MultiPartyCall", id, "Participant"] if get => multi_party::participants(network, id),
        ["MultiPartyCall", id, "Participant"] if post => multi_party::add(network, id, fields),
        ["MultiPartyCall", id, "Participant", who] if post => {
            multi_party::update(network, id, who, fields)
        }
        ["MultiPartyCall", id, "Participant", who] if get => {
            multi_party::show_participant(network, id, who)
        }
        ["MultiPartyCall", id, "Participant", who] if delete => multi_party::kick(network, id, who),
        ["MultiPartyCall", id, "Record"] if post => multi_party::record(network, id, fields),
        ["MultiPartyCall", id, "Record"] if delete => multi_party::stop_recording(network, id),
        ["MultiPartyCall", id, "Member", who, what] if post => {
            multi_party::sound(network, id, who, what, fields)
        }

        ["Recording"] if get => recording::list(network, fields),
        ["Recording", id] if get => recording::show(network, id),
        ["Recording", id] if delete => recording::delete(network, id),

        ["Number"] if get => number::list(network, fields),
        ["Number", number] if get => number::show(network, number),
        ["Number", number] if post => number::update(network, number, fields),
        ["Number", number] if delete => number::release(network, number),
        ["PhoneNumber"] if get => Ok(number::search(network, fields)),
        ["PhoneNumber", number] if post => number::buy(network, number, fields),

        ["Application"] if post => application::create(network, fields),
        ["Application"] if get => application::list(network, fields),
        ["Application", id] if get => application::show(network, id),
        ["Application", id] if post => application::update(network, id, fields),
        ["Application", id] if delete => application::delete(network, id),

        [
            "Call" | "Message" | "Conference" | "Recording" | "Number" | "Application"
            | "MultiPartyCall" | "PhoneNumber" | "Request",
            ..,
        ] => {
            Err(Reply::error(StatusCode::METHOD_NOT_ALLOWED, "this cannot be done here".to_owned()))
        }
        _ => Err(Reply::not_found()),
    }
}

/// The faults that keep a request from being carried out.
fn refuse(network: &Network, faults: &Faults) -> Option<Reply> {
    let mut state = network.state();
    let is_failing = state.dice.hit(faults.server_error);
    let is_limited = state.dice.hit(faults.rate_limited);
    if is_failing {
        return Some(Reply::error(
            StatusCode::INTERNAL_SERVER_ERROR,
            "something went wrong on our side".to_owned(),
        ));
    }
    is_limited.then(|| Reply::error(StatusCode::TOO_MANY_REQUESTS, "too many requests".to_owned()))
}

/// The path below `/v1`, decoded, without empty parts.
fn segments(path: &str) -> Vec<String> {
    let parts = path.split('/').filter(|part| !part.is_empty()).map(decode);
    let mut segments: Vec<String> = parts.collect();
    if segments.first().is_some_and(|first| first == "v1") {
        segments.remove(0);
    }
    segments
}

/// Percent-decoding of one path part; a plus sign stays one.
fn decode(part: &str) -> String {
    let escaped = part.replace('+', "%2B");
    form_urlencoded::parse(escaped.as_bytes())
        .next()
        .map(|(name, _)| name.into_owned())
        .unwrap_or_default()
}

/// True for Basic credentials of the account. Both halves are compared in constant time.
pub(crate) fn is_authorised(network: &Network, headers: &HeaderMap) -> bool {
    let Some(credentials) =
        headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok())
    else {
        return false;
    };
    let Some((scheme, encoded)) = credentials.split_once(' ') else { return false };
    let decoded =
        base64::engine::general_purpose::STANDARD.decode(encoded.trim()).unwrap_or_default();
    let expected = format!("{}:{}", network.config.auth_id, network.config.auth_token);
    scheme.eq_ignore_ascii_case("basic") && bool::from(decoded.ct_eq(expected.as_bytes()))
}

pub(crate) fn unauthorised() -> Response {
    let words = "Could not verify your access level for that URL.\nYou have to login with proper credentials";
    (
        StatusCode::UNAUTHORIZED,
        [(header::WWW_AUTHENTICATE, "Basic realm=\"Login Required\"")],
        words,
    )
        .into_response()
}

/// An answer that breaks off before its first byte: the client sees a closed connection.
fn broken_off() -> Response {
    let broken = futures::stream::once(async {
        Err::<Vec<u8>, _>(std::io::Error::other("the connection was dropped on purpose"))
    });
    Response::new(Body::from_stream(broken))
}
