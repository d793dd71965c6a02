//! The sheet of keys: every command with its keys, which can be changed here, and the keys that always mean the same.

use crate::commands::{Entry, Group, Id, Keymap, TABLE, chord_of, in_words, is_fixed, of};
use crate::dialog::Dialog;
use crate::icon::Icon;
use crate::language::{t, tf};
use leptos::{html, prelude::*};

/// Keys that cannot be changed, and what they do.
// texts
const FIXED: &[(&str, &str)] = &[
    ("← → ↑ ↓", "Go along the lines from step to step"),
    ("Alt ← → ↑ ↓", "Move the selected steps; with Shift as well, farther"),
    ("↵", "Open the settings of a step, or choose what follows a way out"),
    ("Space", "Select; held down, move the paper"),
    ("Home", "Go to the first step"),
    ("Esc", "One level up: out of a list, a way out, the selection"),
    ("Ctrl C, Ctrl X, Ctrl V", "Copy, cut and paste steps as text"),
];

/// What is being asked for.
#[derive(Clone, Debug, PartialEq)]
enum Asked {
    /// The keys of this command.
    Keys(Id),
    /// Whether to take keys from the command that has them.
    Taken { id: Id, chord: String, from: Id },
}

/// The dialog.
#[component]
pub fn KeyboardDialog(on_close: Callback<()>) -> impl IntoView {
    let keymap = Keymap::of_context();
    let asked = RwSignal::new(None::<Asked>);
    let refused = RwSignal::new(String::new());
    let footer = move || {
        view! {
            <button type="button" class="btn" on:click=move |_| drop(window().print())>{t("Print")}</button>
            <span class="grow"></span>
            <button type="button" class="btn" disabled=move || !keymap.is_changed() on:click=move |_| keymap.reset()>{t("Reset all keys")}</button>
            <button type="button" class="btn primary" on:click=move |_| on_close.run(())>{t("Done")}</button>
        }
    };
    view! {
        <Dialog
            title=t("Keyboard shortcuts")
            lead=t("Press a key's button, then the new keys.")
            on_close=on_close
            wide=true
            footer=footer
        >
            <label class="check">
                <input type="checkbox" prop:checked=move || keymap.has_single_keys()
                    on:change=move |event| keymap.set_single_keys(event_target_checked(&event)) />
                <span>
                    {t("Single keys such as A, 1 and ? do something")}
                    <small>{t("Switch them off if you speak to your computer or press keys by accident. Keys with Ctrl stay.")}</small>
                </span>
            </label>
            <p class="faint" role="status">{move || refused.get()}</p>
            <div class="keys-sheet">
                {Group::ALL.into_iter().map(|group| view! {
                    <section>
                        <h3>{group.title()}</h3>
                        <ul>
                            {TABLE.iter().filter(|entry| entry.group == group).map(|entry| view! { <KeyRow entry keymap asked refused /> }).collect_view()}
                        </ul>
                    </section>
                }).collect_view()}
                <section>
                    <h3>{t("Always so")}</h3>
                    <ul>
                        {FIXED.iter().map(|(keys, words)| view! { <li class="keys-row"><span class="grow">{t(words)}</span><kbd>{*keys}</kbd></li> }).collect_view()}
                    </ul>
                </section>
            </div>
        </Dialog>
    }
}

#[component]
fn KeyRow(
    entry: &'static Entry,
    keymap: Keymap,
    asked: RwSignal<Option<Asked>>,
    refused: RwSignal<String>,
) -> impl IntoView {
    let id = entry.id;
    let button = NodeRef::<html::Button>::new();
    let is_asked = Memo::new(move |_| asked.with(|asked| *asked == Some(Asked::Keys(id))));
    let taken = Memo::new(move |_| {
        asked.with(|asked| match asked {
            Some(Asked::Taken { id: of, chord, from }) if *of == id => Some((chord.clone(), *from)),
            _ => None,
        })
    });
    let words = move || {
        let keys: Vec<String> = keymap.keys(id).iter().map(|key| in_words(key)).collect();
        match (is_asked.get(), keys.is_empty()) {
            (true, _) => t("Press the new keys…").to_owned(),
            (false, true) => t("None").to_owned(),
            (false, false) => keys.join(", "),
        }
    };
    let label = move || tf("{command}: {keys}", &[("command", &entry.title()), ("keys", &words())]);
    let pressed = move |event: web_sys::KeyboardEvent| {
        if !is_asked.get_untracked() {
            return;
        }
        let Some(chord) = chord_of(&event) else { return };
        // Tab goes on, Escape leaves it as it was; neither can be chosen.
        if chord == "Tab" || chord == "Shift+Tab" {
            asked.set(None);
            return;
        }
        event.prevent_default();
        event.stop_propagation();
        if chord == "Escape" {
            asked.set(None);
        } else if chord == "Backspace" {
            keymap.unbind(id);
            asked.set(None);
        } else if is_fixed(&chord) {
            refused.set(tf(
                "{keys} always means the same; choose others.",
                &[("keys", &in_words(&chord))],
            ));
        } else if let Some(from) = keymap.conflict(id, &chord) {
            asked.set(Some(Asked::Taken { id, chord, from }));
        } else {
            keymap.bind(id, &chord);
            asked.set(None);
        }
    };
    let back = move || {
        asked.set(None);
        if let Some(button) = button.get_untracked() {
            let _ = button.focus();
        }
    };
    view! {
        <li class="keys-row">
            <Icon name=entry.icon small=true />
            <span class="grow">{entry.title()}</span>
            <button
                node_ref=button
                type="button"
                class="btn small keys-button"
                class:is-asking=move || is_asked.get()
                aria-label=label
                title=t("Change the keys; Backspace takes them away")
                on:click=move |_| asked.set(Some(Asked::Keys(id)))
                on:keydown=pressed
                on:blur=move |_| {
                    if is_asked.get_untracked() {
                        asked.set(None);
                    }
                }
            >{words}</button>
            {move || taken.get().map(|(chord, from)| {
                let sentence = tf("{keys} is {command}.", &[("keys", &in_words(&chord)), ("command", &of(from).title())]);
                view! {
                    <div class="notice warn keys-taken" role="alert">
                        <span class="grow">{sentence}</span>
                        <button type="button" class="btn small" autofocus on:click=move |_| {
                            keymap.bind(id, &chord);
                            back();
                        }>{t("Take it over")}</button>
                        <button type="button" class="btn small" on:click=move |_| back()>{t("Leave it")}</button>
                    </div>
                }
            })}
        </li>
    }
}
