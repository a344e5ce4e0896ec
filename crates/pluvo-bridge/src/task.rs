//! Work on the runtime, whoever waits for it.

use crate::error::WireError;
use crate::runtime::try_runtime;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use tokio::task::JoinHandle;

/// Ends the task when nobody waits for it any more.
struct AbortOnDrop<T>(JoinHandle<T>);

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Runs work on the runtime. A panic of it is an error, and it ends when this future is dropped.
pub(crate) async fn run<T, F>(work: F) -> Result<T, WireError>
where
    T: Send + 'static,
    F: Future<Output = Result<T, WireError>> + Send + 'static,
{
    let mut task = AbortOnDrop(try_runtime()?.spawn(work));
    match (&mut task.0).await {
        Ok(result) => result,
        Err(failed) if failed.is_panic() => Err(panicked()),
        Err(_) => Err(WireError::cancelled()),
    }
}

/// Runs what does not wait. A panic of it is an error.
pub(crate) fn guard<T>(work: impl FnOnce() -> Result<T, WireError>) -> Result<T, WireError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(panicked()))
}

/// Runs somebody else's code, whose panic is no affair of ours.
pub(crate) fn tell(work: impl FnOnce()) {
    let _ = catch_unwind(AssertUnwindSafe(work));
}

/// Without the panic's own words, which may hold data; they are on standard error.
pub(crate) fn panicked() -> WireError {
    WireError::internal("the SDK failed within; please report it with what standard error says")
}
