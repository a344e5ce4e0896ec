//! What the client tells about its work: a hook per attempt, and `tracing` events with stable names.
//!
//! Events go to the targets `pluvo_sdk::http` (one per attempt, level `DEBUG`), `pluvo_sdk::auth` and
//! `pluvo_sdk::schema` (`WARN`). None of them holds a variable, a token or a body.

use crate::error::ErrorKind;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// One attempt of a request, once it is over.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt {
    /// The operation, e.g. `Users`.
    pub operation: String,
    /// Which attempt of this call, from 1.
    pub number: u32,
    /// The HTTP status, where there was an answer.
    pub status: Option<u16>,
    /// How it failed, if it did.
    pub error: Option<ErrorKind>,
    /// Whether and after which wait it will be repeated.
    pub retry_in: Option<Duration>,
    /// From sending to the last byte.
    pub elapsed: Duration,
    /// The server's id of the request.
    pub request_id: Option<String>,
    /// The size of the answer, decompressed.
    pub bytes: usize,
}

#[derive(Clone)]
pub(crate) struct Hook(pub Arc<dyn Fn(&Attempt) + Send + Sync>);

impl fmt::Debug for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hook(..)")
    }
}

/// Tells everybody who listens. Costs next to nothing where nobody does.
pub(crate) fn attempt(hook: Option<&Hook>, tell: impl FnOnce() -> Attempt) {
    if hook.is_none() && !tracing::enabled!(target: "pluvo_sdk::http", tracing::Level::DEBUG) {
        return;
    }
    let attempt = tell();
    tracing::debug!(
        target: "pluvo_sdk::http",
        operation = attempt.operation,
        attempt = attempt.number,
        status = attempt.status,
        error = attempt.error.map(ErrorKind::code),
        retry_in = attempt.retry_in.map(|delay| delay.as_secs_f64()),
        elapsed = attempt.elapsed.as_secs_f64(),
        request_id = attempt.request_id,
        bytes = attempt.bytes,
        "attempt"
    );
    if let Some(hook) = hook {
        (hook.0)(&attempt);
    }
}
