//! Who is signed in; without anybody, how to sign in.

use crate::{
    backend::{self, Error},
    icon::Icon,
    language::t,
};
use leptos::{prelude::*, task::spawn_local};

/// What is known about the person at the screen.
#[derive(Clone, Debug, PartialEq)]
enum State {
    Asking,
    In(api::access::Session),
    Out,
    Unreachable(String),
}

/// The session, as a context.
#[derive(Clone, Copy)]
pub struct Session {
    state: RwSignal<State>,
}

impl Session {
    /// Asks the server who this is.
    pub fn begin() -> Session {
        let session = Session { state: RwSignal::new(State::Asking) };
        session.ask();
        backend::when_signed_out(move || session.state.set(State::Out));
        session
    }

    /// The page's session.
    pub fn of_context() -> Session {
        expect_context()
    }

    /// Who it is and what kind of server; tracked.
    pub fn get(self) -> Option<api::access::Session> {
        match self.state.get() {
            State::In(session) => Some(session),
            _ => None,
        }
    }

    /// Whether calls and texts stay on this machine; tracked.
    pub fn is_sandbox(self) -> bool {
        self.get().is_some_and(|session| session.mode == "sandbox")
    }

    /// Ends it; what is shown then says how to sign in again.
    pub fn end(self) {
        spawn_local(async move {
            if backend::sign_out().await.is_ok() {
                self.state.set(State::Out);
            }
        });
    }

    fn ask(self) {
        spawn_local(async move {
            self.state.set(match backend::session().await {
                Ok(session) => State::In(session),
                Err(Error::SignedOut) => State::Out,
                Err(error) => State::Unreachable(error.to_string()),
            });
        });
    }
}

/// Shows the app to those who are signed in, and to others how to become so.
#[component]
pub fn Gate(children: ChildrenFn) -> impl IntoView {
    let session = Session::of_context();
    // The kind of answer decides what is mounted; a renewed session must not rebuild the page.
    let kind = Memo::new(move |_| match session.state.get() {
        State::Asking => 0,
        State::In(_) => 1,
        State::Out => 2,
        State::Unreachable(_) => 3,
    });
    move || {
        match kind.get() {
        0 => view! { <div class="splash" role="status"><Icon name="leaf" /><span>{t("Opening Phloem…")}</span></div> }.into_any(),
        1 => children().into_any(),
        2 => view! { <SignIn session=session /> }.into_any(),
        _ => view! { <Unreachable session=session /> }.into_any(),
    }
    }
}

#[component]
fn SignIn(session: Session) -> impl IntoView {
    document().set_title(&format!("{} · Phloem", t("Sign in")));
    view! {
        <main class="door">
            <section class="door-card" aria-labelledby="door-title">
                <span class="mark"><Icon name="leaf" /></span>
                <h1 id="door-title">{t("Sign in with a link")}</h1>
                <p>
                    {t("Phloem has no password here. When the server starts, it prints a sign-in link on the terminal; open that link in this browser and you are in. Each link works once.")}
                </p>
                <p>{t("Link used or lost? Whoever runs the server gets a new one with this command, also while it runs:")}</p>
                <pre class="codeblock" tabindex="0" aria-label=t("Command")>"phloem sign-in --data DIR"</pre>
                <button type="button" class="btn" on:click=move |_| session.ask()>{t("I have opened the link")}</button>
            </section>
        </main>
    }
}

#[component]
fn Unreachable(session: Session) -> impl IntoView {
    let why = move || match session.state.get() {
        State::Unreachable(why) => why,
        _ => String::new(),
    };
    view! {
        <main class="door">
            <section class="door-card" aria-labelledby="door-title">
                <span class="mark"><Icon name="offline" /></span>
                <h1 id="door-title">{t("The server does not answer")}</h1>
                <p>{t("Drafts that were not saved yet are kept in this browser. Check that the server runs, then try again.")}</p>
                <p class="faint">{why}</p>
                <button type="button" class="btn primary" on:click=move |_| session.ask()>{t("Try again")}</button>
            </section>
        </main>
    }
}
