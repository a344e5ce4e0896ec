//! The client for the Pluvo learning platform: auth, retry, limits, paging and typed models over its GraphQL API.
//!
//! ```no_run
//! # async fn run() -> pluvo_sdk::Result<()> {
//! let client = pluvo_sdk::Client::from_env()?;
//! let users = client.users().list().archived(false).to_vec().await?;
//! println!("{} people", users.len());
//! # Ok(()) }
//! ```
//!
//! Start at [`Client`]; lists are [`List`], failures are [`Error`]. Much of Pluvo's schema is pieced together from
//! its documentation: every model field but `id` is optional, unknown enum members are kept, every selection can be
//! replaced, and [`Client::query`] takes any document.

pub mod auth;
pub mod bulk;
mod client;
mod error;
mod inspect;
mod limit;
pub mod literal;
pub mod model;
mod observe;
pub mod operation;
pub mod paginate;
mod query;
mod redact;
pub mod resources;
mod response;
mod retry;
mod secret;
pub mod sync;
pub mod time;
pub mod transport;
pub mod webhook;

pub use auth::{Auth, Renewal};
pub use client::{Access, CallOptions, Client, ClientBuilder, Endpoint};
pub use error::{Error, ErrorKind, Result};
pub use limit::Limits;
pub use observe::Attempt;
pub use paginate::{Items, List, Page, Pager, Position};
pub use query::Query;
pub use resources::{Key, UserKey};
pub use response::{GraphqlError, Location, Meta, PathSegment, Response};
pub use retry::{RetryBudget, RetryPolicy};
pub use secret::Secret;
pub use transport::Timeouts;

/// SHA-256 in hexadecimal.
fn hash(bytes: &[u8]) -> String {
    use std::fmt::Write;
    let hash = ring::digest::digest(&ring::digest::SHA256, bytes);
    hash.as_ref()
        .iter()
        .fold(String::with_capacity(64), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// The examples of the guides are compiled, and run where they can.
#[cfg(doctest)]
mod guides {
    #[doc = include_str!("../../../README.md")]
    struct Readme;
    #[doc = include_str!("../../../docs/guides/auth.md")]
    struct Auth;
    #[doc = include_str!("../../../docs/guides/paging.md")]
    struct Paging;
    #[doc = include_str!("../../../docs/guides/errors.md")]
    struct Errors;
    #[doc = include_str!("../../../docs/guides/writing.md")]
    struct Writing;
    #[doc = include_str!("../../../docs/guides/reporting.md")]
    struct Reporting;
}
