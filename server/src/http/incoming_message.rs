//! A text to one of our numbers: a keyword, the answer to a question that a run has asked, or the beginning of a run, in this order.

use super::{Error, voice::document};
use crate::{
    app::App,
    clock,
    keywords::Keyword,
    runs::NewRun,
    store::{self, awaited, opt_outs, receipts},
};
use axum::response::Response;
use engine::{EffectId, Event, Trigger};
use plivo::{webhook::InboundMessage, xml};
use std::collections::HashSet;
use tracing::info;

/// How often the open questions are looked through: each time, another text may have taken the one that was found.
const LOOKS_MAX: usize = 5;

/// Gives a text to whom it belongs. However often its webhook comes, it has one effect and gets the same document.
pub(super) async fn take(
    app: &App,
    number: &str,
    message: InboundMessage,
) -> Result<Response, Error> {
    if let Some(keyword) = Keyword::of(&message) {
        return obey(app, number, &message, keyword).await;
    }
    if !answers_a_question(app, number, &message).await? {
        start(app, number, message).await?;
    }
    Ok(document(&xml::Response::new([])))
}

/// Does what a keyword says, and confirms it in the answer to the webhook.
async fn obey(
    app: &App,
    number: &str,
    message: &InboundMessage,
    keyword: Keyword,
) -> Result<Response, Error> {
    let theirs = message.from.as_str();
    let mut tx = app.store.begin().await?;
    if receipts::add(&mut tx, &message.message_uuid, clock::now()).await? {
        match keyword {
            Keyword::Stop => opt_outs::add(&mut tx, number, theirs, clock::now()).await?,
            Keyword::Start => {
                opt_outs::remove(&mut tx, number, theirs).await?;
            }
            Keyword::Help => {}
        }
        tx.commit().await.map_err(crate::Error::from)?;
        info!(?keyword, "a keyword was obeyed");
    }
    let answer = keyword.answer(&app.config.automatic_texts).map(|text| {
        xml::Element::Message(xml::Message {
            text: text.to_owned(),
            src: number.to_owned(),
            dst: theirs.to_owned(),
            ..xml::Message::default()
        })
    });
    Ok(document(&xml::Response::new(answer)))
}

/// Gives a text to the newest question that accepts it, else to the newest of all. False when none is open.
async fn answers_a_question(
    app: &App,
    number: &str,
    message: &InboundMessage,
) -> Result<bool, Error> {
    let is_own = number == app.telephony.from_number().as_str();
    let answer = engine::plain(&message.text);
    let mut deaf = HashSet::new();
    for _ in 0..LOOKS_MAX {
        let mut reader = app.store.reader().await?;
        let open = awaited::between(&mut reader, number, is_own, message.from.as_str()).await?;
        // After the questions: one that this very text has answered is gone only if its receipt is there.
        if receipts::is_known(&mut reader, &message.message_uuid).await? {
            return Ok(true);
        }
        drop(reader);
        let accepts = |row: &&awaited::AwaitedRow| {
            let accepted: Vec<String> = serde_json::from_str(&row.accepts).unwrap_or_default();
            accepted.contains(&answer)
        };
        let mut hearing = open.iter().filter(|row| !deaf.contains(&row.run_id));
        let Some(row) = hearing.clone().find(accepts).or_else(|| hearing.next()) else {
            return Ok(false);
        };
        let event = Event::MessageReceived {
            question: EffectId(u32::try_from(row.question).unwrap_or(u32::MAX)),
            message_uuid: message.message_uuid.clone(),
            text: message.text.clone(),
            media_urls: message.media_urls.clone(),
        };
        match app.runs.hear(&row.run_id, event, &message.message_uuid).await {
            Ok(true) => return Ok(true),
            Ok(false) => {}
            Err(error @ (crate::Error::NotFound(_) | crate::Error::Parked(_))) => {
                info!(%error, "a question has nobody to hear its answer");
                deaf.insert(row.run_id.clone());
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(false)
}

async fn start(app: &App, number: &str, message: InboundMessage) -> Result<(), Error> {
    let workflow_id = store::numbers::workflow_of(&mut *app.store.reader().await?, number).await?;
    let Some(workflow_id) = workflow_id else {
        info!("a text to a number that starts nothing was ignored");
        return Ok(());
    };
    let trigger = Trigger::IncomingMessage {
        message_uuid: message.message_uuid.clone(),
        from: message.from.as_str().to_owned(),
        to: number.to_owned(),
        text: message.text,
        media_urls: message.media_urls,
    };
    let new =
        NewRun { workflow_id, trigger, source_uuid: Some(message.message_uuid), idempotency: None };
    match app.runs.start(new).await {
        Ok(_) => Ok(()),
        Err(error @ (crate::Error::NotFound(_) | crate::Error::Conflict(_))) => {
            info!(%error, "a text has no workflow to start");
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}
