//! Who may use the control API: whoever knows the account, whoever sits at this machine, and whoever the host application vouches for.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, Uri, header},
    middleware::Next,
    response::Response,
};

use crate::{
    Vouched,
    network::Network,
    rest::{is_authorised, unauthorised},
};

pub(super) async fn check(
    State(network): State<Arc<Network>>,
    request: Request,
    next: Next,
) -> Response {
    let is_vouched = request.extensions().get::<Vouched>().is_some();
    if is_vouched || is_authorised(&network, request.headers()) || is_local(&request) {
        return next.run(request).await;
    }
    unauthorised()
}

/// True for a request that really comes from this machine and from a page (or program) of this machine.
/// A proxy in between, a page of another site, or a foreign name for this address all speak for somebody else.
fn is_local(request: &Request) -> bool {
    let peer =
        request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    peer.is_some_and(|peer| peer.to_canonical().is_loopback())
        && !is_forwarded(request.headers())
        && !is_foreign_page(request.headers())
        && names_this_machine(request.headers(), request.uri())
}

fn is_forwarded(headers: &HeaderMap) -> bool {
    headers.contains_key("forwarded")
        || headers.contains_key("x-forwarded-for")
        || headers.contains_key("x-real-ip")
}

fn is_foreign_page(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site" || site == "same-site")
}

fn names_this_machine(headers: &HeaderMap, uri: &Uri) -> bool {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .or_else(|| uri.authority().map(|authority| authority.as_str()));
    let Some(host) = host else { return false };
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost")
        || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}
