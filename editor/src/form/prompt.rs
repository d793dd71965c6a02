//! What is said first: a text, or a recording.

use super::{
    listen::Listen,
    parts::Segments,
    place::{Place, text_of},
    template_text::TemplateText,
    voice::{LanguageField, VoiceField},
};
use leptos::prelude::*;
use serde_json::{Map, Value as Json};

/// The widget.
#[component]
pub fn PromptField(place: Place, id: String) -> impl IntoView {
    // Which one is meant while both are empty is not in the file.
    let plays = RwSignal::new(place.get_untracked().get("play").is_some());
    let choose = move |kind: String| {
        let is_play = kind == "play";
        plays.set(is_play);
        let before = place.get_untracked();
        let (from, to) = if is_play { ("speak", "play") } else { ("play", "speak") };
        if before.get(from).is_some() {
            let mut prompt = before.as_object().cloned().unwrap_or_default();
            prompt.remove(from);
            if is_play {
                prompt.remove("voice");
                prompt.remove("language");
            }
            // What the other way was given before comes back with undo; here it begins anew.
            prompt.entry(to).or_insert_with(|| Json::String(String::new()));
            place.set(if is_empty(&prompt) { Json::Null } else { Json::Object(prompt) });
        }
    };
    let said = Signal::derive(move || place.get().get("speak").map(text_of).unwrap_or_default());
    let language =
        Signal::derive(move || place.get().get("language").map(text_of).unwrap_or_default());
    let kind = Signal::derive(move || if plays.get() { "play" } else { "speak" }.to_owned());
    view! {
        <div class="prompt">
            <Segments id=format!("{id}-kind") options=&[("speak", "Say a text"), ("play", "Play a recording")] value=kind on_change=Callback::new(choose) />
            {move || if plays.get() {
                view! { <TemplateText place=place.key("play") id=id.clone() placeholder="https://…/greeting.mp3" aria_label="Address of the recording" /> }.into_any()
            } else {
                view! {
                    <TemplateText place=place.key("speak") id=id.clone() lines=3 placeholder="Press 1 for …" aria_label="What is said" />
                    <Listen text=said language=language />
                    <details class="fold">
                        <summary>"Voice and language"</summary>
                        <div class="two">
                            <div class="field"><label for=format!("{id}-voice")>"Voice"</label><VoiceField place=place.key("voice") id=format!("{id}-voice") /></div>
                            <div class="field"><label for=format!("{id}-language")>"Language"</label><LanguageField place=place.key("language") id=format!("{id}-language") /></div>
                        </div>
                    </details>
                }.into_any()
            }}
        </div>
    }
}

fn is_empty(prompt: &Map<String, Json>) -> bool {
    prompt.values().all(|value| text_of(value).is_empty())
}
