//! Tokens: how services prove who they are.

use crate::{
    app::Frame,
    backend,
    dialog::{Confirm, Dialog},
    edit::transfer,
    icon::Icon,
    language::{t, tf},
    list::{LoadFailed, TableSkeleton, capital},
    toast::Toasts,
    words,
};
use api::access::{CreatedToken, NewToken, Token};
use leptos::{prelude::*, task::spawn_local};

/// What a token may do: in files, in words, and what that means.
// texts
const SCOPES: &[(&str, &str, &str)] = &[
    ("run", "Run", "Starts runs, and nothing else. For services."),
    ("read", "Read", "Sees workflows and runs. For dashboards."),
    ("write", "Write", "Changes and publishes workflows. For CI."),
    ("admin", "Admin", "Everything, tokens too."),
];

/// The screen.
#[component]
pub fn TokensPage() -> impl IntoView {
    let tokens = LocalResource::new(backend::tokens);
    let is_new_open = RwSignal::new(false);
    let refresh = Callback::new(move |()| tokens.refetch());
    view! {
        <Frame title=t("Tokens")>
            <div class="page-head">
                <div class="grow"><h1>{t("Tokens")}</h1><p class="muted">{t("A service that starts runs shows one of these. Give each service its own, so that one can be taken back alone.")}</p></div>
                <button type="button" class="btn primary" on:click=move |_| is_new_open.set(true)><Icon name="plus" />{t("New token")}</button>
            </div>
            {move || match tokens.get() {
                None => view! { <TableSkeleton /> }.into_any(),
                Some(Err(error)) => view! { <LoadFailed why=error.to_string() retry=refresh /> }.into_any(),
                Some(Ok(list)) if list.tokens.is_empty() => view! {
                    <section class="empty">
                        <h1>{t("No service can start runs yet")}</h1>
                        <p>{t("Make a token, hand it to the service, and let it POST to /phlo/…/run. The secret is shown once.")}</p>
                        <button type="button" class="btn primary" on:click=move |_| is_new_open.set(true)>{t("New token")}</button>
                    </section>
                }.into_any(),
                Some(Ok(list)) => view! {
                    <div class="table-box">
                        <table class="table">
                            <thead><tr><th scope="col">{t("Name")}</th><th scope="col">{t("May")}</th><th scope="col">{t("Ends with")}</th><th scope="col">{t("Made")}</th><th scope="col">{t("Last used")}</th>
                                <th scope="col"><span class="visually-hidden">{t("More")}</span></th></tr></thead>
                            <tbody>{list.tokens.into_iter().map(|token| view! { <Row token=token refresh=refresh /> }).collect_view()}</tbody>
                        </table>
                    </div>
                }.into_any(),
            }}
            <Show when=move || is_new_open.get()>
                <NewTokenDialog on_close=Callback::new(move |()| {
                    is_new_open.set(false);
                    refresh.run(());
                }) />
            </Show>
        </Frame>
    }
}

#[component]
fn Row(token: Token, refresh: Callback<()>) -> impl IntoView {
    let toasts = Toasts::of_context();
    let scope = SCOPES
        .iter()
        .find(|(scope, ..)| *scope == token.scope)
        .map_or(token.scope.clone(), |(_, words, _)| t(words).to_owned());
    let label = tf("Take back {name}", &[("name", &token.name)]);
    let used = token.last_used_at.as_deref().map_or_else(|| t("Never").to_owned(), words::ago);
    let (id, names) = (token.id.clone(), StoredValue::new(token.name.clone()));
    let is_asking = RwSignal::new(false);
    let ids = StoredValue::new(id);
    let revoke = Callback::new(move |()| {
        spawn_local(async move {
            match backend::revoke_token(&ids.get_value()).await {
                Ok(()) => {
                    toasts.say(t("The token is taken back."));
                    refresh.run(());
                }
                Err(error) => toasts.say(tf("Not taken back: {why}.", &[("why", &error)])),
            }
        });
    });
    view! {
        <tr>
            <th scope="row">{token.name.clone()}<p class="faint mono">{token.id.clone()}</p></th>
            <td>{scope}</td>
            <td class="mono">"…"{token.last_characters.clone()}</td>
            <td><time datetime=token.created_at.clone() title=words::moment(&token.created_at)>{words::ago(&token.created_at)}</time></td>
            <td>{used}</td>
            <td class="more"><button type="button" class="btn ghost small square" aria-label=label.clone() title=label on:click=move |_| is_asking.set(true)><Icon name="trash" small=true /></button>
                <Show when=move || is_asking.get()>
                    <Confirm title=tf("Take back “{name}”?", &[("name", &names.get_value())]) lead=t("The service that uses it is refused from now on.") yes=t("Take back")
                        on_yes=revoke on_close=Callback::new(move |()| is_asking.set(false)) />
                </Show></td>
        </tr>
    }
}

