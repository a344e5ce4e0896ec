//! Webhooks: verified before anything is read, and signed for tests.

use crate::WireError;

/// A header of a request.
#[derive(uniffi::Record)]
pub struct Header {
    /// Its name, in any case.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// Verifies a delivery and gives it as JSON. With `literal` the newest documentation page is taken at its word.
#[uniffi::export]
pub fn webhook_verify(
    body: Vec<u8>,
    headers: Vec<Header>,
    keys: Vec<String>,
    literal: bool,
) -> Result<String, WireError> {
    let headers: Vec<(String, String)> = headers.into_iter().map(|h| (h.name, h.value)).collect();
    Ok(pluvo_bridge::webhook::verify(&body, &headers, &keys, literal)?)
}

/// The headers that Pluvo would send with `body`, as JSON.
#[uniffi::export]
pub fn webhook_sign_for_test(body: Vec<u8>, key: String, salt: String) -> String {
    pluvo_bridge::webhook::sign_for_test(&body, &key, &salt)
}
