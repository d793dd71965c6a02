//! E-mail over SMTP. Each step is taken by itself, so that it is known of every failure whether the mail may have left.

use crate::{
    config::{Protection, Smtp},
    egress::File,
};
use lettre::{
    Message,
    message::{
        Attachment, Mailbox, MultiPart, SinglePart,
        header::{ContentType, HeaderName, HeaderValue},
    },
    transport::smtp::{
        Error as SmtpError,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, TlsParameters},
        extension::ClientId,
    },
};
use std::{error::Error as _, time::Duration};

/// How long to wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long the whole exchange may take; mail servers look for viruses while they answer.
const TIMEOUT: Duration = Duration::from_secs(60);
/// Receivers of one mail.
const RECEIVERS_MAX: usize = 100;

/// A mail to send.
#[derive(Clone, Debug)]
pub struct Mail {
    /// The receivers.
    pub to: Vec<String>,
    /// Where answers go.
    pub reply_to: Option<String>,
    /// The subject.
    pub subject: String,
    /// What it says.
    pub text: String,
    /// Files that come along.
    pub attachments: Vec<File>,
}

/// Why a mail was not sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// It was not sent, and would not be if it were tried again.
    #[error("{0}")]
    Refused(String),
    /// It was not sent, and may be a little later.
    #[error("{0}")]
    NotNow(String),
    /// Nobody knows whether it was sent.
    #[error("{0}")]
    Unknown(String),
}

/// The id by which receivers recognise a mail that comes twice: the same however often it is written.
pub fn message_id(run_id: &str, effect_id: i64, from: &Mailbox) -> String {
    format!("<{run_id}.{effect_id}@{}>", from.email.domain())
}

/// Writes a mail out.
///
/// # Errors
/// An address is none, or there are too many; nothing was sent.
pub fn compose(mail: Mail, from: &Mailbox, message_id: &str) -> Result<Message, Failure> {
    let refuse = |why: String| Err(Failure::Refused(why));
    if mail.to.is_empty() {
        return refuse("the mail has no receiver".to_owned());
    }
    if mail.to.len() > RECEIVERS_MAX {
        return refuse(format!("the mail has more than {RECEIVERS_MAX} receivers"));
    }
    let mut builder = Message::builder()
        .from(from.clone())
        .message_id(Some(message_id.to_owned()))
        .date_now()
        .subject(one_line(&mail.subject))
        // Nobody's holiday notice answers a machine (RFC 3834).
        .raw_header(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ));
    for to in &mail.to {
        builder = builder.to(mailbox(to)?);
    }
    if let Some(reply_to) = &mail.reply_to {
        builder = builder.reply_to(mailbox(reply_to)?);
    }
    let text = SinglePart::plain(mail.text);
    let message = if mail.attachments.is_empty() {
        builder.singlepart(text)
    } else {
        let parts = mail.attachments.into_iter().fold(
            MultiPart::mixed().singlepart(text),
            |parts, file| {
                let kind = ContentType::parse(&file.content_type)
                    .or_else(|_| ContentType::parse("application/octet-stream"));
                match kind {
                    Ok(kind) => parts.singlepart(Attachment::new(file.name).body(file.bytes, kind)),
                    Err(_) => parts,
                }
            },
        );
        builder.multipart(parts)
    };
    message.map_err(|error| Failure::Refused(format!("the mail cannot be written: {error}")))
}

fn mailbox(text: &str) -> Result<Mailbox, Failure> {
    text.trim().parse().map_err(|_| Failure::Refused(format!("`{text}` is no e-mail address")))
}

