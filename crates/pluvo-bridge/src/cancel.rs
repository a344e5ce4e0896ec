//! Giving work up.

use crate::error::WireError;
use std::future::Future;
use tokio_util::sync::CancellationToken;

/// Gives up whatever runs under it, from any thread and at any time.
#[derive(Debug, Clone, Default)]
pub struct CancelHandle(CancellationToken);

impl CancelHandle {
    /// A handle that nothing runs under yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives up what runs under it and whatever is started under it from now on.
    pub fn cancel(&self) {
        self.0.cancel();
    }

    /// Whether it was cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.0.is_cancelled()
    }

    /// Runs work until it ends or is cancelled.
    ///
    /// # Errors
    ///
    /// `cancelled`, and whatever the work fails with.
    pub async fn run<T>(&self, work: impl Future<Output = Result<T, WireError>>) -> Result<T, WireError> {
        tokio::select! {
            biased;
            () = self.0.cancelled() => Err(WireError::cancelled()),
            result = work => result,
        }
    }
}
