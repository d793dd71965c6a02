//! How a webhook proves that it comes from Plivo: signing and checking, in the three schemes that exist.
//!
//! V3 covers the address, the parameters and a nonce, and is the one to insist on.
//! V2 covers the address and a nonce but no parameters; V1 covers no nonce; both are there for old senders.
//! The public documentation leaves out how V3 joins address and parameters;
//! the rules below are those of the official SDKs, checked against vectors made with them (`tests/signature_vectors.json`).
//!
//! The address is the public one that Plivo was given, not what a proxy made of it.
//! A fragment (`#rc=3`, Plivo's retry settings) is never part of what is signed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha1::Sha1;
use sha2::Sha256;
use std::collections::BTreeSet;
use subtle::ConstantTimeEq;
use url::form_urlencoded;

/// Carries the V3 signature made with the token of the account that owns the call.
pub const V3_HEADER: &str = "X-Plivo-Signature-V3";
/// Carries the nonce of both V3 signatures.
pub const V3_NONCE_HEADER: &str = "X-Plivo-Signature-V3-Nonce";
/// Carries the V3 signature made with the main account's token; differs from [`V3_HEADER`] for subaccounts only.
pub const V3_MAIN_ACCOUNT_HEADER: &str = "X-Plivo-Signature-Ma-V3";
/// Carries the V2 signature.
pub const V2_HEADER: &str = "X-Plivo-Signature-V2";
/// Carries the nonce of both V2 signatures.
pub const V2_NONCE_HEADER: &str = "X-Plivo-Signature-V2-Nonce";
/// Carries the V2 signature made with the main account's token.
pub const V2_MAIN_ACCOUNT_HEADER: &str = "X-Plivo-Signature-Ma-V2";
/// Carries the V1 signature.
pub const V1_HEADER: &str = "X-Plivo-Signature";

/// The HTTP methods that Plivo calls webhooks with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Parameters travel in the query.
    Get,
    /// Parameters travel in the body, as a form. Plivo's default everywhere.
    #[default]
    Post,
}

impl Method {
    /// `GET` or `POST`.
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
        }
    }
}

/// Signs by V3. `params` are decoded; a parameter with several values is named once for each.
///
/// For `GET`, the query of `url` and `params` are taken together, and where both name a parameter the query counts.
pub fn v3(
    token: &str,
    method: Method,
    url: &str,
    params: &[(String, String)],
    nonce: &str,
) -> String {
    sign_sha256(token, &format!("{}.{nonce}", v3_base(method, url, params)))
}

/// Whether one of the signatures in `header` (a comma-separated list) is the V3 signature of this request.
///
/// Takes the same time for every wrong signature. An empty token or nonce never verifies anything.
pub fn verify_v3(
    token: &str,
    method: Method,
    url: &str,
    params: &[(String, String)],
    nonce: &str,
    header: &str,
) -> bool {
    !token.is_empty()
        && !nonce.is_empty()
        && is_listed(&v3(token, method, url, params, nonce), header)
}

/// Signs by V2: the address without its query, and the nonce. Parameters are not covered.
pub fn v2(token: &str, url: &str, nonce: &str) -> String {
    sign_sha256(token, &format!("{}{nonce}", split(url).0))
}

/// Whether one of the signatures in `header` (a comma-separated list) is the V2 signature of this request.
pub fn verify_v2(token: &str, url: &str, nonce: &str, header: &str) -> bool {
    !token.is_empty() && !nonce.is_empty() && is_listed(&v2(token, url, nonce), header)
}

/// Signs by V1: HMAC-SHA1 over the whole address and the sorted parameters. Nothing in it prevents a replay.
pub fn v1(token: &str, url: &str, params: &[(String, String)]) -> String {
    let url = url.split('#').next().unwrap_or(url);
    let signed = format!("{url}{}", concatenated(params));
    let mut mac =
        Hmac::<Sha1>::new_from_slice(token.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(signed.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

/// Whether one of the signatures in `header` (a comma-separated list) is the V1 signature of this request.
pub fn verify_v1(token: &str, url: &str, params: &[(String, String)], header: &str) -> bool {
    !token.is_empty() && is_listed(&v1(token, url, params), header)
}

/// What V3 signs, short of the nonce.
fn v3_base(method: Method, url: &str, params: &[(String, String)]) -> String {
    let (address, query) = split(url);
    let mut in_query: Vec<(String, String)> =
        form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    match method {
        Method::Get => {
            let named: BTreeSet<String> = in_query.iter().map(|(key, _)| key.clone()).collect();
            in_query.extend(params.iter().filter(|(key, _)| !named.contains(key)).cloned());
            if in_query.is_empty() {
                address.to_owned()
            } else {
                format!("{address}?{}", joined(&in_query))
            }
        }
        // The SDKs leave a bare `?` between an address without query and the parameters, and a dot where there is a query.
        Method::Post => match (in_query.is_empty(), params.is_empty()) {
            (true, true) => address.to_owned(),
            (true, false) => format!("{address}?{}", concatenated(params)),
            (false, true) => format!("{address}?{}", joined(&in_query)),
            (false, false) => format!("{address}?{}.{}", joined(&in_query), concatenated(params)),
        },
    }
}

/// The address up to its query, verbatim, and the query; the fragment is dropped.
fn split(url: &str) -> (&str, &str) {
    let url = url.split('#').next().unwrap_or(url);
    url.split_once('?').unwrap_or((url, ""))
}

/// `key=value&key=value`, sorted, not encoded again.
fn joined(params: &[(String, String)]) -> String {
    let pairs: Vec<String> =
        sorted(params).iter().map(|(key, value)| format!("{key}={value}")).collect();
    pairs.join("&")
}

/// `keyvaluekeyvalue`, sorted.
fn concatenated(params: &[(String, String)]) -> String {
    sorted(params).iter().flat_map(|(key, value)| [key.as_str(), value.as_str()]).collect()
}

/// By key, then by value; the order of UTF-8 bytes is the order of code points.
fn sorted(params: &[(String, String)]) -> Vec<&(String, String)> {
    let mut params: Vec<_> = params.iter().collect();
    params.sort();
    params
}

fn sign_sha256(token: &str, signed: &str) -> String {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(token.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(signed.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

fn is_listed(signature: &str, header: &str) -> bool {
    // Every entry is compared, so the time taken says nothing about which one matched.
    header.split(',').fold(false, |found, entry| {
        found | bool::from(entry.trim().as_bytes().ct_eq(signature.as_bytes()))
    })
}
