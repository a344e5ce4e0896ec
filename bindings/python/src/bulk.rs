//! Many writes, and plans that are carried out.

use crate::desk;
use crate::failure::raise;
use crate::work::{Given, Work};
use futures::FutureExt as _;
use pluvo_bridge as bridge;
use pyo3::prelude::*;
use std::sync::Arc;

/// Rows go in, outcomes come out.
#[pyclass(frozen, module = "pluvo_sdk._native")]
pub(crate) struct Bulk(pub(crate) bridge::Bulk);

#[pymethods]
impl Bulk {
    /// Hands rows over, a JSON array. Waits while enough are on their way.
    fn push(&self, rows: String) -> Work {
        let bulk = self.0.clone();
        Work::new(async move { bulk.push(&rows).await.map(|()| Given::Text(None)) })
    }

    /// There are no more rows.
    fn finish(&self, py: Python<'_>) -> PyResult<()> {
        self.0.finish().map_err(|error| raise(py, &error))
    }

    /// The next outcomes as a JSON array, or none after the last.
    fn next(&self) -> Work {
        let bulk = self.0.clone();
        Work::ahead(async move { Ok(Given::Text(bulk.next().await?)) })
    }

    /// Outcomes that are there already, or none.
    fn ready(&self, py: Python<'_>) -> PyResult<Option<String>> {
        let ready = self.0.next().now_or_never().transpose();
        Ok(ready.map_err(|error| raise(py, &error))?.flatten())
    }

    /// How far it is, as JSON.
    fn progress(&self) -> String {
        self.0.progress()
    }

    /// Takes no more rows. What is in flight is finished and told.
    fn stop(&self) {
        self.0.stop();
    }
}

/// What a sync would do.
#[pyclass(frozen, module = "pluvo_sdk._native")]
pub(crate) struct Plan(pub(crate) bridge::SyncPlan);

#[pymethods]
impl Plan {
    /// What would be done, as JSON.
    fn describe(&self) -> String {
        self.0.describe()
    }

    /// Carries it out, once. `on_progress` is told how far it is, as JSON.
    #[pyo3(signature = (request, on_progress=None))]
    fn apply(&self, request: String, on_progress: Option<Py<PyAny>>) -> Work {
        let plan = self.0.clone();
        Work::new(async move {
            let tell = on_progress.map(hook);
            let applied = plan.apply(&request, tell).await?;
            Ok(Given::Text(Some(applied)))
        })
    }

    /// Begins no further step. What is in flight is finished and told.
    fn stop(&self) {
        self.0.stop();
    }
}

fn hook(tell: Py<PyAny>) -> bridge::OnProgress {
    let tell = Arc::new(tell);
    Box::new(move |progress| {
        let (tell, progress) = (Arc::clone(&tell), progress.to_owned());
        desk::leave(Box::new(move |py| {
            if let Err(error) = tell.call1(py, (progress,)) {
                error.write_unraisable(py, Some(tell.bind(py)));
            }
        }));
    })
}
