//! Work that begins when it is waited for, by a thread or by a coroutine.

use crate::arrow::Table;
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
    /// called in the event loop when it is over, unless the loop is closed by then.
    fn start(&self, py: Python<'_>, event_loop: Py<PyAny>, done: Py<PyAny>) -> PyResult<Py<PyAny>> {
        let mut future = self.take()?;
        let runtime = runtime(py)?;
        if self.ahead {
            let turn = py.detach(|| {
                let _inside = runtime.enter();
                future.poll_unpin(&mut Context::from_waker(Waker::noop()))
            });
            if let Poll::Ready(outcome) = turn {
                desk::work(py);
                return (give(py, outcome)?,).into_py_any(py);
            }
        }
        let task = runtime.spawn(async move {
            let outcome = future.await;
            desk::leave(Box::new(move |py| tell(py, &event_loop, &done, outcome)));
        });
        let abort = task.abort_handle();
        Task { abort }.into_py_any(py)
    }
}

/// Work that was begun.
#[pyclass(frozen, module = "pluvo_sdk._native")]
pub(crate) struct Task {
    abort: tokio::task::AbortHandle,
}

#[pymethods]
impl Task {
    /// Ends it: a request in flight is dropped. `done` is not called any more.
    fn cancel(&self) {
        self.abort.abort();
    }
}

fn runtime(py: Python<'_>) -> PyResult<Handle> {
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

/// Waits for a tick at most.
fn turn<T>(work: &mut (impl Future<Output = T> + Unpin), runtime: &Handle, waker: &Waker) -> Option<T> {
    let _inside = runtime.enter();
    let mut context = Context::from_waker(waker);
    let since = Instant::now();
    loop {
        if let Poll::Ready(done) = work.poll_unpin(&mut context) {
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

fn tell(py: Python<'_>, event_loop: &Py<PyAny>, done: &Py<PyAny>, outcome: Outcome) {
    let (value, error) = match give(py, outcome) {
        Ok(value) => (value, py.None()),
        Err(error) => (py.None(), error.into_value(py).into_any()),
    };
    // It fails where the loop was closed in the meantime: then nobody waits.
    drop(event_loop.call_method1(py, "call_soon_threadsafe", (done, value, error)));
}

fn give(py: Python<'_>, outcome: Outcome) -> PyResult<Py<PyAny>> {
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
