//! The runtime on which all work runs.

use crate::error::WireError;
use crate::process::PerProcess;
use tokio::runtime::{Builder, Handle, Runtime};

static RUNTIME: PerProcess<Runtime> = PerProcess::new();

/// Requests wait for the network; two threads decode more than any interpreter takes.
const WORKERS: usize = 2;

/// For names that the system's resolver looks up.
const BLOCKING: usize = 8;

/// The runtime of this process, made at first use. A forked child gets one of its own.
///
/// # Errors
///
/// `internal`, where the system gives no threads.
pub fn try_runtime() -> Result<Handle, WireError> {
    let runtime = RUNTIME.get(|| {
        Builder::new_multi_thread()
            .worker_threads(WORKERS)
            .max_blocking_threads(BLOCKING)
            .thread_name("pluvo-sdk")
            .enable_all()
            .build()
    });
    match runtime {
        Ok(runtime) => Ok(runtime.handle().clone()),
        Err(cause) => Err(WireError::internal(format!(
            "the system gives no threads to work on: {cause}"
        ))),
    }
}

/// As [`try_runtime`].
///
/// # Panics
///
/// Where the system gives no threads.
pub fn runtime() -> Handle {
    match try_runtime() {
        Ok(handle) => handle,
        Err(error) => panic!("{error}"),
    }
}
