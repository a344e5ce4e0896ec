//! What the client tells of its work, for Python's `logging`.

use crate::desk;
use crate::failure::raise;
use pluvo_bridge::LogRecord;
use pyo3::prelude::*;
use std::sync::Arc;

/// Hands what is told from a level on to `sink(level, target, message, fields)`, later and on another thread than the
/// runtime's. Another call takes the place of the one before.
#[pyfunction]
pub(crate) fn set_log(py: Python<'_>, level: &str, sink: Py<PyAny>) -> PyResult<()> {
    let sink = Arc::new(sink);
    let tell = move |record: LogRecord| {
        let sink = Arc::clone(&sink);
        desk::leave(Box::new(move |py| {
            let told = (record.level, record.target, record.message, record.fields);
            if let Err(error) = sink.call1(py, told) {
                error.write_unraisable(py, Some(sink.bind(py)));
            }
        }));
    };
    pluvo_bridge::set_log(level, Box::new(tell)).map_err(|error| raise(py, &error))
}
