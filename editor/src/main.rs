//! The editor: draws workflows, listens to what becomes of them, asks the server for everything else.

#![expect(
    unreachable_pub,
    reason = "nothing reaches into a program; `pub` means for other modules here, and `#[component]` writes it"
)]

mod app;
mod backend;
mod canvas;
mod commands;
mod dialog;
mod drawing;
mod edit;
mod follow;
mod form;
mod icon;
mod idb;
mod language;
mod list;
mod numbers;
mod palette;
mod parts;
mod phone;
mod problems;
mod run_page;
mod runs;
mod session;
mod shell;
mod theme;
mod toast;
mod tokens;
mod words;

fn main() {
    console_error_panic_hook::set_once();
    // Leptos has tasks of its own only from the first mount on.
    wasm_bindgen_futures::spawn_local(async {
        language::begin().await;
        leptos::mount::mount_to_body(app::App);
        app::remove_splash();
    });
}
