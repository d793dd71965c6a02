//! The whole URL space on one screen.
//!
//! Every handler takes its caller through an extractor ([`auth::May`] or [`auth::MayAsAccount`]); a route without one is public, and those are few and named
//! below. Nothing here decides by the text of a path who may do what.

pub mod api_docs;
mod audio;
mod auth;
mod body;
mod drop;
mod editor;
mod error;
mod health;
mod hooks;
mod incoming_message;
mod journal;
mod live;
mod message;
mod numbers;
mod observe;
mod opt_outs;
mod phlo_action;
mod phlo_run;
mod phone_network;
mod recording;
mod runs;
mod shed;
mod sign_in;
mod tokens;
mod try_out;
mod voice;
mod workflows;

pub use error::Error;

use crate::app::App;
use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{HeaderName, HeaderValue},
    middleware::{from_fn, from_fn_with_state, map_response},
    response::Response,
    routing::{any, get, post},
};
use tower::Layer;
use tower_http::{
    catch_panic::CatchPanicLayer,
    csrf::CsrfLayer,
    normalize_path::{NormalizePath, NormalizePathLayer},
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// Bodies of webhooks and of small requests, in bytes.
const SMALL_BODY_BYTES_MAX: usize = 64 * 1024;
/// Body of a run request, in bytes.
const RUN_BODY_BYTES_MAX: usize = 256 * 1024;

/// The server's service: all routes, behind what is common to them.
pub fn service(app: App) -> NormalizePath<Router> {
    NormalizePathLayer::trim_trailing_slash().layer(router(app))
}

fn router(app: App) -> Router {
    let (api, _) = api().split_for_parts();
    Router::new()
        // Services and Plivo's SDKs.
        .merge(plivo_shaped(&app))
        // Our own API and its description.
        .nest(
            "/api/v1",
            api.fallback(error::nothing_here).method_not_allowed_fallback(error::wrong_method),
        )
        .route("/api/openapi.json", get(api_docs::document))
        .route("/api/docs", get(api_docs::open))
        .route("/api/docs/{*file}", get(api_docs::page))
        .route("/api/{*rest}", any(error::nothing_here))
        // Plivo's webhooks: signed, and with our own code in the path.
        .nest("/plivo", webhooks())
        // The telephone company of a sandbox, behind its own guard.
        .nest_service("/simulator", phone_network::service(&app))
        // Other systems: signed with the workflow's own secret.
        .nest("/hooks", hooks(&app))
        // People: the sign-in link is public, the rest of the editor is not.
        .route("/sign-in", get(sign_in::sign_in))
        // Public: what the carrier plays to people who wait.
        .route("/audio/{name}", get(audio::piece))
        // Public: says nothing but whether the server lives and takes work.
        .route("/healthz", get(health::lives))
        .route("/readyz", get(health::takes_work))
        .route("/metrics", get(health::metrics))
        .fallback(editor::serve)
        .layer(from_fn_with_state(app.clone(), observe::observe))
        .layer(map_response(secure))
        .layer(CsrfLayer::new())
        .layer(CatchPanicLayer::custom(error::panicked))
        .with_state(app)
}

/// Where runs are started and followed: the document's form, and PHLO's own.
fn plivo_shaped(app: &App) -> Router<App> {
    Router::new()
        .nest(
            "/phlo",
            Router::new().route("/{id}/run", post(phlo_run::run)).fallback(error::nothing_here),
        )
        .nest("/v1", phlo_runner().fallback(error::nothing_here))
        .layer(DefaultBodyLimit::max(RUN_BODY_BYTES_MAX))
        .layer(from_fn_with_state(app.clone(), shed::shed))
        .layer(from_fn(error::in_plivos_shape))
}

fn phlo_runner() -> Router<App> {
    Router::new()
        .route("/account/{auth_id}/phlo/{id}", post(phlo_run::run_of_account))
        .route("/phlo/{id}", get(phlo_run::phlo))
        .route("/phlo/{id}/runs/{run_id}", get(phlo_run::phlo_run))
        .route(
            "/phlo/{id}/{node_type}/{node_id}",
            get(phlo_action::node).post(phlo_action::act_on_node),
        )
        .route(
            "/phlo/{id}/{node_type}/{node_id}/members/{member}",
            post(phlo_action::act_on_member),
        )
}

fn webhooks() -> Router<App> {
    Router::new()
        .route("/call/{run_id}/{leg}/{turn}/{kind}/{code}", get(voice::call).post(voice::call))
        .route("/number/{number}/{kind}/{code}", get(voice::number).post(voice::number))
        .route("/message/{run_id}/{effect}/{code}", get(message::status).post(message::status))
        .route(
            "/recording/{run_id}/{effect}/{code}",
            get(recording::stored).post(recording::stored),
        )
        .route("/drop/{run_id}/{effect}/{code}", get(drop::message).post(drop::message))
        .route(
            "/transcription/{run_id}/{effect}/{code}",
            get(recording::transcribed).post(recording::transcribed),
        )
        .fallback(error::nothing_here)
        .layer(DefaultBodyLimit::max(SMALL_BODY_BYTES_MAX))
}

fn hooks(app: &App) -> Router<App> {
    Router::new()
        .route("/{id}", post(hooks::take))
        .fallback(error::nothing_here)
        .method_not_allowed_fallback(error::wrong_method)
        .layer(DefaultBodyLimit::max(SMALL_BODY_BYTES_MAX))
        .layer(from_fn_with_state(app.clone(), shed::shed))
}

/// Our own API; its description is made from the same routes.
pub(crate) fn api() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(workflows::list))
        .routes(routes!(workflows::get, workflows::put, workflows::delete))
        .routes(routes!(workflows::publish))
        .routes(routes!(workflows::versions))
        .routes(routes!(workflows::version))
        .routes(routes!(workflows::validate))
        .routes(routes!(workflows::examples))
        .layer(DefaultBodyLimit::max(body::DOCUMENT_BODY_BYTES_MAX))
        .routes(routes!(runs::list))
        .routes(routes!(runs::get))
        .routes(routes!(journal::get))
        .routes(routes!(runs::cancel))
        .routes(routes!(live::events))
        .routes(routes!(numbers::list))
        .routes(routes!(numbers::put))
        .routes(routes!(try_out::http))
        .routes(routes!(try_out::connections))
        .routes(routes!(opt_outs::list))
        .routes(routes!(opt_outs::delete))
        .routes(routes!(tokens::list, tokens::create))
        .routes(routes!(tokens::delete))
        .routes(routes!(sign_in::session, sign_in::sign_out))
}

/// Headers for every answer.
async fn secure(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    // What says nothing else must not be kept anywhere: answers hold numbers and variables.
    headers.entry("cache-control").or_insert(HeaderValue::from_static("no-store"));
    response
}
