//! Keeps what callers entered as a secret from being read in the database: such texts are sealed with XChaCha20-Poly1305 before they are written.
//!
//! The key comes from `PHLOEM_SEAL_KEY`, or from a file of its own beside the database, made at first need. It never stands in the database, so that a stolen
//! copy or a backup shows nothing. A sealed text names its key and its place: one moved to another row cannot be opened.

use crate::{error::Error, keys};
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use std::{
    fmt, fs,
    io::{ErrorKind, Write},
    path::Path,
    sync::Arc,
};

/// The key's file in the data folder.
pub const FILE_NAME: &str = "seal.key";

/// How a sealed text begins; the number is the form's version.
const PREFIX: &str = "sealed:1:";

/// A key shorter than this can be guessed.
const KEY_CHARACTERS_MIN: usize = 32;

/// Bytes of the number that makes two seals of the same text different.
const NONCE_BYTES: usize = 24;

/// Seals and opens texts with one key.
#[derive(Clone)]
pub struct Seal(Arc<Key>);

struct Key {
    /// Tells keys from each other and gives nothing away.
    id: String,
    cipher: XChaCha20Poly1305,
}

impl Seal {
    /// A seal whose key is derived from a text that nobody can guess.
    pub fn new(text: &str) -> Seal {
        let key = keys::hmac_sha256(text.as_bytes(), b"phloem seal 1");
        let id = keys::digest(&format!("phloem seal id {}", keys::hex(&key)));
        Seal(Arc::new(Key { id: id[..8].to_owned(), cipher: XChaCha20Poly1305::new(&key.into()) }))
    }

    /// The seal of a data folder: by the key that is given, else by the one in its file, which is made if it is missing.
    ///
    /// # Errors
    /// The key is too short, or its file cannot be read or made.
    pub fn of_folder(data: &Path, given: Option<&str>) -> Result<Seal, Error> {
        let text = match given {
            Some(text) => text.to_owned(),
            None => key_file(&data.join(FILE_NAME))?,
        };
        if text.len() < KEY_CHARACTERS_MIN {
            return Err(Error::Setting(format!(
                "the key that seals secrets has fewer than {KEY_CHARACTERS_MIN} characters; set PHLOEM_SEAL_KEY to a random one, such as `openssl rand -base64 32` prints"
            )));
        }
        Ok(Seal::new(&text))
    }

    /// A text that only this key opens, and only as this place's.
    pub fn close(&self, text: &str, place: &str) -> String {
        let nonce = keys::random_bytes::<NONCE_BYTES>();
        let payload = Payload { msg: text.as_bytes(), aad: place.as_bytes() };
        let sealed = self
            .0
            .cipher
            .encrypt(&XNonce::from(nonce), payload)
            .expect("a text in memory is far shorter than what the cipher takes");
        let bytes = [&nonce[..], &sealed].concat();
        format!("{PREFIX}{}:{}", self.0.id, STANDARD_NO_PAD.encode(bytes))
    }

    /// The text as it was; one that is not sealed stays as it is.
    ///
    /// # Errors
    /// It was sealed with another key, for another place, or is broken.
    pub fn open(&self, text: String, place: &str) -> Result<String, Error> {
        let Some(rest) = text.strip_prefix(PREFIX) else { return Ok(text) };
        let broken = || Error::Parked("a sealed text is broken".to_owned());
        let (id, encoded) = rest.split_once(':').ok_or_else(broken)?;
        if id != self.0.id {
            return Err(Error::Parked(format!(
                "it was sealed with another key; set PHLOEM_SEAL_KEY to that one, or put its file {FILE_NAME} back into the data folder"
            )));
        }
        let bytes = STANDARD_NO_PAD.decode(encoded).map_err(|_| broken())?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE_BYTES>().ok_or_else(broken)?;
        let payload = Payload { msg: sealed, aad: place.as_bytes() };
        let opened = self.0.cipher.decrypt(&XNonce::from(*nonce), payload).map_err(|_| broken())?;
        String::from_utf8(opened).map_err(|_| broken())
    }
}

/// Whether a text is sealed, with whatever key.
pub fn is_sealed(text: &str) -> bool {
    text.starts_with(PREFIX)
}

impl fmt::Debug for Seal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Seal(key {})", self.0.id)
    }
}

/// What the key's file says. It is made whole under another name first, so that two processes that begin together have the same.
fn key_file(path: &Path) -> Result<String, Error> {
    let failure = |source| Error::File { path: path.display().to_string(), source };
    match fs::read_to_string(path) {
        Ok(text) => return Ok(text.trim().to_owned()),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(failure(error)),
    }
    let fresh = path.with_extension(format!("key.{}", keys::random_capitals(8)));
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&fresh).map_err(failure)?;
    let written = file
        .write_all(format!("{}\n", keys::random_key()).as_bytes())
        .and_then(|()| file.sync_all())
        .and_then(|()| match fs::hard_link(&fresh, path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
            linked => linked,
        });
    let removed = fs::remove_file(&fresh);
    written.and(removed).map_err(failure)?;
    Ok(fs::read_to_string(path).map_err(failure)?.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::{FILE_NAME, Seal, is_sealed};

    #[test]
    fn only_its_key_opens_a_text_and_only_in_its_place() {
        let seal = Seal::new("one key that nobody could guess at all");
        let sealed = seal.close("4929", "journal r 1 input");
        assert!(is_sealed(&sealed) && !sealed.contains("4929"));
        assert_ne!(sealed, seal.close("4929", "journal r 1 input"));
        assert_eq!(seal.open(sealed.clone(), "journal r 1 input").unwrap(), "4929");
        assert!(seal.open(sealed.clone(), "journal r 2 input").is_err());
        let other = Seal::new("another key that nobody could guess");
        let refusal = other.open(sealed.clone(), "journal r 1 input").unwrap_err().to_string();
        assert!(refusal.contains("PHLOEM_SEAL_KEY"), "{refusal}");
        let mut broken = sealed;
        broken.pop();
        assert!(seal.open(broken, "journal r 1 input").is_err());
        assert_eq!(seal.open("{}".to_owned(), "anywhere").unwrap(), "{}");
    }

    #[test]
    fn the_key_file_is_made_once_and_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let first = Seal::of_folder(folder.path(), None).unwrap();
        let sealed = first.close("x", "p");
        let again = Seal::of_folder(folder.path(), None).unwrap();
        assert_eq!(again.open(sealed, "p").unwrap(), "x");
        let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().flatten().collect();
        assert_eq!(names.len(), 1, "{names:?}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode =
                std::fs::metadata(folder.path().join(FILE_NAME)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        let refusal = Seal::of_folder(folder.path(), Some("short")).unwrap_err().to_string();
        assert!(refusal.contains("PHLOEM_SEAL_KEY"), "{refusal}");
    }
}
