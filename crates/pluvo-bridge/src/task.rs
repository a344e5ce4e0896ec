//! Work on the runtime, whoever waits for it.

use crate::error::WireError;
use crate::runtime::try_runtime;
use futures::FutureExt;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use tokio::runtime::Handle;
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
    let runtime = try_runtime()?;
    // A task that waits for another one costs two wake-ups, often of another thread: who is on the runtime needs none.
    if Handle::try_current().is_ok_and(|current| current.id() == runtime.id()) {
        let done = AssertUnwindSafe(Box::pin(work)).catch_unwind().await;
        return done.unwrap_or_else(|_| Err(panicked()));
    }
    let mut task = AbortOnDrop(runtime.spawn(work));
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

#[cfg(test)]
mod tests {
    use super::*;

    fn on_the_runtime<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
        let runtime = try_runtime().unwrap();
        runtime.block_on(runtime.spawn(work)).unwrap()
    }

    #[test]
    fn who_is_on_the_runtime_gets_no_task_of_its_own() {
        let same = on_the_runtime(async {
            let caller = tokio::task::id();
            run(async move { Ok(tokio::task::id() == caller) }).await
        });
        assert!(same.unwrap());
    }

    #[test]
    fn a_panic_there_is_an_error_all_the_same() {
        let error = on_the_runtime(run::<(), _>(async { panic!("canary") })).unwrap_err();
        assert!(!error.to_string().contains("canary"), "{error}");
    }
}
