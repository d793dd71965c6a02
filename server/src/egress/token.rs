//! OAuth 2.0 client credentials (RFC 6749, 4.4): a token is fetched through the same guard, and kept while it is good.

use super::{Egress, Raw, Refusal};
use crate::keys;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use engine::HttpRequest;
use serde::Deserialize;
use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    sync::{Arc, Mutex as SyncMutex, PoisonError},
    time::{Duration, Instant},
};
use tokio::sync::Mutex;
use url::{Url, form_urlencoded};

/// How long before its end a token is not used any more: clocks differ, and requests take time.
const SKEW: Duration = Duration::from_secs(30);
/// How long a token counts as good that does not say so itself.
const LIFE_DEFAULT_S: u64 = 300;
/// How long any token is kept.
const LIFE_S_MAX: u64 = 24 * 3600;
/// Tokens kept at once; past that many, all are fetched again as they are needed.
const KEPT_MAX: usize = 256;
/// An answer with a token, in bytes.
const BYTES_MAX: usize = 64 * 1024;

/// What a token is asked for with.
pub(super) struct Grant {
    pub(super) token_url: String,
    pub(super) client_id: String,
    pub(super) client_secret: String,
    pub(super) scope: String,
}

/// Tokens that are still good, by the digest of their grant.
#[derive(Clone, Default)]
pub(super) struct Tokens(Arc<SyncMutex<HashMap<String, Place>>>);

/// One grant's place: who finds it locked waits for the token that is being fetched.
type Place = Arc<Mutex<Option<Token>>>;

struct Token {
    text: String,
    good_until: Instant,
}

/// The answer of a token address, as far as it is used.
#[derive(Deserialize)]
struct Answer {
    access_token: Option<String>,
    token_type: Option<String>,
    expires_in: Option<serde_json::Value>,
    error: Option<String>,
    error_description: Option<String>,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Tokens(hidden)")
    }
}

impl Grant {
    /// Names the grant without giving it away.
    fn digest(&self) -> String {
        let parts = [&self.token_url, &self.client_id, &self.client_secret, &self.scope];
        keys::digest(&serde_json::to_string(&parts).unwrap_or_default())
    }

    /// The request for a token. Servers have to take the credentials in the header (RFC 6749, 2.3.1); some take them in the form only.
    fn request(&self, in_header: bool) -> HttpRequest {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", "client_credentials");
        if !self.scope.trim().is_empty() {
            form.append_pair("scope", self.scope.trim());
        }
        let mut headers = BTreeMap::from([
            ("accept".to_owned(), "application/json".to_owned()),
            ("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned()),
        ]);
        if in_header {
            let encoded = |text: &str| -> String {
                form_urlencoded::byte_serialize(text.as_bytes()).collect()
            };
            let pair = format!("{}:{}", encoded(&self.client_id), encoded(&self.client_secret));
            headers.insert("authorization".to_owned(), format!("Basic {}", STANDARD.encode(pair)));
        } else {
            form.append_pair("client_id", &self.client_id);
            form.append_pair("client_secret", &self.client_secret);
        }
        HttpRequest {
            method: "POST".to_owned(),
            url: self.token_url.clone(),
            headers,
            auth: None,
            body: Some(form.finish()),
            timeout_s: 0,
        }
    }
}

impl Tokens {
    /// A token that is good; fetched if there is none.
    pub(super) async fn get(&self, egress: &Egress, grant: &Grant) -> Result<String, Refusal> {
        let place = self.place(grant);
        let mut kept = place.lock().await;
        if let Some(token) = kept.as_ref().filter(|token| token.good_until > Instant::now()) {
            return Ok(token.text.clone());
        }
        *kept = None;
        let token = fetch(egress, grant).await?;
        let text = token.text.clone();
        *kept = Some(token);
        Ok(text)
    }

    /// Lets go of a token that was refused, unless there is another one by now.
    pub(super) async fn forget(&self, grant: &Grant, refused: &str) {
        let place = self.place(grant);
        let mut kept = place.lock().await;
        if kept.as_ref().is_some_and(|token| token.text == refused) {
            *kept = None;
        }
    }

    fn place(&self, grant: &Grant) -> Place {
        let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if places.len() >= KEPT_MAX {
            places.clear();
        }
        Arc::clone(places.entry(grant.digest()).or_default())
    }
}

async fn fetch(egress: &Egress, grant: &Grant) -> Result<Token, Refusal> {
    let url = Url::parse(&grant.token_url)
        .map_err(|error| Refusal::NotAllowed(format!("the token address is not one: {error}")))?;
    let place = url.host_str().unwrap_or_default().to_owned();
    let explain = |refusal: Refusal| {
        let why = format!("no token from {place}: {refusal}");
        match refusal {
            Refusal::NotAllowed(_) => Refusal::NotAllowed(why),
            // Whatever became of this request, the workflow's own was not sent.
            Refusal::NotSent(_) | Refusal::NoAnswer(_) => Refusal::NotSent(why),
        }
    };
    let mut raw = egress.exchange(&grant.request(true), BYTES_MAX, &[]).await.map_err(explain)?;
    if matches!(raw.status, 400 | 401) {
        raw = egress.exchange(&grant.request(false), BYTES_MAX, &[]).await.map_err(explain)?;
    }
    read(&raw).map_err(|why| explain(Refusal::NotSent(why)))
}

fn read(raw: &Raw) -> Result<Token, String> {
    let answer: Option<Answer> = serde_json::from_slice(&raw.bytes).ok();
    if !(200..300).contains(&raw.status) {
        let said = answer.and_then(|answer| answer.error_description.or(answer.error));
        let said: String = said.unwrap_or_default().chars().take(200).collect();
        return Err(format!("it answered {} {said}", raw.status).trim_end().to_owned());
    }
    let answer = answer.ok_or("its answer is not the JSON of a token")?;
    if answer.token_type.as_deref().is_some_and(|kind| !kind.eq_ignore_ascii_case("bearer")) {
        return Err("its token is of another type than bearer".to_owned());
    }
    let text = answer
        .access_token
        .filter(|text| !text.is_empty())
        .ok_or("its answer holds no access_token")?;
    // Some write the number as text.
    let life_s = match answer.expires_in {
        Some(serde_json::Value::Number(number)) => number.as_u64(),
        Some(serde_json::Value::String(text)) => text.parse().ok(),
        _ => None,
    };
    let life = Duration::from_secs(life_s.unwrap_or(LIFE_DEFAULT_S).min(LIFE_S_MAX));
    Ok(Token { text, good_until: Instant::now() + life.saturating_sub(SKEW) })
}
