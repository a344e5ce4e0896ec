//! Verifying webhooks: by hand with ring, as one would without this client, and ours.

use super::{Kind, Outcome, Tally};
use crate::measure::Start;
use anyhow::{Result, bail, ensure};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use pluvo_sdk::webhook::{Verifier, sign_for_test};
use ring::{digest, hmac};
use serde_json::json;
use std::hint::black_box;

const KEY: &str = "the webhook key of the benchmark";
const SALT: &str = "a1b2c3d4e5f6";

pub(super) fn contest(kind: Kind, bytes: usize, calls: u32) -> Result<Outcome> {
    let body = body(bytes);
    let signed = sign_for_test(&body, &KEY.into(), SALT);
    let headers = [
        ("X-Signature", signed.signature.as_str()),
        ("X-Signature-Salt", SALT),
    ];
    let verifier = Verifier::new(KEY)?;
    let start = Start::now()?;
    for _ in 0..calls {
        let body = black_box(body.as_slice());
        match kind {
            Kind::Ring => by_hand(body, &signed.signature)?,
            Kind::RingJson => {
                by_hand(body, &signed.signature)?;
                black_box(serde_json::from_slice::<serde_json::Value>(body)?);
            }
            Kind::PluvoSignature => verifier.verify_signature(body, headers)?,
            Kind::Pluvo => drop(black_box(verifier.verify(body, headers)?)),
            other => bail!("{other:?} does not verify"),
        }
    }
    Ok(Outcome {
        used: start.used()?,
        tally: Tally::default(),
    })
}

fn by_hand(body: &[u8], signature: &str) -> Result<()> {
    let salted = [SALT, KEY].concat();
    let key = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, salted.as_bytes());
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key.as_ref());
    let mac = BASE64_URL_SAFE_NO_PAD.decode(signature)?;
    let fits = hmac::verify(&key, body, &mac).is_ok();
    ensure!(fits, "the signature does not fit");
    Ok(())
}

/// A user's event of so many bytes, most of them in the values of extra fields.
fn body(bytes: usize) -> Vec<u8> {
    let event = |fields: usize| {
        let fields: serde_json::Map<_, _> = (0..fields)
            .map(|field| (format!("Field {field:05}"), json!("Marketing and communication")))
            .collect();
        let event = json!({
            "id": "933d8663-edf6-42c9-895a-eeec13fff0ab", "ref": "EMP-000001", "event": "USER_UPDATED",
            "name": "Sanne de Vries", "email": "sanne@voorbeeld-organisatie.example", "isActive": true,
            "extraFields": fields, "sentDate": "2026-01-01T10:15:00.000Z",
        });
        event.to_string().into_bytes()
    };
    let (one, two) = (event(1).len(), event(2).len());
    event(1 + bytes.saturating_sub(one) / (two - one))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_verify_the_same_bodies() {
        for bytes in [2_000, 200_000] {
            assert!(body(bytes).len().abs_diff(bytes) < 300);
            for kind in [Kind::Ring, Kind::RingJson, Kind::PluvoSignature, Kind::Pluvo] {
                contest(kind, bytes, 2).unwrap();
            }
        }
        assert!(by_hand(b"another body", "t7YSkU7k1zNFBf5p-sGIMsGEHhA").is_err());
    }
}
