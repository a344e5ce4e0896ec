//! The native half of the Python package: strings, bytes and handles over the bridge. It knows no resource.
//!
//! Nothing here is public; `python/src/pluvo_sdk` is. A call gives [`work::Work`], which begins when it is waited for:
//! by a thread, or by a coroutine. Threads of the runtime never touch Python; what they have to say goes over the
//! [`desk`].

#![expect(
    clippy::result_large_err,
    reason = "it is the bridge's error, which becomes an exception at once"
)]

mod arrow;
mod bell;
mod bulk;
mod desk;
mod failure;
mod log;
mod provider;
mod session;
mod webhook;
mod work;

use pyo3::prelude::*;

/// The private native module of `pluvo_sdk`.
#[pymodule(gil_used = false)]
mod _native {
    #[pymodule_export]
    use crate::arrow::Table;
    #[pymodule_export]
    use crate::bell::{Bell, Task};
    #[pymodule_export]
    use crate::bulk::{Bulk, Plan};
    #[pymodule_export]
    use crate::desk::close;
    #[pymodule_export]
    use crate::log::set_log;
    #[pymodule_export]
    use crate::session::{Pages, Session, TestClock};
    #[pymodule_export]
    use crate::webhook::{sign_for_test, verify};
    #[pymodule_export]
    use crate::work::Work;
}
