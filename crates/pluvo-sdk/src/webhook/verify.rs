//! Deciding whether a delivery is Pluvo's.

use super::event::Delivery;
use super::signature::{self, Derivation};
use crate::error::{Error, ErrorKind, Result};
use crate::secret::Secret;
use ring::hmac;

/// Longer headers are not Pluvo's: a signature has 28 characters, a salt about as many.
const MAX_HEADER: usize = 256;

/// Checks deliveries against one or more webhook keys.
#[derive(Debug, Clone)]
pub struct Verifier {
    keys: Vec<Secret>,
    derivation: Derivation,
}

impl Verifier {
    /// For one key.
    ///
    /// # Errors
    ///
    /// [`Config`](ErrorKind::Config) for an empty key, with which anybody could sign.
    pub fn new(key: impl Into<Secret>) -> Result<Self> {
        Self {
            keys: Vec::new(),
            derivation: Derivation::Hashed,
        }
        .also(key)
    }

    /// Accepts a further key: the old and the new one while a key is being replaced.
    ///
    /// # Errors
    ///
    /// As [`Verifier::new`].
    pub fn also(mut self, key: impl Into<Secret>) -> Result<Self> {
        let key = key.into();
        if key.expose().trim().is_empty() {
            return Err(Error::config(
                "the webhook key is empty; anybody could sign with it",
            ));
        }
        self.keys.push(key);
        Ok(self)
    }

    /// Takes the newest page by its words: the key of the HMAC is the salt and the key as they stand, not their hash.
    #[must_use]
    pub fn literal(mut self) -> Self {
        self.derivation = Derivation::Literal;
        self
    }

    /// Checks the signature of a body and reads it.
    ///
    /// The body must be the bytes as they arrived: JSON that was parsed and written again is another body. Headers
    /// are pairs of name and value, in any case: an array, or a reference to an `http::HeaderMap`.
    ///
    /// # Errors
    ///
    /// [`Webhook`](ErrorKind::Webhook): a header is missing, there twice or overlong; the signature is not of this body
    /// and one of the keys; the body is not JSON. Nothing is parsed before the signature was found to be right.
    pub fn verify<N, V>(&self, body: &[u8], headers: impl IntoIterator<Item = (N, V)>) -> Result<Delivery>
    where
        N: AsRef<str>,
        V: AsRef<[u8]>,
    {
        self.verify_signature(body, headers)?;
        Delivery::read(body)
    }

    /// Checks the signature alone, for a body that is read elsewhere.
    ///
    /// # Errors
    ///
    /// As [`Verifier::verify`], but for the body.
    pub fn verify_signature<N, V>(&self, body: &[u8], headers: impl IntoIterator<Item = (N, V)>) -> Result<()>
    where
        N: AsRef<str>,
        V: AsRef<[u8]>,
    {
        let (mut signature, mut salt) = (None, None);
        for (name, value) in headers {
            if name.as_ref().eq_ignore_ascii_case("x-signature") {
                take(&mut signature, "X-Signature", value.as_ref())?;
            } else if name.as_ref().eq_ignore_ascii_case("x-signature-salt") {
                take(&mut salt, "X-Signature-Salt", value.as_ref())?;
            }
        }
        let missing = |name| refused(format!("the header {name} is missing; is the request Pluvo's?"));
        let signature = signature.ok_or_else(|| missing("X-Signature"))?;
        let salt = salt.ok_or_else(|| missing("X-Signature-Salt"))?;
        let mac = signature::decode(&signature)
            .ok_or_else(|| refused("the signature is not a base64 HMAC-SHA-1"))?;
        // Every key is tried, so that the time taken does not tell which one fits.
        let fits = self.keys.iter().fold(false, |fits, key| {
            hmac::verify(&signature::mac_key(key, &salt, self.derivation), body, &mac).is_ok() | fits
        });
        if fits {
            Ok(())
        } else {
            Err(refused(
                "the signature does not fit; check the webhook key, and that the body is the bytes that arrived, not JSON written anew",
            ))
        }
    }
}

fn take(place: &mut Option<String>, name: &str, value: &[u8]) -> Result<()> {
    if place.is_some() {
        return Err(refused(format!("the header {name} is there twice")));
    }
    if value.len() > MAX_HEADER {
        return Err(refused(format!(
            "the header {name} is longer than {MAX_HEADER} bytes"
        )));
    }
    let text = std::str::from_utf8(value).map_err(|_| refused(format!("the header {name} is not text")))?;
    *place = Some(text.to_owned());
    Ok(())
}

pub(super) fn refused(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::Webhook, message)
}

#[cfg(test)]
mod tests {
    use super::super::{Event, Payload, sign_for_test};
    use super::*;

