//! The bridge, exported with UniFFI: what the Kotlin and Swift libraries stand on.
//!
//! Only strings and handles cross, and the bytes of files, deliveries and certificates. Requests and settings are JSON as
//! the bridge takes them, results are JSON as it gives them; models live in each language. Users see none of this.
//!
//! The bridge runs all work on its own runtime, so no dispatcher or executor of the host ever polls a socket, and
//! dropping the foreign future aborts the work. UniFFI does that when a Kotlin coroutine is cancelled, but not when a
//! Swift task is, so every async export also takes a [`CancelHandle`].

mod answer;
mod bulk;
mod callbacks;
mod error;
mod pages;
mod session;
mod sync;
mod task;
mod testing;
mod trust;
mod webhook;

pub use answer::Answer;
pub use bulk::Bulk;
pub use callbacks::{
    AttemptListener, LogListener, ProgressListener, ProviderError, Token, TokenProvider, set_log,
};
pub use error::WireError;
pub use pages::{Page, Pages};
pub use session::{Content, Session};
pub use sync::SyncPlan;
pub use task::CancelHandle;
pub use testing::TestClock;
pub use trust::{ServerTrust, TrustError};
pub use webhook::{Header, webhook_sign_for_test, webhook_verify};

uniffi::setup_scaffolding!("internal");
