//! The manual's pages on problems, carried along in the binary.

use super::{Outcome, say};
use rust_embed::RustEmbed;

/// One page for each code; the engine's tests prove that none is missing.
#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../docs/problems"]
struct Pages;

/// `phloem explain`.
pub(super) fn explain(code: &str) -> anyhow::Result<Outcome> {
    let page = Pages::get(&format!("{code}.md")).filter(|_| code != "README");
    let Some(page) = page else {
        anyhow::bail!(
            "there is no problem with the code `{code}`; `phloem validate` prints codes in brackets"
        );
    };
    say(String::from_utf8_lossy(&page.data).trim_end());
    Ok(Outcome::Good)
}
