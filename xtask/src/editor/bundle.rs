//! Puts the page together: styles into one file, everything that may be cached into a folder named by its contents.

use super::{files, hex};
use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};
use std::fs;
use std::path::Path;

/// Fills `new` from the sources in `editor` and from `bound`, the folder wasm-bindgen filled, which it renames.
pub(super) fn assemble(editor: &Path, new: &Path, bound: &Path) -> Result<()> {
    fs::write(bound.join("style.css"), styles(&editor.join("style"))?)?;
    // A file of its own: the page's content security policy allows no script inside the page.
    fs::write(
        bound.join("start.js"),
        "import start from \"./editor.js\";\n\
         start({ module_or_path: new URL(\"./editor_bg.wasm\", import.meta.url) });\n",
    )?;

    let hash = &contents_hash(bound)?[..16];
    fs::rename(bound, new.join("assets").join(hash))?;

    let public = editor.join("public");
    for file in files(&public)? {
        let target = new.join(file.strip_prefix(&public)?);
        fs::create_dir_all(target.parent().context("a file lies in a folder")?)?;
        fs::copy(&file, target)?;
    }

    let index = editor.join("index.html");
    let text =
        fs::read_to_string(&index).with_context(|| format!("cannot read {}", index.display()))?;
    fs::write(new.join("index.html"), page(&text, hash))?;
    Ok(())
}

/// All style sheets as one: `tokens.css` first, for it declares the layers, then by name.
fn styles(dir: &Path) -> Result<String> {
    let mut sheets = files(dir)?;
    sheets.retain(|file| file.extension().is_some_and(|extension| extension == "css"));
    sheets.sort_by_key(|file| (!file.ends_with("tokens.css"), file.clone()));
    let mut text = String::new();
    for sheet in sheets {
        text += &fs::read_to_string(&sheet)?;
        text.push('\n');
    }
    Ok(text)
}

/// The page with its style and script put at the end of its head; the large file starts to load at once.
fn page(source: &str, hash: &str) -> String {
    let head = format!(
        "<link rel=\"stylesheet\" href=\"/assets/{hash}/style.css\">\n\
         <link rel=\"modulepreload\" href=\"/assets/{hash}/editor.js\">\n\
         <link rel=\"preload\" href=\"/assets/{hash}/editor_bg.wasm\" as=\"fetch\" type=\"application/wasm\" crossorigin>\n\
         <script type=\"module\" src=\"/assets/{hash}/start.js\"></script>\n"
    );
    match source.find("</head>") {
        Some(end) => format!("{}{head}{}", &source[..end], &source[end..]),
        None => format!("{head}{source}"),
    }
}

fn contents_hash(dir: &Path) -> Result<String> {
    let mut hash = Sha256::new();
    for file in files(dir)? {
        hash.update(file.strip_prefix(dir)?.to_string_lossy().as_bytes());
        hash.update([0]);
        hash.update(fs::read(&file)?);
    }
    Ok(hex(&hash.finalize()))
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn style_and_script_go_to_the_end_of_the_head() {
        let page = page("<head><title>Phloem</title></head><body></body>", "0123");
        let script = page.find("/assets/0123/start.js").expect("the script is named");
        assert!(page.find("</title>") < Some(script));
        assert!(Some(script) < page.find("</head>"));
    }
}
