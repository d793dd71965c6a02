//! The editor's files, out of the binary: compressed beforehand, kept by browsers for as long as their name says what is in them.

use super::{Error, auth, error, sign_in};
use crate::{access::Scope, app::App};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest, Sha256};

/// What the editor may do in a browser: its own files and its own server, WebAssembly, and style attributes, which frameworks set. `{scripts}` stands for the
/// digests of the scripts inside the page.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{scripts}; style-src 'self'; style-src-attr 'unsafe-inline'; \
    img-src 'self' data: blob:; font-src 'self'; media-src 'self' https: http: data: blob:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; \
    frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/// The same for the page of the API's description, which styles itself.
pub(super) const DOCS_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'";

/// The editor's one page.
const PAGE: &str = "index.html";

/// Names that hold a digest of the file never change what they mean.
const FOREVER: &str = "public, max-age=31536000, immutable";
const ASK_AGAIN: &str = "no-cache";

/// The built editor; made by `cargo xtask build`, empty in a build without it.
#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../target/editor"]
struct Files;

/// A file of the editor, or its page for any address that is none: the editor reads the address itself.
///
/// The files are the same for everybody and hold nothing but the program, so that the page can say by itself that nobody is signed in; without a session
/// its status is 401 all the same.
pub(super) async fn serve(State(app): State<App>, request: Request) -> Result<Response, Error> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err(error::nothing_here().await);
    }
    let path = request.uri().path().trim_start_matches('/');
    if let Some(response) = file(path, request.headers()).filter(|_| path != PAGE) {
        return Ok(response);
    }
    let is_signed_in =
        auth::caller(&app, request.headers()).await?.is_some_and(|caller| caller.may(Scope::Read));
    if !is_signed_in {
        return Ok(page(&HeaderMap::new()).map_or_else(sign_in::refused, refused));
    }
    if path.rsplit('/').next().is_some_and(|name| name.contains('.')) {
        return Err(error::nothing_here().await);
    }
    page(request.headers()).ok_or_else(|| {
        Error::not_found(
            "This server was built without the editor; build it with `cargo xtask build`.",
        )
    })
}

/// The page for those who are not signed in, not to be kept by anybody.
fn refused(mut page: Response) -> Response {
    *page.status_mut() = StatusCode::UNAUTHORIZED;
    page.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    page
}

fn page(headers: &HeaderMap) -> Option<Response> {
    let text = Files::get(PAGE)?;
    let policy = POLICY.replace("{scripts}", &script_digests(&String::from_utf8_lossy(&text.data)));
    let mut response = file(PAGE, headers)?;
    if let Ok(policy) = policy.parse() {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    Some(response)
}

/// A file in the best form the browser takes.
fn file(path: &str, headers: &HeaderMap) -> Option<Response> {
    if path.is_empty() || path.ends_with(".br") || path.ends_with(".gz") {
        return None;
    }
    let accepted = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let takes = |encoding: &str| {
        accepted.split(',').any(|entry| {
            entry.split(';').next().unwrap_or_default().trim() == encoding && !entry.contains("q=0")
        })
    };
    let compressed =
        [("br", "br"), ("gzip", "gz")].into_iter().filter(|(encoding, _)| takes(encoding));
    let (encoding, file) = compressed
        .filter_map(|(encoding, suffix)| {
            Some((Some(encoding), Files::get(&format!("{path}.{suffix}"))?))
        })
        .next()
        .or_else(|| Some((None, Files::get(path)?)))?;
    let etag = etag(&file);
    let caching = if is_named_by_digest(path) { FOREVER } else { ASK_AGAIN };
    if headers.get(header::IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == etag.as_bytes()) {
        return Some(
            (
                StatusCode::NOT_MODIFIED,
                [(header::ETAG, etag), (header::CACHE_CONTROL, caching.to_owned())],
            )
                .into_response(),
        );
    }
    let mut response = file.data.into_owned().into_response();
    let fields = response.headers_mut();
    let mut set = |name: header::HeaderName, value: &str| {
        value.parse().map(|value| fields.insert(name, value)).is_ok()
    };
    set(header::CONTENT_TYPE, content_type(path));
    set(header::CACHE_CONTROL, caching);
    set(header::ETAG, &etag);
    set(header::VARY, "accept-encoding, cookie");
    if let Some(encoding) = encoding {
        set(header::CONTENT_ENCODING, encoding);
    }
    Some(response)
}

fn etag(file: &EmbeddedFile) -> String {
    format!(
        "\"{}\"",
        file.metadata
            .sha256_hash()
            .iter()
            .take(12)
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    )
}

/// `/assets/0123456789abcdef/editor.js` or `editor-0123456789abcdef.js`: eight or more hexadecimal digits between other signs.
fn is_named_by_digest(path: &str) -> bool {
    path.split(['/', '-', '_', '.']).any(|part| {
        part.len() >= 8
            && part.bytes().all(|byte| byte.is_ascii_hexdigit())
            && part.bytes().any(|byte| byte.is_ascii_digit())
    })
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" | "map" => "application/json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        "mp3" => "audio/mpeg",
        "wav" => "audio/wav",
        _ => "application/octet-stream",
    }
}

/// ` 'sha256-…'` for each script that stands inside the page.
fn script_digests(page: &str) -> String {
    let mut digests = String::new();
    for piece in page.split("<script").skip(1) {
        let Some((attributes, rest)) = piece.split_once('>') else { continue };
        let Some((script, _)) = rest.split_once("</script>") else { continue };
        if !attributes.contains("src=") && !script.trim().is_empty() {
            digests.push_str(&format!(
                " 'sha256-{}'",
                STANDARD.encode(Sha256::digest(script.as_bytes()))
            ));
        }
    }
    digests
}

#[cfg(test)]
mod tests {
    use super::{is_named_by_digest, script_digests};

    #[test]
    fn only_names_with_a_digest_are_kept_forever() {
        assert!(is_named_by_digest("editor-0a1b2c3d4e5f6071_bg.wasm"));
        assert!(is_named_by_digest("assets/0a1b2c3d4e5f6071/style.css"));
        assert!(!is_named_by_digest("index.html"));
        assert!(!is_named_by_digest("favicon.svg"));
        assert!(!is_named_by_digest("facade-decade.js"));
    }

    #[test]
    fn scripts_inside_the_page_are_allowed_by_their_digest() {
        let page = r#"<script type="module">alert(1)</script><script src="/x.js"></script>"#;
        assert_eq!(script_digests(page), " 'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='");
    }
}
