//! Where threads of the runtime leave what is to be said in Python.
//!
//! A thread of the runtime that waited for the interpreter would hold up every connection. So it leaves a job here, and
//! one thread at a time attaches to the interpreter and does all that have come in. Once the interpreter is about to
//! end nobody attaches any more: a thread that does would be ended in the middle of what it does.

use pluvo_bridge::PerProcess;
use pyo3::prelude::*;
use std::cell::Cell;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Something to be done in Python. It must not block.
pub(crate) type Job = Box<dyn FnOnce(Python<'_>) + Send>;

#[derive(Default)]
struct Desk {
    jobs: Mutex<VecDeque<Job>>,
    /// Whether a thread is on its way.
    called: AtomicBool,
    attached: AtomicUsize,
    /// Jobs that are being done.
    doing: AtomicUsize,
    closed: AtomicBool,
}

static DESK: PerProcess<Desk> = PerProcess::new();

/// So long the end of the interpreter waits for somebody else's code.
const PATIENCE: Duration = Duration::from_secs(1);
/// So long a call waits for it.
const COURTESY: Duration = Duration::from_millis(50);

thread_local! {
    /// Whether this thread is doing a job.
    static WORKING: Cell<bool> = const { Cell::new(false) };
}

fn desk() -> &'static Desk {
    match DESK.get(|| Ok::<_, Infallible>(Desk::default())) {
        Ok(desk) => desk,
        Err(never) => match never {},
    }
}

/// Leaves a job. A thread comes for it unless one is on its way.
pub(crate) fn leave(job: Job) {
    let desk = desk();
    desk.jobs().push_back(job);
    if !desk.called.swap(true, Ordering::AcqRel) {
        match pluvo_bridge::try_runtime() {
            Ok(runtime) => drop(runtime.spawn_blocking(|| {
                desk.called.store(false, Ordering::Release);
                attach(|py| desk.work(py));
            })),
            Err(_) => desk.called.store(false, Ordering::Release),
        }
    }
}

/// Does what has come in, on a thread that is attached anyway.
pub(crate) fn work(py: Python<'_>) {
    desk().work(py);
}

/// The same, and waits for what another thread does of it: so that hooks and loggers have heard of a call when it is
/// over. Not for long, since they may wait for this very thread.
#[expect(
    clippy::disallowed_methods,
    reason = "another thread of the interpreter is waited for, in real time"
)]
pub(crate) fn finish(py: Python<'_>) {
    let desk = desk();
    desk.work(py);
    // Somebody else's code may make calls itself, and then does not wait for itself.
    if WORKING.get() {
        return;
    }
    let since = Instant::now();
    while desk.doing.load(Ordering::SeqCst) > 0 && since.elapsed() < COURTESY {
        py.detach(|| std::thread::sleep(Duration::from_micros(50)));
    }
}

/// Attaches this thread to the interpreter, unless that is ending.
pub(crate) fn attach<T>(work: impl FnOnce(Python<'_>) -> T) -> Option<T> {
    let desk = desk();
    let _attached = Attached::count(desk);
    if desk.closed.load(Ordering::SeqCst) {
        return None;
    }
    Python::try_attach(work)
}

impl Desk {
    fn work(&self, py: Python<'_>) {
        // One by one: while a job runs, others are left, and other threads may take some.
        while let Some(job) = self.next() {
            let outer = WORKING.replace(true);
            job(py);
            WORKING.set(outer);
            self.doing.fetch_sub(1, Ordering::SeqCst);
        }
    }

    fn next(&self) -> Option<Job> {
        let mut jobs = self.jobs();
        let job = jobs.pop_front()?;
        // Counted before the queue is seen to be empty.
        self.doing.fetch_add(1, Ordering::SeqCst);
        Some(job)
    }

    fn jobs(&self) -> MutexGuard<'_, VecDeque<Job>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A thread that is attached or about to be.
struct Attached<'a>(&'a Desk);

impl<'a> Attached<'a> {
    fn count(desk: &'a Desk) -> Self {
        desk.attached.fetch_add(1, Ordering::SeqCst);
        Self(desk)
    }
}

impl Drop for Attached<'_> {
    fn drop(&mut self) {
        self.0.attached.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Lets no thread of the runtime attach from now on, and waits for those that have. For the end of the interpreter.
#[pyfunction]
#[expect(
    clippy::disallowed_methods,
    reason = "other threads of the interpreter are waited for, in real time"
)]
pub(crate) fn close(py: Python<'_>) {
    let desk = desk();
    desk.work(py);
    desk.closed.store(true, Ordering::SeqCst);
    py.detach(|| {
        let since = Instant::now();
        while desk.attached.load(Ordering::SeqCst) > 0 && since.elapsed() < PATIENCE {
            std::thread::sleep(Duration::from_millis(1));
        }
    });
}
