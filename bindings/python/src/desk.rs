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
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Something to be done in Python. It must not block.
pub(crate) type Job = Box<dyn FnOnce(Python<'_>) + Send>;

#[derive(Default)]
struct Desk {
    state: Mutex<State>,
    /// Told when the last job is done, and when the last thread leaves.
    quiet: Condvar,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    /// Whether a thread is on its way.
    called: bool,
    /// Threads that are attached or about to be.
    attached: usize,
    /// Jobs that are being done.
    doing: usize,
    closed: bool,
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
    let mut state = desk.state();
    state.jobs.push_back(job);
    if std::mem::replace(&mut state.called, true) {
        return;
    }
    drop(state);
    match pluvo_bridge::try_runtime() {
        Ok(runtime) => drop(runtime.spawn_blocking(|| {
            desk.state().called = false;
            attach(|py| desk.work(py));
        })),
        Err(_) => desk.state().called = false,
    }
}

/// Does what has come in, on a thread that is attached anyway.
pub(crate) fn work(py: Python<'_>) {
    desk().work(py);
}

/// The same, and waits for what another thread does of it: so that hooks and loggers have heard of a call when it is
/// over. Not for long, since they may wait for this very thread.
pub(crate) fn finish(py: Python<'_>) {
    let desk = desk();
    desk.work(py);
    // Somebody else's code may make calls itself, and then does not wait for itself.
    if !WORKING.get() && desk.state().doing > 0 {
        py.detach(|| desk.wait(COURTESY, |state| state.doing > 0));
    }
}

/// Attaches this thread to the interpreter, unless that is ending.
pub(crate) fn attach<T>(work: impl FnOnce(Python<'_>) -> T) -> Option<T> {
    let _attached = Attached::enter(desk())?;
    Python::try_attach(work)
}

impl Desk {
    fn work(&self, py: Python<'_>) {
        // One by one: while a job runs, others are left, and other threads may take some.
        while let Some(job) = self.next() {
            let outer = WORKING.replace(true);
            job(py);
            WORKING.set(outer);
            self.less(|state| &mut state.doing);
        }
    }

    fn next(&self) -> Option<Job> {
        let mut state = self.state();
        let job = state.jobs.pop_front()?;
        state.doing += 1;
        Some(job)
    }

    /// One less of them, which somebody may wait for.
    fn less(&self, count: impl FnOnce(&mut State) -> &mut usize) {
        let mut state = self.state();
        let left = count(&mut state);
        *left -= 1;
        if *left == 0 {
            self.quiet.notify_all();
        }
    }

    /// Waits while something holds, for so long at most.
    fn wait(&self, most: Duration, holds: impl Fn(&State) -> bool) {
        let state = self.state();
        drop(self.quiet.wait_timeout_while(state, most, |state| holds(state)));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A thread that is attached or about to be.
struct Attached(&'static Desk);

impl Attached {
    fn enter(desk: &'static Desk) -> Option<Self> {
        let mut state = desk.state();
        if state.closed {
            return None;
        }
        state.attached += 1;
        Some(Self(desk))
    }
}

impl Drop for Attached {
    fn drop(&mut self) {
        self.0.less(|state| &mut state.attached);
    }
}

/// Lets no thread of the runtime attach from now on, and waits for those that have. For the end of the interpreter.
#[pyfunction]
pub(crate) fn close(py: Python<'_>) {
    let desk = desk();
    desk.work(py);
    desk.state().closed = true;
    py.detach(|| desk.wait(PATIENCE, |state| state.attached > 0));
}
