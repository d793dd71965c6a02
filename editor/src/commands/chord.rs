//! Key presses as text: `Ctrl+Shift+Z`. Letters are capital, Shift is not named with signs it is needed to type, and ⌘ counts as Ctrl.

use crate::language::t;
use web_sys::KeyboardEvent;

/// What was pressed; nothing as long as only Shift and the like are down.
pub fn chord_of(event: &KeyboardEvent) -> Option<String> {
    let key = event.key();
    let is_not_yet = matches!(
        key.as_str(),
        "Control"
            | "Shift"
            | "Alt"
            | "Meta"
            | "AltGraph"
            | "Dead"
            | "Process"
            | "Unidentified"
            | ""
    );
    if is_not_yet || event.is_composing() {
        return None;
    }
    // AltGr types signs; it is not Ctrl and Alt.
    let is_alt_gr = event.get_modifier_state("AltGraph");
    let modifiers = Modifiers {
        control: !is_alt_gr && (event.ctrl_key() || event.meta_key()),
        alt: !is_alt_gr && event.alt_key(),
        shift: event.shift_key(),
    };
    Some(written(&key, &event.code(), modifiers))
}

#[derive(Clone, Copy, Default)]
struct Modifiers {
    control: bool,
    alt: bool,
    shift: bool,
}

fn written(key: &str, code: &str, modifiers: Modifiers) -> String {
    // With Alt some keyboards type other signs; the key's place then says which letter it is.
    let of_code = code.strip_prefix("Key").filter(|_| modifiers.alt);
    let name = match key {
        " " => "Space".to_owned(),
        _ if key.chars().count() == 1 => of_code.unwrap_or(key).to_uppercase(),
        _ => key.to_owned(),
    };
    let is_sign = name.chars().count() == 1 && name.to_lowercase() == name;
    let mut text = String::new();
    if modifiers.control {
        text.push_str("Ctrl+");
    }
    if modifiers.alt {
        text.push_str("Alt+");
    }
    if modifiers.shift && !is_sign {
        text.push_str("Shift+");
    }
    text.push_str(&name);
    text
}

/// Whether this is one sign without Ctrl or Alt: what somebody might say or press by accident (WCAG 2.1.4).
pub fn is_single(chord: &str) -> bool {
    chord.strip_prefix("Shift+").unwrap_or(chord).chars().count() == 1
}

/// Whether the key has a meaning of its own everywhere and cannot get another.
pub fn is_fixed(chord: &str) -> bool {
    let key = chord.rsplit('+').next().unwrap_or_default();
    let has_control = chord.starts_with("Ctrl+") || chord.starts_with("Alt+");
    matches!(key, "Tab" | "Escape" | "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown" | "Home")
        || (!has_control && matches!(key, "Enter" | "Space"))
}

/// The keys as they stand on the keyboard: `Ctrl Shift Z`, on a Mac `⌘⇧Z`.
pub fn in_words(chord: &str) -> String {
    let is_mac = window_is_mac();
    let (modifiers, key) = match chord.rsplit_once('+') {
        // The key is the plus itself.
        Some((before, "")) => (before.trim_end_matches('+'), "+"),
        Some((before, key)) => (before, key),
        None => ("", chord),
    };
    let mut words: Vec<&str> = modifiers
        .split('+')
        .filter(|part| !part.is_empty())
        .map(|part| match (part, is_mac) {
            ("Ctrl", true) => "⌘",
            ("Alt", true) => "⌥",
            ("Shift", true) => "⇧",
            ("Shift", false) => t("Shift"),
            ("Ctrl", false) => t("Ctrl"),
            _ => part,
        })
        .collect();
    words.push(match key {
        "Delete" => t("Del"),
        "Insert" => t("Ins"),
        "Backspace" => "⌫",
        "Enter" => "↵",
        "Space" => t("Space"),
        "ContextMenu" => t("Menu key"),
        _ => key,
    });
    words.join(if is_mac { "" } else { " " })
}

fn window_is_mac() -> bool {
    leptos::prelude::window().navigator().user_agent().is_ok_and(|agent| agent.contains("Mac OS"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_press_is_always_written_the_same_way() {
        let none = Modifiers::default();
        let shift = Modifiers { shift: true, ..none };
        let alt_shift = Modifiers { alt: true, ..shift };
        let control = Modifiers { control: true, ..none };
        assert_eq!(written("a", "KeyA", none), "A");
        assert_eq!(written("A", "KeyA", shift), "Shift+A");
        assert_eq!(written("?", "Slash", shift), "?");
        assert_eq!(written("ˇ", "KeyT", alt_shift), "Alt+Shift+T");
        assert_eq!(written("+", "BracketRight", control), "Ctrl++");
        assert_eq!(written(" ", "Space", none), "Space");
        assert_eq!(written("F3", "F3", shift), "Shift+F3");
    }

    #[test]
    fn single_keys_and_fixed_keys_are_told_apart() {
        assert!(is_single("A") && is_single("?") && is_single("Shift+A"));
        assert!(!is_single("Ctrl+A") && !is_single("F2") && !is_single("Delete"));
        assert!(is_fixed("Escape") && is_fixed("Alt+ArrowLeft") && is_fixed("Enter"));
        assert!(!is_fixed("Ctrl+Enter") && !is_fixed("Ctrl+K"));
    }
}
