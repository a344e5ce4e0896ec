//! The one seam between the Pluvo SDK and other languages.
//!
//! It is erased: a call is a name and a JSON request, its result is JSON that the language's own decoder reads. A
//! binding translates a handful of functions and knows no resource, so that no language can lack a call that another
//! has. This crate is for bindings; in Rust, use `pluvo-sdk`.
//!
//! Names of arguments and of fields are those of Pluvo's API; all lengths of time are seconds. Every future may be
//! awaited on any executor: the work itself runs on [`runtime()`]. A future that is dropped ends its work.
//!
//! ```
//! # let url = "http://127.0.0.1:1";
//! use pluvo_bridge::{Callbacks, Session};
//! let settings = format!(r#"{{"baseUrl": "{url}", "token": "t"}}"#);
//! let session = Session::open(&settings, Callbacks::default())?;
//! let pages = session.list("users.list", r#"{"args": {"archived": false}, "select": "id name"}"#)?;
//! let error = session.list("users.list", r#"{"args": {"archivd": false}}"#).unwrap_err();
//! assert!(error.message.contains("archivd"));
//! # Ok::<(), pluvo_bridge::WireError>(())
//! ```

#![expect(
    clippy::result_large_err,
    reason = "an error crosses the seam once, as plain fields that a binding takes"
)]

mod args;
mod bulk;
mod calls;
mod cancel;
mod clock;
mod error;
mod explain;
mod log;
mod pages;
mod process;
mod request;
mod runtime;
mod session;
mod settings;
mod sync;
mod task;
mod token;
mod values;
pub mod webhook;

pub use bulk::Bulk;
pub use calls::Content;
pub use cancel::CancelHandle;
pub use clock::TestClock;
pub use error::WireError;
pub use log::{LogRecord, set_log};
pub use pages::{PageData, Pages};
pub use pluvo_sdk::GraphqlError;
pub use pluvo_sdk::time::BoxFuture;
pub use pluvo_sdk::transport::ServerTrust;
pub use process::PerProcess;
pub use runtime::{runtime, try_runtime};
pub use session::{Callbacks, OnAttempt, Session};
pub use sync::{OnProgress, SyncPlan};
pub use token::{Token, TokenSource};
