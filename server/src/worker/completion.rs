//! Tells `on_complete` addresses that runs ended: signed by the Standard Webhooks scheme, guarded like any outgoing request, retried with growing pauses.

use super::LOOK_EVERY;
use crate::{
    app::App,
    clock,
    error::Error,
    keys, seal,
    store::completions::{self, CompletionRow},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use engine::HttpRequest;
use std::collections::BTreeMap;
use tracing::{error, info, warn};

/// Pauses between attempts, in seconds: the scheme's own proposal. After the last the notice is given up.
const PAUSES_S: [u64; 8] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000];

/// How long the receiver may take, in seconds.
const TIMEOUT_S: u32 = 15;

/// Notices sent in one go.
const AT_ONCE_MAX: i64 = 32;

/// Works until the server stops.
pub(super) async fn work(app: App) {
    while !app.stopping.is_cancelled() {
        if let Err(error) = tell_due(&app).await {
            error!(%error, "the ends of runs cannot be told");
        }
        tokio::select! {
            () = app.stopping.cancelled() => return,
            () = app.runs.bells().completions.notified() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

async fn tell_due(app: &App) -> Result<(), Error> {
    let rows = completions::due(
        &mut *app.store.reader().await?,
        app.store.seal(),
        clock::now(),
        AT_ONCE_MAX,
    )
    .await?;
    let told = futures::future::join_all(rows.iter().map(|row| tell(app, row))).await;
    told.into_iter().collect()
}

async fn tell(app: &App, row: &CompletionRow) -> Result<(), Error> {
    if seal::is_sealed(&row.body) {
        warn!(run.id = %row.run_id, "the end of a run is sealed with another key; set PHLOEM_SEAL_KEY to that one");
        let mut tx = app.store.begin().await?;
        completions::put_off(&mut tx, &row.run_id, clock::now().plus_s(PAUSES_S[1])).await?;
        return Ok(tx.commit().await?);
    }
    let outcome =
        app.egress.request(&signed(row, &app.webhook_secret, clock::now().0 / 1000)).await;
    let mut tx = app.store.begin().await?;
    match outcome {
        Ok(answer) if (200..300).contains(&answer.status) => {
            info!(run.id = %row.run_id, "the end of a run was told");
            completions::remove(&mut tx, &row.run_id).await?;
        }
        outcome => {
            let why = outcome.map_or_else(
                |refusal| refusal.to_string(),
                |answer| format!("status {}", answer.status),
            );
            match usize::try_from(row.attempt).ok().and_then(|attempt| PAUSES_S.get(attempt)) {
                Some(pause_s) => {
                    warn!(run.id = %row.run_id, attempt = row.attempt + 1, %why, "the end of a run could not be told; trying again in {pause_s} s");
                    completions::put_off(&mut tx, &row.run_id, clock::now().plus_s(*pause_s))
                        .await?;
                }
                None => {
                    error!(run.id = %row.run_id, %why, "the end of a run could not be told; given up");
                    completions::remove(&mut tx, &row.run_id).await?;
                }
            }
        }
    }
    tx.commit().await?;
    Ok(())
}

/// The request: `webhook-signature` is `v1,` and the base64 of HMAC-SHA256 over id, time and body, joined by dots.
fn signed(row: &CompletionRow, secret: &str, at_s: i64) -> HttpRequest {
    let id = format!("run_completed_{}", row.run_id);
    let signature = keys::hmac_sha256(
        &keys::webhook_key(secret),
        format!("{id}.{at_s}.{}", row.body).as_bytes(),
    );
    let headers = [
        ("content-type", "application/json".to_owned()),
        ("webhook-id", id),
        ("webhook-timestamp", at_s.to_string()),
        ("webhook-signature", format!("v1,{}", STANDARD.encode(signature))),
    ];
    HttpRequest {
        method: "POST".to_owned(),
        url: row.url.clone(),
        headers: headers
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect::<BTreeMap<_, _>>(),
        auth: None,
        body: Some(row.body.clone()),
        timeout_s: TIMEOUT_S,
    }
}

#[cfg(test)]
mod tests {
    use super::{CompletionRow, signed};

    /// The example of the Standard Webhooks specification's reference libraries.
    #[test]
    fn a_notice_is_signed_as_the_scheme_says() {
        let row = CompletionRow {
            run_id: "r".to_owned(),
            url: "https://x.example/".to_owned(),
            body: r#"{"test": 2432232314}"#.to_owned(),
            attempt: 0,
        };
        let request = signed(&row, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", 1_614_265_330);
        let signed_text = r#"run_completed_r.1614265330.{"test": 2432232314}"#;
        let key = base64::Engine::decode(
            &base64::engine::general_purpose::STANDARD,
            "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        )
        .unwrap();
        let expected = base64::Engine::encode(
            &base64::engine::general_purpose::STANDARD,
            crate::keys::hmac_sha256(&key, signed_text.as_bytes()),
        );
        assert_eq!(request.headers["webhook-signature"], format!("v1,{expected}"));
        assert_eq!(request.headers["webhook-timestamp"], "1614265330");
    }
}
