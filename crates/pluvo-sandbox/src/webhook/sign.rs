//! The signature of a delivery.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::{digest, hmac};

/// HMAC-SHA1 of the body, by the SHA1 of salt and key, in base64 for URLs without padding.
pub(super) fn signature(salt: &str, key: &str, body: &[u8]) -> String {
    let salted = format!("{salt}{key}");
    let key = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, salted.as_bytes());
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key.as_ref());
    URL_SAFE_NO_PAD.encode(hmac::sign(&key, body))
}

#[cfg(test)]
mod tests {
    use super::signature;

    #[test]
    fn the_signature_is_that_of_the_known_vector() {
        let body = br#"{"event":"USER_CREATED","id":"933d8663-edf6-42c9-895a-eeec13fff0ab"}"#;
        let made = signature("a1b2c3", "webhook-key", body);
        assert_eq!(made, "t7YSkU7k1zNFBf5p-sGIMsGEHhA");
    }
}
