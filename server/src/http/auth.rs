//! Who is asking. A handler names what its caller needs to be allowed, as a type; who may not, never reaches the handler.

use super::Error;
use crate::{
    access::{self, Caller, Scope},
    app::App,
    keys,
};
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, StatusCode, header, request::Parts},
};
use axum_extra::extract::CookieJar;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use std::marker::PhantomData;

/// The cookie of a session.
pub(super) const SESSION_COOKIE: &str = "phloem_session";

/// What a handler needs its caller to be allowed.
pub(super) trait Need: Send + Sync + 'static {
    /// The scope.
    const SCOPE: Scope;
}

macro_rules! needs {
    ($($name:ident),+) => {$(
        /// The need for the scope of the same name.
        pub(super) struct $name;

        impl Need for $name {
            const SCOPE: Scope = Scope::$name;
        }
    )+};
}

needs!(Run, Read, Write, Admin);

/// A caller with a session or a token that covers the need.
pub(super) struct May<N: Need>(pub Caller, pub(super) PhantomData<N>);

/// The same, or the account by which Plivo knows us; for Plivo-shaped paths only.
pub(super) struct MayAsAccount<N: Need>(pub Caller, pub(super) PhantomData<N>);

impl<N: Need> FromRequestParts<App> for May<N> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let caller = caller(app, &parts.headers).await?.ok_or_else(unauthorised)?;
        Ok(May(allowed::<N>(caller)?, PhantomData))
    }
}

impl<N: Need> FromRequestParts<App> for MayAsAccount<N> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let caller = match account(app, &parts.headers) {
            Some(caller) => caller,
            None => caller(app, &parts.headers).await?.ok_or_else(unauthorised)?,
        };
        Ok(MayAsAccount(allowed::<N>(caller)?, PhantomData))
    }
}

/// Who is asking, by token or session. An `Authorization` header that is wrong is not made good by a cookie.
pub(super) async fn caller(app: &App, headers: &HeaderMap) -> Result<Option<Caller>, Error> {
    if headers.contains_key(header::AUTHORIZATION) {
        let found = match credentials(headers) {
            Some(Credentials::Bearer(secret)) => {
                access::by_token(&app.store, None, &secret).await?
            }
            Some(Credentials::Basic { user, password }) => {
                access::by_token(&app.store, Some(&user), &password).await?
            }
            None => None,
        };
        return Ok(found);
    }
    match CookieJar::from_headers(headers).get(SESSION_COOKIE) {
        Some(cookie) => Ok(access::by_session(&app.store, cookie.value()).await?),
        None => Ok(None),
    }
}

/// The account, if these are its credentials.
fn account(app: &App, headers: &HeaderMap) -> Option<Caller> {
    let Some(Credentials::Basic { user, password }) = credentials(headers) else { return None };
    let is_account = keys::equal(&user, &app.account.auth_id)
        & keys::equal(&password, app.account.auth_token.expose());
    is_account.then(|| Caller::account(&user))
}

fn allowed<N: Need>(caller: Caller) -> Result<Caller, Error> {
    if caller.may(N::SCOPE) {
        return Ok(caller);
    }
    let needed = N::SCOPE.as_str();
    Err(Error::new(
        StatusCode::FORBIDDEN,
        format!("`{}` may not do this; it takes a token with the scope `{needed}`.", caller.name),
    ))
}

fn unauthorised() -> Error {
    Error::new(
        StatusCode::UNAUTHORIZED,
        "Credentials are missing or wrong. Send `Authorization: Bearer` with a token, or sign in.",
    )
}

enum Credentials {
    Bearer(String),
    Basic { user: String, password: String },
}

/// What the one `Authorization` header says; two of them say nothing.
fn credentials(headers: &HeaderMap) -> Option<Credentials> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    let (scheme, rest) = value.to_str().ok()?.split_once(' ')?;
    let rest = rest.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(Credentials::Bearer(rest.to_owned()));
    }
    if scheme.eq_ignore_ascii_case("basic") {
        let decoded = String::from_utf8(STANDARD.decode(rest).ok()?).ok()?;
        let (user, password) = decoded.split_once(':')?;
        return Some(Credentials::Basic { user: user.to_owned(), password: password.to_owned() });
    }
    None
}