    const BODY: &[u8] = br#"{"event":"USER_CREATED","id":"933d8663-edf6-42c9-895a-eeec13fff0ab"}"#;
    const SIGNATURE: &str = "t7YSkU7k1zNFBf5p-sGIMsGEHhA";

    fn with(signature: &str, salt: &str) -> [(String, String); 2] {
        [
            ("X-Signature".into(), signature.into()),
            ("X-Signature-Salt".into(), salt.into()),
        ]
    }

    fn verifier() -> Verifier {
        Verifier::new("webhook-key").unwrap()
    }

    #[test]
    fn the_test_vector_fits() {
        let delivery = verifier().verify(BODY, with(SIGNATURE, "a1b2c3")).unwrap();
        assert_eq!(delivery.event, Event::UserCreated);
        assert!(
            matches!(delivery.payload, Payload::User(user) if user.id == "933d8663-edf6-42c9-895a-eeec13fff0ab")
        );
        assert_eq!(
            sign_for_test(BODY, &"webhook-key".into(), "a1b2c3").signature,
            SIGNATURE
        );
    }

    #[test]
    fn every_form_of_base64_fits() {
        for form in [
            "t7YSkU7k1zNFBf5p-sGIMsGEHhA=",
            "t7YSkU7k1zNFBf5p+sGIMsGEHhA",
            "t7YSkU7k1zNFBf5p+sGIMsGEHhA=",
            " t7YSkU7k1zNFBf5p-sGIMsGEHhA ",
        ] {
            assert!(verifier().verify(BODY, with(form, "a1b2c3")).is_ok(), "{form}");
        }
    }

    #[test]
    fn the_literal_reading_is_another_signature() {
        let literal = "Hi79ymiBv/ybZf0oT7UJu/rwmI4=";
        assert!(verifier().literal().verify(BODY, with(literal, "a1b2c3")).is_ok());
        assert!(verifier().verify(BODY, with(literal, "a1b2c3")).is_err());
        assert!(
            verifier()
                .literal()
                .verify(BODY, with(SIGNATURE, "a1b2c3"))
                .is_err()
        );
    }

    #[test]
    fn keys_can_be_rotated() {
        let both = Verifier::new("new-key").unwrap().also("webhook-key").unwrap();
        assert!(both.verify(BODY, with(SIGNATURE, "a1b2c3")).is_ok());
        assert!(
            Verifier::new("new-key")
                .unwrap()
                .verify(BODY, with(SIGNATURE, "a1b2c3"))
                .is_err()
        );
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let refused = |body: &[u8], headers: Vec<(String, String)>| {
            let error = verifier().verify(body, headers).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Webhook);
            error.message().to_owned()
        };
        let good = with(SIGNATURE, "a1b2c3").to_vec();
        let twice = [good.clone(), vec![("x-SIGNATURE".into(), SIGNATURE.into())]].concat();
        assert!(refused(BODY, with(SIGNATURE, "a1b2c4").to_vec()).contains("does not fit"));
        assert!(refused(b"", good.clone()).contains("does not fit"));
        assert!(refused(&[BODY, b" "].concat(), good.clone()).contains("does not fit"));
        assert!(refused(BODY, good[..1].to_vec()).contains("X-Signature-Salt is missing"));
        assert!(refused(BODY, good[1..].to_vec()).contains("X-Signature is missing"));
        assert!(refused(BODY, twice).contains("twice"));
        assert!(refused(BODY, with(&"x".repeat(257), "a").to_vec()).contains("longer"));
        assert!(refused(BODY, with("not base64!", "a1b2c3").to_vec()).contains("base64"));
        assert!(refused(BODY, with("dG9vIHNob3J0", "a1b2c3").to_vec()).contains("base64"));
    }

    #[test]
    fn a_change_of_any_byte_is_noticed() {
        for place in 0..BODY.len() {
            let mut body = BODY.to_vec();
            body[place] ^= 1;
            assert!(
                verifier()
                    .verify_signature(&body, with(SIGNATURE, "a1b2c3"))
                    .is_err(),
                "{place}"
            );
        }
    }

    #[test]
    fn a_large_body_and_one_that_is_not_json() {
        let large = vec![b'x'; 5 << 20];
        let signed = sign_for_test(&large, &"webhook-key".into(), "s");
        let error = verifier()
            .verify(&large, with(&signed.signature, "s"))
            .unwrap_err();
        assert!(error.message().contains("not JSON"), "{error}");
    }

    #[test]
    fn an_empty_key_is_refused_when_it_is_given() {
        assert_eq!(Verifier::new(" ").unwrap_err().kind(), ErrorKind::Config);
        assert!(verifier().also("").is_err());
        assert!(!format!("{:?}", verifier()).contains("webhook-key"));
    }
}
