//! Errors as they cross the seam.

use pluvo_sdk::{Error, ErrorKind, GraphqlError};
use serde::Serialize;
use std::error::Error as _;
use std::fmt;

/// A failure, flat and ready to be turned into an exception of any language.
///
/// It holds no token, secret or variable; [`WireError::graphql`] has the server's own words.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WireError {
    /// What kind of failure it is, the same word in every language: `rate_limited`.
    pub code: &'static str,
    /// What happened, to what, and what to do.
    pub message: String,
    /// The operation that failed, e.g. `Users`.
    pub operation: Option<String>,
    /// The HTTP status of the last attempt.
    pub status: Option<u16>,
    /// The server's id of the last attempt.
    pub request_id: Option<String>,
    /// How long the server asked to wait, in seconds.
    pub retry_after: Option<f64>,
    /// How many attempts were made; 0 where nothing was sent.
    pub attempts: u32,
    /// Whether the same call may succeed later without any change.
    pub retryable: bool,
    /// Whether a write may or may not have been carried out.
    pub indeterminate: bool,
    /// The GraphQL errors of the last answer.
    pub graphql: Vec<GraphqlError>,
    /// What caused it, the nearest cause first.
    pub causes: Vec<String>,
}

impl WireError {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Error::new(kind, message.into()).into()
    }

    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Invalid, message)
    }

    pub(crate) fn config(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Config, message)
    }

    pub(crate) fn internal(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Internal, message)
    }

    pub(crate) fn cancelled() -> Self {
        Self::new(ErrorKind::Cancelled, "it was cancelled")
    }

    /// The error as a JSON object in camel case.
    pub fn to_json(&self) -> String {
        // Text, numbers and what came as JSON: there is nothing in it that JSON cannot hold.
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl From<Error> for WireError {
    fn from(error: Error) -> Self {
        let mut causes = Vec::new();
        let mut source = error.source();
        while let Some(cause) = source {
            causes.push(cause.to_string());
            source = cause.source();
        }
        Self {
            code: error.kind().code(),
            message: error.to_string(),
            operation: error.operation().map(str::to_owned),
            status: error.status(),
            request_id: error.request_id().map(str::to_owned),
            retry_after: error.retry_after().map(|after| after.as_secs_f64()),
            attempts: error.attempts(),
            retryable: error.is_retryable(),
            indeterminate: error.is_indeterminate(),
            graphql: error.graphql().to_vec(),
            causes,
        }
    }
}

impl fmt::Display for WireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Debug for WireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)?;
        self.causes
            .iter()
            .try_for_each(|cause| write!(f, "\n  caused by: {cause}"))
    }
}

impl std::error::Error for WireError {}
