//! How e-mail leaves: `PHLOEM_SMTP_URL`, `PHLOEM_SMTP_PASSWORD` and `PHLOEM_EMAIL_FROM`.

use super::Environment;
use crate::error::Error;
use lettre::message::Mailbox;
use plivo::client::Secret;
use url::Url;

/// Ports of mail servers, where the address names none: with TLS from the first byte, and with STARTTLS.
const PORTS: (u16, u16) = (465, 587);

/// The mail server that takes our mail.
#[derive(Clone, Debug)]
pub struct Smtp {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// What protects the way to it.
    pub protection: Protection,
    /// User name and password, if it wants them.
    pub credentials: Option<(String, Secret)>,
    /// Who the mail comes from.
    pub from: Mailbox,
}

/// What protects the way to the mail server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protection {
    /// TLS from the first byte: `smtps://`.
    Tls,
    /// TLS before anything is said that matters: `smtp://`.
    StartTls,
    /// Nothing: `smtp://…?tls=none`, for a server on the same machine.
    Nothing,
}

impl Smtp {
    /// Reads the settings; nothing if no mail server is named.
    ///
    /// # Errors
    /// One is missing or wrong.
    pub(super) fn read(environment: &Environment) -> Result<Option<Smtp>, Error> {
        let Some(address) = environment.get("PHLOEM_SMTP_URL")? else { return Ok(None) };
        // What is wrong with it is not repeated: it may hold a password.
        let wrong = || {
            Error::Setting("PHLOEM_SMTP_URL is no mail server's address; write smtps://user@mail.example.com or smtp://user@mail.example.com:587, and the password into PHLOEM_SMTP_PASSWORD".to_owned())
        };
        let url = Url::parse(&address).map_err(|_| wrong())?;
        let tls = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value);
        let protection = match (url.scheme(), tls.as_deref()) {
            ("smtps", None) => Protection::Tls,
            ("smtp", None) => Protection::StartTls,
            ("smtp", Some("none")) => Protection::Nothing,
            _ => return Err(wrong()),
        };
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(wrong)?.to_owned();
        let usual = if protection == Protection::Tls { PORTS.0 } else { PORTS.1 };
        Ok(Some(Smtp {
            host,
            port: url.port().unwrap_or(usual),
            protection,
            credentials: credentials(environment, &url)?,
            from: from(environment)?,
        }))
    }
}

fn credentials(environment: &Environment, url: &Url) -> Result<Option<(String, Secret)>, Error> {
    let decoded =
        |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
    if url.username().is_empty() {
        return Ok(None);
    }
    let password = match environment.get("PHLOEM_SMTP_PASSWORD")? {
        Some(password) => password,
        None => url.password().map(decoded).ok_or_else(|| {
            Error::Setting(
                "PHLOEM_SMTP_URL names a user and no password; set PHLOEM_SMTP_PASSWORD".to_owned(),
            )
        })?,
    };
    Ok(Some((decoded(url.username()), password.into())))
}

fn from(environment: &Environment) -> Result<Mailbox, Error> {
    let Some(from) = environment.get("PHLOEM_EMAIL_FROM")? else {
        return Err(Error::Setting("PHLOEM_SMTP_URL is set and PHLOEM_EMAIL_FROM is not; set the address that mail comes from, such as Alerts <alerts@example.com>".to_owned()));
    };
    from.parse().map_err(|_| {
        Error::Setting(format!(
            "PHLOEM_EMAIL_FROM is `{from}`; write an address such as Alerts <alerts@example.com>"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::{Protection, Smtp};
    use crate::config::Environment;

    fn read(pairs: &[(&str, &str)]) -> Result<Option<Smtp>, String> {
        let environment: Environment =
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Smtp::read(&environment).map_err(|error| error.to_string())
    }

    const FROM: (&str, &str) = ("PHLOEM_EMAIL_FROM", "Alerts <alerts@example.com>");

    #[test]
    fn an_address_says_how_the_way_is_protected() {
        let smtp = |url| read(&[("PHLOEM_SMTP_URL", url), FROM]).unwrap().unwrap();
        let tls = smtp("smtps://ada%40x:p%3Aw@mail.example");
        assert_eq!((tls.port, tls.protection), (465, Protection::Tls));
        let (user, password) = tls.credentials.clone().unwrap();
        assert_eq!((user.as_str(), password.expose()), ("ada@x", "p:w"));
        assert!(!format!("{tls:?}").contains("p:w"));
        assert_eq!(smtp("smtp://mail.example").protection, Protection::StartTls);
        let plain = smtp("smtp://127.0.0.1:2525?tls=none");
        assert_eq!((plain.port, plain.protection), (2525, Protection::Nothing));
        assert!(read(&[]).unwrap().is_none());
    }

    #[test]
    fn what_is_missing_is_named_and_no_password_is_repeated() {
        let with = |url| read(&[("PHLOEM_SMTP_URL", url), FROM]).unwrap_err();
        assert!(with("smtp://ada@mail.example").contains("PHLOEM_SMTP_PASSWORD"));
        assert!(!with("http://ada:s3cret@mail.example").contains("s3cret"));
        assert!(with("smtps://mail.example?tls=none").contains("PHLOEM_SMTP_URL"));
        let missing = read(&[("PHLOEM_SMTP_URL", "smtp://mail.example")]).unwrap_err();
        assert!(missing.contains("PHLOEM_EMAIL_FROM"));
        let wrong = [("PHLOEM_SMTP_URL", "smtp://mail.example"), ("PHLOEM_EMAIL_FROM", "me")];
        assert!(read(&wrong).unwrap_err().contains("`me`"));
    }
}
