//! What we ask of Plivo over REST: place and end calls, record and move them, send messages, act on people in rooms, and look all of it up.
//!
//! A request is made once. Nothing is repeated here: a call or a message whose outcome is unknown may exist,
//! and only the caller knows how to find out ([`Error::may_have_happened`], [`Client::list_calls`], [`Client::list_messages`]).

mod body;
mod calls;
mod live;
mod messages;
mod record;
mod recordings;
mod rooms;
mod transport;

pub use calls::{CallFilter, CallRecord, LiveCall, MachineDetection, MakeCall};
pub use live::Legs;
pub use messages::{MessageFilter, MessageRecord, MessageType, SendMessage};
pub use recordings::{Recording, StartRecording};
pub use rooms::{AddParticipant, ChangeParticipant, Member, MultiPartyCallRecord};

use crate::Error;
use std::fmt;
use std::time::Duration;
use url::Url;

/// The base address of Plivo's own service.
pub const PLIVO_URL: &str = "https://api.plivo.com/v1";

/// Longer than a healthy Plivo needs, and short enough that a caller waiting for it does not hang up.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const REQUEST_TIMEOUT: Duration = Duration::from_secs(15);

/// Where the phone company is and who we are to it.
#[derive(Debug, Clone)]
pub struct Config {
    /// Everything before `/Account/…`, such as [`PLIVO_URL`]; a trailing slash does not matter.
    pub base_url: String,
    /// The account, `MA…` or `SA…`.
    pub auth_id: String,
    /// Its password, which is also the key of its webhooks' signatures.
    pub auth_token: Secret,
}

/// Text that must not be shown. It can be printed by nobody by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Hides `text`.
    pub fn new(text: impl Into<String>) -> Secret {
        Secret(text.into())
    }

    /// The text itself, for the one place that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Secret {
        Secret(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Secret {
        Secret(text.to_owned())
    }
}

/// A client of one account. Clones share their connections.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    /// `{base_url}/Account/{auth_id}`, without a trailing slash.
    account: Url,
    auth_id: String,
    auth_token: Secret,
}

impl Client {
    /// Makes a client; nothing is sent yet.
    ///
    /// Where the process has no default provider of cryptography yet, ring becomes it.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the base address or the credentials cannot be right, or when this machine's root certificates
    /// cannot be read (they are needed for `https` only).
    pub fn new(config: Config) -> Result<Client, Error> {
        let Config { base_url, auth_id, auth_token } = config;
        if auth_id.is_empty() || auth_token.expose().is_empty() {
            return Err(Error::Invalid(
                "the auth id and the auth token of the account are both needed".to_owned(),
            ));
        }
        let base = Url::parse(&base_url)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        let base = base.filter(|url| url.query().is_none() && url.fragment().is_none());
        let mut account = base
            .ok_or_else(|| Error::Invalid(format!("the base address must be like {PLIVO_URL}")))?;
        if let Ok(mut path) = account.path_segments_mut() {
            path.pop_if_empty().push("Account").push(&auth_id);
        }
        let http = http_client(&account).map_err(|error| {
            Error::Invalid(format!(
                "the HTTP client cannot be set up: {}",
                transport::chain(&error)
            ))
        })?;
        Ok(Client { http, account, auth_id, auth_token })
    }

    /// The account it acts for.
    pub fn auth_id(&self) -> &str {
        &self.auth_id
    }
}

fn http_client(account: &Url) -> reqwest::Result<reqwest::Client> {
    // Building a client without a provider panics. A provider that is already there is kept; that is what the error means.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = reqwest::Client::builder()
        .user_agent("phloem")
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(REQUEST_TIMEOUT)
        // Following one would send the credentials, or a second POST, to wherever it points.
        .redirect(reqwest::redirect::Policy::none());
    if account.scheme() == "http" {
        // A simulator without TLS works also on a machine without root certificates.
        builder = builder.tls_certs_only([]);
    }
    let is_loopback = match account.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    if is_loopback {
        builder = builder.no_proxy();
    }
    builder.build()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(base_url: &str) -> Config {
        Config {
            base_url: base_url.to_owned(),
            auth_id: "MAXXXXXXXXXXXXXXXXXX".to_owned(),
            auth_token: "hush".into(),
        }
    }

    #[test]
    fn the_token_is_never_printed() {
        let config = config("http://127.0.0.1:1/v1/");
        assert!(!format!("{config:?}").contains("hush"));
        let client = Client::new(config).unwrap();
        assert!(!format!("{client:?}").contains("hush"));
        assert_eq!(client.account.as_str(), "http://127.0.0.1:1/v1/Account/MAXXXXXXXXXXXXXXXXXX");
    }

    #[test]
    fn a_client_for_https_needs_no_preparation() {
        // On a machine without root certificates it is an error, but never a panic.
        let client = Client::new(config(PLIVO_URL));
        assert!(matches!(client, Ok(_) | Err(Error::Invalid(_))));
    }

    #[test]
    fn an_address_or_credentials_that_cannot_be_right_are_refused() {
        for base_url in [
            "",
            "api.plivo.com/v1",
            "ftp://api.plivo.com/v1",
            "https://api.plivo.com/v1?x=1",
            "data:text/plain,x",
        ] {
            assert!(matches!(Client::new(config(base_url)), Err(Error::Invalid(_))), "{base_url}");
        }
        let config = Config { auth_token: "".into(), ..config("http://127.0.0.1:1/v1") };
        assert!(matches!(Client::new(config), Err(Error::Invalid(_))));
    }
}
