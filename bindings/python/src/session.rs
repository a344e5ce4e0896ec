//! A client and the lists that it reads.

use crate::arrow;
use crate::bulk::{Bulk, Plan};
use crate::desk;
use crate::failure::raise;
use crate::provider::Provider;
use crate::work::{Given, Work};
use pluvo_bridge::{self as bridge, Callbacks, Content, TokenSource};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use std::sync::Arc;

/// A client.
#[pyclass(frozen, module = "pluvo_sdk._native")]
pub(crate) struct Session(bridge::Session);

#[pymethods]
impl Session {
    #[new]
    #[pyo3(signature = (settings, provider=None, on_attempt=None, clock=None))]
    fn open(
        py: Python<'_>,
        settings: &str,
        provider: Option<Py<PyAny>>,
        on_attempt: Option<Py<PyAny>>,
        clock: Option<&TestClock>,
    ) -> PyResult<Self> {
        let callbacks = Callbacks {
            provider: provider.map(|ask| Arc::new(Provider::new(ask)) as Arc<dyn TokenSource>),
            on_attempt: on_attempt.map(hook),
            clock: clock.map(|clock| clock.0.clone()),
            ..Callbacks::default()
        };
        let opened = py.detach(|| bridge::Session::open(settings, callbacks));
        opened.map(Self).map_err(|error| raise(py, &error))
    }

    fn with_options(&self, py: Python<'_>, settings: &str) -> PyResult<Self> {
        let derived = self.0.with_options(settings);
        derived.map(Self).map_err(|error| raise(py, &error))
    }

    fn describe(&self) -> String {
        self.0.describe()
    }

    fn call(&self, name: String, request: String) -> Work {
        let session = self.0.clone();
        Work::new(async move { Ok(Given::Json(session.call(&name, &request).await?)) })
    }

    fn list(&self, py: Python<'_>, name: &str, request: &str) -> PyResult<Pages> {
        let pages = self.0.list(name, request);
        pages.map(Pages).map_err(|error| raise(py, &error))
    }

    fn bulk(&self, py: Python<'_>, name: &str, request: &str) -> PyResult<Bulk> {
        let bulk = self.0.bulk(name, request);
        bulk.map(Bulk).map_err(|error| raise(py, &error))
    }

    fn plan(&self, request: String) -> Work {
        let session = self.0.clone();
        Work::new(async move { Ok(Given::Plan(Plan(session.plan(&request).await?))) })
    }

    /// Sends a file: its content, or the path of what holds it.
    #[pyo3(signature = (name, request, content=None, path=None))]
    fn upload(
        &self,
        name: String,
        request: String,
        content: Option<Vec<u8>>,
        path: Option<std::path::PathBuf>,
    ) -> Work {
        let session = self.0.clone();
        let content = match path {
            Some(path) => Content::Path(path),
            None => Content::Bytes(content.unwrap_or_default().into()),
        };
        Work::new(async move { Ok(Given::Json(session.upload(&name, &request, content).await?)) })
    }
}

/// A hook that Python hears of attempts by, later and on another thread than the runtime's.
fn hook(tell: Py<PyAny>) -> bridge::OnAttempt {
    let tell = Arc::new(tell);
    Arc::new(move |attempt| {
        let (tell, attempt) = (Arc::clone(&tell), attempt.to_owned());
        desk::leave(Box::new(move |py| {
            if let Err(error) = tell.call1(py, (attempt,)) {
                error.write_unraisable(py, Some(tell.bind(py)));
            }
        }));
    })
}

/// A list that is being read.
#[pyclass(frozen, module = "pluvo_sdk._native")]
pub(crate) struct Pages(bridge::Pages);

#[pymethods]
impl Pages {
    /// The next page as `(edges, count, end_cursor, has_next)`, or none after the last.
    fn next(&self) -> Work {
        let pages = self.0.clone();
        Work::ahead(async move { Ok(Given::Page(pages.next().await?)) })
    }

    /// The pages as an Arrow C stream that reads them as it is consumed.
    fn stream<'py>(&self, py: Python<'py>, columns: &str) -> PyResult<Bound<'py, PyCapsule>> {
        let stream = arrow::Stream::new(self.0.clone(), columns);
        arrow::capsule(py, stream.map_err(|error| raise(py, &error))?)
    }

    /// All pages as one table. `columns` says which fields, as JSON; where it is none, that is found out from the rows.
    #[pyo3(signature = (columns=None))]
    fn table(&self, columns: Option<String>) -> Work {
        let pages = self.0.clone();
        Work::new(async move { Ok(Given::Table(arrow::read(&pages, columns.as_deref()).await?)) })
    }

    fn position(&self) -> Option<String> {
        self.0.position()
    }

    fn count(&self) -> Option<u64> {
        self.0.count()
    }
}

/// A clock that the package's own tests hold.
#[pyclass(frozen, module = "pluvo_sdk._native")]
pub(crate) struct TestClock(bridge::TestClock);

#[pymethods]
impl TestClock {
    #[new]
    fn new() -> Self {
        Self(bridge::TestClock::new())
    }

    fn advance(&self, milliseconds: u64) {
        self.0.advance(milliseconds);
    }

    fn shift_wall(&self, milliseconds: i64) {
        self.0.shift_wall(milliseconds);
    }

    fn wall(&self) -> u64 {
        self.0.wall()
    }

    fn waits(&self) -> Vec<f64> {
        self.0.waits()
    }
}
