//! Requests that workflows make to the outside, and the guard around them.
//!
//! An address in a workflow may come from anybody, so it must not reach what only this machine can reach: itself, its network, the cloud's metadata.
//! Names are looked up by a resolver that gives public addresses only, so that what is checked is what is connected to; addresses written as numbers are
//! checked as well; redirects are followed by hand and checked each; time and size are bounded. `PHLOEM_EGRESS_ALLOW` opens single hosts and ports.

mod address;

pub use address::is_public;

use crate::config::{HostPort, Secrets};
use engine::{HttpAuth, HttpRequest, Secret};
use reqwest::{
    Method, StatusCode,
    dns::{Addrs, Name, Resolve, Resolving},
    header::{
        ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION,
        USER_AGENT,
    },
    redirect::Policy,
};
use std::{net::IpAddr, sync::Arc, time::Duration};
use url::{Host, Url};

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
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The `Content-Type` header, or empty.
    pub content_type: String,
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
        Ok(Egress { guarded, open, allow: allow.into(), secrets })
    }

    /// Makes a request and reads its answer, all within its time.
    ///
    /// # Errors
    /// See [`Refusal`].
    pub async fn request(&self, request: &HttpRequest) -> Result<Answer, Refusal> {
        let timeout = Duration::from_secs(u64::from(request.timeout_s.max(1)));
        let exchange = self.exchange(request);
        tokio::time::timeout(timeout, exchange).await.unwrap_or_else(|_| {
            Err(Refusal::NoAnswer(format!("no whole answer within {} s", request.timeout_s.max(1))))
        })
    }

    async fn exchange(&self, request: &HttpRequest) -> Result<Answer, Refusal> {
        let mut url = Url::parse(&request.url)
            .map_err(|error| Refusal::NotAllowed(format!("the address is not one: {error}")))?;
        let mut method = Method::from_bytes(request.method.as_bytes())
            .map_err(|_| Refusal::NotAllowed(format!("`{}` is no method", request.method)))?;
        let mut headers = self.headers(request)?;
        let mut body = request.body.clone();
        for _ in 0..=REDIRECTS_MAX {
            let client = self.client_for(&url)?;
            let mut builder = client.request(method.clone(), url.clone()).headers(headers.clone());
            if let Some(body) = &body {
                builder = builder.body(body.clone());
            }
            let response = builder.send().await.map_err(|error| failure(&error))?;
            let Some(next) = redirect_target(&response, &url)? else { return read(response).await };
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

    /// The client that may connect to an address, if any may.
    fn client_for(&self, url: &Url) -> Result<&reqwest::Client, Refusal> {
        let refuse = |why: String| {
            Err(Refusal::NotAllowed(format!(
                "the guard on outgoing requests refuses this address: {why}"
            )))
        };
        if !matches!(url.scheme(), "http" | "https") {
            return refuse(format!("`{}` is neither http nor https", url.scheme()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return refuse(
                "it holds a user name or password; use the node's authentication instead"
                    .to_owned(),
            );
        }
        let (Some(host), Some(port)) = (url.host(), url.port_or_known_default()) else {
            return refuse("it has no host".to_owned());
        };
        let name = host.to_string();
        if self.allow.iter().any(|allowed| allowed.port == port && allowed.host == name) {
            return Ok(&self.open);
        }
        let remedy = "an operator can allow it with PHLOEM_EGRESS_ALLOW";
        if !PORTS.contains(&port) {
            return refuse(format!("port {port} is not open to workflows; {remedy}"));
        }
        let is_public = match host {
            Host::Ipv4(address) => is_public(IpAddr::V4(address)),
            Host::Ipv6(address) => is_public(IpAddr::V6(address)),
            Host::Domain(_) => true,
        };
        if !is_public {
            return refuse(format!("{name} is not a public address; {remedy}"));
        }
        Ok(&self.guarded)
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
                return Err(Refusal::NotAllowed("this server cannot fetch tokens".to_owned()));
            }
        })
    }

    fn reveal<'a>(&'a self, secret: &'a Secret) -> Result<&'a str, Refusal> {
        match secret {
            Secret::Value(value) => Ok(value),
            Secret::Named { name } => self.secrets.get(name).ok_or_else(|| {
                let variable: String = name
                    .chars()
                    .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' })
                    .collect();
                Refusal::NotAllowed(format!(
                    "the server has no secret `{name}`; set PHLOEM_SECRET_{variable}"
                ))
            }),
        }
    }
}

/// Makes ring the process's provider of cryptography; without one a client cannot be built. One that is there already stays.
pub(crate) fn use_ring() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// Looks names up and gives only those addresses that anybody on the internet could reach.
struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<_> = tokio::net::lookup_host((name.as_str(), 0))
                .await?
                .filter(|address| is_public(address.ip()))
                .collect();
            if found.is_empty() {
                return Err(format!(
                    "the guard on outgoing requests refuses {}: it has no public address",
                    name.as_str()
                )
                .into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

trait RetainOnly {
    fn retain_only(&mut self, kept: &[HeaderName]);
}

impl RetainOnly for HeaderMap {
    fn retain_only(&mut self, kept: &[HeaderName]) {
        let dropped: Vec<HeaderName> =
            self.keys().filter(|name| !kept.contains(name)).cloned().collect();
        for name in dropped {
            self.remove(name);
        }
    }
}

fn redirect_target(response: &reqwest::Response, url: &Url) -> Result<Option<Url>, Refusal> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let Some(location) = response.headers().get(LOCATION) else { return Ok(None) };
    let location = location.to_str().map_err(|_| {
        Refusal::NotAllowed("the answer redirects to what is no address".to_owned())
    })?;
    url.join(location)
        .map(Some)
        .map_err(|_| Refusal::NotAllowed("the answer redirects to what is no address".to_owned()))
}

async fn read(mut response: reqwest::Response) -> Result<Answer, Refusal> {
    let status = response.status().as_u16();
    let content_type = response
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| failure(&error))? {
        if bytes.len() + chunk.len() > engine::limits::HTTP_RESPONSE_BYTES_MAX {
            return Err(Refusal::NoAnswer("the answer is larger than 1 MiB".to_owned()));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Answer { status, content_type, body: String::from_utf8_lossy(&bytes).into_owned() })
}

/// A failure in words, without the address, whose query may hold keys.
fn failure(error: &reqwest::Error) -> Refusal {
    let mut words = Vec::new();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        words.push(cause.to_string());
        source = cause.source();
    }
    let cause = words.pop().unwrap_or_else(|| "the connection failed".to_owned());
    if let Some(refusal) =
        words.iter().chain([&cause]).find(|word| word.contains("the guard on outgoing requests"))
    {
        return Refusal::NotAllowed(refusal.clone());
    }
    if error.is_connect() {
        Refusal::NotSent(format!("no connection: {cause}"))
    } else {
        Refusal::NoAnswer(format!("no usable answer: {cause}"))
    }
}
