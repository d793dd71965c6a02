//! Workflow files: from this computer and to it.

use engine::{Document, Problem};
use leptos::{html, prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

/// Reads a workflow file's text.
///
/// # Errors
/// Everything that keeps it from being a workflow at all. A workflow with problems is one.
pub fn read_document(text: &str) -> Result<Document, Vec<Problem>> {
    engine::workflow::read(text)
}

/// A button that lets a JSON file be picked and gives its text.
#[component]
pub fn PickFile(
    on_text: Callback<String>,
    #[prop(optional)] class: Option<&'static str>,
    children: Children,
) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let picked = move |_| {
        let Some(input) = input.get_untracked() else { return };
        let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
        spawn_local(async move {
            if let Ok(text) = JsFuture::from(file.text()).await {
                on_text.run(text.as_string().unwrap_or_default());
            }
            // So that picking the same file again is a change.
            input.set_value("");
        });
    };
    view! {
        <input node_ref=input type="file" accept=".json,application/json" class="visually-hidden" tabindex="-1" aria-hidden="true" data-testid="import-file" on:change=picked />
        <button
            type="button"
            class=class.unwrap_or("btn")
            on:click=move |_| {
                if let Some(input) = input.get_untracked() {
                    input.click();
                }
            }
        >
            {children()}
        </button>
    }
}

/// Hands a workflow's canonical text to the browser as a file named by its id.
pub fn export(document: &Document) {
    let text = engine::workflow::canonical(document);
    let parts = js_sys::Array::of1(&text.into());
    let options = web_sys::BlobPropertyBag::new();
    options.set_type("application/json");
    let Ok(blob) = web_sys::Blob::new_with_str_sequence_and_options(&parts, &options) else {
        return;
    };
    let Ok(url) = web_sys::Url::create_object_url_with_blob(&blob) else { return };
    if let Ok(element) = leptos::prelude::document().create_element("a")
        && let Ok(link) = element.dyn_into::<web_sys::HtmlAnchorElement>()
    {
        link.set_href(&url);
        link.set_download(&format!("{}.json", document.id));
        link.click();
    }
    // The browser reads the file after this function returns; it is not kept for ever.
    gloo_timers::callback::Timeout::new(30_000, move || {
        let _ = web_sys::Url::revoke_object_url(&url);
    })
    .forget();
}

/// Puts text on the clipboard; `false` where the browser does not allow it.
pub async fn copy(text: &str) -> bool {
    JsFuture::from(window().navigator().clipboard().write_text(text)).await.is_ok()
}
