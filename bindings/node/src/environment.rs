//! The end of a JavaScript environment: of a process, or of a worker thread.

use std::cell::RefCell;

use napi::bindgen_prelude::Object;
use napi::{Env, Result};
use napi_derive::napi;
use pluvo_bridge::CancelHandle;

thread_local! {
    /// Cancelled when the environment of this thread ends: nobody is left to hear what comes of its work.
    static END: RefCell<CancelHandle> = RefCell::default();
}

/// Runs when the module is loaded into an environment.
#[napi(module_exports)]
pub fn begin(_exports: Object<'_>, env: Env) -> Result<()> {
    let end = CancelHandle::new();
    END.replace(end.clone());
    env.add_env_cleanup_hook(end, |end| end.cancel()).map(drop)
}

/// What is cancelled when this thread's environment ends.
pub(crate) fn end() -> CancelHandle {
    END.with_borrow(CancelHandle::clone)
}
