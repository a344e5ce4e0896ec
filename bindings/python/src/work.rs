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
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

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
}

impl Work {
    pub(crate) fn new(future: impl Future<Output = Outcome> + Send + 'static) -> Self {
        Self {
            future: Mutex::new(Some(future.boxed())),
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
        let future = self.take()?;
        let runtime = pluvo_bridge::try_runtime().map_err(|error| failure::raise(py, &error))?;
        let (sender, mut receiver) = sync_channel(1);
        let task = runtime.spawn(async move {
            // Nobody is there any more after a signal.
            let _ = sender.send(future.await);
        });
        let outcome = loop {
            let answers = &mut receiver;
            match py.detach(move || answers.recv_timeout(TICK)) {
                Ok(outcome) => break outcome,
                Err(RecvTimeoutError::Timeout) => {
                    if let Err(signal) = py.check_signals() {
                        task.abort();
                        return Err(signal);
                    }
                    desk::work(py);
                }
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(PyRuntimeError::new_err("the work was dropped within"));
                }
            }
        };
        desk::finish(py);
        give(py, outcome)
    }

    /// Begins it. `done(value, error)` is called in the event loop when it is over, unless the loop is closed by then.
    fn start(&self, py: Python<'_>, event_loop: Py<PyAny>, done: Py<PyAny>) -> PyResult<Task> {
        let future = self.take()?;
        let runtime = pluvo_bridge::try_runtime().map_err(|error| failure::raise(py, &error))?;
        let task = runtime.spawn(async move {
            let outcome = future.await;
            desk::leave(Box::new(move |py| tell(py, &event_loop, &done, outcome)));
        });
        Ok(Task {
            abort: task.abort_handle(),
        })
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
