//! Requests that workflows make to the outside, and the guard around them.
//!
//! An address in a workflow may come from anybody, so it must not reach what only this machine can reach: itself, its network, the cloud's metadata.
//! Names are looked up by a resolver that gives public addresses only, so that what is checked is what is connected to; addresses written as numbers are
//! checked as well; redirects are followed by hand and checked each; time and size are bounded. `PHLOEM_EGRESS_ALLOW` opens single hosts and ports.

mod address;
mod answer;
mod guard;
mod token;

pub use address::is_public;

use crate::config::{HostPort, Secrets, secret_variable};
use answer::{Raw, RetainOnly, failure, read, redirect_target};
use engine::{HttpAuth, HttpRequest, Secret};
use guard::PublicOnly;
use reqwest::{
    Method, StatusCode,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, USER_AGENT},
    redirect::Policy,
};
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use token::{Grant, Tokens};
use url::Url;

/// Ports that a workflow may use at any public host.
const PORTS: [u16; 4] = [80, 443, 8080, 8443];
/// Redirects that are followed.
const REDIRECTS_MAX: usize = 5;
/// How long to wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Headers that a request has to have as they are made here.
const OWN_HEADERS: [&str; 6] =
    ["host", "content-length", "transfer-encoding", "connection", "upgrade", "te"];

/// Makes guarded requests.
#[derive(Clone, Debug)]
pub struct Egress {
    /// Connects to public addresses only.
    guarded: reqwest::Client,
    /// Connects to what is allowed by name and port.
    open: reqwest::Client,
    allow: Arc<[HostPort]>,
    secrets: Secrets,
    /// OAuth tokens that are still good.
    tokens: Tokens,
}

/// A file that was fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name, without any folder.
    pub name: String,
    /// The `Content-Type` header, or empty.
    pub content_type: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// A file to fetch.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// Where it is.
    pub url: &'a str,
    /// Credentials, if it takes any.
    pub auth: Option<HttpAuth>,
    /// How large it may be.
    pub bytes_max: usize,
    /// How long fetching it may take, in seconds.
    pub timeout_s: u32,
    /// Hosts that may be reached for it although the guard would refuse.
    pub trusted: &'a [HostPort],
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The `Content-Type` header, or empty.
    pub content_type: String,
    /// How long to wait before asking again, by the `Retry-After` header, in seconds.
    pub retry_after_s: Option<u32>,
    /// The body as text.
    pub body: String,
}

/// Why there is no answer. The words are for people and never hold credentials.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The guard or the request itself is in the way; nothing was sent.
    #[error("{0}")]
    NotAllowed(String),
    /// Nothing was sent: no connection.
    #[error("{0}")]
    NotSent(String),
    /// It was sent, and no usable answer came.
    #[error("{0}")]
    NoAnswer(String),
}

impl Egress {
    /// A guard that lets these hosts and ports through.
    ///
    /// # Errors
    /// The TLS set-up of this machine cannot be used.
    pub fn new(allow: Vec<HostPort>, secrets: Secrets) -> Result<Egress, crate::Error> {
        use_ring();
        let build = |builder: reqwest::ClientBuilder| {
            builder
                .redirect(Policy::none())
                .no_proxy()
                .connect_timeout(CONNECT_TIMEOUT)
                .user_agent("phloem")
                .build()
                .map_err(|error| {
                    crate::Error::Setting(format!(
                        "the client for outgoing requests cannot be set up: {error}"
                    ))
                })
        };
        let guarded = build(reqwest::Client::builder().dns_resolver(Arc::new(PublicOnly)))?;
        let open = build(reqwest::Client::builder())?;
        Ok(Egress { guarded, open, allow: allow.into(), secrets, tokens: Tokens::default() })
    }

    /// Makes a request and reads its answer, all within its time.
    ///
    /// # Errors
    /// See [`Refusal`].
    pub async fn request(&self, request: &HttpRequest) -> Result<Answer, Refusal> {
        let raw = within(request.timeout_s, self.authorised(request)).await?;
        Ok(Answer {
            status: raw.status,
            content_type: raw.content_type,
            retry_after_s: raw.retry_after_s,
            body: String::from_utf8_lossy(&raw.bytes).into_owned(),
        })
    }

    /// Fetches a file. An answer that does not bring it is a refusal.
    ///
    /// # Errors
    /// See [`Refusal`].
    pub async fn fetch(&self, wanted: &Wanted<'_>) -> Result<File, Refusal> {
        let request = HttpRequest {
            method: "GET".to_owned(),
            url: wanted.url.to_owned(),
            headers: BTreeMap::new(),
            auth: wanted.auth.clone(),
            body: None,
            timeout_s: wanted.timeout_s,
        };
        let exchange = self.exchange(&request, wanted.bytes_max, wanted.trusted);
        let raw = within(wanted.timeout_s, exchange).await?;
        if !(200..300).contains(&raw.status) {
            return Err(Refusal::NoAnswer(format!("the answer has the status {}", raw.status)));
        }
        Ok(File { name: raw.name, content_type: raw.content_type, bytes: raw.bytes })
    }

