//! One request: signed, sent, and read up to the size of a document.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use plivo::signature::{self, Method};
use url::Url;
use uuid::Uuid;

use super::{Answer, Failure, Family, Hook, patience::Patience};
use crate::{config::Config, limits::DOCUMENT_BYTES_MAX};

/// Sends the requests.
pub(crate) struct Courier {
    auth_token: String,
    /// One client for each connect time-out in use; nearly always one.
    clients: Mutex<HashMap<u64, reqwest::Client>>,
}

impl Courier {
    pub(crate) fn new(config: &Config) -> Courier {
        // Somebody else may have chosen a provider already; theirs is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Courier { auth_token: config.auth_token.clone(), clients: Mutex::new(HashMap::new()) }
    }

    fn client(&self, connect_ms: u64) -> reqwest::Client {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        // Connect time-outs have four useful digits at most; a hundred clients is a plenty.
        if clients.len() > 100 {
            clients.clear();
        }
        clients
            .entry(connect_ms)
            .or_insert_with(|| {
                reqwest::Client::builder()
                    .connect_timeout(Duration::from_millis(connect_ms))
                    .redirect(reqwest::redirect::Policy::none())
                    .no_proxy()
                    .user_agent("PhloemSimulator")
                    .build()
                    .expect("a client without certificates of its own can be built")
            })
            .clone()
    }

    pub(super) async fn attempt(
        &self,
        hook: &Hook,
        params: &[(String, String)],
        family: Family,
        patience: &Patience,
    ) -> Result<Answer, Failure> {
        let mut url = Url::parse(&hook.url).map_err(|_| Failure::Address)?;
        url.set_fragment(None);
        let nonce = Uuid::new_v4().simple().to_string();
        let signed_v3 = signature::v3(&self.auth_token, hook.method, url.as_str(), params, &nonce);
        let client = self.client(patience.connect_ms);
        let request = match hook.method {
            Method::Post => client.post(url.clone()).form(params),
            Method::Get => client.get(url.clone()).query(params),
        };
        let mut request = request
            .timeout(Duration::from_millis(patience.connect_ms + patience.read_ms))
            .header(signature::V3_HEADER, &signed_v3)
            .header(signature::V3_MAIN_ACCOUNT_HEADER, &signed_v3)
            .header(signature::V3_NONCE_HEADER, &nonce);
        if family == Family::Message {
            let signed_v2 = signature::v2(&self.auth_token, url.as_str(), &nonce);
            request = request
                .header(signature::V2_HEADER, &signed_v2)
                .header(signature::V2_MAIN_ACCOUNT_HEADER, &signed_v2)
                .header(signature::V2_NONCE_HEADER, &nonce);
        }
        let mut response = request.send().await.map_err(|error| {
            if error.is_connect() {
                Failure::Connect
            } else if error.is_timeout() {
                Failure::Timeout
            } else {
                Failure::Broken
            }
        })?;
        let status = response.status().as_u16();
        let mut body = Vec::new();
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| if error.is_timeout() { Failure::Timeout } else { Failure::Broken })?
        {
            if body.len() + chunk.len() > DOCUMENT_BYTES_MAX {
                return Err(Failure::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        if !(200..300).contains(&status) {
            return Err(Failure::Status(status));
        }
        Ok(Answer { status, body: String::from_utf8_lossy(&body).into_owned() })
    }
}
