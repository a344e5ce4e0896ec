//! Giving calls up from outside of them.

use std::future::Future;
use std::sync::Arc;

use crate::WireError;

/// Gives up calls from outside of them.
///
/// One handle may be given to several calls; once cancelled it stays so, and calls that get it later fail at once.
#[derive(Debug, Default, uniffi::Object)]
pub struct CancelHandle(pluvo_bridge::CancelHandle);

#[uniffi::export]
impl CancelHandle {
    /// A handle that is not cancelled.
    #[uniffi::constructor]
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// Ends every call that was given this handle, with the code `cancelled`.
    pub fn cancel(&self) {
        self.0.cancel();
    }

    /// Whether [`cancel`](Self::cancel) was called.
    pub fn is_cancelled(&self) -> bool {
        self.0.is_cancelled()
    }
}

/// Waits for work of the bridge until it ends or `cancel` is cancelled. The bridge's futures run on its own runtime
/// whoever polls them, and end there when they are dropped.
pub(crate) async fn run<T>(
    cancel: impl Into<Option<Arc<CancelHandle>>>,
    work: impl Future<Output = Result<T, pluvo_bridge::WireError>>,
) -> Result<T, WireError> {
    let done = match cancel.into() {
        Some(handle) => handle.0.run(work).await,
        None => work.await,
    };
    Ok(done?)
}

/// JSON of the bridge as it crosses: texts are copied as one piece, where bytes would go one by one.
pub(crate) fn text(json: impl Into<Vec<u8>>) -> String {
    String::from_utf8(json.into())
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}