    /// Makes a request with its credentials. A token that is refused is fetched anew, once: a service may take tokens back before their time.
    async fn authorised(&self, request: &HttpRequest) -> Result<Raw, Refusal> {
        const BYTES_MAX: usize = engine::limits::HTTP_RESPONSE_BYTES_MAX;
        let Some(HttpAuth::ClientCredentials { token_url, client_id, client_secret, scope }) =
            &request.auth
        else {
            return self.exchange(request, BYTES_MAX, &[]).await;
        };
        let grant = Grant {
            token_url: token_url.clone(),
            client_id: client_id.clone(),
            client_secret: self.reveal(client_secret)?.to_owned(),
            scope: scope.clone(),
        };
        let with = |token: &str| HttpRequest {
            auth: Some(HttpAuth::Bearer(Secret::Value(token.to_owned()))),
            ..request.clone()
        };
        let token = self.tokens.get(self, &grant).await?;
        let raw = self.exchange(&with(&token), BYTES_MAX, &[]).await?;
        if raw.status != StatusCode::UNAUTHORIZED.as_u16() {
            return Ok(raw);
        }
        self.tokens.forget(&grant, &token).await;
        let token = self.tokens.get(self, &grant).await?;
        self.exchange(&with(&token), BYTES_MAX, &[]).await
    }

    async fn exchange(
        &self,
        request: &HttpRequest,
        bytes_max: usize,
        trusted: &[HostPort],
    ) -> Result<Raw, Refusal> {
        let mut url = Url::parse(&request.url)
            .map_err(|error| Refusal::NotAllowed(format!("the address is not one: {error}")))?;
        let mut method = Method::from_bytes(request.method.as_bytes())
            .map_err(|_| Refusal::NotAllowed(format!("`{}` is no method", request.method)))?;
        let mut headers = self.headers(request)?;
        let mut body = request.body.clone();
        for _ in 0..=REDIRECTS_MAX {
            let client = self.client_for(&url, trusted)?;
            let mut builder = client.request(method.clone(), url.clone()).headers(headers.clone());
            if let Some(body) = &body {
                builder = builder.body(body.clone());
            }
            let response = builder.send().await.map_err(|error| failure(&error))?;
            let Some(next) = redirect_target(&response, &url)? else {
                return read(response, &url, bytes_max).await;
            };
            if url.scheme() == "https" && next.scheme() == "http" {
                return Err(Refusal::NotAllowed(
                    "the answer redirects from https to http".to_owned(),
                ));
            }
            if next.origin() != url.origin() {
                // Whatever was meant for the first host is not meant for the next: any header may hold a key.
                headers.retain_only(&[ACCEPT, CONTENT_TYPE, USER_AGENT]);
            }
            let becomes_get = match response.status() {
                StatusCode::SEE_OTHER => method != Method::HEAD,
                StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND => method == Method::POST,
                _ => false,
            };
            if becomes_get {
                method = Method::GET;
                body = None;
                headers.remove(CONTENT_TYPE);
            }
            url = next;
        }
        Err(Refusal::NotAllowed(format!("more than {REDIRECTS_MAX} redirects")))
    }

    fn headers(&self, request: &HttpRequest) -> Result<HeaderMap, Refusal> {
        let mut headers = HeaderMap::new();
        for (name, value) in &request.headers {
            let wrong = || Refusal::NotAllowed(format!("the header `{name}` cannot be sent"));
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong())?;
            if OWN_HEADERS.contains(&name.as_str()) {
                return Err(wrong());
            }
            headers.append(name, HeaderValue::from_str(value).map_err(|_| wrong())?);
        }
        if let Some(auth) = &request.auth {
            let mut value = HeaderValue::from_str(&self.authorization(auth)?).map_err(|_| {
                Refusal::NotAllowed("the credentials cannot be sent in a header".to_owned())
            })?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        Ok(headers)
    }

    fn authorization(&self, auth: &HttpAuth) -> Result<String, Refusal> {
        use base64::{Engine as _, engine::general_purpose::STANDARD};
        Ok(match auth {
            HttpAuth::Basic { user, password } => {
                format!("Basic {}", STANDARD.encode(format!("{user}:{}", self.reveal(password)?)))
            }
            HttpAuth::Bearer(token) => format!("Bearer {}", self.reveal(token)?),
            HttpAuth::ClientCredentials { .. } => {
                return Err(Refusal::NotAllowed("a token has to be fetched for this".to_owned()));
            }
        })
    }

    fn reveal<'a>(&'a self, secret: &'a Secret) -> Result<&'a str, Refusal> {
        match secret {
            Secret::Value(value) => Ok(value),
            Secret::Named { name } => self.secrets.get(name).ok_or_else(|| {
                Refusal::NotAllowed(format!(
                    "the server has no secret `{name}`; set {}",
                    secret_variable(name)
                ))
            }),
        }
    }
}

/// Makes ring the process's provider of cryptography; without one a client cannot be built. One that is there already stays.
pub(crate) fn use_ring() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// The outcome, if it comes in time.
async fn within<T>(
    timeout_s: u32,
    outcome: impl Future<Output = Result<T, Refusal>>,
) -> Result<T, Refusal> {
    let timeout_s = timeout_s.max(1);
    tokio::time::timeout(Duration::from_secs(u64::from(timeout_s)), outcome)
        .await
        .unwrap_or_else(|_| Err(Refusal::NoAnswer(format!("no whole answer within {timeout_s} s"))))
}
