//! Knowing that a webhook's delivery is Pluvo's, and reading it. Needs no [`Session`](crate::Session).

use crate::error::WireError;
use crate::task;
use pluvo_sdk::webhook::{self, Delivery, Payload, Verifier};
use serde_json::{Value, json};

/// Checks the signature of a body and reads it: `{"event", "sentDate", "key", "kind", "payload", "raw"}`.
///
/// The body must be the bytes as they arrived. Several keys are accepted, so that one can be replaced. `literal` takes
/// the words of Pluvo's newest page for the signature as they stand. `kind` is `user`, `training`, `group`,
/// `enrollment`, `module_group` or `unknown`; a payload has one naming style for both of Pluvo's and is null where it is
/// `unknown`; `raw` is everything as it was sent. `key` is the same for two deliveries of one body.
///
/// # Errors
///
/// `webhook` where it is not Pluvo's; `config` for no key or an empty one.
pub fn verify(
    body: &[u8],
    headers: &[(String, String)],
    keys: &[String],
    literal: bool,
) -> Result<String, WireError> {
    task::guard(|| {
        let Some((first, others)) = keys.split_first() else {
            return Err(WireError::config("a webhook key is missing"));
        };
        let mut verifier = Verifier::new(first.as_str())?;
        for key in others {
            verifier = verifier.also(key.as_str())?;
        }
        if literal {
            verifier = verifier.literal();
        }
        let headers = headers.iter().map(|(name, value)| (name, value));
        Ok(told(verifier.verify(body, headers)?).to_string())
    })
}

fn told(delivery: Delivery) -> Value {
    let (kind, payload) = match delivery.payload {
        Payload::User(payload) => ("user", json!(payload)),
        Payload::Training(payload) => ("training", json!(payload)),
        Payload::Group(payload) => ("group", json!(payload)),
        Payload::Enrollment(payload) => ("enrollment", json!(payload)),
        Payload::ModuleGroup(payload) => ("module_group", json!(payload)),
        _ => ("unknown", Value::Null),
    };
    json!({
        "event": delivery.event,
        "sentDate": delivery.sent_date,
        "key": delivery.key,
        "kind": kind,
        "payload": payload,
        "raw": delivery.raw,
    })
}

/// The headers with which Pluvo would sign a body, as a JSON object. For tests of a receiver.
pub fn sign_for_test(body: &[u8], key: &str, salt: &str) -> String {
    let signed = webhook::sign_for_test(body, &key.into(), salt);
    json!({"X-Signature": signed.signature, "X-Signature-Salt": signed.salt}).to_string()
}
