//! Routes, and the frame around the screens that are lists.

use crate::{
    commands::Keymap,
    edit::EditPage,
    icon::Icon,
    language::t,
    parts::{self, Pages},
    session::{Gate, Session},
    shell::{Shell, ShellDialogs},
    theme::Theme,
    toast::{ToastStack, Toasts},
};
use leptos::prelude::*;
use leptos_router::{
    components::{A, Route, Router, Routes},
    hooks::use_location,
    path,
};

/// The whole app.
#[component]
pub fn App() -> impl IntoView {
    provide_context(Theme::begin());
    provide_context(Keymap::begin());
    provide_context(Shell::default());
    provide_context(Toasts::default());
    provide_context(Session::begin());
    view! {
        <Router>
            <Gate>
                <Routes fallback=NotFound>
                    <Route path=path!("/") view=|| later(|pages| pages.workflows) />
                    <Route path=path!("/workflows/:id") view=EditPage />
                    <Route path=path!("/runs") view=|| later(|pages| pages.runs) />
                    <Route path=path!("/runs/:id") view=|| later(|pages| pages.run) />
                    <Route path=path!("/numbers") view=|| later(|pages| pages.numbers) />
                    <Route path=path!("/tokens") view=|| later(|pages| pages.tokens) />
                </Routes>
            </Gate>
            <ShellDialogs />
            <ToastStack />
        </Router>
    }
}

/// A page that arrives after the first screen.
fn later(page: fn(&Pages) -> fn() -> AnyView) -> impl IntoView {
    move || parts::pages().map(|pages| page(&pages)())
}

/// Takes away what `index.html` shows while the app loads.
pub fn remove_splash() {
    if let Some(splash) = document().get_element_by_id("splash") {
        splash.remove();
    }
}

/// The frame of a list screen: mark, places to go, and the screen itself as the page's main part.
#[component]
pub fn Frame(
    /// Shown in the browser's tab.
    #[prop(into)]
    title: String,
    children: Children,
) -> impl IntoView {
    document().set_title(&format!("{title} · Phloem"));
    let session = Session::of_context();
    view! {
        <a class="skip" href="#main">{t("Skip to the content")}</a>
        <header class="top">
            <Mark />
            <nav class="places" aria-label=t("Places")>
                <Place to="/" words=t("Workflows") />
                <Place to="/runs" words=t("Runs") />
                <Place to="/numbers" words=t("Numbers") />
                <Place to="/tokens" words=t("Tokens") />
            </nav>
            <span class="grow"></span>
            {move || session.is_sandbox().then(|| view! {
                <span class="chip" title=t("Calls and texts go to virtual phones. Nothing leaves this machine.")>{t("Sandbox")}</span>
            })}
            {move || parts::pages().map(|pages| (pages.common.settings)())}
            <button type="button" class="btn ghost" on:click=move |_| session.end()>{t("Sign out")}</button>
        </header>
        <main class="page" id="main" tabindex="-1">{children()}</main>
    }
}

/// The leaf; leads home.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <A href="/" attr:class="mark" attr:aria-label=t("Phloem, all workflows") attr:title=t("All workflows")><Icon name="leaf" /></A>
    }
}

#[component]
fn Place(to: &'static str, words: &'static str) -> impl IntoView {
    let location = use_location();
    let current = move || {
        let path = location.pathname.get();
        (path == to || (to != "/" && path.starts_with(to))).then_some("page")
    };
    view! { <A href=to attr:class="place" attr:aria-current=current>{words}</A> }
}

#[component]
fn NotFound() -> impl IntoView {
    view! {
        <Frame title=t("Not here")>
            <section class="empty">
                <Icon name="leaf" />
                <h1>{t("There is nothing at this address")}</h1>
                <p>{t("It may have been renamed or deleted.")}</p>
                <A href="/" attr:class="btn primary">{t("All workflows")}</A>
            </section>
        </Frame>
    }
}
