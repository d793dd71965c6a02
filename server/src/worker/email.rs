//! E-mail. An attempt whose outcome is unknown is never made again: nobody can be asked whether a mail arrived.

use super::dispatch::{Desk, effect_id, failed};
use crate::{
    app::App,
    egress::{File, Wanted},
    email::{self, Failure, Mail},
    error::Error,
    store::outbox::{OutboxRow, PENDING},
};
use engine::{Event, HttpAuth, Secret, SendEmail};
use std::{collections::BTreeMap, time::Duration};
use tracing::{info, warn};
use url::Url;

/// Attempts that certainly sent nothing before a mail is given up.
const ATTEMPTS_MAX: i64 = 4;
/// The pause after the first of them; doubled after each further one.
const PAUSE: Duration = Duration::from_secs(2);
/// Files of one mail.
const ATTACHMENTS_MAX: usize = 10;
/// All files of one mail together, in bytes; most mail servers take no more than 25 MB, and a mail grows by a third on its way.
const ATTACHMENT_BYTES_MAX: usize = 15 * 1024 * 1024;
/// How long fetching one file may take, in seconds.
const FETCH_TIMEOUT_S: u32 = 30;

/// Sends a mail and tells the run.
pub(super) async fn send(desk: &Desk, row: OutboxRow, wanted: SendEmail) -> Result<(), Error> {
    if row.phase != PENDING {
        return Ok(());
    }
    let outcome = match prepare(desk, &row, wanted).await {
        Ok(prepared) => {
            if !desk.claim(&row).await? {
                return Ok(());
            }
            prepared.send(&desk.app).await
        }
        Err(failure) => Err(failure),
    };
    let word = match &outcome {
        Ok(_) => "sent",
        Err(Failure::Unknown(_)) => "unknown",
        Err(_) => "failed",
    };
    metrics::counter!("phloem_emails_total", "outcome" => word).increment(1);
    let event = match outcome {
        Ok(message_id) => Event::EffectDone {
            effect: effect_id(&row),
            values: BTreeMap::from([("message_id".to_owned(), message_id.into())]),
        },
        Err(Failure::NotNow(reason)) if row.attempt + 1 < ATTEMPTS_MAX => {
            info!(run.id = %row.run_id, effect.id = row.effect_id, %reason, "a mail was not taken; trying again");
            let doublings = u32::try_from(row.attempt.max(0)).unwrap_or(u32::MAX).min(8);
            return desk.put_off(&row, PENDING, PAUSE * (1 << doublings)).await;
        }
        Err(Failure::Refused(reason) | Failure::NotNow(reason)) => failed(&row, reason),
        Err(Failure::Unknown(reason)) => {
            warn!(run.id = %row.run_id, effect.id = row.effect_id, %reason, "nobody knows whether a mail was sent");
            Event::EffectUnknown { effect: effect_id(&row), reason }
        }
    };
    desk.settle(&row, event, None).await
}

/// A mail that is ready to be sent.
struct Prepared {
    message: lettre::Message,
    /// The same as a sandbox keeps it.
    kept: simulator::Email,
}

/// Fetches what comes along and writes the mail out. Nothing of this needs to happen only once.
async fn prepare(desk: &Desk, row: &OutboxRow, wanted: SendEmail) -> Result<Prepared, Failure> {
    let app = &desk.app;
    let from = app.sender_of_mail().ok_or_else(no_mail_server)?;
    let attachments = fetch_all(app, &wanted.attachment_urls).await?;
    let message_id = email::message_id(&row.run_id, row.effect_id, &from);
    let mail = Mail {
        to: wanted.to,
        reply_to: wanted.reply_to,
        subject: wanted.subject,
        text: wanted.text,
        attachments,
    };
    let kept = simulator::Email {
        message_id: message_id.clone(),
        from: from.to_string(),
        to: mail.to.clone(),
        reply_to: mail.reply_to.clone(),
        subject: mail.subject.clone(),
        text: mail.text.clone(),
        attachments: mail
            .attachments
            .iter()
            .map(|file| (file.name.clone(), file.bytes.len()))
            .collect(),
    };
    Ok(Prepared { message: email::compose(mail, &from, &message_id)?, kept })
}

impl Prepared {
    async fn send(self, app: &App) -> Result<String, Failure> {
        let message_id = self.kept.message_id.clone();
        match (&app.config.smtp, &app.simulator) {
            (Some(smtp), _) => email::send(smtp, &self.message).await?,
            (None, Some(simulator)) => simulator.keep_email(self.kept),
            (None, None) => return Err(no_mail_server()),
        }
        Ok(message_id)
    }
}

fn no_mail_server() -> Failure {
    Failure::Refused(
        "this server sends no e-mail; set PHLOEM_SMTP_URL and PHLOEM_EMAIL_FROM".to_owned(),
    )
}

async fn fetch_all(app: &App, urls: &[String]) -> Result<Vec<File>, Failure> {
    if urls.len() > ATTACHMENTS_MAX {
        return Err(Failure::Refused(format!("the mail has more than {ATTACHMENTS_MAX} files")));
    }
    let mut files = Vec::new();
    let mut left = ATTACHMENT_BYTES_MAX;
    for url in urls {
        let is_ours = is_of_carrier(app, url);
        let trusted = if is_ours { app.carrier.as_slice() } else { &[] };
        let auth = is_ours.then(|| HttpAuth::Basic {
            user: app.account.auth_id.clone(),
            password: Secret::Value(app.account.auth_token.expose().to_owned()),
        });
        let wanted = Wanted { url, auth, bytes_max: left, timeout_s: FETCH_TIMEOUT_S, trusted };
        let file = app.egress.fetch(&wanted).await.map_err(|refusal| {
            Failure::Refused(format!("file {} cannot be attached: {refusal}", files.len() + 1))
        })?;
        left -= file.bytes.len();
        files.push(file);
    }
    Ok(files)
}

/// Whether a file is a recording at our own carrier, which may want the account's credentials. Nothing else there is: an address in a workflow must not fetch what
/// only the account may see.
fn is_of_carrier(app: &App, url: &str) -> bool {
    let Ok(url) = Url::parse(url) else { return false };
    let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
        return false;
    };
    let is_recording = url.path_segments().is_some_and(|segments| {
        let segments: Vec<&str> = segments.collect();
        matches!(segments.as_slice(), [.., "Account", auth_id, "Recording", file]
            if *auth_id == app.account.auth_id && (file.ends_with(".mp3") || file.ends_with(".wav")))
    });
    is_recording && app.carrier.iter().any(|carrier| carrier.host == host && carrier.port == port)
}
