//! Our numbers: what each starts, and what the carrier has to be told.

use crate::{
    app::Frame,
    backend,
    icon::Icon,
    language::{t, tf},
    list::{LoadFailed, TableSkeleton},
    session::Session,
    toast::Toasts,
    words,
};
use api::{numbers::Number, workflows::WorkflowSummary};
use leptos::{prelude::*, task::spawn_local};

/// The screen.
#[component]
pub fn NumbersPage() -> impl IntoView {
    let session = Session::of_context();
    let numbers = LocalResource::new(backend::numbers);
    let workflows = LocalResource::new(backend::workflows);
    let choices = Memo::new(move |_| match workflows.get() {
        Some(Ok(list)) => list.workflows,
        _ => Vec::new(),
    });
    let lead = move || {
        if session.is_sandbox() {
            t(
                "Pretend numbers: the phone on the screen can call and text them. Calls and texts that name no sender come from the first.",
            )
        } else {
            t(
                "What callers and texters reach. Enter the addresses below at the carrier, so that it asks this server.",
            )
        }
    };
    view! {
        <Frame title=t("Numbers")>
            <div class="page-head"><div class="grow"><h1>{t("Numbers")}</h1><p class="muted">{lead}</p></div></div>
            {move || match numbers.get() {
                None => view! { <TableSkeleton /> }.into_any(),
                Some(Err(error)) => view! { <LoadFailed why=error.to_string() retry=Callback::new(move |()| numbers.refetch()) /> }.into_any(),
                Some(Ok(list)) if list.numbers.is_empty() => view! {
                    <section class="empty">
                        <h1>{t("No numbers yet")}</h1>
                        <p>{t("A number is what people call and text; here it is told which workflow answers.")}</p>
                        <ol class="teach">
                            <li><b>{t("Rent a number at the carrier")}</b><span>{t("In its console, under phone numbers.")}</span></li>
                            <li><b>{t("Start the server with it")}</b><code>"PHLOEM_FROM_NUMBER=+15550100000 phloem serve"</code></li>
                            <li><b>{t("Choose here what it starts")}</b><span>{t("And give the carrier the two addresses that stand beside it.")}</span></li>
                        </ol>
                    </section>
                }.into_any(),
                Some(Ok(list)) => view! {
                    <div class="table-box">
                        <table class="table">
                            <thead><tr><th scope="col">{t("Number")}</th><th scope="col">{t("Starts")}</th><th scope="col">{t("Addresses for the carrier")}</th></tr></thead>
                            <tbody>{list.numbers.into_iter().map(|number| view! { <Row number=number choices=choices /> }).collect_view()}</tbody>
                        </table>
                    </div>
                }.into_any(),
            }}
        </Frame>
    }
}

#[component]
fn Row(number: Number, choices: Memo<Vec<WorkflowSummary>>) -> impl IntoView {
    let toasts = Toasts::of_context();
    let starts = RwSignal::new(number.workflow.clone().unwrap_or_default());
    let named = StoredValue::new(number.number.clone());
    let change = move |event: web_sys::Event| {
        let before = starts.get_untracked();
        let chosen = event_target_value(&event);
        starts.set(chosen.clone());
        spawn_local(async move {
            let number = named.get_value();
            match backend::change_number(&number, (!chosen.is_empty()).then_some(chosen)).await {
                Ok(_) => {
                    toasts.say(tf("{number} is changed.", &[("number", &words::number(&number))]))
                }
                Err(error) => {
                    starts.set(before);
                    toasts.say(tf("Not changed: {why}.", &[("why", &error)]));
                }
            }
        });
    };
    let unpublished = move || {
        let choices = choices.read();
        let workflow = choices.iter().find(|workflow| workflow.id == starts.get());
        workflow.is_some_and(|workflow| workflow.published_version.is_none())
    };
    let label = tf("What {number} starts", &[("number", &words::number(&number.number))]);
    view! {
        <tr>
            <th scope="row" class="num">{words::number(&number.number)}</th>
            <td>
                <select class="select" aria-label=label prop:value=move || { choices.track(); starts.get() } on:change=change>
                    <option value="" selected=move || starts.read().is_empty()>{t("Nothing")}</option>
                    {move || choices.get().into_iter().map(|workflow| {
                        let of = workflow.id.clone();
                        view! { <option value=workflow.id selected=move || starts.get() == of>{workflow.name}</option> }
                    }).collect_view()}
                </select>
                {move || unpublished().then(|| view! { <p class="faint">{t("It is not published yet, so callers hear that the number is not in use.")}</p> })}
            </td>
            <td>
                <details class="fold">
                    <summary>{t("Show")}</summary>
                    <dl class="variables">
                        <Address words=t("When it rings") url=number.answer_url />
                        <Address words=t("When a text comes") url=number.message_url />
                        <Address words=t("When a call ends") url=number.hangup_url />
                    </dl>
                </details>
            </td>
        </tr>
    }
}

#[component]
fn Address(words: &'static str, url: String) -> impl IntoView {
    let toasts = Toasts::of_context();
    let text = StoredValue::new(url.clone());
    let copy = move |_| {
        spawn_local(async move {
            let is_copied = crate::edit::transfer::copy(&text.get_value()).await;
            toasts.say(if is_copied {
                t("Copied.")
            } else {
                t("The browser does not allow copying here; select the text instead.")
            });
        });
    };
    view! {
        <div>
            <dt>{words}</dt>
            <dd class="row"><code class="grow">{url}</code>
                <button type="button" class="btn ghost small square" aria-label=tf("Copy the address: {when}", &[("when", &words)]) on:click=copy><Icon name="copy" small=true /></button></dd>
        </div>
    }
}
