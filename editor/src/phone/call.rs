//! The call on the phone's screen: what is heard, and what can be done.

use super::{
    keypad::{KEYS, Keypad},
    line::{PhoneLine, Reach},
    say::Say,
    speech,
};
use crate::{
    backend::{Awaiting, Call, PhoneAct},
    icon::Icon,
};
use leptos::{html, prelude::*};
use leptos_router::components::A;

/// The view.
#[component]
pub fn CallView(line: PhoneLine) -> impl IntoView {
    let call = Memo::new(move |_| line.call());
    // What is mounted depends on where the call is, not on every word of it.
    let state = Memo::new(move |_| {
        call.read().as_ref().map(|call| (call.state.clone(), call.direction.clone()))
    });
    move || match state.get() {
        None => view! { <Idle line=line /> }.into_any(),
        Some((state, direction)) => match state.as_str() {
            "ringing" if direction == "incoming" => view! { <Ringing line=line /> }.into_any(),
            "ringing" => view! {
                <p class="phone-wait" role="status"><i class="pulse"></i>"Ringing…"</p>
                <div class="phone-row"><HangUp line=line /></div>
            }
            .into_any(),
            "in_call" => view! { <InCall line=line call=call /> }.into_any(),
            _ => view! { <Ended line=line call=call /> }.into_any(),
        },
    }
}

#[component]
fn Idle(line: PhoneLine) -> impl IntoView {
    view! {
        <p class="muted">"Call the workflow and go through it as a caller does, or let it call you."</p>
        <Begin line=line words="Call this workflow" />
    }
}

#[component]
fn Begin(line: PhoneLine, words: &'static str) -> impl IntoView {
    let cannot = move || line.is_busy() || line.reach() == Reach::Nothing;
    view! {
        <div class="phone-begin">
            <button type="button" class="btn primary" disabled=cannot on:click=move |_| line.call_workflow()><Icon name="phone" />{words}</button>
            <button type="button" class="btn" disabled=cannot title="Starts a run as a service would, with this phone’s number as “to”"
                on:click=move |_| line.be_called()>"Let it call me"</button>
        </div>
    }
}

#[component]
fn Ringing(line: PhoneLine) -> impl IntoView {
    view! {
        <p class="phone-wait" role="alert"><i class="pulse"></i>"Your phone rings"</p>
        <div class="phone-row">
            <button type="button" class="btn primary" on:click=move |_| line.phone_act(PhoneAct::Answer)><Icon name="phone" />"Answer"</button>
            <button type="button" class="btn end" on:click=move |_| line.phone_act(PhoneAct::Reject)>"Reject"</button>
        </div>
    }
}

#[component]
fn HangUp(line: PhoneLine) -> impl IntoView {
    view! { <button type="button" class="btn end" on:click=move |_| line.phone_act(PhoneAct::HangUp)>"Hang up"</button> }
}

#[component]
fn InCall(line: PhoneLine, call: Memo<Option<Call>>) -> impl IntoView {
    let waits = move || {
        let call = call.get()?;
        if let Some(room) = call.conference {
            return Some(format!("In the conference “{room}”"));
        }
        call.awaiting.map(awaited)
    };
    let is_asked = move || call.read().as_ref().is_some_and(|call| call.awaiting.is_some());
    // In a room the others hear it.
    let can_speak = Memo::new(move |_| {
        let call = call.get();
        call.is_some_and(|call| {
            let is_heard = |awaiting: &Awaiting| awaiting.takes_speech || awaiting.kind != "digits";
            call.conference.is_some() || call.awaiting.as_ref().is_some_and(is_heard)
        })
    });
    view! {
        <Captions call=call />
        <p class="phone-state" role="status" aria-live="polite">{waits}</p>
        <Show when=move || can_speak.get()><Say line=line /></Show>
        <Keypad line=line />
        <div class="phone-row">
            <button type="button" class="btn" disabled=move || !is_asked() title="Let the time to press a key run out" on:click=move |_| line.phone_act(PhoneAct::Silence)>"Stay silent"</button>
            <button type="button" class="btn" title="Do not wait for the end of what is being said" on:click=move |_| line.phone_act(PhoneAct::Skip)>"Skip wait"</button>
            <HangUp line=line />
        </div>
        {speech::is_possible().then(|| view! { <Aloud line=line /> })}
    }
}

/// What the other end waits for, in words.
fn awaited(awaiting: Awaiting) -> String {
    let words = match awaiting.max_digits {
        Some(1) => "a key".to_owned(),
        Some(most) => format!("up to {most} keys"),
        None => "keys".to_owned(),
    };
    let end = awaiting.finish_on_key.filter(|key| !key.is_empty());
    match (awaiting.kind.as_str(), end) {
        ("speech", _) => "Listens to what you say".to_owned(),
        ("recording", Some(key)) if key.chars().count() == 1 => {
            format!("Records you; {key} or silence ends it")
        }
        ("recording", _) => "Records you; any key or silence ends it".to_owned(),
        _ if awaiting.takes_speech => format!("Waits for words, or {words}"),
        (_, Some(key)) if awaiting.max_digits != Some(1) => {
            format!("Waits for {words}; {key} ends them")
        }
        _ => format!("Waits for {words}"),
    }
}

#[component]
fn Aloud(line: PhoneLine) -> impl IntoView {
    let icon = Signal::derive(move || String::from(if line.is_aloud() { "sound" } else { "mute" }));
    view! {
        <button type="button" class="link phone-aloud" aria-pressed=move || line.is_aloud().to_string() on:click=move |_| line.set_aloud(!line.is_aloud())>
            <Icon name=icon small=true />{move || if line.is_aloud() { "Spoken aloud" } else { "Speak aloud" }}
        </button>
    }
}

#[component]
fn Captions(call: Memo<Option<Call>>) -> impl IntoView {
    let captions = Memo::new(move |_| call.get().map(|call| call.captions).unwrap_or_default());
    let list = NodeRef::<html::Ol>::new();
    Effect::new(move |_| {
        captions.track();
        if let Some(list) = list.get() {
            // After the new line is there.
            request_animation_frame(move || list.set_scroll_top(list.scroll_height()));
        }
    });
    view! {
        <ol class="captions" node_ref=list aria-label="What is said" aria-live="polite" tabindex="0">
            {move || captions.get().into_iter().map(|caption| {
                let class = match caption.who.as_str() {
                    "me" if caption.text.chars().all(|key| KEYS.contains(&key)) => "cap me",
                    "me" => "cap mine",
                    "note" => "cap note",
                    _ => "cap",
                };
                let audio = caption.text.strip_prefix("Playing ").filter(|url| url.starts_with("http")).map(str::to_owned);
                view! {
                    <li class=class>
                        {match audio {
                            Some(url) => view! { "Plays a recording" <audio controls preload="none" src=url aria-label="The recording that is played"></audio> }.into_any(),
                            None => caption.text.into_any(),
                        }}
                    </li>
                }
            }).collect_view()}
        </ol>
    }
}

#[component]
fn Ended(line: PhoneLine, call: Memo<Option<Call>>) -> impl IntoView {
    view! {
        <Captions call=call />
        <p class="phone-state" role="status">
            "The call is over. "
            {move || line.run_id().map(|id| view! { <A href=format!("/runs/{id}")>"See the run"</A> })}
        </p>
        {move || line.recordings().into_iter().map(|url| view! { <audio class="recorded" controls preload="none" src=url aria-label="What was recorded"></audio> }).collect_view()}
        <Begin line=line words="Call again" />
    }
}
