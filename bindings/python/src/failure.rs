//! Failures of the bridge as exceptions, whose classes are written in Python.

use pluvo_bridge::WireError;
use pyo3::prelude::*;

/// The exception that a failure is.
pub(crate) fn raise(py: Python<'_>, error: &WireError) -> PyErr {
    let made = py
        .import("pluvo_sdk._wire")
        .and_then(|module| module.getattr("failure"))
        .and_then(|failure| failure.call1((error.to_json(),)));
    match made {
        Ok(exception) => PyErr::from_value(exception),
        Err(other) => other,
    }
}

/// A failure to make sense of what came, and one of the SDK itself.
pub(crate) fn of(code: &'static str, message: &str) -> WireError {
    WireError {
        code,
        message: message.to_owned(),
        operation: None,
        status: None,
        request_id: None,
        retry_after: None,
        attempts: 0,
        retryable: false,
        indeterminate: false,
        graphql: Vec::new(),
        causes: Vec::new(),
    }
}
