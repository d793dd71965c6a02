//! The phone on the screen: rings, answers, presses keys, texts, while the path lights up on the canvas.

mod call;
mod keypad;
mod line;
mod say;
pub mod speech;
mod texts;

use crate::{
    dialog::give_focus_back,
    edit::{Editing, OpenDialog},
    icon::Icon,
    session::Session,
    words,
};
use call::CallView;
use leptos::{ev, html, prelude::*};
use line::{PhoneLine, Reach};
use texts::TextsView;

pub use line::OUR_PHONE;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tab {
    Call,
    Texts,
}

/// The phone, beside the canvas.
#[component]
pub fn PhonePanel() -> impl IntoView {
    let session = Session::of_context();
    let is_sandbox = Memo::new(move |_| session.is_sandbox());
    give_focus_back();
    let element = NodeRef::<html::Section>::new();
    Effect::new(move |_| {
        if let Some(section) = element.get() {
            let _ = section.focus();
        }
    });
    view! {
        <section class="phone" aria-label="Phone" tabindex="-1" node_ref=element>
            {move || if is_sandbox.get() {
                view! { <Handset /> }.into_any()
            } else {
                view! {
                    <header class="who"><b>"Phone"</b><CloseButton /></header>
                    <p class="muted">
                        "This server is connected to the telephone network, so the phone on the screen is switched off. Call one of its numbers
                        with a phone of your own; the run appears under Runs."
                    </p>
                }.into_any()
            }}
        </section>
    }
}

#[component]
fn CloseButton() -> impl IntoView {
    let editing = Editing::of_context();
    view! {
        <button type="button" class="btn ghost small square" aria-label="Put the phone away" title="Put the phone away" on:click=move |_| editing.is_phone_open.set(false)>
            <Icon name="close" small=true />
        </button>
    }
}

#[component]
fn Handset() -> impl IntoView {
    let editing = Editing::of_context();
    let line = PhoneLine::begin(editing);
    let tab = RwSignal::new(Tab::Call);
    let unread = Memo::new(move |before: Option<&(usize, usize)>| {
        let (at_first, count) = line.texts_counted();
        let seen =
            if tab.get() == Tab::Texts { count } else { before.map_or(0, |(seen, _)| *seen) };
        (seen.max(at_first), count)
    });
    let unread_words = move || {
        let (seen, count) = unread.get();
        (count > seen)
            .then(|| view! { <span class="count num" aria-label="new">{count - seen}</span> })
    };
    // A call takes the screen, as on any phone.
    Effect::new(move |_| {
        if line.call().is_some_and(|call| call.state == "ringing") {
            tab.set(Tab::Call);
        }
    });
    on_cleanup(move || editing.path.set(Default::default()));
    let escape = window_event_listener(ev::keydown, move |event| {
        if event.key() == "Escape" && event.alt_key() {
            editing.is_phone_open.set(false);
        }
    });
    on_cleanup(move || escape.remove());
    view! {
        <header class="who">
            <b>{move || line.title()}</b>
            <span class="grow"></span>
            <time class="num">{move || line.call_time()}</time>
            <CloseButton />
        </header>
        <p class="faint num phone-number">"Your number here: "{words::number(OUR_PHONE)}</p>
        <div class="seg phone-tabs" role="tablist" aria-label="Phone">
            <button type="button" role="tab" aria-selected=move || (tab.get() == Tab::Call).to_string() on:click=move |_| tab.set(Tab::Call)>"Call"</button>
            <button type="button" role="tab" aria-selected=move || (tab.get() == Tab::Texts).to_string() on:click=move |_| tab.set(Tab::Texts)>"Texts"{unread_words}</button>
        </div>
        <ReachNote line=line />
        {move || match tab.get() {
            Tab::Call => view! { <CallView line=line /> }.into_any(),
            Tab::Texts => view! { <TextsView line=line /> }.into_any(),
        }}
        {move || line.trouble().map(|trouble| view! { <p class="notice bad" role="alert">{crate::list::capital(&trouble)}"."</p> })}
    }
}

/// Says which version the phone reaches, and offers to publish where that is not what is drawn.
#[component]
fn ReachNote(line: PhoneLine) -> impl IntoView {
    let editing = Editing::of_context();
    let publish = move |_| editing.dialog.set(Some(OpenDialog::Publish));
    move || {
        match line.reach() {
        Reach::Draft => ().into_any(),
        Reach::Nothing => view! {
            <div class="notice">
                <strong>"Nothing answers yet"</strong>
                <span>"The phone reaches the published version, and there is none."</span>
                <div class="row"><button type="button" class="btn small primary" on:click=publish>"Publish…"</button></div>
            </div>
        }
        .into_any(),
        Reach::Older(version) => view! {
            <p class="reach">
                "Version "{version}" answers; the draft says something else. "
                <button type="button" class="link" on:click=publish>"Publish…"</button>
            </p>
        }
        .into_any(),
    }
    }
}
