//! The simulator's control API: the other end of every call and text in the sandbox.

use super::{Error, Events, answer, encoded, get, live, request, unreadable};
use gloo_net::http::Method;
use serde::Deserialize;
use serde_json::{Value as Json, json};

/// A virtual phone: its calls and texts.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Phone {
    /// Calls, oldest first.
    #[serde(default)]
    pub calls: Vec<Call>,
    /// Texts, oldest first.
    #[serde(default)]
    pub messages: Vec<Message>,
}

/// One call of a virtual phone.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Call {
    /// The carrier's id of the call.
    pub call_uuid: String,
    /// `incoming` or `outgoing`, as the phone sees it.
    pub direction: String,
    /// The number at the other end.
    pub other: String,
    /// `ringing`, `in_call` or `ended`.
    pub state: String,
    /// RFC 3339.
    #[serde(default)]
    pub started_at: String,
    /// What was said and pressed.
    #[serde(default)]
    pub captions: Vec<Caption>,
    /// What the other end waits for.
    #[serde(default)]
    pub awaiting: Option<Awaiting>,
    /// The room the phone is in.
    #[serde(default)]
    pub conference: Option<String>,
}

/// One line of what is heard.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Caption {
    /// `them`, `me` or `note`.
    pub who: String,
    /// The words, or the keys.
    pub text: String,
}

/// What the other end waits for.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Awaiting {
    /// `digits`, `speech` or `recording`.
    pub kind: String,
    /// Whether words are taken beside keys.
    #[serde(default)]
    pub takes_speech: bool,
    /// How many keys at most.
    #[serde(default)]
    pub max_digits: Option<u32>,
    /// How long it waits, in seconds.
    #[serde(default)]
    pub timeout_s: Option<f64>,
    /// The key that ends the input.
    #[serde(default)]
    pub finish_on_key: Option<String>,
}

/// One text.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Message {
    /// `in` or `out`, as the phone sees it.
    pub direction: String,
    /// The number at the other end.
    pub other: String,
    /// What it says.
    pub text: String,
    /// `whatsapp`; nothing for a text.
    #[serde(default)]
    pub channel: Option<String>,
    /// What can be pressed below it.
    #[serde(default)]
    pub buttons: Vec<String>,
    /// Addresses of pictures and files that came with it.
    #[serde(default)]
    pub media_urls: Vec<String>,
    /// RFC 3339.
    #[serde(default)]
    pub at: String,
}

/// What a person can do with a phone, apart from pressing keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneAct {
    /// Take the call that rings.
    Answer,
    /// Refuse it.
    Reject,
    /// End the call.
    HangUp,
    /// Say nothing: what waits for keys goes on as if its time were up.
    Silence,
    /// Do not wait for the end of what is being said.
    Skip,
}

/// A phone as it is now.
pub async fn phone(number: &str) -> Result<Phone, Error> {
    get(&of_phone(number, "")).await
}

/// Lets a phone ring for a person instead of answering by script.
pub async fn phone_rings(number: &str) -> Result<(), Error> {
    send(Method::PUT, &of_phone(number, ""), &json!({ "on_call": "ring" })).await
}

/// Every change of a phone.
pub fn follow_phone(number: &str, on_change: impl Fn(Phone) + 'static) -> Option<Events> {
    live::follow(&of_phone(number, "/events"), "phone", on_change, |_| {})
}

/// Rings one of our numbers from a phone.
pub async fn call_from(number: &str, to: &str) -> Result<(), Error> {
    send(Method::POST, &of_phone(number, "/call"), &json!({ "to": to })).await
}

/// Texts one of our numbers from a phone.
pub async fn text_from(number: &str, to: &str, text: &str) -> Result<(), Error> {
    send(Method::POST, &of_phone(number, "/message"), &json!({ "to": to, "text": text })).await
}

/// Does something with the phone's call.
pub async fn phone_act(number: &str, act: PhoneAct) -> Result<(), Error> {
    let path = match act {
        PhoneAct::Answer => "/answer",
        PhoneAct::Reject => "/reject",
        PhoneAct::HangUp => "/hang_up",
        PhoneAct::Silence => "/silence",
        PhoneAct::Skip => "/skip",
    };
    send(Method::POST, &of_phone(number, path), &json!({})).await
}

/// Presses keys.
pub async fn phone_keys(number: &str, keys: &str) -> Result<(), Error> {
    send(Method::POST, &of_phone(number, "/keys"), &json!({ "keys": keys })).await
}

/// Says something.
pub async fn phone_says(number: &str, words: &str) -> Result<(), Error> {
    send(Method::POST, &of_phone(number, "/speech"), &json!({ "text": words })).await
}

/// Lets one of the sandbox's numbers start a workflow.
pub async fn link_number(number: &str, workflow: &str) -> Result<(), Error> {
    let url = format!("/simulator/control/numbers/{}", encoded(number));
    send(Method::PUT, &url, &json!({ "workflow": workflow })).await
}

fn of_phone(number: &str, rest: &str) -> String {
    format!("/simulator/control/phones/{}{rest}", encoded(number))
}

async fn send(method: Method, url: &str, body: &Json) -> Result<(), Error> {
    let request = request(method, url).json(body).map_err(unreadable)?;
    answer(request.send().await).await.map(drop)
}
