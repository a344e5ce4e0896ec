//! Webhooks in the Rust SDK, which need no client.

use pluvo_sdk::webhook::{Payload, Verifier};
use serde_json::{Value, json};

use super::writes::Args;
use crate::control::Result;

pub(super) fn call(what: &str, args: &mut Args) -> Result<Option<pluvo_sdk::Result<Value>>> {
    if what != "verify" {
        return Ok(None);
    }
    let body: String = args.need("body")?;
    let headers: Vec<(String, String)> = args.need("headers")?;
    let keys: Vec<String> = args.need("keys")?;
    let literal = args.take("literal")?.unwrap_or(false);
    Ok(Some(verify(&body, &headers, &keys, literal)))
}

fn verify(
    body: &str,
    headers: &[(String, String)],
    keys: &[String],
    literal: bool,
) -> pluvo_sdk::Result<Value> {
    let (first, others) = keys
        .split_first()
        .map_or(("", keys), |(first, others)| (first, others));
    let mut verifier = Verifier::new(first)?;
    for key in others {
        verifier = verifier.also(key.as_str())?;
    }
    if literal {
        verifier = verifier.literal();
    }
    let headers = headers.iter().map(|(name, value)| (name, value));
    let delivery = verifier.verify(body.as_bytes(), headers)?;
    Ok(json!({
        "event": delivery.event,
        "key": delivery.key,
        "kind": match delivery.payload {
            Payload::User(_) => "user",
            Payload::Training(_) => "training",
            Payload::Group(_) => "group",
            Payload::Enrollment(_) => "enrollment",
            Payload::ModuleGroup(_) => "module_group",
            _ => "unknown",
        },
        "raw": delivery.raw,
    }))
}
