//! Random keys, digests and message authentication codes: every secret the server makes or recognises goes through here.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use std::fmt;
use subtle::ConstantTimeEq;

/// Bytes of a random key: 256 bits cannot be guessed.
const KEY_BYTES: usize = 32;

/// Bytes of a path code: 128 bits are enough for a code that one can only try over the network, and keep addresses short.
const PATH_CODE_BYTES: usize = 16;

/// How the Standard Webhooks scheme begins a secret.
const WEBHOOK_PREFIX: &str = "whsec_";

/// A new random key as text, safe in addresses and headers.
pub fn random_key() -> String {
    URL_SAFE_NO_PAD.encode(random_bytes::<KEY_BYTES>())
}

/// A new secret for signing webhooks, as the Standard Webhooks scheme writes it.
pub fn random_webhook_secret() -> String {
    format!("{WEBHOOK_PREFIX}{}", STANDARD.encode(random_bytes::<KEY_BYTES>()))
}

/// The bytes that sign webhooks: the scheme writes a secret as `whsec_` and base64; any other text is taken as it is.
pub fn webhook_key(secret: &str) -> Vec<u8> {
    let encoded = secret.strip_prefix(WEBHOOK_PREFIX);
    encoded
        .and_then(|encoded| STANDARD.decode(encoded).ok())
        .unwrap_or_else(|| secret.as_bytes().to_vec())
}

/// Random capital letters and digits, as Plivo's ids are made of.
pub fn random_capitals(length: usize) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    (0..length)
        .map(|_| char::from(LETTERS[usize::from(random_bytes::<1>()[0]) % LETTERS.len()]))
        .collect()
}

/// Random bytes.
pub(crate) fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// The SHA-256 of a text, in hexadecimal. Keys are stored like this, so that a stolen database opens nothing.
pub fn digest(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

/// Bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether two texts are equal, in a time that does not tell where they differ.
pub fn equal(left: &str, right: &str) -> bool {
    left.as_bytes().ct_eq(right.as_bytes()).into()
}

/// The server's own key, which marks the addresses it hands out.
#[derive(Clone)]
pub struct PathKey(String);

impl PathKey {
    /// A key from its stored text.
    pub fn new(text: String) -> PathKey {
        PathKey(text)
    }

    /// The code that proves that this server made an address with these parts.
    pub fn code(&self, parts: &[&str]) -> String {
        // A separator that no part contains, so that no two lists of parts give the same text.
        let signed = parts.join("\n");
        URL_SAFE_NO_PAD
            .encode(&hmac_sha256(self.0.as_bytes(), signed.as_bytes())[..PATH_CODE_BYTES])
    }

    /// Whether the code belongs to these parts.
    pub fn is_code_of(&self, parts: &[&str], code: &str) -> bool {
        equal(&self.code(parts), code)
    }
}

impl fmt::Debug for PathKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PathKey(hidden)")
    }
}

/// HMAC-SHA256.
pub fn hmac_sha256(key: &[u8], text: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(text);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::{PathKey, digest, random_capitals, random_key};

    #[test]
    fn a_code_fits_its_own_parts_only() {
        let key = PathKey::new(random_key());
        let code = key.code(&["call", "run", "1", "2", "digits"]);
        assert!(key.is_code_of(&["call", "run", "1", "2", "digits"], &code));
        assert!(!key.is_code_of(&["call", "run", "1", "3", "digits"], &code));
        assert!(!key.is_code_of(&["call", "run", "12", "digits"], &code));
        assert!(
            !PathKey::new(random_key()).is_code_of(&["call", "run", "1", "2", "digits"], &code)
        );
    }

    #[test]
    fn keys_are_long_and_digests_are_sha256() {
        assert_eq!(random_key().len(), 43);
        assert_eq!(random_capitals(18).len(), 18);
        assert_eq!(
            digest("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
