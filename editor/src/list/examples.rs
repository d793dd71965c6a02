//! Examples to begin with, each with a small drawing of itself.

use super::preview::Preview;
use crate::backend;
use crate::icon::Tile;
use crate::language::{t, tn};
use engine::Document;
use leptos::prelude::*;
use std::collections::BTreeSet;

/// Shown first, if the server has them: a menu, a voicemail, a text that answers, a code.
const FEATURED: &[&str] =
    &["phone-system", "voicemail-to-email", "sms-autoresponder", "two-factor-authentication"];
/// So many are shown on the page; the dialog has all.
const SHOWN_LEN: usize = 3;
/// So many kinds of steps are shown as tiles.
const KINDS_LEN: usize = 6;

/// Some examples below the list.
#[component]
pub fn Featured(on_pick: Callback<Document>) -> impl IntoView {
    let examples = LocalResource::new(backend::examples);
    move || {
        let mut all: Vec<Document> = match examples.get() {
            Some(Ok(list)) => list.examples.into_iter().map(|example| example.document).collect(),
            _ => return None,
        };
        all.sort_by_key(|document| {
            let place = FEATURED.iter().position(|id| document.id == *id);
            place.unwrap_or(FEATURED.len())
        });
        all.truncate(SHOWN_LEN);
        Some(view! {
            <section class="featured" aria-labelledby="featured-title">
                <h2 id="featured-title">{t("Begin with one that works")}</h2>
                <p class="muted">{t("Each is complete: open it, call it from the phone on the screen, and change what should be different.")}</p>
                <div class="gallery">
                    {all.into_iter().map(|document| view! { <ExampleCard document on_pick /> }).collect_view()}
                </div>
            </section>
        })
    }
}

#[component]
fn ExampleCard(document: Document, on_pick: Callback<Document>) -> impl IntoView {
    let (name, words) = (document.name.clone(), document.description.clone());
    let count = document.nodes.len();
    let kinds: BTreeSet<String> = document
        .nodes
        .values()
        .map(|node| node.kind.to_string())
        .filter(|kind| kind != "start")
        .collect();
    let picture = document.clone();
    view! {
        <button type="button" class="gallery-card" on:click=move |_| on_pick.run(document.clone())>
            <Preview document=picture />
            <strong>{name}</strong>
            <span class="muted">{words}</span>
            <span class="gallery-kinds">
                {kinds.into_iter().take(KINDS_LEN).map(|kind| view! { <Tile kind /> }).collect_view()}
                <span class="faint num">{tn(count, "{n} step", "{n} steps")}</span>
            </span>
        </button>
    }
}