#[component]
fn NewTokenDialog(on_close: Callback<()>) -> impl IntoView {
    let name = RwSignal::new(String::new());
    let scope = RwSignal::new("run");
    let created = RwSignal::new(None::<CreatedToken>);
    let why_not = RwSignal::new(None::<String>);
    let create = move || {
        let token = NewToken {
            name: name.get_untracked().trim().to_owned(),
            scope: scope.get_untracked().to_owned(),
        };
        if token.name.is_empty() {
            why_not.set(Some(t("say which service it is for").to_owned()));
            return;
        }
        why_not.set(None);
        spawn_local(async move {
            match backend::create_token(&token).await {
                Ok(token) => created.set(Some(token)),
                Err(error) => why_not.set(Some(error.to_string())),
            }
        });
    };
    let title = Signal::derive(move || {
        String::from(if created.read().is_some() {
            t("Copy the token now")
        } else {
            t("New token")
        })
    });
    let lead = Signal::derive(move || {
        String::from(if created.read().is_some() {
            t("It is shown this once. The server keeps only a fingerprint of it.")
        } else {
            ""
        })
    });
    view! {
        <Dialog
            title=title
            lead=lead
            on_close=on_close
            footer=move || if created.read().is_some() {
                view! { <button type="button" class="btn primary" on:click=move |_| on_close.run(())>{t("Done")}</button> }.into_any()
            } else {
                view! {
                    <button type="button" class="btn" on:click=move |_| on_close.run(())>{t("Cancel")}</button>
                    <button type="button" class="btn primary" on:click=move |_| create()>{t("Create")}</button>
                }.into_any()
            }
        >
            {move || match created.get() {
                Some(token) => view! { <Secret secret=token.secret /> }.into_any(),
                None => view! {
                    <form class="stack" on:submit=move |event: web_sys::SubmitEvent| {
                        event.prevent_default();
                        create();
                    }>
                        <div class="field">
                            <label for="token-name">{t("For which service")}</label>
                            <input id="token-name" class="input" autofocus autocomplete="off" maxlength="80" placeholder=t("Monitoring")
                                on:input=move |event| name.set(event_target_value(&event)) />
                        </div>
                        <fieldset>
                            <legend>{t("It may")}</legend>
                            <div class="gallery narrow">
                                {SCOPES.iter().map(|(value, words, help)| view! {
                                    <label class="gallery-card">
                                        <input type="radio" name="scope" prop:checked=move || scope.get() == *value on:change=move |_| scope.set(value) />
                                        <strong>{t(words)}</strong><span class="muted">{t(help)}</span>
                                    </label>
                                }).collect_view()}
                            </div>
                        </fieldset>
                        {move || why_not.get().map(|why| view! { <p class="notice bad" role="alert">{capital(&why)}"."</p> })}
                    </form>
                }.into_any(),
            }}
        </Dialog>
    }
}

#[component]
fn Secret(secret: String) -> impl IntoView {
    let toasts = Toasts::of_context();
    let text = StoredValue::new(secret.clone());
    let copy = move |_| {
        spawn_local(async move {
            let is_copied = transfer::copy(&text.get_value()).await;
            toasts.say(if is_copied {
                t("Copied.")
            } else {
                t("The browser does not allow copying here; select the text instead.")
            });
        });
    };
    view! {
        <pre class="codeblock wrap" tabindex="0" aria-label=t("The token") data-testid="token-secret">{secret}</pre>
        <div class="row"><button type="button" class="btn" on:click=copy><Icon name="copy" />{t("Copy")}</button>
            <span class="faint">{t("Header:")}" "<code>"Authorization: Bearer …"</code></span></div>
    }
}
