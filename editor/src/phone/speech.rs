//! Speaks captions aloud where the browser can and somebody wants it.

use crate::theme::local_storage;
use leptos::prelude::window;

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

/// Is silent at once.
pub fn stop() {
    if is_possible()
        && let Ok(synthesis) = window().speech_synthesis()
    {
        synthesis.cancel();
    }
}
