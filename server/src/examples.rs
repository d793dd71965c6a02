//! The example workflows that come with the server.

use crate::{app::App, error::Error, numbers, store::settings};
use engine::Document;
use rust_embed::RustEmbed;
use tracing::{info, warn};

/// The examples' files.
#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../workflows"]
struct Files;

/// Who publishes in a new sandbox.
const PUBLISHER: &str = "first start";

/// All examples that this release can read, by name.
pub(crate) fn all() -> Vec<Document> {
    let mut documents: Vec<Document> = Files::iter()
        .filter(|path| path.ends_with(".json") && !path.contains('/'))
        .filter_map(|path| {
            let text = String::from_utf8(Files::get(&path)?.data.into_owned()).ok()?;
            match engine::workflow::read(&text) {
                Ok(document) => Some(document),
                Err(problems) => {
                    warn!(%path, problem = %problems.first().map(ToString::to_string).unwrap_or_default(), "an example cannot be read");
                    None
                }
            }
        })
        .collect();
    documents.sort_by(|a, b| a.name.cmp(&b.name));
    documents
}

/// In a new sandbox: publishes the examples and links them to its numbers, in order.
///
/// # Errors
/// The database failed.
pub(crate) async fn publish_once(app: &App) -> Result<(), Error> {
    const DONE: &str = "examples_published";
    if app.simulator.is_none()
        || settings::get(&mut *app.store.reader().await?, DONE).await?.is_some()
    {
        return Ok(());
    }
    let mut own_numbers = crate::config::SANDBOX_NUMBERS.iter();
    for document in all() {
        app.workflows.save(&document, None).await?;
        match app.workflows.publish(&document.id, None, PUBLISHER).await {
            Ok(_) => {}
            Err(Error::Problems(problems)) => {
                warn!(workflow.id = %document.id, problem = %problems.first().map(ToString::to_string).unwrap_or_default(), "an example has errors");
                continue;
            }
            Err(error) => return Err(error),
        }
        if takes_calls_or_texts(&document)
            && let Some(number) = own_numbers.next()
        {
            numbers::link(app, number, Some(&document.id)).await?;
        }
    }
    let mut tx = app.store.begin().await?;
    settings::put(&mut tx, DONE, "yes").await?;
    tx.commit().await?;
    info!("the examples are published");
    Ok(())
}

fn takes_calls_or_texts(document: &Document) -> bool {
    let mut starts = document.nodes.values().filter(|node| node.kind == "start");
    starts.any(|start| {
        start.next.contains_key("incoming_call") || start.next.contains_key("incoming_message")
    })
}
