//! A workflow's own address, which other systems call: `POST /hooks/{workflow_id}`, signed with the secret that its start names.
//!
//! Two schemes are understood: Standard Webhooks (`webhook-id`, `webhook-timestamp`, `webhook-signature`), which also keeps a captured call from being used again,
//! and the plain one of GitHub and many others (`x-hub-signature-256`), whose calls are told apart only by the sender's own delivery id.

use super::{Error, body};
use crate::{
    app::App,
    clock, keys,
    runs::{IdempotencyKey, NewRun},
};
use api::runs::HookTaken;
use axum::{
    Json,
    extract::{Path, Request, State},
    http::{HeaderMap, StatusCode, header},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use engine::{Secret, Trigger, Value, Workflow};
use tracing::{info, warn};

/// How far a call's time may be from ours, in seconds: the Standard Webhooks scheme's own tolerance.
const TOLERANCE_S: i64 = 300;

/// Longest id of a call.
const ID_CHARACTERS_MAX: usize = 255;

/// Signatures in one header that are looked at; senders write two while they change their secret.
const SIGNATURES_MAX: usize = 8;

/// Headers by which senders of plainly signed calls tell their deliveries apart.
const DELIVERY_IDS: [&str; 3] = ["webhook-id", "x-github-delivery", "idempotency-key"];

/// How a call is signed, as its headers say.
enum Signature {
    Standard { id: String, timestamp: String, signatures: String },
    Plain { hexadecimal: String, delivery_id: Option<String> },
}

/// Starts a run of the workflow with what another system sends. The answer means that the run is on disk.
#[utoipa::path(post, path = "/hooks/{id}", tag = "run", params(("id" = String, Path, description = "The workflow.")),
    request_body(content = Object, content_type = "application/json"),
    responses((status = 202, body = HookTaken), (status = 400), (status = 401), (status = 404), (status = 413), (status = 415), (status = 422), (status = 503)), security(()))]
pub(super) async fn take(
    State(app): State<App>,
    Path(id): Path<String>,
    request: Request,
) -> Result<(StatusCode, Json<HookTaken>), Error> {
    // Nobody who shows no signature has a body read.
    let signature = signature(request.headers()).ok_or_else(|| {
        Error::new(StatusCode::UNAUTHORIZED, "Sign the request: with webhook-id, webhook-timestamp and webhook-signature, or with x-hub-signature-256.")
    })?;
    let (_, workflow) = app.workflows.published(&id).await?;
    let secret = secret(&app, &workflow)?;
    let content_type = content_type(request.headers());
    let bytes = body::bytes(request, &app).await?;
    if !signature.is_good(&keys::webhook_key(&secret), &bytes, clock::now().0 / 1000) {
        metrics::counter!("phloem_hooks_refused_total").increment(1);
        info!(workflow.id = %id, "a webhook with a wrong signature was refused");
        return Err(Error::new(
            StatusCode::UNAUTHORIZED,
            "The signature is wrong, or the request is too old.",
        ));
    }
    let idempotency = signature.id().map(|key| IdempotencyKey {
        caller: format!("hook {id}"),
        key: key.to_owned(),
        request_digest: keys::digest(&String::from_utf8_lossy(&bytes)),
    });
    let trigger = Trigger::Webhook { body: read(&bytes, content_type.as_deref())? };
    let new = NewRun { workflow_id: id, trigger, source_uuid: None, idempotency };
    let started = app.runs.start(new).await?;
    let taken = HookTaken { run_id: started.run_id, is_new: started.is_new };
    Ok((StatusCode::ACCEPTED, Json(taken)))
}

/// The secret that the workflow's start names.
fn secret(app: &App, workflow: &Workflow) -> Result<String, Error> {
    let start = workflow.document().nodes.values().find(|node| node.kind == "start");
    let written = start.and_then(|start| start.config.get("webhook_secret"));
    let written: Option<Secret> =
        written.and_then(|written| serde_json::from_value(written.clone()).ok());
    let nothing_here = || {
        Error::not_found(
            "This workflow takes no webhooks; its start needs a webhook secret for that.",
        )
    };
    let value = match written.ok_or_else(nothing_here)? {
        Secret::Value(value) => value,
        Secret::Named { name } => app.config.secrets.get(&name).map(str::to_owned).ok_or_else(|| {
            warn!(workflow.id = %workflow.id(), "a webhook was refused: the server has no secret `{name}`; set {}", crate::config::secret_variable(&name));
            Error::unavailable("The server does not have the secret that this workflow's start names.")
        })?,
    };
    if value.is_empty() { Err(nothing_here()) } else { Ok(value) }
}

