//! A run's journal in plain words, oldest first; payloads on request.

use super::sentences::{Line, effect_line, event_line, note_line};
use crate::{follow::Followed, icon::Icon, language::t, words};
use api::runs::JournalEntry;
use engine::Document;
use leptos::prelude::*;
use serde_json::Value as Json;

/// The list.
#[component]
pub fn Timeline(
    followed: Followed,
    /// The version that runs, for the names of its nodes.
    document: Option<Document>,
    /// The node to show on the canvas.
    wanted: RwSignal<Option<String>>,
) -> impl IntoView {
    let document = StoredValue::new(document);
    view! {
        <Problem followed=followed />
        <ol class="timeline" aria-label=t("What happened, oldest first")>
            <For each=move || followed.entries() key=|entry| entry.seq let(entry)>
                <Entry followed=followed entry=entry document=document wanted=wanted />
            </For>
        </ol>
        <Show when=move || followed.entries().is_empty() && followed.error().is_none()>
            <p class="muted timeline-note">{t("Nothing has happened yet.")}</p>
        </Show>
        <p class="visually-hidden" role="status" aria-live="polite">{move || latest(followed, document)}</p>
    }
}

#[component]
fn Problem(followed: Followed) -> impl IntoView {
    move || {
        followed.run().and_then(|run| run.problem).map(|problem| {
            view! { <p class="notice bad timeline-note"><strong>{t("This run failed")}</strong><span>{problem}</span></p> }
        })
    }
}

#[component]
fn Entry(
    followed: Followed,
    entry: JournalEntry,
    document: StoredValue<Option<Document>>,
    wanted: RwSignal<Option<String>>,
) -> impl IntoView {
    let event = document.with_value(|document| event_line(&entry.event, document.as_ref()));
    let lines: Vec<Line> = document.with_value(|document| {
        let notes =
            without_passing(&entry.notes).filter_map(|note| note_line(note, document.as_ref()));
        notes.chain(entry.effects.iter().map(effect_line)).collect()
    });
    // The carrier tells of a recording more than once; it is offered where it is told of first.
    let is_new = |url: &String| {
        let told = |earlier: &JournalEntry| {
            earlier.seq < entry.seq && event_line(&earlier.event, None).audio.as_ref() == Some(url)
        };
        !untrack(|| followed.entries()).iter().any(told)
    };
    let audio = event.audio.clone().filter(is_new).map(|url| {
        view! { <audio controls preload="none" src=url aria-label=t("The recording")></audio> }
    });
    let payload = serde_json::to_string_pretty(&serde_json::json!({ "event": entry.event, "notes": entry.notes, "effects": entry.effects })).unwrap_or_default();
    let payload = StoredValue::new(payload);
    let is_open = RwSignal::new(false);
    view! {
        <li class="entry">
            <time class="mono" datetime=entry.at.clone() title=words::moment(&entry.at)>{words::clock(&entry.at)}</time>
            <div class="entry-body">
                <p class=format!("entry-head {}", event.tone)><Icon name=event.icon small=true /><strong>{event.words}</strong></p>
                {audio}
                <ul>
                    {lines.into_iter().map(|line| view! { <Item line=line wanted=wanted /> }).collect_view()}
                </ul>
                <button type="button" class="link faint" aria-expanded=move || is_open.get().to_string() on:click=move |_| is_open.update(|open| *open = !*open)>
                    {move || if is_open.get() { t("Hide details") } else { t("Details") }}
                </button>
                <Show when=move || is_open.get()><pre class="codeblock" tabindex="0" aria-label=t("This entry as JSON")>{payload.get_value()}</pre></Show>
            </div>
        </li>
    }
}

#[component]
fn Item(line: Line, wanted: RwSignal<Option<String>>) -> impl IntoView {
    let words = match line.node {
        Some(node) => view! {
            <button type="button" class="link" title=t("Show on the canvas") on:click=move |_| wanted.set(Some(node.clone()))>{line.words}</button>
        }
        .into_any(),
        None => view! { <span>{line.words}</span> }.into_any(),
    };
    view! { <li class=line.tone><Icon name=line.icon small=true />{words}</li> }
}

/// Notes without arrivals at nodes that were left at once: how they were left says it all.
fn without_passing(notes: &[Json]) -> impl Iterator<Item = &Json> {
    let is_note = |json: &Json, kind: &str| json.get("note").and_then(Json::as_str) == Some(kind);
    let of_same = |one: &Json, other: &Json| {
        one.get("line") == other.get("line") && one.get("node") == other.get("node")
    };
    notes
        .iter()
        .enumerate()
        .filter(move |(index, note)| {
            let mut later = notes[index + 1..].iter();
            !(is_note(note, "entered")
                && later.any(|later| is_note(later, "left") && of_same(note, later)))
        })
        .map(|(_, note)| note)
}

/// The newest thing that happened, to be read aloud.
fn latest(followed: Followed, document: StoredValue<Option<Document>>) -> String {
    let entries = followed.entries();
    entries
        .last()
        .map(|entry| {
            document.with_value(|document| event_line(&entry.event, document.as_ref()).words)
        })
        .unwrap_or_default()
}
