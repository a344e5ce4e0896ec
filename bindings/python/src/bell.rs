//! Work that an event loop waits for.
//!
//! An event loop has a bell. Whatever its work waits for rings it, from any thread and without the interpreter; the loop
//! then goes on with the work itself, on its own thread. So an answer costs one wake-up, of the loop, and threads of the
//! runtime never wait for the interpreter.

use crate::desk;
use crate::work::{Outcome, give, poll, runtime};
use futures::future::BoxFuture;
use pyo3::prelude::*;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Wake, Waker};

/// The bell of an event loop.
#[pyclass(frozen, module = "pluvo_sdk._native")]
pub(crate) struct Bell(Arc<Rope>);

/// What rings it.
struct Rope {
    /// Work that may go on.
    woken: Mutex<Vec<Arc<Waiting>>>,
    ring: Ring,
}

enum Ring {
    /// The loop reads the other end.
    #[cfg(unix)]
    Stream {
        rope: std::os::unix::net::UnixStream,
        bell: std::os::unix::net::UnixStream,
    },
    /// Calls something with the bell, which has the loop answer it.
    Call(Arc<Py<PyAny>>),
}

#[pymethods]
impl Bell {
    /// A bell that is rung by `ring(bell)`, on another thread. Where that is none, the loop is to watch `fileno`.
    #[new]
    #[pyo3(signature = (ring=None))]
    fn new(ring: Option<Py<PyAny>>) -> PyResult<Self> {
        let ring = match ring {
            Some(ring) => Ring::Call(Arc::new(ring)),
            None => Ring::stream()?,
        };
        let woken = Mutex::default();
        Ok(Self(Arc::new(Rope { woken, ring })))
    }

    /// What the loop is to watch.
    fn fileno(&self) -> i64 {
        match &self.0.ring {
            #[cfg(unix)]
            Ring::Stream { bell, .. } => std::os::fd::AsRawFd::as_raw_fd(bell).into(),
            Ring::Call(_) => -1,
        }
    }

    /// It rang: goes on with what was woken. For the loop, on its thread.
    fn answer(&self, py: Python<'_>) {
        self.0.silence();
        let woken = std::mem::take(&mut *lock(&self.0.woken));
        for waiting in woken {
            if let Err(error) = waiting.go_on(py) {
                error.write_unraisable(py, None);
            }
        }
    }
}

impl Bell {
    /// Begins work, which `done(value, error)` is told of unless it is over at once.
    pub(crate) fn begin(
        &self,
        py: Python<'_>,
        future: BoxFuture<'static, Outcome>,
        done: Py<PyAny>,
    ) -> PyResult<Result<Outcome, Task>> {
        let waiting = Arc::new(Waiting {
            future: Mutex::new(Some(future)),
            done,
            rope: Arc::clone(&self.0),
        });
        Ok(match waiting.turn(py)? {
            Some(outcome) => Ok(outcome),
            None => Err(Task(waiting)),
        })
    }
}

/// Work that was begun.
#[pyclass(frozen, module = "pluvo_sdk._native")]
pub(crate) struct Task(Arc<Waiting>);

#[pymethods]
impl Task {
    /// Ends it: a request in flight is dropped. `done` is not called any more.
    fn cancel(&self) {
        drop(lock(&self.0.future).take());
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        self.cancel();
    }
}

struct Waiting {
    future: Mutex<Option<BoxFuture<'static, Outcome>>>,
    done: Py<PyAny>,
    rope: Arc<Rope>,
}

impl Waiting {
    fn go_on(self: &Arc<Self>, py: Python<'_>) -> PyResult<()> {
        let given = match self.turn(py) {
            Ok(None) => return Ok(()),
            Ok(Some(outcome)) => {
                desk::work(py);
                give(py, outcome)
            }
            Err(error) => Err(error),
        };
        let (value, error) = match given {
            Ok(value) => (value, py.None()),
            Err(error) => (py.None(), error.into_value(py).into_any()),
        };
        self.done.call1(py, (value, error)).map(drop)
    }

    fn turn(self: &Arc<Self>, py: Python<'_>) -> PyResult<Option<Outcome>> {
        let runtime = runtime(py)?;
        let waker = Waker::from(Arc::clone(self));
        Ok(py.detach(|| {
            let mut future = lock(&self.future);
            // It may have been cancelled since it was woken.
            let Poll::Ready(outcome) = poll(future.as_mut()?, &runtime, &waker) else {
                return None;
            };
            *future = None;
            Some(outcome)
        }))
    }
}

impl Wake for Waiting {
    fn wake(self: Arc<Self>) {
        let rope = Arc::clone(&self.rope);
        let mut woken = lock(&rope.woken);
        woken.push(self);
        // Whoever answers takes all that are there.
        if woken.len() == 1 {
            drop(woken);
            rope.ring();
        }
    }
}

impl Rope {
    fn ring(self: &Arc<Self>) {
        match &self.ring {
            // It is full where it rings already.
            #[cfg(unix)]
            Ring::Stream { rope, .. } => {
                let _ = std::io::Write::write(&mut &*rope, &[1]);
            }
            Ring::Call(ring) => {
                let (ring, bell) = (Arc::clone(ring), Bell(Arc::clone(self)));
                // It fails where the loop was closed in the meantime: then nobody waits.
                desk::leave(Box::new(move |py| drop(ring.call1(py, (bell,)))));
            }
        }
    }

    fn silence(&self) {
        match &self.ring {
            #[cfg(unix)]
            Ring::Stream { bell, .. } => {
                let _ = std::io::Read::read(&mut &*bell, &mut [0; 64]);
            }
            Ring::Call(_) => {}
        }
    }
}

impl Ring {
    #[cfg(unix)]
    fn stream() -> std::io::Result<Self> {
        let (rope, bell) = std::os::unix::net::UnixStream::pair()?;
        rope.set_nonblocking(true)?;
        bell.set_nonblocking(true)?;
        Ok(Self::Stream { rope, bell })
    }

    #[cfg(not(unix))]
    fn stream() -> std::io::Result<Self> {
        Err(std::io::ErrorKind::Unsupported.into())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
