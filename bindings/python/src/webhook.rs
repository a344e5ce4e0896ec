//! Deliveries of webhooks.

use crate::failure::raise;
use pluvo_bridge::webhook;
use pyo3::prelude::*;

/// Checks the signature of a body and gives the delivery as JSON.
#[pyfunction]
#[expect(
    clippy::needless_pass_by_value,
    reason = "PyO3 makes arguments anew for each call, and gives them away"
)]
pub(crate) fn verify(
    py: Python<'_>,
    body: &[u8],
    headers: Vec<(String, String)>,
    keys: Vec<String>,
    literal: bool,
) -> PyResult<String> {
    let told = py.detach(|| webhook::verify(body, &headers, &keys, literal));
    told.map_err(|error| raise(py, &error))
}

/// The headers that Pluvo would sign a body with, as JSON.
#[pyfunction]
pub(crate) fn sign_for_test(body: &[u8], key: &str, salt: &str) -> String {
    webhook::sign_for_test(body, key, salt)
}
