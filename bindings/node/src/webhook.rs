//! Webhooks.

use napi::Result;
use napi::bindgen_prelude::Uint8ArraySlice;
use napi_derive::napi;
use pluvo_bridge::webhook;

use crate::promise::thrown;

/// Checks a delivery and gives it as JSON. Throws an error whose message is JSON.
#[napi]
pub fn verify_webhook(
    body: Uint8ArraySlice<'_>,
    headers: Vec<(String, String)>,
    keys: Vec<String>,
    literal: bool,
) -> Result<String> {
    webhook::verify(&body, &headers, &keys, literal).map_err(thrown)
}

/// The headers with which Pluvo would sign a body, as JSON.
#[napi]
pub fn sign_webhook_for_test(body: Uint8ArraySlice<'_>, key: String, salt: String) -> String {
    webhook::sign_for_test(&body, &key, &salt)
}
