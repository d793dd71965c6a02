//! A dialog that keeps the focus inside, closes on Escape, and gives the focus back.

use crate::{icon::Icon, language::t};
use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;

/// A modal dialog; mounted while open.
#[component]
pub fn Dialog(
    /// Its heading.
    #[prop(into)]
    title: Signal<String>,
    /// A sentence below the heading.
    #[prop(into, optional)]
    lead: Signal<String>,
    /// Called when it is closed by Escape, the cross or a click beside it.
    #[prop(into)]
    on_close: Callback<()>,
    /// Wider than usual.
    #[prop(optional)]
    wide: bool,
    /// What stands in it.
    children: Children,
    /// The buttons at its foot.
    #[prop(into, optional)]
    footer: ViewFn,
) -> impl IntoView {
    give_focus_back();
    let element = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        if let Some(dialog) = element.get()
            && !dialog.open()
        {
            let _ = dialog.show_modal();
        }
    });
    let beside = move |event: web_sys::MouseEvent| {
        // The padding-free dialog fills its box: only the backdrop reports the dialog itself as target.
        let is_backdrop =
            event.target().zip(element.get_untracked()).is_some_and(|(target, dialog)| {
                let dialog: &web_sys::Node = dialog.as_ref();
                target
                    .dyn_ref::<web_sys::Node>()
                    .is_some_and(|target| target.is_same_node(Some(dialog)))
            });
        if is_backdrop {
            on_close.run(());
        }
    };
    view! {
        <dialog
            node_ref=element
            class="dialog"
            class:wide=wide
            aria-label=move || title.get()
            on:cancel=move |event: web_sys::Event| {
                event.prevent_default();
                on_close.run(());
            }
            on:click=beside
            on:keydown=|event| event.stop_propagation()
        >
            <header>
                <div>
                    <h2>{move || title.get()}</h2>
                    {move || (!lead.get().is_empty()).then(|| view! { <p>{lead.get()}</p> })}
                </div>
                <button type="button" class="btn ghost square" aria-label=t("Close") on:click=move |_| on_close.run(())>
                    <Icon name="close" />
                </button>
            </header>
            <div class="body">{children()}</div>
            <footer>{move || footer.run()}</footer>
        </dialog>
    }
}

/// What has the focus now gets it back when the component that calls this goes.
pub fn give_focus_back() {
    let before = document()
        .active_element()
        .and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
    let before = StoredValue::new_local(before);
    on_cleanup(move || {
        if let Some(element) = before.try_get_value().flatten() {
            // After the component is out of the page.
            request_animation_frame(move || {
                let _ = element.focus();
            });
        }
    });
}

/// Asks before something that cannot be taken back.
#[component]
pub fn Confirm(
    /// The question.
    #[prop(into)]
    title: String,
    /// What follows from a yes.
    #[prop(into)]
    lead: String,
    /// On the button that does it.
    yes: &'static str,
    on_yes: Callback<()>,
    on_close: Callback<()>,
) -> impl IntoView {
    view! {
        <Dialog
            title=title
            lead=lead
            on_close=on_close
            footer=move || view! {
                <button type="button" class="btn" autofocus on:click=move |_| on_close.run(())>{t("Cancel")}</button>
                <button type="button" class="btn danger" on:click=move |_| {
                    on_close.run(());
                    on_yes.run(());
                }>{yes}</button>
            }
        >
            ()
        </Dialog>
    }
}
