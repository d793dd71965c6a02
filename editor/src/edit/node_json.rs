//! A step as it stands in the workflow's file: to read, to copy, and to change. What cannot be read yet stays on the screen and changes nothing.

use super::{Editing, transfer};
use crate::{
    language::{t, tf},
    toast::Toasts,
};
use engine::{NodeDocument, NodeName};
use leptos::{html, prelude::*};

/// Why a text is not a step, and where.
#[derive(Clone, Debug, PartialEq)]
struct Mistake {
    line: usize,
    column: usize,
    why: String,
}

/// The tab.
#[component]
pub fn NodeJson(name: String) -> impl IntoView {
    let editing = Editing::of_context();
    let toasts = Toasts::of_context();
    let name = StoredValue::new(name);
    let textarea = NodeRef::<html::Textarea>::new();
    let written = Memo::new(move |_| {
        editing.drawing.with_document(|document| {
            let node = name.with_value(|name| document.nodes.get(&NodeName::from(name.as_str())));
            node.and_then(|node| serde_json::to_string_pretty(node).ok()).unwrap_or_default()
        })
    });
    // What was typed last, while it says what the file says or cannot be read.
    let typed = RwSignal::new(None::<String>);
    let text = Signal::derive(move || typed.get().unwrap_or_else(|| written.get()));
    let mistake =
        Memo::new(move |_| typed.with(|typed| typed.as_deref().and_then(|text| read(text).err())));
    // Undo and other views change the file behind what was typed.
    Effect::new(move |_| {
        let written = written.get();
        let is_stale = typed.with_untracked(|typed| {
            let node = typed.as_deref().and_then(|text| read(text).ok());
            node.is_some_and(|node| {
                serde_json::to_string_pretty(&node).ok().as_ref() != Some(&written)
            })
        });
        if is_stale {
            typed.set(None);
        }
    });
    let follow = move |event: web_sys::Event| {
        let text = event_target_value(&event);
        let node = read(&text);
        typed.set(Some(text));
        if let Ok(node) = node {
            take_over(editing, &name.get_value(), node);
        }
    };
    let go_there = move |_| {
        let (Some(mistake), Some(textarea)) = (mistake.get_untracked(), textarea.get_untracked())
        else {
            return;
        };
        let at = offset_of(&textarea.value(), mistake.line, mistake.column);
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        let _ = textarea.focus();
        let _ = textarea.set_selection_range(at, at.saturating_add(1));
    };
    let copy = move |_| {
        leptos::task::spawn_local(async move {
            let is_copied = transfer::copy(&text.get_untracked()).await;
            toasts.say(if is_copied {
                t("Copied.")
            } else {
                t("The browser does not allow copying here; select the text instead.")
            });
        });
    };
    let lines = Memo::new(move |_| text.read().split('\n').count().max(4));
    let bad_line = move || mistake.read().as_ref().map(|mistake| mistake.line);
    view! {
        <div class="help">
            <p class="hint" id="node-json-help">{t("How this step stands in the workflow’s file. What you change here counts as soon as it can be read.")}</p>
            <div class="code-field is-numbered">
                <div class="code-lines" aria-hidden="true">
                    {move || (1..=lines.get()).map(|line| view! { <i class:bad=move || bad_line() == Some(line)>{line}</i> }).collect_view()}
                </div>
                <textarea node_ref=textarea class="input code" aria-label=t("This step as JSON") aria-describedby="node-json-help node-json-state" spellcheck="false"
                    autocomplete="off" autocapitalize="off" rows=move || lines.get() aria-invalid=move || mistake.read().is_some().to_string()
                    prop:value=move || text.get() on:input=follow></textarea>
            </div>
            <div id="node-json-state" role="status">
                {move || mistake.get().map(|mistake| view! {
                    <p class="field-problem">
                        <strong>{tf("Line {line}, column {column}", &[("line", &mistake.line), ("column", &mistake.column)])}": "</strong>
                        {mistake.why}". "{t("The step keeps what it had.")}" "
                        <button type="button" class="link small" on:click=go_there>{t("Go there")}</button>
                    </p>
                })}
            </div>
            <div class="row">
                <button type="button" class="btn small" on:click=copy>{t("Copy")}</button>
                <Show when=move || mistake.read().is_some()>
                    <button type="button" class="btn small" on:click=move |_| typed.set(None)>{t("Take back what was typed")}</button>
                </Show>
            </div>
        </div>
    }
}

/// Settings that are typed become one step to undo; anything else is a step of its own.
fn take_over(editing: Editing, name: &str, node: NodeDocument) {
    let before = editing.drawing.document_untracked();
    let Some(before) = before.nodes.get(&NodeName::from(name)) else { return };
    let is_only_settings =
        NodeDocument { config: before.config.clone(), ..node.clone() } == *before;
    if is_only_settings {
        editing.drawing.set_config(name, serde_json::Value::Object(node.config));
    } else {
        editing.change(|document| {
            document.nodes.insert(NodeName::from(name), node);
        });
    }
}

fn read(text: &str) -> Result<NodeDocument, Mistake> {
    serde_json::from_str(text).map_err(|error| {
        let whole = error.to_string();
        let why = whole.rsplit_once(" at line ").map_or(whole.as_str(), |(why, _)| why);
        Mistake { line: error.line(), column: error.column(), why: crate::list::capital(why) }
    })
}

/// Where a line and column lie in a text, in UTF-16 units as browsers count.
fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let units = |text: &str| text.encode_utf16().count();
    let before: usize =
        text.split('\n').take(line.saturating_sub(1)).map(|line| units(line) + 1).sum();
    let of_line = text.split('\n').nth(line.saturating_sub(1)).unwrap_or_default();
    // The reader counts bytes.
    let within = of_line.get(..column.saturating_sub(1)).map_or_else(|| units(of_line), units);
    before + within
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_is_told_with_its_place() {
        let mistake = read("{\n  \"kind\": \"speak\"\n  \"config\": {}\n}").unwrap_err();
        assert_eq!((mistake.line, mistake.column), (3, 3));
        assert!(!mistake.why.contains("line"), "{}", mistake.why);
    }

    #[test]
    fn places_are_counted_as_browsers_do() {
        assert_eq!(offset_of("{\n  \"a\" 1\n}", 2, 7), 8);
        assert_eq!(offset_of("\"😀\" x", 1, 8), 5);
    }
}