fn signature(headers: &HeaderMap) -> Option<Signature> {
    let one = |name: &str| -> Option<String> {
        let text = headers.get(name)?.to_str().ok()?.trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    if let (Some(id), Some(timestamp), Some(signatures)) =
        (one("webhook-id"), one("webhook-timestamp"), one("webhook-signature"))
    {
        return (id.len() <= ID_CHARACTERS_MAX).then_some(Signature::Standard {
            id,
            timestamp,
            signatures,
        });
    }
    let hexadecimal = one("x-hub-signature-256")?.strip_prefix("sha256=")?.to_ascii_lowercase();
    let delivery_id = DELIVERY_IDS.iter().find_map(|name| one(name));
    Some(Signature::Plain {
        hexadecimal,
        delivery_id: delivery_id.filter(|id| id.len() <= ID_CHARACTERS_MAX),
    })
}

impl Signature {
    fn is_good(&self, key: &[u8], body: &[u8], now_s: i64) -> bool {
        match self {
            Signature::Standard { id, timestamp, signatures } => {
                let is_now = timestamp
                    .parse::<i64>()
                    .is_ok_and(|at_s| now_s.saturating_sub(at_s).saturating_abs() <= TOLERANCE_S);
                let signed = [format!("{id}.{timestamp}.").as_bytes(), body].concat();
                let expected = STANDARD.encode(keys::hmac_sha256(key, &signed));
                // Every one is compared, so that the time does not tell which was close.
                let is_one_good = signatures
                    .split(' ')
                    .take(SIGNATURES_MAX)
                    .filter_map(|signature| signature.strip_prefix("v1,"))
                    .fold(false, |is_good, signature| is_good | keys::equal(signature, &expected));
                is_now && is_one_good
            }
            Signature::Plain { hexadecimal, .. } => {
                keys::equal(hexadecimal, &keys::hex(&keys::hmac_sha256(key, body)))
            }
        }
    }

    fn id(&self) -> Option<&str> {
        match self {
            Signature::Standard { id, .. } => Some(id),
            Signature::Plain { delivery_id, .. } => delivery_id.as_deref(),
        }
    }
}

fn content_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    Some(value.split(';').next()?.trim().to_ascii_lowercase())
}

/// What was sent, as a value: parsed JSON, form fields by name, or text.
fn read(bytes: &[u8], content_type: Option<&str>) -> Result<Value, Error> {
    let text =
        || std::str::from_utf8(bytes).map_err(|_| Error::bad_request("The body is not UTF-8."));
    match content_type {
        Some(kind) if kind == "application/json" || kind.ends_with("+json") => {
            let json: serde_json::Value = serde_json::from_str(text()?)
                .map_err(|error| Error::bad_request(format!("The body is not JSON: {error}.")))?;
            Ok(json.into())
        }
        Some("application/x-www-form-urlencoded") => {
            let fields = url::form_urlencoded::parse(bytes)
                .map(|(name, value)| (name.into_owned(), value.into_owned().into()));
            Ok(Value::Map(fields.collect()))
        }
        None if bytes.is_empty() => Ok(Value::Null),
        Some(kind) if !kind.starts_with("text/") => Err(Error::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "Send JSON, a form or plain text, and say which in Content-Type.",
        )),
        _ => Ok(text()?.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Signature, read, signature};
    use axum::http::HeaderMap;
    use engine::Value;

    const KEY: &[u8] = b"It's a Secret to Everybody";

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    /// GitHub's own example of its scheme.
    #[test]
    fn a_plainly_signed_body_is_recognised() {
        let signed = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
        let signature =
            signature(&headers(&[("x-hub-signature-256", signed), ("x-github-delivery", "d-1")]))
                .unwrap();
        assert!(signature.is_good(KEY, b"Hello, World!", 0));
        assert!(!signature.is_good(KEY, b"Hello, World?", 0));
        assert!(!signature.is_good(b"another", b"Hello, World!", 0));
        assert_eq!(signature.id(), Some("d-1"));
    }

    #[test]
    fn a_standard_signature_holds_for_its_time_and_its_id() {
        let key = crate::keys::webhook_key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let good = [
            ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
            ("webhook-timestamp", "1614265330"),
            ("webhook-signature", "v1,wrong v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
        ];
        let read = |pairs: &[(&'static str, &str)]| signature(&headers(pairs)).unwrap();
        let body = br#"{"test": 2432232314}"#;
        assert!(read(&good).is_good(&key, body, 1_614_265_500));
        assert!(!read(&good).is_good(&key, body, 1_614_265_330 + 301));
        let mut other = good;
        other[0].1 = "msg_other";
        assert!(!read(&other).is_good(&key, body, 1_614_265_330));
        assert!(signature(&headers(&good[..2])).is_none());
        assert!(matches!(read(&good), Signature::Standard { .. }));
    }

    #[test]
    fn a_body_is_read_as_what_it_says_it_is() {
        assert!(matches!(read(br#"{"a": 1}"#, Some("application/json")), Ok(Value::Map(_))));
        assert!(
            matches!(read(b"a=1&b=2", Some("application/x-www-form-urlencoded")), Ok(Value::Map(map)) if map.len() == 2)
        );
        assert!(matches!(read(b"hello", Some("text/plain")), Ok(Value::Text(_))));
        assert!(read(b"{", Some("application/json")).is_err());
        assert!(read(b"x", Some("application/xml")).is_err());
        assert!(read(&[0xff], Some("text/plain")).is_err());
    }
}
