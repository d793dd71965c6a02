//! Speaks captions aloud where the browser can and somebody wants it.

use crate::theme::local_storage;
use leptos::prelude::window;
use wasm_bindgen::{JsCast, closure::Closure};

const STORED_AS: &str = "phloem.aloud";

/// Whether this browser can speak at all.
pub fn is_possible() -> bool {
    js_sys::Reflect::has(&window(), &"speechSynthesis".into()).unwrap_or(false)
}

/// Whether speech was wanted the last time.
pub fn is_wanted() -> bool {
    let kept = local_storage().and_then(|storage| storage.get_item(STORED_AS).ok().flatten());
    is_possible() && kept.as_deref() == Some("yes")
}

/// Remembers the wish.
pub fn want(is_wanted: bool) {
    if let Some(storage) = local_storage() {
        let _ = storage.set_item(STORED_AS, if is_wanted { "yes" } else { "no" });
    }
}

/// Speaks; what was being said ends.
pub fn say(words: &str) {
    if !is_possible() {
        return;
    }
    stop();
    if let (Ok(synthesis), Ok(utterance)) =
        (window().speech_synthesis(), web_sys::SpeechSynthesisUtterance::new_with_text(words))
    {
        synthesis.speak(&utterance);
    }
}

/// Whether the browser has a voice for a language; for the empty tag, whether it has any.
pub fn voice_for(tag: &str) -> bool {
    if !is_possible() {
        return false;
    }
    let Ok(synthesis) = window().speech_synthesis() else { return false };
    let wanted = tag.split('-').next().unwrap_or_default().to_lowercase();
    synthesis.get_voices().iter().any(|voice| {
        let lang =
            js_sys::Reflect::get(&voice, &"lang".into()).ok().and_then(|lang| lang.as_string());
        lang.is_some_and(|lang| lang.to_lowercase().starts_with(&wanted))
    })
}

/// Speaks in a language; `on_end` is called when it is over, however it ends.
pub fn say_in(words: &str, tag: &str, on_end: impl Fn() + 'static) {
    stop();
    let utterance = web_sys::SpeechSynthesisUtterance::new_with_text(words);
    let (Ok(synthesis), Ok(utterance)) = (window().speech_synthesis(), utterance) else {
        on_end();
        return;
    };
    utterance.set_lang(tag);
    let on_end = Closure::<dyn Fn()>::new(on_end).into_js_value();
    utterance.set_onend(Some(on_end.unchecked_ref()));
    utterance.set_onerror(Some(on_end.unchecked_ref()));
    synthesis.speak(&utterance);
}

/// Is silent at once.
pub fn stop() {
    if is_possible()
        && let Ok(synthesis) = window().speech_synthesis()
    {
        synthesis.cancel();
    }
}
