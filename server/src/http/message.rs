//! Plivo's webhooks about texts, and how every webhook is verified before anything in it is believed.

use super::{
    Error, body, incoming_message,
    voice::{document, forbidden},
};
use crate::{
    app::App,
    telephony::address::{Channel, NewsKind, SignatureHeaders},
};
use axum::{
    extract::{OriginalUri, Path, Request, State},
    http::{HeaderMap, Uri},
    response::Response,
};
use engine::{EffectId, Event};
use plivo::{
    signature::{self, Method},
    webhook::{InboundMessage, MessageStatus, Params},
    xml,
};
use tracing::{debug, info};

/// What became of a text we sent.
pub(super) async fn status(
    State(app): State<App>,
    Path((run_id, effect, code)): Path<(String, String, String)>,
    OriginalUri(uri): OriginalUri,
    request: Request,
) -> Result<Response, Error> {
    let Some(effect) = app.telephony.read_news(NewsKind::Message, &run_id, &effect, &code) else {
        return Err(forbidden());
    };
    let params = form(&app, Channel::Message, &uri, request).await?;
    let status = MessageStatus::from_params(&params)
        .map_err(|error| Error::bad_request(format!("{error}.")))?;
    tell(&app, &run_id, effect, status).await?;
    Ok(document(&xml::Response::new([])))
}

async fn tell(
    app: &App,
    run_id: &str,
    effect: EffectId,
    status: MessageStatus,
) -> Result<(), Error> {
    // The webhook is the receipt of the effect, even if the answer to our request never came.
    let accepted = Event::MessageAccepted { effect, message_uuid: status.message_uuid.clone() };
    let event = Event::MessageStatus {
        effect,
        status: status.state.as_str().to_owned(),
        error_code: status.error_code,
    };
    let told = async {
        app.runs.settle(run_id, effect, accepted, Some(&status.message_uuid)).await?;
        app.runs.deliver(run_id, event).await
    };
    match told.await {
        Err(error @ (crate::Error::NotFound(_) | crate::Error::Parked(_))) => {
            info!(%error, "news of a text has nobody to hear it");
            Ok(())
        }
        other => Ok(other?),
    }
}

/// Somebody wrote to one of our numbers.
pub(super) async fn start_by_message(
    app: &App,
    number: &str,
    params: &Params,
) -> Result<Response, Error> {
    let message = InboundMessage::from_params(params)
        .map_err(|error| Error::bad_request(format!("{error}.")))?;
    incoming_message::take(app, number, message).await
}

/// The fields of a webhook, once its signature is found good. A request without signature headers is refused before its body is read.
pub(super) async fn form(
    app: &App,
    channel: Channel,
    uri: &Uri,
    request: Request,
) -> Result<Params, Error> {
    let headers = signature_headers(request.headers());
    if !headers.can_verify(channel) {
        debug!("a webhook without a signature was refused");
        return Err(forbidden());
    }
    // Ours are posted; an application set up by hand may be asked by GET, with everything in the query.
    let (method, params) = if request.method() == axum::http::Method::GET {
        (Method::Get, Params::default())
    } else {
        (Method::Post, Params::parse(&body::bytes(request, app).await?))
    };
    let path_and_query = uri.path_and_query().map_or("/", |whole| whole.as_str());
    if !app.telephony.is_genuine(channel, method, path_and_query, params.as_slice(), &headers) {
        metrics::counter!("phloem_webhooks_refused_total").increment(1);
        info!(
            "a webhook with a wrong signature was refused; check PHLOEM_PUBLIC_URL and PLIVO_AUTH_TOKEN if it was genuine"
        );
        return Err(forbidden());
    }
    Ok(match method {
        Method::Get => Params::parse(uri.query().unwrap_or_default().as_bytes()),
        Method::Post => params,
    })
}

fn signature_headers(headers: &HeaderMap) -> SignatureHeaders {
    let all = |names: [&str; 2]| -> Vec<String> {
        names
            .iter()
            .flat_map(|name| headers.get_all(*name))
            .filter_map(|value| Some(value.to_str().ok()?.to_owned()))
            .collect()
    };
    let one =
        |name: &str| headers.get(name).and_then(|value| Some(value.to_str().ok()?.to_owned()));
    SignatureHeaders {
        v3: all([signature::V3_HEADER, signature::V3_MAIN_ACCOUNT_HEADER]),
        v3_nonce: one(signature::V3_NONCE_HEADER),
        v2: all([signature::V2_HEADER, signature::V2_MAIN_ACCOUNT_HEADER]),
        v2_nonce: one(signature::V2_NONCE_HEADER),
    }
}
