//! One request and one answer, and what it means when there is none.

use super::Client;
use crate::Error;
use reqwest::{Method, StatusCode};
use serde_json::Value;

/// Lists have at most 20 entries, so nothing Plivo says is nearly as long.
const ANSWER_BYTES_MAX: usize = 1024 * 1024;

/// Plivo's explanations are sentences; a proxy's may be whole pages.
const MESSAGE_CHARACTERS_MAX: usize = 300;

impl Client {
    /// Asks for something. `None` means that Plivo does not know it.
    pub(super) async fn get(
        &self,
        path: &[&str],
        query: &[(&str, String)],
    ) -> Result<Option<Value>, Error> {
        let request = self.http.request(Method::GET, self.address(path)?).query(query);
        match self.send(request).await {
            Ok(answer) => Ok(Some(answer)),
            Err(Error::Refused { status: 404, .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Has something done.
    pub(super) async fn post(&self, path: &[&str], body: &Value) -> Result<Value, Error> {
        self.send(self.http.request(Method::POST, self.address(path)?).json(body)).await
    }

    /// Has something done to a thing that may be gone. `None` means that Plivo does not know it.
    pub(super) async fn post_if_known(
        &self,
        path: &[&str],
        body: &Value,
    ) -> Result<Option<Value>, Error> {
        match self.post(path, body).await {
            Ok(answer) => Ok(Some(answer)),
            Err(Error::Refused { status: 404, .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The same where the answer says nothing more. False means that Plivo does not know the thing.
    pub(super) async fn post_done(&self, path: &[&str], body: &Value) -> Result<bool, Error> {
        self.post_if_known(path, body).await.map(|answer| answer.is_some())
    }

    /// Has something ended. False means that Plivo does not know it, mostly because it has ended already.
    pub(super) async fn delete(&self, path: &[&str]) -> Result<bool, Error> {
        match self.send(self.http.request(Method::DELETE, self.address(path)?)).await {
            Ok(_) => Ok(true),
            Err(Error::Refused { status: 404, .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Every path of Plivo's ends in a slash.
    fn address(&self, path: &[&str]) -> Result<url::Url, Error> {
        if path.iter().any(|segment| segment.is_empty() || matches!(*segment, "." | "..")) {
            return Err(Error::Invalid("an id in a request to plivo is empty".to_owned()));
        }
        let mut address = self.account.clone();
        if let Ok(mut segments) = address.path_segments_mut() {
            segments.extend(path).push("");
        }
        Ok(address)
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<Value, Error> {
        let request = request.basic_auth(&self.auth_id, Some(self.auth_token.expose()));
        let mut response = request.send().await.map_err(not_answered)?;
        let status = response.status();
        let retry_after_s = response
            .headers()
            .get("retry-after")
            .and_then(|value| value.to_str().ok()?.trim().parse().ok());
        let mut body = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() <= ANSWER_BYTES_MAX => {
                    body.extend_from_slice(&chunk)
                }
                Ok(Some(_)) => {
                    return Err(Error::Unknown(format!(
                        "its answer is longer than {ANSWER_BYTES_MAX} bytes"
                    )));
                }
                Ok(None) => break,
                // A refusal is one even when its explanation does not arrive.
                Err(_) if status.is_client_error() => break,
                Err(error) => return Err(Error::Unknown(chain(&error.without_url()))),
            }
        }
        match status {
            _ if status.is_success() && body.is_empty() => Ok(Value::Null),
            _ if status.is_success() => serde_json::from_slice(&body)
                .map_err(|_| Error::Unknown("its answer is not JSON".to_owned())),
            StatusCode::TOO_MANY_REQUESTS => Err(Error::RateLimited { retry_after_s }),
            // Says that the request did not arrive in time, not that nothing was done with it.
            StatusCode::REQUEST_TIMEOUT => {
                Err(Error::Unknown(format!("status {}", status.as_u16())))
            }
            _ if status.is_client_error() => {
                Err(Error::Refused { status: status.as_u16(), message: explanation(&body) })
            }
            _ if status.is_redirection() => {
                let message = "the base address answers with a redirect, which is not followed; set it to the final address".to_owned();
                Err(Error::Refused { status: status.as_u16(), message })
            }
            _ => Err(Error::Unknown(format!("status {}", status.as_u16()))),
        }
    }
}

fn not_answered(error: reqwest::Error) -> Error {
    // The address holds ids of calls and the account's.
    let error = error.without_url();
    if error.is_connect() {
        Error::NotSent(chain(&error))
    } else if error.is_builder() {
        Error::Invalid(chain(&error))
    } else {
        Error::Unknown(chain(&error))
    }
}

/// An error with its causes, which is where the reason is.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

/// Plivo's own words, without whole phone numbers.
fn explanation(body: &[u8]) -> String {
    let text = match serde_json::from_slice::<Value>(body) {
        Ok(answer) => {
            ["error", "message"].iter().find_map(|key| answer[*key].as_str()).map(str::to_owned)
        }
        Err(_) => {
            Some(String::from_utf8_lossy(body).split_whitespace().collect::<Vec<_>>().join(" "))
        }
    };
    let text = text
        .filter(|text| !text.trim().is_empty())
        .unwrap_or_else(|| "it did not say why".to_owned());
    mask_numbers(&text).chars().take(MESSAGE_CHARACTERS_MAX).collect()
}

/// Leaves the last four of every run of seven or more digits.
fn mask_numbers(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|character: char| character.is_ascii_digit()) {
        let digits = rest[start..]
            .find(|character: char| !character.is_ascii_digit())
            .unwrap_or(rest.len() - start);
        masked.push_str(&rest[..start]);
        let run = &rest[start..start + digits];
        if digits >= 7 {
            masked.push('…');
            masked.push_str(&run[digits - 4..]);
        } else {
            masked.push_str(run);
        }
        rest = &rest[start + digits..];
    }
    masked + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn explanations_are_short_and_hide_numbers() {
        assert_eq!(
            explanation(br#"{"api_id":"a","error":"15550100000 is not 1 valid number"}"#),
            "…0000 is not 1 valid number"
        );
        assert_eq!(
            explanation(b"Could not verify\n  your access level"),
            "Could not verify your access level"
        );
        assert_eq!(explanation(b"{}"), "it did not say why");
        assert_eq!(explanation(b""), "it did not say why");
        assert_eq!(
            explanation("é".repeat(1000).as_bytes()).chars().count(),
            MESSAGE_CHARACTERS_MAX
        );
    }
}
