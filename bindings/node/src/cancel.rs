//! Giving work up.

use napi_derive::napi;
use pluvo_bridge as bridge;

/// Gives up the calls that it was handed to.
#[napi]
#[derive(Debug, Default)]
pub struct CancelHandle {
    pub(crate) inner: bridge::CancelHandle,
}

#[napi]
impl CancelHandle {
    /// A handle that nothing runs under yet.
    #[napi(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives up what runs under it.
    #[napi]
    pub fn cancel(&self) {
        self.inner.cancel();
    }
}
