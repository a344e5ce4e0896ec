//! The runtime on which all work runs.

use crate::error::WireError;
use crate::process::PerProcess;
use tokio::runtime::{Builder, Handle, Runtime};

static RUNTIME: PerProcess<Threads> = PerProcess::new();

/// A runtime that waits for nothing when it is dropped: of two that are made at once, one is not needed, and whoever
/// made it may be on a thread that must not wait.
struct Threads(Option<Runtime>);

impl Drop for Threads {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// Requests wait for the network, and the language's own thread decodes. A second worker would be woken for each page
/// to find nothing to do.
const WORKERS: usize = 1;

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
            .on_thread_start(block_sigpipe)
            .enable_all()
            .build()
            .map(|runtime| Threads(Some(runtime)))
            .map_err(|cause| cause.to_string())
    });
    let none = |cause: &str| WireError::internal(format!("the system gives no threads to work on: {cause}"));
    match runtime {
        Ok(Threads(Some(runtime))) => Ok(runtime.handle().clone()),
        Ok(Threads(None)) => Err(none("it is shutting down")),
        Err(cause) => Err(none(&cause)),
    }
}

/// Keeps a write to a connection that the other side has closed from ending the host.
///
/// The standard library writes several buffers at once by `writev`, which cannot ask for no signal. Programs in Rust
/// ignore the signal, and so do Python, Node and the JVM, but a program in Swift does not. What the host does with it is
/// the host's business, so these threads alone do not take it: then the write fails with an error.
fn block_sigpipe() {
    #[cfg(unix)]
    {
        let mut signals = nix::sys::signal::SigSet::empty();
        signals.add(nix::sys::signal::Signal::SIGPIPE);
        // It fails for no set that can be written here.
        let _ = signals.thread_block();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tasks_that_begin_at_once_share_one_runtime() {
        let ids: Vec<_> = std::thread::scope(|scope| {
            let begin = || {
                let caller = Builder::new_current_thread().build().unwrap();
                caller.block_on(async { runtime().id() })
            };
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(begin)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    }

    #[test]
    #[cfg(unix)]
    fn a_broken_pipe_is_no_business_of_the_host() {
        use nix::sys::signal::{SigSet, Signal};
        let work = runtime().spawn(async { SigSet::thread_get_mask().unwrap().contains(Signal::SIGPIPE) });
        assert!(runtime().block_on(work).unwrap());
        assert!(!SigSet::thread_get_mask().unwrap().contains(Signal::SIGPIPE));
    }

    #[test]
    fn its_threads_are_named() {
        let work = runtime().spawn(async { std::thread::current().name().map(str::to_owned) });
        assert_eq!(runtime().block_on(work).unwrap().as_deref(), Some("pluvo-sdk"));
    }
}
