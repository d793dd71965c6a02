//! What comes back: redirects, bounded bodies, and failures in words.

use super::Refusal;
use reqwest::header::{
    CONTENT_DISPOSITION, CONTENT_TYPE, HeaderMap, HeaderName, LOCATION, RETRY_AFTER,
};
use url::Url;

/// An answer with its body, within its bound.
pub(super) struct Raw {
    pub(super) status: u16,
    pub(super) content_type: String,
    /// How long to wait before asking again, in seconds.
    pub(super) retry_after_s: Option<u32>,
    /// The file's name, as the answer or else the address says.
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
}

pub(super) trait RetainOnly {
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

pub(super) fn redirect_target(
    response: &reqwest::Response,
    url: &Url,
) -> Result<Option<Url>, Refusal> {
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

/// Reads an answer that has no more bytes than it may have.
pub(super) async fn read(
    mut response: reqwest::Response,
    url: &Url,
    bytes_max: usize,
) -> Result<Raw, Refusal> {
    let status = response.status().as_u16();
    let header = |name: HeaderName| {
        response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    };
    let content_type = header(CONTENT_TYPE).to_owned();
    let retry_after_s = retry_after_s(header(RETRY_AFTER), jiff::Timestamp::now());
    let name = file_name(header(CONTENT_DISPOSITION), url);
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| failure(&error))? {
        if bytes.len() + chunk.len() > bytes_max {
            return Err(Refusal::NoAnswer(format!(
                "the answer is larger than {}",
                in_words(bytes_max)
            )));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Raw { status, content_type, retry_after_s, name, bytes })
}

/// A number of seconds, or a date as mail writes it (RFC 9110 §10.2.3).
fn retry_after_s(value: &str, now: jiff::Timestamp) -> Option<u32> {
    let value = value.trim();
    value.parse().ok().or_else(|| {
        let until = jiff::fmt::rfc2822::parse(value).ok()?.timestamp();
        u32::try_from(until.as_second().saturating_sub(now.as_second())).ok()
    })
}

/// A size as people say it.
fn in_words(bytes: usize) -> String {
    const MIB: usize = 1024 * 1024;
    if bytes.is_multiple_of(MIB) {
        format!("{} MiB", bytes / MIB)
    } else {
        format!("{} KiB", bytes / 1024)
    }
}

/// The name of a file: as its sender says, else the end of its address; only characters that every system takes.
fn file_name(disposition: &str, url: &Url) -> String {
    const CHARACTERS_MAX: usize = 100;
    let said = disposition.split(';').find_map(|part| part.trim().strip_prefix("filename="));
    let name = said
        .map(|name| name.trim_matches('"'))
        .or_else(|| url.path_segments()?.next_back())
        .unwrap_or_default();
    let name: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' })
        .take(CHARACTERS_MAX)
        .collect();
    let name = name.trim_start_matches('.');
    if name.is_empty() { "attachment".to_owned() } else { name.to_owned() }
}

/// A failure in words, without the address, whose query may hold keys.
pub(super) fn failure(error: &reqwest::Error) -> Refusal {
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

#[cfg(test)]
mod tests {
    #[test]
    fn an_answer_may_ask_for_patience_in_seconds_or_by_a_date() {
        let now = "2026-11-23T15:32:10Z".parse().unwrap();
        for (value, expected) in [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("Mon, 23 Nov 2026 15:33:10 GMT", Some(60)),
            ("Mon, 23 Nov 2026 15:30:00 GMT", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(super::retry_after_s(value, now), expected, "{value}");
        }
    }

    use super::file_name;
    use url::Url;

    #[test]
    fn a_file_has_a_name_that_every_system_takes() {
        let url = Url::parse("https://media.example/v1/Recording/r-1.mp3?token=x").unwrap();
        assert_eq!(file_name("", &url), "r-1.mp3");
        assert_eq!(file_name("attachment; filename=\"../my report.pdf\"", &url), "_my_report.pdf");
        assert_eq!(file_name("", &Url::parse("https://media.example/").unwrap()), "attachment");
    }
}
