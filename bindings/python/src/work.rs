//! Work that begins when it is waited for, by a thread or by a coroutine.

use crate::arrow::Table;
use crate::bell::Bell;
use crate::bulk::Plan;
use crate::{desk, failure};
use bytes::Bytes;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use pluvo_bridge::{PageData, WireError};
use pyo3::IntoPyObjectExt as _;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use std::time::{Duration, Instant};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

/// What work gives.
pub(crate) enum Given {
    Json(Bytes),
    Text(Option<String>),
    Page(Option<PageData>),
    Table(Table),
    Plan(Plan),
}

/// What work comes to.
pub(crate) type Outcome = Result<Given, WireError>;

/// How often a waiting thread looks for signals.
const TICK: Duration = Duration::from_millis(50);

/// Something that can be waited for, once.
#[pyclass(frozen, module = "pluvo_sdk._native")]
pub(crate) struct Work {
    future: Mutex<Option<BoxFuture<'static, Outcome>>>,
    /// Whether what it waits for may be there already.
    ahead: bool,
}

impl Work {
    pub(crate) fn new(future: impl Future<Output = Outcome> + Send + 'static) -> Self {
        Self {
            future: Mutex::new(Some(future.boxed())),
            ahead: false,
        }
    }

    /// Work that may be over before anybody waits for it, such as a page that was fetched ahead.
    pub(crate) fn ahead(future: impl Future<Output = Outcome> + Send + 'static) -> Self {
        Self {
            ahead: true,
            ..Self::new(future)
        }
    }

    fn take(&self) -> PyResult<BoxFuture<'static, Outcome>> {
        let mut future = self.future.lock().unwrap_or_else(PoisonError::into_inner);
        future
            .take()
            .ok_or_else(|| PyRuntimeError::new_err("this work was begun before"))
    }
}

#[pymethods]
impl Work {
    /// Does it, and waits for it with the interpreter free for other threads. A signal ends the wait and the work.
    fn wait(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let mut future = self.take()?;
        let outcome = wait(py, &mut future)?;
        desk::finish(py);
        give(py, outcome)
    }

    /// Begins it. Where it is over at once its value is given, as a tuple of one. Otherwise `done(value, error)` is
    /// called in the event loop of the bell when it is over.
    fn start(&self, py: Python<'_>, bell: &Bell, done: Py<PyAny>) -> PyResult<Py<PyAny>> {
        let mut future = self.take()?;
        if !self.ahead {
            // What takes turns of the processor takes none of the loop's.
            future = elsewhere(runtime(py)?, future);
        }
        match bell.begin(py, future, done)? {
            Ok(outcome) => {
                desk::work(py);
                (give(py, outcome)?,).into_py_any(py)
            }
            Err(task) => task.into_py_any(py),
        }
    }
}

/// Work as a task of the runtime, which ends when it is dropped.
fn elsewhere(runtime: Handle, future: BoxFuture<'static, Outcome>) -> BoxFuture<'static, Outcome> {
    async move {
        let mut task = AbortOnDrop(runtime.spawn(future));
        let dropped = |_| Err(failure::of("internal", "the work was dropped within"));
        (&mut task.0).await.unwrap_or_else(dropped)
    }
    .boxed()
}

struct AbortOnDrop(JoinHandle<Outcome>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

pub(crate) fn runtime(py: Python<'_>) -> PyResult<Handle> {
    pluvo_bridge::try_runtime().map_err(|error| failure::raise(py, &error))
}

/// Does work on this very thread, which saves handing it to another one and back, and waits with the interpreter free
/// for others. What the work begins itself goes on in the runtime. A signal ends the wait.
pub(crate) fn wait<T: Send>(py: Python<'_>, mut work: impl Future<Output = T> + Send + Unpin) -> PyResult<T> {
    let runtime = runtime(py)?;
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    loop {
        if let Some(done) = py.detach(|| turn(&mut work, &runtime, &waker)) {
            return Ok(done);
        }
        py.check_signals()?;
        desk::work(py);
    }
}

/// Does as much of it as can be done now.
pub(crate) fn poll<T>(
    work: &mut (impl Future<Output = T> + Unpin),
    runtime: &Handle,
    waker: &Waker,
) -> Poll<T> {
    let _inside = runtime.enter();
    work.poll_unpin(&mut Context::from_waker(waker))
}

/// Waits for a tick at most.
fn turn<T>(work: &mut (impl Future<Output = T> + Unpin), runtime: &Handle, waker: &Waker) -> Option<T> {
    let since = Instant::now();
    loop {
        if let Poll::Ready(done) = poll(work, runtime, waker) {
            return Some(done);
        }
        let left = TICK.checked_sub(since.elapsed()).filter(|left| !left.is_zero())?;
        std::thread::park_timeout(left);
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.unpark();
    }
}

pub(crate) fn give(py: Python<'_>, outcome: Outcome) -> PyResult<Py<PyAny>> {
    match outcome.map_err(|error| failure::raise(py, &error))? {
        Given::Json(bytes) => Ok(PyBytes::new(py, &bytes).into_any().unbind()),
        Given::Text(text) => text.into_py_any(py),
        Given::Page(None) => Ok(py.None()),
        Given::Page(Some(page)) => (
            PyBytes::new(py, &page.edges),
            page.count,
            page.end_cursor,
            page.has_next,
        )
            .into_py_any(py),
        Given::Table(table) => table.into_py_any(py),
        Given::Plan(plan) => plan.into_py_any(py),
    }
}
