//! Writes `.br` and `.gz` beside every file that gets smaller by it.

use super::files;
use anyhow::{Context as _, Result};
use flate2::{Compression, write::GzEncoder};
use std::ffi::OsString;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::thread;

/// Formats that are compressed already.
const PACKED: &[&str] = &["png", "jpg", "webp", "avif", "woff2", "mp3", "ogg", "br", "gz"];

/// The best brotli has; built once, downloaded often.
const BROTLI_QUALITY: i32 = 11;
/// 16 MiB, the largest window browsers accept: the whole wasm file fits in.
const BROTLI_WINDOW_LOG2: i32 = 24;

/// What browsers that take brotli have to load, in bytes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sizes {
    /// Before the canvas can be used.
    pub(super) first: u64,
    /// After it: the other parts of the program, languages.
    pub(super) later: u64,
}

/// Compresses all files in `dir`.
pub(super) fn all(dir: &Path) -> Result<Sizes> {
    let (packed, plain): (Vec<_>, Vec<_>) =
        files(dir)?.into_iter().partition(|file| is_packed(file));
    thread::scope(|scope| {
        let gzipped = scope.spawn(|| plain.iter().try_for_each(|file| gzip(file)));
        let mut sizes = Sizes::default();
        let mut add = |file: &Path, bytes: u64| match is_for_later(file) {
            true => sizes.later += bytes,
            false => sizes.first += bytes,
        };
        for file in &plain {
            add(file, brotli(file)?);
        }
        for file in &packed {
            add(file, fs::metadata(file)?.len());
        }
        gzipped.join().expect("compressing does not panic")?;
        Ok(sizes)
    })
}

/// Whether the first screen does without this file: a part cut off the program, a language.
fn is_for_later(file: &Path) -> bool {
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    name.starts_with("split_") || name.starts_with("chunk_") || name.ends_with(".json")
}

fn brotli(file: &Path) -> Result<u64> {
    let plain = fs::read(file)?;
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: BROTLI_QUALITY,
        lgwin: BROTLI_WINDOW_LOG2,
        size_hint: plain.len(),
        ..Default::default()
    };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut plain.as_slice(), &mut packed, &parameters)
        .with_context(|| format!("cannot compress {}", file.display()))?;
    keep_if_smaller(file, "br", &plain, &packed)
}

fn gzip(file: &Path) -> Result<()> {
    let plain = fs::read(file)?;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&plain)?;
    keep_if_smaller(file, "gz", &plain, &encoder.finish()?)?;
    Ok(())
}

fn keep_if_smaller(file: &Path, extension: &str, plain: &[u8], packed: &[u8]) -> Result<u64> {
    if packed.len() >= plain.len() {
        return Ok(plain.len() as u64);
    }
    let mut name = OsString::from(file);
    name.push(".");
    name.push(extension);
    fs::write(PathBuf::from(name), packed)?;
    Ok(packed.len() as u64)
}

fn is_packed(file: &Path) -> bool {
    file.extension()
        .and_then(|extension| extension.to_str())
        .is_some_and(|extension| PACKED.contains(&extension))
}
