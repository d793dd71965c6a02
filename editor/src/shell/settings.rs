//! How the editor looks and which language it speaks.

use super::{Shell, ShellDialog};
use crate::edit::{Editing, tour};
use crate::icon::Icon;
use crate::language::{LANGUAGES, choose, language, t};
use crate::theme::{Look, Theme};
use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;

/// The button in the bar, and what it opens.
#[component]
pub fn SettingsMenu() -> impl IntoView {
    let is_open = RwSignal::new(false);
    let button = NodeRef::<html::Button>::new();
    let root = NodeRef::<html::Div>::new();
    let close = move || {
        is_open.set(false);
        if let Some(button) = button.get_untracked() {
            let _ = button.focus();
        }
    };
    // A press beside it closes it.
    let outside = window_event_listener(leptos::ev::pointerdown, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        let root = root.try_get_untracked().flatten();
        let is_inside = root.is_some_and(|root| root.contains(target.as_ref()));
        if !is_inside && is_open.try_get_untracked() == Some(true) {
            is_open.set(false);
        }
    });
    on_cleanup(move || outside.remove());
    let pressed = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Escape" && is_open.get_untracked() {
            event.stop_propagation();
            close();
        }
    };
    view! {
        <div class="settings-menu" node_ref=root on:keydown=pressed>
            <button
                node_ref=button
                type="button"
                class="btn ghost square"
                aria-label=t("Settings of the editor")
                title=t("Settings of the editor")
                aria-haspopup="dialog"
                aria-expanded=move || is_open.get().to_string()
                on:click=move |_| is_open.update(|open| *open = !*open)
            >
                <Icon name="settings" />
            </button>
            <Show when=move || is_open.get()><SettingsBox on_close=Callback::new(move |()| close()) /></Show>
        </div>
    }
}

#[component]
fn SettingsBox(on_close: Callback<()>) -> impl IntoView {
    let theme: Theme = expect_context();
    let shell = Shell::of_context();
    let show = move |dialog: ShellDialog| {
        // The focus is back on the button first, so that the dialog can give it back there.
        on_close.run(());
        shell.show(dialog);
    };
    let choose_language = move |event: web_sys::Event| {
        let code = event_target_value(&event);
        if let Some(language) = LANGUAGES.iter().find(|language| language.code == code) {
            choose(*language);
        }
    };
    view! {
        <div class="settings-box" role="dialog" aria-label=t("Settings of the editor")>
            <fieldset>
                <legend>{t("Colours")}</legend>
                <div class="looks">
                    {Look::ALL.into_iter().map(|look| view! {
                        <label>
                            <input type="radio" name="look" prop:checked=move || theme.look() == look on:change=move |_| theme.choose(look) />
                            <Icon name=look.icon() />
                            <span>{look.words()}</span>
                        </label>
                    }).collect_view()}
                </div>
            </fieldset>
            <div class="field">
                <label for="language">{t("Language")}</label>
                <select id="language" class="select" on:change=choose_language>
                    {LANGUAGES.iter().map(|one| view! {
                        <option value=one.code lang=one.code selected=one.code == language().code>{one.name}</option>
                    }).collect_view()}
                </select>
            </div>
            {use_context::<Editing>().map(|_| view! {
                <button type="button" class="settings-row" on:click=move |_| {
                    on_close.run(());
                    tour::answer(shell, true);
                }>
                    <Icon name="help" /><span>{t("Show me around")}</span>
                </button>
            })}
            <button type="button" class="settings-row" on:click=move |_| show(ShellDialog::Keyboard)>
                <Icon name="key" /><span>{t("Keyboard shortcuts")}</span>
            </button>
        </div>
    }
}