/// A text without line ends, which would begin another header.
fn one_line(text: &str) -> String {
    text.split(|character: char| character.is_control())
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Hands a mail to the mail server.
///
/// # Errors
/// See [`Failure`].
pub async fn send(smtp: &Smtp, message: &Message) -> Result<(), Failure> {
    let sending = async {
        let mut connection = connect(smtp).await.map_err(not_sent)?;
        let sent = connection.send(message.envelope(), &message.formatted()).await;
        if sent.is_ok() {
            // The mail is theirs; how we part changes nothing.
            let _ = connection.quit().await;
        }
        sent.map(drop).map_err(failure)
    };
    let too_long = || Failure::Unknown("the mail server did not answer in time".to_owned());
    tokio::time::timeout(TIMEOUT, sending).await.unwrap_or_else(|_| Err(too_long()))
}

async fn connect(smtp: &Smtp) -> Result<AsyncSmtpConnection, SmtpError> {
    let hello = ClientId::default();
    let tls = || TlsParameters::new_rustls(smtp.host.clone());
    let at_once = if smtp.protection == Protection::Tls { Some(tls()?) } else { None };
    let server = (smtp.host.as_str(), smtp.port);
    let connecting =
        AsyncSmtpConnection::connect_tokio1(server, Some(CONNECT_TIMEOUT), &hello, at_once, None);
    let mut connection = connecting.await?;
    if smtp.protection == Protection::StartTls {
        connection.starttls(tls()?, &hello).await?;
    }
    if let Some((user, password)) = &smtp.credentials {
        let credentials = Credentials::new(user.clone(), password.expose().to_owned());
        connection.auth(DEFAULT_MECHANISMS, &credentials).await?;
    }
    Ok(connection)
}

/// A failure before the mail was begun.
fn not_sent(error: SmtpError) -> Failure {
    let words = words(&error);
    if error.is_permanent() || error.is_client() || error.is_tls() {
        Failure::Refused(words)
    } else {
        Failure::NotNow(words)
    }
}

/// A failure once the mail was begun: what the server has answered is certain, and what it has not is not.
fn failure(error: SmtpError) -> Failure {
    let words = words(&error);
    if error.is_permanent() || error.is_client() {
        Failure::Refused(words)
    } else if error.is_transient() {
        Failure::NotNow(words)
    } else {
        Failure::Unknown(words)
    }
}

fn words(error: &SmtpError) -> String {
    let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
    let words = format!("the mail server: {error}");
    // Some errors say their cause themselves.
    if cause.is_empty() || words.ends_with(&cause) { words } else { format!("{words}{cause}") }
}

#[cfg(test)]
mod tests {
    use super::{Failure, Mail, compose, message_id};
    use crate::egress::File;

    fn mail() -> Mail {
        Mail {
            to: vec!["Ada <ada@example.com>".to_owned(), "bob@example.com".to_owned()],
            reply_to: Some("desk@example.com".to_owned()),
            subject: "Störung\r\nBcc: eve@example.com".to_owned(),
            text: "Grüße\n.\nEnde".to_owned(),
            attachments: vec![File {
                name: "r-1.mp3".to_owned(),
                content_type: "audio/mpeg".to_owned(),
                bytes: vec![1, 2, 3],
            }],
        }
    }

    #[test]
    fn a_mail_is_written_out_whole_and_its_subject_stays_one_line() {
        let from = "Alerts <alerts@example.org>".parse().unwrap();
        let id = message_id("run-1", 7, &from);
        assert_eq!(id, "<run-1.7@example.org>");
        let message = compose(mail(), &from, &id).unwrap();
        assert_eq!(message.envelope().to().len(), 2, "nobody else gets it");
        let text = String::from_utf8(message.formatted()).unwrap();
        assert!(text.contains("Message-ID: <run-1.7@example.org>"), "{text}");
        assert!(!text.lines().any(|line| line.to_lowercase().starts_with("bcc")), "{text}");
        assert!(text.contains("filename=\"r-1.mp3\"") && text.contains("Auto-Submitted"), "{text}");
    }

    #[test]
    fn a_mail_without_a_good_receiver_is_refused() {
        let from = "alerts@example.org".parse().unwrap();
        for to in [vec![], vec!["nobody".to_owned()], vec!["a@b.example".to_owned(); 101]] {
            let outcome = compose(Mail { to, ..mail() }, &from, "<x@y>");
            assert!(matches!(outcome, Err(Failure::Refused(_))), "{outcome:?}");
        }
    }
}
