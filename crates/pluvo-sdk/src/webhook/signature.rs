//! The signature itself.

use crate::secret::Secret;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use ring::{digest, hmac};

/// How the key of the HMAC comes from the salt and the webhook key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Derivation {
    /// `SHA1(salt + key)`, as Pluvo's runnable samples have it.
    Hashed,
    /// `salt + key`, as the newest page reads when taken by its words.
    Literal,
}

/// An HMAC-SHA-1 has so many bytes.
pub(super) const MAC_LENGTH: usize = 20;

pub(super) fn mac_key(key: &Secret, salt: &str, derivation: Derivation) -> hmac::Key {
    let combined = format!("{salt}{}", key.expose());
    let algorithm = hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY;
    match derivation {
        Derivation::Hashed => {
            let hashed = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, combined.as_bytes());
            hmac::Key::new(algorithm, hashed.as_ref())
        }
        Derivation::Literal => hmac::Key::new(algorithm, combined.as_bytes()),
    }
}

/// Reads a signature in any of the forms that base64 comes in: URL-safe or standard, padded or not.
pub(super) fn decode(text: &str) -> Option<[u8; MAC_LENGTH]> {
    let plain: String = text
        .trim()
        .trim_end_matches('=')
        .chars()
        .map(|c| match c {
            '-' => '+',
            '_' => '/',
            c => c,
        })
        .collect();
    STANDARD_NO_PAD.decode(plain).ok()?.try_into().ok()
}

/// The two headers of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Signature {
    /// The value of `X-Signature`.
    pub signature: String,
    /// The value of `X-Signature-Salt`.
    pub salt: String,
}

/// Signs a body as Pluvo does, for testing a receiver.
///
/// ```
/// let key = "webhook-key".into();
/// let signed = pluvo_sdk::webhook::sign_for_test(b"{}", &key, "some-salt");
/// let headers = [("x-signature", &signed.signature), ("x-signature-salt", &signed.salt)];
/// assert!(pluvo_sdk::webhook::Verifier::new("webhook-key")?.verify_signature(b"{}", headers).is_ok());
/// # Ok::<(), pluvo_sdk::Error>(())
/// ```
pub fn sign_for_test(body: &[u8], key: &Secret, salt: &str) -> Signature {
    let mac = hmac::sign(&mac_key(key, salt, Derivation::Hashed), body);
    Signature {
        signature: URL_SAFE_NO_PAD.encode(mac),
        salt: salt.to_owned(),
    }
}
